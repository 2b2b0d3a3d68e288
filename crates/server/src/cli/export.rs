//! `telemetry export`: events out of a project, on a data directory without a server.

use super::{Usage, find_project, open_meta, open_store};
use crate::clock;
use crate::config::Config;
use crate::definitions::Definitions;
use crate::export::{self, Form};
use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;
use indicatif::{ProgressBar, ProgressStyle};
use model::filter::Filter;
use query::{Selection, SelectionAsked, SelectionError};
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// What to export, and how.
#[derive(Debug)]
pub struct ExportOptions {
    /// Number or name of the project; `None`: the only one.
    pub project: Option<String>,
    /// JSON lines, CSV or Parquet.
    pub form: Form,
    /// First date.
    pub from: Option<String>,
    /// Last date, inclusive.
    pub to: Option<String>,
    /// Only these event names.
    pub events: Vec<String>,
    /// Filters: JSON as a question has it, or `key=value`.
    pub filters: Vec<String>,
    /// Failed events instead.
    pub failed: bool,
    /// The file; `None` or `-`: standard output.
    pub output: Option<PathBuf>,
    /// Replace a file that is there.
    pub force: bool,
    /// Pack with gzip.
    pub gzip: bool,
}

/// Writes the events of a project.
///
/// # Errors
/// A date or filter that makes no sense, an output that is there already or cannot be written, a data directory in use.
pub fn run(config: &Config, options: &ExportOptions, json: bool) -> anyhow::Result<()> {
    let target = Target::new(options)?;
    let asked = SelectionAsked {
        date_from: options.from.clone(),
        date_to: options.to.clone(),
        events: options.events.clone(),
        filters: options.filters.iter().map(|text| filters(text)).collect::<Result<Vec<_>, _>>()?.concat(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let wanted = options.project.as_deref();
    let (project, definitions) = runtime.block_on(async {
        let meta = open_meta(config).await?;
        let project = find_project(&meta, wanted).await?;
        let definitions = Definitions::of(&meta, project.id, &serde_json::json!(asked.filters)).await?;
        anyhow::Ok((project, definitions))
    })?;
    let (store, _) = open_store(config)?;
    let snapshot = store.snapshot(project.id);
    let known = definitions.known(&snapshot);
    let selection = Selection::bind(&snapshot, &asked, &project.clock(), clock::now(), &known);
    let selection = selection.map_err(|error| match error {
        SelectionError::Question(error) => {
            anyhow::Error::new(Usage(format!("the selection is wrong: {error}{}", allowed(&error.allowed))))
        }
        SelectionError::Query(error) => error.into(),
    })?;
    for warning in selection.warnings.iter().chain(snapshot.warnings()) {
        eprintln!("telemetry: {warning}");
    }
    let bar = progress(&target, if options.failed { 0 } else { selection.rows_at_most(&snapshot) }, json);
    let out = target.open()?;
    let (count, out) = if options.failed {
        export::failed(&store, project.id, out)?
    } else {
        export::events(&snapshot, &selection, &options.form, out, |count| bar.set_position(count))?
    };
    target.finish(out)?;
    bar.finish_and_clear();
    let incomplete = !snapshot.warnings().is_empty();
    drop(snapshot);
    store.close()?;
    let what = if options.failed { "failed events" } else { "events" };
    if target.path.is_some() {
        if json {
            println!("{}", serde_json::json!({ "exported": count, "file": target.path, "complete": !incomplete }));
        } else {
            println!("{count} {what} of {:?} in {}", project.name, target.shown());
        }
    }
    anyhow::ensure!(!incomplete, "the export lacks what was set aside as damaged; see above");
    Ok(())
}

fn allowed(words: &[String]) -> String {
    if words.is_empty() { String::new() } else { format!(" (allowed: {})", words.join(", ")) }
}

/// A filter of the command line: JSON of one filter or of a list, or `key=value`.
pub fn filters(text: &str) -> Result<Vec<Filter>, Usage> {
    let wrong = |error: serde_json::Error| Usage(format!("the filter {text:?} is not one: {error}"));
    match text.trim_start().as_bytes().first() {
        Some(b'[') => serde_json::from_str(text).map_err(wrong),
        Some(b'{') => Ok(vec![serde_json::from_str(text).map_err(wrong)?]),
        _ => {
            let (key, value) = text
                .split_once('=')
                .ok_or_else(|| Usage(format!("the filter {text:?} is neither JSON nor key=value")))?;
            let value = Some(serde_json::Value::String(value.to_owned()));
            Ok(vec![Filter { property: Some(key.to_owned()), value, ..Filter::default() }])
        }
    }
}

/// Where the bytes go. A file gets its name when it is whole.
struct Target {
    path: Option<PathBuf>,
    gzip: bool,
}

/// An open output.
enum Out {
    Plain(Box<dyn Write + Send>),
    Gzip(GzEncoder<Box<dyn Write + Send>>),
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Out::Plain(out) => out.write(bytes),
            Out::Gzip(out) => out.write(bytes),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Out::Plain(out) => out.flush(),
            Out::Gzip(out) => out.flush(),
        }
    }
}

impl Target {
    fn new(options: &ExportOptions) -> Result<Target, Usage> {
        let path = options.output.clone().filter(|path| path != Path::new("-"));
        match &path {
            Some(path) if path.exists() && !options.force => {
                return Err(Usage(format!("{} is there already; --force replaces it", path.display())));
            }
            None if options.form == Form::Parquet && !options.failed && io::stdout().is_terminal() => {
                return Err(Usage("Parquet is not for a terminal; name a file with --output".to_owned()));
            }
            _ => {}
        }
        if options.failed && options.form != Form::Jsonl {
            return Err(Usage("failed events are exported as JSON lines; leave --format out".to_owned()));
        }
        if options.gzip && options.form == Form::Parquet {
            return Err(Usage("Parquet is packed already; leave --gzip out".to_owned()));
        }
        Ok(Target { path, gzip: options.gzip })
    }

    fn shown(&self) -> String {
        self.path.as_ref().map_or_else(|| "standard output".to_owned(), |path| path.display().to_string())
    }

    /// The name until it is whole.
    fn part(path: &Path) -> PathBuf {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        path.with_file_name(name)
    }

    fn open(&self) -> anyhow::Result<Out> {
        let out: Box<dyn Write + Send> = match &self.path {
            Some(path) => {
                let part = Self::part(path);
                let file = File::create(&part);
                Box::new(file.map_err(|error| Usage(format!("cannot write {}: {error}", part.display())))?)
            }
            None => Box::new(io::stdout()),
        };
        Ok(if self.gzip { Out::Gzip(GzEncoder::new(out, Compression::fast())) } else { Out::Plain(out) })
    }

    fn finish(&self, out: Out) -> anyhow::Result<()> {
        let mut out = match out {
            Out::Plain(out) => out,
            Out::Gzip(out) => out.finish()?,
        };
        out.flush()?;
        drop(out);
        let Some(path) = &self.path else { return Ok(()) };
        let part = Self::part(path);
        File::open(&part)?.sync_all()?;
        std::fs::rename(&part, path).with_context(|| format!("cannot name {}", path.display()))
    }
}

fn progress(target: &Target, rows: u64, json: bool) -> ProgressBar {
    if json || target.path.is_none() || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {human_pos} of at most {human_len} events {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(rows).with_style(style)
}
