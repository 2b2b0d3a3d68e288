//! Binds a trends question. Definition: docs/semantics/trends.md.

pub(super) mod compare;
pub mod formula;

use super::Known;
use super::action::BoundAction;
use super::cohort::BoundCohort;
use super::filter::{BoundFilter, FilterBinder, Target};
use super::span::{self, Asked, BoundSpan};
use super::steps::{self, BoundBreakdown, BoundMatch, By, CohortRow};
use crate::calendar::Calendar;
use crate::question::QuestionError;
use compare::Compared;
use formula::BoundFormula;
use jiff::ToSpan;
use model::Micros;
use model::insight::trends::{Math, Series, TrendsQuestion};
use model::time::{DAY, Interval};
use serde::Serialize;
use std::sync::Arc;

/// Lines of one trend, at most: they are called A to Z in formulas.
const SERIES_MAX: usize = 26;
/// Numbers in one answer, at most: lines × values × buckets.
const NUMBERS_MAX: usize = 2_000_000;
/// Buckets of a trailing mean, at most.
const SMOOTHING_MAX: u32 = 1_000;

/// The property that stands for the whole duration of an event's session, seconds.
const SESSION_DURATION: &str = "$session_duration";

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
    /// Cohorts that split in place of properties.
    pub cohorts: Vec<CohortRow>,
    /// One line out of the series.
    pub formula: Option<BoundFormula>,
    /// As it was written.
    pub formula_text: String,
    /// Running sums.
    pub cumulative: bool,
    /// Trailing mean over so many buckets; 1: none.
    pub smoothing: usize,
    /// The same question of the period that it is compared to.
    pub previous: Option<Box<BoundTrends>>,
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
    /// The action that stands in place of the name.
    pub action: Option<BoundAction>,
    /// How its events become a number.
    pub math: Math,
    /// What the math is over; present exactly when the math needs it.
    pub property: Option<Target>,
    /// Of weekly and monthly active persons: per bucket the first and last instant that count, µs UTC.
    pub windows: Vec<(Micros, Micros)>,
    /// Must hold; the action's own filter is part of it.
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
    let mut warnings = Vec::new();
    let asked = Asked {
        from: question.date_from.as_deref(),
        to: question.date_to.as_deref(),
        interval: question.interval,
        explicit: question.explicit_date,
    };
    let span = span::span(asked, calendar, now, known, &mut warnings)?;
    let compared = Compared { compare: question.compare.as_ref(), from: asked.from, to: asked.to };
    let previous = compare::previous(&compared, &span, calendar, now)?;
    let periods = 1 + usize::from(previous.is_some());
    let smoothing = smoothing(question)?;
    let formula = question.formula.as_deref().map(|text| formula::parse(text, question.series.len())).transpose()?;
    let mut filters = FilterBinder::new(calendar, now, known);
    let filter = filters.all(&question.filters, "filters")?;
    let (breakdown, cohorts) = steps::split(question.breakdown.as_ref(), true, &mut filters)?;
    let rows = breakdown.as_ref().map_or(cohorts.len().max(1), |breakdown| breakdown.limit + 2);
    check_size(question.series.len() * periods, rows, span.labels.len())?;
    let conditions = filters.clause();
    let series = question.series.iter().enumerate();
    let series = series
        .map(|(index, series)| bind_series(series, index, question.cumulative, &mut filters))
        .collect::<Result<Vec<_>, _>>()?;
    warnings.append(&mut filters.warnings);
    let definition = definition(question, &series, &conditions, calendar);
    let cumulative = question.cumulative;
    let formula_text = question.formula.clone().unwrap_or_default();
    let mut bound = BoundTrends {
        series,
        span,
        filter,
        breakdown,
        cohorts,
        formula,
        formula_text,
        cumulative,
        smoothing,
        previous: None,
        definition,
        warnings,
    };
    bound.set_windows(calendar);
    if let Some(span) = previous {
        let mut previous = BoundTrends { span, ..bound.clone() };
        previous.set_windows(calendar);
        bound.previous = Some(Box::new(previous));
    }
    Ok(bound)
}

fn check_size(lines: usize, rows: usize, buckets: usize) -> Result<(), QuestionError> {
    if lines * rows * buckets <= NUMBERS_MAX {
        return Ok(());
    }
    let message = format!(
        "the answer may have {lines} series of {rows} rows with {buckets} buckets, more than {NUMBERS_MAX} numbers; \
         choose a wider interval, a shorter range or a smaller breakdown limit"
    );
    Err(QuestionError::new("interval", message))
}

fn smoothing(question: &TrendsQuestion) -> Result<usize, QuestionError> {
    let buckets = question.smoothing.unwrap_or(1);
    if !(1..=SMOOTHING_MAX).contains(&buckets) {
        return Err(QuestionError::new("smoothing", format!("must be 1 to {SMOOTHING_MAX} buckets, not {buckets}")));
    }
    if buckets > 1 && question.cumulative {
        return Err(QuestionError::new("smoothing", "does not go with cumulative; choose one"));
    }
    Ok(buckets as usize)
}

impl BoundSeries {
    /// Its events; an action's own filter is part of theirs.
    pub(crate) fn matching(&self) -> BoundMatch {
        BoundMatch { event: self.event.clone(), action: None, filter: self.filter.clone(), label: String::new() }
    }

    /// Whether its numbers are the durations of sessions, not values of events.
    pub(crate) fn of_sessions(&self) -> bool {
        matches!(&self.property, Some(Target::Property(key)) if key == SESSION_DURATION)
    }
}

impl BoundTrends {
    /// The same of persons in one of its cohorts only.
    pub(crate) fn of_cohort(&self, cohort: &Arc<BoundCohort>) -> BoundTrends {
        let previous = self.previous.as_ref().map(|previous| Box::new(previous.of_cohort(cohort)));
        BoundTrends { filter: self.filter.of_cohort(cohort), cohorts: Vec::new(), previous, ..self.clone() }
    }

    /// Sets the windows of weekly and monthly active persons, for the buckets of this span.
    fn set_windows(&mut self, calendar: &Calendar) {
        for series in &mut self.series {
            let days = match (series.math, self.span.interval) {
                (Math::WeeklyActive, Interval::Week) | (Math::MonthlyActive, Interval::Month) => None,
                (Math::WeeklyActive, _) => Some(7),
                (Math::MonthlyActive, _) => Some(30),
                _ => continue,
            };
            let edges = &self.span.edges;
            let window = |bucket: usize| {
                let whole = (edges[bucket].max(self.span.from), (edges[bucket + 1] - 1).min(self.span.to));
                let Some(days) = days else { return whole };
                match self.span.interval {
                    Interval::Minute | Interval::Hour => (edges[bucket + 1] - days * DAY, whole.1),
                    Interval::Day | Interval::Week | Interval::Month => {
                        let last = calendar.local(whole.1).date();
                        (calendar.day_start(last.saturating_sub((days - 1).days())), whole.1)
                    }
                }
            };
            series.windows = (0..edges.len() - 1).map(window).collect();
        }
    }
}

fn bind_series(
    series: &Series,
    index: usize,
    cumulative: bool,
    filters: &mut FilterBinder<'_>,
) -> Result<BoundSeries, QuestionError> {
    let path = format!("series[{index}]");
    let running = [Math::Total, Math::Sum, Math::Dau, Math::UniqueSession, Math::UniqueGroup];
    if cumulative && !running.contains(&series.math) {
        let message = format!("the math `{}` has no running sum; leave out cumulative", word(series.math));
        return Err(QuestionError::new(format!("{path}.math"), message).allowing(running.map(word)));
    }
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
        (false, None) => group(series, &path)?,
    };
    let action = filters.action(series.action.as_ref(), series.event.as_deref(), &path)?;
    let filter = steps::with_action(action.as_ref(), filters.all(&series.filters, &format!("{path}.filters"))?);
    let named = match &action {
        Some(action) => Some(action.name.as_str()),
        None => series.event.as_deref(),
    };
    let label = series.label.clone().unwrap_or_else(|| label(series, named));
    Ok(BoundSeries {
        event: series.event.clone(),
        action,
        math: series.math,
        property,
        windows: Vec::new(),
        filter,
        label,
    })
}

/// The property with the key of the group that is counted.
fn group(series: &Series, path: &str) -> Result<Option<Target>, QuestionError> {
    match (series.math, series.group) {
        (Math::UniqueGroup, Some(group @ 0..=4)) => Ok(Some(Target::Property(format!("$group_{group}")))),
        (Math::UniqueGroup, _) => {
            Err(QuestionError::new(format!("{path}.group"), "the math `unique_group` needs a group type, 0 to 4"))
        }
        (math, Some(_)) => {
            let message = format!("the math `{}` takes no group; leave it out", word(math));
            Err(QuestionError::new(format!("{path}.group"), message))
        }
        (_, None) => Ok(None),
    }
}

/// `IMPRESSION`, `IMPRESSION · unique persons`, `pay · sum of amount`.
fn label(series: &Series, named: Option<&str>) -> String {
    let event = named.unwrap_or("All events");
    match (series.math, &series.property) {
        (Math::Total, _) => event.to_owned(),
        (Math::Dau, _) => format!("{event} · unique persons"),
        (Math::UniqueSession, _) => format!("{event} · unique sessions"),
        (math, Some(property)) => format!("{event} · {} of {property}", word(math)),
        (math, None) => format!("{event} · {}", in_words(math)),
    }
}

/// A math without property, as people say it.
fn in_words(math: Math) -> String {
    match math {
        Math::WeeklyActive => "weekly active persons".to_owned(),
        Math::MonthlyActive => "monthly active persons".to_owned(),
        Math::UniqueGroup => "unique groups".to_owned(),
        Math::FirstTimeForUser => "persons for the first time".to_owned(),
        Math::FirstMatchingEventForUser => "persons with their first matching event".to_owned(),
        math => word(math).replace("_count_per_actor", " events per person"),
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
        Math::WeeklyActive => "weekly_active",
        Math::MonthlyActive => "monthly_active",
        Math::UniqueGroup => "unique_group",
        Math::FirstTimeForUser => "first_time_for_user",
        Math::FirstMatchingEventForUser => "first_matching_event_for_user",
        Math::AvgCountPerActor => "avg_count_per_actor",
        Math::MinCountPerActor => "min_count_per_actor",
        Math::MaxCountPerActor => "max_count_per_actor",
        Math::MedianCountPerActor => "median_count_per_actor",
        Math::P75CountPerActor => "p75_count_per_actor",
        Math::P90CountPerActor => "p90_count_per_actor",
        Math::P95CountPerActor => "p95_count_per_actor",
        Math::P99CountPerActor => "p99_count_per_actor",
    }
}

/// `unique people with IMPRESSION, Asia/Kolkata days`.
fn definition(question: &TrendsQuestion, series: &[BoundSeries], conditions: &str, calendar: &Calendar) -> String {
    let lines = question.series.iter().zip(series).map(|(asked, bound)| {
        let event = match &bound.action {
            Some(action) => &action.name,
            None => asked.event.as_deref().unwrap_or("any event"),
        };
        let own = match asked.filters.len() {
            0 => "",
            _ => " filtered on its own",
        };
        match (bound.math, &asked.property) {
            (Math::Total, _) => format!("number of events: {event}{own}"),
            (Math::Dau, _) => format!("unique people with {event}{own}"),
            (Math::UniqueSession, _) => format!("unique sessions with {event}{own}"),
            (math, Some(property)) => format!("{} of {property} over {event}{own}", word(math)),
            (math, None) => format!("{} of {event}{own}", in_words(math)),
        }
    });
    let mut definition = lines.collect::<Vec<_>>().join("; ");
    if let Some(formula) = &question.formula {
        definition = format!("{formula} where {definition}");
    }
    definition += conditions;
    if let Some(breakdown) = &question.breakdown {
        definition += &format!(", split by {}", By::of(breakdown).in_words());
    }
    if question.cumulative {
        definition += ", running sum";
    }
    if let Some(buckets) = question.smoothing.filter(|buckets| *buckets > 1) {
        definition += &format!(", mean of the last {buckets}");
    }
    definition + &format!(", {}", span::in_words(question.interval, calendar))
}
