//! Verify: silent about what is right, never silent about a flipped byte; and checkpoints, which it also reads.

use super::mishap::{Model, Random};
use super::*;
use crate::disk::Disk;
use crate::verify::{Finding, Severity, verify};
use crate::{Checkpoint, RealDisk};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

fn findings(disk: &FaultyDisk) -> Vec<Finding> {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    verify(&disk, dir(), &mut |_| {}).expect("readable").findings
}

/// A directory with every kind of file in it, live and whole.
fn everything() -> FaultyDisk {
    let disk = FaultyDisk::new(3);
    let (store, _) = open(&disk);
    let mut model = Model::default();
    let mut random = Random(3);
    for _ in 0..3 {
        for _ in 0..4 {
            model.append(&store, &mut random);
        }
        store.flush().expect("flushed");
    }
    for _ in 0..6 {
        model.append(&store, &mut random);
    }
    drop(store);
    // It holds nothing.
    disk.remove(&dir().join("RESERVE")).expect("removed");
    disk
}

#[test]
fn nothing_is_found_where_nothing_is_wrong_and_everything_is_read() {
    let disk = everything();
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let mut seen = BTreeSet::new();
    let report = verify(&shared, dir(), &mut |path| {
        seen.insert(dir().join(path));
    })
    .expect("readable");
    assert_eq!(report.findings, []);
    assert_eq!(disk.files().into_iter().collect::<BTreeSet<PathBuf>>(), seen);
    let (store, _) = open(&disk);
    assert_eq!(rows(&store.snapshot(P)).len() as u64, report.rows + report.wal_rows);
}

#[test]
fn one_flipped_byte_in_any_live_file_is_found() {
    let disk = everything();
    let files = disk.files();
    let mut kinds = BTreeSet::new();
    let mut places: Vec<(PathBuf, usize)> = Vec::new();
    let mut random = Random(11);
    for path in files {
        kinds.insert(path.extension().map(std::ffi::OsStr::to_owned));
        let file = disk.open(&path).expect("there");
        let len = file.len().expect("known") as usize;
        let ends = [0, 9, 31, len / 2, len - 1];
        let samples = (0..if thorough() { 400 } else { 25 }).map(|_| random.below(len as u64) as usize);
        places.extend(ends.into_iter().chain(samples).map(|at| (path.clone(), at)));
    }
    assert_eq!(kinds.len(), 6, "WAL, Parquet, sidecar, log, counters, manifest: {kinds:?}");
    in_parallel(0..places.len() as u64, |number| {
        let (path, at) = &places[number as usize];
        let disk = disk.after_kill();
        disk.damage(path, |bytes| bytes[*at] ^= 1 << (number % 8));
        let found = findings(&disk);
        let worst = found.iter().map(|finding| finding.severity).max();
        assert!(worst >= Some(Severity::Warning), "{} byte {at}: {found:?}", path.display());
        let is_log = path.extension().is_some_and(|end| end == "wal");
        assert!(is_log || worst == Some(Severity::Error), "{} byte {at}: {found:?}", path.display());
        let named = found.iter().any(|finding| dir().join(&finding.path) == *path);
        assert!(named, "{} byte {at}: {found:?}", path.display());
    });
}

#[test]
fn a_missing_file_is_found_and_leftovers_are_told_apart() {
    let disk = everything();
    let is_log = |path: &&PathBuf| path.extension().is_some_and(|end| end == "wal");
    let files = disk.files();
    let last_log = files.iter().filter(is_log).max();
    for path in &files {
        let left = disk.after_kill();
        left.remove(path).expect("removed");
        let found = findings(&left);
        // Nothing tells that there was a file behind the last one of the log.
        assert!(Some(path) == last_log || !found.is_empty(), "{}", path.display());
    }
    let left = disk.after_kill();
    let path = dir().join("segments/1/2026-11-23/00000999.parquet");
    left.create(&path).expect("created");
    let found = findings(&left);
    assert_eq!(found.iter().map(|finding| finding.severity).collect::<Vec<_>>(), [Severity::Note], "{found:?}");
}

#[test]
fn an_event_that_is_there_twice_is_found() {
    let disk = FaultyDisk::new(3);
    let (store, _) = open(&disk);
    store.append(batch(vec![rich(1, "a", NOW)])).expect("durable");
    store.flush().expect("flushed");
    let log = dir().join("wal/00000002.wal");
    store.append(batch(vec![rich(2, "a", NOW)])).expect("durable");
    let file = disk.open(&log).expect("there");
    let bytes = crate::frame::read_all(&*file, &log).expect("readable");
    store.flush().expect("flushed");
    store.append(batch(vec![rich(3, "a", NOW)])).expect("durable");
    drop(store);
    // A log whose event is in a file already, under the number of the live one.
    disk.damage(&dir().join("wal/00000003.wal"), |live| {
        let head = crate::frame::Head { number: 3, extra: bytes.len() as u64 };
        *live = [crate::frame::head(&crate::frame::WAL, head).as_slice(), &bytes[crate::frame::HEAD_BYTES..]].concat();
    });
    let found = findings(&disk);
    assert!(found.iter().any(|finding| finding.detail.contains("there twice")), "{found:?}");
}

#[test]
fn after_any_power_cut_verify_finds_leftovers_at_most() {
    in_parallel(0..60, |seed| {
        let mut random = Random(seed);
        let disk = FaultyDisk::new(seed);
        disk.set_fault(Some(crate::disk::faulty::Fault::PowerOff(20 + random.below(240))));
        let mut model = Model::default();
        if let Ok((store, _)) = Store::open(Arc::new(disk.clone()), dir(), options(), NOW) {
            for _ in 0..14 {
                model.step(&store, &mut random);
            }
        }
        disk.set_fault(Some(crate::disk::faulty::Fault::PowerOff(0)));
        let left = disk.after_power_cut();
        let wrong: Vec<Finding> =
            findings(&left).into_iter().filter(|finding| finding.severity == Severity::Error).collect();
        // A group that was being written may have reached the disk in pieces: only its own bytes are doubtful.
        let is_torn = |finding: &Finding| finding.detail.contains("half-written at a power cut");
        assert!(wrong.iter().all(is_torn), "seed {seed}: {wrong:?}");
    });
}

/// Copies what counts of a checkpoint, as a backup does.
fn copy_out(from: &Path, checkpoint: &Checkpoint, to: &Path) {
    for file in &checkpoint.files {
        let path = to.join(&file.path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let bytes = std::fs::read(from.join(&file.path)).expect("readable");
        let bytes = &bytes[..file.bytes as usize];
        if let Some(xxh3) = file.xxh3 {
            assert_eq!(xxhash_rust::xxh3::xxh3_64(bytes), xxh3);
        }
        std::fs::write(path, bytes).expect("written");
    }
}

#[test]
fn a_checkpoint_under_load_holds_exactly_what_its_snapshot_shows() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let (store, _) = Store::open(Arc::new(RealDisk), &data, options(), NOW).expect("opens");
    let stop = AtomicBool::new(false);
    let mut made = Vec::new();
    let receipts: Vec<(u128, u64)> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..2u128)
            .map(|writer| {
                let (store, stop) = (&store, &stop);
                scope.spawn(move || {
                    let mut receipts = Vec::new();
                    for number in 0.. {
                        if stop.load(Ordering::Relaxed) {
                            return receipts;
                        }
                        let uuid = writer << 64 | number;
                        let event = rich(uuid, &format!("id{}", number % 50), NOW - (number as i64 % 3) * DAY);
                        let not_stored = vec![failed(&uuid.to_string())];
                        let batch = Batch { not_stored, ..batch(vec![event]) };
                        receipts.push((uuid, store.append(batch).expect("durable").snapshot));
                    }
                    receipts
                })
            })
            .collect();
        for number in 0..5 {
            let to = folder.path().join(format!("frozen{number}"));
            std::fs::create_dir(&to).expect("made");
            let checkpoint = store.checkpoint(&to).expect("made");
            // Merges and expiry remove files that the checkpoint holds.
            store.compact().expect("merged");
            store.expire(NOW + 30 * DAY).expect("expired");
            made.push((to, checkpoint));
        }
        stop.store(true, Ordering::Relaxed);
        writers.into_iter().flat_map(|writer| writer.join().expect("wrote")).collect()
    });
    for (number, (frozen, checkpoint)) in made.iter().enumerate() {
        let copy = folder.path().join(format!("copy{number}"));
        copy_out(frozen, checkpoint, &copy);
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        assert_eq!(verify(&disk, &copy, &mut |_| {}).expect("readable").findings, [], "checkpoint {number}");
        let (restored, report) = Store::open(Arc::new(RealDisk), &copy, options(), NOW).expect("opens");
        assert_eq!((report.quarantined.len(), report.events_replayed), (0, 0));
        let snapshot = checkpoint.snapshots.get(&P).copied().unwrap_or(0);
        let wanted: BTreeSet<u128> = receipts.iter().filter(|(_, id)| *id <= snapshot).map(|(uuid, _)| *uuid).collect();
        let there: BTreeSet<u128> = rows(&restored.snapshot(P)).into_keys().collect();
        assert_eq!(there, wanted, "checkpoint {number}: up to snapshot {snapshot}, no less, no more");
        check_counters(&restored);
    }
    assert!(made[4].1.rows > 0);
}
