//! Questions and answers. One file per insight; the same name in every room.

pub mod correlation;
pub mod events;
pub mod funnel;
pub mod items;
pub mod lifecycle;
pub mod paths;
pub mod people;
pub mod retention;
pub mod sessions;
pub mod step;
pub mod stickiness;
pub mod trends;
pub mod web;
pub mod workflow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A question, as `POST /api/projects/{id}/query` takes it; `kind` says which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Question {
    /// How many, over time.
    Trends(trends::TrendsQuestion),
    /// Who took which steps, in time.
    Funnel(funnel::FunnelQuestion),
    /// Who came back, and when.
    Retention(retention::RetentionQuestion),
    /// On how many days of the range each person was active.
    Stickiness(stickiness::StickinessQuestion),
    /// Who is new, returning, resurrected or gone quiet.
    Lifecycle(lifecycle::LifecycleQuestion),
    /// What goes along with getting through a funnel.
    Correlation(correlation::CorrelationQuestion),
    /// What people do one after another.
    Paths(paths::PathsQuestion),
    /// A site or app at a glance.
    Web(web::WebQuestion),
    /// How questions of assessments did.
    Items(items::ItemsQuestion),
    /// Workflows of Sunbird's events, newest first.
    Workflow(workflow::WorkflowQuestion),
    /// Visits, newest first.
    Sessions(sessions::SessionsQuestion),
    /// The events themselves, newest first.
    Events(events::EventsQuestion),
}

/// The names of all kinds, for errors.
pub const KINDS: [&str; 12] = [
    "trends",
    "funnel",
    "retention",
    "stickiness",
    "lifecycle",
    "correlation",
    "paths",
    "web",
    "items",
    "workflow",
    "sessions",
    "events",
];

/// An answer; `kind` as in its question.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    /// Buckets and series.
    Trends(trends::TrendsAnswer),
    /// Numbers per step.
    Funnel(funnel::FunnelAnswer),
    /// Rows of cells.
    Retention(retention::RetentionAnswer),
    /// Persons per number of active buckets.
    Stickiness(stickiness::StickinessAnswer),
    /// Four numbers per bucket.
    Lifecycle(lifecycle::LifecycleAnswer),
    /// Factors with their odds.
    Correlation(correlation::CorrelationAnswer),
    /// Edges between items.
    Paths(paths::PathsAnswer),
    /// Numbers and tables.
    Web(web::WebAnswer),
    /// Items and their answers.
    Items(items::ItemsAnswer),
    /// Summaries.
    Workflow(workflow::WorkflowAnswer),
    /// A page of sessions.
    Sessions(sessions::SessionsAnswer),
    /// A page of events.
    Events(events::EventsAnswer),
}

impl Answer {
    /// How it was made.
    pub fn explain_mut(&mut self) -> &mut Explain {
        match self {
            Answer::Trends(answer) => &mut answer.explain,
            Answer::Funnel(answer) => &mut answer.explain,
            Answer::Retention(answer) => &mut answer.explain,
            Answer::Stickiness(answer) => &mut answer.explain,
            Answer::Lifecycle(answer) => &mut answer.explain,
            Answer::Correlation(answer) => &mut answer.explain,
            Answer::Paths(answer) => &mut answer.explain,
            Answer::Web(answer) => &mut answer.explain,
            Answer::Items(answer) => &mut answer.explain,
            Answer::Workflow(answer) => &mut answer.explain,
            Answer::Sessions(answer) => &mut answer.explain,
            Answer::Events(answer) => &mut answer.explain,
        }
    }
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
    /// The now of relative dates, RFC 3339 UTC.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub asked_at: Option<String>,
    /// Whether the answer was kept from an earlier question of the same kind, range and data. The rows are then those that
    /// were looked at for that one.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub cached: bool,
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
