//! Each call in turn fails: refused for want of space, cut short, or failed by the device.

use super::mishap::{Model, Random};
use super::*;
use crate::HealthState;
use crate::disk::faulty::Fault;

const CALLS: u64 = 300;

/// A run of everything that a store does to its disk: three openings, appends, flushes, merges of files and of
/// persons, undo, marks and expiry.
fn script(disk: &FaultyDisk, model: &mut Model) -> Option<Arc<Store>> {
    let mut random = Random(7);
    let mut last = None;
    for _life in 0..3 {
        drop(last.take());
        if let Ok((store, _)) = Store::open(Arc::new(disk.clone()), dir(), options(), NOW) {
            for _ in 0..16 {
                model.step(&store, &mut random);
            }
            last = Some(store);
        }
    }
    last
}

/// Opens what is left, after an end of the process and after a power cut.
fn check_after(disk: &FaultyDisk, model: &Model, what: &dyn std::fmt::Debug) {
    disk.set_fault(None);
    for left in [disk.after_kill(), disk.after_power_cut()] {
        let (store, report) = open(&left);
        assert!(report.quarantined.is_empty(), "{what:?}: {:?}", report.quarantined);
        model.check(&store, what);
    }
}

#[test]
fn the_script_is_long_enough() {
    let disk = FaultyDisk::new(0);
    script(&disk, &mut Model::default());
    assert!(disk.calls() >= CALLS, "{} calls", disk.calls());
}

#[test]
fn a_device_error_at_each_call_gives_no_wrong_result() {
    in_parallel(1..CALLS + 1, |call| {
        let disk = FaultyDisk::new(call);
        disk.set_fault(Some(Fault::Error(call)));
        let mut model = Model::default();
        drop(script(&disk, &mut model));
        check_after(&disk, &model, &("device error", call));
    });
}

#[test]
fn a_disk_full_from_each_call_on_refuses_and_goes_on_by_itself_when_there_is_space() {
    in_parallel(1..CALLS + 1, |call| refused(Fault::Full(call)));
}

#[test]
fn a_disk_full_at_each_call_alone_refuses_and_goes_on_by_itself() {
    in_parallel(1..CALLS + 1, |call| refused(Fault::FullOnce(call)));
}

#[test]
fn a_write_cut_short_at_each_append_refuses_and_goes_on_by_itself() {
    let disk = FaultyDisk::new(0);
    script(&disk, &mut Model::default());
    in_parallel(1..disk.appends() + 1, |append| refused(Fault::Short(append)));
}

fn refused(fault: Fault) {
    let disk = FaultyDisk::new(5);
    disk.set_fault(Some(fault));
    let mut model = Model::default();
    let store = script(&disk, &mut model);
    if let Some(store) = store {
        assert!(!matches!(store.health().state, HealthState::Stopped { .. }), "{fault:?}: {:?}", store.health());
        disk.set_fault(None);
        model.sent.insert(1 << 90);
        model.received_at_most += 1;
        model.received += 1;
        store.append(batch(vec![rich(1 << 90, "probe", NOW)])).expect("there is space again");
        model.acknowledged.insert(1 << 90);
        assert_eq!(store.health().state, HealthState::Ready, "{fault:?}");
        store.flush().expect("flushed");
        store.compact().expect("compacted");
        assert!(rows(&store.snapshot(P)).len() >= model.acknowledged.len(), "{fault:?}");
    }
    check_after(&disk, &model, &fault);
}
