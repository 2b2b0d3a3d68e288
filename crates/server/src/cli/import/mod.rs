//! `telemetry import`: files into a project, through the same gate and WAL as the network.
//!
//! `source` cuts a file into items, `decode` makes events of them, `pipeline` runs both on several threads, and this file
//! hands the events to the store in order. Every event keeps its own id, so the same file again adds nothing; a
//! `checkpoint` spares an interrupted import what it has done. Formats: docs/import-export.md.

mod checkpoint;
mod decode;
mod detect;
mod documents;
mod findings;
mod pipeline;
mod source;

pub use detect::Format;
pub use wire::mapped::TimeFormat;

use super::{Usage, find_project, open_meta, open_store};
use crate::clock;
use crate::config::Config;
use checkpoint::Checkpoint;
use decode::{Decoded, Decoder};
use findings::Findings;
use indicatif::{ProgressBar, ProgressStyle};
use meta::Project;
use model::{NotStored, Outcome, ProjectId, Uuid};
use pipeline::{Step, Todo};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use store::{Batch, Store};

/// How long an import waits for a flush, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(20);
/// How often the checkpoint is written.
const CHECKPOINT_EVERY: Duration = Duration::from_millis(250);

/// What to import, and how.
#[derive(Debug)]
pub struct ImportOptions {
    /// Number or name of the project.
    pub project: String,
    /// What the files hold; `None`: it is told by their beginning.
    pub format: Option<Format>,
    /// Parts of an event and the columns of a table: `("event", "name")`.
    pub map: Vec<(String, String)>,
    /// How a table writes time.
    pub time: TimeFormat,
    /// Between the cells of a table.
    pub delimiter: u8,
    /// Read all, write nothing, say what was found.
    pub dry_run: bool,
    /// Forget what an interrupted import of these files has done.
    pub from_start: bool,
    /// The files.
    pub files: Vec<PathBuf>,
}

/// Why a file, or the rest of it, was not read.
#[derive(Debug, Clone)]
pub struct FileFailure(String);

impl FileFailure {
    fn other(message: impl Into<String>) -> FileFailure {
        FileFailure(message.into())
    }

    fn unreadable(error: std::io::Error) -> FileFailure {
        FileFailure(format!("it cannot be read: {error}"))
    }

    fn csv(error: csv::Error) -> FileFailure {
        FileFailure(format!("it cannot be read as CSV: {error}"))
    }

    /// The file is named by whoever tells it.
    fn store(error: store::StoreError) -> FileFailure {
        match error {
            store::StoreError::Damaged { detail, .. } => FileFailure(format!("it cannot be read as Parquet: {detail}")),
            other => FileFailure(format!("it cannot be read: {other}")),
        }
    }
}

/// What became of the events of all files.
#[derive(Debug, Default, Serialize)]
struct Summary {
    files: usize,
    received: u64,
    stored: u64,
    duplicate: u64,
    failed: u64,
    not_kept: u64,
    /// Files of which an earlier run had read a part, or all.
    resumed: usize,
}

/// Imports files and prints what became of their events.
///
/// # Errors
/// A file that cannot be read or understood (the others are imported), an unknown project, a data directory in use, or a
/// store that cannot write. Events before the error are kept; the same command goes on when the cause is gone.
pub fn run(config: &Config, options: &ImportOptions, json: bool) -> anyhow::Result<()> {
    for file in &options.files {
        let metadata = std::fs::metadata(file);
        let metadata = metadata.map_err(|error| Usage(format!("cannot read {}: {error}", file.display())))?;
        if !metadata.is_file() {
            return Err(Usage(format!("{} is not a file", file.display())).into());
        }
    }
    if options.dry_run {
        return dry_run(config, options, json);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let project = runtime.block_on(async { find_project(&open_meta(config).await?, Some(&options.project)).await })?;
    let (store, _) = open_store(config)?;
    let mut checkpoint = Checkpoint::open(&config.data);
    let mut identities = Vec::new();
    for file in &options.files {
        identities.push(checkpoint::identity(file, project.id, options)?);
    }
    if options.from_start {
        checkpoint.forget(identities.iter().map(String::as_str));
    }
    let mut summary = Summary { files: options.files.len(), ..Summary::default() };
    let mut todo = Vec::new();
    let mut todo_identities = Vec::new();
    for (path, identity) in options.files.iter().zip(&identities) {
        let item = checkpoint.item(identity);
        if item != Some(0) {
            summary.resumed += 1;
            say(
                json,
                path,
                &item
                    .map_or("was imported before the interruption".to_owned(), |item| format!("goes on behind {item}")),
            );
        }
        if let Some(skip) = item {
            todo.push(Todo { path: path.clone(), skip });
            todo_identities.push(identity);
        }
    }
    let decoder = Decoder { rules: project.rules(), now: clock::now(), dry_run: false };
    let bar = progress(&todo, json)?;
    let mut importer = Importer {
        store: &store,
        project: project.id,
        buffer_bytes_max: config.buffer_bytes_max,
        failed: failed_before(&store, project.id)?,
        summary,
    };
    let mut failures = Vec::new();
    let mut written = Instant::now();
    let imported = pipeline::run(&todo, options, &decoder, &bar, |step| {
        match step {
            Step::Opened { file, description, .. } => bar.suspend(|| say(json, &todo[file].path, &description)),
            Step::Decoded { file, last, decoded } => {
                importer.store(decoded)?;
                checkpoint.note(todo_identities[file], &todo[file].path, project.id, last, false, clock::now());
            }
            Step::Ended { file, failure: None } => {
                checkpoint.note(todo_identities[file], &todo[file].path, project.id, 0, true, clock::now());
            }
            Step::Ended { file, failure: Some(failure) } => failures.push((todo[file].path.clone(), failure)),
        }
        if written.elapsed() >= CHECKPOINT_EVERY {
            checkpoint.write()?;
            written = Instant::now();
        }
        Ok(())
    });
    bar.finish_and_clear();
    if imported.is_ok() && failures.is_empty() {
        checkpoint.forget(identities.iter().map(String::as_str));
    }
    checkpoint.write()?;
    let summary = importer.summary;
    imported?;
    store.close()?;
    print(&summary, &project, json)?;
    unread(&failures)
}

/// Reads all files and says what an import would do. The data directory is not touched.
fn dry_run(config: &Config, options: &ImportOptions, json: bool) -> anyhow::Result<()> {
    let project = project_of_copy(config, &options.project)?;
    let decoder = Decoder { rules: project.rules(), now: clock::now(), dry_run: true };
    let todo: Vec<Todo> = options.files.iter().map(|path| Todo { path: path.clone(), skip: 0 }).collect();
    let bar = progress(&todo, json)?;
    let mut findings = Findings::default();
    let (mut formats, mut unread_columns) = (BTreeMap::new(), BTreeMap::new());
    let mut failures = Vec::new();
    pipeline::run(&todo, options, &decoder, &bar, |step| {
        match step {
            Step::Opened { file, description, unread_columns: columns } => {
                let name = todo[file].path.display().to_string();
                bar.suspend(|| say(json, &todo[file].path, &description));
                if !columns.is_empty() {
                    unread_columns.insert(name.clone(), columns);
                }
                formats.insert(name, description);
            }
            Step::Decoded { decoded, .. } => findings.merge(decoded.findings),
            Step::Ended { file, failure } => failures.extend(failure.map(|failure| (todo[file].path.clone(), failure))),
        }
        Ok(())
    })?;
    bar.finish_and_clear();
    let report = findings.report(options.files.len(), formats, unread_columns);
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print!("{}", report.to_text());
    }
    unread(&failures)
}

/// Finds the project in a copy of the metadata: opening a SQLite database writes beside it.
fn project_of_copy(config: &Config, wanted: &str) -> anyhow::Result<Project> {
    let copy = tempfile::tempdir()?;
    for suffix in ["", "-wal"] {
        let name = format!("{}{suffix}", meta::FILE_NAME);
        match std::fs::copy(config.data.join(&name), copy.path().join(&name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    if !copy.path().join(meta::FILE_NAME).exists() {
        let message = format!("{} is no data directory; `telemetry serve` makes one", config.data.display());
        return Err(Usage(message).into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let meta = meta::Meta::open(copy.path()).await?;
        let project = find_project(&meta, Some(wanted)).await;
        meta.close().await;
        project
    })
}

/// Says on standard error what is being done; nothing with `--json`.
fn say(json: bool, path: &Path, what: &str) {
    if !json {
        eprintln!("{}: {what}", path.display());
    }
}

fn unread(failures: &[(PathBuf, FileFailure)]) -> anyhow::Result<()> {
    if failures.is_empty() {
        return Ok(());
    }
    let lines = failures.iter().map(|(path, failure)| format!("{}: {}", path.display(), failure.0));
    Err(Usage(lines.collect::<Vec<_>>().join("\n")).into())
}

fn print(summary: &Summary, project: &Project, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string(summary)?);
        return Ok(());
    }
    println!(
        "{} events from {} files into {:?}: {} stored, {} were there already, {} failed, {} not kept",
        summary.received,
        summary.files,
        project.name,
        summary.stored,
        summary.duplicate,
        summary.failed,
        summary.not_kept
    );
    if summary.failed + summary.not_kept > 0 {
        println!("Data > Failed events and Data > Not kept in the page tell why.");
    }
    Ok(())
}

fn progress(todo: &[Todo], json: bool) -> anyhow::Result<ProgressBar> {
    if json || !std::io::stderr().is_terminal() {
        return Ok(ProgressBar::hidden());
    }
    let mut bytes = 0;
    for file in todo {
        bytes += std::fs::metadata(&file.path)?.len();
    }
    let style = ProgressStyle::with_template("{bar:30} {percent}% {bytes_per_sec} {eta} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    Ok(ProgressBar::new(bytes).with_style(style))
}

struct Importer<'a> {
    store: &'a Store,
    project: ProjectId,
    buffer_bytes_max: usize,
    /// What failed before and is still listed.
    failed: HashSet<Uuid>,
    summary: Summary,
}

/// Tells failed events apart: by reason and payload, or by where they stand when they have none.
fn failed_key(reason: &str, payload: Option<&str>, detail: &str) -> Uuid {
    let told = match payload {
        Some(payload) => format!("{reason}\npayload\n{payload}"),
        None => format!("{reason}\ndetail\n{detail}"),
    };
    Uuid::new_v5(&Uuid::NAMESPACE_OID, told.as_bytes())
}

fn key_of(refused: &NotStored) -> Uuid {
    failed_key(refused.reason.code(), refused.payload.as_deref(), &refused.detail)
}

/// All failed events that are still listed.
fn failed_before(store: &Store, project: ProjectId) -> anyhow::Result<HashSet<Uuid>> {
    let mut keys = HashSet::new();
    let mut after = None;
    loop {
        let page = store.failed_events(project, None, after, 1_000)?;
        let Some(last) = page.last() else { return Ok(keys) };
        after = Some(last.id);
        keys.extend(page.iter().map(|one| failed_key(one.reason.code(), one.payload.as_deref(), &one.detail)));
    }
}

impl Importer<'_> {
    /// Makes a piece durable. Failed events that are listed already are there already, as rows are.
    fn store(&mut self, decoded: Decoded) -> anyhow::Result<()> {
        let mut gated = decoded.gated;
        let refused_before = gated.not_stored.len();
        gated
            .not_stored
            .retain(|refused| refused.reason.outcome() != Outcome::Failed || self.failed.insert(key_of(refused)));
        let again = (refused_before - gated.not_stored.len()) as u64;
        let (events, refused) = (gated.events.len() as u64, gated.not_stored.len() as u64);
        let failed = gated.not_stored.iter().filter(|one| one.reason.outcome() == Outcome::Failed).count() as u64;
        self.wait_for_room()?;
        let receipt = self.store.append(Batch {
            events: gated.events,
            not_stored: gated.not_stored,
            removed_fields: gated.removed_fields.into_iter().collect(),
            ..Batch::new(self.project, clock::now())
        })?;
        let stored = u64::from(receipt.stored);
        self.summary.received += events + refused + again;
        self.summary.stored += stored;
        self.summary.duplicate += events - stored + again;
        self.summary.failed += failed;
        self.summary.not_kept += refused - failed;
        Ok(())
    }

    /// Files come faster than a disk writes: waits while the buffer is full. Nobody else writes meanwhile.
    fn wait_for_room(&self) -> anyhow::Result<()> {
        let give_up = Instant::now() + PATIENCE;
        loop {
            let health = self.store.health();
            if health.buffer_bytes <= self.buffer_bytes_max {
                return Ok(());
            }
            // The writer wakes the flush only when it refuses.
            if Instant::now() >= give_up {
                anyhow::bail!("the buffer was not written within {} s; is the disk full?", PATIENCE.as_secs());
            }
            std::thread::sleep(PAUSE);
        }
    }
}
