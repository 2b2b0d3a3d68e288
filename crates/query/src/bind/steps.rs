//! Binds an event name with conditions: a step, a start, a return.

use super::action::BoundAction;
use super::cohort::BoundCohort;
use super::filter::{BoundFilter, FilterBinder, Target};
use crate::question::QuestionError;
use model::action::ActionRef;
use model::cohort::CohortId;
use model::filter::{Filter, Scope};
use model::insight::step::EventMatch;
use model::insight::trends::{Breakdown, BreakdownBy};
use serde::Serialize;
use std::sync::Arc;

/// Values of a breakdown before `(other)`, when the question does not say, and at most.
const VALUES_DEFAULT: u32 = 25;
const VALUES_MAX: u32 = 1_000;
/// Properties that split together, at most.
const PROPERTIES_MAX: usize = 3;
/// Bins of one property, at most.
const BINS_MAX: u32 = 100;

/// Events by name and conditions, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundMatch {
    /// Event name; `None` takes all events.
    pub event: Option<String>,
    /// The action that stands in place of the name.
    pub action: Option<BoundAction>,
    /// Must hold; the action's own filter is part of it.
    pub filter: BoundFilter,
    /// What it is called.
    pub label: String,
}

impl BoundMatch {
    /// For definitions: `pay`, `pay filtered`, `any event`.
    pub(super) fn in_words(&self) -> String {
        let name = match &self.action {
            Some(action) => &action.name,
            None => self.event.as_deref().unwrap_or("any event"),
        };
        match &self.filter {
            BoundFilter::All(members) if members.len() <= usize::from(self.action.is_some()) => name.to_owned(),
            _ => format!("{name} filtered on its own"),
        }
    }
}

pub(super) fn bind(
    asked: &EventMatch,
    path: &str,
    filters: &mut FilterBinder<'_>,
) -> Result<BoundMatch, QuestionError> {
    bind_parts((&asked.event, &asked.action, &asked.filters, &asked.label), path, filters)
}

pub(super) fn bind_parts(
    (event, action, own, label): (&Option<String>, &Option<ActionRef>, &[Filter], &Option<String>),
    path: &str,
    filters: &mut FilterBinder<'_>,
) -> Result<BoundMatch, QuestionError> {
    let action = filters.action(action.as_ref(), event.as_deref(), path)?;
    let named = match &action {
        Some(action) => &action.name,
        None => event.as_deref().unwrap_or("All events"),
    };
    let label = label.clone().unwrap_or_else(|| named.to_owned());
    let filter = with_action(action.as_ref(), filters.all(own, &format!("{path}.filters"))?);
    Ok(BoundMatch { event: event.clone(), action, filter, label })
}

/// The filter of an action and its own filters in one.
pub(super) fn with_action(action: Option<&BoundAction>, own: BoundFilter) -> BoundFilter {
    match (action, own) {
        (None, own) => own,
        (Some(action), BoundFilter::All(mut own)) => {
            own.insert(0, action.filter.clone());
            BoundFilter::All(own)
        }
        (Some(action), own) => BoundFilter::All(vec![action.filter.clone(), own]),
    }
}

/// One to three properties that split together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct BoundSplit {
    /// In the order of the question.
    pub parts: Vec<BoundPart>,
}

/// One property of a split.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundPart {
    /// Which.
    pub target: Target,
    /// Bins of its numbers; `None`: each value is its own.
    pub bins: Option<u32>,
}

/// Split by properties, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundBreakdown {
    /// Split by what.
    pub split: BoundSplit,
    /// Values that are shown before `(other)`; at least 1.
    pub limit: usize,
    /// Whether `(other)` is left out.
    pub hide_other: bool,
}

impl BoundBreakdown {
    /// Whether events of one person may have different values.
    pub(super) fn is_of_events(&self) -> bool {
        !self.split.parts.iter().all(|part| matches!(part.target, Target::Person(_)))
    }
}

/// The breakdown of a question: by properties, or by cohorts. `bins`: whether it may have bins.
pub(super) fn split(
    asked: Option<&Breakdown>,
    bins: bool,
    filters: &mut FilterBinder<'_>,
) -> Result<(Option<BoundBreakdown>, Vec<CohortRow>), QuestionError> {
    let Some(asked) = asked else { return Ok((None, Vec::new())) };
    let by = By::of(asked);
    let cohorts = by.cohort_rows(filters)?;
    if !cohorts.is_empty() {
        return Ok((None, cohorts));
    }
    Ok((Some(by.bind((asked.limit, asked.hide_other), bins)?), cohorts))
}

/// The properties of a breakdown as they are asked.
pub(super) struct By<'a> {
    pub(super) property: &'a str,
    pub(super) scope: Scope,
    pub(super) bins: Option<u32>,
    pub(super) and: &'a [BreakdownBy],
    pub(super) cohorts: &'a [CohortId],
}

/// A cohort of a breakdown, with what it is called.
pub type CohortRow = (String, Arc<BoundCohort>);

impl<'a> By<'a> {
    pub(super) fn of(asked: &'a Breakdown) -> By<'a> {
        By { property: &asked.property, scope: asked.scope, bins: asked.bins, and: &asked.and, cohorts: &asked.cohorts }
    }

    fn all(&self) -> impl Iterator<Item = (String, Scope, &str, Option<u32>)> {
        let first = ("breakdown".to_owned(), self.scope, self.property, self.bins);
        let more = self.and.iter().enumerate();
        let more = more.map(|(index, by)| (format!("breakdown.and[{index}]"), by.scope, &*by.property, by.bins));
        std::iter::once(first).chain(more)
    }

    /// The cohorts that split in place of properties; none: properties do.
    pub(super) fn cohort_rows(&self, filters: &mut FilterBinder<'_>) -> Result<Vec<CohortRow>, QuestionError> {
        if self.cohorts.is_empty() {
            return Ok(Vec::new());
        }
        if !self.property.is_empty() || !self.and.is_empty() || self.bins.is_some() {
            return Err(QuestionError::new("breakdown.cohorts", "stand in place of properties; leave those out"));
        }
        let rows = filters.cohorts(self.cohorts, "breakdown.cohorts")?;
        match (1..rows.len()).find(|at| rows[..*at].iter().any(|(name, _)| *name == rows[*at].0)) {
            None => Ok(rows),
            Some(at) => {
                let message = format!("two rows would be called {}; name a cohort once", rows[at].0);
                Err(QuestionError::new(format!("breakdown.cohorts[{at}]"), message))
            }
        }
    }

    /// For definitions: `page`, `the person's plan and page`, `3 cohorts`.
    pub(super) fn in_words(&self) -> String {
        if !self.cohorts.is_empty() {
            return format!("{} cohort{}", self.cohorts.len(), if self.cohorts.len() == 1 { "" } else { "s" });
        }
        let word = |(_, scope, property, _): (String, Scope, &str, Option<u32>)| match scope {
            Scope::Event => property.to_owned(),
            Scope::Person => format!("the person's {property}"),
        };
        self.all().map(word).collect::<Vec<_>>().join(" and ")
    }

    /// `bins`: whether they are offered.
    pub(super) fn bind(
        &self,
        (limit, hide_other): (Option<u32>, bool),
        bins: bool,
    ) -> Result<BoundBreakdown, QuestionError> {
        let limit = limit.unwrap_or(VALUES_DEFAULT);
        if !(1..=VALUES_MAX).contains(&limit) {
            return Err(QuestionError::new("breakdown.limit", format!("must be 1 to {VALUES_MAX}, not {limit}")));
        }
        if self.and.len() >= PROPERTIES_MAX {
            let message = format!("a breakdown has at most {PROPERTIES_MAX} properties");
            return Err(QuestionError::new("breakdown.and", message));
        }
        let mut parts = Vec::with_capacity(1 + self.and.len());
        for (path, scope, property, asked) in self.all() {
            if property.is_empty() {
                let message = "is empty; name a property or leave the breakdown out";
                return Err(QuestionError::new(format!("{path}.property"), message));
            }
            match asked {
                Some(_) if !bins => {
                    return Err(QuestionError::new(format!("{path}.bins"), "only trends have bins; leave it out"));
                }
                Some(asked) if !(1..=BINS_MAX).contains(&asked) => {
                    let message = format!("must be 1 to {BINS_MAX} bins, not {asked}");
                    return Err(QuestionError::new(format!("{path}.bins"), message));
                }
                _ => parts.push(BoundPart { target: Target::within(scope, property), bins: asked }),
            }
        }
        // Bins are few, and each has its row.
        let limit = if parts.len() == 1 { parts[0].bins.unwrap_or(0).max(limit) } else { limit };
        Ok(BoundBreakdown { split: BoundSplit { parts }, limit: limit as usize, hide_other })
    }
}
