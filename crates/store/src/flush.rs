//! Makes files of the buffer.
//!
//! Order: the writer closes the fills and the WAL file → identity log → segment files and sidecars → failed events and
//! counters → folders → manifest (the commit) → memory → old WAL files. The writer goes on accepting meanwhile. A
//! flush that fails before the commit leaves the fills in memory, and the next flush takes them again.

use crate::buffer::{self, Frozen, Tables};
use crate::commit::{Job, Sealed};
use crate::dedup::sidecar::{self, Sidecar};
use crate::error::is_passing;
use crate::failed::{self, FailedEvent};
use crate::health::HealthState;
use crate::manifest::{self, CommitError, FailedFile, Manifest, SegmentEntry};
use crate::outcomes::{self, ProjectCounters};
use crate::persons;
use crate::project::Project;
use crate::segment::Segment;
use crate::segment::format;
use crate::segment::reader::FileSegment;
use crate::segment::stats::SegmentStats;
use crate::segment::writer::{SegmentWriter, Written};
use crate::shared::Shared;
use crate::{StoreError, wal};
use model::{Micros, ProjectId};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What one flush writes of one project: all that records before the seal brought.
pub(crate) struct Part {
    project: Arc<Project>,
    /// Snapshots up to this id show nothing that is not in this part or in files already.
    version: u64,
    fills: Vec<u64>,
    days: BTreeMap<i32, Vec<Arc<Segment>>>,
    /// So many decisions go into the identity log.
    identity: usize,
    /// So many failed events go into files.
    failed: usize,
    counters: ProjectCounters,
}

/// By project: a snapshot id.
pub(crate) type Versions = BTreeMap<ProjectId, u64>;

/// Closes the fills of a project; called by the writer between two groups.
pub(crate) fn seal(project: Arc<Project>) -> Part {
    project.dedup.lock().seal();
    let mut state = project.state.write();
    let mut days: BTreeMap<i32, Vec<Arc<Segment>>> = BTreeMap::new();
    let mut fills = Vec::new();
    for (number, chunks) in state.buffer.seal() {
        fills.push(number);
        for (day, chunks) in chunks {
            days.entry(day).or_default().extend(chunks);
        }
    }
    let counters = ProjectCounters::new(&state.counts, state.failed.next_id, state.failed.retried.clone());
    let (identity, failed, version) = (state.identity.len(), state.failed.pending.len(), state.version);
    drop(state);
    Part { project, version, fills, days, identity, failed, counters }
}

/// What was written of it.
struct Made {
    part: Part,
    identity_bytes: u64,
    segments: Vec<(Arc<Segment>, Arc<Sidecar>)>,
    failed: Vec<FailedFile>,
}

/// Files made so far, to be removed if the flush fails, and the folders that got them.
#[derive(Default)]
pub(crate) struct Traces {
    files: Vec<PathBuf>,
    folders: BTreeSet<PathBuf>,
}

impl Traces {
    pub fn add(&mut self, path: &Path) {
        self.files.push(path.to_owned());
        if let Some(folder) = path.parent() {
            self.folders.insert(folder.to_owned());
        }
    }

    /// Makes the names durable, those of new folders too.
    pub fn sync(&self, shared: &Shared) -> Result<(), StoreError> {
        let mut folders = self.folders.clone();
        for folder in &self.folders {
            folders.extend(folder.ancestors().take_while(|above| above.starts_with(&shared.dir)).map(Path::to_owned));
        }
        for folder in folders {
            shared.disk.sync_dir(&folder).map_err(|error| StoreError::io(&folder, error))?;
        }
        Ok(())
    }

    pub fn remove(&self, shared: &Shared) {
        for path in &self.files {
            // What stays is swept as an orphan at the next open.
            let _ = shared.disk.remove(path);
        }
    }
}

impl Shared {
    /// Writes the buffer into files; returns when they are committed.
    pub fn flush(&self) -> Result<(), StoreError> {
        let _one = self.flushing.lock();
        if self.dirty.load(Ordering::Acquire) { self.flush_now().map(drop) } else { Ok(()) }
    }

    /// As [`Shared::flush`], also when there is nothing to write; the caller holds `flushing`. Returns the snapshot id
    /// of each project up to which all is in files now.
    pub fn flush_now(&self) -> Result<Versions, StoreError> {
        self.dirty.store(false, Ordering::Release);
        let result = self.flush_once().or_else(|error| match error {
            StoreError::DiskFull { .. } if self.release_reserve() => self.flush_once(),
            error => Err(error),
        });
        match &result {
            Ok(_) => self.make_reserve(),
            Err(error) => {
                self.dirty.store(true, Ordering::Release);
                match error {
                    StoreError::DiskFull { .. } => self.read_only(error),
                    StoreError::Stopped { .. } | StoreError::Closed => {}
                    StoreError::Io { source, .. } if is_passing(source) => {}
                    // A read or write that failed for another reason says that the disk cannot be trusted.
                    error => self.stop(error.to_string()),
                }
            }
        }
        result
    }

    fn flush_once(&self) -> Result<Versions, StoreError> {
        if let HealthState::Stopped { reason } = self.state() {
            return Err(StoreError::Stopped { reason });
        }
        let (done, sealed) = std::sync::mpsc::sync_channel(1);
        self.queue.push(Job::Seal { done }, 0, 0).map_err(|refused| refused.1)?;
        let sealed = sealed.recv().map_err(|_| StoreError::Closed)?;
        let mut traces = Traces::default();
        let versions = sealed.parts.iter().map(|part| (part.project.id, part.version)).collect();
        match self.write_parts(sealed, &mut traces) {
            Ok(()) => Ok(versions),
            Err(CommitError::NotDone(error)) => {
                traces.remove(self);
                Err(error)
            }
            Err(CommitError::Unknown(reason)) => {
                self.stop(reason.clone());
                Err(StoreError::Stopped { reason })
            }
        }
    }

    fn write_parts(&self, sealed: Sealed, traces: &mut Traces) -> Result<(), CommitError> {
        let Sealed { wal_from, received_at, parts } = sealed;
        let mut made = Vec::new();
        let mut counters = BTreeMap::new();
        for mut part in parts {
            counters.insert(part.project.id.0, std::mem::take(&mut part.counters));
            made.push(self.write_part(part, traces).map_err(CommitError::NotDone)?);
        }
        let outcomes = self.file_number();
        let folder = self.dir.join("outcomes");
        outcomes::write(&*self.disk, &self.dir, outcomes, &counters).map_err(CommitError::NotDone)?;
        traces.folders.insert(folder);
        traces.sync(self).map_err(CommitError::NotDone)?;
        self.commit_flush(wal_from, received_at, outcomes, &made)?;
        self.remove_old_wal(wal_from);
        Ok(())
    }

    fn write_part(&self, part: Part, traces: &mut Traces) -> Result<Made, StoreError> {
        let project = part.project.id;
        let (mut identity_bytes, entries) = {
            let state = part.project.state.read();
            (state.identity_bytes, state.identity[..part.identity].to_vec())
        };
        // Before the segment files: no file may use an ordinal that is not durable.
        if !entries.is_empty() {
            identity_bytes = persons::log::append(&*self.disk, &self.dir, project, identity_bytes, &entries)?;
            traces.folders.insert(self.dir.join("persons"));
        }
        let mut segments = Vec::new();
        for (day, chunks) in &part.days {
            segments.push(self.write_day(&part.project, *day, chunks, traces)?);
        }
        let failed = self.write_failed(&part, traces)?;
        Ok(Made { part, identity_bytes, segments, failed })
    }

    fn write_day(
        &self,
        project: &Project,
        day: i32,
        chunks: &[Arc<Segment>],
        traces: &mut Traces,
    ) -> Result<(Arc<Segment>, Arc<Sidecar>), StoreError> {
        let mut stats = SegmentStats::default();
        let mut rows = Vec::new();
        let mut fills: Vec<Frozen> = Vec::new();
        let mut known: Vec<&Tables> = Vec::new();
        for chunk in chunks.iter().filter_map(|segment| segment.chunk()) {
            stats.merge(chunk.stats());
            let tables = chunk.tables();
            let fill = known.iter().position(|known| Arc::ptr_eq(&known.texts, &tables.texts)).unwrap_or_else(|| {
                known.push(tables);
                fills.push(tables.freeze());
                fills.len() - 1
            });
            rows.extend(chunk.rows().iter().map(|row| (fill, &**row)));
        }
        rows.sort_unstable_by_key(|(_, row)| row.key);
        let ids = Arc::clone(&project.state.read().persons.ids);
        self.write_segment(project.id, day, &stats, traces, |writer| {
            buffer::columns::write(writer, &rows, &fills, &ids)
        })
    }

    /// Writes a segment file and its sidecar and opens them; not yet live.
    pub fn write_segment(
        &self,
        project: ProjectId,
        day: i32,
        planned: &SegmentStats,
        traces: &mut Traces,
        fill: impl FnOnce(&mut SegmentWriter) -> Result<(), StoreError>,
    ) -> Result<(Arc<Segment>, Arc<Sidecar>), StoreError> {
        let number = self.file_number();
        let folder = format::folder_of(&self.dir, project, day);
        self.disk.create_dir_all(&folder).map_err(|error| StoreError::io(&folder, error))?;
        let path = format::path_of(&self.dir, project, day, number);
        traces.add(&path);
        let mut writer = SegmentWriter::create(&*self.disk, &path, planned, self.options.row_group_rows)?;
        fill(&mut writer)?;
        let Written { rows, bytes, xxh3, first_at, last_at, stats, uuids } = writer.finish()?;
        let entry = SegmentEntry { day, number, rows, bytes, xxh3, first_at, last_at };
        let ids_path = path.with_extension("ids");
        traces.add(&ids_path);
        sidecar::write(&*self.disk, &ids_path, &entry, &stats, uuids)?;
        self.open_segment(project, entry)
    }

    /// Opens a segment file by its sidecar; `Damaged` when the sidecar must be made again.
    pub fn open_segment(
        &self,
        project: ProjectId,
        entry: SegmentEntry,
    ) -> Result<(Arc<Segment>, Arc<Sidecar>), StoreError> {
        let path = format::path_of(&self.dir, project, entry.day, entry.number).with_extension("ids");
        let mut loaded = sidecar::load(&*self.disk, &path, &entry)?;
        let stats = self.stats_memory.hold(std::mem::take(&mut loaded.stats));
        let cache = Arc::clone(&self.cache);
        let file = FileSegment::new(Arc::clone(&self.disk), &self.dir, project, entry.clone(), stats, cache);
        let segment = Arc::new(Segment::of_file(file));
        let sidecar = Sidecar::new(Arc::clone(&self.disk), path, Arc::clone(&segment), &entry, loaded);
        Ok((segment, Arc::new(sidecar)))
    }

    fn write_failed(&self, part: &Part, traces: &mut Traces) -> Result<Vec<FailedFile>, StoreError> {
        let (mut files, events) = {
            let state = part.project.state.read();
            (state.failed.files.clone(), state.failed.pending[..part.failed].to_vec())
        };
        let mut days: BTreeMap<i32, Vec<&FailedEvent>> = BTreeMap::new();
        for event in &events {
            days.entry(model::time::utc_day(event.received_at)).or_default().push(event);
        }
        for (day, events) in days {
            let project = part.project.id;
            let path = failed::path_of(&self.dir, project, day);
            if let Some(folder) = path.parent() {
                self.disk.create_dir_all(folder).map_err(|error| StoreError::io(folder, error))?;
                traces.folders.insert(folder.to_owned());
            }
            let known = files.iter().position(|file| file.day == day);
            let committed = known.map_or(FailedFile { day, bytes: 0, last_id: 0 }, |index| files[index].clone());
            let written = failed::append(&*self.disk, &self.dir, project, &committed, &events)?;
            match known {
                Some(index) => files[index] = written,
                None => files.push(written),
            }
        }
        files.sort_by_key(|file| file.day);
        Ok(files)
    }

    /// Puts a changed manifest in force; `change` gets the one in force, `publish` runs after it, under the same lock,
    /// so that memory follows the manifests in their order.
    pub fn commit(&self, change: impl FnOnce(&mut Manifest), publish: impl FnOnce()) -> Result<(), CommitError> {
        let mut catalog = self.catalog.lock();
        let mut next = catalog.manifest.clone();
        change(&mut next);
        next.generation += 1;
        next.next_file = catalog.next_file;
        manifest::commit(&*self.disk, &self.dir, &next)?;
        catalog.manifest = next;
        publish();
        Ok(())
    }

    fn commit_flush(
        &self,
        wal_from: u64,
        received_at: Micros,
        outcomes: u64,
        made: &[Made],
    ) -> Result<(), CommitError> {
        let mut old_outcomes = 0;
        let change = |manifest: &mut Manifest| {
            manifest.wal_from = wal_from;
            manifest.received_at = manifest.received_at.max(received_at);
            old_outcomes = std::mem::replace(&mut manifest.outcomes, outcomes);
            for made in made {
                let files = manifest.projects.entry(made.part.project.id.0).or_default();
                files.identity_bytes = made.identity_bytes;
                files.failed = made.failed.clone();
                files
                    .segments
                    .extend(made.segments.iter().filter_map(|(segment, _)| Some(segment.file()?.entry.clone())));
                files.segments.sort_by_key(|entry| (entry.day, entry.number));
            }
        };
        self.commit(change, || made.iter().for_each(|made| self.publish(made)))?;
        if old_outcomes > 0 {
            let _ = self.disk.remove(&self.dir.join("outcomes").join(format!("{old_outcomes:08}.json")));
        }
        *self.oldest.lock() = (self.buffer_rows.load(Ordering::Acquire) > 0).then(std::time::Instant::now);
        Ok(())
    }

    /// Files take the place of the fills, in one step for readers.
    fn publish(&self, made: &Made) {
        let project = &made.part.project;
        let mut dedup = project.dedup.lock();
        let mut guard = project.state.write();
        let state = &mut *guard;
        let sidecars = made.segments.iter().map(|(_, sidecar)| Arc::clone(sidecar)).collect();
        dedup.replace(sidecars, &[], &made.part.fills);
        state.files.extend(made.segments.iter().map(|(segment, _)| Arc::clone(segment)));
        sort_files(&mut state.files);
        for fill in &made.part.fills {
            let (rows, bytes) = state.buffer.drop_fill(*fill);
            self.buffer_rows.fetch_sub(rows, Ordering::AcqRel);
            self.buffer_bytes.fetch_sub(bytes, Ordering::AcqRel);
        }
        state.identity.drain(..made.part.identity);
        state.identity_bytes = made.identity_bytes;
        state.failed.pending.drain(..made.part.failed);
        state.failed.files = made.failed.clone();
        if !made.segments.is_empty() {
            state.version += 1;
        }
    }

    fn remove_old_wal(&self, from: u64) {
        let mut files = self.wal_files.lock();
        let newer = files.split_off(&from);
        for number in std::mem::replace(&mut *files, newer).into_keys() {
            // What stays is removed at the next open: the manifest says that nobody needs it.
            let _ = self.disk.remove(&wal::path_of(&self.dir, number));
        }
    }
}

/// In the order of snapshots.
pub(crate) fn sort_files(files: &mut [Arc<Segment>]) {
    files.sort_by_key(|segment| segment.file().map(|file| (file.entry.day, file.entry.number)));
}
