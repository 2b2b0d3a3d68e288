//! Binds a trends question. Definition: docs/semantics/trends.md.

use super::Known;
use super::dates::{self, Range};
use super::filter::{BoundFilter, FilterBinder, Target};
use crate::calendar::{self, Calendar};
use crate::question::QuestionError;
use model::Micros;
use model::insight::trends::{Math, Series, TrendsQuestion};
use model::time::Interval;
use serde::Serialize;

/// Lines of one trend, at most: they are called A to Z in formulas.
const SERIES_MAX: usize = 26;
/// Buckets of one trend, at most; a week of minutes has 10 080 and is one too many, a day of them 1 440.
const BUCKETS_MAX: usize = 10_000;
/// Values of a breakdown before `(other)`, when the question does not say, and at most.
const VALUES_DEFAULT: u32 = 25;
const VALUES_MAX: u32 = 1_000;
/// Numbers in one answer, at most: lines × values × buckets.
const NUMBERS_MAX: usize = 2_000_000;

/// A trend, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundTrends {
    /// The lines; 1 to 26.
    pub series: Vec<BoundSeries>,
    /// Bucket width, for the reader of the answer.
    pub interval: Interval,
    /// Time zone of the labels, IANA.
    pub time_zone: String,
    /// Start, inclusive; µs UTC. May lie inside the first bucket.
    pub from: Micros,
    /// End, inclusive; µs UTC. May lie inside the last bucket.
    pub to: Micros,
    /// Bucket edges, µs UTC, strictly growing; one more than there are buckets. Bucket i is `[edges[i], edges[i+1])`.
    pub edges: Vec<Micros>,
    /// One per bucket: its local start.
    pub labels: Vec<String>,
    /// The bucket that held `now` when the question was bound.
    pub incomplete: Option<usize>,
    /// Must hold for every line.
    pub filter: BoundFilter,
    /// Split of every line.
    pub breakdown: Option<BoundBreakdown>,
    /// The definition in one sentence.
    pub definition: String,
    /// What was ignored, and whether the first bucket is partial.
    pub warnings: Vec<String>,
}

/// One line, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundSeries {
    /// Event name; `None` counts all events.
    pub event: Option<String>,
    /// How its events become a number.
    pub math: Math,
    /// What the math is over; present exactly when the math needs it.
    pub property: Option<Target>,
    /// Must hold.
    pub filter: BoundFilter,
    /// What the line is called.
    pub label: String,
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

pub(super) fn bind(
    question: &TrendsQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundTrends, QuestionError> {
    if question.series.is_empty() || question.series.len() > SERIES_MAX {
        let given = question.series.len();
        return Err(QuestionError::new("series", format!("a trend has 1 to {SERIES_MAX} series, this one {given}")));
    }
    let interval = question.interval;
    let mut warnings = Vec::new();
    let range = range(question, calendar, now, known)?;
    let edges = calendar.edges(range.from, range.to, interval, BUCKETS_MAX).ok_or_else(|| {
        let message = format!("more than {BUCKETS_MAX} buckets; choose a wider interval or a shorter range");
        QuestionError::new("interval", message)
    })?;
    if range.from > edges[0] {
        warnings.push(format!("the first bucket is partial: it counts from {}", calendar::rfc3339(range.from)));
    }
    let starts = &edges[..edges.len() - 1];
    let breakdown = breakdown(question)?;
    let rows = breakdown.as_ref().map_or(1, |breakdown| breakdown.limit + 2);
    if question.series.len() * rows * starts.len() > NUMBERS_MAX {
        let message = format!(
            "the answer may have {} series of {rows} rows with {} buckets, more than {NUMBERS_MAX} numbers; \
             choose a wider interval, a shorter range or a smaller breakdown limit",
            question.series.len(),
            starts.len()
        );
        return Err(QuestionError::new("interval", message));
    }
    let labels = starts.iter().map(|start| calendar.label(*start, interval)).collect();
    let incomplete = starts.iter().zip(&edges[1..]).position(|(start, end)| (*start..*end).contains(&now));
    let mut filters = FilterBinder::new(calendar, now, known);
    let filter = filters.all(&question.filters, "filters")?;
    let conditions = filters.clause();
    let series = question.series.iter().enumerate();
    let series =
        series.map(|(index, series)| bind_series(series, index, &mut filters)).collect::<Result<Vec<_>, _>>()?;
    warnings.append(&mut filters.warnings);
    let definition = definition(question, &series, &conditions, calendar);
    Ok(BoundTrends {
        series,
        interval,
        time_zone: calendar.name.clone(),
        from: range.from,
        to: range.to,
        edges,
        labels,
        incomplete,
        filter,
        breakdown,
        definition,
        warnings,
    })
}

/// The range; with week and month buckets its start is widened to the bucket's, unless the question forbids it.
fn range(question: &TrendsQuestion, calendar: &Calendar, now: Micros, known: &Known) -> Result<Range, QuestionError> {
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let mut range = dates::range(dates, question.interval, calendar, now, known.earliest)?;
    if matches!(question.interval, Interval::Week | Interval::Month) && !question.explicit_date {
        range.from = calendar.truncate(range.from, question.interval);
    }
    Ok(range)
}

fn breakdown(question: &TrendsQuestion) -> Result<Option<BoundBreakdown>, QuestionError> {
    let Some(breakdown) = &question.breakdown else { return Ok(None) };
    if breakdown.property.is_empty() {
        return Err(QuestionError::new("breakdown.property", "is empty; name a property or leave the breakdown out"));
    }
    let limit = breakdown.limit.unwrap_or(VALUES_DEFAULT);
    if !(1..=VALUES_MAX).contains(&limit) {
        return Err(QuestionError::new("breakdown.limit", format!("must be 1 to {VALUES_MAX}, not {limit}")));
    }
    let target = Target::of(&breakdown.property);
    Ok(Some(BoundBreakdown { target, limit: limit as usize, hide_other: breakdown.hide_other }))
}

fn bind_series(series: &Series, index: usize, filters: &mut FilterBinder<'_>) -> Result<BoundSeries, QuestionError> {
    let path = format!("series[{index}]");
    let named = series.property.as_deref().filter(|name| !name.is_empty());
    let property = match (series.math.needs_property(), named) {
        (true, Some(name)) => Some(Target::of(name)),
        (true, None) => {
            let message = format!("the math `{}` needs a numeric property", word(series.math));
            return Err(QuestionError::new(format!("{path}.property"), message));
        }
        (false, Some(_)) => {
            let message = format!("the math `{}` takes no property; leave it out", word(series.math));
            return Err(QuestionError::new(format!("{path}.property"), message));
        }
        (false, None) => None,
    };
    let filter = filters.all(&series.filters, &format!("{path}.filters"))?;
    Ok(BoundSeries {
        event: series.event.clone(),
        math: series.math,
        property,
        filter,
        label: series.label.clone().unwrap_or_else(|| label(series)),
    })
}

/// `IMPRESSION`, `IMPRESSION · unique persons`, `pay · sum of amount`.
fn label(series: &Series) -> String {
    let event = series.event.as_deref().unwrap_or("All events");
    match (series.math, &series.property) {
        (Math::Total, _) => event.to_owned(),
        (Math::Dau, _) => format!("{event} · unique persons"),
        (Math::UniqueSession, _) => format!("{event} · unique sessions"),
        (math, property) => format!("{event} · {} of {}", word(math), property.as_deref().unwrap_or_default()),
    }
}

/// The math as the question writes it.
fn word(math: Math) -> &'static str {
    match math {
        Math::Total => "total",
        Math::Dau => "dau",
        Math::UniqueSession => "unique_session",
        Math::Sum => "sum",
        Math::Avg => "avg",
        Math::Min => "min",
        Math::Max => "max",
        Math::Median => "median",
        Math::P75 => "p75",
        Math::P90 => "p90",
        Math::P95 => "p95",
        Math::P99 => "p99",
    }
}

/// `unique people with IMPRESSION, Asia/Kolkata days`.
fn definition(question: &TrendsQuestion, series: &[BoundSeries], conditions: &str, calendar: &Calendar) -> String {
    let lines = question.series.iter().zip(series).map(|(asked, bound)| {
        let event = asked.event.as_deref().unwrap_or("any event");
        let own = match asked.filters.len() {
            0 => "",
            _ => " filtered on its own",
        };
        match (bound.math, &asked.property) {
            (Math::Total, _) => format!("number of events: {event}{own}"),
            (Math::Dau, _) => format!("unique people with {event}{own}"),
            (Math::UniqueSession, _) => format!("unique sessions with {event}{own}"),
            (math, property) => {
                format!("{} of {} over {event}{own}", word(math), property.as_deref().unwrap_or_default())
            }
        }
    });
    let mut definition = lines.collect::<Vec<_>>().join("; ");
    definition += conditions;
    if let Some(breakdown) = &question.breakdown {
        definition += &format!(", split by {}", breakdown.property);
    }
    let buckets = match question.interval {
        Interval::Minute => "minutes",
        Interval::Hour => "hours",
        Interval::Day => "days",
        Interval::Week => "weeks",
        Interval::Month => "months",
    };
    definition + &format!(", {} {buckets}", calendar.name)
}
