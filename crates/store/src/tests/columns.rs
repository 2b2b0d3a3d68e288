//! Columns kept as files: they save reading and change no answer, whatever becomes of them.

use super::*;
use crate::RealDisk;
use crate::disk::Disk;
use crate::disk::faulty::Fault;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn kept_options() -> StoreOptions {
    StoreOptions { column_files_bytes: 1 << 20, ..options() }
}

fn open_kept(disk: &FaultyDisk) -> Arc<Store> {
    Store::open(Arc::new(disk.clone()), dir(), kept_options(), NOW).expect("opens").0
}

/// 60 events of three days in files.
fn filled(disk: &FaultyDisk) -> (Arc<Store>, BTreeMap<u128, Event>) {
    let store = open_kept(disk);
    let events = (0..60u128).map(|n| rich(n, &format!("id{}", n % 9), NOW - (n as i64 % 3) * DAY)).collect();
    store.append(batch(events)).expect("durable");
    store.flush().expect("flushed");
    let all = rows(&store.snapshot(P));
    (store, all)
}

fn kept(disk: &FaultyDisk) -> Vec<PathBuf> {
    disk.files().into_iter().filter(|path| path.starts_with(dir().join("columns"))).collect()
}

#[test]
fn a_restart_reads_columns_from_their_files_and_not_the_segment() {
    let disk = FaultyDisk::new(1);
    let (store, all) = filled(&disk);
    // ordinal, event_at, event, session_id and the five properties of each of three days.
    assert_eq!(kept(&disk).len(), 3 * (4 + 5));
    let bytes = kept(&disk).iter().map(|path| disk.open(path).and_then(|file| file.len()).expect("there")).sum::<u64>();
    assert_eq!(store.health().column_files_bytes, bytes);
    store.close().expect("closed");
    drop(store);
    let store = open_kept(&disk);
    assert_eq!(store.health().column_files_bytes, bytes);
    // A file that is not read cannot be found to be damaged.
    let segments: Vec<PathBuf> =
        disk.files().into_iter().filter(|path| path.extension().is_some_and(|end| end == "parquet")).collect();
    for path in &segments {
        disk.damage(path, |bytes| bytes[20] ^= 1);
    }
    let snapshot = store.snapshot(P);
    let mut events = 0;
    for segment in snapshot.segments() {
        assert_eq!(segment.ordinals().expect("kept").len(), segment.rows());
        let (names, pages) = (segment.events().expect("kept"), segment.property("page").expect("kept"));
        events +=
            (0..segment.rows()).filter(|row| names.get(*row) == Some("visit") && pages.get(*row).is_some()).count();
        assert!(segment.uuids().is_err(), "not kept, so the file is read and its damage is found");
    }
    assert_eq!(events, all.len());
    assert!(store.snapshot(P).segments().is_empty(), "what is known to be damaged is left out");
}

#[test]
fn damaged_cut_and_foreign_files_are_made_again() {
    let disk = FaultyDisk::new(2);
    let (store, all) = filled(&disk);
    drop(store);
    let files = kept(&disk);
    for (number, path) in files.iter().enumerate() {
        let other = {
            let file = disk.open(&files[(number + 1) % files.len()]).expect("there");
            let mut bytes = vec![0; file.len().expect("known") as usize];
            file.read_exact_at(&mut bytes, 0).expect("readable");
            bytes
        };
        disk.damage(path, |bytes| match number % 3 {
            0 => bytes[number] ^= 0x10,
            1 => bytes.truncate(bytes.len() / 2),
            _ => *bytes = other,
        });
    }
    disk.create(&dir().join("columns/7.tmp")).expect("made");
    let store = open_kept(&disk);
    assert_eq!(rows(&store.snapshot(P)), all);
    assert_eq!(kept(&disk), files, "all are there again, and nothing else");
    drop(store);
    for path in &files {
        disk.remove(path).expect("removed");
    }
    assert_eq!(rows(&open_kept(&disk).snapshot(P)), all);
    assert_eq!(kept(&disk), files);
}

#[test]
fn they_go_with_their_segment_and_stay_within_their_bytes() {
    let disk = FaultyDisk::new(3);
    let (store, mut all) = filled(&disk);
    for n in 60..70u128 {
        store.append(batch(vec![rich(n, "id1", NOW)])).expect("durable");
        store.flush().expect("flushed");
    }
    all.extend((60..70u128).map(|n| (n, Event { received_at: NOW, ..rich(n, "id1", NOW) })));
    store.compact().expect("merged");
    assert_eq!(rows(&store.snapshot(P)), all);
    let of = |path: &PathBuf| path.file_name()?.to_str()?.split('-').nth(1).map(str::to_owned);
    let segments: BTreeSet<String> = kept(&disk).iter().filter_map(of).collect();
    assert_eq!(segments.len(), store.snapshot(P).segments().len(), "those of merged files are gone");
    let bytes = store.health().column_files_bytes;
    drop(store);
    let few = StoreOptions { column_files_bytes: bytes / 2, ..kept_options() };
    let (store, _) = Store::open(Arc::new(disk.clone()), dir(), few, NOW).expect("opens");
    assert!(store.health().column_files_bytes <= bytes / 2);
    assert_eq!(rows(&store.snapshot(P)), all);
    assert!((1..=bytes / 2).contains(&store.health().column_files_bytes));
    drop(store);
    // Room for a few columns of one segment only.
    let few = StoreOptions { column_files_bytes: 1_500, ..kept_options() };
    let (store, _) = Store::open(Arc::new(disk.clone()), dir(), few, NOW).expect("opens");
    assert_eq!(rows(&store.snapshot(P)), all);
    assert!((1..=1_500).contains(&store.health().column_files_bytes), "{}", store.health().column_files_bytes);
    drop(store);
    // With none, what is there is removed.
    assert_eq!(rows(&open(&disk).0.snapshot(P)), all);
    assert!(kept(&disk).is_empty());
}

#[test]
fn a_disk_that_refuses_them_is_read_as_before() {
    let disk = FaultyDisk::new(4);
    let (store, all) = filled(&disk);
    for path in kept(&disk) {
        disk.remove(&path).expect("removed");
    }
    drop(store);
    for n in 1..80 {
        let disk = disk.after_kill();
        let store = open_kept(&disk);
        disk.set_fault(Some(Fault::Full(n)));
        assert_eq!(rows(&store.snapshot(P)), all, "full from call {n}");
        disk.set_fault(Some(Fault::Short(n)));
        assert_eq!(rows(&store.snapshot(P)), all, "torn at append {n}");
    }
}

#[test]
fn a_real_disk_maps_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || Store::open(Arc::new(RealDisk), folder.path(), kept_options(), NOW).expect("opens").0;
    let store = open();
    let events = (0..60u128).map(|n| rich(n, &format!("id{}", n % 9), NOW)).collect();
    store.append(batch(events)).expect("durable");
    store.flush().expect("flushed");
    let all = rows(&store.snapshot(P));
    store.close().expect("closed");
    drop(store);
    let store = open();
    let kept = store.health().column_files_bytes;
    assert_eq!(rows(&store.snapshot(P)), all);
    let snapshot = store.snapshot(P);
    let mapped = snapshot.segments()[0].event_at().expect("kept");
    store.compact().expect("merged");
    drop(snapshot);
    // The file may go while somebody reads.
    assert_eq!(mapped.len(), 60);
    // Nothing is kept where the disk has little room left.
    assert!(kept == 0 || kept == store.health().column_files_bytes, "{kept}");
}
