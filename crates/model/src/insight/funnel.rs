//! Funnels: who took which steps, in time. Definition: docs/semantics/funnel.md.

use super::Explain;
use super::step::Occurrence;
use super::trends::{BreakdownBy, Bucket};
use crate::action::ActionRef;
use crate::cohort::CohortId;
use crate::filter::{Filter, Scope};
use crate::time::Interval;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One step.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FunnelStep {
    /// Event name; null or absent takes all events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// An action in place of an event name: the number of one of the project's, or the name of a built-in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionRef>,
    /// Conditions; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// What the step is called; the event name when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Counted when done, never required. Only of ordered funnels, not the first or last step.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// Which of a person's matching events count.
    #[serde(skip_serializing_if = "is_any")]
    pub occurrence: Occurrence,
}

fn is_any(occurrence: &Occurrence) -> bool {
    *occurrence == Occurrence::Any
}

/// How steps must follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FunnelOrder {
    /// One after another, anything between.
    #[default]
    Ordered,
    /// One after another, nothing between.
    Strict,
    /// All of them, in any order.
    Unordered,
}

/// An event that must not happen between two steps.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Exclusion {
    /// Event name; null or absent takes all events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// An action in place of an event name: the number of one of the project's, or the name of a built-in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionRef>,
    /// Conditions; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// Not after this step, from 1; the first when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_step: Option<u32>,
    /// And before this one; the last when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_step: Option<u32>,
}

/// Unit of a conversion window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WindowUnit {
    /// 1 s.
    Second,
    /// 60 s.
    Minute,
    /// 3 600 s.
    Hour,
    /// 86 400 s, whatever the clock on the wall does.
    #[default]
    Day,
    /// 7 days.
    Week,
    /// 31 days.
    Month,
}

impl WindowUnit {
    /// Its length in seconds.
    pub fn seconds(self) -> i64 {
        match self {
            WindowUnit::Second => 1,
            WindowUnit::Minute => 60,
            WindowUnit::Hour => 3_600,
            WindowUnit::Day => 86_400,
            WindowUnit::Week => 604_800,
            WindowUnit::Month => 2_678_400,
        }
    }
}

/// How long after step 1 a conversion counts, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// How many units, at least 1.
    pub count: u32,
    /// Of which length.
    #[serde(default)]
    pub unit: WindowUnit,
}

/// Which event of a person gives the value of the breakdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attribution {
    /// Their first with a value.
    #[default]
    FirstTouch,
    /// Their last with a value.
    LastTouch,
    /// Every one: the funnel is run for each value on the events with that value alone.
    AllEvents,
    /// The one that fills `step`.
    Step,
}

/// Split of a funnel.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FunnelBreakdown {
    /// The flattened key of a property, or one of the columns `event`, `distinct_id`, `session_id`. Empty with `cohorts`.
    pub property: String,
    /// Whose property it is; the event's when absent. A person's is the same on all events: no attribution changes it.
    #[serde(rename = "type", skip_serializing_if = "Scope::is_event")]
    pub scope: Scope,
    /// In place of a property: a row for each of these cohorts, in this order; 0 is everybody. A person may be in several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cohorts: Vec<CohortId>,
    /// Up to two more properties. The value of a row is then the JSON list of their texts, null where one is missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub and: Vec<BreakdownBy>,
    /// How many values are shown before `(other)`; 25 when absent, at most 1 000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Whether the `(other)` row is left out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hide_other: bool,
    /// Which event gives the value.
    pub attribution: Attribution,
    /// The step of the attribution `step`, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
}

/// What of a funnel is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FunnelView {
    /// How many did each step.
    #[default]
    Steps,
    /// How long it took from `from_step` to `to_step`.
    TimeToConvert,
    /// How many of those who entered in each bucket converted.
    Trend,
}

/// A funnel of 2 to 20 steps.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FunnelQuestion {
    /// The steps.
    pub steps: Vec<FunnelStep>,
    /// How they must follow each other.
    pub order: FunnelOrder,
    /// From step 1 to the last; 14 days when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// What must not happen between steps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Exclusion>,
    /// What is shown.
    pub view: FunnelView,
    /// Of `time_to_convert` and `trend`: the first step that matters, from 1; 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_step: Option<u32>,
    /// Of `time_to_convert` and `trend`: the last step that matters; the last when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_step: Option<u32>,
    /// Of `time_to_convert`: how many bins, clamped to 1 to 90; by the number of conversions when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bins: Option<u32>,
    /// Of `trend`: bucket width.
    pub interval: Interval,
    /// Of `steps`: split by a property.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakdown: Option<FunnelBreakdown>,
    /// As in trends; default `-7d`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_from: Option<String>,
    /// As in trends; default now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_to: Option<String>,
    /// Of `trend`: do not widen `date_from` to its week or month.
    #[serde(rename = "explicitDate", skip_serializing_if = "std::ops::Not::not")]
    pub explicit_date: bool,
    /// Conditions on every event; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

/// One step in one row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepNumbers {
    /// Persons who did it.
    pub count: u64,
    /// Persons who did the last required step before it, and not this one; 0 for the first.
    pub dropped: u64,
    /// `count` as a share of the first step's; 0 when that is 0.
    pub conversion: f64,
    /// `count` as a share of the last required step before it; 0 when that is 0, 1 for a first step that anyone did.
    pub conversion_of_previous: f64,
    /// Mean seconds since the last required step before it; null for the first, for optional steps and when nobody did it.
    pub average_s: Option<f64>,
    /// Median of the same.
    pub median_s: Option<f64>,
}

/// One row: all persons, or one value of the breakdown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FunnelRow {
    /// Text, `(none)` or `(other)`; absent without breakdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakdown_value: Option<String>,
    /// One per step.
    pub steps: Vec<StepNumbers>,
}

/// One bar of `time_to_convert`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimeBin {
    /// Least seconds, inclusive; the next bin's are not.
    pub from_s: i64,
    /// Conversions that took so long.
    pub count: u64,
}

/// How long conversions took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimeToConvert {
    /// Bins without gaps; empty when nobody converted.
    pub bins: Vec<TimeBin>,
    /// Mean seconds; null when nobody converted.
    pub average_s: Option<f64>,
}

/// One bucket of the historical trend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FunnelBucket {
    /// When the persons did step 1. `incomplete`: they may still convert.
    #[serde(flatten)]
    pub bucket: Bucket,
    /// Persons who reached `from_step`.
    pub entered: u64,
    /// Persons who reached `to_step`.
    pub converted: u64,
    /// Percent, two decimals; 0 when nobody entered.
    pub rate: f64,
}

/// The answer of a funnel; one of `rows`, `time_to_convert` and `trend` is there, as the view says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FunnelAnswer {
    /// What the steps are called.
    pub steps: Vec<String>,
    /// Of `steps`: one row, or one per value of the breakdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<FunnelRow>>,
    /// Of `time_to_convert`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_convert: Option<TimeToConvert>,
    /// Of `trend`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trend: Option<Vec<FunnelBucket>>,
    /// How it was made.
    pub explain: Explain,
}
