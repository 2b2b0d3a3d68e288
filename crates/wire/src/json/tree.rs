//! The parsed tree of one event. Strings without escapes are borrowed from the body, members keep their order.

use model::Value;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;
use std::fmt;

/// One JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    Object(Object<'a>),
}

/// Members in the order in which they were sent; keys are unique.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Object<'a>(pub(crate) Vec<(Cow<'a, str>, Json<'a>)>);

/// Most keys differ in length or in a last byte, which is seen without a call.
#[inline]
pub(crate) fn is_key(name: &str, key: &str) -> bool {
    name.len() == key.len() && name.as_bytes().last() == key.as_bytes().last() && name == key
}

impl<'a> Object<'a> {
    pub(crate) fn get(&self, key: &str) -> Option<&Json<'a>> {
        self.0.iter().find(|(name, _)| is_key(name, key)).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Json<'a>> {
        self.0.iter_mut().find(|(name, _)| is_key(name, key)).map(|(_, value)| value)
    }

    pub(crate) fn object(&self, key: &str) -> Option<&Object<'a>> {
        match self.get(key) {
            Some(Json::Object(object)) => Some(object),
            _ => None,
        }
    }

    pub(crate) fn object_mut(&mut self, key: &str) -> Option<&mut Object<'a>> {
        match self.get_mut(key) {
            Some(Json::Object(object)) => Some(object),
            _ => None,
        }
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Json::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Text that is there and not empty.
    pub(crate) fn filled(&self, key: &str) -> Option<&str> {
        self.text(key).filter(|text| !text.is_empty())
    }

    pub(crate) fn set(&mut self, key: &'static str, value: Json<'a>) {
        match self.get_mut(key) {
            Some(old) => *old = value,
            None => self.0.push((Cow::Borrowed(key), value)),
        }
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Json<'a>> {
        let index = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(index).1)
    }
}

impl<'a> Json<'a> {
    /// Parses one gated text. Errors: not JSON, or a number beyond an f64.
    pub(crate) fn parse(text: &'a str) -> Result<Json<'a>, serde_json::Error> {
        serde_json::from_str(text)
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "boolean",
            Json::Number(_) => "number",
            Json::Text(_) => "string",
            Json::Array(_) => "array",
            Json::Object(_) => "object",
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Json::Number(number) => number.as_f64(),
            _ => None,
        }
    }

    /// The value of a property; `None` for null, which is no value, and for an object with members, which has none of
    /// its own.
    pub(crate) fn to_value(&self) -> Option<Value> {
        match self {
            Json::Null => None,
            Json::Bool(flag) => Some(Value::Bool(*flag)),
            Json::Text(text) => Some(Value::Text((&**text).into())),
            Json::Number(number) => Value::from_json(&serde_json::Value::Number(number.clone())),
            Json::Array(_) => Some(Value::Json(self.to_text().into())),
            Json::Object(object) => object.0.is_empty().then(|| Value::Json("{}".into())),
        }
    }

    /// Compact JSON text.
    pub(crate) fn to_text(&self) -> String {
        // Keys are strings and numbers are finite, so nothing in the tree can be refused by the writer.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Builder)
    }
}

struct Builder;

impl<'de> Visitor<'de> for Builder {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(flag))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.into()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Json<'de>, E> {
        Ok(serde_json::Number::from_f64(number).map_or(Json::Null, Json::Number))
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json<'de>, A::Error> {
        let mut all = Vec::new();
        while let Some(element) = elements.next_element()? {
            all.push(element);
        }
        Ok(Json::Array(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json<'de>, A::Error> {
        let mut all = Vec::new();
        while let Some((Key(key), value)) = members.next_entry()? {
            all.push((key, value));
        }
        Ok(Json::Object(Object(last_of_each(all))))
    }
}

/// So many members leave most of the marks free.
const MARKS_MAX: usize = 16;

/// `false`: no key is there twice. Each key leaves a mark by its length and three of its bytes.
fn members_may_repeat(members: &[(Cow<'_, str>, Json<'_>)]) -> bool {
    let mut marks = [0u64; 4];
    members.iter().any(|(key, _)| {
        let bytes = key.as_bytes();
        let byte = |at: usize| u32::from(bytes.get(at).copied().unwrap_or(0));
        let length = bytes.len() as u32;
        let sum = byte(0) ^ byte(bytes.len() / 2) << 8 ^ byte(bytes.len().saturating_sub(1)) << 16 ^ length << 24;
        let mark = (sum.wrapping_mul(0x9E37_79B1) >> 24) as usize;
        let was = marks[mark / 64] >> (mark % 64) & 1 == 1;
        marks[mark / 64] |= 1 << (mark % 64);
        was
    })
}

/// Of members with the same key the last one counts, as everywhere in JSON.
fn last_of_each<'a>(members: Vec<(Cow<'a, str>, Json<'a>)>) -> Vec<(Cow<'a, str>, Json<'a>)> {
    if members.len() <= MARKS_MAX && !members_may_repeat(&members) {
        return members;
    }
    let mut seen = std::collections::HashSet::with_capacity(members.len());
    if members.iter().all(|(key, _)| seen.insert(key)) {
        return members;
    }
    let mut last: std::collections::HashMap<Cow<'a, str>, usize> = std::collections::HashMap::new();
    for (at, (key, _)) in members.iter().enumerate() {
        last.insert(key.clone(), at);
    }
    let kept = members.into_iter().enumerate().filter(|(at, (key, _))| last.get(key) == Some(at));
    kept.map(|(_, member)| member).collect()
}

/// A member's key, borrowed where it has no escapes.
pub(crate) struct Key<'a>(pub(crate) Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrow;
        impl<'de> Visitor<'de> for Borrow {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member's key")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Borrow)
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(flag) => serializer.serialize_bool(*flag),
            Json::Number(number) => number.serialize(serializer),
            Json::Text(text) => serializer.serialize_str(text),
            Json::Array(elements) => serializer.collect_seq(elements),
            Json::Object(object) => {
                let mut map = serializer.serialize_map(Some(object.0.len()))?;
                for (key, value) in &object.0 {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}
