//! Who is behind a number. Definition: docs/semantics/people.md.

use super::lifecycle::Status;
use super::trends::PeriodLabel;
use super::web::WebTable;
use super::{Explain, Question};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which number of an answer. Each kind of question uses its own fields and refuses the others.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cell {
    /// Trends, stickiness: the position of the series, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<u32>,
    /// Trends and stickiness that are compared: the period; the one that was asked for when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<PeriodLabel>,
    /// Trends, lifecycle, the trend of a funnel: the position of the bucket, from 0; of trends absent for the total. Times to
    /// convert: the position of the bin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<u32>,
    /// Where the question has a breakdown: the value of the row, as the answer shows it. Item analysis: the item.
    /// Correlation: the value of the factor; absent for all persons of the funnel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakdown_value: Option<String>,
    /// Correlation: the property of the factor, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// Funnel: the step from 1; negative: who dropped there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<i32>,
    /// The trend of a funnel: only who converted. Item analysis: only right attempts. Correlation: only who converted, or
    /// with `false` who dropped out; both when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub converted: Option<bool>,
    /// Retention: the row from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Retention: the column from 0. Stickiness: the number of active buckets, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Lifecycle: new, returning, resurrecting or dormant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Paths: source of an edge; alone, the node at which paths end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Paths: target of an edge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Web analytics: the table of the row that `breakdown_value` names; both absent for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<WebTable>,
}

/// Asks for the people behind one number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeopleQuestion {
    /// The question that the number answers.
    #[schema(value_type = Question)]
    pub question: serde_json::Value,
    /// Which number.
    pub cell: Cell,
    /// `explain.asked_at` of the answer, so that relative dates mean the same; now when absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub asked_at: Option<String>,
    /// People on one page; default 100, at most 1 000.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub limit: Option<u32>,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after: Option<String>,
}

/// One person of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonRow {
    /// The distinct_id that stands for them.
    pub person: String,
    /// How many of their events, or ways along an edge, count in the number; 1 where persons are counted.
    pub count: u64,
    /// Funnels: the events that fill the steps of their run, by uuid.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub events: Vec<String>,
}

/// A page of people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PeopleAnswer {
    /// In the order in which the store first met them.
    pub people: Vec<PersonRow>,
    /// How many there are on all pages.
    pub persons: u64,
    /// The sum of their counts.
    pub count: u64,
    /// Pass as `after` for the next page; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How the number was made.
    pub explain: Explain,
}
