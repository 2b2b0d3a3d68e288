//! Retention: who came back, and when. Definition: docs/semantics/retention.md.

use super::Explain;
use super::step::EventMatch;
use super::trends::Bucket;
use crate::filter::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Length of one interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// An hour.
    Hour,
    /// A local day; 24 hours when windows roll.
    #[default]
    Day,
    /// A local week; 7 × 24 hours when windows roll.
    Week,
    /// A local month; 30 × 24 hours when windows roll.
    Month,
}

/// Which start events put a person into a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// Each: a person is in the row of every interval with a start event.
    #[default]
    Recurring,
    /// The first in all history that passes the filters.
    FirstTime,
    /// The first of that name in all history, if it passes the filters.
    FirstEver,
}

/// What the percents of a row refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The size of the row.
    #[default]
    Total,
    /// The cell before.
    Previous,
}

/// What is reckoned of return events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AggregateMath {
    /// How many there are.
    Count,
    /// The sum of a numeric property.
    Sum,
    /// Its mean over the events that have a number.
    Avg,
}

/// What the return events of a cell come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    /// How it is reckoned.
    pub math: AggregateMath,
    /// Of `sum` and `avg`: the flattened key of a numeric property.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub property: Option<String>,
}

/// Retention over `intervals` periods that end with the one that holds `date_to`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionQuestion {
    /// What puts a person into a row.
    pub start_event: EventMatch,
    /// What counts as coming back; the start event when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_event: Option<EventMatch>,
    /// Which start events.
    pub start: Start,
    /// Length of one interval.
    pub period: Period,
    /// How many intervals; 8 when absent, 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intervals: Option<u32>,
    /// Last instant; as in trends, default now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_to: Option<String>,
    /// Windows of elapsed time from each person's first start event, instead of calendar intervals.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub rolling: bool,
    /// A cell counts who came back then or later.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cumulative: bool,
    /// Return events that an interval needs; 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_occurrences: Option<u32>,
    /// Beside the persons of each cell, what their return events in it come to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregate: Option<Aggregate>,
    /// What percents refer to.
    pub reference: Reference,
    /// Split: start and return event must carry the same value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakdown: Option<super::trends::Breakdown>,
    /// Conditions on every event; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

/// One row: the persons who started in one interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RetentionRow {
    /// The value of the breakdown, `(none)` or `(other)`; absent without breakdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakdown_value: Option<String>,
    /// The interval from 0.
    pub row: u32,
    /// Column j: persons who came back j intervals later; column 0 is the size of the row. Null in the future.
    pub cells: Vec<Option<u64>>,
    /// Where an aggregate is asked for, that of each cell: over all return events that the persons of the row have so many
    /// intervals later. Null in the future, and for a mean of no number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub values: Option<Vec<Option<f64>>>,
    /// The cells as percents of what the question refers to; 0 where that is 0.
    pub percents: Vec<Option<f64>>,
}

/// Means per column over the rows of one value; cells that may still grow are left out. Null: no row has such a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RetentionMeans {
    /// As in rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakdown_value: Option<String>,
    /// Percent: sum of the cells over the sum of the sizes of their rows.
    pub weighted: Vec<Option<f64>>,
    /// Mean of the percents of rows that are not empty.
    pub simple: Vec<Option<f64>>,
}

/// The answer of a retention.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RetentionAnswer {
    /// The intervals.
    pub intervals: Vec<Bucket>,
    /// By value of the breakdown, then by interval.
    pub rows: Vec<RetentionRow>,
    /// Per value of the breakdown, in the order of the rows, the means over its rows.
    pub means: Vec<RetentionMeans>,
    /// How it was made.
    pub explain: Explain,
}
