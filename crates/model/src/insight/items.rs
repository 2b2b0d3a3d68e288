//! Item analysis: how questions of assessments did. Definition: docs/semantics/items.md.

use super::Explain;
use crate::filter::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The items of a range.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ItemsQuestion {
    /// As in trends; default `-7d`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_from: Option<String>,
    /// As in trends; default now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_to: Option<String>,
    /// Items that are shown; 50 when absent, at most 1 000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Answers of one item that are shown; 10 when absent, at most 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<u32>,
    /// Conditions on the events; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

/// One answer of one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemAnswer {
    /// As JSON text, as the client sent it; `(none)` where it sent none.
    pub value: String,
    /// How often.
    pub count: u64,
    /// Of all answers of the item, 0 to 1.
    pub share: f64,
    /// How often it was right; absent of responses, which nobody has judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correct: Option<u64>,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemRow {
    /// Its id.
    pub item: String,
    /// Who attempted it.
    pub persons: u64,
    /// How often it was attempted.
    pub attempts: u64,
    /// How many attempts were right.
    pub correct: u64,
    /// `correct` of `attempts`, 0 to 1; null without attempts.
    pub share_correct: Option<f64>,
    /// Mean of score by greatest score; near 1 is easy. Null when no attempt has a score.
    pub difficulty: Option<f64>,
    /// Whether those who know the other items know this one: from −1 to 1; null when nothing can be said.
    pub discrimination: Option<f64>,
    /// Mean seconds of an attempt; null when no attempt has a duration.
    pub average_s: Option<f64>,
    /// Their median.
    pub median_s: Option<f64>,
    /// What was answered in attempts, most frequent first.
    pub answers: Vec<ItemAnswer>,
    /// How many responses there were: choices made on the way to an attempt, or without one.
    pub responses: u64,
    /// What they were, most frequent first.
    pub choices: Vec<ItemAnswer>,
}

/// The answer of item analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemsAnswer {
    /// By attempts, then by responses, most first, then by id.
    pub items: Vec<ItemRow>,
    /// How many items there are, shown or not.
    pub count: u64,
    /// How it was made.
    pub explain: Explain,
}
