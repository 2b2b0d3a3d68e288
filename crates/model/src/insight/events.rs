//! The events themselves, newest first, a page at a time.

use super::Explain;
use crate::action::ActionRef;
use crate::filter::Filter;
use crate::{Dialect, Level};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which events.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EventsQuestion {
    /// Only this event name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// An action in place of an event name: the number of one of the project's, or the name of a built-in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionRef>,
    /// Only events of the person behind this distinct_id, after merging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// As in trends; default `-24h`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_from: Option<String>,
    /// As in trends; default now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_to: Option<String>,
    /// Conditions; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// Page size; default 100, at most 1 000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// One event as shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EventRow {
    /// Identity.
    pub uuid: String,
    /// Name.
    pub event: String,
    /// RFC 3339 UTC with microseconds.
    pub event_at: String,
    /// RFC 3339 UTC with microseconds.
    pub received_at: String,
    /// As sent.
    pub distinct_id: String,
    /// The person after merging: the distinct_id that stands for them.
    pub person: String,
    /// As sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// Level under which it was kept.
    pub level: Level,
    /// Protocol it came in.
    pub dialect: Dialect,
    /// Flattened properties.
    #[schema(value_type = std::collections::HashMap<String, Object>)]
    pub properties: serde_json::Map<String, serde_json::Value>,
}

/// A page of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EventsAnswer {
    /// Newest first by `(event_at, uuid)`.
    pub events: Vec<EventRow>,
    /// Pass as `after` for the next page; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How it was made.
    pub explain: Explain,
}
