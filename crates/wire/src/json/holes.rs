//! What two events of one form may differ in: the values in an event's text, and what another text has in their places.
//!
//! Apps send few forms of events, and a phone fills the same few with little that is new. An event whose text is that of
//! an earlier one but for some values is read without a parser: only those values are.

use super::gate::{special, string_end};
use super::split::value_end;
use std::ops::Range;

/// What stands in a hole; another text must have the same there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HoleKind {
    /// The inside of a string; in another text without escapes.
    Text,
    Number,
    /// A whole array.
    Array,
}

/// A value in the text of an object.
#[derive(Debug, Clone)]
pub(crate) struct Hole<'a> {
    /// The keys that lead to it, from the top.
    pub(crate) path: Vec<&'a str>,
    pub(crate) kind: HoleKind,
    pub(crate) place: Range<usize>,
}

/// The holes of `text`, a JSON object, in order. What is no hole (keys, booleans, null, empty objects) must be equal.
/// `None` if a key has escapes.
///
/// `text` has passed a parser, and is not nested deeper than one event may be.
pub(crate) fn holes(text: &str) -> Option<Vec<Hole<'_>>> {
    let bytes = text.as_bytes();
    let (mut holes, mut path) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'}' => {
                path.pop();
                at += 1;
            }
            b'"' => {
                let end = string_end(bytes, at);
                let key = &text[at + 1..end];
                if key.contains('\\') {
                    return None;
                }
                let value = past_colon(bytes, end + 1);
                let (kind, place) = match bytes.get(value)? {
                    b'"' => (HoleKind::Text, value + 1..string_end(bytes, value)),
                    b'[' => (HoleKind::Array, value..value_end(bytes, value)),
                    b'-' | b'0'..=b'9' => (HoleKind::Number, value..value_end(bytes, value)),
                    b'{' => {
                        path.push(key);
                        at = value + 1;
                        continue;
                    }
                    // true, false, null.
                    _ => {
                        at = value_end(bytes, value);
                        continue;
                    }
                };
                let quote = usize::from(kind == HoleKind::Text);
                at = place.end + quote;
                let path = path.iter().copied().chain([key]).collect();
                holes.push(Hole { path, kind, place });
            }
            _ => at += 1,
        }
    }
    Some(holes)
}

/// The index of the value behind a key that ends before `at`.
fn past_colon(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b':') {
        at += 1;
    }
    at
}

/// The value that `text` has at `at`; `last` is what an earlier text had there. `None` if it is of another kind, or
/// text with an escape that `last` does not have. A number or an array may yet be malformed; text is as gated text is.
pub(crate) fn value_at<'a>(text: &'a str, at: usize, kind: HoleKind, last: &str) -> Option<&'a str> {
    let bytes = text.as_bytes();
    let behind = at + last.len();
    // Mostly it is what it was: that needs no search for its end.
    if let (Some(same), Some(next)) = (text.get(at..behind), bytes.get(behind))
        && same == last
        && (kind == HoleKind::Array || if kind == HoleKind::Text { *next == b'"' } else { ends_number(*next) })
    {
        return Some(same);
    }
    let end = match (kind, bytes.get(at)?) {
        (HoleKind::Text, _) => Some(special(bytes, at)).filter(|end| bytes.get(*end) == Some(&b'"'))?,
        (HoleKind::Number, b'-' | b'0'..=b'9') => at + bytes[at..].iter().position(|byte| ends_number(*byte))?,
        (HoleKind::Array, b'[') => value_end(bytes, at),
        _ => return None,
    };
    text.get(at..end)
}

fn ends_number(byte: u8) -> bool {
    matches!(byte, b',' | b'}' | b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_under_their_paths() {
        let text = r#"{ "a" : "x\"y" , "b":{"c":-1.5e3,"d":[1,{"e":"]"}],"f":{}},"g":null,"h":true,"i":""}"#;
        let found: Vec<_> = holes(text)
            .expect("no escaped keys")
            .into_iter()
            .map(|hole| (hole.path.join("."), hole.kind, &text[hole.place]))
            .collect();
        let expected = [
            ("a", HoleKind::Text, r#"x\"y"#),
            ("b.c", HoleKind::Number, "-1.5e3"),
            ("b.d", HoleKind::Array, r#"[1,{"e":"]"}]"#),
            ("i", HoleKind::Text, ""),
        ];
        assert_eq!(found, expected.map(|(path, kind, value)| (path.to_owned(), kind, value)));
        assert!(holes(r#"{"a\u0062":1}"#).is_none());
    }

    #[test]
    fn a_value_of_another_kind_or_with_an_escape_is_not_taken() {
        let at = |text, kind, last| value_at(text, 1, kind, last);
        assert_eq!(at(r#""abc","#, HoleKind::Text, "ab"), Some("abc"));
        assert_eq!(at(r#""abc","#, HoleKind::Text, "abc"), Some("abc"));
        assert_eq!(at(r#""a\nc","#, HoleKind::Text, "ab"), None);
        assert_eq!(at(r#""a\nc","#, HoleKind::Text, r"a\nc"), Some(r"a\nc"));
        assert_eq!(at(":12,", HoleKind::Number, "1"), Some("12"));
        assert_eq!(at(":1}", HoleKind::Number, "1"), Some("1"));
        assert_eq!(at(":true}", HoleKind::Number, "1"), None);
        assert_eq!(at(":[[1],2],", HoleKind::Array, "[]"), Some("[[1],2]"));
        assert_eq!(at(":\"x\",", HoleKind::Array, "[]"), None);
        assert_eq!(at(":1", HoleKind::Number, "1"), None, "a text that ends in the middle");
    }
}
