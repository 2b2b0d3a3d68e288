//! Binds an event name with conditions: a step, a start, a return.

use super::filter::{BoundFilter, FilterBinder, Target};
use crate::question::QuestionError;
use model::filter::{Filter, Scope};
use model::insight::step::EventMatch;
use model::insight::trends::{Breakdown, BreakdownBy};
use serde::Serialize;

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

/// The properties of a breakdown as they are asked.
pub(super) struct By<'a> {
    pub(super) property: &'a str,
    pub(super) scope: Scope,
    pub(super) bins: Option<u32>,
    pub(super) and: &'a [BreakdownBy],
}

impl<'a> By<'a> {
    pub(super) fn of(asked: &'a Breakdown) -> By<'a> {
        By { property: &asked.property, scope: asked.scope, bins: asked.bins, and: &asked.and }
    }

    fn all(&self) -> impl Iterator<Item = (String, Scope, &str, Option<u32>)> {
        let first = ("breakdown".to_owned(), self.scope, self.property, self.bins);
        let more = self.and.iter().enumerate();
        let more = more.map(|(index, by)| (format!("breakdown.and[{index}]"), by.scope, &*by.property, by.bins));
        std::iter::once(first).chain(more)
    }

    /// For definitions: `page`, `the person's plan and page`.
    pub(super) fn in_words(&self) -> String {
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
