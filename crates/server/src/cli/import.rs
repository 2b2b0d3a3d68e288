//! `telemetry import`: files into a project, through the same gate and WAL as the network.
//!
//! A file holds JSON lines (events or batches, one a line) or one batch document, plain or gzip. Every event keeps
//! its own id, so the same file again adds nothing.

use super::{Usage, find_project, open_meta, open_store};
use crate::clock;
use crate::config::Config;
use crate::ingest::accept::unreadable;
use crate::ingest::gate;
use crate::ingest::posthog::decode_body;
use anyhow::Context;
use flate2::read::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressStyle};
use model::project::ProjectRules;
use model::{Dialect, Event, NotStored, Outcome, ProjectId, Reason, Uuid};
use serde::Serialize;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::{Batch, Receipt, Store, StoreError};
use wire::Limits;

/// Events handed to the store at once: large enough for one sync to serve many.
const EVENTS_PER_BATCH: usize = 2_000;
/// How long an import waits for a flush, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(50);
/// Longest line or document.
const DOCUMENT_BYTES_MAX: usize = 256 << 20;

/// What became of the events of all files.
#[derive(Debug, Default, Serialize)]
struct Summary {
    files: usize,
    received: u64,
    stored: u64,
    duplicate: u64,
    failed: u64,
    not_kept: u64,
}

/// Imports files and prints what became of their events.
///
/// # Errors
/// An unreadable file, an unknown project, a data directory in use, or a store that cannot write. Events before the
/// error are kept; run it again when the cause is gone.
pub fn run(config: &Config, project: &str, dialect: Dialect, files: &[PathBuf], json: bool) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let project = runtime.block_on(async { find_project(&open_meta(config).await?, Some(project)).await })?;
    let mut bytes = 0;
    for file in files {
        let metadata =
            std::fs::metadata(file).map_err(|error| Usage(format!("cannot read {}: {error}", file.display())))?;
        bytes += metadata.len();
    }
    let (store, _) = open_store(config)?;
    let bar = progress(bytes, json);
    let mut importer = Importer {
        store: &store,
        rules: project.rules(),
        dialect,
        pending: Vec::new(),
        failed: failed_before(&store, project.id)?,
        summary: Summary::default(),
    };
    for path in files {
        bar.set_message(path.display().to_string());
        importer.file(path, &bar).with_context(|| format!("cannot import {}", path.display()))?;
        importer.summary.files += 1;
    }
    importer.flush()?;
    bar.finish_and_clear();
    let summary = importer.summary;
    store.close()?;
    if json {
        println!("{}", serde_json::to_string(&summary)?);
    } else {
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
    }
    Ok(())
}

fn progress(bytes: u64, json: bool) -> ProgressBar {
    if json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {percent}% {bytes_per_sec} {eta} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(bytes).with_style(style)
}

struct Importer<'a> {
    store: &'a Store,
    rules: ProjectRules,
    dialect: Dialect,
    pending: Vec<Result<Event, NotStored>>,
    /// What failed before and is still listed.
    failed: HashSet<FailedKey>,
    summary: Summary,
}

/// Tells failed events apart; those without payload are all different.
type FailedKey = (Reason, Option<String>, u64);

fn failed_key(reason: Reason, payload: Option<&str>) -> FailedKey {
    static UNNAMED: AtomicU64 = AtomicU64::new(1);
    let number = if payload.is_some() { 0 } else { UNNAMED.fetch_add(1, Ordering::Relaxed) };
    (reason, payload.map(str::to_owned), number)
}

/// All failed events that are still listed.
fn failed_before(store: &Store, project: ProjectId) -> anyhow::Result<HashSet<FailedKey>> {
    let mut keys = HashSet::new();
    let mut after = None;
    loop {
        let page = store.failed_events(project, None, after, 1_000)?;
        let Some(last) = page.last() else { return Ok(keys) };
        after = Some(last.id);
        keys.extend(page.iter().map(|failed| failed_key(failed.reason, failed.payload.as_deref())));
    }
}

impl Importer<'_> {
    fn file(&mut self, path: &Path, bar: &ProgressBar) -> anyhow::Result<()> {
        let mut raw = BufReader::new(bar.wrap_read(File::open(path)?));
        let gzip = raw.fill_buf()?.starts_with(&[0x1f, 0x8b]);
        let unpacked: Box<dyn Read> = if gzip { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
        let mut reader = BufReader::with_capacity(1 << 20, unpacked);
        let mut first = Vec::new();
        reader.by_ref().take(DOCUMENT_BYTES_MAX as u64).read_until(b'\n', &mut first)?;
        if is_whole(&first) {
            return self.lines(first, reader);
        }
        // A document of many lines; or lines of which the first is torn, which then fail each for itself.
        let mut whole = first;
        reader.take(DOCUMENT_BYTES_MAX as u64).read_to_end(&mut whole)?;
        anyhow::ensure!(whole.len() < DOCUMENT_BYTES_MAX, "a document is larger than {DOCUMENT_BYTES_MAX} bytes");
        match serde_json::from_slice::<serde::de::IgnoredAny>(&whole) {
            Ok(_) => self.document(&whole),
            Err(_) => self.lines(Vec::new(), whole.as_slice()),
        }
    }

    /// One document a line, beginning with `line` when it is not empty.
    fn lines(&mut self, mut line: Vec<u8>, mut rest: impl BufRead) -> anyhow::Result<()> {
        loop {
            if !line.trim_ascii().is_empty() {
                self.document(&line)?;
            }
            line.clear();
            if rest.by_ref().take(DOCUMENT_BYTES_MAX as u64).read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            anyhow::ensure!(line.len() < DOCUMENT_BYTES_MAX, "a line is larger than {DOCUMENT_BYTES_MAX} bytes");
        }
    }

    fn document(&mut self, document: &[u8]) -> anyhow::Result<()> {
        let limits = Limits {
            body_bytes_max: DOCUMENT_BYTES_MAX,
            events_max: usize::MAX,
            brackets_max: usize::MAX,
            ..Limits::default()
        };
        let now = clock::now();
        // An event without an id gets one from its document, so that the same file again adds nothing.
        let mut position = 0_u64;
        let mut of_document = None;
        let mut new_uuid = || {
            position += 1;
            let namespace = of_document.get_or_insert_with(|| Uuid::new_v5(&Uuid::NAMESPACE_OID, document));
            Uuid::new_v5(namespace, &position.to_le_bytes())
        };
        match self.dialect {
            Dialect::Sunbird => {
                let rules = self.rules.clone();
                match wire::sunbird::decode(document, now, &|_| rules.sunbird_validation, &limits) {
                    Ok(batch) => self.pending.extend(batch.items.into_iter().map(|item| item.result)),
                    Err(error) => self.pending.push(unreadable(self.dialect, error.to_string())),
                }
            }
            Dialect::Posthog => match decode_body(document, now, &mut new_uuid, &limits) {
                Ok(items) => self.pending.extend(items),
                Err(detail) => self.pending.push(unreadable(self.dialect, detail)),
            },
            Dialect::Native => self.pending.extend(wire::native::decode(document, now, &limits, &mut new_uuid)),
        }
        if self.pending.len() >= EVENTS_PER_BATCH { self.flush() } else { Ok(()) }
    }

    /// Files come faster than a disk writes: waits while the buffer is full.
    fn append(&self, batch: Batch) -> anyhow::Result<Receipt> {
        let give_up = Instant::now() + PATIENCE;
        loop {
            match self.store.append(batch.clone()) {
                Err(StoreError::Overloaded { .. }) if Instant::now() < give_up => std::thread::sleep(PAUSE),
                result => return Ok(result?),
            }
        }
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        let mut pending = std::mem::take(&mut self.pending).into_iter();
        loop {
            let items: Vec<_> = pending.by_ref().take(EVENTS_PER_BATCH).collect();
            if items.is_empty() {
                return Ok(());
            }
            let mut gated = gate::pass(&self.rules, items, clock::now());
            let refused_before = gated.not_stored.len();
            gated
                .not_stored
                .retain(|refused| self.failed.insert(failed_key(refused.reason, refused.payload.as_deref())));
            // Failed events that are listed already are there already, as rows are.
            let again = (refused_before - gated.not_stored.len()) as u64;
            self.summary.received += again;
            self.summary.duplicate += again;
            let (events, refused) = (gated.events.len() as u64, gated.not_stored.len() as u64);
            let failed = gated.not_stored.iter().filter(|one| one.reason.outcome() == Outcome::Failed).count() as u64;
            let batch = Batch {
                events: gated.events,
                not_stored: gated.not_stored,
                removed_fields: gated.removed_fields.into_iter().collect(),
                ..Batch::new(self.rules.id, clock::now())
            };
            let receipt = self.append(batch)?;
            let stored = u64::from(receipt.stored);
            self.summary.received += events + refused;
            self.summary.stored += stored;
            self.summary.duplicate += events - stored;
            self.summary.failed += failed;
            self.summary.not_kept += refused - failed;
        }
    }
}

/// Whether the first line is a document of its own, so that the others are too.
fn is_whole(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    matches!((line.first(), line.last()), (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')))
}
