//! Decides on claims and keeps the state of all persons of one project.
//!
//! Rules: docs/formats/identity-log.md. A decision is an entry; `fold` applies it. Folding the same entries gives the
//! same state, so a restart, a replay of the WAL and an undo (a fold without one merge) all agree.

use super::entry::Entry;
use super::properties::PersonProperties;
use super::{IdentityWarning, IdentityWarningCode, Merge, Person, Undone};
use crate::handout::PersonDetails;
use crate::text_table::TextTable;
use model::person::{ClaimKind, PersonUpdate, claim_of, has_profile, is_illegal_id, update_of};
use model::{Event, Micros, Properties, Uuid};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// Refused claims kept for showing.
const WARNINGS_MAX: usize = 1_000;
const IDENTIFIED: u8 = 1;
const PROFILE: u8 = 2;

/// All persons of one project.
#[derive(Default)]
pub(crate) struct Persons {
    pub ids: Arc<TextTable>,
    person_of: Arc<Vec<u32>>,
    /// Per ordinal; what counts stands at the root.
    created_at: Vec<Micros>,
    flags: Vec<u8>,
    /// Ids of persons with more than one, by root.
    members: HashMap<u32, Vec<u32>>,
    properties: PersonProperties,
    merges: Vec<MergeState>,
    warnings: VecDeque<IdentityWarning>,
}

struct MergeState {
    kind: ClaimKind,
    target: u32,
    other: u32,
    at: Micros,
    event: Uuid,
    undone: Option<Undone>,
}

impl Persons {
    /// Folds a whole log. `ids` may know the ids already, in the same order.
    pub fn rebuild(ids: Arc<TextTable>, entries: &[Entry]) -> Persons {
        let undone: HashSet<u64> = entries
            .iter()
            .filter_map(|entry| if let Entry::Undo { seq, .. } = entry { Some(*seq) } else { None })
            .collect();
        let mut persons = Persons { ids, ..Persons::default() };
        for entry in entries {
            if let Entry::Merge { kind, target, other, at, event } = entry
                && undone.contains(&(persons.merges.len() as u64 + 1))
            {
                let (kind, target, other, at, event) = (*kind, *target, *other, *at, *event);
                persons.merges.push(MergeState { kind, target, other, at, event, undone: None });
            } else {
                persons.fold(entry);
            }
        }
        persons
    }

    /// Root ordinals; shared with snapshots and copied only when one is still held while it changes.
    pub fn person_of(&self) -> &Arc<Vec<u32>> {
        &self.person_of
    }

    /// Properties of all persons; shared with snapshots.
    pub fn properties(&self) -> &PersonProperties {
        &self.properties
    }

    /// The ordinal of a row's distinct_id; an unknown one is entered.
    pub fn observe(&mut self, id: &str, at: Micros, profile: bool, log: &mut Vec<Entry>) -> u32 {
        match self.ids.find(id).filter(|ordinal| (*ordinal as usize) < self.person_of.len()) {
            Some(ordinal) => {
                if profile && self.flags[self.root(ordinal)] & PROFILE == 0 {
                    self.decide(Entry::Profile { ordinal }, log);
                }
                ordinal
            }
            None => {
                self.decide(Entry::NewId { id: id.into(), at, profile }, log);
                self.person_of.len() as u32 - 1
            }
        }
    }

    /// Applies what an event says of identity and person properties. The event's own id was observed before.
    pub fn apply(
        &mut self,
        event: &Event,
        ordinal: u32,
        trusted: bool,
        log: &mut Vec<Entry>,
    ) -> Option<IdentityWarningCode> {
        if !has_profile(event) {
            return None;
        }
        let warning = self.claim(event, ordinal, trusted, log);
        let update = update_of(event);
        // An update without effect on a person of one id has none after any undo either; others must be logged.
        if !update.is_empty() && (self.would_change(ordinal, event.event_at, &update) || self.is_merged(ordinal)) {
            self.decide(Entry::Update { ordinal, at: event.event_at, update }, log);
        }
        warning
    }

    fn claim(
        &mut self,
        event: &Event,
        target: u32,
        trusted: bool,
        log: &mut Vec<Entry>,
    ) -> Option<IdentityWarningCode> {
        let claim = claim_of(event)?;
        let other = claim.other?;
        if *other == *event.distinct_id {
            return None;
        }
        let known = self.ids.find(&other);
        let refusal = if is_illegal_id(&other) || is_illegal_id(&event.distinct_id) {
            Some(IdentityWarningCode::CannotMergeWithIllegalDistinctId)
        } else if claim.kind == ClaimKind::MergeDangerously {
            (!trusted).then_some(IdentityWarningCode::MergeNeedsSecretKey)
        } else {
            known
                .map(|other| self.root(other))
                .filter(|other| *other != self.root(target) && self.flags[*other] & IDENTIFIED != 0)
                .map(|_| IdentityWarningCode::CannotMergeAlreadyIdentified)
        };
        let (at, kind) = (event.event_at, claim.kind);
        if let Some(code) = refusal {
            let target = (&*event.distinct_id).into();
            self.decide(Entry::Refused { code, kind, target, other, at, event: event.uuid }, log);
            return Some(code);
        }
        let other = self.observe(&other, at, true, log);
        if self.root(other) != self.root(target) {
            self.decide(Entry::Merge { kind, target, other, at, event: event.uuid }, log);
        } else if self.flags[self.root(target)] & IDENTIFIED == 0 {
            self.decide(Entry::Identified { ordinal: target }, log);
        }
        None
    }

    fn decide(&mut self, entry: Entry, log: &mut Vec<Entry>) {
        self.fold(&entry);
        log.push(entry);
    }

    /// Applies one decision.
    fn fold(&mut self, entry: &Entry) {
        match entry {
            Entry::NewId { id, at, profile } => {
                let ordinal = self.ids.writer().intern(id).0;
                debug_assert_eq!(ordinal as usize, self.person_of.len());
                Arc::make_mut(&mut self.person_of).push(ordinal);
                self.created_at.push(*at);
                self.flags.push(if *profile { PROFILE } else { 0 });
            }
            Entry::Profile { ordinal } => {
                let root = self.root(*ordinal);
                self.flags[root] |= PROFILE;
            }
            Entry::Identified { ordinal } => {
                let root = self.root(*ordinal);
                self.flags[root] |= IDENTIFIED;
            }
            Entry::Merge { kind, target, other, at, event } => {
                let (kind, target, other, at, event) = (*kind, *target, *other, *at, *event);
                self.merge(target, other);
                self.merges.push(MergeState { kind, target, other, at, event, undone: None });
            }
            Entry::Refused { code, kind, target, other, at, event } => {
                if self.warnings.len() == WARNINGS_MAX {
                    self.warnings.pop_front();
                }
                self.warnings.push_back(IdentityWarning {
                    code: *code,
                    kind: *kind,
                    target: target.to_string(),
                    other: other.to_string(),
                    at: *at,
                    event: *event,
                });
            }
            Entry::Update { ordinal, at, update } => {
                let root = self.root(*ordinal) as u32;
                self.properties.update(root, *at, update);
            }
            // The merge itself was left out by `rebuild`; here it only gets its mark.
            Entry::Undo { seq, by, at } => {
                if let Some(merge) = (*seq as usize).checked_sub(1).and_then(|index| self.merges.get_mut(index)) {
                    merge.undone = Some(Undone { by: by.to_string(), at: *at });
                }
            }
        }
    }

    /// All ids of `other`'s person go to `target`'s.
    fn merge(&mut self, target: u32, other: u32) {
        let (into, from) = (self.root(target), self.root(other));
        // After an undo two ids of a later merge may be one person already.
        if into != from {
            let moved = self.members.remove(&(from as u32)).unwrap_or_else(|| vec![from as u32]);
            let person_of = Arc::make_mut(&mut self.person_of);
            moved.iter().for_each(|member| person_of[*member as usize] = into as u32);
            self.members.entry(into as u32).or_insert_with(|| vec![into as u32]).extend(moved);
            self.created_at[into] = self.created_at[into].min(self.created_at[from]);
            self.flags[into] |= self.flags[from];
            self.properties.merge(into as u32, from as u32);
        }
        self.flags[into] |= IDENTIFIED | PROFILE;
    }

    fn root(&self, ordinal: u32) -> usize {
        self.person_of[ordinal as usize] as usize
    }

    fn is_merged(&self, ordinal: u32) -> bool {
        self.members.contains_key(&(self.root(ordinal) as u32))
    }

    fn would_change(&self, ordinal: u32, at: Micros, update: &PersonUpdate) -> bool {
        let own = self.properties.get(self.root(ordinal) as u32);
        let find = |key: &str| own.iter().find(|property| *property.key == *key);
        update.set_once.iter().any(|(key, _)| find(key).is_none())
            || update.set.iter().any(|(key, _)| find(key).is_none_or(|property| at >= property.set_at))
            || update.unset.iter().any(|key| find(key).is_some())
    }

    /// The merge with this number, if it is there.
    pub fn merge_at(&self, seq: u64) -> Option<Merge> {
        let merge = self.merges.get(usize::try_from(seq).ok()?.checked_sub(1)?)?;
        let text = |ordinal| self.ids.get(ordinal).map_or_else(String::new, |id| id.to_string());
        Some(Merge {
            seq,
            kind: merge.kind,
            target: text(merge.target),
            other: text(merge.other),
            at: merge.at,
            event: merge.event,
            undone: merge.undone.clone(),
        })
    }

    /// All merges, newest first.
    pub fn merges(&self) -> Vec<Merge> {
        (1..=self.merges.len() as u64).rev().filter_map(|seq| self.merge_at(seq)).collect()
    }

    /// Refused claims, newest first.
    pub fn warnings(&self) -> Vec<IdentityWarning> {
        self.warnings.iter().rev().cloned().collect()
    }

    /// What is known of the persons with these root ordinals, in order; unknown ones are left out.
    pub fn details(&self, roots: &[u32]) -> Vec<PersonDetails> {
        let known = roots.iter().filter(|root| (**root as usize) < self.person_of.len());
        let details = known.map(|root| {
            let properties = self.properties.get(*root).iter();
            PersonDetails {
                created_at: self.created_at[*root as usize],
                identified: self.flags[*root as usize] & IDENTIFIED != 0,
                properties: properties.map(|property| (property.key.clone(), property.value.clone())).collect(),
            }
        });
        details.collect()
    }

    /// The person of an id.
    pub fn person(&self, id: &str) -> Option<Person> {
        let ordinal = self.ids.find(id).filter(|ordinal| (*ordinal as usize) < self.person_of.len())?;
        let root = self.root(ordinal);
        let mut members = self.members.get(&(root as u32)).cloned().unwrap_or_else(|| vec![root as u32]);
        members.sort_unstable_by_key(|member| (*member as usize != root, *member));
        let distinct_ids: Vec<String> = self.ids.texts(&members).iter().map(|id| id.to_string()).collect();
        let properties: Properties = self
            .properties
            .get(root as u32)
            .iter()
            .map(|property| (property.key.clone(), property.value.clone()))
            .collect();
        Some(Person {
            distinct_id: distinct_ids.first().cloned().unwrap_or_default(),
            distinct_ids,
            identified: self.flags[root] & IDENTIFIED != 0,
            created_at: self.created_at[root],
            has_profile: self.flags[root] & PROFILE != 0,
            properties,
        })
    }
}
