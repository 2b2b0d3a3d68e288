//! Correlation: what those who converted in a funnel did or are, and those who dropped out not. Definition:
//! docs/semantics/correlation.md.

use super::Explain;
use super::funnel::FunnelQuestion;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What may go along with converting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorrelationBy {
    /// Other events on the way.
    #[default]
    Events,
    /// Values of properties of one event on the way.
    EventProperties,
    /// Values of the person's properties.
    PersonProperties,
}

/// What goes along with getting through a funnel, and with dropping out of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CorrelationQuestion {
    /// The funnel, in its view `steps` and without breakdown.
    pub funnel: FunnelQuestion,
    /// What is looked at.
    pub by: CorrelationBy,
    /// Of `event_properties`: the event; none of the steps' own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Of both kinds of properties: the flattened keys, 1 to 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<String>,
    /// Event names, or values, that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// Factors of fewer persons are left out; when absent 25, or 2 % of all persons if that is less.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persons_min: Option<u64>,
    /// Factors of either list, at most; 10 when absent, at most 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// One factor: an event, or a value of a property.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Factor {
    /// The key of the property; absent where the factor is an event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// The name of the event, or the value.
    pub value: String,
    /// Persons with it who converted.
    pub converted: u64,
    /// Persons with it who dropped out.
    pub dropped: u64,
    /// How many times the odds of converting are those of persons without it; above 1 in `success`, below in `failure`.
    pub odds_ratio: f64,
    /// Lower end of its 95 % confidence interval.
    pub odds_ratio_low: f64,
    /// Upper end of it. Where the interval holds 1, chance alone may be the reason.
    pub odds_ratio_high: f64,
}

/// The answer of a correlation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CorrelationAnswer {
    /// Persons who did the last step.
    pub converted: u64,
    /// Persons who did the first step and not the last.
    pub dropped: u64,
    /// One of the two is empty, or less than a tenth of the other: too few to say much.
    pub skewed: bool,
    /// What goes along with converting, greatest odds ratio first.
    pub success: Vec<Factor>,
    /// What goes along with dropping out, least odds ratio first.
    pub failure: Vec<Factor>,
    /// How it was made.
    pub explain: Explain,
}
