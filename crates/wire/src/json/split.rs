//! The cut: a gated body into members and events, as slices of its text. Nothing below the top is parsed.

use super::gate::{JsonError, special, string_end};
use super::tree::Key;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// What a text holds at its top.
pub(crate) enum Top<'a> {
    Object(Members<'a>),
    Array(Vec<&'a str>),
    /// Text, number, boolean or null.
    Scalar,
}

/// Members of an object, each value as its own text.
#[derive(Debug, PartialEq)]
pub(crate) struct Members<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Members<'a> {
    /// The text of the last member with this key; `None` also for null.
    pub(crate) fn get(&self, key: &str) -> Option<&'a str> {
        let (_, text) = self.0.iter().rfind(|(name, _)| name == key)?;
        (*text != "null").then_some(*text)
    }

    /// The string under a key; `None` if it is not a string.
    pub(crate) fn string(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.get(key)?).ok()
    }

    /// Whether each value is JSON, but for `read`, which is one of them and has been read.
    pub(crate) fn are_json_beside(&self, read: &str) -> bool {
        let others = self.0.iter().filter(|(_, value)| !std::ptr::eq(*value, read));
        others.into_iter().all(|(_, value)| serde_json::from_str::<&RawValue>(value).is_ok())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Cuts the top level of a gated text. Errors: not JSON, more than `elements_max` elements.
pub(crate) fn cut(text: &str, elements_max: usize) -> Result<Top<'_>, JsonError> {
    match text.trim_start().as_bytes().first() {
        Some(b'{') => Ok(Top::Object(members(text)?)),
        Some(b'[') => Ok(Top::Array(elements(text, elements_max)?)),
        _ => {
            let _: &RawValue = serde_json::from_str(text)?;
            Ok(Top::Scalar)
        }
    }
}

/// Cuts an array. Errors: not an array, not JSON, more than `elements_max` elements.
pub(crate) fn elements(text: &str, elements_max: usize) -> Result<Vec<&str>, JsonError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let all = Elements { elements_max }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    if all.len() > elements_max { Err(JsonError::TooManyEvents { events_max: elements_max }) } else { Ok(all) }
}

/// Cuts an array that a parser has passed already, as a value of [`Members`] has. Errors: more than `elements_max`.
pub(crate) fn elements_of_valid(array: &str, elements_max: usize) -> Result<Vec<&str>, JsonError> {
    let bytes = array.as_bytes();
    let mut all = Vec::new();
    let mut at = 1;
    loop {
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b',') {
            at += 1;
        }
        if at + 1 >= bytes.len() {
            return Ok(all);
        }
        if all.len() == elements_max {
            return Err(JsonError::TooManyEvents { events_max: elements_max });
        }
        let end = value_end(bytes, at);
        all.push(&array[at..end]);
        at = end;
    }
}

/// The index behind the value that begins at `at`, in text that is known to be JSON.
pub(super) fn value_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0usize;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = string_end(bytes, at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => depth -= 1,
            b',' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
        if depth == 0 && at <= bytes.len() && matches!(bytes[at - 1], b'"' | b'}' | b']') {
            return at;
        }
    }
    bytes.len()
}

/// Cuts an object by its brackets and quotes alone: the text is JSON if each value is. `None`: it is not plainly an
/// object, or a key has escapes.
pub(crate) fn members_unread(text: &str) -> Option<Members<'_>> {
    let mut all = Vec::new();
    let mut rest = inside(text, '{', '}')?;
    while !rest.is_empty() {
        let key_end = special(rest.as_bytes(), 1);
        if !rest.starts_with('"') || rest.as_bytes().get(key_end) != Some(&b'"') || all.len() == MEMBERS_MAX {
            return None;
        }
        let key = Cow::Borrowed(&rest[1..key_end]);
        let value;
        (value, rest) = first_value(blank(rest[key_end + 1..].trim_start_matches(BLANK).strip_prefix(':')?))?;
        all.push((key, value));
    }
    Some(Members(all))
}

/// Cuts an array as [`members_unread`] does an object. `None` also past `elements_max`.
pub(crate) fn elements_unread(text: &str, elements_max: usize) -> Option<Vec<&str>> {
    let mut all = Vec::new();
    let mut rest = inside(text, '[', ']')?;
    while !rest.is_empty() {
        let value;
        (value, rest) = first_value(rest)?;
        all.push(value);
        if all.len() > elements_max {
            return None;
        }
    }
    Some(all)
}

/// What JSON takes for a space.
const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

fn blank(text: &str) -> &str {
    text.trim_start_matches(BLANK)
}

/// What is between a text's brackets.
fn inside(text: &str, open: char, close: char) -> Option<&str> {
    let text = text.trim_matches(BLANK).strip_prefix(open)?.strip_suffix(close)?;
    Some(text.trim_matches(BLANK))
}

/// The value at the front, and what is behind its comma; an empty rest is the end.
fn first_value(text: &str) -> Option<(&str, &str)> {
    let (value, rest) = text.split_at(value_end(text.as_bytes(), 0));
    let rest = blank(rest);
    match rest.strip_prefix(',').map(blank) {
        _ if value.is_empty() => None,
        Some(rest) => (!rest.is_empty()).then_some((value, rest)),
        None => rest.is_empty().then_some((value, rest)),
    }
}

/// An envelope has a dozen members. Those past this are skipped, so that a body of tiny ones costs no memory.
const MEMBERS_MAX: usize = 4_096;

fn members(text: &str) -> Result<Members<'_>, JsonError> {
    struct Cut;
    impl<'de> Visitor<'de> for Cut {
        type Value = Members<'de>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members<'de>, A::Error> {
            let mut all = Vec::new();
            while let Some((Key(key), value)) = members.next_entry::<Key<'de>, &'de RawValue>()? {
                if all.len() < MEMBERS_MAX {
                    all.push((key, value.get()));
                }
            }
            Ok(Members(all))
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let all = (&mut deserializer).deserialize_map(Cut)?;
    deserializer.end()?;
    Ok(all)
}

/// Stops keeping one element past the limit, so that a body of tiny elements costs no memory.
struct Elements {
    elements_max: usize,
}

impl<'de> DeserializeSeed<'de> for Elements {
    type Value = Vec<&'de str>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements {
    type Value = Vec<&'de str>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(element) = elements.next_element::<&'de RawValue>()? {
            if all.len() <= self.elements_max {
                all.push(element.get());
            }
        }
        Ok(all)
    }
}
