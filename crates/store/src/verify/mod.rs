//! Reads every file of a data directory that is not in use and says what is wrong where. Changes nothing.
//!
//! Start with [`verify`]; `logs.rs` checks files of frames, `segments.rs` Parquet and sidecars, `uuids.rs` that no
//! event is there twice, `orphans.rs` what no manifest names.

mod logs;
mod orphans;
mod segments;
mod uuids;

use crate::disk::Disk;
use crate::manifest::{self, Manifest};
use crate::{StoreError, wal};
use model::{Micros, ProjectId};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing to do: what a crash leaves and the next start clears away.
    Note,
    /// Worth a look: events were lost before, or a part that is made again is missing.
    Warning,
    /// Bytes are not what was written, or files contradict each other.
    Error,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Relative to the data directory.
    pub path: PathBuf,
    /// Where in the file, in bytes, when one place is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// What is wrong.
    pub detail: String,
}

/// What a data directory holds and what is wrong with it.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct VerifyReport {
    /// In the order in which they were found.
    pub findings: Vec<Finding>,
    /// Files that were read.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Rows in segment files.
    pub rows: u64,
    /// Rows in the WAL.
    pub wal_rows: u64,
    /// Number of the manifest; 0 before the first.
    pub generation: u64,
    /// Greatest received_at in the files; µs.
    pub received_at: Micros,
}

impl VerifyReport {
    /// The worst severity there is; `None` when nothing was found.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

/// Reads everything in `dir`. Memory: the ids of one project at a time, the uuids of one segment file, and the WAL's.
///
/// Fails only when the file system refuses to list or read; what is wrong with bytes is a finding.
pub fn verify(disk: &Arc<dyn Disk>, dir: &Path, progress: &mut dyn FnMut(&Path)) -> Result<VerifyReport, StoreError> {
    let mut check = Check { disk, dir, progress, report: VerifyReport::default() };
    let manifest = match check.manifest()? {
        Some(manifest) => manifest,
        None => return Ok(check.report),
    };
    check.report.generation = manifest.generation;
    check.report.received_at = manifest.received_at;
    let mut logged = check.wal(manifest.wal_from)?;
    let stored = check.outcomes(&manifest);
    for (id, files) in &manifest.projects {
        let project = ProjectId(*id);
        let ids = check.identity(project, files.identity_bytes);
        let mut sources = uuids::Sources::new(logged.remove(id).unwrap_or_default());
        let mut rows = 0;
        for entry in &files.segments {
            rows += check.segment(project, entry, ids.as_deref(), &mut sources)?;
        }
        check.duplicates(project, sources)?;
        check.failed(project, &files.failed);
        check.counted(project, rows, stored.get(id).copied(), &manifest);
    }
    for (id, uuids) in logged {
        check.duplicates(ProjectId(id), uuids::Sources::new(uuids))?;
    }
    check.quarantined(&manifest)?;
    check.orphans(&manifest)?;
    Ok(check.report)
}

/// A walk through one directory.
struct Check<'a> {
    disk: &'a Arc<dyn Disk>,
    dir: &'a Path,
    progress: &'a mut (dyn FnMut(&Path) + 'a),
    report: VerifyReport,
}

/// uuids in the WAL, by project.
type Logged = HashMap<u32, Vec<[u8; 16]>>;

impl Check<'_> {
    fn find(&mut self, severity: Severity, path: &Path, offset: Option<u64>, detail: impl Into<String>) {
        let path = path.strip_prefix(self.dir).unwrap_or(path).to_owned();
        self.report.findings.push(Finding { severity, path, offset, detail: detail.into() });
    }

    fn wrong(&mut self, path: &Path, offset: Option<u64>, detail: impl Into<String>) {
        self.find(Severity::Error, path, offset, detail);
    }

    /// A failed check of `path`.
    fn failed_check(&mut self, path: &Path, error: StoreError) {
        let detail = match error {
            StoreError::Damaged { detail, .. } => detail,
            StoreError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => "missing".to_owned(),
            StoreError::Io { source, .. } => format!("cannot be read: {source}"),
            other => other.to_string(),
        };
        self.wrong(path, None, detail);
    }

    /// Tells progress and counts.
    fn reading(&mut self, path: &Path, bytes: u64) {
        (self.progress)(path.strip_prefix(self.dir).unwrap_or(path));
        self.report.files += 1;
        self.report.bytes += bytes;
    }

    /// The manifest in force; `None`: without it nothing can be judged, and a finding says why.
    fn manifest(&mut self) -> Result<Option<Manifest>, StoreError> {
        let path = self.dir.join(manifest::NAME);
        match manifest::read(&**self.disk, self.dir) {
            Ok(Some(manifest)) => {
                let bytes = self.disk.open(&path).and_then(|file| file.len()).unwrap_or(0);
                self.reading(&path, bytes);
                Ok(Some(manifest))
            }
            Ok(None) => match crate::open::without_manifest(&**self.disk, self.dir) {
                Ok(manifest) => Ok(Some(manifest)),
                Err(StoreError::Damaged { detail, .. }) => {
                    self.wrong(&path, None, detail);
                    Ok(None)
                }
                Err(error) => Err(error),
            },
            Err(error @ (StoreError::Damaged { .. } | StoreError::UnknownVersion { .. })) => {
                self.failed_check(&path, error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Counted as stored and there: the two agree unless something was lost before.
    fn counted(&mut self, project: ProjectId, rows: u64, stored: Option<u64>, manifest: &Manifest) {
        let Some(stored) = stored.filter(|stored| *stored != rows) else { return };
        let lost_before = manifest.quarantined.iter().any(|file| file.project == project.0);
        let severity = if lost_before && rows < stored { Severity::Warning } else { Severity::Error };
        let path = crate::outcomes::path_of(self.dir, manifest.outcomes);
        self.find(severity, &path, None, format!("project {project}: {stored} events counted, {rows} rows in files"));
    }

    fn quarantined(&mut self, manifest: &Manifest) -> Result<(), StoreError> {
        let folder = self.dir.join("quarantine");
        let mut names: BTreeMap<String, String> =
            manifest.quarantined.iter().map(|file| (file.name.clone(), file.detail.clone())).collect();
        for entry in self.disk.list(&folder).map_err(|error| StoreError::io(&folder, error))? {
            names.entry(entry.name).or_insert_with(|| "set aside at a start; that start's log says why".to_owned());
        }
        for (name, detail) in names {
            self.find(Severity::Warning, &folder.join(name), None, format!("set aside as damaged before: {detail}"));
        }
        Ok(())
    }

    fn wal(&mut self, first: u64) -> Result<Logged, StoreError> {
        let folder = self.dir.join("wal");
        let names = self.disk.list(&folder).map_err(|error| StoreError::io(&folder, error))?;
        let mut numbers: Vec<u64> =
            names.iter().filter_map(|entry| entry.name.strip_suffix(".wal")?.parse().ok()).collect();
        numbers.sort_unstable();
        let mut logged = Logged::new();
        if let Some(found) =
            numbers.iter().copied().find(|number| *number >= first).filter(|found| *found > first.max(1))
        {
            self.wrong(&folder, None, format!("log files {} to {} are missing", first.max(1), found - 1));
        }
        for (index, number) in numbers.iter().enumerate() {
            let path = wal::path_of(self.dir, *number);
            if *number < first {
                self.find(Severity::Note, &path, None, "no longer needed; the next start removes it");
                continue;
            }
            let next = numbers.get(index + 1).copied();
            if let Some(next) = next.filter(|next| *next != number + 1) {
                self.wrong(&folder, None, format!("log files {} to {} are missing", number + 1, next - 1));
            }
            self.wal_file(&path, *number, next, &mut logged)?;
        }
        Ok(logged)
    }
}
