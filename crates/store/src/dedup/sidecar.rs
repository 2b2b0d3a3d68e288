//! The uuids of one segment file: a blocked bloom filter in memory, the sorted uuids on disk.
//!
//! Derived from the segment file and made again when missing or damaged. Bytes: docs/formats/sidecar.md.

use super::bloom::{Bloom, hash};
use crate::StoreError;
use crate::codec::{Reader, put_text, put_varint};
use crate::disk::Disk;
use crate::frame::{self, FRAME_HEAD_BYTES, HEAD_BYTES, Head};
use crate::manifest::SegmentEntry;
use crate::segment::Segment;
use crate::segment::stats::SegmentStats;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Uuids read and checked at once.
const FENCE_ROWS: usize = 256;

/// Open sidecar of a live segment file.
pub(crate) struct Sidecar {
    pub number: u64,
    rows: usize,
    disk: Arc<dyn Disk>,
    path: PathBuf,
    /// Offset of the first uuid.
    uuids_at: u64,
    bloom: Bloom,
    /// First uuid and CRC32C of each run of [`FENCE_ROWS`] uuids.
    fences: Vec<([u8; 16], u32)>,
    segment: Arc<Segment>,
    /// Sorted uuids from the segment file itself, once a run on disk was found damaged.
    repaired: OnceLock<Vec<[u8; 16]>>,
}

/// Writes a sidecar; durable but for the name.
pub(crate) fn write(
    disk: &dyn Disk,
    path: &Path,
    entry: &SegmentEntry,
    stats: &SegmentStats,
    mut uuids: Vec<[u8; 16]>,
) -> Result<(), StoreError> {
    uuids.sort_unstable();
    let mut bloom = Bloom::for_rows(uuids.len());
    uuids.iter().for_each(|uuid| bloom.insert(hash(uuid)));
    let mut payload = Vec::with_capacity(bloom.words().len() * 8 + 1024);
    // Statistics are plain maps, which JSON always takes.
    put_text(&mut payload, &serde_json::to_string(stats).unwrap_or_default());
    put_varint(&mut payload, bloom.words().len() as u64);
    bloom.words().iter().for_each(|word| payload.extend_from_slice(&word.to_le_bytes()));
    for run in uuids.chunks(FENCE_ROWS) {
        payload.extend_from_slice(&run[0]);
        payload.extend_from_slice(&u64::from(crc32c::crc32c(run.as_flattened())).to_le_bytes());
    }
    let mut bytes = frame::head(&frame::SIDECAR, Head { number: entry.number, extra: entry.xxh3 }).to_vec();
    frame::put_frame(&mut bytes, 0, uuids.len() as u64, &payload);
    bytes.extend_from_slice(uuids.as_flattened());
    let file = disk.create(path).map_err(|error| StoreError::io(path, error))?;
    file.append(&bytes).and_then(|()| file.sync()).map_err(|error| StoreError::io(path, error))
}

/// What a sidecar's head holds.
pub(crate) struct Loaded {
    pub stats: SegmentStats,
    bloom: Bloom,
    fences: Vec<([u8; 16], u32)>,
    uuids_at: u64,
}

/// Reads all but the uuids. `Damaged`: make it again.
pub(crate) fn load(disk: &dyn Disk, path: &Path, entry: &SegmentEntry) -> Result<Loaded, StoreError> {
    let damaged = |detail: &str| StoreError::damaged(path, detail);
    let wrap = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::UnexpectedEof => damaged("missing bytes"),
        _ => StoreError::io(path, error),
    };
    let file = disk.open(path).map_err(wrap)?;
    let mut start = [0; HEAD_BYTES + FRAME_HEAD_BYTES];
    file.read_exact_at(&mut start, 0).map_err(wrap)?;
    let head = frame::read_head(&frame::SIDECAR, path, &start)?;
    if head != (Head { number: entry.number, extra: entry.xxh3 }) {
        return Err(damaged("it belongs to another file"));
    }
    let bytes = file.len().map_err(wrap)?;
    let uuids_at = bytes.checked_sub(entry.rows * 16).filter(|at| *at >= start.len() as u64);
    let uuids_at = uuids_at.ok_or_else(|| damaged("length"))?;
    let mut frame_bytes = vec![0; (uuids_at - HEAD_BYTES as u64) as usize];
    file.read_exact_at(&mut frame_bytes, HEAD_BYTES as u64).map_err(wrap)?;
    let frame = match frame::read_frame(&frame_bytes, 0) {
        Ok(Some(frame)) if frame.end == frame_bytes.len() && frame.tag == entry.rows => frame,
        Ok(_) => return Err(damaged("length")),
        Err(detail) => return Err(damaged(detail)),
    };
    let reader = &mut Reader::new(&frame.payload);
    let parse = |reader: &mut Reader<'_>| -> Result<Loaded, crate::codec::Malformed> {
        let stats = serde_json::from_str(reader.text()?).map_err(|_| crate::codec::Malformed("statistics"))?;
        let words = (0..reader.count()?).map(|_| reader.u64()).collect::<Result<Vec<_>, _>>()?;
        let bloom = Bloom::of_words(words).ok_or(crate::codec::Malformed("filter length"))?;
        let runs = (entry.rows as usize).div_ceil(FENCE_ROWS);
        let fences = (0..runs).map(|_| Ok((reader.uuid()?, reader.u64()? as u32))).collect::<Result<_, _>>()?;
        Ok(Loaded { stats, bloom, fences, uuids_at })
    };
    parse(reader).map_err(|error| damaged(&error.to_string()))
}

/// Checks a whole sidecar against what the segment file holds, `uuids` sorted; returns the offset of the first uuid.
pub(crate) fn check(
    disk: &dyn Disk,
    path: &Path,
    entry: &SegmentEntry,
    stats: &SegmentStats,
    uuids: &[[u8; 16]],
) -> Result<u64, StoreError> {
    let damaged = |detail: &str| StoreError::damaged(path, detail);
    let loaded = load(disk, path, entry)?;
    if loaded.stats != *stats {
        return Err(damaged("its statistics are not those of the segment file"));
    }
    let is_in_filter = |uuid: &[u8; 16]| loaded.bloom.may_contain(hash(uuid));
    if !uuids.iter().all(is_in_filter) {
        return Err(damaged("its filter misses an event of the segment file"));
    }
    let file = disk.open(path).map_err(|error| StoreError::io(path, error))?;
    let mut at = loaded.uuids_at;
    for (run, (first, crc)) in uuids.chunks(FENCE_ROWS).zip(&loaded.fences) {
        let mut bytes = vec![0; run.len() * 16];
        file.read_exact_at(&mut bytes, at).map_err(|error| StoreError::io(path, error))?;
        if bytes != run.as_flattened() || run[0] != *first || crc32c::crc32c(&bytes) != *crc {
            return Err(damaged(&format!("its uuids from byte {at} on are not those of the segment file")));
        }
        at += bytes.len() as u64;
    }
    Ok(loaded.uuids_at)
}

impl Sidecar {
    pub fn new(
        disk: Arc<dyn Disk>,
        path: PathBuf,
        segment: Arc<Segment>,
        entry: &SegmentEntry,
        loaded: Loaded,
    ) -> Sidecar {
        let Loaded { bloom, fences, uuids_at, .. } = loaded;
        let (number, rows) = (entry.number, entry.rows as usize);
        Sidecar { number, rows, disk, path, uuids_at, bloom, fences, segment, repaired: OnceLock::new() }
    }

    /// Whether the uuid is in the segment file. `hash` is that of `bloom.rs`.
    pub fn contains(&self, uuid: &[u8; 16], hash: u64) -> Result<bool, StoreError> {
        if !self.bloom.may_contain(hash) {
            return Ok(false);
        }
        if let Some(uuids) = self.repaired.get() {
            return Ok(uuids.binary_search(uuid).is_ok());
        }
        let Some(run) = self.fences.partition_point(|(first, _)| first <= uuid).checked_sub(1) else {
            return Ok(false);
        };
        match self.read_run(run) {
            Ok(uuids) => Ok(uuids.as_chunks().0.binary_search(uuid).is_ok()),
            Err(StoreError::Damaged { .. }) => self.repair(uuid),
            Err(error) => Err(error),
        }
    }

    /// Hands all uuids to `take`, some thousands at a time.
    pub fn read_all(&self, mut take: impl FnMut(&[[u8; 16]])) -> Result<(), StoreError> {
        const RUNS_AT_ONCE: usize = 64;
        if let Some(uuids) = self.repaired.get() {
            take(uuids);
            return Ok(());
        }
        let mut some = Vec::new();
        for run in 0..self.fences.len() {
            some.extend_from_slice(self.read_run(run)?.as_chunks().0);
            if some.len() >= RUNS_AT_ONCE * FENCE_ROWS || run + 1 == self.fences.len() {
                take(&some);
                some.clear();
            }
        }
        Ok(())
    }

    fn read_run(&self, run: usize) -> Result<Vec<u8>, StoreError> {
        let wrap = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::UnexpectedEof => {
                StoreError::damaged(&self.path, "missing bytes")
            }
            _ => StoreError::io(&self.path, error),
        };
        let from = run * FENCE_ROWS;
        let mut bytes = vec![0; FENCE_ROWS.min(self.rows - from) * 16];
        let file = self.disk.open(&self.path).map_err(wrap)?;
        file.read_exact_at(&mut bytes, self.uuids_at + from as u64 * 16).map_err(wrap)?;
        if crc32c::crc32c(&bytes) != self.fences[run].1 {
            return Err(StoreError::damaged(&self.path, "checksum of uuids"));
        }
        Ok(bytes)
    }

    /// Reads the uuids from the segment file, and removes the sidecar so that the next open makes it again.
    fn repair(&self, uuid: &[u8; 16]) -> Result<bool, StoreError> {
        tracing::warn!(path = %self.path.display(), "sidecar is damaged; its uuids are read from the segment file");
        let mut uuids = match self.segment.uuids() {
            Ok(uuids) => uuids.to_vec(),
            // The rows are lost to queries too, so an event that comes again is welcome.
            Err(StoreError::Damaged { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        uuids.sort_unstable();
        let found = uuids.binary_search(uuid).is_ok();
        let _ = self.repaired.set(uuids);
        let _ = self.disk.remove(&self.path);
        Ok(found)
    }
}
