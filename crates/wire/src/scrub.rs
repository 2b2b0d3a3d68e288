//! The never-list: what is not kept at any level, taken out of an event before anything else sees it.
//!
//! Two rules. By name: a property whose last path segment names a secret is removed (`keys`). By form: inside every
//! text and number, payment cards, Aadhaar and PAN numbers, UPI ids, tokens and secret URL parameters are replaced by
//! a marker such as `[removed:card]` (`forms`). Hits are counted by reason; values go nowhere.
//!
//! Identifiers stay as they are: `uuid`, session, window and device ids, and event names are not scanned. A
//! distinct_id (and the other ids of a person) that *is* a card, Aadhaar, PAN or UPI id or a token as a whole becomes
//! `removed:<form>:<UUIDv5 of it>`, so that its person stays one person; e-mails and telephone numbers stay.

mod forms;
mod keys;

use forms::Form;
use model::{Event, Keys, NotStored, Text, Uuid, Value};
use std::collections::BTreeMap;

/// Counts by reason (`floor_violation:card`…), never values.
pub type Removed = Vec<(String, u64)>;

/// The namespace of the ids that replace forbidden ones.
const ID_NAMESPACE: Uuid = Uuid::from_u128(0x91d4_6a0b_52c7_5c1e_b3f8_0a7e_64d2_19fb);

/// Machine-made ids and protocol words: random digits in them mean nothing.
const NOT_SCANNED: [&str; 12] = [
    "$device_id",
    "$insert_id",
    "$pageview_id",
    "$prev_pageview_id",
    "$session_id",
    "$window_id",
    "context.did",
    "context.pdata.id",
    "context.sid",
    "edata.traceid",
    "eid",
    "ver",
];

/// Other names of a person: replaced as a whole or not at all, as the distinct_id is, so that merges keep working.
const PERSON_IDS: [&str; 5] = ["$anon_distinct_id", "$user_id", "actor.id", "alias", "context.uid"];

/// Takes the never-list out of events; what it finds out about their keys holds for all events that share them.
#[derive(Default)]
pub struct Scrubber {
    /// Keys seen last.
    seen: Vec<(Keys, Box<[Place]>)>,
    /// The distinct_id that was last found clean.
    clean_id: Option<Text>,
}

/// What may happen to the value of a key, and the text under it that was last found clean: events of one phone share
/// most texts.
struct Place {
    treatment: Treatment,
    clean: Option<Text>,
}

impl Place {
    fn knows(&self, value: &Value) -> bool {
        matches!((value, &self.clean), (Value::Text(text) | Value::Json(text), Some(clean)) if text.is_same(clean))
    }
}

/// So many different sets of keys are remembered.
const SEEN_MAX: usize = 16;

/// What may happen to the value of a key.
#[derive(Clone, Copy)]
enum Treatment {
    /// It goes if it can be what its name says.
    Forbidden(&'static str),
    /// It stays as it is.
    Skip,
    /// It is another name of a person.
    PersonId,
    /// It is scanned.
    Scan,
}

fn treatment(key: &str) -> Treatment {
    if let Some(reason) = keys::forbidden(key) {
        Treatment::Forbidden(reason)
    } else if NOT_SCANNED.contains(&key) {
        Treatment::Skip
    } else if PERSON_IDS.contains(&key) {
        Treatment::PersonId
    } else {
        Treatment::Scan
    }
}

impl Scrubber {
    /// Cleans one event, in place. O(bytes); allocates only for hits and new keys. Returns what was removed.
    pub fn scrub(&mut self, event: &mut Event) -> Removed {
        let mut hits = Hits::default();
        if !self.clean_id.as_ref().is_some_and(|clean| clean.is_same(&event.distinct_id)) {
            match replaced_id(&event.distinct_id, &mut hits) {
                Some(replacement) => event.distinct_id = replacement.into(),
                None => self.clean_id = Some(event.distinct_id.clone()),
            }
        }
        let mut forbidden = false;
        let keys = event.properties.keys().clone();
        for (place, value) in self.places(&keys).iter_mut().zip(event.properties.values_mut()) {
            let is_person_id = match place.treatment {
                Treatment::Skip => continue,
                Treatment::Forbidden(reason) if keys::can_hold(reason, value) => {
                    hits.add(reason);
                    forbidden = true;
                    continue;
                }
                Treatment::PersonId => true,
                Treatment::Forbidden(_) | Treatment::Scan => false,
            };
            if place.knows(value) {
                continue;
            }
            let before = hits.total;
            scrub_value(value, is_person_id, &mut hits);
            if let (Value::Text(text) | Value::Json(text), true) = (value, hits.total == before) {
                place.clean = Some(text.clone());
            }
        }
        if forbidden {
            let stays = |key: &str, value: &mut Value| match treatment(key) {
                Treatment::Forbidden(reason) => !keys::can_hold(reason, value),
                _ => true,
            };
            event.properties.retain(stays);
        }
        hits.finish()
    }

    fn places(&mut self, keys: &Keys) -> &mut [Place] {
        let known = self.seen.iter().position(|(own, _)| own.is_same(keys));
        let index = known.unwrap_or_else(|| {
            if self.seen.len() == SEEN_MAX {
                self.seen.remove(0);
            }
            let place = |key| Place { treatment: treatment(key), clean: None };
            self.seen.push((keys.clone(), keys.iter().map(place).collect()));
            self.seen.len() - 1
        });
        &mut self.seen[index].1
    }
}

/// Takes the never-list out of the payload of a failed event. What is not JSON is scanned as text.
pub fn scrub_not_stored(not_stored: &mut NotStored) -> Removed {
    let mut hits = Hits::default();
    if let Some(payload) = &mut not_stored.payload
        && let Some(clean) = scrub_json(payload, &mut hits)
    {
        *payload = clean;
    }
    hits.finish()
}

fn scrub_value(value: &mut Value, is_person_id: bool, hits: &mut Hits) {
    match value {
        Value::Text(text) if is_person_id => {
            if let Some(replacement) = replaced_id(text, hits) {
                *text = replacement.into();
            }
        }
        Value::Text(text) => {
            if let Some(clean) = scrub_text(text, hits) {
                *text = clean.into();
            }
        }
        Value::Json(text) => {
            if let Some(clean) = scrub_json(text, hits) {
                *text = clean.into();
            }
        }
        Value::Number(number) => {
            if let Some(form) = forms::in_number(*number) {
                hits.add(form.reason());
                *value = Value::Text(form.marker().into());
            }
        }
        Value::Bool(_) => {}
    }
}

fn replaced_id(id: &str, hits: &mut Hits) -> Option<String> {
    let form = forms::whole(id.trim())?;
    hits.add(form.reason());
    Some(format!("removed:{}:{}", form.name(), Uuid::new_v5(&ID_NAMESPACE, id.trim().as_bytes())))
}

/// The text with markers in place of what was found; `None` if nothing was.
fn scrub_text(text: &str, hits: &mut Hits) -> Option<String> {
    let found = forms::find(text);
    if found.is_empty() {
        return None;
    }
    let mut clean = String::with_capacity(text.len());
    let mut copied = 0;
    for (start, end, form) in found {
        hits.add(form.reason());
        clean.push_str(&text[copied..start]);
        clean.push_str(form.marker());
        copied = end;
    }
    clean.push_str(&text[copied..]);
    Some(clean)
}

/// Scrubs JSON text; parsed only if there is something to find. `None` if nothing was.
fn scrub_json(text: &str, hits: &mut Hits) -> Option<String> {
    if forms::find(text).is_empty() && !keys::in_json(text) {
        return None;
    }
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(mut json) => {
            let before = hits.total;
            scrub_tree(&mut json, hits);
            (hits.total > before).then(|| json.to_string())
        }
        // A payload that no parser reads, or nested too deep for one: what is found by its form still goes.
        Err(_) => scrub_text(text, hits),
    }
}

/// Iterative: payloads of failed events may be nested as deep as a parser allows.
fn scrub_tree(json: &mut serde_json::Value, hits: &mut Hits) {
    let mut open = vec![json];
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::Object(members) => {
                members.retain(|key, value| match keys::forbidden(key) {
                    Some(reason) if keys::can_hold_json(reason, value) => {
                        hits.add(reason);
                        false
                    }
                    _ => true,
                });
                open.extend(members.values_mut());
            }
            serde_json::Value::Array(elements) => open.extend(elements.iter_mut()),
            serde_json::Value::String(text) => {
                if let Some(clean) = scrub_text(text, hits) {
                    *text = clean;
                }
            }
            serde_json::Value::Number(number) => {
                let exact = number.as_u64().map(forms::in_integer);
                if let Some(form) = exact.unwrap_or_else(|| number.as_f64().and_then(forms::in_number)) {
                    hits.add(form.reason());
                    *value = serde_json::Value::from(form.marker());
                }
            }
            serde_json::Value::Bool(_) | serde_json::Value::Null => {}
        }
    }
}

#[derive(Default)]
struct Hits {
    total: u64,
    by_reason: BTreeMap<&'static str, u64>,
}

impl Hits {
    fn add(&mut self, reason: &'static str) {
        self.total += 1;
        *self.by_reason.entry(reason).or_default() += 1;
    }

    fn finish(self) -> Removed {
        self.by_reason.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect()
    }
}

impl Form {
    fn name(self) -> &'static str {
        match self {
            Form::Card => "card",
            Form::Aadhaar => "aadhaar",
            Form::Pan => "pan",
            Form::Upi => "upi",
            Form::Token => "token",
            Form::Secret => "secret",
        }
    }

    fn marker(self) -> &'static str {
        match self {
            Form::Card => "[removed:card]",
            Form::Aadhaar => "[removed:aadhaar]",
            Form::Pan => "[removed:pan]",
            Form::Upi => "[removed:upi]",
            Form::Token => "[removed:token]",
            Form::Secret => "[removed:secret]",
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Form::Card => "floor_violation:card",
            Form::Aadhaar => "floor_violation:aadhaar",
            Form::Pan => "floor_violation:pan",
            Form::Upi => "floor_violation:upi",
            Form::Token => "floor_violation:token",
            Form::Secret => keys::SECRET,
        }
    }
}

#[cfg(test)]
mod tests;
