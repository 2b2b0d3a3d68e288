//! Workflow summaries of Sunbird's events. Definition: docs/semantics/workflow.md.

use super::Explain;
use crate::filter::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The workflows of a range.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WorkflowQuestion {
    /// As in trends; default `-7d`. Nothing is carried over from before the range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_from: Option<String>,
    /// As in trends; default now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_to: Option<String>,
    /// Summaries that are shown; 100 when absent, at most 10 000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Conditions on the events; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

/// One page of a workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WorkflowPage {
    /// Its id.
    pub page: String,
    /// Type of its first visit.
    #[serde(rename = "type")]
    pub kind: String,
    /// Area of the app at its first visit.
    pub env: String,
    /// Seconds.
    pub time_spent_s: f64,
    /// How often.
    pub visits: u64,
}

/// One area of the app within a workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WorkflowEnv {
    /// Its name.
    pub env: String,
    /// Seconds of its pages.
    pub time_spent_s: f64,
    /// The most visits that one of its pages has.
    pub visits: u64,
}

/// One answer to an item within a workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WorkflowItem {
    /// Id of the item.
    pub item: String,
    /// RFC 3339 UTC.
    pub at: String,
    /// Whole seconds.
    pub duration_s: i64,
    /// Whole number; fractions are cut off.
    pub score: i64,
    /// Whole number; fractions are cut off.
    pub max_score: i64,
    /// As sent.
    pub pass: String,
    /// What was answered, JSON text as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// One workflow: of an app, of a content within it, of a player and so on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WorkflowRow {
    /// What it is of, in small letters: `app`, `content`, `player`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `play`, `edit`, or empty.
    pub mode: String,
    /// The device; empty when the client sent none.
    pub device_id: String,
    /// The session of its first event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// The person of its first event: the distinct_id that stands for them.
    pub person: String,
    /// `context.channel`.
    pub channel: String,
    /// `context.pdata.id`.
    pub producer: String,
    /// `object.id` of its first event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// RFC 3339 UTC.
    pub start: String,
    /// RFC 3339 UTC.
    pub end: String,
    /// Seconds from start to end.
    pub time_diff_s: f64,
    /// Seconds without pauses of more than 10 minutes.
    pub time_spent_s: f64,
    /// How many touches, clicks and so on.
    pub interactions: u64,
    /// Per minute of the time spent; within the first minute their number.
    pub interactions_per_minute: f64,
    /// Events by name.
    pub events: std::collections::BTreeMap<String, u64>,
    /// In the order of their first visits.
    pub pages: Vec<WorkflowPage>,
    /// In the order of their first pages.
    pub envs: Vec<WorkflowEnv>,
    /// In their order.
    pub items: Vec<WorkflowItem>,
}

/// The answer of workflows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WorkflowAnswer {
    /// By start, newest first, then by end, device, type and mode.
    pub workflows: Vec<WorkflowRow>,
    /// How many there are, shown or not.
    pub count: u64,
    /// How it was made.
    pub explain: Explain,
}
