//! From the tree of one event to its properties.

use super::tree::{Json, Object};
use foldhash::fast::RandomState;
use model::property::{PropertiesBuilder, PropertyLimits, Value};
use model::{Keys, Properties};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Forms of events met so far: events that were sent with the same keys in the same order share their sorted keys.
#[derive(Default)]
pub(crate) struct Forms {
    /// By the keys as sent, each behind its length.
    known: RefCell<HashMap<Box<[u8]>, Arc<Form>, RandomState>>,
}

/// Keys as they are kept, and which of the values as sent belongs to each.
struct Form {
    keys: Keys,
    order: Box<[u32]>,
}

/// A body of random keys must not fill the memory with forms.
const FORMS_MAX: usize = 64;

/// Collects properties. The common case (no key twice, within the limits) is one look-up or one sort; the rest goes
/// through [`PropertiesBuilder`], whose rules decide.
pub(crate) struct Flat<'f> {
    limits: PropertyLimits,
    forms: &'f Forms,
    /// Keys as sent, each behind its length (4 bytes, little-endian).
    keys: Vec<u8>,
    values: Vec<Value>,
    path: String,
}

const LENGTH_BYTES: usize = 4;

impl<'f> Flat<'f> {
    pub(crate) fn new(limits: PropertyLimits, forms: &'f Forms) -> Self {
        let (keys, values, path) = (Vec::with_capacity(1024), Vec::with_capacity(48), String::with_capacity(64));
        Self { limits, forms, keys, values, path }
    }

    /// Adds a value under its full key; an object's members get keys behind `key.`; null adds nothing.
    pub(crate) fn push(&mut self, key: &str, json: &Json<'_>) {
        self.path.clear();
        self.path.push_str(key);
        self.push_at_path(json);
    }

    /// Adds the members of an object under `prefix`, which is empty or ends in `.`.
    pub(crate) fn push_members(&mut self, prefix: &str, object: &Object<'_>) {
        self.path.clear();
        self.path.push_str(prefix);
        self.members_at_path(object);
    }

    pub(crate) fn push_text(&mut self, key: &str, text: &str) {
        self.path.clear();
        self.path.push_str(key);
        self.add(Value::Text(text.into()));
    }

    fn add(&mut self, value: Value) {
        self.keys.extend_from_slice(&(self.path.len() as u32).to_le_bytes());
        self.keys.extend_from_slice(self.path.as_bytes());
        self.values.push(value);
    }

    // Recursion ends at the depth limit of an event, which the gate has checked.
    fn push_at_path(&mut self, json: &Json<'_>) {
        if let Some(value) = json.to_value() {
            self.add(value);
        } else if let Json::Object(object) = json {
            let len = self.path.len();
            self.path.push('.');
            self.members_at_path(object);
            self.path.truncate(len);
        }
    }

    fn members_at_path(&mut self, object: &Object<'_>) {
        let len = self.path.len();
        for (key, value) in &object.0 {
            self.path.push_str(key);
            self.push_at_path(value);
            self.path.truncate(len);
        }
    }

    pub(crate) fn finish(self) -> Properties {
        let known = self.forms.known.borrow().get(self.keys.as_slice()).map(Arc::clone);
        let form = known.or_else(|| self.new_form());
        let mut values = self.values;
        if let Some(form) = form {
            let take = |index: &u32| std::mem::replace(&mut values[*index as usize], Value::Bool(false));
            // A form has one place for each of the values that it was made of.
            if let Some(properties) = Properties::new(form.keys.clone(), form.order.iter().map(take).collect()) {
                return properties;
            }
        }
        let mut builder = PropertiesBuilder::new(self.limits);
        let mut items: Vec<_> = texts(&self.keys).zip(&values).collect();
        // Stable: of equal keys the one that was pushed first keeps its name.
        items.sort_by(|a, b| a.0.cmp(b.0));
        for (key, value) in items {
            builder.push(key, &value.to_json());
        }
        builder.finish()
    }

    /// `None` where the rules of [`PropertiesBuilder`] are needed.
    fn new_form(&self) -> Option<Arc<Form>> {
        let keys: Vec<&str> = texts(&self.keys).collect();
        let within =
            keys.len() <= self.limits.keys_max && keys.iter().all(|key| key.len() <= self.limits.key_bytes_max);
        within.then_some(())?;
        let mut order: Vec<u32> = (0..keys.len() as u32).collect();
        order.sort_unstable_by_key(|index| keys[*index as usize]);
        let sorted = Keys::new(order.iter().map(|index| keys[*index as usize].into()).collect())?;
        let form = Arc::new(Form { keys: sorted, order: order.into() });
        let mut known = self.forms.known.borrow_mut();
        if known.len() < FORMS_MAX {
            known.insert(self.keys.as_slice().into(), Arc::clone(&form));
        }
        Some(form)
    }
}

/// The keys in a sequence of lengths and bytes.
fn texts(mut keys: &[u8]) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (length, rest) = keys.split_first_chunk::<LENGTH_BYTES>()?;
        let (key, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        keys = rest;
        std::str::from_utf8(key).ok()
    })
}
