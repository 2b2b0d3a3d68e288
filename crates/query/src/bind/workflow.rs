//! Binds workflows. Definition: docs/semantics/workflow.md.

use super::Known;
use super::dates::{self, Range};
use super::filter::{BoundCondition, BoundFilter, FilterBinder, Target, Test};
use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::Micros;
use model::insight::workflow::WorkflowQuestion;
use model::time::Interval;
use serde::Serialize;

const LIMIT_DEFAULT: u32 = 100;
const LIMIT_MAX: u32 = 10_000;

/// Events that servers send, and summaries themselves: no part of a workflow.
const LEFT_OUT: [&str; 5] = ["AUDIT", "LOG", "ME_WORKFLOW_SUMMARY", "SEARCH", "SUMMARY"];

/// Workflows, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundWorkflow {
    /// Start, inclusive; µs UTC.
    pub from: Micros,
    /// End, inclusive; µs UTC.
    pub to: Micros,
    /// Summaries that are shown, at least 1.
    pub limit: usize,
    /// Must hold; only events of a channel pass, and none that are left out.
    pub filter: BoundFilter,
    /// The definition in one sentence.
    pub definition: String,
    /// What was ignored.
    pub warnings: Vec<String>,
}

pub(super) fn bind(
    question: &WorkflowQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundWorkflow, QuestionError> {
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let Range { from, to } = dates::range(dates, Interval::Day, calendar, now, known.earliest)?;
    let limit = question.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(QuestionError::new("limit", format!("must be 1 to {LIMIT_MAX}, not {limit}")));
    }
    let mut filters = FilterBinder::new(calendar, now, known);
    let own = filters.all(&question.filters, "filters")?;
    let of_channel =
        BoundCondition { target: Target::Property("context.channel".to_owned()), negated: false, test: Test::IsSet };
    let left_out = BoundCondition {
        target: Target::Event,
        negated: true,
        test: Test::TextIn(LEFT_OUT.map(str::to_owned).to_vec()),
    };
    let conditions = [of_channel, left_out].map(BoundFilter::Condition);
    Ok(BoundWorkflow {
        from,
        to,
        limit: limit as usize,
        filter: BoundFilter::All(conditions.into_iter().chain([own]).collect()),
        definition: "workflows of each device, channel and producer within the range".to_owned() + &filters.clause(),
        warnings: filters.warnings,
    })
}
