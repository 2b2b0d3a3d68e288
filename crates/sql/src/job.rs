//! What the server hands over and what it gets back. `crates/server/src/sql/job.rs` is the other end.
//!
//! The job is one line of JSON on standard input, which then stays open: its end means that nobody waits any more.
//! The result goes to standard output, then one line of JSON to standard error: a [`Summary`] or a [`Failure`].

use crate::error::Failure;
use crate::value::Kind;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Version of the job; both binaries are built together, so another one is a mixed installation.
pub const VERSION: u32 = 1;

/// One query and all it may read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// [`VERSION`].
    pub version: u32,
    /// One SELECT.
    pub sql: String,
    /// Files with events, in the segment format, each row in exactly one.
    pub events: Vec<EventsFile>,
    /// Property keys that are columns of `events`, ascending.
    pub properties: Vec<PropertyKey>,
    /// Parquet (ordinal, person_id): ids that belong to a person of another name; ascending.
    pub merged: Option<PathBuf>,
    /// Parquet of the table `persons`; `None` when the query does not name it.
    pub persons: Option<PathBuf>,
    /// Parquet of the table `distinct_ids`; likewise.
    pub distinct_ids: Option<PathBuf>,
    /// How the result is written.
    pub format: Format,
    /// Rows written at most; the rest is cut off.
    pub rows_max: usize,
    /// Bytes written at most; likewise.
    pub bytes_max: u64,
    /// Threads.
    pub threads: usize,
}

/// One file with events.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsFile {
    /// Where.
    pub path: PathBuf,
    /// Rows in it.
    pub rows: usize,
    /// Least event_at; µs.
    pub first_at: i64,
    /// Greatest event_at; µs.
    pub last_at: i64,
}

/// One property key and the kinds of value that it has in any of the files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyKey {
    /// Flattened key.
    pub key: String,
    /// At least one.
    pub kinds: Vec<Kind>,
}

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A JSON array of rows, each an array of cells.
    Json,
    /// RFC 4180 with a head line.
    Csv,
    /// One Parquet file.
    Parquet,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// In order.
    pub columns: Vec<OutputColumn>,
    /// Rows written.
    pub rows: usize,
    /// Whether there are more rows than were written.
    pub truncated: bool,
}

/// One column of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutputColumn {
    /// As the query names it.
    pub name: String,
    /// Of its cells.
    #[serde(rename = "type")]
    pub kind: OutputType,
}

/// Type of the cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputType {
    /// A text.
    Text,
    /// A whole number; as text when a double cannot hold it.
    Integer,
    /// A double, or a decimal.
    Number,
    /// true or false.
    Boolean,
    /// RFC 3339; without an offset if the query took the zone away.
    Timestamp,
    /// `2026-11-23`
    Date,
    /// JSON as text.
    Json,
    /// Anything else, as text.
    Other,
}

/// The last line of standard error.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    /// All went well.
    Done(Summary),
    /// It did not; what stands on standard output is no result.
    Error(Failure),
}
