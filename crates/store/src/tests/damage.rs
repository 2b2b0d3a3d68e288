//! Bytes that rot: what is damaged is set aside and named, the rest answers.

use super::*;
use crate::StoreError;
use crate::disk::Disk;
use std::path::PathBuf;

fn find(disk: &FaultyDisk, end: &str) -> PathBuf {
    disk.files().into_iter().find(|path| path.to_string_lossy().ends_with(end)).expect("such a file")
}

#[test]
fn a_flipped_byte_in_the_middle_of_the_wal_costs_one_group_and_is_reported() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    for n in 0..5 {
        store.append(batch(vec![rich(n, &format!("id{n}"), NOW)])).expect("durable");
    }
    drop(store);
    disk.damage(&find(&disk, ".wal"), |bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 4;
    });
    let (store, report) = open(&disk);
    assert_eq!(report.quarantined.len(), 1);
    assert!(disk.files().contains(&report.quarantined[0].path));
    assert_eq!((report.events_replayed, report.torn_bytes), (4, 0));
    assert_eq!(rows(&store.snapshot(P)).len(), 4);
    check_counters(&store);
    assert_eq!(store.append(batch((0..5).map(|n| rich(n, "x", NOW)).collect())).expect("durable").stored, 1);
    store.flush().expect("flushed");
    drop(store);
    assert_eq!(open(&disk).1.quarantined, []);
}

#[test]
fn a_torn_tail_is_dropped_and_reported() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    store.append(batch(vec![rich(1, "a", NOW)])).expect("durable");
    store.append(batch(vec![rich(2, "a", NOW)])).expect("durable");
    drop(store);
    disk.damage(&find(&disk, ".wal"), |bytes| bytes.truncate(bytes.len() - 9));
    let (store, report) = open(&disk);
    assert!(report.torn_bytes > 0 && report.quarantined.is_empty());
    assert_eq!(rows(&store.snapshot(P)).into_keys().collect::<Vec<_>>(), [1]);
    drop(store);
    assert_eq!(open(&disk).1.torn_bytes, 0, "told once");
}

#[test]
fn a_damaged_segment_file_is_left_out_and_named_and_the_rest_answers() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    store.append(batch(vec![rich(1, "a", NOW), rich(2, "a", NOW - DAY)])).expect("durable");
    store.close().expect("closed");
    disk.damage(&find(&disk, ".parquet"), |bytes| bytes[40] ^= 1);
    let (store, _) = open(&disk);
    let snapshot = store.snapshot(P);
    assert_eq!(snapshot.segments().len(), 2);
    let answers: Vec<_> = snapshot.segments().iter().map(|segment| segment.events()).collect();
    assert!(matches!(answers[0], Err(StoreError::Damaged { .. })));
    assert!(answers[1].is_ok());
    let check = |store: &Store| {
        let snapshot = store.snapshot(P);
        assert_eq!(rows(&snapshot).into_keys().collect::<Vec<_>>(), [1]);
        assert_eq!(snapshot.warnings().len(), 1);
    };
    check(&store);
    store.compact().expect("sets it aside");
    check(&store);
    assert!(disk.files().iter().any(|path| path.starts_with("/data/quarantine")));
    drop(store);
    let (store, _) = open(&disk);
    check(&store);
    assert_eq!(store.health().quarantined, 1);
    let again = store.append(batch(vec![rich(1, "a", NOW), rich(2, "a", NOW - DAY)])).expect("durable");
    assert_eq!((again.stored, again.duplicates), (1, vec![0]));
}

#[test]
fn a_missing_or_damaged_sidecar_is_made_again() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    let events: Vec<Event> = (0..600).map(|n| rich(n, "a", NOW)).collect();
    store.append(batch(events.clone())).expect("durable");
    store.close().expect("closed");
    for (flip_at, rebuilt) in [(100, 1), (1, 1), (usize::MAX, 0)] {
        disk.damage(&find(&disk, ".ids"), |bytes| {
            // From the end: a uuid, which is only seen when it is looked up.
            let at = flip_at.min(bytes.len() - 300);
            bytes[at] ^= 1;
        });
        let (store, report) = open(&disk);
        assert_eq!(report.sidecars_rebuilt, rebuilt, "byte {flip_at}");
        let receipt = store.append(batch(events.clone())).expect("durable");
        assert_eq!(receipt.duplicates.len(), 600, "byte {flip_at}");
        assert_eq!(rows(&store.snapshot(P)).len(), 600);
    }
    assert_eq!(open(&disk).1.sidecars_rebuilt, 1, "removed when it was found damaged");
}

#[test]
fn a_damaged_manifest_is_an_error_not_an_empty_store() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    store.append(batch(vec![rich(1, "a", NOW)])).expect("durable");
    store.close().expect("closed");
    disk.damage(&find(&disk, "MANIFEST"), |bytes| bytes[50] ^= 1);
    let result = Store::open(Arc::new(disk), dir(), options(), NOW);
    assert!(matches!(result, Err(StoreError::Damaged { .. })));
}

#[test]
fn a_lost_manifest_is_an_error_and_removes_nothing() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    store.append(batch(vec![rich(1, "a", NOW)])).expect("durable");
    store.close().expect("closed");
    let segment = find(&disk, ".parquet");
    disk.remove(&find(&disk, "MANIFEST")).expect("removed");
    let result = Store::open(Arc::new(disk.clone()), dir(), options(), NOW);
    assert!(matches!(result, Err(StoreError::Damaged { .. })));
    assert!(disk.open(&segment).is_ok(), "the events are still there");
}

#[test]
fn a_lost_first_file_of_the_log_is_told() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    let mut uuid = 0;
    while store.health().wal_files < 3 {
        uuid += 1;
        store.append(batch(vec![rich(uuid, "a", NOW)])).expect("durable");
    }
    drop(store);
    disk.remove(&dir().join("wal/00000001.wal")).expect("removed");
    let (_, report) = open(&disk);
    assert_eq!(report.quarantined.len(), 1);
    assert!(report.quarantined[0].detail.contains("1 to 1 are missing"), "{}", report.quarantined[0].detail);
}

#[test]
fn an_undo_behind_lost_records_is_told_and_not_done_to_another_merge() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    let merge = |uuid: u128, user: &str, anon: &str| {
        batch(vec![event(uuid, "$identify", user, NOW).with("$anon_distinct_id", Value::Text(anon.into())).0])
    };
    store.append(merge(1, "a", "b")).expect("durable");
    store.append(merge(2, "c", "d")).expect("durable");
    store.undo_merge(P, 2, "me", NOW).expect("durable");
    drop(store);
    // The first record.
    disk.damage(&find(&disk, ".wal"), |bytes| bytes[crate::frame::HEAD_BYTES + 40] ^= 4);
    let (store, report) = open(&disk);
    assert_eq!(report.quarantined.len(), 1);
    assert!(report.quarantined[0].detail.contains("undo of a merge"), "{}", report.quarantined[0].detail);
    store.append(merge(3, "e", "f")).expect("durable");
    store.flush().expect("flushed");
    drop(store);
    let (store, _) = open(&disk);
    assert!(store.merges(P).iter().all(|merge| merge.undone.is_none()));
    assert_eq!(store.person(P, "f").expect("known").distinct_ids, ["e", "f"], "a later merge stands");
}
