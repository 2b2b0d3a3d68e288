//! The steps view: counts, drops and times per row of the answer.

use super::runs::Runs;
use super::{Funnel, seconds};
use crate::bind::funnel::BoundFunnel;
use crate::kernels::funnel::Run;
use crate::limits::{Budget, QueryError};
use crate::values::{Shown, Values};
use model::insight::funnel::{FunnelRow, StepNumbers};

/// The counts of one row of the answer.
#[derive(Debug, Clone, Default)]
pub(in crate::insight) struct Group {
    counts: Vec<u64>,
    dropped: Vec<u64>,
    /// Per step the µs since the last required step before it.
    times: Vec<Vec<i64>>,
}

/// The groups of one thread.
struct Tally<'a> {
    runs: Runs<'a>,
    groups: Vec<Group>,
    budget: &'a Budget<'a>,
    /// Times that the budget has not been asked for yet.
    untold: usize,
}

/// Times between two looks at the budget.
const TOLD_AT: usize = 8_192;

impl Funnel<'_> {
    /// The rows of the steps view.
    pub(in crate::insight) fn rows(&self, values: &Values<'_>) -> Result<Vec<FunnelRow>, QueryError> {
        if self.bound.breakdown.is_none() {
            let groups = self.groups(&|_| Some(0))?;
            let whole = groups.into_iter().next().unwrap_or_else(|| Group::new(self.bound.steps.len()));
            return Ok(vec![FunnelRow { breakdown_value: None, steps: whole.shaped(self.bound) }]);
        }
        let mark = self.budget.memory_mark();
        let groups = self.groups(&Some)?;
        let shown = self.shown(values, &groups);
        // Values of `(other)` are one: whoever ran through it with two of them counts once.
        let groups = if shown.shares() {
            drop(groups);
            self.budget.return_to(mark);
            self.groups(&|value| shown.group_of(value))?
        } else {
            shown.arranged(groups)
        };
        let rows = shown.rows().into_iter().filter_map(|(group, name)| {
            let group = groups.get(group).filter(|group| group.counts.iter().any(|count| *count > 0))?;
            Some(FunnelRow { breakdown_value: Some(name), steps: group.shaped(self.bound) })
        });
        Ok(rows.collect())
    }

    /// Which values have a row: ranked by the last step, then the ones before, then by value.
    pub(in crate::insight) fn shown(&self, values: &Values<'_>, groups: &[Group]) -> Shown {
        let met = |code: usize| groups.get(code).filter(|group| group.counts.iter().any(|count| *count > 0));
        let limit = self.bound.breakdown.as_ref().map_or(usize::MAX, |(breakdown, _)| breakdown.limit);
        let hide_other = self.bound.breakdown.as_ref().is_some_and(|(breakdown, _)| breakdown.hide_other);
        Shown::ranked(values, (limit, hide_other), |code| {
            met(code).map(|group| group.counts.iter().rev().map(|count| *count as f64).collect::<Vec<_>>())
        })
    }

    /// The values that have a row, from a first pass over all.
    pub(in crate::insight) fn shown_after_pass(&self, values: &Values<'_>) -> Result<Shown, QueryError> {
        let groups = self.groups(&Some)?;
        Ok(self.shown(values, &groups))
    }

    fn groups(&self, map: &(impl Fn(u32) -> Option<u32> + Sync)) -> Result<Vec<Group>, QueryError> {
        let steps = self.bound.steps.len();
        let make = || Ok(Tally { runs: self.runs(steps), groups: Vec::new(), budget: self.budget, untold: 0 });
        let tallies = self.journeys.fold(&self.conditions, make, |tally, _, rows| {
            tally.runs.read(rows);
            tally.person(self.bound, map)
        })?;
        let mut all: Vec<Group> = Vec::new();
        for tally in tallies {
            for (index, group) in tally.groups.into_iter().enumerate() {
                match all.get_mut(index) {
                    Some(all) => all.merge(group),
                    None => all.push(group),
                }
            }
        }
        Ok(all)
    }

    /// The runs of one person with the row of the answer that each counts in.
    pub(in crate::insight) fn placements(
        &self,
        runs: &mut Runs<'_>,
        map: &impl Fn(u32) -> Option<u32>,
        mut found: impl FnMut(u32, &Run),
    ) -> Result<(), QueryError> {
        place(self.bound, runs, map, &mut found)
    }
}

fn place(
    bound: &BoundFunnel,
    runs: &mut Runs<'_>,
    map: &impl Fn(u32) -> Option<u32>,
    found: &mut impl FnMut(u32, &Run),
) -> Result<(), QueryError> {
    match &bound.breakdown {
        None => {
            if let Some(run) = runs.best() {
                found(0, &run);
            }
            Ok(())
        }
        Some((_, attribution)) => runs.by_value(*attribution, map, found),
    }
}

impl Tally<'_> {
    fn person(&mut self, bound: &BoundFunnel, map: &impl Fn(u32) -> Option<u32>) -> Result<(), QueryError> {
        let mut found = Vec::new();
        place(bound, &mut self.runs, map, &mut |code, run: &Run| found.push((code, *run)))?;
        for (code, run) in found {
            let code = code as usize;
            if code >= self.groups.len() {
                self.budget.take((code + 1 - self.groups.len()) * (72 + bound.steps.len() * 40), "breakdown values")?;
                self.groups.resize_with(code + 1, || Group::new(bound.steps.len()));
            }
            self.untold += self.groups[code].add(bound, &self.runs, &run);
        }
        if self.untold >= TOLD_AT {
            self.budget.take(self.untold * size_of::<i64>(), "times between steps")?;
            self.untold = 0;
        }
        Ok(())
    }
}

/// The last required step before `step`.
pub(in crate::insight) fn required_before(bound: &BoundFunnel, step: usize) -> Option<usize> {
    (0..step).rev().find(|before| !bound.steps[*before].optional)
}

impl Group {
    pub(in crate::insight) fn new(steps: usize) -> Group {
        Group { counts: vec![0; steps], dropped: vec![0; steps], times: vec![Vec::new(); steps] }
    }

    /// Counts a run; returns how many times were kept.
    fn add(&mut self, bound: &BoundFunnel, runs: &Runs<'_>, run: &Run) -> usize {
        let mut kept = 0;
        for step in 0..bound.steps.len() {
            let done = run.done >> step & 1 == 1;
            self.counts[step] += u64::from(done);
            let Some(before) = required_before(bound, step) else { continue };
            let came = run.done >> before & 1 == 1;
            self.dropped[step] += u64::from(came && !done);
            if done && came && !bound.steps[step].optional {
                self.times[step].push(runs.at(run, step) - runs.at(run, before));
                kept += 1;
            }
        }
        kept
    }

    fn merge(&mut self, other: Group) {
        self.counts.iter_mut().zip(other.counts).for_each(|(all, more)| *all += more);
        self.dropped.iter_mut().zip(other.dropped).for_each(|(all, more)| *all += more);
        self.times.iter_mut().zip(other.times).for_each(|(all, more)| all.extend(more));
    }

    fn shaped(&self, bound: &BoundFunnel) -> Vec<StepNumbers> {
        let share = |count: u64, of: u64| if of == 0 { 0.0 } else { count as f64 / of as f64 };
        let step = |step: usize| {
            let count = self.counts[step];
            let before = required_before(bound, step).map_or(count, |before| self.counts[before]);
            StepNumbers {
                count,
                dropped: self.dropped[step],
                conversion: share(count, self.counts[0]),
                conversion_of_previous: share(count, before),
                average_s: average(&self.times[step]),
                median_s: median(&self.times[step]),
            }
        };
        (0..bound.steps.len()).map(step).collect()
    }
}

/// Mean of µs in seconds.
pub(in crate::insight) fn average(times: &[i64]) -> Option<f64> {
    let sum: i128 = times.iter().map(|time| i128::from(*time)).sum();
    (!times.is_empty()).then(|| sum as f64 / times.len() as f64 / 1e6)
}

/// Median of µs in seconds: linear between the two in the middle.
fn median(times: &[i64]) -> Option<f64> {
    let mut times = times.to_vec();
    let (middle, odd) = (times.len() / 2, times.len() % 2 == 1);
    if times.is_empty() {
        return None;
    }
    let (below, upper, _) = times.select_nth_unstable(middle);
    let upper = seconds(*upper);
    if odd {
        return Some(upper);
    }
    let lower = below.iter().max().map_or(upper, |lower| seconds(*lower));
    Some(lower + (upper - lower) / 2.0)
}

impl Shown {
    /// Groups by code become groups by row.
    fn arranged(&self, mut groups: Vec<Group>) -> Vec<Group> {
        let mut arranged = vec![Group::default(); self.rows_max()];
        for (code, group) in groups.iter_mut().enumerate() {
            if let Some(row) = self.group_of(code as u32) {
                arranged[row as usize] = std::mem::take(group);
            }
        }
        arranged
    }
}
