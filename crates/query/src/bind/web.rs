//! Binds web analytics. Definition: docs/semantics/web.md.

use super::Known;
use super::filter::{BoundFilter, FilterBinder};
use super::sessions::in_words;
use super::span::{self, Asked};
use super::trends::compare::{self, Compared};
use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::Micros;
use model::insight::web::{WebQuestion, WebTable};
use model::time::Interval;
use serde::Serialize;

const LIMIT_DEFAULT: u32 = 10;
const LIMIT_MAX: u32 = 1_000;
/// Rows that a session must be in, at most.
const ROWS_MAX: usize = 50;

/// Web analytics, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundWeb {
    /// Start and end of the range in which sessions start, inclusive; µs UTC.
    pub range: (Micros, Micros),
    /// Those of the other period.
    pub previous: Option<(Micros, Micros)>,
    /// Whether events without a session are cut into some.
    pub infer: bool,
    /// Which tables, each once, in the order of the question.
    pub tables: Vec<WebTable>,
    /// Rows of a table, at least 1.
    pub limit: usize,
    /// Rows that a session must be in.
    pub rows: Vec<(WebTable, String)>,
    /// One page view must pass.
    pub filter: BoundFilter,
    /// The definition in one sentence.
    pub definition: String,
    /// What was ignored.
    pub warnings: Vec<String>,
}

pub(super) fn bind(
    question: &WebQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundWeb, QuestionError> {
    let (from, to) = (question.date_from.as_deref(), question.date_to.as_deref());
    let mut warnings = Vec::new();
    let days = Asked { from, to, interval: Interval::Day, explicit: false };
    let span = span::span(days, calendar, now, known, &mut Vec::new())?;
    let compared = Compared { compare: question.compare.as_ref(), from, to };
    let previous = compare::previous(&compared, &span, calendar, now)?.map(|span| (span.from, span.to));
    let limit = question.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(QuestionError::new("limit", format!("must be 1 to {LIMIT_MAX}, not {limit}")));
    }
    if question.rows.len() > ROWS_MAX {
        return Err(QuestionError::new("rows", format!("has {} entries, more than {ROWS_MAX}", question.rows.len())));
    }
    let mut tables = Vec::new();
    for table in &question.tables {
        if !tables.contains(table) {
            tables.push(*table);
        }
    }
    let mut filters = FilterBinder::new(calendar, now, known);
    let filter = filters.all(&question.filters, "filters")?;
    let mut definition =
        "sessions that start in the range and see a page or screen in it".to_owned() + &filters.clause();
    if !question.rows.is_empty() {
        definition += &format!(", within {} rows", question.rows.len());
    }
    definition += in_words(question.infer_sessions);
    warnings.append(&mut filters.warnings);
    Ok(BoundWeb {
        range: (span.from, span.to),
        previous,
        infer: question.infer_sessions,
        tables,
        limit: limit as usize,
        rows: question.rows.iter().map(|row| (row.table, row.value.clone())).collect(),
        filter,
        definition,
        warnings,
    })
}
