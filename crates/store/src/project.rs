//! All that is known of one project in memory, and how a WAL record changes it.
//!
//! `apply_batch` is the only way in which events get in, live and at replay, so both give the same state.

use crate::buffer::{Buffer, RowMaker};
use crate::dedup::Dedup;
use crate::failed::Failed;
use crate::outcomes::Counts;
use crate::persons::IdentityWarningCode;
use crate::persons::entry::Entry;
use crate::persons::fold::Persons;
use crate::segment::Segment;
use crate::segment::cache::ColumnCache;
use crate::snapshot::{self, Snapshot};
use crate::wal::record::{self, BatchRecord};
use model::{Micros, Outcome, ProjectId};
use parking_lot::{Mutex, RwLock};
use std::sync::Arc;

/// One project. Only the writer changes what events change; flush and compaction change the list of files.
pub(crate) struct Project {
    pub id: ProjectId,
    pub state: RwLock<State>,
    pub dedup: Mutex<Dedup>,
}

/// What readers see, under one lock.
pub(crate) struct State {
    pub version: u64,
    pub persons: Persons,
    /// Decisions that are not in the identity log yet.
    pub identity: Vec<Entry>,
    /// Committed length of the identity log.
    pub identity_bytes: u64,
    /// Ascending by (day, number).
    pub files: Vec<Arc<Segment>>,
    pub buffer: Buffer,
    pub counts: Counts,
    pub failed: Failed,
    pub warnings: Vec<String>,
}

/// What a record did.
pub(crate) struct Applied {
    pub rows: usize,
    pub bytes: usize,
    /// Index of the row and why its claim was refused.
    pub warnings: Vec<(u32, IdentityWarningCode)>,
    pub version: u64,
}

impl Project {
    /// A project without anything. Snapshot ids start at `version`.
    pub fn new(id: ProjectId, version: u64) -> Project {
        let state = State {
            version,
            persons: Persons::default(),
            identity: Vec::new(),
            identity_bytes: 0,
            files: Vec::new(),
            buffer: Buffer::default(),
            counts: Counts::default(),
            failed: Failed::default(),
            warnings: Vec::new(),
        };
        Project { id, state: RwLock::new(state), dedup: Mutex::default() }
    }

    pub fn snapshot(&self) -> Snapshot {
        let state = self.state.read();
        let mut warnings = state.warnings.clone();
        let mut segments = Vec::with_capacity(state.files.len() + 8);
        for segment in &state.files {
            match segment.file().and_then(|file| Some((file, file.damage()?))) {
                Some((file, detail)) => warnings.push(damage_text(&file.path.display().to_string(), detail)),
                None => segments.push(Arc::clone(segment)),
            }
        }
        segments.extend(state.buffer.chunks().map(|(_, chunk)| Arc::clone(chunk)));
        // Stable: files stay in order of their numbers, before the chunks of their day.
        segments.sort_by_key(|segment| segment.day());
        Snapshot::new(snapshot::Inner {
            id: state.version,
            project: self.id,
            segments,
            person_of: Arc::clone(state.persons.person_of()),
            ids: Arc::clone(&state.persons.ids),
            properties: state.persons.properties().clone(),
            columns: Mutex::default(),
            warnings,
        })
    }
}

/// The sentence in a snapshot's warnings.
pub(crate) fn damage_text(path: &str, detail: &str) -> String {
    format!("{path} is damaged and left out: {detail}")
}

impl State {
    /// Applies one batch.
    pub fn apply_batch(&mut self, batch: &BatchRecord<'_>, cache: &Arc<ColumnCache>) -> Applied {
        let tables = self.buffer.tables();
        let mut bytes = 0;
        let codes: Vec<u32> = {
            let mut table = tables.texts.writer();
            let mut intern = |text: &&str| {
                let (code, is_new) = table.intern(text);
                bytes += if is_new { text.len() + 96 } else { 0 };
                code
            };
            batch.texts.iter().map(&mut intern).collect()
        };
        let is_person_key: Vec<bool> = batch.texts.iter().map(|text| record::is_person_key(text)).collect();
        let profile_key = batch.texts.iter().position(|text| *text == "$process_person_profile");
        let has_person_keys = is_person_key.contains(&true);
        let mut warnings = Vec::new();
        let mut rows = Vec::with_capacity(batch.rows.len());
        let mut maker = RowMaker::new(batch, &codes, &tables.shapes);
        for (index, row) in batch.rows.iter().enumerate() {
            let properties = &batch.properties[row.properties.clone()];
            let is_no_profile = |key: usize| {
                let mut values = properties.iter().filter(|property| property.key as usize == key);
                values.any(|property| batch.value(property) == model::Value::Bool(false))
            };
            let profile = !profile_key.is_some_and(is_no_profile);
            let id = batch.texts[row.distinct_id as usize];
            let ordinal = self.persons.observe(id, row.event_at, profile, &mut self.identity);
            let name = batch.texts[row.event as usize];
            if matches!(name, "$identify" | "$create_alias" | "$merge_dangerously")
                || (has_person_keys && properties.iter().any(|property| is_person_key[property.key as usize]))
            {
                let event = batch.event(row);
                let warning = self.persons.apply(&event, ordinal, batch.trusted, &mut self.identity);
                warnings.extend(warning.map(|code| (index as u32, code)));
            }
            let (row, row_bytes) = maker.row(row, ordinal);
            bytes += row_bytes;
            rows.push(row);
        }
        for not_stored in batch.not_stored.iter().filter(|event| event.reason.outcome() == Outcome::Failed) {
            bytes += self.failed.add(not_stored, batch.received_at);
        }
        self.mark_retried(&batch.retry_of, batch.received_at);
        self.counts.add(batch);
        let count = rows.len();
        let ids = Arc::clone(&self.persons.ids);
        self.buffer.add(rows, bytes, &ids, cache);
        self.version += 1;
        Applied { rows: count, bytes, warnings, version: self.version }
    }

    /// Marks failed events as retried; ids that were never given are passed over.
    pub fn mark_retried(&mut self, ids: &[u64], at: Micros) {
        let known = self.failed.next_id;
        self.failed.retried.extend(ids.iter().filter(|id| **id <= known).map(|id| (*id, at)));
    }

    /// Undoes a merge: folds all decisions again without it. `committed` are those in the identity log.
    pub fn undo(&mut self, mut committed: Vec<Entry>, seq: u64, by: &str, at: Micros) {
        self.identity.push(Entry::Undo { seq, by: by.into(), at });
        committed.extend(self.identity.iter().cloned());
        self.persons = Persons::rebuild(Arc::clone(&self.persons.ids), &committed);
        self.version += 1;
    }
}
