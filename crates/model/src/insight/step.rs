//! What a step of a funnel, a start of a retention or the subject of a lifecycle is: an event name with conditions.

use crate::action::ActionRef;
use crate::filter::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Events by name and conditions.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EventMatch {
    /// Event name; null or absent takes all events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// An action in place of an event name: the number of one of the project's, or the name of a built-in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionRef>,
    /// Conditions; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// What it is called; the event name when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// Which of a person's matching events count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Occurrence {
    /// All of them.
    #[default]
    Any,
    /// Only the first event of that name in all history, and only if it passes the filters and lies in the range.
    FirstEver,
    /// Only the first event in all history that passes the filters, and only if it lies in the range.
    FirstMatching,
}
