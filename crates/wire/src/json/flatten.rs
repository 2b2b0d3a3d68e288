//! From the tree of one event to its properties.

use super::tree::{Json, Object};
use model::Properties;
use model::property::{PropertiesBuilder, PropertyLimits, Value};

/// Collects properties. The common case (no key twice, within the limits) is one sort; the rest goes through
/// [`PropertiesBuilder`], whose rules decide.
pub(crate) struct Flat {
    limits: PropertyLimits,
    items: Vec<(Box<str>, Value)>,
}

impl Flat {
    pub(crate) fn new(limits: PropertyLimits) -> Self {
        Self { limits, items: Vec::with_capacity(48) }
    }

    /// Adds a value under its full key; an object's members get keys behind `key.`; null adds nothing.
    pub(crate) fn push(&mut self, key: &str, json: &Json<'_>) {
        let mut path = key.to_owned();
        self.push_at(&mut path, json);
    }

    /// Adds the members of an object under `prefix`, which is empty or ends in `.`.
    pub(crate) fn push_members(&mut self, prefix: &str, object: &Object<'_>) {
        let mut path = prefix.to_owned();
        self.members_at(&mut path, object);
    }

    pub(crate) fn push_text(&mut self, key: &str, text: &str) {
        self.items.push((key.into(), Value::Text(text.into())));
    }

    // Recursion ends at the depth limit of an event, which the gate has checked.
    fn push_at(&mut self, path: &mut String, json: &Json<'_>) {
        let value = match json {
            Json::Null => return,
            Json::Bool(flag) => Value::Bool(*flag),
            Json::Text(text) => Value::Text((&**text).into()),
            Json::Number(number) => match Value::from_json(&serde_json::Value::Number(number.clone())) {
                Some(value) => value,
                None => return,
            },
            Json::Array(_) => Value::Json(json.to_text().into()),
            Json::Object(object) if object.0.is_empty() => Value::Json("{}".into()),
            Json::Object(object) => {
                let len = path.len();
                path.push('.');
                self.members_at(path, object);
                path.truncate(len);
                return;
            }
        };
        self.items.push((path.as_str().into(), value));
    }

    fn members_at(&mut self, path: &mut String, object: &Object<'_>) {
        let len = path.len();
        for (key, value) in &object.0 {
            path.push_str(key);
            self.push_at(path, value);
            path.truncate(len);
        }
    }

    pub(crate) fn finish(mut self) -> Properties {
        // Stable: of equal keys the one that was pushed first keeps its name.
        self.items.sort_by(|a, b| a.0.cmp(&b.0));
        let within = self.items.len() <= self.limits.keys_max
            && self.items.iter().all(|(key, _)| key.len() <= self.limits.key_bytes_max);
        if within && self.items.windows(2).all(|pair| pair[0].0 != pair[1].0) {
            return self.items.into_iter().collect();
        }
        let mut builder = PropertiesBuilder::new(self.limits);
        for (key, value) in &self.items {
            builder.push(key, &value.to_json());
        }
        builder.finish()
    }
}
