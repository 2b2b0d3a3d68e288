//! The uuids of one segment file: a blocked bloom filter in memory, the sorted uuids on disk.
//!
//! Derived from the segment file and made again when missing or damaged. Bytes: docs/formats/sidecar.md.

use crate::StoreError;
use crate::codec::{Reader, put_text, put_varint};
use crate::disk::Disk;
use crate::frame::{self, FRAME_HEAD_BYTES, HEAD_BYTES, Head};
use crate::manifest::SegmentEntry;
use crate::segment::Segment;
use crate::segment::stats::SegmentStats;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Bits of the filter per uuid: 1 in about 300 uuids that are not there asks the disk.
const BITS_PER_ROW: usize = 12;
/// One cache line.
const WORDS_PER_BLOCK: usize = 8;
const PROBES: u32 = 6;
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
    bloom: Vec<u64>,
    /// First uuid and CRC32C of each run of [`FENCE_ROWS`] uuids.
    fences: Vec<([u8; 16], u32)>,
    segment: Arc<Segment>,
    /// Sorted uuids from the segment file itself, once a run on disk was found damaged.
    repaired: OnceLock<Vec<[u8; 16]>>,
}

/// What the filter and its blocks are computed from.
pub(crate) fn hash(uuid: &[u8; 16]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(uuid)
}

fn bits(hash: u64, blocks: usize) -> (usize, [u64; WORDS_PER_BLOCK]) {
    let block = (((hash >> 32) * blocks as u64) >> 32) as usize;
    let mut words = [0; WORDS_PER_BLOCK];
    let mut rest = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    for _ in 0..PROBES {
        let bit = (rest >> 55) as usize;
        words[bit / 64] |= 1 << (bit % 64);
        rest = rest.wrapping_mul(0xD6E8_FEB8_6659_FD93).rotate_left(9);
    }
    (block, words)
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
    let blocks = (uuids.len() * BITS_PER_ROW).div_ceil(WORDS_PER_BLOCK * 64).max(1);
    let mut bloom = vec![0u64; blocks * WORDS_PER_BLOCK];
    for uuid in &uuids {
        let (block, words) = bits(hash(uuid), blocks);
        for (word, bits) in bloom[block * WORDS_PER_BLOCK..][..WORDS_PER_BLOCK].iter_mut().zip(words) {
            *word |= bits;
        }
    }
    let mut payload = Vec::with_capacity(bloom.len() * 8 + 1024);
    // Statistics are plain maps, which JSON always takes.
    put_text(&mut payload, &serde_json::to_string(stats).unwrap_or_default());
    put_varint(&mut payload, bloom.len() as u64);
    bloom.iter().for_each(|word| payload.extend_from_slice(&word.to_le_bytes()));
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
    bloom: Vec<u64>,
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
        let bloom = (0..reader.count()?).map(|_| reader.u64()).collect::<Result<Vec<_>, _>>()?;
        let runs = (entry.rows as usize).div_ceil(FENCE_ROWS);
        let fences = (0..runs).map(|_| Ok((reader.uuid()?, reader.u64()? as u32))).collect::<Result<_, _>>()?;
        Ok(Loaded { stats, bloom, fences, uuids_at })
    };
    let loaded = parse(reader).map_err(|error| damaged(&error.to_string()))?;
    if loaded.bloom.is_empty() || loaded.bloom.len() % WORDS_PER_BLOCK != 0 {
        return Err(damaged("filter length"));
    }
    Ok(loaded)
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

    /// Whether the uuid is in the segment file. `hash` is [`hash`] of it.
    pub fn contains(&self, uuid: &[u8; 16], hash: u64) -> Result<bool, StoreError> {
        let (block, words) = bits(hash, self.bloom.len() / WORDS_PER_BLOCK);
        let own = &self.bloom[block * WORDS_PER_BLOCK..][..WORDS_PER_BLOCK];
        if own.iter().zip(words).any(|(own, word)| own & word != word) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_says_no_to_nearly_all_that_is_not_there() {
        let uuid = |number: u64| xxhash_rust::xxh3::xxh3_128(&number.to_le_bytes()).to_be_bytes();
        let blocks = (10_000 * BITS_PER_ROW).div_ceil(512);
        let mut bloom = vec![[0u64; WORDS_PER_BLOCK]; blocks];
        for number in 0..10_000 {
            let (block, words) = bits(hash(&uuid(number)), blocks);
            bloom[block].iter_mut().zip(words).for_each(|(own, word)| *own |= word);
        }
        let maybe = |number: u64| {
            let (block, words) = bits(hash(&uuid(number)), blocks);
            bloom[block].iter().zip(words).all(|(own, word)| own & word == word)
        };
        assert!((0..10_000).all(maybe));
        let wrong = (10_000..110_000).filter(|number| maybe(*number)).count();
        assert!(wrong < 1_000, "{wrong} of 100 000 ask the disk in vain");
    }
}
