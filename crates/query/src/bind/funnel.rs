//! Binds a funnel. Definition: docs/semantics/funnel.md.

use super::Known;
use super::cohort::BoundCohort;
use super::filter::{BoundFilter, FilterBinder};
use super::span::{self, Asked, BoundSpan};
use super::steps::{self, BoundBreakdown, BoundMatch, By, CohortRow};
use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::Micros;
use model::insight::funnel::{
    Attribution, FunnelBreakdown, FunnelOrder, FunnelQuestion, FunnelStep, FunnelView, WindowUnit,
};
use model::insight::step::Occurrence;
use model::time::{Interval, SECOND};
use serde::Serialize;
use std::sync::Arc;

const STEPS_MAX: usize = 20;
/// Conditions that a row can carry, one bit each.
pub(super) const BITS_MAX: usize = 32;
/// Longest conversion window, seconds: ten years.
const WINDOW_S_MAX: i64 = 10 * 366 * 86_400;

/// A funnel, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundFunnel {
    /// 2 to 20.
    pub steps: Vec<BoundStep>,
    /// How they must follow each other.
    pub order: FunnelOrder,
    /// From step 1 to the last, inclusive; µs.
    pub window: Micros,
    /// What must not happen, and before which steps.
    pub exclusions: Vec<BoundExclusion>,
    /// What is shown.
    pub view: FunnelView,
    /// First step that matters, from 0.
    pub from_step: usize,
    /// Last step that matters, from 0.
    pub to_step: usize,
    /// Bins of `time_to_convert`; `None`: by the number of conversions.
    pub bins: Option<u32>,
    /// The range; buckets matter only to the trend.
    pub span: BoundSpan,
    /// Per bucket of the trend: whether those who entered may still convert.
    pub young: Vec<bool>,
    /// Must hold of every event.
    pub filter: BoundFilter,
    /// Split.
    pub breakdown: Option<(BoundBreakdown, BoundAttribution)>,
    /// Cohorts that split in place of properties.
    pub cohorts: Vec<CohortRow>,
    /// The definition in one sentence.
    pub definition: String,
    /// What was ignored.
    pub warnings: Vec<String>,
}

/// One step, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundStep {
    /// Its events.
    pub matching: BoundMatch,
    /// Counted when done, never required.
    pub optional: bool,
    /// Which of a person's matching events count.
    pub occurrence: Occurrence,
}

/// One exclusion, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundExclusion {
    /// Its events.
    pub matching: BoundMatch,
    /// The steps, a bit each from step 1, that it must not precede.
    pub guards: u32,
}

/// Which event gives the value of the breakdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BoundAttribution {
    /// The first with a value.
    FirstTouch,
    /// The last with a value.
    LastTouch,
    /// Every one, one funnel per value.
    AllEvents,
    /// The one that fills this step, from 0; of unordered funnels the first of the run.
    Step(usize),
}

pub(super) fn bind(
    question: &FunnelQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundFunnel, QuestionError> {
    let count = question.steps.len();
    if !(2..=STEPS_MAX).contains(&count) {
        return Err(QuestionError::new("steps", format!("a funnel has 2 to {STEPS_MAX} steps, this one {count}")));
    }
    let interval = if question.view == FunnelView::Trend { question.interval } else { Interval::Day };
    let asked = Asked {
        from: question.date_from.as_deref(),
        to: question.date_to.as_deref(),
        interval,
        explicit: question.explicit_date,
    };
    let mut warnings = Vec::new();
    let span = if question.view == FunnelView::Trend {
        span::span(asked, calendar, now, known, &mut warnings)?
    } else {
        // One bucket is enough where none is shown, so that a range of any length will do.
        let range = span::range(asked, calendar, now, known)?;
        let edges = vec![range.from, range.to.saturating_add(1)];
        span::with_edges((range.from, range.to), interval, edges, calendar, now)
    };
    let window = window(question)?;
    let mut filters = FilterBinder::new(calendar, now, known);
    let filter = filters.all(&question.filters, "filters")?;
    let conditions = filters.clause();
    let steps = question.steps.iter().enumerate();
    let steps =
        steps.map(|(index, step)| bind_step(step, index, question, &mut filters)).collect::<Result<Vec<_>, _>>()?;
    let exclusions = exclusions(question, &mut filters)?;
    if bits(&steps, &exclusions) > BITS_MAX {
        return Err(QuestionError::new("exclusions", "too many steps, first-ever steps and exclusions in one funnel"));
    }
    let (from_step, to_step) = ends(question, &steps)?;
    let (breakdown, cohorts) = breakdown(question, &mut filters)?;
    let definition = definition(question, &steps, exclusions.len(), &conditions);
    warnings.append(&mut filters.warnings);
    Ok(BoundFunnel {
        young: span.edges[1..].iter().map(|end| end.saturating_add(window) > now).collect(),
        steps,
        order: question.order,
        window,
        exclusions,
        view: question.view,
        from_step,
        to_step,
        bins: question.bins,
        span,
        filter,
        breakdown,
        cohorts,
        definition,
        warnings,
    })
}

/// Binds a funnel that another question looks at: its steps, as a whole. Paths of errors are below `funnel`.
pub(super) fn of_steps(
    question: &FunnelQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundFunnel, QuestionError> {
    let of_steps = || {
        if question.view != FunnelView::Steps {
            return Err(QuestionError::new("view", "must be `steps` here").allowing(["steps"]));
        }
        if question.breakdown.is_some() {
            return Err(QuestionError::new("breakdown", "is of no use here; leave it out"));
        }
        bind(question, calendar, now, known)
    };
    of_steps().map_err(|error| error.under("funnel"))
}

fn window(question: &FunnelQuestion) -> Result<Micros, QuestionError> {
    let (count, unit) = question.window.map_or((14, WindowUnit::Day), |window| (window.count, window.unit));
    let seconds = i64::from(count) * unit.seconds();
    if !(1..=WINDOW_S_MAX).contains(&seconds) {
        return Err(QuestionError::new("window.count", "the conversion window must be 1 second to 10 years"));
    }
    Ok(seconds * SECOND)
}

fn bind_step(
    step: &FunnelStep,
    index: usize,
    question: &FunnelQuestion,
    filters: &mut FilterBinder<'_>,
) -> Result<BoundStep, QuestionError> {
    let path = format!("steps[{index}]");
    if step.optional && question.order != FunnelOrder::Ordered {
        return Err(QuestionError::new(format!("{path}.optional"), "only ordered funnels have optional steps"));
    }
    if step.optional && (index == 0 || index + 1 == question.steps.len()) {
        return Err(QuestionError::new(format!("{path}.optional"), "the first and the last step are always required"));
    }
    let matching = steps::bind_parts((&step.event, &step.action, &step.filters, &step.label), &path, filters)?;
    Ok(BoundStep { matching, optional: step.optional, occurrence: step.occurrence })
}

fn exclusions(question: &FunnelQuestion, filters: &mut FilterBinder<'_>) -> Result<Vec<BoundExclusion>, QuestionError> {
    let count = question.steps.len() as u32;
    let mut bound = Vec::with_capacity(question.exclusions.len());
    for (index, exclusion) in question.exclusions.iter().enumerate() {
        let path = format!("exclusions[{index}]");
        if question.order == FunnelOrder::Strict {
            return Err(QuestionError::new(
                path,
                "a strict funnel has nothing between its steps; leave exclusions out",
            ));
        }
        let (from, to) = (exclusion.from_step.unwrap_or(1), exclusion.to_step.unwrap_or(count));
        if from < 1 || from >= to || to > count {
            let message = format!("an exclusion lies between two steps of 1 to {count}, not between {from} and {to}");
            return Err(QuestionError::new(path, message));
        }
        if question.order == FunnelOrder::Unordered && (from, to) != (1, count) {
            return Err(QuestionError::new(path, "in an unordered funnel an exclusion spans all steps"));
        }
        let matching =
            steps::bind_parts((&exclusion.event, &exclusion.action, &exclusion.filters, &None), &path, filters)?;
        // Steps from + 1 to `to`, as bits from step 1.
        let guards = (from..to).fold(0, |guards, step| guards | 1 << step);
        bound.push(BoundExclusion { matching, guards });
    }
    Ok(bound)
}

/// First and last step that matter, from 0.
fn ends(question: &FunnelQuestion, steps: &[BoundStep]) -> Result<(usize, usize), QuestionError> {
    let count = steps.len() as u32;
    if question.view == FunnelView::Steps {
        for (given, path) in [(question.from_step, "from_step"), (question.to_step, "to_step")] {
            if given.is_some() {
                let message = "is only of the views time_to_convert and trend; leave it out";
                return Err(QuestionError::new(path, message));
            }
        }
    }
    let (from, to) = (question.from_step.unwrap_or(1), question.to_step.unwrap_or(count));
    if from < 1 || from >= to || to > count {
        let message = format!("must be two steps of 1 to {count} in their order, not {from} and {to}");
        return Err(QuestionError::new("from_step", message));
    }
    for (step, path) in [(from, "from_step"), (to, "to_step")] {
        if steps[step as usize - 1].optional {
            return Err(QuestionError::new(path, "is an optional step; choose a required one"));
        }
    }
    Ok((from as usize - 1, to as usize - 1))
}

/// Conditions of a funnel: steps, exclusions, the names of first-ever steps, and any event.
fn bits(steps: &[BoundStep], exclusions: &[BoundExclusion]) -> usize {
    let firsts = steps.iter().filter(|step| step.occurrence == Occurrence::FirstEver).count();
    steps.len() + exclusions.len() + firsts + 1
}

impl BoundFunnel {
    /// Conditions that a row may carry for it.
    pub(super) fn bits(&self) -> usize {
        bits(&self.steps, &self.exclusions)
    }

    /// The same of persons in one of its cohorts only.
    pub(crate) fn of_cohort(&self, cohort: &Arc<BoundCohort>) -> BoundFunnel {
        BoundFunnel { filter: self.filter.of_cohort(cohort), cohorts: Vec::new(), ..self.clone() }
    }
}

type Split = (Option<(BoundBreakdown, BoundAttribution)>, Vec<CohortRow>);

fn breakdown(question: &FunnelQuestion, filters: &mut FilterBinder<'_>) -> Result<Split, QuestionError> {
    let Some(asked) = &question.breakdown else { return Ok((None, Vec::new())) };
    if question.view != FunnelView::Steps {
        return Err(QuestionError::new("breakdown", "only the view `steps` is split by a property"));
    }
    let cohorts = by(asked).cohort_rows(filters)?;
    if !cohorts.is_empty() {
        return Ok((None, cohorts));
    }
    let bound = by(asked).bind((asked.limit, asked.hide_other), false)?;
    let attribution = attribution(asked, question)?;
    // A person has the same value on every event, so whoever is in the funnel is in its row.
    let of_events = bound.is_of_events();
    Ok((Some((bound, if of_events { attribution } else { BoundAttribution::FirstTouch })), cohorts))
}

fn by(asked: &FunnelBreakdown) -> By<'_> {
    By { property: &asked.property, scope: asked.scope, bins: None, and: &asked.and, cohorts: &asked.cohorts }
}

fn attribution(asked: &FunnelBreakdown, question: &FunnelQuestion) -> Result<BoundAttribution, QuestionError> {
    let count = question.steps.len() as u32;
    let path = "breakdown.step";
    match (asked.attribution, asked.step) {
        (Attribution::Step, None) => Err(QuestionError::new(path, "the attribution `step` needs the number of a step")),
        (Attribution::Step, Some(step)) if !(1..=count).contains(&step) => {
            Err(QuestionError::new(path, format!("must be 1 to {count}, not {step}")))
        }
        (Attribution::Step, Some(step)) if question.order == FunnelOrder::Unordered && step != 1 => {
            Err(QuestionError::new(path, "an unordered funnel has only step 1, which means the first event of all"))
        }
        (Attribution::Step, Some(step)) => Ok(BoundAttribution::Step(step as usize - 1)),
        (_, Some(_)) => Err(QuestionError::new(path, "is only of the attribution `step`; leave it out")),
        (Attribution::FirstTouch, None) => Ok(BoundAttribution::FirstTouch),
        (Attribution::LastTouch, None) => Ok(BoundAttribution::LastTouch),
        (Attribution::AllEvents, None) => Ok(BoundAttribution::AllEvents),
    }
}

/// `people who did signup, then pay, within 14 days`.
fn definition(question: &FunnelQuestion, steps: &[BoundStep], exclusions: usize, conditions: &str) -> String {
    let name = |step: &BoundStep| {
        let optional = if step.optional { " (optional)" } else { "" };
        let occurrence = match step.occurrence {
            Occurrence::Any => "",
            Occurrence::FirstEver => " (first ever)",
            Occurrence::FirstMatching => " (first matching)",
        };
        format!("{}{optional}{occurrence}", step.matching.in_words())
    };
    let joint = match question.order {
        FunnelOrder::Ordered => ", then ",
        FunnelOrder::Strict => ", directly followed by ",
        FunnelOrder::Unordered => " and ",
    };
    let list = steps.iter().map(name).collect::<Vec<_>>().join(joint);
    let (count, unit) = question.window.map_or((14, WindowUnit::Day), |window| (window.count, window.unit));
    let unit = format!("{unit:?}").to_lowercase();
    let plural = if count == 1 { "" } else { "s" };
    let mut definition = format!("people who did {list}, within {count} {unit}{plural} of the first");
    if exclusions > 0 {
        definition += &format!(", without {exclusions} excluded event{}", if exclusions == 1 { "" } else { "s" });
    }
    definition += conditions;
    if let Some(breakdown) = &question.breakdown {
        definition += &format!(", split by {}", by(breakdown).in_words());
    }
    definition
}
