//! Retention: who came back, and when. Definition: docs/semantics/retention.md.
//!
//! A person's intervals with a start and with a return are one 128-bit word each; the cells follow from the two words.

mod cells;
mod counts;
mod shape;

use crate::bind::retention::BoundRetention;
use crate::journeys::conditions::Conditions;
use crate::journeys::numbers::Numbers;
use crate::journeys::{Journeys, Reading, Times};
use crate::limits::{Budget, QueryError};
use crate::split::Split;
use crate::values::{Shown, Values};
use cells::Cells;
pub(super) use cells::Found;
use counts::Counts;
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
    /// Of aggregates over a number.
    numbers: Option<Numbers<'a>>,
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
        let every = bound.minimum > 1 || bound.aggregate.is_some();
        let times = match (exact, every) {
            (true, _) => Times::Exact,
            (false, false) => Times::Buckets(&bound.span.edges),
            (false, true) => Times::CountedBuckets(&bound.span.edges),
        };
        let range = (bound.span.from, bound.span.to);
        let reading = Reading { range, history, names: conditions.names(), times, repeats: false };
        let journeys = Journeys::plan(snapshot, budget, reading)?;
        let target = bound.aggregate.as_ref().and_then(|aggregate| aggregate.target.as_ref());
        let numbers = target.map(|target| journeys.numbers(target));
        Ok(Self { bound, budget, journeys, conditions, numbers, exact })
    }

    /// The cells of persons, one after another.
    pub(super) fn cells(&self) -> Cells<'_> {
        Cells::new(self.bound, self.budget, self.exact)
    }

    /// Counts per group, row and column.
    fn counts(&self, map: &(impl Fn(u32) -> Option<u32> + Sync)) -> Result<Counts, QueryError> {
        let make = || Ok((self.cells(), Counts::new(self.bound.span.labels.len())));
        let states =
            self.journeys.fold(&self.conditions, make, |(cells, counts): &mut (Cells<'_>, Counts), _, rows| {
                cells.person(rows, map, |group, row, column, found| match found {
                    Found::Person => counts.add_person((group, row, column), self.budget),
                    Found::Return(back) => match &self.numbers {
                        None => counts.add_number((group, row, column), 1.0, self.budget),
                        Some(numbers) => match self.journeys.number(numbers, back)? {
                            Some(number) => counts.add_number((group, row, column), number, self.budget),
                            None => Ok(()),
                        },
                    },
                })
            })?;
        let mut all = Counts::new(self.bound.span.labels.len());
        states.into_iter().for_each(|(_, counts)| all.merge(counts));
        Ok(all)
    }

    /// Which values have rows: ranked by the sum of the sizes of their rows.
    fn shown(&self, values: &Values<'_>, counts: &Counts) -> Shown {
        let limits = self.bound.breakdown.as_ref().map_or((usize::MAX, false), |split| (split.limit, split.hide_other));
        Shown::ranked(values, limits, |code| {
            let size = counts.size(code);
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
        None => vec![(None, retention.counts(&|_| Some(0))?.of(0))],
        Some(_) => {
            let mark = budget.memory_mark();
            let counts = retention.counts(&Some)?;
            let shown = retention.shown(&values, &counts);
            drop(counts);
            budget.return_to(mark);
            let counts = retention.counts(&|code| shown.group_of(code))?;
            shown.rows().into_iter().map(|(group, name)| (Some(name), counts.of(group))).collect()
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
