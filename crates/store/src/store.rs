//! The store: one data directory, opened by one process.

use crate::background;
use crate::commit::{Done, Job};
use crate::disk::{Disk, DiskLock};
use crate::failed;
use crate::handout::PersonDetails;
use crate::manifest::{CommitError, Manifest};
use crate::open;
use crate::segment::column_files::ColumnFiles;
use crate::shared::Shared;
use crate::snapshot;
use crate::wal::record::Command;
use crate::{
    Checkpoint, CompactionReport, ExpireReport, FailedEvent, FailedId, Health, IdentityWarning, IdentityWarningCode,
    Merge, OpenReport, Outcomes, Person, Snapshot, StoreError, StoreOptions,
};
use model::Value;
use model::time::DAY;
use model::{Event, Micros, NotStored, ProjectId, Reason};
use parking_lot::Mutex;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;

/// What became of one request, after decoding and the gate.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Whose events.
    pub project: ProjectId,
    /// Our clock; raised by the store where it would fall.
    pub received_at: Micros,
    /// Whether it came with a secret key: `$merge_dangerously` is allowed.
    pub trusted: bool,
    /// Events to keep.
    pub events: Vec<Event>,
    /// Events that are not to become rows.
    pub not_stored: Vec<NotStored>,
    /// Fields taken out of `events`: reason and how many.
    pub removed_fields: Vec<(String, u64)>,
    /// Failed events that this batch tries again; marked as retried together with it.
    pub retry_of: Vec<FailedId>,
}

/// What an append did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// How many events became rows.
    pub stored: u32,
    /// Indexes into the batch's events of those that are rows already; ascending.
    pub duplicates: Vec<u32>,
    /// The first snapshot id that shows them.
    pub snapshot: u64,
    /// received_at as stored.
    pub received_at: Micros,
    /// Index into the batch's events and why its claim was refused.
    pub warnings: Vec<(u32, IdentityWarningCode)>,
}

impl Batch {
    /// A batch with nothing in it yet.
    pub fn new(project: ProjectId, received_at: Micros) -> Batch {
        Batch {
            project,
            received_at,
            trusted: false,
            events: Vec::new(),
            not_stored: Vec::new(),
            removed_fields: Vec::new(),
            retry_of: Vec::new(),
        }
    }
}

impl Batch {
    /// Estimated bytes in memory.
    fn bytes(&self) -> usize {
        let text = |value: &Value| if let Value::Text(text) | Value::Json(text) = value { text.len() } else { 0 };
        let event = |event: &Event| {
            let properties = event.properties.iter().map(|(key, value)| key.len() + text(value) + 48);
            192 + event.event.len() + event.distinct_id.len() + properties.sum::<usize>()
        };
        let not_stored = |event: &NotStored| 128 + event.detail.len() + event.payload.as_ref().map_or(0, String::len);
        256 + self.events.iter().map(event).sum::<usize>() + self.not_stored.iter().map(not_stored).sum::<usize>()
    }
}

/// An open data directory.
///
/// Dropping it ends its threads without a flush: nothing acknowledged is lost, the WAL has it.
pub struct Store {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    lock: Mutex<Option<Box<dyn DiskLock>>>,
}

impl Drop for Store {
    fn drop(&mut self) {
        self.end_threads();
    }
}

impl Store {
    /// Opens or creates a data directory and replays its WAL. Fails with [`StoreError::Locked`] when in use.
    pub fn open(
        disk: Arc<dyn Disk>,
        dir: &Path,
        options: StoreOptions,
        now: Micros,
    ) -> Result<(Arc<Store>, OpenReport), StoreError> {
        let opened = open::open(disk, dir, options, now)?;
        let shared = opened.shared;
        let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
            let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
            thread.map_err(|error| StoreError::io(dir, error))
        };
        let writer = opened.writer;
        let mut threads = vec![spawn("store-writer", Box::new(move || writer.run()))?];
        if !shared.options.background {
            background::file_uuids(&shared);
        } else {
            let (flushes, merges) = (Arc::clone(&shared), Arc::clone(&shared));
            threads.push(spawn("store-flushes", Box::new(move || background::run_flushes(&flushes)))?);
            threads.push(spawn("store-merges", Box::new(move || background::run_merges(&merges)))?);
        }
        let store = Store { shared, threads: Mutex::new(threads), lock: Mutex::new(Some(opened.lock)) };
        Ok((Arc::new(store), opened.report))
    }

    /// Makes a batch durable; blocks until it is, or is refused as a whole.
    pub fn append(&self, batch: Batch) -> Result<Receipt, StoreError> {
        let (sender, receiver) = sync_channel(1);
        self.submit(
            batch,
            Box::new(move |result| {
                // The receiver waits below; it cannot be gone.
                let _ = sender.send(result);
            }),
        );
        receiver.recv().unwrap_or(Err(StoreError::Closed))
    }

    /// As [`Store::append`], answering through `done`, which runs on the writer's thread and must be short.
    pub fn submit(&self, batch: Batch, done: Done) {
        let buffered = self.shared.buffer_bytes.load(Ordering::Acquire);
        let max_bytes = self.shared.options.buffer_bytes_max;
        if buffered > max_bytes {
            self.shared.wake.now();
            return done(Err(StoreError::Overloaded { used_bytes: buffered, max_bytes }));
        }
        let bytes = batch.bytes();
        let job = Job::Append { batch, bytes, done };
        let pushed = self.shared.queue.push(job, bytes, self.shared.options.queue_bytes_max);
        if let Err((Job::Append { done, .. }, error)) = pushed.map_err(|refused| *refused) {
            done(Err(error));
        }
    }

    fn command(&self, command: Command) -> Result<(), StoreError> {
        let (done, receiver) = sync_channel(1);
        self.shared.queue.push(Job::Command { command, done }, 0, 0).map_err(|refused| refused.1)?;
        receiver.recv().unwrap_or(Err(StoreError::Closed))
    }

    /// A frozen view of a project, the buffer included. A project never written to is empty.
    pub fn snapshot(&self, project: ProjectId) -> Snapshot {
        match self.shared.known_project(project) {
            Some(project) => project.snapshot(),
            None => Snapshot::new(snapshot::Inner {
                id: self.shared.first_version(),
                project,
                segments: Vec::new(),
                person_of: Arc::default(),
                ids: Arc::default(),
                properties: Default::default(),
                columns: Default::default(),
                warnings: Vec::new(),
            }),
        }
    }

    /// Projects that have received anything, ascending.
    pub fn projects(&self) -> Vec<ProjectId> {
        self.shared.all_projects().iter().map(|project| project.id).collect()
    }

    /// Counters of a project.
    pub fn outcomes(&self, project: ProjectId) -> Outcomes {
        let project = self.shared.known_project(project);
        project.map(|project| project.state.read().counts.outcomes()).unwrap_or_default()
    }

    /// Failed events, newest first: those with `filter`'s reason and an id below `after`, at most `limit`.
    pub fn failed_events(
        &self,
        project: ProjectId,
        filter: Option<Reason>,
        after: Option<FailedId>,
        limit: usize,
    ) -> Result<Vec<FailedEvent>, StoreError> {
        let Some(project) = self.shared.known_project(project) else { return Ok(Vec::new()) };
        let before = after.map_or(u64::MAX, |id| id.0);
        let mut found: Vec<FailedEvent> = Vec::new();
        let is_wanted = |event: &FailedEvent| event.id.0 < before && filter.is_none_or(|reason| event.reason == reason);
        let (files, retried) = {
            let state = project.state.read();
            found.extend(state.failed.pending.iter().rev().filter(|event| is_wanted(event)).take(limit).cloned());
            (state.failed.files.clone(), state.failed.retried.clone())
        };
        for file in files.iter().rev() {
            let mut take = |event: FailedEvent| {
                if found.len() < limit && is_wanted(&event) {
                    found.push(event);
                }
                found.len() < limit
            };
            if limit == 0 || !failed::read_backward(&*self.shared.disk, &self.shared.dir, project.id, file, &mut take)?
            {
                break;
            }
        }
        for event in &mut found {
            event.retried_at = retried.get(&event.id.0).copied();
        }
        Ok(found)
    }

    /// Marks failed events as retried at `now`, durably. Ids that were never given are passed over.
    pub fn mark_retried(&self, project: ProjectId, ids: &[FailedId], now: Micros) -> Result<(), StoreError> {
        self.command(Command::Retried { project, ids: ids.iter().map(|id| id.0).collect(), at: now })
    }

    /// The person of a distinct_id; `None` when no event or claim has named it.
    pub fn person(&self, project: ProjectId, distinct_id: &str) -> Option<Person> {
        self.shared.known_project(project)?.state.read().persons.person(distinct_id)
    }

    /// What is known of persons by their root ordinals, in order; see `handout.rs`.
    pub(crate) fn person_details(&self, project: ProjectId, roots: &[u32]) -> Vec<PersonDetails> {
        let project = self.shared.known_project(project);
        project.map(|project| project.state.read().persons.details(roots)).unwrap_or_default()
    }

    /// All merges, newest first, undone ones included.
    pub fn merges(&self, project: ProjectId) -> Vec<Merge> {
        let project = self.shared.known_project(project);
        project.map(|project| project.state.read().persons.merges()).unwrap_or_default()
    }

    /// Refused claims, newest first; the last 1 000 are kept.
    pub fn identity_warnings(&self, project: ProjectId) -> Vec<IdentityWarning> {
        let project = self.shared.known_project(project);
        project.map(|project| project.state.read().persons.warnings()).unwrap_or_default()
    }

    /// Undoes a merge, durably: persons are as if it had never been. [`StoreError::NotFound`] if there is none, or if
    /// it is undone already. Reads the project's identity log; the project's writes wait meanwhile.
    pub fn undo_merge(&self, project: ProjectId, seq: u64, by: &str, now: Micros) -> Result<Merge, StoreError> {
        let not_found = || StoreError::NotFound { what: format!("merge {seq}") };
        let known = self.shared.known_project(project).ok_or_else(not_found)?;
        let merge = known.state.read().persons.merge_at(seq);
        merge.filter(|merge| merge.undone.is_none()).ok_or_else(not_found)?;
        self.command(Command::Undo { project, seq, by: by.to_owned(), at: now })?;
        known.state.read().persons.merge_at(seq).ok_or_else(not_found)
    }

    /// Writes the buffer into segment files; returns when they are committed.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.shared.flush()
    }

    /// Writes the buffer into files and gives all files that are live then a second name below `to`, an empty folder on
    /// the same file system, with a manifest of their own: a data directory that nothing changes any more. Appends go
    /// on meanwhile. Remove the folder when it is no longer needed, or its files go on taking space.
    pub fn checkpoint(&self, to: &Path) -> Result<Checkpoint, StoreError> {
        self.shared.checkpoint(to)
    }

    /// Merges files until the policy wants no more.
    pub fn compact(&self) -> Result<CompactionReport, StoreError> {
        self.shared.compact(usize::MAX)
    }

    /// Removes files of failed events whose whole day is past its time.
    pub fn expire(&self, now: Micros) -> Result<ExpireReport, StoreError> {
        let shared = &self.shared;
        let _one = shared.flushing.lock();
        let keep = shared.options.failed_keep;
        let is_past = |day: i32| (i64::from(day) + 1).saturating_mul(DAY).saturating_add(keep) <= now;
        let mut report = ExpireReport::default();
        for project in shared.all_projects() {
            let past: Vec<_> =
                project.state.read().failed.files.iter().filter(|file| is_past(file.day)).cloned().collect();
            let Some(last_id) = past.iter().map(|file| file.last_id).max() else { continue };
            let change = |manifest: &mut Manifest| {
                let files = manifest.projects.entry(project.id.0).or_default();
                files.failed.retain(|file| !is_past(file.day));
            };
            let publish = || {
                let mut state = project.state.write();
                state.failed.files.retain(|file| !is_past(file.day));
                state.failed.retried = state.failed.retried.split_off(&(last_id + 1));
            };
            shared.commit(change, publish).map_err(|error| match error {
                CommitError::NotDone(error) => error,
                CommitError::Unknown(reason) => {
                    shared.stop(reason.clone());
                    StoreError::Stopped { reason }
                }
            })?;
            for file in &past {
                // What stays is swept as an orphan at the next open.
                let _ = shared.disk.remove(&failed::path_of(&shared.dir, project.id, file.day));
                report.failed_files_removed += 1;
            }
        }
        Ok(report)
    }

    /// State and size now.
    pub fn health(&self) -> Health {
        let shared = &self.shared;
        let (files, bytes, rows, quarantined) = {
            let manifest = &shared.catalog.lock().manifest;
            let entries = || manifest.projects.values().flat_map(|project| &project.segments);
            let sum = |field: fn(&crate::manifest::SegmentEntry) -> u64| entries().map(field).sum();
            (entries().count(), sum(|entry| entry.bytes), sum(|entry| entry.rows), manifest.quarantined.len())
        };
        let (wal_files, wal_bytes) = {
            let files = shared.wal_files.lock();
            (files.len(), files.values().sum())
        };
        Health {
            state: shared.state(),
            buffer_rows: shared.buffer_rows.load(Ordering::Acquire),
            buffer_bytes: shared.buffer_bytes.load(Ordering::Acquire),
            queue_bytes: shared.queue.bytes(),
            wal_bytes,
            wal_files,
            segment_files: files,
            segment_bytes: bytes,
            segment_rows: rows,
            dedup_filter_bytes: shared.all_projects().iter().map(|project| project.dedup.lock().filter_bytes()).sum(),
            column_cache_bytes: shared.cache.bytes(),
            column_files_bytes: shared.cache.files.as_ref().map_or(0, ColumnFiles::bytes),
            quarantined,
            free_bytes: shared.disk.free_bytes(&shared.dir).ok(),
        }
    }

    /// Drains the queue, flushes, ends the threads and releases the lock. Appends after it: [`StoreError::Closed`].
    /// Reads go on from what is there. When the flush fails the rest is done all the same; the WAL has the rows.
    pub fn close(&self) -> Result<(), StoreError> {
        let flushed = self.shared.flush();
        self.end_threads();
        *self.lock.lock() = None;
        flushed
    }

    fn end_threads(&self) {
        let threads = std::mem::take(&mut *self.threads.lock());
        if !threads.is_empty() {
            self.shared.queue.stop();
            self.shared.wake.now();
            self.shared.wake_merges.now();
        }
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the store panicked");
            }
        }
    }
}
