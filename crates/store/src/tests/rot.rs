//! A log cut or flipped at every byte, a segment file damaged in every region: what is whole stays, what is lost is told.

use super::*;
use crate::disk::Disk;
use crate::frame::{self, HEAD_BYTES};
use crate::{StoreError, wal};
use std::path::PathBuf;

const KIB: usize = 1 << 10;

/// A data directory that has only a log; the bytes of its files; of each record of the first: where, and whose uuid.
struct Log {
    disk: FaultyDisk,
    bytes: Vec<u8>,
    records: Vec<(usize, usize, u128)>,
    options: StoreOptions,
}

impl Log {
    /// One event in each record, `files` files of about `bytes_max` bytes.
    fn new(bytes_max: usize, files: usize) -> Log {
        let options = StoreOptions { wal_file_bytes_max: bytes_max as u64, ..options() };
        let disk = FaultyDisk::new(9);
        let (store, _) = Store::open(Arc::new(disk.clone()), dir(), options.clone(), NOW).expect("opens");
        for uuid in 0.. {
            if store.health().wal_files == files && store.health().wal_bytes >= (bytes_max * files) as u64 {
                break;
            }
            store.append(batch(vec![rich(uuid, &format!("id{uuid}"), NOW)])).expect("durable");
        }
        drop(store);
        // It is made again at each open and only costs time here.
        disk.remove(&dir().join("RESERVE")).expect("removed");
        let path = wal::path_of(dir(), 1);
        let bytes = frame::read_all(&*disk.open(&path).expect("there"), &path).expect("readable");
        let mut records = Vec::new();
        let mut at = HEAD_BYTES;
        while let Ok(Some(frame)) = frame::read_frame(&bytes, at) {
            records.push((at, frame.end, records.len() as u128));
            at = frame.end;
        }
        assert_eq!(at, bytes.len());
        Log { disk, bytes, records, options }
    }

    fn open(&self, disk: &FaultyDisk) -> (Arc<Store>, OpenReport) {
        Store::open(Arc::new(disk.clone()), dir(), self.options.clone(), NOW).expect("opens")
    }

    /// Opens with `change` done to the first file; checks that exactly the uuids of `kept` and those of later files
    /// are there, then that the store goes on. Returns what the open told.
    fn check(&self, change: impl FnOnce(&mut Vec<u8>), kept: impl Fn(usize, usize) -> bool, what: usize) -> OpenReport {
        let disk = self.disk.after_kill();
        disk.damage(&wal::path_of(dir(), 1), change);
        let (store, report) = self.open(&disk);
        let in_first = self.records.len() as u128;
        let there: Vec<u128> = rows(&store.snapshot(P)).into_keys().collect();
        let kept: Vec<u128> =
            self.records.iter().filter(|(from, to, _)| kept(*from, *to)).map(|(_, _, uuid)| *uuid).collect();
        assert_eq!(there.iter().copied().filter(|uuid| *uuid < in_first).collect::<Vec<_>>(), kept, "byte {what}");
        assert_eq!(report.events_replayed, there.len() as u64);
        check_counters(&store);
        if what.is_multiple_of(61) {
            store.append(batch(vec![rich(1 << 90, "probe", NOW)])).expect("durable");
            drop(store);
            let (store, again) = self.open(&disk);
            assert_eq!(again.torn_bytes, 0, "byte {what}: told once");
            assert_eq!(rows(&store.snapshot(P)).len(), there.len() + 1, "byte {what}");
            store.flush().expect("flushed");
            drop(store);
            assert_eq!(self.open(&disk).1.quarantined, [], "byte {what}");
        }
        report
    }

    /// Bytes to try: all of the last 64 KiB, or of a small file a sample and all around its ends.
    fn places(&self) -> Vec<u64> {
        let len = self.bytes.len();
        let near_an_end = |at: usize| at < 2 * HEAD_BYTES || at + 300 > len;
        (len.saturating_sub(64 * KIB)..len)
            .filter(|at| thorough() || near_an_end(*at) || at % 7 == 0)
            .map(|at| at as u64)
            .collect()
    }

    fn each_place(&self, case: impl Fn(usize) + Sync) {
        let places = self.places();
        in_parallel(0..places.len() as u64, |index| case(places[index as usize] as usize));
    }
}

fn size() -> usize {
    if thorough() { 72 * KIB } else { 4 * KIB }
}

#[test]
fn a_log_cut_at_any_byte_keeps_the_whole_records_before_and_tells_the_torn_bytes() {
    let log = Log::new(size(), 1);
    log.each_place(|cut| {
        let report = log.check(|bytes| bytes.truncate(cut), |_, to| to <= cut, cut);
        let whole = log.records.iter().map(|record| record.1).filter(|end| *end <= cut).max();
        // Without a whole head nothing is known of the file.
        let whole = whole.unwrap_or(if cut < HEAD_BYTES { 0 } else { HEAD_BYTES });
        assert_eq!(report.torn_bytes, (cut - whole) as u64, "cut at {cut}");
        assert_eq!(report.quarantined, [], "cut at {cut}");
    });
}

#[test]
fn a_flipped_byte_anywhere_in_a_log_costs_one_record_and_is_told() {
    let log = Log::new(size(), 1);
    log.each_place(|at| {
        let report = log.check(|bytes| bytes[at] ^= 1 << (at % 8), |from, to| !(from..to).contains(&at), at);
        // The last group may have been half-written; everything before it was acknowledged.
        let last = log.records.last().expect("records").0;
        assert_eq!(report.torn_bytes > 0, at >= last, "byte {at}");
        assert_eq!(report.quarantined.len(), usize::from(at < last), "byte {at}");
    });
}

#[test]
fn a_log_cut_before_its_next_file_is_told_as_damage_at_any_byte() {
    let log = Log::new(4 * KIB, 2);
    log.each_place(|cut| {
        let report = log.check(|bytes| bytes.truncate(cut), |_, to| to <= cut, cut);
        assert_eq!((report.torn_bytes, report.quarantined.len()), (0, 1), "cut at {cut}");
    });
}

/// What can be wrong with a segment file.
#[derive(Debug, Clone, Copy)]
enum Rot {
    /// A bit at this thousandth of the file.
    Flip(usize),
    /// A bit so many bytes before the end.
    FlipFromEnd(usize),
    Cut(usize),
    Empty,
    Longer,
    Missing,
}

fn rot(disk: &FaultyDisk, path: &Path, how: Rot) {
    if let Rot::Missing = how {
        return disk.remove(path).expect("removed");
    }
    disk.damage(path, |bytes| {
        let len = bytes.len();
        match how {
            Rot::Flip(thousandth) => bytes[len * thousandth / 1000] ^= 1,
            Rot::FlipFromEnd(back) => bytes[len - back] ^= 0x80,
            Rot::Cut(thousandth) => bytes.truncate(len * thousandth / 1000),
            Rot::Empty => bytes.clear(),
            Rot::Longer => bytes.push(0),
            Rot::Missing => {}
        }
    });
}

#[test]
fn a_segment_file_damaged_in_any_region_is_set_aside_and_named_and_the_rest_answers() {
    let stride = if thorough() { 1 } else { 50 };
    let flips = (0..1000).step_by(stride).map(Rot::Flip);
    // Footer: magic, its length, its last fields.
    let footer = [1, 4, 5, 8, 9, 40].map(Rot::FlipFromEnd);
    let all: Vec<Rot> = flips
        .chain(footer)
        .chain([Rot::Cut(0), Rot::Cut(500), Rot::Cut(999), Rot::Empty, Rot::Longer, Rot::Missing])
        .collect();
    let written = FaultyDisk::new(1);
    let (store, _) = open(&written);
    let events: Vec<Event> = (0..80).map(|n| rich(n, &format!("id{n}"), NOW - (n as i64 % 2) * DAY)).collect();
    store.append(batch(events.clone())).expect("durable");
    store.close().expect("closed");
    drop(store);
    written.remove(&dir().join("RESERVE")).expect("removed");
    let is_segment = |path: &PathBuf| path.extension().is_some_and(|end| end == "parquet");
    // The day before comes first in the order of names: odd uuids.
    let path = written.files().into_iter().find(is_segment).expect("a segment file");
    in_parallel(0..all.len() as u64 * 2, |number| {
        let (how, without_sidecar) = (all[number as usize / 2], number % 2 == 1);
        let disk = written.after_kill();
        rot(&disk, &path, how);
        if without_sidecar {
            disk.remove(&path.with_extension("ids")).expect("removed");
        }
        set_aside(&disk, &events, without_sidecar, how);
    });
}

fn set_aside(disk: &FaultyDisk, events: &[Event], without_sidecar: bool, how: Rot) {
    let (store, report) = open(disk);
    if without_sidecar {
        assert_eq!(report.quarantined.len(), 1, "{how:?}: found when the sidecar is made again");
    } else {
        let snapshot = store.snapshot(P);
        let first = snapshot.segments().iter().find(|segment| i64::from(segment.day()) < TODAY).expect("its day");
        assert!(matches!(first.event_at(), Err(StoreError::Damaged { .. })), "{how:?}");
    }
    let check = |store: &Store| {
        let snapshot = store.snapshot(P);
        assert_eq!(rows(&snapshot).into_keys().collect::<Vec<_>>(), (0..80).step_by(2).collect::<Vec<_>>(), "{how:?}");
        assert_eq!(snapshot.warnings().len(), 1, "{how:?}");
    };
    check(&store);
    store.compact().expect("sets it aside");
    check(&store);
    let aside = disk.files().iter().any(|path| path.starts_with("/data/quarantine"));
    assert_eq!(aside, !matches!(how, Rot::Missing), "{how:?}: kept as evidence");
    drop(store);
    let (store, report) = open(disk);
    assert_eq!(report.quarantined, [], "{how:?}: told once");
    check(&store);
    let again = store.append(batch(events.to_vec())).expect("durable");
    assert_eq!((again.stored, again.duplicates.len()), (40, 40), "{how:?}: what is lost is welcome again");
    assert_eq!(rows(&store.snapshot(P)).len(), 80, "{how:?}");
}
