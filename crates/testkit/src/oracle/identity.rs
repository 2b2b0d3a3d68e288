//! Who is who after all events have arrived: claims are judged one by one, in the order of arrival, and what events say
//! of their persons is written down.

use model::person::{ClaimKind, PersonUpdate, claim_of, has_profile, is_illegal_id, update_of};
use model::{Event, Micros, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The persons of a project.
#[derive(Debug, Clone, Default)]
pub struct Persons {
    known: Vec<Person>,
}

#[derive(Debug, Clone, Default)]
struct Person {
    ids: BTreeSet<String>,
    identified: bool,
    /// By key, with the instant at which it was set last.
    properties: BTreeMap<String, (Value, Micros)>,
}

impl Persons {
    /// Judges the claims of all events. Batches are trusted, so `$merge_dangerously` may merge.
    pub fn after(events: &[Event]) -> Persons {
        let mut persons = Persons::default();
        for event in events {
            let target = &*event.distinct_id;
            if let Some(claim) = claim_of(event)
                && let Some(other) = &claim.other
            {
                persons.judge(target, other, claim.kind);
            }
            if has_profile(event) && persons.find(target).is_none() {
                persons.create(&[target], false);
            }
            let update = update_of(event);
            if let Some(person) = persons.find(target).filter(|_| !update.is_empty()) {
                persons.known[person].learn(&update, event.event_at);
            }
        }
        persons
    }

    fn judge(&mut self, target: &str, other: &str, kind: ClaimKind) {
        if target == other || is_illegal_id(target) || is_illegal_id(other) {
            return;
        }
        let of_target = self.find(target);
        let of_other = self.find(other);
        match (of_target, of_other) {
            (None, None) => self.create(&[target, other], true),
            (Some(person), None) => self.attach(person, other),
            (None, Some(person)) => {
                // A known anonymous visitor says who they are; one who had said so before is somebody else.
                if kind == ClaimKind::MergeDangerously || !self.known[person].identified {
                    self.attach(person, target);
                }
            }
            (Some(a), Some(b)) if a == b => self.known[a].identified = true,
            (Some(a), Some(b)) => {
                if kind == ClaimKind::MergeDangerously || !self.known[b].identified {
                    let moved = std::mem::take(&mut self.known[b]);
                    self.known[a].ids.extend(moved.ids);
                    for (key, value) in moved.properties {
                        self.known[a].properties.entry(key).or_insert(value);
                    }
                    self.known[a].identified = true;
                }
            }
        }
    }

    fn create(&mut self, ids: &[&str], identified: bool) {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        self.known.push(Person { ids, identified, properties: BTreeMap::new() });
    }

    fn attach(&mut self, person: usize, id: &str) {
        self.known[person].ids.insert(id.to_owned());
        self.known[person].identified = true;
    }

    fn find(&self, id: &str) -> Option<usize> {
        self.known.iter().position(|person| person.ids.contains(id))
    }

    /// The value of a property of the person behind `id`.
    pub fn property(&self, id: &str, key: &str) -> Option<&Value> {
        let person = self.find(id)?;
        self.known[person].properties.get(key).map(|(value, _)| value)
    }

    /// All events, each with what is known of its person written on it, for [`super::filter::value_of`].
    pub fn told(&self, events: &[Event]) -> Vec<Event> {
        let with = |event: &Event| {
            let mut event = event.clone();
            // Who sends an event without a profile says nothing of the person and learns nothing of them.
            if let Some(person) = self.find(&event.distinct_id).filter(|_| has_profile(&event)) {
                for (key, (value, _)) in &self.known[person].properties {
                    event.properties.set(&person_key(key), value.clone());
                }
            }
            event
        };
        events.iter().map(with).collect()
    }

    /// All ids of the person behind `id`; only itself when nobody is known by it.
    pub fn ids_of(&self, id: &str) -> BTreeSet<String> {
        match self.find(id) {
            Some(person) => self.known[person].ids.clone(),
            None => BTreeSet::from([id.to_owned()]),
        }
    }

    /// A name that two ids share exactly when they are one person.
    pub fn name_of(&self, id: &str) -> String {
        self.ids_of(id).first().cloned().unwrap_or_default()
    }
}

impl Person {
    fn learn(&mut self, update: &PersonUpdate, at: Micros) {
        for (key, value) in &update.set_once {
            self.properties.entry(key.to_string()).or_insert_with(|| (value.clone(), at));
        }
        for (key, value) in &update.set {
            let newer = self.properties.get(&**key).is_none_or(|(_, set_at)| at >= *set_at);
            if newer {
                self.properties.insert(key.to_string(), (value.clone(), at));
            }
        }
        for key in &update.unset {
            self.properties.remove(&**key);
        }
    }
}

/// Under which key a told event carries a property of its person; no client sends such a key.
pub fn person_key(key: &str) -> String {
    format!("\u{0}person.{key}")
}
