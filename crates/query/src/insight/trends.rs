//! Trends: how many, over time. Definition: docs/semantics/trends.md.
//!
//! Without breakdown one pass over the segments fills a cell per bucket. With breakdown a first pass takes the whole
//! range as one bucket and every value as a group, which gives the totals that rank the values; a second pass counts
//! the values that are shown, `(none)` and `(other)`, exactly. Here is the order of things and the shaping; a pass is
//! in `pass.rs`, what it counts in `tally.rs`, breakdown values in `values.rs`.

mod durations;
mod pass;
mod persons;
mod shape;
mod tally;

use crate::bind::steps::BoundBreakdown;
use crate::bind::trends::BoundTrends;
use crate::limits::{Budget, QueryError};
use crate::plan::{Plan, plan};
use crate::predicate::{Ready, ready};
use crate::split::{Bins, Split};
use crate::values::{Kept, Values};
use model::insight::trends::{PeriodLabel, SeriesAnswer, TrendsAnswer};
use pass::Grouping;
use store::Snapshot;

/// A trend under way.
struct Trend<'a> {
    snapshot: &'a Snapshot,
    bound: &'a BoundTrends,
    budget: &'a Budget<'a>,
    plan: Plan<'a>,
    filter: Ready,
    /// One per series.
    series_filters: Vec<Ready>,
}

/// The numbers of one series: per cell, and per group over the whole range.
struct Lines {
    cells: Vec<Option<f64>>,
    totals: Vec<Option<f64>>,
}

pub(crate) fn answer(
    snapshot: &Snapshot,
    bound: &BoundTrends,
    budget: &Budget<'_>,
) -> Result<TrendsAnswer, QueryError> {
    let mut series = Vec::new();
    if bound.cohorts.is_empty() {
        series = lines(snapshot, bound, budget)?;
    } else {
        let mut of_cohorts = Vec::with_capacity(bound.cohorts.len());
        for (name, cohort) in &bound.cohorts {
            let mut lines = lines(snapshot, &bound.of_cohort(cohort), budget)?;
            lines.iter_mut().for_each(|line| line.breakdown_value = Some(name.clone()));
            of_cohorts.push(lines.into_iter());
        }
        // By period and series, then by cohort.
        while let Some(row) = of_cohorts.iter_mut().map(Iterator::next).collect::<Option<Vec<_>>>() {
            series.extend(row);
        }
    }
    Ok(TrendsAnswer {
        interval: bound.span.interval,
        time_zone: bound.span.time_zone.clone(),
        buckets: bound.span.buckets(),
        previous_buckets: bound.previous.as_ref().map(|previous| previous.span.buckets()),
        series,
        explain: crate::explain(snapshot, (&bound.definition, bound.span.from, bound.span.to), &bound.warnings, budget),
    })
}

/// The lines of a trend that is not split by cohorts.
fn lines(snapshot: &Snapshot, bound: &BoundTrends, budget: &Budget<'_>) -> Result<Vec<SeriesAnswer>, QueryError> {
    let trend = Trend::new(snapshot, bound, budget)?;
    let other = match &bound.previous {
        Some(previous) => Some(Trend::new(snapshot, previous, budget)?),
        None => None,
    };
    let mut series = Vec::new();
    match &bound.breakdown {
        None => {
            for (trend, label) in periods(&trend, other.as_ref()) {
                let lines = trend.pass(&trend.bound.span.edges, &Grouping::Single)?;
                series.extend(shape::rows(trend.bound, lines, &[(0, None)], label));
            }
        }
        Some(breakdown) => {
            // The values of the current period, so that both show the same.
            let split = trend.split(breakdown)?;
            let kept = trend.kept(breakdown, &split)?;
            for (trend, label) in periods(&trend, other.as_ref()) {
                let lines = trend.pass(&trend.bound.span.edges, &Grouping::Shown(&split, &kept))?;
                series.extend(shape::rows(trend.bound, lines, &kept.rows(), label));
            }
        }
    }
    Ok(series)
}

/// The current period, and the one that it is compared to.
fn periods<'t, 'a>(current: &'t Trend<'a>, other: Option<&'t Trend<'a>>) -> Vec<(&'t Trend<'a>, Option<PeriodLabel>)> {
    match other {
        None => vec![(current, None)],
        Some(other) => vec![(current, Some(PeriodLabel::Current)), (other, Some(PeriodLabel::Previous))],
    }
}

/// The breakdown of a trend ready to run, and its values that have rows.
pub(super) fn kept<'a>(
    snapshot: &Snapshot,
    bound: &BoundTrends,
    breakdown: &'a BoundBreakdown,
    budget: &Budget<'_>,
) -> Result<(Split<'a>, Kept), QueryError> {
    let trend = Trend::new(snapshot, bound, budget)?;
    let split = trend.split(breakdown)?;
    let kept = trend.kept(breakdown, &split)?;
    Ok((split, kept))
}

impl<'a> Trend<'a> {
    fn new(snapshot: &'a Snapshot, bound: &'a BoundTrends, budget: &'a Budget<'a>) -> Result<Self, QueryError> {
        let names: Option<Vec<&str>> = bound.series.iter().map(|series| series.event.as_deref()).collect();
        let plan = plan(snapshot, bound.span.from, bound.span.to, names.as_deref());
        budget.check_rows(plan.rows, bound.span.from)?;
        let compile = |filter| ready(snapshot, budget, filter);
        let filter = compile(&bound.filter)?;
        let series_filters = bound.series.iter().map(|series| compile(&series.filter)).collect::<Result<_, _>>()?;
        Ok(Trend { snapshot, bound, budget, plan, filter, series_filters })
    }

    /// The breakdown ready to run: bins reach from the least to the greatest number of this period's events.
    fn split<'b>(&self, breakdown: &'b BoundBreakdown) -> Result<Split<'b>, QueryError> {
        let parts = &breakdown.split.parts;
        if parts.iter().all(|part| part.bins.is_none()) {
            return Ok(Split::plain(&breakdown.split));
        }
        let binned: Vec<_> = parts.iter().map(|part| part.bins.map(|_| &part.target)).collect();
        let extremes = self.extremes(&binned)?;
        let bins = parts.iter().zip(extremes).map(|(part, extremes)| Some(Bins::new(extremes, part.bins?)));
        Ok(Split::with_bins(&breakdown.split, bins.collect()))
    }

    /// The values that are shown, from a first pass over all.
    fn kept(&self, breakdown: &BoundBreakdown, split: &Split<'_>) -> Result<Kept, QueryError> {
        let mark = self.budget.memory_mark();
        let values = Values::new(self.budget);
        let whole = [self.bound.span.edges[0], self.bound.span.edges[self.bound.span.edges.len() - 1]];
        let lines = self.pass(&whole, &Grouping::Every(split, &values))?;
        let kept = match split.only_bins() {
            Some(bins) => Kept::in_order(values, bins.names()),
            None => Kept::new(values, |group| rank(&lines, group), breakdown),
        };
        // What is left of the first pass are the names of the shown values.
        drop(lines);
        self.budget.return_to(mark);
        Ok(kept)
    }
}

/// Values rank by the sum of all series' totals, so that all series show the same values.
fn rank(lines: &[Lines], group: usize) -> f64 {
    lines.iter().map(|lines| lines.totals.get(group).copied().flatten().unwrap_or(0.0)).sum()
}

/// JSON has no infinity: a sum past the largest number is no number. And nobody wants to read `-0`.
pub(super) fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number + 0.0)
}
