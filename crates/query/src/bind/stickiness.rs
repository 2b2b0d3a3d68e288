//! Binds a stickiness. Definition: docs/semantics/stickiness.md.

use super::Known;
use super::filter::{BoundFilter, FilterBinder};
use super::span::{self, Asked, BoundSpan};
use super::steps::{self, BoundMatch};
use super::trends::compare::{self, Compared};
use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::Micros;
use model::insight::stickiness::{CountIs, StickinessQuestion};
use serde::Serialize;

const SERIES_MAX: usize = 26;

/// A stickiness, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundStickiness {
    /// The lines; 1 to 26.
    pub series: Vec<BoundMatch>,
    /// The range and its buckets.
    pub span: BoundSpan,
    /// That of the period that it is compared to.
    pub previous: Option<BoundSpan>,
    /// How many events make a bucket active, least and most.
    pub active: (u32, u32),
    /// Column k counts persons with k active buckets or more.
    pub cumulative: bool,
    /// Must hold for every line.
    pub filter: BoundFilter,
    /// The definition in one sentence.
    pub definition: String,
    /// What was ignored, and whether the first bucket is partial.
    pub warnings: Vec<String>,
}

pub(super) fn bind(
    question: &StickinessQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundStickiness, QuestionError> {
    let count = question.series.len();
    if !(1..=SERIES_MAX).contains(&count) {
        return Err(QuestionError::new(
            "series",
            format!("a stickiness has 1 to {SERIES_MAX} series, this one {count}"),
        ));
    }
    let active = match question.criterion {
        None => (1, u32::MAX),
        Some(criterion) if criterion.value == 0 => {
            return Err(QuestionError::new("criterion.value", "must be at least 1"));
        }
        Some(criterion) => match criterion.operator {
            CountIs::Gte => (criterion.value, u32::MAX),
            CountIs::Lte => (1, criterion.value),
            CountIs::Exact => (criterion.value, criterion.value),
        },
    };
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
    let mut filters = FilterBinder::new(calendar, now, known);
    let filter = filters.all(&question.filters, "filters")?;
    let conditions = filters.clause();
    let series = question.series.iter().enumerate();
    let series = series
        .map(|(index, series)| steps::bind(series, &format!("series[{index}]"), &mut filters))
        .collect::<Result<Vec<_>, _>>()?;
    let names = series.iter().map(BoundMatch::in_words).collect::<Vec<_>>().join("; ");
    let buckets = span::in_words(question.interval, calendar);
    let times = match active {
        (1, u32::MAX) => String::new(),
        (least, u32::MAX) => format!(" at least {least} times each"),
        (least, most) if least == most => format!(" exactly {least} times each"),
        (_, most) => format!(" 1 to {most} times each"),
    };
    let how = if question.cumulative { "k or more" } else { "exactly k" };
    let definition = format!("people by the number of {buckets} on which they did {names}{times}, {how}{conditions}");
    warnings.append(&mut filters.warnings);
    let cumulative = question.cumulative;
    Ok(BoundStickiness { series, span, previous, active, cumulative, filter, definition, warnings })
}
