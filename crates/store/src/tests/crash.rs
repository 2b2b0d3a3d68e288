//! Power cuts, full disks and failing syncs at random and at every point; the model is a plain set.

use super::*;
use crate::disk::faulty::Fault;
use crate::{HealthState, StoreError};
use std::collections::BTreeSet;

/// A small deterministic generator (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// What must be there, and what may be.
#[derive(Default)]
struct Model {
    acknowledged: BTreeSet<u128>,
    sent: BTreeSet<u128>,
    /// Ids that were told to be one person.
    linked: Vec<(String, String)>,
    /// Events received and acknowledged, and at most.
    received: u64,
    received_at_most: u64,
    failed: u64,
}

impl Model {
    fn check(&self, store: &Store, seed: u64) {
        let snapshot = store.snapshot(P);
        assert_eq!(snapshot.warnings(), [] as [String; 0], "seed {seed}");
        let there: BTreeSet<u128> = rows(&snapshot).into_keys().collect();
        let lost: Vec<_> = self.acknowledged.difference(&there).collect();
        assert!(lost.is_empty(), "seed {seed}: lost {lost:?}");
        let phantoms: Vec<_> = there.difference(&self.sent).collect();
        assert!(phantoms.is_empty(), "seed {seed}: phantoms {phantoms:?}");
        check_counters(store);
        let outcomes = store.outcomes(P);
        assert_eq!(outcomes.stored, there.len() as u64, "seed {seed}");
        assert!(outcomes.received >= self.received && outcomes.received <= self.received_at_most, "seed {seed}");
        let failed = store.failed_events(P, None, None, usize::MAX).expect("readable");
        assert_eq!(failed.len() as u64, outcomes.failed, "seed {seed}");
        assert!(failed.windows(2).all(|pair| pair[0].id > pair[1].id), "seed {seed}");
        assert!(outcomes.failed >= self.failed, "seed {seed}");
        for (a, b) in &self.linked {
            let root = |id: &str| snapshot.person_of()[snapshot.ordinal_of(id).expect("known") as usize];
            assert_eq!(root(a), root(b), "seed {seed}: {a} and {b}");
        }
        // Each acknowledged event comes again, and none becomes a second row.
        let again: Vec<Event> = self.acknowledged.iter().map(|uuid| rich(*uuid, "again", NOW)).collect();
        let count = again.len();
        let receipt = store.append(batch(again)).expect("durable");
        assert_eq!(receipt.duplicates.len(), count, "seed {seed}");
    }

    /// Does something to the store; an error must leave a state that the next open understands.
    fn step(&mut self, store: &Store, random: &mut Random) {
        match random.below(10) {
            0 | 1 => drop(store.flush()),
            2 => drop(store.compact()),
            _ => self.append(store, random),
        }
    }

    fn append(&mut self, store: &Store, random: &mut Random) {
        let mut events = Vec::new();
        for _ in 0..random.below(12) {
            let uuid = u128::from(random.below(400));
            let at = NOW - (random.below(3 * 86_400) * 1_000_000) as i64;
            events.push(rich(uuid, &format!("id{}", random.below(20)), at));
        }
        let mut link = None;
        if random.below(4) == 0 {
            let (user, anon) = (format!("user{}", random.below(1_000_000)), format!("anon{}", random.below(1_000_000)));
            let uuid = 1_000 + u128::from(random.below(u64::MAX));
            let claim =
                event(uuid, "$identify", &user, NOW).with("$anon_distinct_id", Value::Text(anon.as_str().into()));
            events.push(claim.0);
            link = Some((user, anon));
        }
        let not_stored: Vec<NotStored> = (0..random.below(3)).map(|n| failed(&n.to_string())).collect();
        let uuids: Vec<u128> = events.iter().map(|event| event.uuid.as_u128()).collect();
        let (received, failures) = ((events.len() + not_stored.len()) as u64, not_stored.len() as u64);
        self.sent.extend(&uuids);
        self.received_at_most += received;
        if store.append(Batch { events, not_stored, ..Batch::new(P, NOW) }).is_ok() {
            self.acknowledged.extend(&uuids);
            self.linked.extend(link);
            self.received += received;
            self.failed += failures;
        }
    }
}

#[test]
fn after_power_cuts_at_random_points_every_acknowledged_event_is_there_once() {
    for seed in 0..110 {
        let mut random = Random(seed);
        let mut disk = FaultyDisk::new(seed);
        let mut model = Model::default();
        for _life in 0..3 {
            disk.set_fault(Some(Fault::PowerOff(1 + random.below(260))));
            if let Ok((store, _)) = Store::open(Arc::new(disk.clone()), dir(), options(), NOW) {
                for _ in 0..14 {
                    model.step(&store, &mut random);
                }
            }
            disk.set_fault(Some(Fault::PowerOff(0)));
            disk = disk.after_power_cut();
        }
        let (store, report) = open(&disk);
        assert!(report.quarantined.is_empty(), "seed {seed}: {:?}", report.quarantined);
        model.check(&store, seed);
        store.flush().expect("flushed");
        store.compact().expect("compacted");
        drop(store);
        let (store, _) = open(&disk);
        assert_eq!(rows(&store.snapshot(P)).len() as u64, store.outcomes(P).stored, "seed {seed}");
    }
}

#[test]
fn a_power_cut_at_every_call_of_a_flush_and_a_merge_loses_nothing() {
    let run = |disk: &FaultyDisk, model: &mut Model| {
        let mut random = Random(5);
        if let Ok((store, _)) = Store::open(Arc::new(disk.clone()), dir(), options(), NOW) {
            for _ in 0..4 {
                model.append(&store, &mut random);
                drop(store.flush());
            }
            drop(store.compact());
        }
    };
    let disk = FaultyDisk::new(0);
    run(&disk, &mut Model::default());
    let calls = disk.calls();
    assert!(calls > 100);
    for call in 1..=calls {
        let disk = FaultyDisk::new(call);
        disk.set_fault(Some(Fault::PowerOff(call)));
        let mut model = Model::default();
        run(&disk, &mut model);
        let (store, report) = open(&disk.after_power_cut());
        assert!(report.quarantined.is_empty(), "call {call}");
        model.check(&store, call);
    }
}

#[test]
fn a_full_disk_refuses_whole_groups_and_the_store_recovers_by_itself() {
    for seed in 0..60 {
        let mut random = Random(seed);
        let disk = FaultyDisk::new(seed);
        let (store, _) = open(&disk);
        let mut model = Model::default();
        for _ in 0..3 {
            model.append(&store, &mut random);
        }
        disk.set_fault(Some(Fault::Full(1 + random.below(40))));
        let refused = (0..12).any(|_| {
            model.step(&store, &mut random);
            matches!(store.health().state, HealthState::ReadOnly { .. })
        });
        assert!(!matches!(store.health().state, HealthState::Stopped { .. }), "seed {seed}: {:?}", store.health());
        let probe = store.append(batch(vec![rich(1_000_000, "probe", NOW)]));
        if refused {
            assert!(matches!(probe, Err(StoreError::DiskFull { .. }) | Ok(_)), "seed {seed}");
        }
        model.sent.insert(1_000_000);
        model.received_at_most += 1;
        assert!(rows(&store.snapshot(P)).len() >= model.acknowledged.len(), "reads go on");
        disk.set_fault(None);
        model.received_at_most += 1;
        store.append(batch(vec![rich(1_000_000, "probe", NOW)])).expect("there is space again");
        model.acknowledged.insert(1_000_000);
        assert_eq!(store.health().state, HealthState::Ready, "seed {seed}");
        store.flush().expect("flushed");
        drop(store);
        model.check(&open(&disk).0, seed);
    }
}

#[test]
fn a_failing_sync_stops_all_writes_until_the_next_open() {
    for sync in 1..20 {
        let disk = FaultyDisk::new(sync);
        let (store, _) = open(&disk);
        let mut random = Random(sync);
        let mut model = Model::default();
        model.append(&store, &mut random);
        disk.set_fault(Some(Fault::Sync(sync)));
        for _ in 0..6 {
            model.append(&store, &mut random);
            drop(store.flush());
        }
        assert!(matches!(store.health().state, HealthState::Stopped { .. }), "sync {sync}");
        assert!(matches!(store.append(batch(vec![])), Err(StoreError::Stopped { .. })));
        assert!(matches!(store.flush(), Err(StoreError::Stopped { .. })));
        assert!(rows(&store.snapshot(P)).len() >= model.acknowledged.len(), "reads go on");
        drop(store);
        model.check(&open(&disk.after_power_cut()).0, sync);
    }
}

#[test]
fn an_error_of_the_device_at_any_call_gives_no_wrong_result() {
    for call in (1..150).step_by(2) {
        let disk = FaultyDisk::new(call);
        let (store, _) = open(&disk);
        let mut random = Random(call);
        let mut model = Model::default();
        disk.set_fault(Some(Fault::Error(call)));
        for _ in 0..8 {
            model.step(&store, &mut random);
        }
        drop(store);
        disk.set_fault(None);
        model.check(&open(&disk.after_power_cut()).0, call);
    }
}
