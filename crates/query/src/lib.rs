//! Questions answered: snapshot in, answer out.
//!
//! Synchronous and without state: JSON is [`parse`]d, the question [`bind()`]ed to a project's clock and to `now`, and the
//! bound question [`answer`]ed on a frozen snapshot. It never reads the wall clock (a stopwatch guards its limits),
//! never writes, and knows no HTTP. Start with `bind/mod.rs`, then `insight/trends.rs`; insights that look at one person
//! at a time share `journeys/mod.rs`, those that look at one session at a time `sessions/mod.rs`.

mod answers;
mod bind;
mod calendar;
pub mod catalogue;
mod cohort;
mod elements;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod insight;
mod journeys;
mod kernels;
mod limits;
mod person_column;
mod plan;
mod predicate;
mod progress;
mod question;
mod scan;
mod selection;
mod sessions;
mod split;
mod values;

pub use answers::{AnswerCache, AnswerCounts};
pub use bind::action::{BoundAction, BoundElement};
pub use bind::cohort::{BoundCohort, BoundRule, KnownCohort, KnownMembers};
pub use bind::correlation::{BoundCorrelation, BoundFactor, FactorOf};
pub use bind::events::{BoundEvents, EventKey};
pub use bind::filter::{BoundCondition, BoundFilter, Number, Target, Test};
pub use bind::funnel::{BoundAttribution, BoundExclusion, BoundFunnel, BoundStep};
pub use bind::items::BoundItems;
pub use bind::lifecycle::BoundLifecycle;
pub use bind::paths::{BoundFunnelPaths, BoundPaths};
pub use bind::people::{BoundCell, BoundPeople};
pub use bind::retention::{BoundAggregate, BoundRetention};
pub use bind::sessions::BoundSessions;
pub use bind::span::BoundSpan;
pub use bind::steps::{BoundBreakdown, BoundMatch, BoundPart, BoundSplit, CohortRow};
pub use bind::stickiness::BoundStickiness;
pub use bind::trends::{BoundSeries, BoundTrends};
pub use bind::version::Version;
pub use bind::web::BoundWeb;
pub use bind::workflow::BoundWorkflow;
pub use bind::{BoundQuestion, Known, KnownAction, bind, bind_cohort, bind_people, check_action};
pub use calendar::rfc3339;
pub use cohort::CohortCache;
pub use insight::events::{event_row, person_of};
pub use insight::people::CohortPage;
pub use limits::{QueryError, QueryLimits};
pub use progress::Progress;
pub use question::{PeopleAsked, QuestionError, parse, parse_people, parse_value};
pub use selection::{Selection, SelectionAsked, SelectionError};

use limits::Budget;
use model::Micros;
use model::insight::people::PeopleAnswer;
use model::insight::{Answer, Explain};
use std::sync::Arc;
use store::Snapshot;

/// Answers a bound question on a snapshot, within limits; from the kept answers, where the limits have some.
///
/// # Errors
/// Cancelled; a limit on time, rows or memory, saying which and what to narrow; data that could not be read.
pub fn answer(snapshot: &Snapshot, bound: &BoundQuestion, limits: &QueryLimits) -> Result<Answer, QueryError> {
    match &limits.answers {
        Some(kept) => kept.answer(snapshot, bound, || reckoned(snapshot, bound, limits)),
        None => reckoned(snapshot, bound, limits),
    }
}

fn reckoned(snapshot: &Snapshot, bound: &BoundQuestion, limits: &QueryLimits) -> Result<Answer, QueryError> {
    let budget = Budget::new(limits);
    match bound {
        BoundQuestion::Trends(bound) => insight::trends::answer(snapshot, bound, &budget).map(Answer::Trends),
        BoundQuestion::Funnel(bound) => insight::funnel::answer(snapshot, bound, &budget).map(Answer::Funnel),
        BoundQuestion::Retention(bound) => insight::retention::answer(snapshot, bound, &budget).map(Answer::Retention),
        BoundQuestion::Stickiness(bound) => {
            insight::stickiness::answer(snapshot, bound, &budget).map(Answer::Stickiness)
        }
        BoundQuestion::Lifecycle(bound) => insight::lifecycle::answer(snapshot, bound, &budget).map(Answer::Lifecycle),
        BoundQuestion::Correlation(bound) => {
            insight::correlation::answer(snapshot, bound, &budget).map(Answer::Correlation)
        }
        BoundQuestion::Paths(bound) => insight::paths::answer(snapshot, bound, &budget).map(Answer::Paths),
        BoundQuestion::Web(bound) => insight::web::answer(snapshot, bound, &budget).map(Answer::Web),
        BoundQuestion::Items(bound) => insight::items::answer(snapshot, bound, &budget).map(Answer::Items),
        BoundQuestion::Workflow(bound) => insight::workflow::answer(snapshot, bound, &budget).map(Answer::Workflow),
        BoundQuestion::Sessions(bound) => insight::sessions::answer(snapshot, bound, &budget).map(Answer::Sessions),
        BoundQuestion::Events(bound) => insight::events::answer(snapshot, bound, &budget).map(Answer::Events),
    }
}

/// The people behind one number of the answer that [`answer`] gives, a page at a time.
///
/// # Errors
/// As [`answer`].
pub fn people(snapshot: &Snapshot, bound: &BoundPeople, limits: &QueryLimits) -> Result<PeopleAnswer, QueryError> {
    insight::people::answer(snapshot, bound, &Budget::new(limits))
}

/// The people of a cohort, a page at a time: as many as are asked for, behind the ordinal that the page before ended with.
///
/// # Errors
/// As [`answer`].
pub fn cohort_people(
    snapshot: &Snapshot,
    cohort: &Arc<BoundCohort>,
    (limit, after): (usize, Option<u32>),
    limits: &QueryLimits,
) -> Result<CohortPage, QueryError> {
    insight::people::of_cohort(snapshot, cohort, (limit, after), &Budget::new(limits))
}

/// All people behind a number, by the distinct_ids that stand for them; at most `most`.
///
/// # Errors
/// As [`answer`]; more people than `most`.
pub fn all_people(
    snapshot: &Snapshot,
    bound: &BoundPeople,
    most: usize,
    limits: &QueryLimits,
) -> Result<Vec<String>, QueryError> {
    insight::people::all(snapshot, bound, most, &Budget::new(limits))
}

/// How an answer was made, from `(definition, from, to)` and what the question and the snapshot have to say.
fn explain(
    snapshot: &Snapshot,
    (definition, from, to): (&str, Micros, Micros),
    warnings: &[String],
    budget: &Budget<'_>,
) -> Explain {
    Explain {
        definition: definition.to_owned(),
        from_utc: rfc3339(from),
        to_utc: rfc3339(to),
        asked_at: None,
        cached: false,
        rows_read: budget.rows_read(),
        milliseconds: budget.milliseconds(),
        snapshot: snapshot.id(),
        warnings: warnings.iter().chain(snapshot.warnings()).cloned().collect(),
    }
}
