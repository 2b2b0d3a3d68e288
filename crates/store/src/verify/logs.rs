//! Files of frames: WAL, identity logs, failed events, counters.

use super::{Check, Logged, Severity};
use crate::codec::Reader;
use crate::disk::Disk;
use crate::frame::{self, HEAD_BYTES};
use crate::manifest::{FailedFile, Manifest};
use crate::persons::entry::Entry;
use crate::wal::record::{self, Command};
use crate::wal::{reader, recovery};
use crate::{StoreError, failed, outcomes, persons};
use model::ProjectId;
use std::collections::BTreeMap;
use std::path::Path;

/// The first `bytes` of a file.
fn read_first(disk: &dyn Disk, path: &Path, bytes: u64) -> Result<Vec<u8>, StoreError> {
    let file = disk.open(path).map_err(|error| StoreError::io(path, error))?;
    let there = file.len().map_err(|error| StoreError::io(path, error))?;
    if there < bytes {
        return Err(StoreError::damaged(path, format!("{there} bytes instead of {bytes}")));
    }
    let mut content = vec![0; usize::try_from(bytes).map_err(|_| StoreError::damaged(path, "length"))?];
    file.read_exact_at(&mut content, 0).map_err(|error| StoreError::io(path, error))?;
    Ok(content)
}

impl Check<'_> {
    pub fn wal_file(
        &mut self,
        path: &Path,
        number: u64,
        next: Option<u64>,
        logged: &mut Logged,
    ) -> Result<(), StoreError> {
        let file = self.disk.open(path).map_err(|error| StoreError::io(path, error))?;
        let bytes = frame::read_all(&*file, path)?;
        self.reading(path, bytes.len() as u64);
        let head = match frame::read_head(&frame::WAL, path, &bytes) {
            Ok(head) => Some(head),
            Err(error @ StoreError::UnknownVersion { .. }) => {
                self.failed_check(path, error);
                return Ok(());
            }
            Err(_) => None,
        };
        if let Some(head) = head
            && head.number != number
        {
            self.wrong(path, Some(12), format!("its head says that it is number {}", head.number));
        }
        let durable = next.and_then(|next| recovery::previous_bytes(&**self.disk, self.dir, number, next));
        let scan = reader::scan(&bytes, head.is_some(), durable);
        for (from, to, detail) in &scan.damage {
            self.wrong(path, Some(*from as u64), format!("{detail}, up to byte {to}"));
        }
        if scan.torn_from < bytes.len() {
            let torn = format!("{} bytes at the end are no whole group", bytes.len() - scan.torn_from);
            match frame::read_frame(&bytes, scan.torn_from) {
                // What a crash leaves: the file ends inside a frame.
                Err("cut frame" | "cut frame head") => self.find(
                    Severity::Warning,
                    path,
                    Some(scan.torn_from as u64),
                    format!(
                        "{torn}; the next start cuts them off. A crash leaves such, and nobody was told 200 for them"
                    ),
                ),
                _ => self.wrong(
                    path,
                    Some(scan.torn_from as u64),
                    format!("{torn}: half-written at a power cut, or damaged"),
                ),
            }
        }
        for at in scan.records {
            if let Ok(Some(frame)) = frame::read_frame(&bytes, at)
                && let Err(detail) = self.wal_record(frame.kind, &frame.payload, logged)
            {
                self.wrong(path, Some(at as u64), detail.to_string());
            }
        }
        Ok(())
    }

    fn wal_record(&mut self, kind: u8, payload: &[u8], logged: &mut Logged) -> Result<(), crate::codec::Malformed> {
        if kind != record::BATCH {
            return Command::decode(kind, payload).map(drop);
        }
        let batch = record::decode_batch(payload)?;
        self.report.wal_rows += batch.rows.len() as u64;
        logged.entry(batch.project.0).or_default().extend(batch.rows.iter().map(|row| row.uuid));
        Ok(())
    }

    /// The ids of a project in the order of their ordinals; `None` when the log cannot be read to its end.
    pub fn identity(&mut self, project: ProjectId, committed: u64) -> Option<Vec<Box<str>>> {
        if committed == 0 {
            return Some(Vec::new());
        }
        let path = persons::log::path_of(self.dir, project);
        self.reading(&path, committed);
        let read = read_first(&**self.disk, &path, committed)
            .and_then(|bytes| frame::read_head(&frame::IDENTITY, &path, &bytes).map(|head| (bytes, head)));
        let (bytes, head) = match read {
            Ok(read) => read,
            Err(error) => {
                self.failed_check(&path, error);
                return None;
            }
        };
        if head.number != u64::from(project.0) {
            self.wrong(&path, Some(12), format!("its head says that it is of project {}", head.number));
        }
        let mut ids = Vec::new();
        let mut merges = 0;
        let mut at = HEAD_BYTES;
        loop {
            let frame = match frame::read_frame(&bytes, at) {
                Ok(Some(frame)) => frame,
                Ok(None) => return Some(ids),
                Err(detail) => {
                    self.wrong(&path, Some(at as u64), detail);
                    return None;
                }
            };
            if let Err(detail) = fold(&frame.payload, &mut ids, &mut merges) {
                self.wrong(&path, Some(at as u64), detail);
                return None;
            }
            at = frame.end;
        }
    }

    pub fn failed(&mut self, project: ProjectId, files: &[FailedFile]) {
        for file in files {
            let path = failed::path_of(self.dir, project, file.day);
            self.reading(&path, file.bytes);
            let checked = read_first(&**self.disk, &path, file.bytes)
                .and_then(|bytes| frame::read_head(&frame::FAILED, &path, &bytes).map(|_| bytes));
            match checked {
                Ok(bytes) => {
                    if let Err((at, detail)) = failed::check(&bytes, file) {
                        self.wrong(&path, Some(at as u64), detail);
                    }
                }
                Err(error) => self.failed_check(&path, error),
            }
        }
    }

    /// Checks the counters; returns how many events of each project they count as stored.
    pub fn outcomes(&mut self, manifest: &Manifest) -> BTreeMap<u32, u64> {
        if manifest.outcomes == 0 {
            return BTreeMap::new();
        }
        let path = outcomes::path_of(self.dir, manifest.outcomes);
        let bytes = self.disk.open(&path).and_then(|file| file.len()).unwrap_or(0);
        self.reading(&path, bytes);
        let counters = match outcomes::read(&**self.disk, self.dir, manifest.outcomes) {
            Ok(counters) => counters,
            Err(error) => {
                self.failed_check(&path, error);
                return BTreeMap::new();
            }
        };
        let mut stored = BTreeMap::new();
        for (id, own) in &counters {
            let all = own.counts().outcomes();
            let sum = |day: &crate::DayCounts| day.stored + day.duplicate + day.failed + day.not_kept;
            if let Some(day) = all.days.iter().find(|day| day.received != sum(day)) {
                self.wrong(&path, None, format!("project {id}: the counters of day {} do not add up", day.day));
            }
            let lines: u64 = all.not_stored.iter().map(|line| line.count).sum();
            if lines != all.failed + all.not_kept {
                self.wrong(&path, None, format!("project {id}: the reasons do not add up to what was not stored"));
            }
            stored.insert(*id, all.stored);
        }
        stored
    }
}

/// Reads the entries of one frame; each may only speak of ids and merges that came before.
fn fold(payload: &[u8], ids: &mut Vec<Box<str>>, merges: &mut u64) -> Result<(), String> {
    let mut reader = Reader::new(payload);
    while !reader.is_empty() {
        let entry = Entry::decode(&mut reader).map_err(|error| error.to_string())?;
        let known = |ordinal: u32| (ordinal as usize) < ids.len();
        let is_right = match &entry {
            Entry::Profile { ordinal } | Entry::Identified { ordinal } | Entry::Update { ordinal, .. } => {
                known(*ordinal)
            }
            Entry::Merge { target, other, .. } => known(*target) && known(*other),
            Entry::Undo { seq, .. } => (1..=*merges).contains(seq),
            Entry::NewId { .. } | Entry::Refused { .. } => true,
        };
        if !is_right {
            return Err(format!("an entry speaks of an id or a merge that is not there: {entry:?}"));
        }
        match entry {
            Entry::NewId { id, .. } => ids.push(id),
            Entry::Merge { .. } => *merges += 1,
            _ => {}
        }
    }
    Ok(())
}
