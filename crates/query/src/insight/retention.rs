//! Retention: who came back, and when. Definition: docs/semantics/retention.md.
//!
//! A person's intervals with a start and with a return are one 128-bit word each; the cells follow from the two words.

mod cells;
mod shape;

use crate::bind::retention::BoundRetention;
use crate::journeys::conditions::Conditions;
use crate::journeys::{Journeys, Reading, Times};
use crate::limits::{Budget, QueryError};
use crate::split::Split;
use crate::values::{Shown, Values};
use cells::Cells;
use model::insight::retention::{RetentionAnswer, Start};
use store::Snapshot;

/// Bits of a row.
const START: u32 = 1;
const RETURN: u32 = 2;
/// Any event of the start's name, for first-ever starts.
const NAMED: u32 = 4;

/// A retention under way.
pub(super) struct Retention<'a> {
    pub(super) bound: &'a BoundRetention,
    pub(super) budget: &'a Budget<'a>,
    pub(super) journeys: Journeys<'a>,
    pub(super) conditions: Conditions<'a>,
    /// Whether `at` of rows is an instant, not an interval.
    exact: bool,
}

impl<'a> Retention<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        bound: &'a BoundRetention,
        budget: &'a Budget<'a>,
        values: &'a Values<'a>,
    ) -> Result<Self, QueryError> {
        let mut conditions = Conditions::new(snapshot, budget, &bound.filter)?;
        conditions.matching(&bound.start, START)?;
        conditions.matching(&bound.returns, RETURN)?;
        let history = match bound.kind {
            Start::Recurring => 0,
            Start::FirstTime => START,
            Start::FirstEver => {
                conditions.named((&bound.start.event, &bound.start.action), NAMED)?;
                NAMED
            }
        };
        if let Some(breakdown) = &bound.breakdown {
            conditions.with_values(Split::plain(&breakdown.split), values);
        }
        // Which of a person's first events of one interval came first matters only where more than its interval is asked.
        let first_of_several = bound.kind == Start::FirstTime && bound.breakdown.is_some();
        let exact = bound.rolling.is_some() || bound.kind == Start::FirstEver || first_of_several;
        let times = match (exact, bound.minimum) {
            (true, _) => Times::Exact,
            (false, 1) => Times::Buckets(&bound.span.edges),
            (false, _) => Times::CountedBuckets(&bound.span.edges),
        };
        let range = (bound.span.from, bound.span.to);
        let reading = Reading { range, history, names: conditions.names(), times, repeats: false };
        let journeys = Journeys::plan(snapshot, budget, reading)?;
        Ok(Self { bound, budget, journeys, conditions, exact })
    }

    /// The cells of persons, one after another.
    pub(super) fn cells(&self) -> Cells<'_> {
        Cells::new(self.bound, self.budget, self.exact)
    }

    /// Counts per group, row and column.
    fn counts(&self, map: &(impl Fn(u32) -> Option<u32> + Sync)) -> Result<Vec<u64>, QueryError> {
        let size = self.bound.span.labels.len().pow(2);
        let intervals = self.bound.span.labels.len();
        let make = || Ok((self.cells(), Vec::new(), Vec::new()));
        type State<'a> = (Cells<'a>, Vec<usize>, Vec<u64>);
        let states =
            self.journeys.fold(&self.conditions, make, |(cells, places, counts): &mut State<'_>, _, rows| {
                places.clear();
                cells.person(rows, map, |group, row, column| {
                    places.push(group as usize * size + row * intervals + column)
                })?;
                let wanted = places.iter().max().map_or(0, |last| (last / size + 1) * size);
                if wanted > counts.len() {
                    self.budget.take((wanted - counts.len()) * size_of::<u64>(), "breakdown values")?;
                    counts.resize(wanted, 0);
                }
                places.iter().for_each(|place| counts[*place] += 1);
                Ok(())
            })?;
        let mut all: Vec<u64> = Vec::new();
        for (_, _, counts) in states {
            all.resize(all.len().max(counts.len()), 0);
            all.iter_mut().zip(counts).for_each(|(all, more)| *all += more);
        }
        Ok(all)
    }

    /// Which values have rows: ranked by the sum of the sizes of their rows.
    fn shown(&self, values: &Values<'_>, counts: &[u64]) -> Shown {
        let intervals = self.bound.span.labels.len();
        let limits = self.bound.breakdown.as_ref().map_or((usize::MAX, false), |split| (split.limit, split.hide_other));
        Shown::ranked(values, limits, |code| {
            let cells = counts.get(code * intervals * intervals..(code + 1) * intervals * intervals)?;
            let size: u64 = cells.iter().step_by(intervals).sum();
            (size > 0).then(|| vec![size as f64])
        })
    }

    /// The values that have rows, from a pass over all.
    pub(super) fn shown_after_pass(&self, values: &Values<'_>) -> Result<Shown, QueryError> {
        let counts = self.counts(&Some)?;
        Ok(self.shown(values, &counts))
    }
}

pub(crate) fn answer(
    snapshot: &Snapshot,
    bound: &BoundRetention,
    budget: &Budget<'_>,
) -> Result<RetentionAnswer, QueryError> {
    if !bound.cohorts.is_empty() {
        return of_cohorts(snapshot, bound, budget);
    }
    let values = Values::new(budget);
    let retention = Retention::new(snapshot, bound, budget, &values)?;
    let groups = match &bound.breakdown {
        None => vec![(None, retention.counts(&|_| Some(0))?)],
        Some(_) => {
            let mark = budget.memory_mark();
            let counts = retention.counts(&Some)?;
            let shown = retention.shown(&values, &counts);
            drop(counts);
            budget.return_to(mark);
            let counts = retention.counts(&|code| shown.group_of(code))?;
            shape::per_group(&shown, &counts, bound.span.labels.len())
        }
    };
    let mut answer = RetentionAnswer {
        intervals: bound.span.buckets(),
        rows: groups.iter().flat_map(|(name, counts)| shape::rows(bound, name.as_deref(), counts)).collect(),
        means: Vec::new(),
        explain: Default::default(),
    };
    answer.means = shape::means(bound, &answer.rows);
    answer.explain =
        crate::explain(snapshot, (&bound.definition, bound.span.from, bound.span.to), &bound.warnings, budget);
    Ok(answer)
}

/// Rows and means per cohort: the retention of its persons.
fn of_cohorts(snapshot: &Snapshot, bound: &BoundRetention, budget: &Budget<'_>) -> Result<RetentionAnswer, QueryError> {
    let (mut rows, mut means) = (Vec::new(), Vec::new());
    for (name, cohort) in &bound.cohorts {
        let mut of_one = answer(snapshot, &bound.of_cohort(cohort), budget)?;
        of_one.rows.iter_mut().for_each(|row| row.breakdown_value = Some(name.clone()));
        of_one.means.iter_mut().for_each(|means| means.breakdown_value = Some(name.clone()));
        rows.append(&mut of_one.rows);
        means.append(&mut of_one.means);
    }
    let explain =
        crate::explain(snapshot, (&bound.definition, bound.span.from, bound.span.to), &bound.warnings, budget);
    Ok(RetentionAnswer { intervals: bound.span.buckets(), rows, means, explain })
}
