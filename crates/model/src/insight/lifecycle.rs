//! Lifecycle: who is new, returning, resurrected or gone quiet. Definition: docs/semantics/lifecycle.md.

use super::Explain;
use super::step::EventMatch;
use super::trends::Bucket;
use crate::filter::Filter;
use crate::time::Interval;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a person is in a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Active, and seen for the first time ever.
    New,
    /// Active, and active in the bucket before.
    Returning,
    /// Active, and not in the bucket before.
    Resurrecting,
    /// Not active, but in the bucket before.
    Dormant,
}

/// Lifecycle of the persons of one series.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LifecycleQuestion {
    /// What makes a person active.
    pub series: EventMatch,
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
    /// Conditions; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

/// The answer of a lifecycle. Each list has one number per bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LifecycleAnswer {
    /// Bucket width.
    pub interval: Interval,
    /// All buckets from first to last.
    pub buckets: Vec<Bucket>,
    /// Active, and seen for the first time ever in this bucket.
    pub new: Vec<i64>,
    /// Active, and active in the bucket before.
    pub returning: Vec<i64>,
    /// Active, and not in the bucket before.
    pub resurrecting: Vec<i64>,
    /// Not active, but in the bucket before; negative or 0.
    pub dormant: Vec<i64>,
    /// How it was made.
    pub explain: Explain,
}
