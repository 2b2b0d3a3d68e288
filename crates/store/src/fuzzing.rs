//! Targets of fuzzing: each reads any bytes as a file of one of our formats. Run by `fuzz/` and by the test below,
//! which reads the corpus that is kept.

use crate::codec::Reader;
use crate::dedup::sidecar;
use crate::disk::{Disk, faulty::FaultyDisk};
use crate::frame::{self, HEAD_BYTES};
use crate::manifest::SegmentEntry;
use crate::persons;
use crate::segment::cache::{ColumnCache, ColumnName};
use crate::segment::column_file::{self, Key};
use crate::segment::format;
use crate::segment::reader::FileSegment;
use crate::segment::stats::{SegmentStats, StatsMemory};
use crate::wal::{reader, record};
use model::ProjectId;
use std::path::Path;
use std::sync::Arc;

/// Name and function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("wal", wal),
    ("record", record),
    ("identity", identity),
    ("sidecar", sidecar),
    ("segment", segment),
    ("column", column),
    ("manifest", manifest),
];

const DIR: &str = "/data";

/// A WAL file: whole records before any damage are read, and none of them panics.
fn wal(bytes: &[u8]) {
    let good = frame::read_head(&frame::WAL, Path::new(DIR), bytes).is_ok();
    let scan = reader::scan(bytes, good, None);
    assert!(scan.torn_from <= bytes.len());
    for at in scan.records {
        if let Ok(Some(frame)) = frame::read_frame(bytes, at) {
            payload(frame.kind, &frame.payload);
        }
    }
}

/// The payload of one record, past the checksum that stops random bytes in a file.
fn record(bytes: &[u8]) {
    if let Some((kind, rest)) = bytes.split_first() {
        payload(*kind % 4, rest);
    }
}

fn payload(kind: u8, payload: &[u8]) {
    if kind == record::BATCH {
        if let Ok(batch) = record::decode_batch(payload) {
            for row in &batch.rows {
                let _ = batch.event(row);
            }
        }
    } else {
        let _ = record::Command::decode(kind, payload);
    }
}

fn identity(bytes: &[u8]) {
    let mut reader = Reader::new(bytes);
    while !reader.is_empty() {
        if persons::entry::Entry::decode(&mut reader).is_err() {
            break;
        }
    }
    let disk = FaultyDisk::new(1);
    let path = persons::log::path_of(Path::new(DIR), ProjectId(1));
    if put(&disk, &path, bytes) {
        let _ = persons::log::read(&disk, Path::new(DIR), ProjectId(1), bytes.len() as u64);
    }
}

fn put(disk: &FaultyDisk, path: &Path, bytes: &[u8]) -> bool {
    path.parent().is_some_and(|folder| disk.create_dir_all(folder).is_ok())
        && disk.create(path).and_then(|file| file.append(bytes)).is_ok()
}

fn entry_of(bytes: &[u8], rows: u64) -> SegmentEntry {
    let xxh3 = xxhash_rust::xxh3::xxh3_64(bytes);
    SegmentEntry { day: 20_780, number: 3, rows, bytes: bytes.len() as u64, xxh3, first_at: 0, last_at: 0 }
}

/// A sidecar, framed with right checksums, so that its content is reached.
fn sidecar(bytes: &[u8]) {
    let disk = FaultyDisk::new(1);
    let path = Path::new(DIR).join("x.ids");
    let entry = entry_of(&[], 2);
    let mut file = frame::head(&frame::SIDECAR, frame::Head { number: entry.number, extra: entry.xxh3 }).to_vec();
    frame::put_frame(&mut file, 0, entry.rows, bytes);
    file.extend_from_slice(&[7; 32]);
    if put(&disk, &path, &file) {
        let _ = sidecar::load(&disk, &path, &entry);
    }
    if let Ok(Some(frame)) = frame::read_frame(bytes, HEAD_BYTES.min(bytes.len())) {
        assert!(frame.end <= bytes.len());
    }
}

/// Bytes as a segment file whose checksum in the manifest is right: what is in it may still be anything.
fn segment(bytes: &[u8]) {
    let disk = FaultyDisk::new(1);
    let (dir, project) = (Path::new(DIR), ProjectId(1));
    for rows in [3, 1] {
        let entry = entry_of(bytes, rows);
        let path = format::path_of(dir, project, entry.day, entry.number);
        if !put(&disk, &path, bytes) {
            return;
        }
        let cache = Arc::new(ColumnCache::new(1 << 20, None));
        let mut stats = SegmentStats { more_properties: true, ..SegmentStats::default() };
        let memory = Arc::new(StatsMemory::default());
        let open = |stats| {
            let (disk, cache) = (Arc::new(disk.clone()), Arc::clone(&cache));
            FileSegment::new(disk, dir, project, entry.clone(), memory.hold(stats), cache)
        };
        if let Ok(own) = open(stats.clone()).read_stats() {
            stats = own;
        }
        let keys: Vec<Box<str>> = stats.properties.keys().take(8).cloned().collect();
        for name in [ColumnName::Ordinals, ColumnName::Uuids, ColumnName::EventAt, ColumnName::Sessions] {
            let _ = open(stats.clone()).column(name);
        }
        for key in keys.iter().map(|key| &**key).chain(["no-such-key"]) {
            let _ = open(stats.clone()).property(key);
        }
        let _ = open(stats.clone()).rows_at(&[0, 1, 2]);
        let file = open(stats);
        let Ok(mut reader) = file.rows(None) else { continue };
        while let Ok(Some(batch)) = reader.next_batch() {
            for row in 0..batch.len() {
                if let Ok(row) = batch.row(row) {
                    let _ = row.to_event();
                }
            }
        }
    }
}

/// A kept column of which all is right but what follows its checksum.
fn column(bytes: &[u8]) {
    for name in [ColumnName::Ordinals, ColumnName::EventAt, ColumnName::Events, ColumnName::Property("a".into())] {
        column_file::read_unchecked(&Key { xxh3: 1, rows: 3, name: &name }, bytes);
    }
}

fn manifest(bytes: &[u8]) {
    let disk = FaultyDisk::new(1);
    let mut file = frame::head(&frame::MANIFEST, frame::Head { number: 1, extra: 0 }).to_vec();
    frame::put_frame(&mut file, 0, 1, bytes);
    for bytes in [bytes, &file] {
        if put(&disk, &Path::new(DIR).join("MANIFEST"), bytes) {
            let _ = crate::manifest::read(&disk, Path::new(DIR));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_is_read_without_harm() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
        for (name, run) in TARGETS {
            let mut inputs = 0;
            for entry in std::fs::read_dir(corpus.join(name)).expect("each target has a corpus") {
                let path = entry.expect("readable").path();
                let started = std::time::Instant::now();
                run(&std::fs::read(&path).expect("readable"));
                assert!(started.elapsed().as_secs() < 5, "{} took {:?}", path.display(), started.elapsed());
                inputs += 1;
            }
            assert!(inputs > 0, "{name} has no inputs");
        }
    }
}
