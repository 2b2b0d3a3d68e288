//! Typed values of properties, and how nested JSON becomes properties.
//!
//! Nested objects are flattened with `.` before they get here (`edata.pageid`); arrays, empty objects and
//! numbers that an f64 cannot hold exactly are kept as JSON text. JSON null means missing, so it is not stored.

use crate::{Properties, Text};
use serde::Serialize;
use std::fmt::Write;

/// The value of one property.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A JSON string.
    Text(Text),
    /// A JSON number that an f64 holds exactly as written, up to its shortest round-trip text. Always finite.
    Number(f64),
    /// A JSON boolean.
    Bool(bool),
    /// Compact JSON text of all else: arrays, empty objects, integers beyond 2^53.
    Json(Text),
}

/// The four types of a value; also the physical columns of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// [`Value::Text`]
    Text,
    /// [`Value::Number`]
    Number,
    /// [`Value::Bool`]
    Bool,
    /// [`Value::Json`]
    Json,
}

impl Value {
    /// Which of the four types this is.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Text(_) => Kind::Text,
            Value::Number(_) => Kind::Number,
            Value::Bool(_) => Kind::Bool,
            Value::Json(_) => Kind::Json,
        }
    }

    /// The text that comparisons and breakdowns use (docs/semantics/filters.md): numbers as shortest round-trip
    /// decimals (`1.0` is `1`), booleans `true`/`false`, JSON compact.
    pub fn canonical(&self) -> String {
        match self {
            Value::Text(text) | Value::Json(text) => text.to_string(),
            Value::Number(number) => canonical_number(*number),
            Value::Bool(flag) => flag.to_string(),
        }
    }

    /// The number in it: a JSON number, or a string that parses entirely as a decimal. `None`: not comparable.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Text(text) | Value::Json(text) => decimal(text),
            Value::Bool(_) => None,
        }
    }

    /// From parsed JSON. `None` for null and for non-empty objects, which must be flattened first.
    pub fn from_json(json: &serde_json::Value) -> Option<Value> {
        match json {
            serde_json::Value::Null => None,
            serde_json::Value::Bool(flag) => Some(Value::Bool(*flag)),
            serde_json::Value::String(text) => Some(Value::Text(text.as_str().into())),
            serde_json::Value::Number(number) => Some(from_number(number)),
            serde_json::Value::Array(_) => Some(Value::Json(json.to_string().into())),
            serde_json::Value::Object(map) if map.is_empty() => Some(Value::Json("{}".into())),
            serde_json::Value::Object(_) => None,
        }
    }

    /// Back to JSON, as it was sent.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Text(text) => serde_json::Value::String(text.to_string()),
            Value::Bool(flag) => serde_json::Value::Bool(*flag),
            Value::Number(number) => number_to_json(*number),
            // JSON text was made by a serializer; if it does not parse, showing it as text loses nothing.
            Value::Json(text) => {
                serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::String(text.to_string()))
            }
        }
    }
}

/// Whole numbers below 2^53 go back without a fraction, as clients send them.
fn number_to_json(number: f64) -> serde_json::Value {
    if number.fract() == 0.0 && number.abs() < EXACT_INTEGER_MAX && !(number == 0.0 && number.is_sign_negative()) {
        serde_json::Value::from(number as i64)
    } else {
        serde_json::Value::from(number)
    }
}

const EXACT_INTEGER_MAX: f64 = 9_007_199_254_740_992.0;

fn from_number(number: &serde_json::Number) -> Value {
    let exact = match (number.as_i64(), number.as_u64()) {
        (Some(integer), _) => (integer.unsigned_abs() <= 1 << 53).then_some(integer as f64),
        (None, Some(integer)) => (integer <= 1 << 53).then_some(integer as f64),
        (None, None) => number.as_f64().filter(|float| float.is_finite()),
    };
    exact.map_or_else(|| Value::Json(number.to_string().into()), Value::Number)
}

/// Shortest decimal text that reads back as the same f64; whole numbers without a fraction.
pub fn canonical_number(number: f64) -> String {
    // Display of f64 is shortest round-trip and never uses exponents; `-0` reads as `0`.
    if number == 0.0 { "0".to_owned() } else { format!("{number}") }
}

/// Parses a whole text as a decimal number; no spaces, no `inf`, no `nan`, no hexadecimal.
pub fn decimal(text: &str) -> Option<f64> {
    let starts_well = text.bytes().next().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.'));
    if !starts_well || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Limits on the properties of one event.
#[derive(Debug, Clone, Copy)]
pub struct PropertyLimits {
    /// More properties than this go into [`OVERFLOW_KEY`].
    pub keys_max: usize,
    /// Longer keys go into [`OVERFLOW_KEY`]; bytes.
    pub key_bytes_max: usize,
}

impl Default for PropertyLimits {
    fn default() -> Self {
        Self { keys_max: 1_000, key_bytes_max: 200 }
    }
}

/// One JSON object property that keeps what is past the limits, so that nothing is lost.
pub const OVERFLOW_KEY: &str = "_overflow";

/// Collects flattened properties under limits.
///
/// A key that is already taken (a literal `a.b` beside a nested `a{b}`) gets `~2`, `~3`… behind it.
pub struct PropertiesBuilder {
    limits: PropertyLimits,
    kept: std::collections::BTreeMap<Box<str>, Value>,
    overflow: serde_json::Map<String, serde_json::Value>,
}

impl PropertiesBuilder {
    /// An empty builder.
    pub fn new(limits: PropertyLimits) -> Self {
        Self { limits, kept: Default::default(), overflow: Default::default() }
    }

    /// Adds one value under its full flattened key. Null is missing and adds nothing.
    pub fn push(&mut self, key: &str, json: &serde_json::Value) {
        let Some(value) = Value::from_json(json) else { return };
        if key.len() > self.limits.key_bytes_max || self.kept.len() >= self.limits.keys_max {
            self.overflow.insert(key.to_owned(), json.clone());
            return;
        }
        let mut free = key.to_owned();
        let mut suffix = 2;
        while self.kept.contains_key(free.as_str()) {
            free.truncate(key.len());
            // Writing to a String cannot fail.
            let _ = write!(free, "~{suffix}");
            suffix += 1;
        }
        self.kept.insert(free.into(), value);
    }

    /// Adds every member of an object under `prefix` (empty, or ending in `.`). Iterative: depth costs no stack.
    pub fn push_object(&mut self, prefix: &str, object: &serde_json::Map<String, serde_json::Value>) {
        let mut open: Vec<(String, &serde_json::Map<String, serde_json::Value>)> = vec![(prefix.to_owned(), object)];
        while let Some((prefix, object)) = open.pop() {
            for (key, json) in object {
                let path = format!("{prefix}{key}");
                match json {
                    serde_json::Value::Object(inner) if !inner.is_empty() => open.push((path + ".", inner)),
                    other => self.push(&path, other),
                }
            }
        }
    }

    /// The finished properties.
    pub fn finish(mut self) -> Properties {
        if !self.overflow.is_empty() {
            let text = serde_json::Value::Object(self.overflow).to_string();
            self.kept.insert(OVERFLOW_KEY.into(), Value::Json(text.into()));
        }
        self.kept.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn flat(json: serde_json::Value) -> Properties {
        Properties::from_json(json.as_object().expect("an object"), PropertyLimits::default())
    }

    #[test]
    fn nested_objects_are_flattened_and_null_is_missing() {
        let properties = flat(json!({"edata": {"pageid": "home", "n": null, "visits": [1]}, "e": {}}));
        assert_eq!(properties.text("edata.pageid"), Some("home"));
        assert_eq!(properties.get("edata.n"), None);
        assert_eq!(properties.get("edata.visits"), Some(&Value::Json("[1]".into())));
        assert_eq!(properties.get("e"), Some(&Value::Json("{}".into())));
    }

    #[test]
    fn a_taken_key_loses_nothing() {
        let properties = flat(json!({"a.b": 1, "a": {"b": 2}}));
        let mut all: Vec<_> = properties.iter().map(|(k, v)| (k.to_owned(), v.canonical())).collect();
        all.sort();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].0, "a.b");
        assert_eq!(all[1].0, "a.b~2");
    }

    #[test]
    fn integers_beyond_an_f64_stay_exact() {
        let properties = flat(json!({"big": 9_007_199_254_740_993_u64, "small": 1.0, "neg": -0.0}));
        assert_eq!(properties.get("big"), Some(&Value::Json("9007199254740993".into())));
        assert_eq!(properties.get("small").map(Value::canonical), Some("1".into()));
        assert_eq!(properties.get("neg").map(Value::canonical), Some("0".into()));
    }

    #[test]
    fn what_is_past_the_limits_is_kept_as_overflow() {
        let limits = PropertyLimits { keys_max: 2, key_bytes_max: 5 };
        let object = json!({"a": 1, "b": 2, "c": 3, "a-long-key": 4});
        let properties = Properties::from_json(object.as_object().expect("an object"), limits);
        assert_eq!(properties.get(OVERFLOW_KEY), Some(&Value::Json(r#"{"a-long-key":4,"c":3}"#.into())));
    }

    #[test]
    fn only_whole_decimals_are_numbers() {
        for (text, number) in [("5", Some(5.0)), ("-1.5e3", Some(-1500.0)), (".5", Some(0.5))] {
            assert_eq!(decimal(text), number, "{text}");
        }
        for text in ["", " 5", "5 ", "inf", "NaN", "0x10", "1e999", "5a", "-", "."] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
