//! Binds item analysis. Definition: docs/semantics/items.md.

use super::Known;
use super::dates::{self, Range};
use super::filter::{BoundFilter, FilterBinder};
use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::Micros;
use model::insight::items::ItemsQuestion;
use model::time::Interval;
use serde::Serialize;

/// Default and greatest number of items, and of answers of one item.
const LIMITS: (u32, u32) = (50, 1_000);
const ANSWERS: (u32, u32) = (10, 100);

/// Item analysis, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundItems {
    /// Start, inclusive; µs UTC.
    pub from: Micros,
    /// End, inclusive; µs UTC.
    pub to: Micros,
    /// Items that are shown, at least 1.
    pub limit: usize,
    /// Answers of one item that are shown, at least 1.
    pub answers: usize,
    /// Must hold.
    pub filter: BoundFilter,
    /// The definition in one sentence.
    pub definition: String,
    /// What was ignored.
    pub warnings: Vec<String>,
}

pub(super) fn bind(
    question: &ItemsQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundItems, QuestionError> {
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let Range { from, to } = dates::range(dates, Interval::Day, calendar, now, known.earliest)?;
    let between = |given: Option<u32>, (default, most): (u32, u32), path: &str| match given.unwrap_or(default) {
        number if (1..=most).contains(&number) => Ok(number as usize),
        number => Err(QuestionError::new(path, format!("must be 1 to {most}, not {number}"))),
    };
    let mut filters = FilterBinder::new(calendar, now, known);
    let filter = filters.all(&question.filters, "filters")?;
    Ok(BoundItems {
        from,
        to,
        limit: between(question.limit, LIMITS, "limit")?,
        answers: between(question.answers, ANSWERS, "answers")?,
        filter,
        definition: "items by ASSESS (attempts) and RESPONSE (choices) in the range".to_owned() + &filters.clause(),
        warnings: filters.warnings,
    })
}
