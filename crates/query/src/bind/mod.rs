//! From a question to a bound question: no default, no relative date, no clock left in it.
//!
//! A bound question says the same on every snapshot and every day, so that its hash can key a cache. One file per
//! insight, as in `insight/`; `dates` and `filter` serve all.

pub(crate) mod dates;
pub mod events;
pub mod filter;
mod given;
pub mod trends;
pub(crate) mod version;

use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::Micros;
use model::filter::DeclaredType;
use model::insight::Question;
use model::project::ProjectClock;
use serde::Serialize;
use std::collections::BTreeMap;
use store::Snapshot;

/// A question that is fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BoundQuestion {
    /// How many, over time.
    Trends(trends::BoundTrends),
    /// The events themselves, newest first.
    Events(events::BoundEvents),
}

/// What binding needs to know of a project's data.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// event_at of the earliest event, µs: where a range of `all` starts. `None`: there are no events.
    pub earliest: Option<Micros>,
    /// Properties whose type was declared; all others compare as canonical text.
    pub declared: BTreeMap<String, DeclaredType>,
}

impl Known {
    /// What a snapshot tells: the earliest event. Reads no column.
    pub fn of(snapshot: &Snapshot) -> Known {
        // Segments ascend by day, so the first day holds the earliest event; a day may have several segments.
        let first_day = snapshot.segments().first().map(|segment| segment.day());
        let of_first_day = snapshot.segments().iter().take_while(|segment| Some(segment.day()) == first_day);
        Known { earliest: of_first_day.map(|segment| segment.event_at_range().0).min(), declared: BTreeMap::new() }
    }
}

/// Binds a question asked at `now` (µs UTC) in a project with this clock.
///
/// # Errors
/// The path and what is allowed, for everything that cannot be answered as it stands: dates, operators and their
/// values, maths without their property, too many series, buckets or conditions.
pub fn bind(
    question: &Question,
    clock: &ProjectClock,
    now: Micros,
    known: &Known,
) -> Result<BoundQuestion, QuestionError> {
    let calendar = Calendar::new(clock)?;
    match question {
        Question::Trends(question) => trends::bind(question, &calendar, now, known).map(BoundQuestion::Trends),
        Question::Events(question) => events::bind(question, &calendar, now, known).map(BoundQuestion::Events),
    }
}

#[cfg(test)]
mod tests;
