//! What the threads of one store share: the projects, the queue, the catalogue of live files, the health.

use crate::commit::Job;
use crate::disk::{Disk, DiskFile};
use crate::health::HealthState;
use crate::manifest::Manifest;
use crate::project::Project;
use crate::segment::cache::ColumnCache;
use crate::segment::column_files::ColumnFiles;
use crate::segment::stats::StatsMemory;
use crate::{StoreError, StoreOptions};
use model::ProjectId;
use parking_lot::{Condvar, Mutex, RwLock};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A file of this size is given up when a flush finds the disk full, so that the flush can end and free the WAL.
const RESERVE_BYTES: usize = 4 << 20;

pub(crate) struct Shared {
    pub disk: Arc<dyn Disk>,
    pub dir: PathBuf,
    pub options: StoreOptions,
    pub cache: Arc<ColumnCache>,
    pub stats_memory: Arc<StatsMemory>,
    pub queue: Queue,
    pub catalog: Mutex<Catalog>,
    /// Held by whoever writes segment files of the buffer or removes files of failed events.
    pub flushing: Mutex<()>,
    /// Held by whoever merges files.
    pub compacting: Mutex<()>,
    /// Whether something was written since the last flush began.
    pub dirty: AtomicBool,
    pub buffer_rows: AtomicUsize,
    pub buffer_bytes: AtomicUsize,
    /// When the oldest unflushed row came.
    pub oldest: Mutex<Option<Instant>>,
    /// Number and bytes of the WAL files there are.
    pub wal_files: Mutex<BTreeMap<u64, u64>>,
    pub wake: Wake,
    pub wake_merges: Wake,
    projects: RwLock<BTreeMap<ProjectId, Arc<Project>>>,
    state: Mutex<HealthState>,
    /// Snapshot ids of new projects start here.
    first_version: u64,
}

/// The manifest in force and the numbers given since.
pub(crate) struct Catalog {
    pub manifest: Manifest,
    pub next_file: u64,
}

/// Wakes the background thread.
#[derive(Default)]
pub(crate) struct Wake {
    wanted: Mutex<bool>,
    changed: Condvar,
}

impl Wake {
    pub fn now(&self) {
        *self.wanted.lock() = true;
        self.changed.notify_all();
    }

    /// Until it is wanted, or this long.
    pub fn wait(&self, at_most: Duration) {
        let mut wanted = self.wanted.lock();
        if !*wanted {
            self.changed.wait_for(&mut wanted, at_most);
        }
        *wanted = false;
    }
}

impl Shared {
    pub fn new(disk: Arc<dyn Disk>, dir: &Path, options: StoreOptions, catalog: Catalog, first_version: u64) -> Shared {
        let live: HashSet<u64> =
            catalog.manifest.projects.values().flat_map(|files| &files.segments).map(|entry| entry.number).collect();
        let is_live = |number| live.contains(&number);
        let files = ColumnFiles::open(Arc::clone(&disk), dir, options.column_files_bytes, is_live);
        Shared {
            disk,
            dir: dir.to_owned(),
            cache: Arc::new(ColumnCache::new(options.column_cache_bytes, Some(files))),
            stats_memory: Arc::default(),
            queue: Queue::default(),
            catalog: Mutex::new(catalog),
            flushing: Mutex::new(()),
            compacting: Mutex::new(()),
            dirty: AtomicBool::new(false),
            buffer_rows: AtomicUsize::new(0),
            buffer_bytes: AtomicUsize::new(0),
            oldest: Mutex::new(None),
            wal_files: Mutex::default(),
            wake: Wake::default(),
            wake_merges: Wake::default(),
            projects: RwLock::default(),
            state: Mutex::new(HealthState::Ready),
            options,
            first_version,
        }
    }

    /// A project; made now if it is new.
    pub fn project(&self, id: ProjectId) -> Arc<Project> {
        if let Some(project) = self.known_project(id) {
            return project;
        }
        let mut projects = self.projects.write();
        let made = || Arc::new(Project::new(id, self.first_version));
        Arc::clone(projects.entry(id).or_insert_with(made))
    }

    pub fn known_project(&self, id: ProjectId) -> Option<Arc<Project>> {
        self.projects.read().get(&id).cloned()
    }

    pub fn all_projects(&self) -> Vec<Arc<Project>> {
        self.projects.read().values().cloned().collect()
    }

    pub fn first_version(&self) -> u64 {
        self.first_version
    }

    pub fn state(&self) -> HealthState {
        self.state.lock().clone()
    }

    /// A group is durable: the disk has room again.
    pub fn wrote(&self, (number, bytes): (u64, u64)) {
        self.wal_files.lock().insert(number, bytes);
        self.dirty.store(true, Ordering::Release);
        let mut state = self.state.lock();
        if matches!(*state, HealthState::ReadOnly { .. }) {
            tracing::info!("there is space on the disk again");
            *state = HealthState::Ready;
        }
    }

    /// The disk is full.
    pub fn read_only(&self, error: &StoreError) {
        let mut state = self.state.lock();
        if *state == HealthState::Ready {
            tracing::error!(%error, "the disk is full; writes are refused until there is space");
            *state = HealthState::ReadOnly { reason: error.to_string() };
        }
    }

    /// No more writes until the store is opened again.
    pub fn stop(&self, reason: String) {
        tracing::error!(reason, "the store has stopped");
        *self.state.lock() = HealthState::Stopped { reason };
    }

    /// Rows came into the buffer.
    pub fn buffered(&self, rows: usize, bytes: usize) {
        let rows = self.buffer_rows.fetch_add(rows, Ordering::AcqRel) + rows;
        let bytes = self.buffer_bytes.fetch_add(bytes, Ordering::AcqRel) + bytes;
        self.oldest.lock().get_or_insert_with(Instant::now);
        if rows >= self.options.flush_rows || bytes >= self.options.flush_bytes_due() {
            self.wake.now();
        }
    }

    /// The next number for a file.
    pub fn file_number(&self) -> u64 {
        let mut catalog = self.catalog.lock();
        catalog.next_file += 1;
        catalog.next_file - 1
    }

    fn reserve(&self) -> PathBuf {
        self.dir.join("RESERVE")
    }

    /// Makes the reserve if it is not there; without room for it there is none.
    pub fn make_reserve(&self) {
        let path = self.reserve();
        let there = |file: Arc<dyn DiskFile>| file.len().is_ok_and(|bytes| bytes >= RESERVE_BYTES as u64);
        if self.disk.open(&path).is_ok_and(there) {
            return;
        }
        let made = self.disk.create(&path).and_then(|file| file.append(&vec![0; RESERVE_BYTES]));
        if made.is_err() {
            let _ = self.disk.remove(&path);
        }
    }

    /// Gives the reserve up; whether there was one.
    pub fn release_reserve(&self) -> bool {
        self.disk.remove(&self.reserve()).is_ok()
    }
}

/// Jobs on their way to the writer.
#[derive(Default)]
pub(crate) struct Queue {
    inner: Mutex<QueueInner>,
    filled: Condvar,
}

#[derive(Default)]
struct QueueInner {
    jobs: Vec<Job>,
    bytes: usize,
    closed: bool,
}

impl Queue {
    /// Bytes of batches that are not yet durable.
    pub fn bytes(&self) -> usize {
        self.inner.lock().bytes
    }

    /// Puts a job at the end; hands it back when the queue is closed, or when `bytes` more are too many.
    pub fn push(&self, job: Job, bytes: usize, bytes_max: usize) -> Result<(), Box<(Job, StoreError)>> {
        let mut inner = self.inner.lock();
        if inner.closed {
            return Err(Box::new((job, StoreError::Closed)));
        }
        // A batch larger than the whole limit may go when it is alone.
        if bytes > 0 && inner.bytes > 0 && inner.bytes + bytes > bytes_max {
            let error = StoreError::Overloaded { used_bytes: inner.bytes, max_bytes: bytes_max };
            return Err(Box::new((job, error)));
        }
        inner.bytes += bytes;
        inner.jobs.push(job);
        drop(inner);
        self.filled.notify_one();
        Ok(())
    }

    /// All jobs that wait; waits for one.
    pub fn take(&self) -> Vec<Job> {
        let mut inner = self.inner.lock();
        while inner.jobs.is_empty() {
            self.filled.wait(&mut inner);
        }
        std::mem::take(&mut inner.jobs)
    }

    /// Batches of so many bytes have been answered.
    pub fn done(&self, bytes: usize) {
        self.inner.lock().bytes -= bytes;
    }

    /// Whether it takes no more jobs.
    pub fn is_closed(&self) -> bool {
        self.inner.lock().closed
    }

    /// Drops all jobs that wait, so that nobody waits for an answer that cannot come, and takes no more.
    pub fn abandon(&self) {
        let mut inner = self.inner.lock();
        inner.closed = true;
        inner.jobs.clear();
    }

    /// Ends the writer behind all jobs that wait.
    pub fn stop(&self) {
        let mut inner = self.inner.lock();
        inner.closed = true;
        inner.jobs.push(Job::Stop);
        drop(inner);
        self.filled.notify_one();
    }
}
