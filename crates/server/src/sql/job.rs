//! What goes to the process and what comes back; the other end is `crates/sql/src/job.rs`.

use model::property::Kind;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use utoipa::ToSchema;

/// Version of the job; the other binary refuses another one.
pub const VERSION: u32 = 1;

/// One query and all it may read.
#[derive(Debug, Serialize)]
pub struct Job {
    pub version: u32,
    pub sql: String,
    pub events: Vec<EventsFile>,
    pub properties: Vec<PropertyKey>,
    pub merged: Option<PathBuf>,
    pub persons: Option<PathBuf>,
    pub distinct_ids: Option<PathBuf>,
    pub format: Format,
    pub rows_max: usize,
    pub bytes_max: u64,
    pub threads: usize,
}

/// One file with events.
#[derive(Debug, Serialize)]
pub struct EventsFile {
    pub path: PathBuf,
    pub rows: usize,
    pub first_at: i64,
    pub last_at: i64,
}

/// One property and the kinds it has.
#[derive(Debug, Clone, Serialize)]
pub struct PropertyKey {
    pub key: String,
    pub kinds: Vec<Kind>,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One JSON document, for programs and the page.
    #[default]
    Json,
    /// A download, RFC 4180.
    Csv,
    /// A download, types kept.
    Parquet,
}

/// The last line of its standard error.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    Done(Summary),
    Error(Failure),
}

/// What was written.
#[derive(Debug, Deserialize)]
pub struct Summary {
    pub columns: Vec<OutputColumn>,
    pub rows: usize,
    pub truncated: bool,
}

/// One column of an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = SqlColumn)]
pub struct OutputColumn {
    /// As the query names it.
    pub name: String,
    /// Type of its cells.
    #[serde(rename = "type")]
    pub kind: ColumnType,
}

/// Type of the cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SqlType)]
pub enum ColumnType {
    /// A text.
    Text,
    /// A whole number; beyond 2^53 as text.
    Integer,
    /// A number with a fraction; NaN and the infinities as text.
    Number,
    /// true or false.
    Boolean,
    /// RFC 3339.
    Timestamp,
    /// `2026-11-23`
    Date,
    /// JSON as text.
    Json,
    /// Anything else, as text.
    Other,
}

/// Why there is no result.
#[derive(Debug, Deserialize)]
pub struct Failure {
    pub code: FailureCode,
    pub message: String,
    pub position: Option<Position>,
}

/// What kind of failure.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    Invalid,
    Refused,
    OutOfMemory,
    Internal,
}

/// A place in a text; both numbers from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TextPosition)]
pub struct Position {
    /// Line.
    pub line: u64,
    /// Column, in characters.
    pub column: u64,
}
