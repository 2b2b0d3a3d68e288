//! Stickiness: on how many days (weeks, …) of the range each person was active. Definition: docs/semantics/stickiness.md.

use super::Explain;
use super::step::EventMatch;
use super::trends::{Compare, PeriodLabel};
use crate::filter::Filter;
use crate::time::Interval;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the number of events in a bucket is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CountIs {
    /// At least `value`.
    Gte,
    /// At least 1 and at most `value`.
    Lte,
    /// Exactly `value`.
    Exact,
}

/// What makes a bucket active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// How its events are compared.
    pub operator: CountIs,
    /// With what, at least 1.
    pub value: u32,
}

/// Stickiness of 1 to 26 series.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StickinessQuestion {
    /// The lines.
    pub series: Vec<EventMatch>,
    /// As in trends; default `-7d`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_from: Option<String>,
    /// As in trends; default now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_to: Option<String>,
    /// With week and month buckets: do not widen `date_from` to its bucket's start.
    #[serde(rename = "explicitDate", skip_serializing_if = "std::ops::Not::not")]
    pub explicit_date: bool,
    /// Bucket width.
    pub interval: Interval,
    /// What makes a bucket active; one event when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criterion: Option<Criterion>,
    /// Column k counts persons with k active buckets or more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cumulative: bool,
    /// The same lines of an earlier period beside them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare: Option<Compare>,
    /// Conditions on every series; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StickinessLine {
    /// What it is called.
    pub label: String,
    /// Of compared questions: the period.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub compare_label: Option<PeriodLabel>,
    /// Entry k - 1: persons with exactly k active buckets, or at least k when cumulative.
    pub counts: Vec<u64>,
    /// Persons with at least one active bucket.
    pub persons: u64,
    /// `counts` as shares of `persons`; 0 when there are none.
    pub shares: Vec<f64>,
}

/// The answer of a stickiness.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StickinessAnswer {
    /// Bucket width.
    pub interval: Interval,
    /// One per series; of compared questions those of the other period behind them, with as many columns as it has buckets.
    pub lines: Vec<StickinessLine>,
    /// How it was made.
    pub explain: Explain,
}
