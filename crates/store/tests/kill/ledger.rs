//! What the child sent and what was acknowledged, in a synced file of its own; and the comparison with the store.

use crate::script::{DAMAGED, P, made};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use store::{Batch, Snapshot, Store};

/// Written by the child: one line per fact, durable before the child goes on.
pub struct Ledger(File);

impl Ledger {
    pub fn open(path: &Path) -> Ledger {
        Ledger(OpenOptions::new().append(true).create(true).open(path).expect("a ledger"))
    }

    pub fn note(&mut self, fact: &str, values: &[String]) {
        let line = format!("{fact} {}\n", values.join(" "));
        self.0.write_all(line.as_bytes()).and_then(|()| self.0.sync_data()).expect("the ledger can be written");
    }
}

/// The facts, by their word.
pub struct Facts(BTreeMap<String, Vec<String>>);

impl Facts {
    pub fn read(path: &Path) -> Facts {
        let mut facts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        // No file: the child ended before its first fact.
        let text = std::fs::read_to_string(path).unwrap_or_default();
        for line in text.lines() {
            let (fact, values) = line.split_once(' ').expect("a fact and its values");
            facts.entry(fact.to_owned()).or_default().extend(values.split_whitespace().map(str::to_owned));
        }
        Facts(facts)
    }

    fn all(&self, fact: &str) -> BTreeSet<&str> {
        self.0.get(fact).into_iter().flatten().map(String::as_str).collect()
    }

    fn uuids(&self, fact: &str) -> BTreeSet<u128> {
        self.all(fact).into_iter().map(|text| text.parse().expect("a number")).collect()
    }

    /// Lost, phantom, duplicate, corrupt: none.
    pub fn check(&self, store: &Store, what: &str) {
        let snapshot = store.snapshot(P);
        assert_eq!(snapshot.warnings(), [] as [String; 0], "{what}");
        let there = rows(&snapshot, what);
        let lost: Vec<_> = self.uuids("acknowledged").difference(&there).copied().collect();
        assert!(lost.is_empty(), "{what}: lost {lost:?}");
        let phantoms: Vec<_> = there.difference(&self.uuids("sent")).copied().collect();
        assert!(phantoms.is_empty(), "{what}: phantoms {phantoms:?}");
        let outcomes = store.outcomes(P);
        assert_eq!(outcomes.stored, there.len() as u64, "{what}");
        assert_eq!(outcomes.received, outcomes.stored + outcomes.duplicate + outcomes.failed, "{what}");
        self.check_persons(&snapshot, what);
        self.check_failed(store, what);
        self.check_damaged(store, what);
        let acknowledged = self.uuids("acknowledged");
        let again = Batch { events: acknowledged.iter().map(|uuid| made(*uuid)).collect(), ..Batch::new(P, 0) };
        let receipt = store.append(again).expect("durable");
        assert_eq!(receipt.duplicates.len(), acknowledged.len(), "{what}: sent again");
    }

    fn check_persons(&self, snapshot: &Snapshot, what: &str) {
        let root = |id: &str| snapshot.person_of()[snapshot.ordinal_of(id).expect("known") as usize];
        let tried = self.all("undoing");
        for name in self.all("linked") {
            let one = root(&format!("user{name}")) == root(&format!("anon{name}"));
            if self.all("undone").contains(name) {
                assert!(!one, "{what}: the merge of {name} is undone");
            } else if !tried.contains(name) {
                assert!(one, "{what}: {name} is one person");
            }
        }
    }

    fn check_failed(&self, store: &Store, what: &str) {
        let failed = store.failed_events(P, None, None, usize::MAX).expect("readable");
        let there: BTreeSet<&str> = failed.iter().filter_map(|event| event.payload.as_deref()).collect();
        assert_eq!(there.len(), failed.len(), "{what}: a failed event is there twice");
        assert!(there.is_subset(&self.all("failing")), "{what}");
        let expired = self.all("expiring").contains("old");
        for payload in self.all("failed").difference(&there) {
            assert!(expired && payload.starts_with("old"), "{what}: lost the failed event {payload}");
        }
        for event in &failed {
            let marked = self.all("retried").contains(event.id.0.to_string().as_str());
            assert!(!marked || event.retried_at.is_some(), "{what}: the mark of {:?}", event.id);
        }
    }

    /// The project of which the child damages files: what is missing there is told.
    fn check_damaged(&self, store: &Store, what: &str) {
        // The first look finds the damage, the second snapshot leaves the file out.
        for segment in store.snapshot(DAMAGED).segments() {
            drop(segment.event_at());
        }
        let snapshot = store.snapshot(DAMAGED);
        let there = rows(&snapshot, what);
        let missing = self.uuids("fragile").difference(&there).count();
        assert!(missing == 0 || !snapshot.warnings().is_empty(), "{what}: {missing} are missing in silence");
        assert!(missing == 0 || self.all("damaging").contains("files"), "{what}: lost {missing}");
    }
}

/// The uuids there; fails when one is there twice or its event is not as it was sent.
fn rows(snapshot: &Snapshot, what: &str) -> BTreeSet<u128> {
    let mut there = BTreeSet::new();
    for segment in snapshot.segments() {
        let numbers: Vec<u32> = (0..segment.rows() as u32).collect();
        for mut event in segment.rows_at(&numbers).expect("readable") {
            let uuid = event.uuid.as_u128();
            event.received_at = 0;
            assert_eq!(event, made(uuid), "{what}: corrupt");
            assert!(there.insert(uuid), "{what}: {uuid} is there twice");
        }
    }
    there
}
