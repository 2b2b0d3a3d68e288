//! Binds a trends question. Definition: docs/semantics/trends.md.

use super::Known;
use super::filter::{BoundFilter, FilterBinder, Target};
use super::span::{self, Asked, BoundSpan};
use super::steps::{self, BoundBreakdown};
use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::Micros;
use model::insight::trends::{Math, Series, TrendsQuestion};
use serde::Serialize;

/// Lines of one trend, at most: they are called A to Z in formulas.
const SERIES_MAX: usize = 26;
/// Numbers in one answer, at most: lines × values × buckets.
const NUMBERS_MAX: usize = 2_000_000;

/// A trend, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundTrends {
    /// The lines; 1 to 26.
    pub series: Vec<BoundSeries>,
    /// The range and its buckets.
    pub span: BoundSpan,
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
    let asked = Asked {
        from: question.date_from.as_deref(),
        to: question.date_to.as_deref(),
        interval,
        explicit: question.explicit_date,
    };
    let span = span::span(asked, calendar, now, known, &mut warnings)?;
    let buckets = span.labels.len();
    let breakdown = steps::breakdown(question.breakdown.as_ref())?;
    let rows = breakdown.as_ref().map_or(1, |breakdown| breakdown.limit + 2);
    if question.series.len() * rows * buckets > NUMBERS_MAX {
        let message = format!(
            "the answer may have {} series of {rows} rows with {} buckets, more than {NUMBERS_MAX} numbers; \
             choose a wider interval, a shorter range or a smaller breakdown limit",
            question.series.len(),
            buckets
        );
        return Err(QuestionError::new("interval", message));
    }
    let mut filters = FilterBinder::new(calendar, now, known);
    let filter = filters.all(&question.filters, "filters")?;
    let conditions = filters.clause();
    let series = question.series.iter().enumerate();
    let series =
        series.map(|(index, series)| bind_series(series, index, &mut filters)).collect::<Result<Vec<_>, _>>()?;
    warnings.append(&mut filters.warnings);
    let definition = definition(question, &series, &conditions, calendar);
    Ok(BoundTrends { series, span, filter, breakdown, definition, warnings })
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
    definition + &format!(", {}", span::in_words(question.interval, calendar))
}
