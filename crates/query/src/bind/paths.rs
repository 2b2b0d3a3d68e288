//! Binds paths. Definition: docs/semantics/paths.md.

use super::Known;
use super::dates::{self, Range};
use super::filter::{BoundFilter, FilterBinder};
use super::funnel::{self, BITS_MAX, BoundFunnel};
use crate::calendar::Calendar;
use crate::predicate;
use crate::question::QuestionError;
use model::Micros;
use model::insight::paths::{Cleaning, FunnelPaths, PathKind, PathSide, PathsQuestion};
use model::time::Interval;
use serde::Serialize;

const STEPS_DEFAULT: u32 = 5;
const STEPS_MAX: u32 = 20;
const LIMIT_DEFAULT: u32 = 50;
const LIMIT_MAX: u32 = 1_000;
/// Cleaning rules, groups and exclusions of one question, at most.
const RULES_MAX: usize = 200;

/// Paths, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundPaths {
    /// Start, inclusive; µs UTC.
    pub from: Micros,
    /// End, inclusive; µs UTC.
    pub to: Micros,
    /// Which events; not empty, ascending.
    pub kinds: Vec<PathKind>,
    /// Applied in order; all compile.
    pub cleaning: Vec<(String, String)>,
    /// Patterns with `*`.
    pub groups: Vec<String>,
    /// Items that are left out.
    pub exclude: Vec<String>,
    /// Only those beside a step of a funnel.
    pub funnel: Option<BoundFunnelPaths>,
    /// Paths begin here.
    pub start: Option<String>,
    /// Paths end here.
    pub end: Option<String>,
    /// Items of one path, at most; 2 to 20.
    pub steps: usize,
    /// Edges that are shown.
    pub limit: usize,
    /// Least and most occurrences of an edge.
    pub edges: (u64, u64),
    /// Must hold.
    pub filter: BoundFilter,
    /// The definition in one sentence.
    pub definition: String,
    /// What was ignored.
    pub warnings: Vec<String>,
}

/// A step of a funnel, and the side on which paths lie.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundFunnelPaths {
    /// Whose runs.
    pub funnel: BoundFunnel,
    /// The step, from 0.
    pub step: usize,
    /// Where paths lie.
    pub side: PathSide,
}

pub(super) fn bind(
    question: &PathsQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundPaths, QuestionError> {
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let funnel =
        question.funnel.as_ref().map(|asked| bind_funnel(asked, question, calendar, now, known)).transpose()?;
    let Range { from, to } = match &funnel {
        Some(beside) => Range { from: beside.funnel.span.from, to: beside.funnel.span.to },
        None => dates::range(dates, Interval::Day, calendar, now, known.earliest)?,
    };
    let between = |given: Option<u32>, (least, default, most): (u32, u32, u32), path: &str| {
        let number = given.unwrap_or(default);
        if (least..=most).contains(&number) {
            return Ok(number as usize);
        }
        Err(QuestionError::new(path, format!("must be {least} to {most}, not {number}")))
    };
    let steps = between(question.steps, (2, STEPS_DEFAULT, STEPS_MAX), "steps")?;
    let limit = between(question.limit, (1, LIMIT_DEFAULT, LIMIT_MAX), "limit")?;
    let edges = (question.edges_min.unwrap_or(0), question.edges_max.unwrap_or(u64::MAX));
    if edges.0 > edges.1 {
        return Err(QuestionError::new("edges_min", "is above edges_max"));
    }
    for (count, path) in
        [(question.cleaning.len(), "cleaning"), (question.groups.len(), "groups"), (question.exclude.len(), "exclude")]
    {
        if count > RULES_MAX {
            return Err(QuestionError::new(path, format!("has {count} entries, more than {RULES_MAX}")));
        }
    }
    for (index, Cleaning { regex, .. }) in question.cleaning.iter().enumerate() {
        predicate::pattern(regex)
            .map_err(|error| QuestionError::new(format!("cleaning[{index}].regex"), error.to_string()))?;
    }
    let mut kinds = question.kinds.clone();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        kinds.push(PathKind::Pages);
    }
    let mut filters = FilterBinder::new(calendar, now, known);
    let filter = filters.all(&question.filters, "filters")?;
    let mut definition = definition(question, &kinds, steps) + &filters.clause();
    let mut warnings = filters.warnings;
    if let Some(BoundFunnelPaths { funnel, step, side }) = &funnel {
        let side = format!("{side:?}").to_lowercase();
        definition += &format!(", {side} step {} of the run of {}", step + 1, funnel.definition);
        warnings.extend(funnel.warnings.iter().cloned());
    }
    Ok(BoundPaths {
        from,
        to,
        kinds,
        cleaning: question.cleaning.iter().map(|rule| (rule.regex.clone(), rule.alias.clone())).collect(),
        groups: question.groups.clone(),
        exclude: question.exclude.clone(),
        funnel,
        start: question.start.clone(),
        end: question.end.clone(),
        steps,
        limit,
        edges,
        filter,
        definition,
        warnings,
    })
}

fn bind_funnel(
    asked: &FunnelPaths,
    question: &PathsQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundFunnelPaths, QuestionError> {
    let others = [
        ("start", question.start.is_some()),
        ("end", question.end.is_some()),
        ("date_from", question.date_from.is_some()),
        ("date_to", question.date_to.is_some()),
    ];
    if let Some((path, _)) = others.iter().find(|(_, given)| *given) {
        return Err(QuestionError::new(*path, "is what the funnel says here; leave it out"));
    }
    let funnel = funnel::of_steps(&asked.funnel, calendar, now, known).map_err(|error| error.under("funnel"))?;
    // One bit marks items.
    if funnel.bits() + 1 > BITS_MAX {
        return Err(QuestionError::new("funnel.funnel.exclusions", "too many steps, first-ever steps and exclusions"));
    }
    let (count, first) = (funnel.steps.len() as u32, if asked.side == PathSide::Between { 2 } else { 1 });
    if !(first..=count).contains(&asked.step) {
        let message = format!("must be {first} to {count}, not {}", asked.step);
        return Err(QuestionError::new("funnel.step", message));
    }
    Ok(BoundFunnelPaths { funnel, step: asked.step as usize - 1, side: asked.side })
}

fn definition(question: &PathsQuestion, kinds: &[PathKind], steps: usize) -> String {
    let kind = |kind: &PathKind| match kind {
        PathKind::Pages => "pages",
        PathKind::Screens => "screens",
        PathKind::Events => "events",
    };
    let kinds = kinds.iter().map(kind).collect::<Vec<_>>().join(", ");
    let pause = if question.funnel.is_some() { "the conversion window" } else { "30 minutes" };
    let mut text =
        format!("ways from one of the {kinds} to the next, up to {steps} in a row without a pause of {pause}");
    if let Some(start) = &question.start {
        text += &format!(", from {start}");
    }
    if let Some(end) = &question.end {
        text += &format!(", to {end}");
    }
    text
}
