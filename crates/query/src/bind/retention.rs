//! Binds a retention. Definition: docs/semantics/retention.md.

use super::Known;
use super::cohort::BoundCohort;
use super::dates;
use super::filter::{BoundFilter, FilterBinder, Target};
use super::span::{self, BoundSpan};
use super::steps::{self, BoundBreakdown, BoundMatch, By, CohortRow};
use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::Micros;
use model::insight::retention::{Aggregate, AggregateMath, Period, Reference, RetentionQuestion, Start};
use model::time::{Interval, SECOND};
use serde::Serialize;
use std::sync::Arc;

const INTERVALS_DEFAULT: u32 = 8;
/// A row of intervals is one 128-bit word.
const INTERVALS_MAX: u32 = 100;

/// A retention, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundRetention {
    /// What puts a person into a row.
    pub start: BoundMatch,
    /// What counts as coming back.
    pub returns: BoundMatch,
    /// Which start events.
    pub kind: Start,
    /// The intervals.
    pub span: BoundSpan,
    /// Intervals that have begun; the cells of later ones are null.
    pub begun: usize,
    /// Windows of elapsed time of this length, µs; `None`: calendar intervals.
    pub rolling: Option<Micros>,
    /// A cell counts who came back then or later.
    pub cumulative: bool,
    /// Return events that an interval needs, at least 1.
    pub minimum: u32,
    /// What return events come to, beside the persons.
    pub aggregate: Option<BoundAggregate>,
    /// What percents refer to.
    pub reference: Reference,
    /// Must hold of every event.
    pub filter: BoundFilter,
    /// Split.
    pub breakdown: Option<BoundBreakdown>,
    /// Cohorts that split in place of properties.
    pub cohorts: Vec<CohortRow>,
    /// The definition in one sentence.
    pub definition: String,
    /// What was ignored.
    pub warnings: Vec<String>,
}

/// What return events come to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundAggregate {
    /// How it is reckoned.
    pub math: AggregateMath,
    /// The number; `None` where events are counted.
    pub target: Option<Target>,
}

pub(super) fn bind(
    question: &RetentionQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundRetention, QuestionError> {
    let count = question.intervals.unwrap_or(INTERVALS_DEFAULT);
    if !(1..=INTERVALS_MAX).contains(&count) {
        return Err(QuestionError::new("intervals", format!("must be 1 to {INTERVALS_MAX}, not {count}")));
    }
    let minimum = question.minimum_occurrences.unwrap_or(1);
    if minimum == 0 {
        return Err(QuestionError::new("minimum_occurrences", "must be at least 1"));
    }
    if question.rolling && minimum > 1 {
        let message = "counts within calendar intervals; leave it out or `rolling`";
        return Err(QuestionError::new("minimum_occurrences", message));
    }
    let (interval, length_s) = match question.period {
        Period::Hour => (Interval::Hour, 3_600),
        Period::Day => (Interval::Day, 86_400),
        Period::Week => (Interval::Week, 7 * 86_400),
        Period::Month => (Interval::Month, 30 * 86_400),
    };
    // Only the end is asked for; any start before it will do.
    let to = dates::range(("all", question.date_to.as_deref()), interval, calendar, now, Some(Micros::MIN))?.to;
    let rolling = question.rolling.then_some(length_s * SECOND);
    let span = match rolling {
        Some(length) => {
            let from = to + 1 - Micros::from(count) * length;
            let edges: Vec<_> = (0..=Micros::from(count)).map(|index| from + index * length).collect();
            let mut span = span::with_edges((from, to), interval, edges, calendar, now);
            // Windows need not begin at midnight.
            span.labels =
                span.edges[..count as usize].iter().map(|start| calendar.label(*start, Interval::Hour)).collect();
            span
        }
        None => {
            let edges = calendar.last_buckets(to, interval, count as usize);
            // The last interval is whole, as the others are.
            let range = (edges[0], edges[edges.len() - 1] - 1);
            span::with_edges(range, interval, edges, calendar, now)
        }
    };
    let mut filters = FilterBinder::new(calendar, now, known);
    let filter = filters.all(&question.filters, "filters")?;
    let conditions = filters.clause();
    let start = steps::bind(&question.start_event, "start_event", &mut filters)?;
    let returns = match &question.return_event {
        Some(event) => steps::bind(event, "return_event", &mut filters)?,
        None => start.clone(),
    };
    let (breakdown, cohorts) = steps::split(question.breakdown.as_ref(), false, &mut filters)?;
    let definition = definition(question, (&start, &returns), &conditions, &span::in_words(interval, calendar));
    Ok(BoundRetention {
        begun: span.edges[..count as usize].partition_point(|start| *start <= now),
        start,
        returns,
        kind: question.start,
        span,
        rolling,
        cumulative: question.cumulative,
        minimum,
        aggregate: question.aggregate.as_ref().map(aggregate).transpose()?,
        reference: question.reference,
        filter,
        breakdown,
        cohorts,
        definition,
        warnings: filters.warnings,
    })
}

fn aggregate(asked: &Aggregate) -> Result<BoundAggregate, QuestionError> {
    let path = "aggregate.property";
    let target = match (asked.math, asked.property.as_deref()) {
        (AggregateMath::Count, None) => None,
        (AggregateMath::Count, Some(_)) => {
            return Err(QuestionError::new(path, "is only of `sum` and `avg`; leave it out"));
        }
        (_, None | Some("")) => return Err(QuestionError::new(path, "`sum` and `avg` need a numeric property")),
        (_, Some(key)) => Some(Target::of(key)),
    };
    Ok(BoundAggregate { math: asked.math, target })
}

impl BoundRetention {
    /// The same of persons in one of its cohorts only.
    pub(crate) fn of_cohort(&self, cohort: &Arc<BoundCohort>) -> BoundRetention {
        BoundRetention { filter: self.filter.of_cohort(cohort), cohorts: Vec::new(), ..self.clone() }
    }
}

fn definition(
    question: &RetentionQuestion,
    (start, returns): (&BoundMatch, &BoundMatch),
    conditions: &str,
    intervals: &str,
) -> String {
    let first = match question.start {
        Start::Recurring => "",
        Start::FirstTime => " for the first time",
        Start::FirstEver => " as their first ever",
    };
    let times = match question.minimum_occurrences {
        None | Some(1) => String::new(),
        Some(times) => format!(" at least {times} times"),
    };
    let when = match (question.rolling, question.cumulative) {
        (false, false) => format!("in later {intervals}"),
        (false, true) => format!("in later {intervals} or after them"),
        (true, false) => "in later windows of elapsed time".to_owned(),
        (true, true) => "in later windows of elapsed time or after them".to_owned(),
    };
    let mut text = format!("people who did {}{first} and did {}{times} {when}", start.in_words(), returns.in_words());
    if let Some(Aggregate { math, property }) = &question.aggregate {
        let property = property.as_deref().unwrap_or("");
        text += &match math {
            AggregateMath::Count => ", and the number of these events".to_owned(),
            AggregateMath::Sum => format!(", and the sum of {property} of these events"),
            AggregateMath::Avg => format!(", and the mean of {property} of these events"),
        };
    }
    text += conditions;
    if let Some(breakdown) = &question.breakdown {
        text += &format!(", split by {}", By::of(breakdown).in_words());
    }
    text
}
