//! Who is who after all events have arrived: claims are judged one by one, in the order of arrival.

use model::Event;
use model::person::{ClaimKind, claim_of, has_profile, is_illegal_id};
use std::collections::BTreeSet;

/// The persons of a project.
#[derive(Debug, Clone, Default)]
pub struct Persons {
    known: Vec<Person>,
}

#[derive(Debug, Clone)]
struct Person {
    ids: BTreeSet<String>,
    identified: bool,
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
                    let moved = std::mem::take(&mut self.known[b].ids);
                    self.known[a].ids.extend(moved);
                    self.known[a].identified = true;
                }
            }
        }
    }

    fn create(&mut self, ids: &[&str], identified: bool) {
        self.known.push(Person { ids: ids.iter().map(|id| (*id).to_owned()).collect(), identified });
    }

    fn attach(&mut self, person: usize, id: &str) {
        self.known[person].ids.insert(id.to_owned());
        self.known[person].identified = true;
    }

    fn find(&self, id: &str) -> Option<usize> {
        self.known.iter().position(|person| person.ids.contains(id))
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
