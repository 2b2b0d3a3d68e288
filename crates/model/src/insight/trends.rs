//! Trends: how many, over time. Definition: docs/semantics/trends.md.

use super::Explain;
use crate::action::ActionRef;
use crate::cohort::CohortId;
use crate::filter::{Filter, Scope};
use crate::time::Interval;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the events of a bucket become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Math {
    /// Number of events.
    #[default]
    Total,
    /// Distinct persons.
    #[serde(alias = "unique_persons", alias = "unique_users")]
    Dau,
    /// Distinct persons in the 7 local days that end with the bucket.
    WeeklyActive,
    /// Distinct persons in the 30 local days that end with the bucket.
    MonthlyActive,
    /// Distinct sessions; events without one do not count.
    UniqueSession,
    /// Distinct keys of the group type `group`; events without one do not count.
    UniqueGroup,
    /// Persons whose first event of that name in all history lies in the bucket and passes the filters.
    FirstTimeForUser,
    /// Persons whose first event in all history that passes the filters lies in the bucket.
    FirstMatchingEventForUser,
    /// Mean of the persons' numbers of events; null when there are none, as of all that follow.
    AvgCountPerActor,
    /// Least of them.
    MinCountPerActor,
    /// Most of them.
    MaxCountPerActor,
    /// Their median.
    MedianCountPerActor,
    /// Their quantile 0.75.
    P75CountPerActor,
    /// Their quantile 0.9.
    P90CountPerActor,
    /// Their quantile 0.95.
    P95CountPerActor,
    /// Their quantile 0.99.
    P99CountPerActor,
    /// Sum of the numeric values of `property`; 0 when there are none.
    Sum,
    /// Mean; null when there are no values, as all that follow.
    Avg,
    /// Smallest value.
    Min,
    /// Largest value.
    Max,
    /// Quantile 0.5 by linear interpolation.
    Median,
    /// Quantile 0.75.
    P75,
    /// Quantile 0.9.
    P90,
    /// Quantile 0.95.
    P95,
    /// Quantile 0.99.
    P99,
}

impl Math {
    /// Whether it needs `property` beside it.
    pub fn needs_property(self) -> bool {
        use Math::{Avg, Max, Median, Min, P75, P90, P95, P99, Sum};
        matches!(self, Sum | Avg | Min | Max | Median | P75 | P90 | P95 | P99)
    }
}

/// One line of a trend.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Series {
    /// Event name; null or absent counts all events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// An action in place of an event name: the number of one of the project's, or the name of a built-in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionRef>,
    /// How its events become a number.
    pub math: Math,
    /// The numeric property of `sum`, `avg` and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// The group type of `unique_group`, 0 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<u8>,
    /// Conditions on this series only; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// What the line is called; made from event and math when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// Split by a property.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Breakdown {
    /// The flattened key of a property, or one of the columns `event`, `distinct_id`, `session_id`. Empty with `cohorts`.
    #[serde(default)]
    #[schema(required)]
    pub property: String,
    /// Whose property it is; the event's when absent.
    #[serde(rename = "type", default, skip_serializing_if = "Scope::is_event")]
    pub scope: Scope,
    /// In place of a property: a row for each of these cohorts, in this order; 0 is everybody. A person may be in several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cohorts: Vec<CohortId>,
    /// Of trends: the numbers in so many bins of equal width from the least to the greatest, at most 100. What is no number
    /// is `(none)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bins: Option<u32>,
    /// Up to two more properties. The value of a row is then the JSON list of their texts, null where one is missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub and: Vec<BreakdownBy>,
    /// How many values are shown before `(other)`; 25 when absent, at most 1 000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Whether the `(other)` row is left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hide_other: bool,
}

/// One more property of a breakdown.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakdownBy {
    /// The flattened key of a property, or one of the columns `event`, `distinct_id`, `session_id`.
    pub property: String,
    /// Whose property it is; the event's when absent.
    #[serde(rename = "type", default, skip_serializing_if = "Scope::is_event")]
    pub scope: Scope,
    /// Of trends: as in the breakdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bins: Option<u32>,
}

/// The period beside the one that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Compare {
    /// `-1w`, `-2d`, `-1m`, `-1y`: both ends so much earlier. Absent: as many buckets, ending before the first; of `wStart`,
    /// `mStart`, `qStart` and `yStart` to now the whole unit before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Which period a line is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PeriodLabel {
    /// The one that was asked for.
    Current,
    /// The one that it is compared to.
    Previous,
}

/// How a trend is drawn; it changes no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Display {
    /// A line per series.
    #[default]
    Line,
    /// Bars beside each other.
    Bar,
    /// Bars on each other.
    Stacked,
    /// Filled lines on each other.
    Area,
    /// The numbers alone.
    Table,
    /// One number per series: its total.
    Number,
}

impl Display {
    fn is_line(&self) -> bool {
        *self == Display::Line
    }
}

/// A trend: 1 to 26 series over a range of dates.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TrendsQuestion {
    /// The lines.
    pub series: Vec<Series>,
    /// `2026-01-31`, an ISO date-time, `-7d`, `-24h`, `-3m`, `dStart`, `wStart`, `mStart`, `yStart`, `-1dStart`, `all`.
    /// Default `-7d`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_from: Option<String>,
    /// As `date_from`; default now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_to: Option<String>,
    /// With week and month buckets: do not widen `date_from` to its bucket's start.
    #[serde(rename = "explicitDate", skip_serializing_if = "std::ops::Not::not")]
    pub explicit_date: bool,
    /// Bucket width.
    pub interval: Interval,
    /// One line out of the series, which are called A, B, C… in their order: `A / B * 100`. Numbers, `+ - * / % **`, brackets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// Beside it the same of another period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare: Option<Compare>,
    /// Running sums; of distinct counts each is new only once. Not with every math, and not with smoothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cumulative: bool,
    /// Trailing mean over so many buckets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smoothing: Option<u32>,
    /// Split every series by a property.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakdown: Option<Breakdown>,
    /// Conditions on every series; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// How whoever shows the answer should draw it.
    #[serde(skip_serializing_if = "Display::is_line")]
    pub display: Display,
}

/// One bucket of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bucket {
    /// Local start: `2026-01-31` for days, weeks and months; with time and offset for hours and minutes.
    pub label: String,
    /// The same start, RFC 3339 UTC.
    pub start_utc: String,
    /// Whether the bucket contains now, so that its numbers may still grow.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

/// One line of the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SeriesAnswer {
    /// What it is called.
    pub label: String,
    /// The position of its series in the question, from 0; 0 of a formula.
    pub series: u32,
    /// The value of the breakdown: text, `(none)` or `(other)`; absent without breakdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakdown_value: Option<String>,
    /// Of compared questions: the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare_label: Option<PeriodLabel>,
    /// One number per bucket; null where the math has no value.
    pub data: Vec<Option<f64>>,
    /// Sum of `data`.
    pub sum: f64,
    /// The math over the whole range as one bucket, so distinct counts are de-duplicated.
    pub total: Option<f64>,
}

/// The label of missing and empty breakdown values.
pub const NONE_LABEL: &str = "(none)";
/// The label of breakdown values past the limit.
pub const OTHER_LABEL: &str = "(other)";

/// The answer of a trend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrendsAnswer {
    /// Bucket width.
    pub interval: Interval,
    /// Time zone of the buckets, IANA.
    pub time_zone: String,
    /// All buckets from first to last, without gaps.
    pub buckets: Vec<Bucket>,
    /// Of compared questions: the buckets of the other period; bucket i stands beside bucket i.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_buckets: Option<Vec<Bucket>>,
    /// The lines: by period, series, then by rank of the breakdown value.
    pub series: Vec<SeriesAnswer>,
    /// How it was made.
    pub explain: Explain,
}
