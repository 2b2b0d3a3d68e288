//! What must be in a store and what may be, after any mishap; and a script that works on it at random.

use super::*;
use crate::FailedId;
use std::collections::BTreeSet;

/// A small deterministic generator (splitmix64).
pub(super) struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// Batches of the first steps are so old that their failed events expire.
const OLD: Micros = NOW - 9 * DAY;
const OLD_STEPS: u64 = 5;

/// What was acknowledged, and what was sent at all.
#[derive(Default)]
pub(super) struct Model {
    pub acknowledged: BTreeSet<u128>,
    pub sent: BTreeSet<u128>,
    /// Pairs of ids told to be one person, and pairs whose merge was undone; of others nothing is known.
    linked: Vec<(String, String)>,
    parted: Vec<(String, String)>,
    /// Events received and acknowledged, and at most.
    pub received: u64,
    pub received_at_most: u64,
    /// Payloads of failed events that were acknowledged, and whether theirs is a day that expires.
    failed: BTreeMap<String, bool>,
    failed_sent: BTreeSet<String>,
    retried: BTreeSet<FailedId>,
    expired: bool,
    steps: u64,
    names: u64,
}

impl Model {
    /// Compares a store that was opened again, and sends each acknowledged event once more. `what` names the case.
    pub fn check(&self, store: &Store, what: &dyn std::fmt::Debug) {
        let snapshot = store.snapshot(P);
        assert_eq!(snapshot.warnings(), [] as [String; 0], "{what:?}");
        let there: BTreeSet<u128> = rows(&snapshot).into_keys().collect();
        let lost: Vec<_> = self.acknowledged.difference(&there).collect();
        assert!(lost.is_empty(), "{what:?}: lost {lost:?}");
        let phantoms: Vec<_> = there.difference(&self.sent).collect();
        assert!(phantoms.is_empty(), "{what:?}: phantoms {phantoms:?}");
        check_counters(store);
        let outcomes = store.outcomes(P);
        assert_eq!(outcomes.stored, there.len() as u64, "{what:?}");
        assert!(outcomes.received >= self.received && outcomes.received <= self.received_at_most, "{what:?}");
        self.check_failed(store, outcomes.failed, what);
        let root = |id: &str| snapshot.person_of()[snapshot.ordinal_of(id).expect("known") as usize];
        for (a, b) in &self.linked {
            assert_eq!(root(a), root(b), "{what:?}: {a} and {b}");
        }
        for (a, b) in &self.parted {
            assert_ne!(root(a), root(b), "{what:?}: {a} and {b}");
        }
        let again: Vec<Event> = self.acknowledged.iter().map(|uuid| rich(*uuid, "again", NOW)).collect();
        let count = again.len();
        let receipt = store.append(batch(again)).expect("durable");
        assert_eq!(receipt.duplicates.len(), count, "{what:?}");
    }

    fn check_failed(&self, store: &Store, counted: u64, what: &dyn std::fmt::Debug) {
        let failed = store.failed_events(P, None, None, usize::MAX).expect("readable");
        assert!(failed.windows(2).all(|pair| pair[0].id > pair[1].id), "{what:?}");
        let there: BTreeMap<&str, _> =
            failed.iter().map(|event| (event.payload.as_deref().unwrap_or_default(), event)).collect();
        assert_eq!(there.len(), failed.len(), "{what:?}: a failed event is there twice");
        assert!(there.keys().all(|payload| self.failed_sent.contains(*payload)), "{what:?}");
        for (payload, expires) in &self.failed {
            assert!(there.contains_key(payload.as_str()) || (*expires && self.expired), "{what:?}: lost {payload}");
        }
        if !self.expired {
            assert_eq!(failed.len() as u64, counted, "{what:?}");
        }
        let not_marked = |event: &&crate::FailedEvent| self.retried.contains(&event.id) && event.retried_at.is_none();
        assert_eq!(failed.iter().find(not_marked), None, "{what:?}");
    }

    /// Does something to the store; an error must leave a state that the next open understands.
    pub fn step(&mut self, store: &Store, random: &mut Random) {
        match random.below(16) {
            0..=2 => drop(store.flush()),
            3 | 4 => drop(store.compact()),
            5 => self.undo(store),
            6 => {
                self.expired = true;
                drop(store.expire(NOW));
            }
            7 => self.retry(store),
            _ => self.append(store, random),
        }
    }

    pub fn append(&mut self, store: &Store, random: &mut Random) {
        self.steps += 1;
        let mut events = Vec::new();
        for _ in 0..random.below(12) {
            let uuid = u128::from(random.below(400));
            let at = NOW - (random.below(3 * 86_400) * 1_000_000) as i64;
            events.push(rich(uuid, &format!("id{}", random.below(20)), at));
        }
        let mut link = None;
        if random.below(3) == 0 {
            self.names += 1;
            let (user, anon) = (format!("user{}", self.names), format!("anon{}", self.names));
            let uuid = 1_000 + u128::from(random.below(u64::MAX));
            let claim =
                event(uuid, "$identify", &user, NOW).with("$anon_distinct_id", Value::Text(anon.as_str().into()));
            events.push(claim.0);
            link = Some((user, anon));
        }
        let payloads: Vec<String> = (0..random.below(3)).map(|n| format!("{}-{n}", self.steps)).collect();
        let not_stored: Vec<NotStored> = payloads.iter().map(|payload| failed(payload)).collect();
        let uuids: Vec<u128> = events.iter().map(|event| event.uuid.as_u128()).collect();
        let received = (events.len() + not_stored.len()) as u64;
        self.sent.extend(&uuids);
        self.failed_sent.extend(payloads.iter().cloned());
        self.received_at_most += received;
        let at = if self.steps <= OLD_STEPS { OLD } else { NOW };
        if let Ok(receipt) = store.append(Batch { events, not_stored, ..Batch::new(P, at) }) {
            self.acknowledged.extend(&uuids);
            self.linked.extend(link);
            self.received += received;
            self.failed.extend(payloads.into_iter().map(|payload| (payload, receipt.received_at < NOW)));
        }
    }

    fn undo(&mut self, store: &Store) {
        let Some((user, anon)) = self.linked.pop() else { return };
        let merges = store.merges(P);
        let merge = merges.iter().find(|merge| merge.target == user && merge.other == anon).expect("acknowledged");
        if store.undo_merge(P, merge.seq, "somebody", NOW).is_ok() {
            self.parted.push((user, anon));
        }
    }

    fn retry(&mut self, store: &Store) {
        // An unreadable list is a fault at work.
        let newest = store.failed_events(P, None, None, 2).unwrap_or_default();
        let ids: Vec<FailedId> = newest.iter().map(|event| event.id).collect();
        if store.mark_retried(P, &ids, NOW).is_ok() {
            self.retried.extend(ids);
        }
    }
}
