//! Funnels: who took which steps, in time. Definition: docs/semantics/funnel.md.
//!
//! `journeys` brings each person's rows in order; here they become candidates, `runs` finds the best run per person and
//! row of the answer, and the view tallies the runs.

mod runs;
mod tally;
mod times;
mod trend;

pub(super) use runs::Runs;
pub(super) use tally::required_before;
pub(super) use times::bin_of;

use crate::bind::funnel::BoundFunnel;
use crate::calendar::rfc3339;
use crate::journeys::conditions::Conditions;
use crate::journeys::{Journeys, Reading, Times};
use crate::limits::{Budget, QueryError};
use crate::split::Split;
use crate::values::Values;
use model::insight::funnel::{FunnelAnswer, FunnelOrder, FunnelView};
use model::insight::step::Occurrence;
use store::Snapshot;

/// A funnel under way.
pub(super) struct Funnel<'a> {
    pub(super) bound: &'a BoundFunnel,
    pub(super) budget: &'a Budget<'a>,
    pub(super) journeys: Journeys<'a>,
    pub(super) conditions: Conditions<'a>,
    layout: Layout,
}

/// Which bit of a row says what: bit s is step s, then come exclusions, first-ever names and the any-event bit.
#[derive(Debug, Clone, Default)]
pub(in crate::insight) struct Layout {
    /// Bit of each exclusion and the steps that it guards.
    exclusions: Vec<(u32, u32)>,
    /// Step, its occurrence, and the bit that marks all events of its name.
    firsts: Vec<(usize, Occurrence, u32)>,
    /// The bit of all events, for strict funnels.
    any: u32,
}

impl<'a> Funnel<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        bound: &'a BoundFunnel,
        budget: &'a Budget<'a>,
        values: &'a Values<'a>,
    ) -> Result<Self, QueryError> {
        Self::with(snapshot, bound, budget, |conditions, _| {
            if let Some((breakdown, _)) = &bound.breakdown {
                conditions.with_values(Split::plain(&breakdown.split), values);
            }
            Ok(())
        })
    }

    /// With values and conditions of its own: `add` gets the number of the first bit that is free.
    pub(super) fn with(
        snapshot: &'a Snapshot,
        bound: &'a BoundFunnel,
        budget: &'a Budget<'a>,
        add: impl FnOnce(&mut Conditions<'a>, usize) -> Result<(), QueryError>,
    ) -> Result<Self, QueryError> {
        let mut conditions = Conditions::new(snapshot, budget, &bound.filter)?;
        let mut layout = Layout::default();
        let mut next = bound.steps.len();
        let mut bit = || {
            next += 1;
            1_u32 << (next - 1)
        };
        let mut history = 0;
        for (index, step) in bound.steps.iter().enumerate() {
            conditions.matching(&step.matching, 1 << index)?;
        }
        for exclusion in &bound.exclusions {
            let bit = bit();
            conditions.matching(&exclusion.matching, bit)?;
            layout.exclusions.push((bit, exclusion.guards));
        }
        for (index, step) in bound.steps.iter().enumerate() {
            let bit = match step.occurrence {
                Occurrence::Any => continue,
                Occurrence::FirstMatching => 1 << index,
                Occurrence::FirstEver => {
                    let bit = bit();
                    conditions.named((&step.matching.event, &step.matching.action), bit)?;
                    bit
                }
            };
            history |= bit;
            layout.firsts.push((index, step.occurrence, bit));
        }
        if bound.order == FunnelOrder::Strict {
            layout.any = bit();
            conditions.any(layout.any);
        }
        add(&mut conditions, next)?;
        let range = (bound.span.from, bound.span.to);
        let reading = Reading { range, history, names: conditions.names(), times: Times::Exact, repeats: false };
        let journeys = Journeys::plan(snapshot, budget, reading)?;
        Ok(Self { bound, budget, journeys, conditions, layout })
    }

    /// Runs of a funnel of the first `steps` steps.
    pub(super) fn runs(&self, steps: usize) -> Runs<'_> {
        Runs::new(self.bound, &self.layout, self.budget, steps)
    }
}

pub(crate) fn answer(
    snapshot: &Snapshot,
    bound: &BoundFunnel,
    budget: &Budget<'_>,
) -> Result<FunnelAnswer, QueryError> {
    if !bound.cohorts.is_empty() {
        return of_cohorts(snapshot, bound, budget);
    }
    let values = Values::new(budget);
    let funnel = Funnel::new(snapshot, bound, budget, &values)?;
    let mut answer = FunnelAnswer {
        steps: bound.steps.iter().map(|step| step.matching.label.clone()).collect(),
        rows: None,
        time_to_convert: None,
        trend: None,
        explain: Default::default(),
    };
    match bound.view {
        FunnelView::Steps => answer.rows = Some(funnel.rows(&values)?),
        FunnelView::TimeToConvert => answer.time_to_convert = Some(funnel.time_to_convert()?),
        FunnelView::Trend => answer.trend = Some(funnel.trend()?),
    }
    let range = (bound.definition.as_str(), bound.span.from, bound.span.to);
    answer.explain = crate::explain(snapshot, range, &bound.warnings, budget);
    Ok(answer)
}

/// One row per cohort: the funnel of its persons.
fn of_cohorts(snapshot: &Snapshot, bound: &BoundFunnel, budget: &Budget<'_>) -> Result<FunnelAnswer, QueryError> {
    let mut rows = Vec::with_capacity(bound.cohorts.len());
    for (name, cohort) in &bound.cohorts {
        let of_one = answer(snapshot, &bound.of_cohort(cohort), budget)?;
        rows.extend(of_one.rows.unwrap_or_default().into_iter().map(|mut row| {
            row.breakdown_value = Some(name.clone());
            row
        }));
    }
    Ok(FunnelAnswer {
        steps: bound.steps.iter().map(|step| step.matching.label.clone()).collect(),
        rows: Some(rows),
        time_to_convert: None,
        trend: None,
        explain: crate::explain(snapshot, (&bound.definition, bound.span.from, bound.span.to), &bound.warnings, budget),
    })
}

/// Seconds between two instants.
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

/// The start of a bucket as answers have it.
fn start_of(bound: &BoundFunnel, bucket: usize) -> String {
    rfc3339(bound.span.edges[bucket])
}
