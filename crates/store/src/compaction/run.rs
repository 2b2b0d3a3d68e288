//! Merges segment files of one project and day.
//!
//! Memory: a batch of rows per input, one row group of output, and the uuids of the output. The inputs stay until no
//! snapshot uses them.

use super::merge;
use super::policy::{self, Candidate};
use crate::StoreError;
use crate::dedup::sidecar::Sidecar;
use crate::error::is_passing;
use crate::flush::{Traces, sort_files};
use crate::health::{CompactionReport, HealthState};
use crate::manifest::{CommitError, Manifest, QuarantinedFile};
use crate::project::{Project, damage_text};
use crate::segment::Segment;
use crate::segment::reader::FileSegment;
use crate::segment::stats::SegmentStats;
use crate::shared::Shared;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Shared {
    /// Merges until the policy wants no more; at most `limit` merges.
    pub fn compact(&self, limit: usize) -> Result<CompactionReport, StoreError> {
        let _one = self.compacting.lock();
        self.set_damaged_aside()?;
        let mut report = CompactionReport::default();
        // The newest received_at stands for now: a day before its day is finished, but for late events.
        let today = model::time::utc_day(self.catalog.lock().manifest.received_at);
        for project in self.all_projects() {
            while report.merges < limit
                && let Some(files) = self.next_merge(&project, today)
            {
                if let HealthState::Stopped { reason } = self.state() {
                    return Err(StoreError::Stopped { reason });
                }
                self.merge(&project, &files, &mut report)?;
            }
        }
        Ok(report)
    }

    fn next_merge(&self, project: &Project, today: i32) -> Option<Vec<Arc<Segment>>> {
        let state = project.state.read();
        let mut days: BTreeMap<i32, Vec<&Arc<Segment>>> = BTreeMap::new();
        for segment in &state.files {
            if segment.file().is_some_and(|file| file.damage().is_none()) {
                days.entry(segment.day()).or_default().push(segment);
            }
        }
        days.into_iter().find_map(|(day, segments)| {
            let candidate = |segment: &&Arc<Segment>| {
                Some(Candidate { number: segment.file()?.entry.number, rows: segment.rows() as u64 })
            };
            let candidates: Vec<Candidate> = segments.iter().filter_map(candidate).collect();
            let chosen = policy::plan(&candidates, day < today, &self.options.compaction)?;
            let is_chosen = |segment: &Segment| segment.file().is_some_and(|file| chosen.contains(&file.entry.number));
            Some(segments.into_iter().filter(|segment| is_chosen(segment)).map(Arc::clone).collect())
        })
    }

    fn merge(
        &self,
        project: &Project,
        inputs: &[Arc<Segment>],
        report: &mut CompactionReport,
    ) -> Result<(), StoreError> {
        let files: Vec<&FileSegment> = inputs.iter().filter_map(|segment| segment.file()).collect();
        let Some(day) = files.first().map(|file| file.entry.day) else { return Ok(()) };
        let mut stats = SegmentStats::default();
        for file in &files {
            // What memory does not list, the file does: a key keeps its column.
            if file.stats.more_properties {
                stats.merge(&file.read_stats()?);
            } else {
                stats.merge(&file.stats);
            }
        }
        let mut traces = Traces::default();
        let mut dropped = 0;
        let made = self.write_segment(project.id, day, &stats, &mut traces, |writer| {
            dropped = merge::merge(&files, writer)?;
            Ok(())
        });
        let result = made
            .and_then(|made| traces.sync(self).map(|()| made))
            .map_err(CommitError::NotDone)
            .and_then(|made| self.commit_merge(project, inputs, &made).map(|()| made));
        match result {
            Ok((segment, _)) => {
                report.merges += 1;
                report.files_in += inputs.len();
                report.files_out += 1;
                report.rows += segment.rows() as u64;
                report.duplicates_dropped += dropped;
                Ok(())
            }
            Err(CommitError::NotDone(error)) => {
                traces.remove(self);
                match &error {
                    // The next round leaves the damaged file alone; a full disk may have room later.
                    StoreError::Damaged { .. } => {}
                    StoreError::DiskFull { .. } => self.read_only(&error),
                    StoreError::Io { source, .. } if is_passing(source) => {}
                    other => self.stop(other.to_string()),
                }
                Err(error)
            }
            Err(CommitError::Unknown(reason)) => {
                self.stop(reason.clone());
                Err(StoreError::Stopped { reason })
            }
        }
    }

    fn commit_merge(
        &self,
        project: &Project,
        inputs: &[Arc<Segment>],
        (segment, sidecar): &(Arc<Segment>, Arc<Sidecar>),
    ) -> Result<(), CommitError> {
        let removed: Vec<u64> = inputs.iter().filter_map(|input| Some(input.file()?.entry.number)).collect();
        let change = |manifest: &mut Manifest| {
            let files = manifest.projects.entry(project.id.0).or_default();
            files.segments.retain(|entry| !removed.contains(&entry.number));
            files.segments.extend(segment.file().map(|file| file.entry.clone()));
            files.segments.sort_by_key(|entry| (entry.day, entry.number));
        };
        let publish = || {
            let mut dedup = project.dedup.lock();
            let mut state = project.state.write();
            dedup.replace(vec![Arc::clone(sidecar)], &removed, &[]);
            state.files.retain(|file| file.file().is_none_or(|file| !removed.contains(&file.entry.number)));
            state.files.push(Arc::clone(segment));
            sort_files(&mut state.files);
            state.version += 1;
        };
        self.commit(change, publish)?;
        inputs.iter().filter_map(|input| input.file()).for_each(FileSegment::retire);
        Ok(())
    }

    /// Takes files that were found damaged out of the manifest and moves them into the folder `quarantine`.
    pub fn set_damaged_aside(&self) -> Result<(), StoreError> {
        for project in self.all_projects() {
            let damaged: Vec<Arc<Segment>> = {
                let state = project.state.read();
                let is_damaged = |segment: &&Arc<Segment>| segment.file().is_some_and(|file| file.damage().is_some());
                state.files.iter().filter(is_damaged).map(Arc::clone).collect()
            };
            for segment in damaged.iter().filter_map(|segment| segment.file()) {
                self.set_aside(&project, segment)?;
            }
        }
        Ok(())
    }

    fn set_aside(&self, project: &Project, file: &FileSegment) -> Result<(), StoreError> {
        let number = file.entry.number;
        let name = format!("{number:08}.parquet");
        let detail = file.damage().unwrap_or("damaged").to_owned();
        let to = self.dir.join("quarantine").join(&name);
        let text = damage_text(&to.display().to_string(), &detail);
        let change = |manifest: &mut Manifest| {
            let files = manifest.projects.entry(project.id.0).or_default();
            files.segments.retain(|entry| entry.number != number);
            manifest.quarantined.push(QuarantinedFile { project: project.id.0, name, detail });
        };
        let publish = || {
            let mut dedup = project.dedup.lock();
            let mut state = project.state.write();
            dedup.replace(Vec::new(), &[number], &[]);
            state.files.retain(|segment| segment.file().is_none_or(|file| file.entry.number != number));
            state.warnings.push(text);
            state.version += 1;
        };
        self.commit(change, publish).map_err(|error| match error {
            CommitError::NotDone(error) => error,
            CommitError::Unknown(reason) => {
                self.stop(reason.clone());
                StoreError::Stopped { reason }
            }
        })?;
        // A file that is missing altogether cannot be moved; the manifest says what happened.
        let _ = self.disk.rename(&file.path, &to);
        Ok(())
    }
}
