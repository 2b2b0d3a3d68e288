//! Segment files and their sidecars, row by row.

use super::uuids::Sources;
use super::{Check, Severity};
use crate::StoreError;
use crate::dedup::sidecar;
use crate::manifest::SegmentEntry;
use crate::segment::cache::ColumnCache;
use crate::segment::format::{self, RowKey};
use crate::segment::reader::FileSegment;
use crate::segment::stats::{EventStats, SegmentStats, StatsMemory};
use model::{Micros, ProjectId};
use std::path::Path;
use std::sync::Arc;

/// Only the footer is kept; columns are read once.
const CACHE_BYTES: usize = 16 << 20;

/// What the rows of a file say.
struct Read {
    /// As they stand in the file; what is wrong with them was found.
    stats: SegmentStats,
    uuids: Vec<[u8; 16]>,
    first_at: Micros,
    last_at: Micros,
}

impl Check<'_> {
    /// Checks a file and its sidecar; returns its rows, 0 when it cannot be read.
    pub fn segment(
        &mut self,
        project: ProjectId,
        entry: &SegmentEntry,
        ids: Option<&[Box<str>]>,
        sources: &mut Sources,
    ) -> Result<u64, StoreError> {
        let cache = Arc::new(ColumnCache::new(CACHE_BYTES, None));
        let no_stats = Arc::new(StatsMemory::default()).hold(SegmentStats::default());
        let file = FileSegment::new(Arc::clone(self.disk), self.dir, project, entry.clone(), no_stats, cache);
        let path = file.path.clone();
        self.reading(&path, entry.bytes);
        let read = match self.rows(&file, ids) {
            Ok(read) => read,
            Err(error) => {
                self.failed_check(&path, error);
                return Ok(0);
            }
        };
        let rows = read.uuids.len() as u64;
        self.report.rows += rows;
        if rows != entry.rows {
            self.wrong(&path, None, format!("{rows} rows; the manifest says {}", entry.rows));
        }
        if (read.first_at, read.last_at) != (entry.first_at, entry.last_at) {
            self.wrong(&path, None, "its first and last instants are not those of the manifest");
        }
        self.sidecar(&path.with_extension("ids"), entry, read, sources);
        Ok(rows)
    }

    fn rows(&mut self, file: &FileSegment, ids: Option<&[Box<str>]>) -> Result<Read, StoreError> {
        let path = &file.path;
        let stats = file.read_stats()?;
        // Only the names that the file lists: there may be millions.
        let mut counted = SegmentStats::empty_of(&stats);
        let mut read = Read { stats, uuids: Vec::new(), first_at: Micros::MAX, last_at: Micros::MIN };
        let mut before: Option<RowKey> = None;
        // One finding of each kind for a file: the first row tells what is wrong with all.
        let (mut unsorted, mut other_day, mut unknown_id) = (false, false, false);
        let mut reader = file.rows(None)?;
        while let Some(batch) = reader.next_batch()? {
            for index in 0..batch.len() {
                let row = batch.row(index).map_err(|detail| StoreError::damaged(path, detail))?;
                let number = read.uuids.len();
                if before >= Some(row.key) && !std::mem::replace(&mut unsorted, true) {
                    self.wrong(path, None, format!("row {number} is not behind the row before it"));
                }
                if model::time::utc_day(row.key.event_at) != file.entry.day && !std::mem::replace(&mut other_day, true)
                {
                    self.wrong(path, None, format!("row {number} is of another day"));
                }
                let is_known =
                    |ids: &[Box<str>]| ids.get(row.key.ordinal as usize).is_some_and(|id| **id == *row.distinct_id);
                if !ids.is_none_or(is_known) && !std::mem::replace(&mut unknown_id, true) {
                    let detail =
                        format!("row {number}: ordinal {} is not that of its id in the identity log", row.key.ordinal);
                    self.wrong(path, None, detail);
                }
                before = Some(row.key);
                read.first_at = read.first_at.min(row.key.event_at);
                read.last_at = read.last_at.max(row.key.event_at);
                let at = row.key.event_at;
                counted.count_event(row.event, EventStats { count: 1, first_at: at, last_at: at });
                row.properties.iter().for_each(|(key, value)| counted.count_property(key, value.kind()));
                read.uuids.push(row.key.uuid);
            }
        }
        if counted.without_uncounted() != read.stats {
            self.wrong(path, None, "its statistics are not those of its rows");
        }
        Ok(read)
    }

    fn sidecar(&mut self, path: &Path, entry: &SegmentEntry, read: Read, sources: &mut Sources) {
        let Read { stats, mut uuids, .. } = read;
        uuids.sort_unstable();
        let bytes = self.disk.open(path).and_then(|file| file.len());
        match bytes {
            Ok(bytes) => self.reading(path, bytes),
            Err(_) => {
                self.find(Severity::Warning, path, None, "missing; the next start makes it again");
                return sources.add_memory(format::day_name(entry.day), entry.number, uuids);
            }
        }
        match sidecar::check(&**self.disk, path, entry, &stats, &uuids) {
            Ok(uuids_at) => sources.add_file(format::day_name(entry.day), entry.number, path, uuids_at, entry.rows),
            Err(StoreError::Damaged { detail, .. }) => {
                self.wrong(path, None, format!("{detail}; remove the file and the next start makes it again"));
                sources.add_memory(format::day_name(entry.day), entry.number, uuids);
            }
            Err(error) => {
                self.failed_check(path, error);
                sources.add_memory(format::day_name(entry.day), entry.number, uuids);
            }
        }
    }
}
