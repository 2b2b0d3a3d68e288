//! Binds an event name with conditions: a step, a start, a return.

use super::filter::{BoundFilter, FilterBinder, Target};
use crate::question::QuestionError;
use model::filter::Filter;
use model::insight::step::EventMatch;
use model::insight::trends::Breakdown;
use serde::Serialize;

/// Values of a breakdown before `(other)`, when the question does not say, and at most.
const VALUES_DEFAULT: u32 = 25;
pub(super) const VALUES_MAX: u32 = 1_000;

/// Events by name and conditions, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundMatch {
    /// Event name; `None` takes all events.
    pub event: Option<String>,
    /// Must hold.
    pub filter: BoundFilter,
    /// What it is called.
    pub label: String,
}

impl BoundMatch {
    /// For definitions: `pay`, `pay filtered`, `any event`.
    pub(super) fn in_words(&self) -> String {
        let name = self.event.as_deref().unwrap_or("any event");
        match &self.filter {
            BoundFilter::All(members) if members.is_empty() => name.to_owned(),
            _ => format!("{name} filtered on its own"),
        }
    }
}

pub(super) fn bind(
    asked: &EventMatch,
    path: &str,
    filters: &mut FilterBinder<'_>,
) -> Result<BoundMatch, QuestionError> {
    bind_parts((&asked.event, &asked.filters, &asked.label), path, filters)
}

pub(super) fn bind_parts(
    (event, own, label): (&Option<String>, &[Filter], &Option<String>),
    path: &str,
    filters: &mut FilterBinder<'_>,
) -> Result<BoundMatch, QuestionError> {
    let named = event.as_deref().unwrap_or("All events");
    Ok(BoundMatch {
        event: event.clone(),
        filter: filters.all(own, &format!("{path}.filters"))?,
        label: label.clone().unwrap_or_else(|| named.to_owned()),
    })
}

/// Split by a property, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundBreakdown {
    /// Split by what.
    pub target: Target,
    /// Values that are shown before `(other)`; at least 1.
    pub limit: usize,
    /// Whether `(other)` is left out.
    pub hide_other: bool,
}

pub(super) fn breakdown(asked: Option<&Breakdown>) -> Result<Option<BoundBreakdown>, QuestionError> {
    asked.map(|asked| breakdown_parts(&asked.property, asked.limit, asked.hide_other)).transpose()
}

pub(super) fn breakdown_parts(
    property: &str,
    limit: Option<u32>,
    hide_other: bool,
) -> Result<BoundBreakdown, QuestionError> {
    if property.is_empty() {
        return Err(QuestionError::new("breakdown.property", "is empty; name a property or leave the breakdown out"));
    }
    let limit = limit.unwrap_or(VALUES_DEFAULT);
    if !(1..=VALUES_MAX).contains(&limit) {
        return Err(QuestionError::new("breakdown.limit", format!("must be 1 to {VALUES_MAX}, not {limit}")));
    }
    Ok(BoundBreakdown { target: Target::of(property), limit: limit as usize, hide_other })
}
