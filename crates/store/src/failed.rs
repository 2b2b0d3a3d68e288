//! Events that failed, kept with their payload for a while.
//!
//! Until the next flush they stand in memory (and in the WAL); then in one append-only file per day of receipt.
//! Bytes: docs/formats/outcomes.md.

use crate::StoreError;
use crate::codec::{Malformed, Reader, put_text, put_varint};
use crate::disk::Disk;
use crate::frame::{self, HEAD_BYTES, Head};
use crate::manifest::FailedFile;
use crate::segment::format::day_name;
use crate::wal::record::{NotStoredRecord, reason_of};
use model::{Dialect, Micros, ProjectId, Reason};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Number of a failed event within its project; later events have greater numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct FailedId(pub u64);

/// An event that failed: why, and what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedEvent {
    /// Stable number, for paging and retries.
    pub id: FailedId,
    /// Our clock at receipt.
    pub received_at: Micros,
    /// Why it failed.
    pub reason: Reason,
    /// Its name as far as it could be read.
    pub event: String,
    /// The path of the wrong field and what is allowed.
    pub detail: String,
    /// What was sent; `None` when it must not be kept.
    pub payload: Option<String>,
    /// The protocol it came in.
    pub dialect: Dialect,
    /// When it was retried, if it was.
    pub retried_at: Option<Micros>,
}

/// A block is closed when its events pass this size.
const BLOCK_BYTES: usize = 1 << 20;
/// Behind each block stands its length, so that a file can be read from its end.
const TRAILER_BYTES: usize = 4;

/// Failed events of one project.
#[derive(Default)]
pub(crate) struct Failed {
    pub next_id: u64,
    /// Not yet in a file, oldest first.
    pub pending: Vec<FailedEvent>,
    pub retried: BTreeMap<u64, Micros>,
    /// Ascending by day.
    pub files: Vec<FailedFile>,
}

impl Failed {
    /// Takes one in; returns the bytes it takes.
    pub fn add(&mut self, not_stored: &NotStoredRecord<'_>, received_at: Micros) -> usize {
        self.next_id += 1;
        self.pending.push(FailedEvent {
            id: FailedId(self.next_id),
            received_at,
            reason: not_stored.reason,
            event: not_stored.event.to_owned(),
            detail: not_stored.detail.to_owned(),
            payload: not_stored.payload.map(str::to_owned),
            dialect: not_stored.dialect,
            retried_at: None,
        });
        self.pending.last().map_or(0, bytes_of)
    }
}

/// Estimated bytes in memory.
pub(crate) fn bytes_of(event: &FailedEvent) -> usize {
    std::mem::size_of::<FailedEvent>()
        + event.event.len()
        + event.detail.len()
        + event.payload.as_ref().map_or(0, String::len)
}

pub(crate) fn path_of(dir: &Path, project: ProjectId, day: i32) -> PathBuf {
    dir.join("failed").join(project.to_string()).join(format!("{}.log", day_name(day)))
}

/// Appends events of one day behind what is committed; durable but for the name. Cuts off first what an earlier,
/// failed attempt left.
pub(crate) fn append(
    disk: &dyn Disk,
    dir: &Path,
    project: ProjectId,
    committed: &FailedFile,
    events: &[&FailedEvent],
) -> Result<FailedFile, StoreError> {
    let path = path_of(dir, project, committed.day);
    let wrap = |error| StoreError::io(&path, error);
    let mut bytes = Vec::new();
    let file = if committed.bytes == 0 {
        bytes.extend_from_slice(&frame::head(&frame::FAILED, Head { number: u64::from(project.0), extra: 0 }));
        disk.create(&path).map_err(wrap)?
    } else {
        let file = disk.open(&path).map_err(wrap)?;
        file.truncate(committed.bytes).map_err(wrap)?;
        file
    };
    let mut block = Vec::new();
    let mut last_id = committed.last_id;
    for (index, event) in events.iter().enumerate() {
        encode(&mut block, event);
        last_id = last_id.max(event.id.0);
        if block.len() >= BLOCK_BYTES || index + 1 == events.len() {
            let from = bytes.len();
            frame::put_frame(&mut bytes, 0, last_id, &block);
            let length = (bytes.len() - from) as u32;
            bytes.extend_from_slice(&length.to_le_bytes());
            block.clear();
        }
    }
    file.append(&bytes).and_then(|()| file.sync()).map_err(wrap)?;
    Ok(FailedFile { day: committed.day, bytes: committed.bytes + bytes.len() as u64, last_id })
}

fn encode(out: &mut Vec<u8>, event: &FailedEvent) {
    put_varint(out, event.id.0);
    out.extend_from_slice(&event.received_at.to_le_bytes());
    put_text(out, event.reason.code());
    put_text(out, &event.event);
    put_text(out, &event.detail);
    out.push(event.dialect as u8);
    out.push(u8::from(event.payload.is_some()));
    if let Some(payload) = &event.payload {
        put_text(out, payload);
    }
}

fn decode(reader: &mut Reader<'_>) -> Result<FailedEvent, Malformed> {
    Ok(FailedEvent {
        id: FailedId(reader.varint()?),
        received_at: reader.i64()?,
        reason: reason_of(reader.text()?)?,
        event: reader.text()?.to_owned(),
        detail: reader.text()?.to_owned(),
        dialect: Dialect::from_u8(reader.u8()?).ok_or(Malformed("dialect"))?,
        payload: if reader.u8()? != 0 { Some(reader.text()?.to_owned()) } else { None },
        retried_at: None,
    })
}

/// Checks the committed bytes of a file behind its head; the error is where and what.
pub(crate) fn check(bytes: &[u8], committed: &FailedFile) -> Result<(), (usize, String)> {
    let mut at = HEAD_BYTES;
    let mut last_id = 0;
    while at < bytes.len() {
        let wrong = |detail: &str| (at, detail.to_owned());
        let frame = frame::read_frame(bytes, at).map_err(wrong)?.ok_or_else(|| wrong("block"))?;
        let trailer = bytes.get(frame.end..frame.end + TRAILER_BYTES).ok_or_else(|| wrong("block trailer"))?;
        if trailer != ((frame.end - at) as u32).to_le_bytes() {
            return Err((frame.end, "block trailer".to_owned()));
        }
        let mut reader = Reader::new(&frame.payload);
        while !reader.is_empty() {
            let event = decode(&mut reader).map_err(|error| wrong(&error.to_string()))?;
            if event.id.0 <= last_id {
                return Err(wrong("ids do not ascend"));
            }
            if model::time::utc_day(event.received_at) != committed.day {
                return Err(wrong("an event of another day"));
            }
            last_id = event.id.0;
        }
        at = frame.end + TRAILER_BYTES;
    }
    if last_id == committed.last_id { Ok(()) } else { Err((at, "the last event is not there".to_owned())) }
}

/// Hands the events of a file to `take`, newest first, a block at a time, until it says `false`.
/// Returns whether it never did.
pub(crate) fn read_backward(
    disk: &dyn Disk,
    dir: &Path,
    project: ProjectId,
    committed: &FailedFile,
    take: &mut dyn FnMut(FailedEvent) -> bool,
) -> Result<bool, StoreError> {
    let path = path_of(dir, project, committed.day);
    let wrap = |error| StoreError::io(&path, error);
    let file = match disk.open(&path) {
        Ok(file) => file,
        // Expired between the look at the list and now.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(wrap(error)),
    };
    let mut end = committed.bytes;
    while end > HEAD_BYTES as u64 {
        let mut trailer = [0; TRAILER_BYTES];
        let trailer_at = end.checked_sub(TRAILER_BYTES as u64);
        let trailer_at = trailer_at.ok_or_else(|| StoreError::damaged(&path, "block trailer"))?;
        file.read_exact_at(&mut trailer, trailer_at).map_err(wrap)?;
        let length = u64::from(u32::from_le_bytes(trailer));
        let start = trailer_at.checked_sub(length).filter(|start| *start >= HEAD_BYTES as u64);
        let start = start.ok_or_else(|| StoreError::damaged(&path, "block trailer"))?;
        let mut block = vec![0; length as usize];
        file.read_exact_at(&mut block, start).map_err(wrap)?;
        let frame = match frame::read_frame(&block, 0) {
            Ok(Some(frame)) if frame.end == block.len() => frame,
            Ok(_) => return Err(StoreError::damaged(&path, "block length")),
            Err(detail) => return Err(StoreError::damaged(&path, detail)),
        };
        let mut reader = Reader::new(&frame.payload);
        let mut events = Vec::new();
        while !reader.is_empty() {
            events.push(decode(&mut reader).map_err(|error| StoreError::damaged(&path, error.to_string()))?);
        }
        for event in events.into_iter().rev() {
            if !take(event) {
                return Ok(false);
            }
        }
        end = start;
    }
    Ok(true)
}
