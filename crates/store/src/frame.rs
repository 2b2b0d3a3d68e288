//! The head and the frames that all our own files share: magic, version, length, CRC32C.
//!
//! Bytes: docs/formats/framing.md. A reader sees whole frames or none.

use crate::StoreError;
use crate::disk::{Disk, DiskFile};
use std::borrow::Cow;
use std::path::Path;

/// One kind of file: its magic and the version that this program writes and reads.
pub(crate) struct FileKind {
    pub magic: [u8; 8],
    pub version: u32,
}

pub(crate) const WAL: FileKind = FileKind { magic: *b"TELEWAL\0", version: 1 };
pub(crate) const IDENTITY: FileKind = FileKind { magic: *b"TELEIDN\0", version: 1 };
pub(crate) const FAILED: FileKind = FileKind { magic: *b"TELEFAI\0", version: 1 };
pub(crate) const OUTCOMES: FileKind = FileKind { magic: *b"TELEOUT\0", version: 1 };
pub(crate) const MANIFEST: FileKind = FileKind { magic: *b"TELEMAN\0", version: 1 };
pub(crate) const SIDECAR: FileKind = FileKind { magic: *b"TELEIDS\0", version: 1 };

pub(crate) const HEAD_BYTES: usize = 32;
pub(crate) const FRAME_HEAD_BYTES: usize = 28;
const MARKER: [u8; 4] = *b"\xF1TEL";
/// Longer payloads are refused when written and taken for damage when read.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 256 << 20;
const LZ4: u8 = 1;
/// Shorter payloads rarely shrink by more than the time they cost.
const COMPRESS_FROM: usize = 256;

/// The two numbers in a file's head; what they mean depends on the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub number: u64,
    pub extra: u64,
}

pub(crate) fn head(kind: &FileKind, head: Head) -> [u8; HEAD_BYTES] {
    let mut bytes = [0; HEAD_BYTES];
    bytes[..8].copy_from_slice(&kind.magic);
    bytes[8..12].copy_from_slice(&kind.version.to_le_bytes());
    bytes[12..20].copy_from_slice(&head.number.to_le_bytes());
    bytes[20..28].copy_from_slice(&head.extra.to_le_bytes());
    let crc = crc32c::crc32c(&bytes[..28]);
    bytes[28..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

fn le32(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].try_into().map_or(0, u32::from_le_bytes)
}

fn le64(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8].try_into().map_or(0, u64::from_le_bytes)
}

/// Checks the head at the start of `bytes`.
pub(crate) fn read_head(kind: &FileKind, path: &Path, bytes: &[u8]) -> Result<Head, StoreError> {
    if bytes.len() < HEAD_BYTES || bytes[..8] != kind.magic {
        return Err(StoreError::damaged(path, "no file head"));
    }
    if crc32c::crc32c(&bytes[..28]) != le32(bytes, 28) {
        return Err(StoreError::damaged(path, "checksum of the file head"));
    }
    let version = le32(bytes, 8);
    if version != kind.version {
        return Err(StoreError::UnknownVersion { path: path.to_owned(), version });
    }
    Ok(Head { number: le64(bytes, 12), extra: le64(bytes, 20) })
}

/// One frame as read.
pub(crate) struct Frame<'a> {
    pub kind: u8,
    pub tag: u64,
    pub payload: Cow<'a, [u8]>,
    /// Offset of the byte behind it.
    pub end: usize,
}

/// Appends one frame to `out`; compresses the payload when that pays.
pub(crate) fn put_frame(out: &mut Vec<u8>, kind: u8, tag: u64, payload: &[u8]) {
    debug_assert!(payload.len() <= PAYLOAD_BYTES_MAX);
    let compressed = (payload.len() >= COMPRESS_FROM)
        .then(|| lz4_flex::block::compress(payload))
        .filter(|compressed| compressed.len() < payload.len() - payload.len() / 8);
    let (flags, stored) = compressed.as_deref().map_or((0, payload), |compressed| (LZ4, compressed));
    let at = out.len();
    out.extend_from_slice(&MARKER);
    out.extend_from_slice(&[kind, flags, 0, 0]);
    out.extend_from_slice(&(stored.len() as u32).to_le_bytes());
    out.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    out.extend_from_slice(&tag.to_le_bytes());
    let crc = crc32c::crc32c_append(crc32c::crc32c(&out[at..at + 24]), stored);
    out.extend_from_slice(&crc.to_le_bytes());
    out.extend_from_slice(stored);
}

/// Reads the frame at `at`. `Ok(None)` at the exact end; `Err` says which check failed.
pub(crate) fn read_frame(bytes: &[u8], at: usize) -> Result<Option<Frame<'_>>, &'static str> {
    read_frame_with(bytes, at, true)
}

/// Reads a frame again whose checksum was found right in these very bytes.
pub(crate) fn read_checked_frame(bytes: &[u8], at: usize) -> Result<Option<Frame<'_>>, &'static str> {
    read_frame_with(bytes, at, false)
}

fn read_frame_with(bytes: &[u8], at: usize, sum: bool) -> Result<Option<Frame<'_>>, &'static str> {
    let rest = bytes.get(at..).unwrap_or_default();
    if rest.is_empty() {
        return Ok(None);
    }
    if rest.len() < FRAME_HEAD_BYTES {
        return Err("cut frame head");
    }
    if rest[..4] != MARKER {
        return Err("no frame marker");
    }
    let stored_bytes = le32(rest, 8) as usize;
    let raw_bytes = le32(rest, 12) as usize;
    if stored_bytes > PAYLOAD_BYTES_MAX || raw_bytes > PAYLOAD_BYTES_MAX {
        return Err("frame length");
    }
    let Some(stored) = rest.get(FRAME_HEAD_BYTES..FRAME_HEAD_BYTES + stored_bytes) else { return Err("cut frame") };
    if sum && crc32c::crc32c_append(crc32c::crc32c(&rest[..24]), stored) != le32(rest, 24) {
        return Err("frame checksum");
    }
    let payload = if rest[5] & LZ4 == 0 {
        Cow::Borrowed(stored)
    } else {
        Cow::Owned(lz4_flex::block::decompress(stored, raw_bytes).map_err(|_| "compressed frame")?)
    };
    if payload.len() != raw_bytes {
        return Err("frame length");
    }
    Ok(Some(Frame { kind: rest[4], tag: le64(rest, 16), payload, end: at + FRAME_HEAD_BYTES + stored_bytes }))
}

/// The offset of the next whole frame at or after `from`.
pub(crate) fn find_frame(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while at + FRAME_HEAD_BYTES <= bytes.len() {
        let found = bytes[at..].windows(4).position(|window| window == MARKER)?;
        at += found;
        if matches!(read_frame(bytes, at), Ok(Some(_))) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Reads a whole file.
pub(crate) fn read_all(file: &dyn DiskFile, path: &Path) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    read_all_into(file, path, &mut bytes)?;
    Ok(bytes)
}

/// Reads a whole file into `bytes`, whose memory is used again.
pub(crate) fn read_all_into(file: &dyn DiskFile, path: &Path, bytes: &mut Vec<u8>) -> Result<(), StoreError> {
    let len = file.len().map_err(|error| StoreError::io(path, error))?;
    let len = usize::try_from(len).map_err(|_| StoreError::damaged(path, "length"))?;
    bytes.resize(len, 0);
    file.read_exact_at(bytes, 0).map_err(|error| StoreError::io(path, error))
}

/// Writes a file of one frame and makes its content durable; its name is not, until the folder is synced.
pub(crate) fn write_document(
    disk: &dyn Disk,
    path: &Path,
    kind: &FileKind,
    number: u64,
    payload: &[u8],
) -> Result<(), StoreError> {
    let mut bytes = head(kind, Head { number, extra: 0 }).to_vec();
    put_frame(&mut bytes, 0, number, payload);
    let file = disk.create(path).map_err(|error| StoreError::io(path, error))?;
    file.append(&bytes).and_then(|()| file.sync()).map_err(|error| StoreError::io(path, error))
}

/// Reads a file of one frame: its number and payload.
pub(crate) fn read_document(disk: &dyn Disk, path: &Path, kind: &FileKind) -> Result<(u64, Vec<u8>), StoreError> {
    let file = disk.open(path).map_err(|error| StoreError::io(path, error))?;
    let bytes = read_all(&*file, path)?;
    let head = read_head(kind, path, &bytes)?;
    match read_frame(&bytes, HEAD_BYTES) {
        Ok(Some(frame)) if frame.end == bytes.len() => Ok((head.number, frame.payload.into_owned())),
        Ok(_) => Err(StoreError::damaged(path, "length")),
        Err(detail) => Err(StoreError::damaged(path, detail)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_a_flipped_byte_anywhere_is_seen() {
        let mut bytes = Vec::new();
        put_frame(&mut bytes, 1, 7, &[9; 1000]);
        let first = bytes.len();
        assert!(first < 200, "repeated bytes are compressed");
        put_frame(&mut bytes, 2, 8, b"short");
        let frame = read_frame(&bytes, 0).expect("whole").expect("one");
        assert_eq!((frame.kind, frame.tag, &*frame.payload, frame.end), (1, 7, &[9; 1000][..], first));
        for at in 0..first {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x10;
            // Two reserved bytes are covered by the checksum too.
            assert!(read_frame(&flipped, 0).is_err(), "byte {at}");
            assert_eq!(find_frame(&flipped, 1), Some(first));
        }
        assert!(matches!(read_frame(&bytes, bytes.len()), Ok(None)));
    }
}
