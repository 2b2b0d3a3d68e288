//! Binds a lifecycle. Definition: docs/semantics/lifecycle.md.

use super::Known;
use super::filter::{BoundCondition, BoundFilter, FilterBinder, Target, Test};
use super::span::{self, Asked, BoundSpan};
use super::steps::{self, BoundMatch};
use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::Micros;
use model::insight::lifecycle::LifecycleQuestion;
use serde::Serialize;

/// A lifecycle, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundLifecycle {
    /// What makes a person active.
    pub series: BoundMatch,
    /// The range and its buckets.
    pub span: BoundSpan,
    /// Start of the bucket before the first, µs UTC.
    pub before: Micros,
    /// Must hold; events without person profile do not pass.
    pub filter: BoundFilter,
    /// The definition in one sentence.
    pub definition: String,
    /// What was ignored.
    pub warnings: Vec<String>,
}

pub(super) fn bind(
    question: &LifecycleQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundLifecycle, QuestionError> {
    let asked = Asked {
        from: question.date_from.as_deref(),
        to: question.date_to.as_deref(),
        interval: question.interval,
        explicit: question.explicit_date,
    };
    let mut warnings = Vec::new();
    let mut span = span::span(asked, calendar, now, known, &mut Vec::new())?;
    // A person is active in a bucket or not: buckets are whole.
    span.from = span.edges[0];
    let mut filters = FilterBinder::new(calendar, now, known);
    let own = filters.all(&question.filters, "filters")?;
    let conditions = filters.clause();
    let series = steps::bind(&question.series, "series", &mut filters)?;
    let no_profile = BoundCondition {
        target: Target::Property("$process_person_profile".to_owned()),
        negated: true,
        test: Test::TruthIn { yes: false, no: true },
    };
    let filter = BoundFilter::All(vec![BoundFilter::Condition(no_profile), own]);
    let buckets = span::in_words(question.interval, calendar);
    let definition =
        format!("people new, returning, resurrecting and dormant by {}{conditions}, {buckets}", series.in_words());
    warnings.append(&mut filters.warnings);
    let before = calendar.truncate(span.edges[0] - 1, question.interval);
    Ok(BoundLifecycle { series, before, span, filter, definition, warnings })
}
