//! Binds a sessions question. Definition: docs/semantics/sessions.md.

use super::Known;
use super::dates::{self, Range};
use super::events::{EventKey, key_of};
use super::filter::{BoundFilter, FilterBinder};
use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::Micros;
use model::insight::sessions::SessionsQuestion;
use model::time::Interval;
use serde::Serialize;

/// Sessions on one page when the question does not say, and at most.
const LIMIT_DEFAULT: u32 = 100;
const LIMIT_MAX: u32 = 1_000;

/// Which sessions, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundSessions {
    /// Start of the range in which sessions start, inclusive; µs UTC.
    pub from: Micros,
    /// Its end, inclusive; µs UTC.
    pub to: Micros,
    /// Whether events without a session are cut into some.
    pub infer: bool,
    /// Only sessions of the person behind this distinct_id.
    pub person: Option<String>,
    /// One event must pass.
    pub filter: BoundFilter,
    /// Sessions on the page, at least 1.
    pub limit: usize,
    /// Only sessions whose first event is before this one.
    pub after: Option<EventKey>,
    /// The definition in one sentence.
    pub definition: String,
    /// What was ignored.
    pub warnings: Vec<String>,
}

pub(super) fn bind(
    question: &SessionsQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundSessions, QuestionError> {
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let Range { from, to } = dates::range(dates, Interval::Day, calendar, now, known.earliest)?;
    let mut filters = FilterBinder::new(calendar, now, known);
    let filter = filters.all(&question.filters, "filters")?;
    let limit = question.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(QuestionError::new("limit", format!("must be 1 to {LIMIT_MAX}, not {limit}")));
    }
    let after = match question.after.as_deref() {
        Some(cursor) => {
            Some(key_of(cursor).ok_or_else(|| QuestionError::new("after", "is not a `next` of an earlier page"))?)
        }
        None => None,
    };
    let mut definition = "sessions that start in the range".to_owned();
    if let Some(person) = &question.person {
        definition += &format!(", of the person behind {person}");
    }
    definition += &filters.clause();
    definition += in_words(question.infer_sessions);
    Ok(BoundSessions {
        from,
        to,
        infer: question.infer_sessions,
        person: question.person.clone(),
        filter,
        limit: limit as usize,
        after,
        definition,
        warnings: filters.warnings,
    })
}

/// How a definition says where sessions come from.
pub(super) fn in_words(infer: bool) -> &'static str {
    if infer {
        "; events without a session are cut by pauses of more than 30 minutes and after 24 hours"
    } else {
        "; events without a session are in none"
    }
}
