//! The identity log of a project on disk: append-only frames of entries. Bytes: docs/formats/identity-log.md.

use super::entry::Entry;
use crate::StoreError;
use crate::codec::Reader;
use crate::disk::Disk;
use crate::frame::{self, HEAD_BYTES, Head};
use model::ProjectId;
use std::path::{Path, PathBuf};

/// A frame is closed when its entries pass this size.
const FRAME_BYTES: usize = 1 << 20;

pub(crate) fn path_of(dir: &Path, project: ProjectId) -> PathBuf {
    dir.join("persons").join(format!("{project}.log"))
}

/// Appends entries behind `committed` bytes and makes them durable; returns the new length. What an earlier, failed
/// attempt left behind `committed` is cut off first.
pub(crate) fn append(
    disk: &dyn Disk,
    dir: &Path,
    project: ProjectId,
    committed: u64,
    entries: &[Entry],
) -> Result<u64, StoreError> {
    let path = path_of(dir, project);
    let wrap = |error| StoreError::io(&path, error);
    let mut bytes = Vec::new();
    let file = if committed == 0 {
        bytes.extend_from_slice(&frame::head(&frame::IDENTITY, Head { number: u64::from(project.0), extra: 0 }));
        disk.create(&path).map_err(wrap)?
    } else {
        let file = disk.open(&path).map_err(wrap)?;
        file.truncate(committed).map_err(wrap)?;
        file
    };
    let mut payload = Vec::new();
    for entry in entries {
        entry.encode(&mut payload);
        if payload.len() >= FRAME_BYTES {
            frame::put_frame(&mut bytes, 0, 0, &payload);
            payload.clear();
        }
    }
    if !payload.is_empty() {
        frame::put_frame(&mut bytes, 0, 0, &payload);
    }
    file.append(&bytes).and_then(|()| file.sync()).map_err(wrap)?;
    Ok(committed + bytes.len() as u64)
}

/// Reads the entries in the first `committed` bytes, all of which must be whole.
pub(crate) fn read(disk: &dyn Disk, dir: &Path, project: ProjectId, committed: u64) -> Result<Vec<Entry>, StoreError> {
    let mut entries = Vec::new();
    if committed == 0 {
        return Ok(entries);
    }
    let path = path_of(dir, project);
    let file = disk.open(&path).map_err(|error| StoreError::io(&path, error))?;
    let mut bytes = vec![0; usize::try_from(committed).map_err(|_| StoreError::damaged(&path, "length"))?];
    file.read_exact_at(&mut bytes, 0).map_err(|error| StoreError::io(&path, error))?;
    frame::read_head(&frame::IDENTITY, &path, &bytes)?;
    let mut at = HEAD_BYTES;
    while let Some(frame) = frame::read_frame(&bytes, at).map_err(|detail| StoreError::damaged(&path, detail))? {
        let mut reader = Reader::new(&frame.payload);
        while !reader.is_empty() {
            entries.push(Entry::decode(&mut reader).map_err(|error| StoreError::damaged(&path, error.to_string()))?);
        }
        at = frame.end;
    }
    Ok(entries)
}
