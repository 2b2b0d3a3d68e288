//! Questions and answers. One file per insight; the same name in every room.

pub mod events;
pub mod trends;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A question, as `POST /api/projects/{id}/query` takes it; `kind` says which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Question {
    /// How many, over time.
    Trends(trends::TrendsQuestion),
    /// The events themselves, newest first.
    Events(events::EventsQuestion),
}

/// The names of all kinds, for errors.
pub const KINDS: [&str; 2] = ["trends", "events"];

/// An answer; `kind` as in its question.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    /// Buckets and series.
    Trends(trends::TrendsAnswer),
    /// A page of events.
    Events(events::EventsAnswer),
}

/// How an answer was made; stands in every answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Explain {
    /// The definition of the number in one sentence.
    pub definition: String,
    /// Start of the range, inclusive, RFC 3339 UTC.
    pub from_utc: String,
    /// End of the range, inclusive, RFC 3339 UTC.
    pub to_utc: String,
    /// Rows that were looked at.
    pub rows_read: u64,
    /// Wall time, milliseconds.
    pub milliseconds: f64,
    /// Which snapshot answered; grows with every change of the data.
    pub snapshot: u64,
    /// What the asker should know: incomplete filters that were ignored, damaged files that were left out.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub warnings: Vec<String>,
}
