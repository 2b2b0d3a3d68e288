//! `telemetry sql`: answers one SQL query on a data directory without a server.

use super::{Usage, find_project, open_meta, open_store};
use crate::config::Config;
use crate::sql::{self, Answer, Format, Query, ROWS_MAX, Sql, SqlError};
use anyhow::{Context, bail};
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Rows of a table or of JSON, unless more are asked for.
const ROWS_SHOWN: usize = 10_000;

/// How the answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Tab-separated with a head line, for reading.
    Table,
    /// As `POST /api/projects/{id}/sql` answers.
    Json,
    /// RFC 4180.
    Csv,
    /// A Parquet file.
    Parquet,
}

/// What is asked, and where the answer goes.
#[derive(Debug)]
pub struct Asked<'a> {
    /// Number or name; `None` means the only one.
    pub project: Option<&'a str>,
    /// One SELECT.
    pub sql: &'a str,
    /// How it is printed.
    pub shape: Shape,
    /// Standard output when absent.
    pub output: Option<&'a Path>,
    /// Rows at most.
    pub rows_max: Option<usize>,
}

/// Answers one query.
///
/// # Errors
/// A wrong or too large query, no binary `telemetry-sql`, or a data directory in use.
pub fn run(config: &Config, asked: &Asked<'_>) -> anyhow::Result<()> {
    let is_file = matches!(asked.shape, Shape::Csv | Shape::Parquet);
    if asked.shape == Shape::Parquet && asked.output.is_none() && std::io::stdout().is_terminal() {
        bail!(Usage("Parquet is not for reading: name a file with --output".to_owned()));
    }
    let rows_max = asked.rows_max.unwrap_or(if is_file { ROWS_MAX } else { ROWS_SHOWN });
    if !(1..=ROWS_MAX).contains(&rows_max) {
        bail!(Usage(format!("--rows must be 1 to {ROWS_MAX}")));
    }
    let format = match asked.shape {
        Shape::Table | Shape::Json => Format::Json,
        Shape::Csv => Format::Csv,
        Shape::Parquet => Format::Parquet,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let project = runtime.block_on(async { find_project(&open_meta(config).await?, asked.project).await })?;
    let (store, _) = open_store(config)?;
    let engine = Sql::new(store.clone(), config);
    let query = Query { project: project.id, sql: asked.sql.to_owned(), format, rows_max };
    let answer = runtime.block_on(engine.ask(query));
    let printed = answer.map_err(failure).and_then(|answer| print(answer, asked));
    store.close()?;
    printed
}

/// What the caller can mend is theirs.
fn failure(error: SqlError) -> anyhow::Error {
    match &error {
        SqlError::Invalid { position: Some(at), message } => {
            Usage(format!("{message} (line {}, column {})", at.line, at.column)).into()
        }
        SqlError::Invalid { .. }
        | SqlError::Refused(_)
        | SqlError::TooSlow(_)
        | SqlError::OutOfMemory(_)
        | SqlError::Unavailable => Usage(error.to_string()).into(),
        SqlError::Busy | SqlError::Stopping | SqlError::Store(_) | SqlError::Io(_) | SqlError::Failed(_) => {
            error.into()
        }
    }
}

fn print(answer: Answer, asked: &Asked<'_>) -> anyhow::Result<()> {
    let mut sink: Box<dyn Write> = match asked.output {
        Some(path) => {
            let file = std::fs::File::create(path);
            Box::new(file.map_err(|error| Usage(format!("cannot write {}: {error}", path.display())))?)
        }
        None => Box::new(std::io::stdout().lock()),
    };
    let (rows, is_cut, warnings) = (answer.rows, answer.truncated, answer.warnings.clone());
    write(answer, asked.shape, &mut sink).and_then(|()| sink.flush()).context("cannot write the answer")?;
    for warning in warnings {
        eprintln!("telemetry: {warning}");
    }
    if is_cut && asked.shape != Shape::Json {
        eprintln!("telemetry: only the first {rows} rows; --rows takes up to {ROWS_MAX}");
    }
    Ok(())
}

fn write(answer: Answer, shape: Shape, sink: &mut dyn Write) -> std::io::Result<()> {
    match shape {
        Shape::Json => {
            let (head, foot) = sql::json_around(&answer);
            sink.write_all(head.as_bytes())?;
            std::io::copy(&mut answer.spool.into_file(), sink)?;
            writeln!(sink, "{foot}")
        }
        Shape::Csv | Shape::Parquet => std::io::copy(&mut answer.spool.into_file(), sink).map(drop),
        Shape::Table => {
            let names: Vec<&str> = answer.columns.iter().map(|column| column.name.as_str()).collect();
            writeln!(sink, "{}", names.join("\t"))?;
            let rows: Vec<Vec<serde_json::Value>> = serde_json::from_slice(&answer.spool.read()?)?;
            for row in rows {
                writeln!(sink, "{}", row.iter().map(cell).collect::<Vec<_>>().join("\t"))?;
            }
            Ok(())
        }
    }
}

/// One line and one column each, whatever the text holds.
fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "-".to_owned(),
        serde_json::Value::String(text) => {
            text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
        }
        other => other.to_string(),
    }
}
