//! From a question to a bound question: no default, no relative date, no clock left in it.
//!
//! A bound question says the same on every snapshot and every day, so that its hash can key a cache. One file per
//! insight, as in `insight/`; `dates` and `filter` serve all.

pub mod action;
pub mod cohort;
pub mod correlation;
pub(crate) mod dates;
pub mod events;
pub mod filter;
pub mod funnel;
mod given;
pub mod items;
pub mod lifecycle;
pub mod paths;
pub mod people;
pub mod retention;
pub mod sessions;
pub mod span;
pub mod steps;
pub mod stickiness;
pub mod trends;
pub(crate) mod version;
pub mod web;
pub mod workflow;

use crate::calendar::Calendar;
use crate::question::QuestionError;
use cohort::KnownCohort;
use model::Micros;
use model::action::{ActionId, ActionStep};
use model::cohort::{CohortId, CohortRule};
use model::filter::DeclaredType;
use model::insight::Question;
use model::insight::people::PeopleQuestion;
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
    /// Who took which steps, in time.
    Funnel(funnel::BoundFunnel),
    /// Who came back, and when.
    Retention(retention::BoundRetention),
    /// On how many days of the range each person was active.
    Stickiness(stickiness::BoundStickiness),
    /// Who is new, returning, resurrected or gone quiet.
    Lifecycle(lifecycle::BoundLifecycle),
    /// What goes along with getting through a funnel.
    Correlation(correlation::BoundCorrelation),
    /// What people do one after another.
    Paths(paths::BoundPaths),
    /// A site or app at a glance.
    Web(web::BoundWeb),
    /// How questions of assessments did.
    Items(items::BoundItems),
    /// Workflows of Sunbird's events, newest first.
    Workflow(workflow::BoundWorkflow),
    /// Visits, newest first.
    Sessions(sessions::BoundSessions),
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
    /// The project's actions by their numbers.
    pub actions: BTreeMap<ActionId, KnownAction>,
    /// The project's cohorts by their numbers; at least those that the question names, and those that these name.
    pub cohorts: BTreeMap<CohortId, KnownCohort>,
}

/// What binding knows of an action.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownAction {
    /// What it is called.
    pub name: String,
    /// What it is made of.
    pub steps: Vec<ActionStep>,
}

impl Known {
    /// What a snapshot tells: the earliest event. Reads no column.
    pub fn of(snapshot: &Snapshot) -> Known {
        // Segments ascend by day, so the first day holds the earliest event; a day may have several segments.
        let first_day = snapshot.segments().first().map(|segment| segment.day());
        let of_first_day = snapshot.segments().iter().take_while(|segment| Some(segment.day()) == first_day);
        let earliest = of_first_day.map(|segment| segment.event_at_range().0).min();
        Known { earliest, ..Known::default() }
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
        Question::Funnel(question) => funnel::bind(question, &calendar, now, known).map(BoundQuestion::Funnel),
        Question::Retention(question) => retention::bind(question, &calendar, now, known).map(BoundQuestion::Retention),
        Question::Stickiness(question) => {
            stickiness::bind(question, &calendar, now, known).map(BoundQuestion::Stickiness)
        }
        Question::Lifecycle(question) => lifecycle::bind(question, &calendar, now, known).map(BoundQuestion::Lifecycle),
        Question::Correlation(question) => {
            correlation::bind(question, &calendar, now, known).map(BoundQuestion::Correlation)
        }
        Question::Paths(question) => paths::bind(question, &calendar, now, known).map(BoundQuestion::Paths),
        Question::Web(question) => web::bind(question, &calendar, now, known).map(BoundQuestion::Web),
        Question::Items(question) => items::bind(question, &calendar, now, known).map(BoundQuestion::Items),
        Question::Workflow(question) => workflow::bind(question, &calendar, now, known).map(BoundQuestion::Workflow),
        Question::Sessions(question) => sessions::bind(question, &calendar, now, known).map(BoundQuestion::Sessions),
        Question::Events(question) => events::bind(question, &calendar, now, known).map(BoundQuestion::Events),
    }
}

/// Binds the rule of a cohort, by itself: `id` is its number, or 0 while it has none.
///
/// # Errors
/// As [`bind`], with the path below `rule`; a cohort that would be within itself.
pub fn bind_cohort(
    (id, rule): (CohortId, &CohortRule),
    clock: &ProjectClock,
    now: Micros,
    known: &Known,
) -> Result<cohort::BoundCohort, QuestionError> {
    let calendar = Calendar::new(clock)?;
    let mut binder = filter::FilterBinder::new(&calendar, now, known);
    binder.rule_of(id, rule).map(cohort::BoundCohort::Rule)
}

/// Checks the steps of an action.
///
/// # Errors
/// As [`bind`], with the path below `steps`.
pub fn check_action(
    steps: &[ActionStep],
    clock: &ProjectClock,
    now: Micros,
    known: &Known,
) -> Result<(), QuestionError> {
    let calendar = Calendar::new(clock)?;
    filter::FilterBinder::new(&calendar, now, known).action_steps(steps, "").map(drop)
}

/// Binds a question for the people behind a number; errors as [`bind`], and a cell that the answer does not have.
///
/// # Errors
/// As [`bind`], with the path of the field below `question` or `cell`.
pub fn bind_people(
    (asked, question): (&PeopleQuestion, &Question),
    clock: &ProjectClock,
    now: Micros,
    known: &Known,
) -> Result<people::BoundPeople, QuestionError> {
    let bound = bind(question, clock, now, known).map_err(|error| error.under("question"))?;
    people::bind(asked, bound)
}

#[cfg(test)]
mod tests;
