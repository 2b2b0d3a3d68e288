//! Words and values of the segment format (docs/formats/segment.md), as this crate needs them.
//!
//! Not taken from `crates/model`: what it brings along would make DataFusion be built anew with every change there.

use serde::Deserialize;

/// The four kinds of value, each a column of its own in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A JSON string.
    Text,
    /// A double; always finite.
    Number,
    /// A JSON boolean.
    Bool,
    /// Compact JSON text of all else.
    Json,
}

/// The value of one property of one event.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// [`Kind::Text`]
    Text(String),
    /// [`Kind::Number`]
    Number(f64),
    /// [`Kind::Bool`]
    Bool(bool),
    /// [`Kind::Json`]
    Json(String),
}

/// Whole numbers below it are exact as doubles.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

impl Value {
    /// The text that stands for it among values of several kinds (docs/semantics/filters.md).
    pub fn canonical(self) -> String {
        match self {
            Value::Text(text) | Value::Json(text) => text,
            Value::Number(number) => canonical_number(number),
            Value::Bool(flag) => flag.to_string(),
        }
    }

    /// As it was sent.
    pub fn into_json(self) -> serde_json::Value {
        match self {
            Value::Text(text) => serde_json::Value::String(text),
            Value::Bool(flag) => serde_json::Value::Bool(flag),
            Value::Number(number) => {
                let is_minus_zero = number == 0.0 && number.is_sign_negative();
                if number.fract() == 0.0 && number.abs() < EXACT_MAX && !is_minus_zero {
                    serde_json::Value::from(number as i64)
                } else {
                    serde_json::Value::from(number)
                }
            }
            // It was made by a serializer; if it does not parse, showing it as text loses nothing.
            Value::Json(text) => serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text)),
        }
    }
}

/// Shortest decimal text that reads back as the same double; whole numbers without a fraction.
pub fn canonical_number(number: f64) -> String {
    if number == 0.0 { "0".to_owned() } else { format!("{number}") }
}

/// As [`canonical_number`], with an exponent where the text would be long.
pub fn number_text(number: f64) -> String {
    if number == 0.0 || (1e-7..1e21).contains(&number.abs()) { canonical_number(number) } else { format!("{number:e}") }
}

/// The word of a collection level; what is unknown is the lowest.
pub fn level_word(byte: u8) -> &'static str {
    ["security", "basic", "enhanced", "full"].get(usize::from(byte)).copied().unwrap_or("security")
}

/// The word of a protocol.
pub fn dialect_word(byte: u8) -> Option<&'static str> {
    ["sunbird", "posthog", "native"].get(usize::from(byte)).copied()
}

/// `00000000-0000-4000-8000-000000000000`
pub fn uuid_text(bytes: &[u8; 16]) -> String {
    let hex = format!("{:032x}", u128::from_be_bytes(*bytes));
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn very_large_and_small_numbers_stay_short() {
        assert_eq!(number_text(1e300), "1e300");
        assert_eq!(number_text(-2.5e-9), "-2.5e-9");
        assert_eq!(number_text(-0.0), "0");
        assert_eq!(number_text(0.1), "0.1");
        assert_eq!(canonical_number(1e21), "1000000000000000000000");
    }

    #[test]
    fn a_uuid_has_its_dashes() {
        let bytes = 0x0123_4567_89ab_cdef_0011_2233_4455_6677_u128.to_be_bytes();
        assert_eq!(uuid_text(&bytes), "01234567-89ab-cdef-0011-223344556677");
    }

    #[test]
    fn json_comes_back_as_it_was_sent() {
        let json = |value: Value| value.into_json().to_string();
        assert_eq!(json(Value::Number(5.0)), "5");
        assert_eq!(json(Value::Number(0.5)), "0.5");
        assert_eq!(json(Value::Json("[1,\"a\"]".into())), "[1,\"a\"]");
        assert_eq!(json(Value::Text("[1]".into())), "\"[1]\"");
    }
}
