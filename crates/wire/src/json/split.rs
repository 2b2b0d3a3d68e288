//! The cut: a gated body into members and events, as slices of its text. Nothing below the top is parsed.

use super::gate::{Gated, JsonError, Spans, special, string_end};
use super::tree::Key;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Whether a text is one JSON value.
pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

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
    /// Of texts that have passed a parser.
    pub(crate) fn of_valid(members: impl IntoIterator<Item = (&'a str, &'a str)>) -> Members<'a> {
        Members(members.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
    }

    /// The text of the last member with this key; `None` also for null.
    pub(crate) fn get(&self, key: &str) -> Option<&'a str> {
        let (_, text) = self.0.iter().rfind(|(name, _)| name == key)?;
        (*text != "null").then_some(*text)
    }

    /// The string under a key; `None` if it is not a string.
    pub(crate) fn string(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.get(key)?).ok()
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

/// A gated text that is cut by its brackets and quotes alone: the text is JSON if each piece is.
pub(crate) struct Unread<'a> {
    text: &'a str,
    spans: &'a Spans,
    at: usize,
}

impl<'a> Unread<'a> {
    /// Of a whole gated text, or of a value in it that begins at `at`.
    pub(crate) fn new(gated: &'a Gated<'_>, at: usize) -> Self {
        Unread { text: &gated.text, spans: &gated.spans, at }
    }

    /// The members of the object that the text is, each value with its place. `None`: it is not plainly an object, or a
    /// key has escapes.
    pub(crate) fn members(mut self) -> Option<Vec<(&'a str, &'a str, usize)>> {
        let mut all = Vec::new();
        self.pass(b'{')?;
        let mut more = !self.ends_with(b'}');
        while more {
            let key_end = special(self.text.as_bytes(), self.at + 1);
            if self.byte() != Some(b'"') || self.text.as_bytes().get(key_end) != Some(&b'"') || all.len() == MEMBERS_MAX
            {
                return None;
            }
            let key = &self.text[self.at + 1..key_end];
            self.at = key_end + 1;
            self.blank();
            self.pass(b':')?;
            let at = self.at;
            all.push((key, self.value()?, at));
            more = self.goes_on(b'}')?;
        }
        self.is_end().then_some(all)
    }

    /// The elements of the array that begins here, and whether the text ends behind it. `None` also past `elements_max`.
    pub(crate) fn elements(mut self, elements_max: usize) -> Option<(Vec<&'a str>, bool)> {
        let mut all = Vec::new();
        self.pass(b'[')?;
        let mut more = !self.ends_with(b']');
        while more {
            if all.len() == elements_max {
                return None;
            }
            all.push(self.value()?);
            more = self.goes_on(b']')?;
        }
        Some((all, self.is_end()))
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        // What JSON takes for a space.
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes this byte and the blanks behind it.
    fn pass(&mut self, byte: u8) -> Option<()> {
        (self.byte() == Some(byte)).then(|| {
            self.at += 1;
            self.blank();
        })
    }

    fn ends_with(&mut self, close: u8) -> bool {
        self.pass(close).is_some()
    }

    fn value(&mut self) -> Option<&'a str> {
        let end = self.spans.end_of(self.at).unwrap_or_else(|| value_end(self.text.as_bytes(), self.at));
        let value = self.text.get(self.at..end).filter(|value| !value.is_empty())?;
        self.at = end;
        self.blank();
        Some(value)
    }

    /// Whether another one follows; `None` if neither that nor the end.
    fn goes_on(&mut self, close: u8) -> Option<bool> {
        match self.byte()? {
            b',' => self.pass(b',').map(|()| true),
            byte if byte == close => self.pass(close).map(|()| false),
            _ => None,
        }
    }

    fn is_end(&self) -> bool {
        self.at == self.text.len()
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
