//! Opens a data directory: manifest, identity logs, segment files, WAL, and what a crash left lying about.

use crate::commit::Writer;
use crate::disk::{Disk, DiskLock};
use crate::health::{OpenReport, Quarantined};
use crate::manifest::{self, Manifest, SegmentEntry};
use crate::project::damage_text;
use crate::segment::Segment;
use crate::segment::format;
use crate::segment::reader::FileSegment;
use crate::segment::stats::SegmentStats;
use crate::shared::{Catalog, Shared};
use crate::wal::record::{self, Command};
use crate::wal::recovery;
use crate::wal::writer::WalWriter;
use crate::{StoreError, StoreOptions, dedup, failed, outcomes, persons};
use model::{Micros, ProjectId};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

const FOLDERS: [&str; 6] = ["wal", "segments", "persons", "failed", "outcomes", "quarantine"];

/// An opened data directory, before its threads start.
pub(crate) struct Opened {
    pub shared: Arc<Shared>,
    pub writer: Writer,
    pub lock: Box<dyn DiskLock>,
    pub report: OpenReport,
}

pub(crate) fn open(disk: Arc<dyn Disk>, dir: &Path, options: StoreOptions, now: Micros) -> Result<Opened, StoreError> {
    let wrap = |path: &Path| {
        let path = path.to_owned();
        move |error| StoreError::io(&path, error)
    };
    for folder in FOLDERS {
        let folder = dir.join(folder);
        disk.create_dir_all(&folder).map_err(wrap(&folder))?;
    }
    disk.sync_dir(dir).map_err(wrap(dir))?;
    let lock_path = dir.join("LOCK");
    let lock = disk.lock(&lock_path).map_err(|error| match error.kind() {
        std::io::ErrorKind::WouldBlock => StoreError::Locked { path: lock_path.clone() },
        _ => StoreError::io(&lock_path, error),
    })?;
    let manifest = match manifest::read(&*disk, dir)? {
        Some(manifest) => manifest,
        None => without_manifest(&*disk, dir)?,
    };
    let mut report = OpenReport::default();
    let next_file = manifest.next_file.max(1).max(highest_number(&*disk, dir)? + 1);
    let wal_file_bytes_max = options.wal_file_bytes_max;
    let catalog = Catalog { manifest: manifest.clone(), next_file };
    // Also after a restart snapshot ids grow: no store makes a million changes a second.
    let shared =
        Arc::new(Shared::new(Arc::clone(&disk), dir, options, catalog, now.max(manifest.received_at).max(1) as u64));
    load_projects(&shared, &manifest, &mut report)?;
    sweep(&shared, &manifest, &mut report)?;
    let mut received_at = manifest.received_at;
    let mut replay =
        |kind: u8, payload: &[u8]| replay(&shared, kind, payload, &mut received_at, &mut report.events_replayed);
    let mut wal_report = OpenReport::default();
    let end = recovery::recover(&*disk, dir, manifest.wal_from, &mut wal_report, &mut replay)?;
    report.wal_files = wal_report.wal_files;
    report.torn_bytes = wal_report.torn_bytes;
    report.quarantined.extend(wal_report.quarantined);
    shared.wal_files.lock().extend(end.files.iter().copied());
    shared.dirty.store(!end.files.is_empty(), Ordering::Release);
    shared.set_damaged_aside()?;
    shared.make_reserve();
    let wal = WalWriter::new(disk, dir, end.next, end.previous_bytes, wal_file_bytes_max);
    let writer = Writer { shared: Arc::clone(&shared), wal, received_at };
    Ok(Opened { shared, writer, lock, report })
}

/// Applies one WAL record; `Damaged` when it says what it cannot.
fn replay(
    shared: &Shared,
    kind: u8,
    payload: &[u8],
    received_at: &mut Micros,
    replayed: &mut u64,
) -> Result<(), StoreError> {
    let damaged = |error: crate::codec::Malformed| StoreError::damaged(Path::new("wal"), error.to_string());
    if kind != record::BATCH {
        return shared.apply_command(&Command::decode(kind, payload).map_err(damaged)?);
    }
    let batch = record::decode_batch(payload).map_err(damaged)?;
    *received_at = (*received_at).max(batch.received_at);
    *replayed += batch.rows.len() as u64;
    let project = shared.project(batch.project);
    {
        let mut dedup = project.dedup.lock();
        for row in &batch.rows {
            dedup.insert(row.uuid)?;
        }
    }
    let applied = project.state.write().apply_batch(&batch, &shared.cache);
    shared.buffered(applied.rows, applied.bytes);
    Ok(())
}

fn load_projects(shared: &Shared, manifest: &Manifest, report: &mut OpenReport) -> Result<(), StoreError> {
    let counters = match manifest.outcomes {
        0 => Default::default(),
        number => outcomes::read(&*shared.disk, &shared.dir, number)?,
    };
    for (id, files) in &manifest.projects {
        let project = shared.project(ProjectId(*id));
        let entries = persons::log::read(&*shared.disk, &shared.dir, project.id, files.identity_bytes)?;
        let mut segments = Vec::new();
        let mut sidecars = Vec::new();
        for entry in &files.segments {
            let (segment, sidecar) = load_segment(shared, project.id, entry, report)?;
            segments.push(segment);
            sidecars.extend(sidecar);
        }
        report.segment_files += segments.len();
        project.dedup.lock().open(sidecars);
        let mut state = project.state.write();
        state.persons = persons::fold::Persons::rebuild(Arc::default(), &entries);
        state.identity_bytes = files.identity_bytes;
        state.files = segments;
        state.failed.files = files.failed.clone();
        if let Some(own) = counters.get(id) {
            state.counts = own.counts();
            state.failed.next_id = own.next_failed_id;
            state.failed.retried = own.retried.clone();
        }
    }
    for file in &manifest.quarantined {
        let path = shared.dir.join("quarantine").join(&file.name);
        let text = damage_text(&path.display().to_string(), &file.detail);
        shared.project(ProjectId(file.project)).state.write().warnings.push(text);
    }
    Ok(())
}

/// Opens a segment file; makes its sidecar again where needed. A damaged file comes without one, marked as damaged.
fn load_segment(
    shared: &Shared,
    project: ProjectId,
    entry: &SegmentEntry,
    report: &mut OpenReport,
) -> Result<(Arc<Segment>, Option<Arc<dedup::sidecar::Sidecar>>), StoreError> {
    match shared.open_segment(project, entry.clone()) {
        Ok((segment, sidecar)) => return Ok((segment, Some(sidecar))),
        Err(StoreError::Damaged { path, detail }) => {
            tracing::warn!(path = %path.display(), detail, "sidecar is made again");
        }
        Err(error) => return Err(error),
    }
    let cache = Arc::clone(&shared.cache);
    let no_stats = shared.stats_memory.hold(SegmentStats::default());
    let bare = FileSegment::new(Arc::clone(&shared.disk), &shared.dir, project, entry.clone(), no_stats, cache);
    let path = bare.path.clone();
    let bare = Arc::new(Segment::of_file(bare));
    let content = || {
        let stats = bare.file().map_or_else(|| Ok(Default::default()), FileSegment::read_stats)?;
        Ok((stats, bare.uuids()?.to_vec()))
    };
    match content() {
        Ok((stats, uuids)) => {
            let ids_path = path.with_extension("ids");
            dedup::sidecar::write(&*shared.disk, &ids_path, entry, &stats, uuids)?;
            report.sidecars_rebuilt += 1;
            let (segment, sidecar) = shared.open_segment(project, entry.clone())?;
            Ok((segment, Some(sidecar)))
        }
        Err(StoreError::Damaged { detail, .. }) => {
            let to = shared.dir.join("quarantine").join(format!("{:08}.parquet", entry.number));
            report.quarantined.push(Quarantined { path: to, detail });
            Ok((bare, None))
        }
        Err(error) => Err(error),
    }
}

/// The greatest number in any file's name, so that no number is given twice.
fn highest_number(disk: &dyn Disk, dir: &Path) -> Result<u64, StoreError> {
    let mut highest = 0;
    for path in files_below(disk, &dir.join("segments"))?.into_iter().chain(files_below(disk, &dir.join("outcomes"))?) {
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok()).unwrap_or(0);
        highest = highest.max(number);
    }
    Ok(highest)
}

pub(crate) fn files_below(disk: &dyn Disk, folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in disk.list(&folder).map_err(|error| StoreError::io(&folder, error))? {
            let path = folder.join(&entry.name);
            if entry.is_dir { open.push(path) } else { files.push(path) }
        }
    }
    Ok(files)
}

/// A directory whose manifest is not there: new, or stopped before the first commit. Until that commit nothing is
/// removed from the WAL, so its first file is there too; else the manifest was lost, and what it named must stay.
pub(crate) fn without_manifest(disk: &dyn Disk, dir: &Path) -> Result<Manifest, StoreError> {
    let first_wal = crate::wal::path_of(dir, 1);
    let mut files = Vec::new();
    for folder in ["segments", "persons", "failed", "outcomes"] {
        files.extend(files_below(disk, &dir.join(folder))?);
    }
    if !files.is_empty() && disk.open(&first_wal).is_err() {
        let detail = "missing, though there are files of events; restore it, or the whole directory, from a backup";
        return Err(StoreError::damaged(&dir.join("MANIFEST"), detail));
    }
    Ok(Manifest::default())
}

/// Removes what no manifest names: leftovers of a flush or merge that did not end.
fn sweep(shared: &Shared, manifest: &Manifest, report: &mut OpenReport) -> Result<(), StoreError> {
    let mut live = HashSet::new();
    for (id, files) in &manifest.projects {
        let project = ProjectId(*id);
        for entry in &files.segments {
            let path = format::path_of(&shared.dir, project, entry.day, entry.number);
            live.insert(path.with_extension("ids"));
            live.insert(path);
        }
        live.extend(files.failed.iter().map(|file| failed::path_of(&shared.dir, project, file.day)));
    }
    let mut orphans: Vec<PathBuf> = Vec::new();
    for folder in ["segments", "failed"] {
        let files = files_below(&*shared.disk, &shared.dir.join(folder))?;
        orphans.extend(files.into_iter().filter(|path| !live.contains(path)));
    }
    let folder = shared.dir.join("outcomes");
    for entry in shared.disk.list(&folder).map_err(|error| StoreError::io(&folder, error))? {
        if outcomes::number_of(&entry.name) != Some(manifest.outcomes) {
            orphans.push(folder.join(entry.name));
        }
    }
    let aside: HashSet<&str> = manifest.quarantined.iter().map(|file| file.name.as_str()).collect();
    for path in orphans {
        // Set aside in the manifest, but the move did not happen before the end: it is evidence, not a leftover.
        if let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| aside.contains(name)) {
            let to = shared.dir.join("quarantine").join(name);
            shared.disk.rename(&path, &to).map_err(|error| StoreError::io(&path, error))?;
            continue;
        }
        shared.disk.remove(&path).map_err(|error| StoreError::io(&path, error))?;
        report.orphans_removed += 1;
    }
    Ok(())
}
