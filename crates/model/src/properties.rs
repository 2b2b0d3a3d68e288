//! The properties of one event, their keys shared with all events of the same form.

use crate::property::{PropertiesBuilder, PropertyLimits, Value};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::sync::{Arc, LazyLock};

/// Keys in byte order, each once. An app sends few forms of events, so most events share theirs with many others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys(Arc<[Box<str>]>);

impl Default for Keys {
    fn default() -> Self {
        static NONE: LazyLock<Keys> = LazyLock::new(|| Keys(Arc::default()));
        NONE.clone()
    }
}

impl Keys {
    /// `None` unless the keys are in byte order and each is there once.
    pub fn new(keys: Vec<Box<str>>) -> Option<Keys> {
        keys.windows(2).all(|pair| pair[0] < pair[1]).then(|| Keys(keys.into()))
    }

    /// In byte order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|key| &**key)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether both are one and the same in memory, so that what was found out about one holds for the other.
    /// `false` says nothing.
    pub fn is_same(&self, other: &Keys) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|own| (**own).cmp(key))
    }

    fn changed(&self, change: impl FnOnce(&mut Vec<Box<str>>)) -> Keys {
        let mut keys = self.0.to_vec();
        change(&mut keys);
        Keys(keys.into())
    }
}

/// The properties of one event: unique keys in byte order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Properties {
    keys: Keys,
    /// One for each key.
    values: Vec<Value>,
}

impl Properties {
    /// One value for each key, in their order; `None` if there are more of the one than of the other.
    pub fn new(keys: Keys, values: Vec<Value>) -> Option<Properties> {
        (keys.len() == values.len()).then_some(Properties { keys, values })
    }

    /// Its keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Its values, in the order of the keys.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// Its values, in the order of the keys.
    pub fn values_mut(&mut self) -> &mut [Value] {
        &mut self.values
    }

    /// The value under a flattened key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.keys.find(key).ok().map(|index| &self.values[index])
    }

    /// The text under a key, if it is text.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Sets or replaces one property.
    pub fn set(&mut self, key: &str, value: Value) {
        match self.keys.find(key) {
            Ok(index) => self.values[index] = value,
            Err(index) => {
                self.keys = self.keys.changed(|keys| keys.insert(index, key.into()));
                self.values.insert(index, value);
            }
        }
    }

    /// Takes one property out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let index = self.keys.find(key).ok()?;
        self.keys = self.keys.changed(|keys| drop(keys.remove(index)));
        Some(self.values.remove(index))
    }

    /// Keeps the properties for which `keep` is true; `keep` may change the value.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &mut Value) -> bool) {
        let mut kept = Vec::with_capacity(self.values.len());
        let mut index = 0;
        self.values.retain_mut(|value| {
            let is_kept = keep(&self.keys.0[index], value);
            index += 1;
            kept.push(is_kept);
            is_kept
        });
        if kept.contains(&false) {
            let mut kept = kept.into_iter();
            self.keys = self.keys.changed(|keys| keys.retain(|_| kept.next().unwrap_or(true)));
        }
    }

    /// Keys and values in byte order of the keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.keys.iter().zip(&self.values)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Flattens a JSON object. Deeper levels join their keys with `.`.
    pub fn from_json(object: &serde_json::Map<String, serde_json::Value>, limits: PropertyLimits) -> Properties {
        let mut builder = PropertiesBuilder::new(limits);
        builder.push_object("", object);
        builder.finish()
    }
}

impl FromIterator<(Box<str>, Value)> for Properties {
    /// Sorts; of equal keys the last wins.
    fn from_iter<I: IntoIterator<Item = (Box<str>, Value)>>(items: I) -> Self {
        let mut all: Vec<_> = items.into_iter().collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        let (keys, values): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        Properties { keys: Keys(keys.into()), values }
    }
}

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self.iter() {
            map.serialize_entry(key, &value.to_json())?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn abc() -> Properties {
        ["c", "a", "b"].into_iter().map(|key| (key.into(), Value::Text(key.into()))).collect()
    }

    #[test]
    fn what_is_changed_in_one_event_stays_in_the_others() {
        let first = abc();
        let mut second = first.clone();
        assert!(second.keys().is_same(first.keys()));
        second.set("b", Value::Bool(true));
        assert!(second.keys().is_same(first.keys()), "a new value needs no new keys");
        second.set("aa", Value::Bool(true));
        assert_eq!(second.remove("c"), Some(Value::Text("c".into())));
        second.retain(|key, _| key != "a");
        assert_eq!(second.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["aa", "b"]);
        assert_eq!(first, abc());
    }

    #[test]
    fn keys_out_of_order_or_twice_are_refused() {
        assert!(Keys::new(vec!["b".into(), "a".into()]).is_none());
        assert!(Keys::new(vec!["a".into(), "a".into()]).is_none());
        let keys = Keys::new(vec!["a".into(), "b".into()]).expect("in order");
        assert!(Properties::new(keys, vec![Value::Bool(true)]).is_none());
    }
}
