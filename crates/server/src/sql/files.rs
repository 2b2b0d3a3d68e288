//! Lays a snapshot out in files for the process that is to read it.

use super::job::{EventsFile, Job, VERSION};
use super::{Query, RESULT_BYTES_MAX, SqlError, schema};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use store::{Snapshot, Store, StoreError};

/// A folder of one query, for our eyes only, removed with all in it when dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes a new one below `above`.
    pub fn make(above: &Path) -> std::io::Result<Folder> {
        let above = std::path::absolute(above)?;
        let path = above.join(uuid::Uuid::new_v4().simple().to_string());
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        Ok(Folder(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the folder of a query could not be removed");
        }
    }
}

/// A job, and the snapshot that keeps its files alive.
pub struct Prepared {
    pub job: Job,
    pub snapshot: Snapshot,
    pub warnings: Vec<String>,
}

/// Writes what is only in memory and lists the rest. What the query does not name is not written: a table whose name
/// does not stand in the text cannot be asked.
pub fn prepare(store: &Store, folder: &Folder, query: &Query, threads: usize) -> Result<Prepared, SqlError> {
    let (snapshot, files) = snapshot_of(store, query)?;
    let mut events = Vec::with_capacity(files.len() + 1);
    let buffer = snapshot.write_buffer(&folder.path().join("buffer.parquet"))?;
    for file in files.into_iter().chain(buffer) {
        let (first_at, last_at) = file.event_at_range;
        events.push(EventsFile { path: std::path::absolute(&file.path)?, rows: file.rows, first_at, last_at });
    }
    let text = query.sql.to_lowercase();
    let says = |word: &str| text.contains(word);
    let mut merged = None;
    // `*` and NATURAL name every column.
    if says("person_id") || says("*") || says("natural") {
        let path = folder.path().join("merged.parquet");
        merged = (snapshot.write_merged_ids(&path)? > 0).then_some(path);
    }
    let mut persons = None;
    if says("persons") {
        let path = folder.path().join("persons.parquet");
        persons = (store.write_persons(&snapshot, &path)? > 0).then_some(path);
    }
    let mut distinct_ids = None;
    if says("distinct_ids") {
        let path = folder.path().join("distinct_ids.parquet");
        distinct_ids = (snapshot.write_distinct_ids(&path)? > 0).then_some(path);
    }
    let job = Job {
        version: VERSION,
        sql: query.sql.clone(),
        events,
        properties: schema::properties(&snapshot, &query.sql)?,
        merged,
        persons,
        distinct_ids,
        format: query.format,
        rows_max: query.rows_max,
        bytes_max: RESULT_BYTES_MAX,
        threads,
    };
    let warnings = warnings(&snapshot);
    Ok(Prepared { job, snapshot, warnings })
}

/// A snapshot whose files are all as they were written.
fn snapshot_of(store: &Store, query: &Query) -> Result<(Snapshot, Vec<store::EventsFile>), SqlError> {
    loop {
        let snapshot = store.snapshot(query.project);
        match snapshot.files() {
            Ok(files) => return Ok((snapshot, files)),
            // It is known as damaged from now on: the next snapshot has one file less and one warning more.
            Err(StoreError::Damaged { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// How much is missing; which files, the server's log says.
fn warnings(snapshot: &Snapshot) -> Vec<String> {
    match snapshot.warnings().len() {
        0 => Vec::new(),
        1 => vec!["one damaged file is left out; the server's log names it".to_owned()],
        many => vec![format!("{many} damaged files are left out; the server's log names them")],
    }
}
