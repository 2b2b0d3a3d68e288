//! Power cuts, full disks and failing syncs at random and at every point; the model is a plain set.

use super::mishap::{Model, Random};
use super::*;
use crate::disk::faulty::Fault;
use crate::{HealthState, StoreError};

/// One life of a store under a fault, then its end: of the process alone, or of the power.
fn live(disk: &FaultyDisk, model: &mut Model, random: &mut Random) -> FaultyDisk {
    let at = 1 + random.below(260);
    disk.set_fault(Some(match random.below(12) {
        0 => Fault::Full(at),
        1 => Fault::FullOnce(at),
        2 => Fault::Short(1 + at / 4),
        3 => Fault::Error(at),
        4 => Fault::Sync(1 + at / 6),
        _ => Fault::PowerOff(at),
    }));
    if let Ok((store, _)) = Store::open(Arc::new(disk.clone()), dir(), options(), NOW) {
        for _ in 0..14 {
            model.step(&store, random);
        }
    }
    disk.set_fault(Some(Fault::PowerOff(0)));
    if random.below(4) == 0 { disk.after_kill() } else { disk.after_power_cut() }
}

#[test]
fn after_faults_and_power_cuts_at_random_every_acknowledged_event_is_there_once() {
    let seeds = seeds();
    println!("{seeds} seeds");
    in_parallel(0..seeds, |seed| {
        let mut random = Random(seed);
        let mut disk = FaultyDisk::new(seed);
        let mut model = Model::default();
        for _life in 0..3 {
            disk = live(&disk, &mut model, &mut random);
        }
        let (store, report) = open(&disk);
        assert!(report.quarantined.is_empty(), "seed {seed}: {:?}", report.quarantined);
        model.check(&store, &("seed", seed));
        store.flush().expect("flushed");
        store.compact().expect("compacted");
        drop(store);
        let (store, _) = open(&disk);
        assert_eq!(rows(&store.snapshot(P)).len() as u64, store.outcomes(P).stored, "seed {seed}");
    });
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
        model.check(&store, &("call", call));
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
        model.check(&open(&disk).0, &("seed", seed));
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
        model.check(&open(&disk.after_power_cut()).0, &("sync", sync));
    }
}
