//! Binds an events question. Definition: docs/semantics/events.md.

use super::Known;
use super::dates::{self, Range};
use super::filter::{BoundFilter, FilterBinder};
use super::steps;
use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::insight::events::EventsQuestion;
use model::time::Interval;
use model::{Micros, Uuid};
use serde::Serialize;

/// Events on one page when the question does not say, and at most.
const LIMIT_DEFAULT: u32 = 100;
const LIMIT_MAX: u32 = 1_000;

/// A place in the total order of events.
pub type EventKey = (Micros, Uuid);

/// Which events, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundEvents {
    /// Start, inclusive; µs UTC.
    pub from: Micros,
    /// End, inclusive; µs UTC.
    pub to: Micros,
    /// Only this event name.
    pub event: Option<String>,
    /// Only the person behind this distinct_id.
    pub person: Option<String>,
    /// Must hold.
    pub filter: BoundFilter,
    /// Events on the page, at least 1.
    pub limit: usize,
    /// Only events before this one in `(event_at, uuid)`.
    pub after: Option<EventKey>,
    /// The definition in one sentence.
    pub definition: String,
    /// What was ignored.
    pub warnings: Vec<String>,
}

pub(super) fn bind(
    question: &EventsQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundEvents, QuestionError> {
    let dates = (question.date_from.as_deref().unwrap_or("-24h"), question.date_to.as_deref());
    let Range { from, to } = dates::range(dates, Interval::Day, calendar, now, known.earliest)?;
    let mut filters = FilterBinder::new(calendar, now, known);
    let action = filters.action(question.action.as_ref(), question.event.as_deref(), "")?;
    let filter = steps::with_action(action.as_ref(), filters.all(&question.filters, "filters")?);
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
    let mut definition = match (&action, &question.event) {
        (Some(action), _) => format!("events of the action {}", action.name),
        (None, Some(name)) => format!("events named {name}"),
        (None, None) => "all events".to_owned(),
    };
    if let Some(person) = &question.person {
        definition += &format!(" of the person behind {person}");
    }
    definition += &filters.clause();
    definition += ", newest first by event_at and uuid";
    Ok(BoundEvents {
        from,
        to,
        event: question.event.clone(),
        person: question.person.clone(),
        filter,
        limit: limit as usize,
        after,
        definition,
        warnings: filters.warnings,
    })
}

/// The cursor that leads on behind an event: 16 hexadecimal digits of the instant, 32 of the uuid.
pub(crate) fn cursor(key: EventKey) -> String {
    format!("{:016x}{}", key.0 as u64, key.1.simple())
}

pub(super) fn key_of(cursor: &str) -> Option<EventKey> {
    if cursor.len() != 48 || !cursor.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let at = u64::from_str_radix(&cursor[..16], 16).ok()?;
    Some((at as i64, Uuid::try_parse(&cursor[16..]).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_also_before_1970() {
        for at in [0, -1, i64::MIN, i64::MAX, 1_700_000_000_000_000] {
            let key = (at, Uuid::from_u128(0xfeed << 64 | 7));
            assert_eq!(key_of(&cursor(key)), Some(key));
        }
        for text in ["", "x", &"0".repeat(47), &"é".repeat(24)] {
            assert_eq!(key_of(text), None, "{text}");
        }
    }
}
