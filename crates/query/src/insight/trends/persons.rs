//! Maths that look at one person at a time: active in a window, for the first time, events per person.

use super::pass::Grouping;
use super::tally::{Stat, stat_of};
use super::{Lines, Trend, finite};
use crate::bind::trends::BoundSeries;
use crate::journeys::conditions::Conditions;
use crate::journeys::{Journeys, Reading, Row, Times};
use crate::kernels::NO_CELL;
use crate::limits::{Budget, QueryError};
use crate::values::{NONE_GROUP, Values};
use model::Micros;
use model::insight::trends::Math;

/// Bits of a row.
const MATCHES: u32 = 1;
const NAMED: u32 = 2;

/// Whether a math is counted here.
pub(super) fn counts(math: Math) -> bool {
    use Math::{FirstMatchingEventForUser, FirstTimeForUser, MonthlyActive, WeeklyActive};
    matches!(math, WeeklyActive | MonthlyActive | FirstTimeForUser | FirstMatchingEventForUser)
        || per_person(math).is_some()
}

/// The statistic over the persons' numbers of events.
fn per_person(math: Math) -> Option<Stat> {
    Some(match math {
        Math::AvgCountPerActor => Stat::Mean,
        Math::MinCountPerActor => Stat::Quantile(0.0),
        Math::MaxCountPerActor => Stat::Quantile(1.0),
        Math::MedianCountPerActor => Stat::Quantile(0.5),
        Math::P75CountPerActor => Stat::Quantile(0.75),
        Math::P90CountPerActor => Stat::Quantile(0.9),
        Math::P95CountPerActor => Stat::Quantile(0.95),
        Math::P99CountPerActor => Stat::Quantile(0.99),
        _ => return None,
    })
}

/// One thread's counts. A cell is `group × buckets + bucket`.
struct State<'a> {
    budget: &'a Budget<'a>,
    buckets: usize,
    cells: Vec<u64>,
    totals: Vec<u64>,
    /// Events of one person, by cell and by group.
    numbers: Vec<(u32, f64)>,
    total_numbers: Vec<(u32, f64)>,
    groups: Groups,
    /// Group and instant of the person's rows.
    rows: Vec<(u32, Micros)>,
}

const UNKNOWN: u32 = NO_CELL - 1;

/// Group of each code met so far; [`UNKNOWN`]: not asked yet.
#[derive(Default)]
pub(super) struct Groups(Vec<u32>);

impl Groups {
    /// The group of a row's value; [`NO_CELL`]: it is hidden.
    pub(super) fn of(&mut self, code: u32, values: &Values<'_>, grouping: &Grouping<'_>) -> Result<u32, QueryError> {
        if let Some(group) = self.0.get(code as usize).filter(|group| **group != UNKNOWN) {
            return Ok(*group);
        }
        let group = match code {
            NONE_GROUP => grouping.group_of(None)?,
            NO_CELL => return Ok(NO_CELL),
            code => values.with_name(code, |name| grouping.group_of(Some(name))).unwrap_or(Ok(NO_CELL))?,
        };
        if code as usize >= self.0.len() {
            self.0.resize(code as usize + 1, UNKNOWN);
        }
        self.0[code as usize] = group;
        Ok(group)
    }
}

impl Trend<'_> {
    /// The lines of one series that [`counts`].
    pub(super) fn persons(
        &self,
        series: &BoundSeries,
        edges: &[Micros],
        grouping: &Grouping<'_>,
    ) -> Result<Lines, QueryError> {
        let span = &self.bound.span;
        let matching = series.matching();
        let values = Values::new(self.budget);
        let mut conditions = Conditions::new(self.snapshot, self.budget, &self.bound.filter)?;
        conditions.matching(&matching, MATCHES)?;
        let history = match series.math {
            Math::FirstTimeForUser => {
                conditions.named((&series.event, &series.action), NAMED)?;
                NAMED
            }
            Math::FirstMatchingEventForUser => MATCHES,
            _ => 0,
        };
        if let Some(split) = grouping.split() {
            conditions.with_values(split.clone(), &values);
        }
        let from = series.windows.first().map_or(span.from, |window| window.0.min(span.from));
        let repeats = matches!(grouping, Grouping::Shown(..));
        let names = conditions.names();
        let reading = Reading { range: (from, span.to), history, names, times: Times::Exact, repeats };
        let journeys = Journeys::plan(self.snapshot, self.budget, reading)?;
        let buckets = edges.len() - 1;
        let make = || Ok(State::new(self.budget, buckets));
        let states = journeys.fold(&conditions, make, |state, _, rows| {
            state.rows.clear();
            match series.math {
                Math::FirstTimeForUser | Math::FirstMatchingEventForUser => {
                    let sign = if history == NAMED { NAMED } else { MATCHES };
                    let first = rows.iter().find(|row| row.bits & sign != 0);
                    let counts = |row: &&Row| row.bits & MATCHES != 0 && row.at >= span.from;
                    state.read(first.filter(counts).into_iter(), &values, grouping)?;
                    state.first(edges)
                }
                Math::WeeklyActive | Math::MonthlyActive => {
                    state.read(rows.iter(), &values, grouping)?;
                    state.active(series, span.from)
                }
                _ => {
                    state.read(rows.iter(), &values, grouping)?;
                    state.events(edges)
                }
            }
        })?;
        Ok(finished(states, series, grouping.count(), buckets))
    }
}

fn finished(states: Vec<State<'_>>, series: &BoundSeries, groups: usize, buckets: usize) -> Lines {
    let (mut cells, mut totals) = (vec![0_u64; groups * buckets], vec![0_u64; groups]);
    let (mut numbers, mut total_numbers) = (Vec::new(), Vec::new());
    for state in states {
        cells.iter_mut().zip(state.cells).for_each(|(all, more)| *all += more);
        totals.iter_mut().zip(state.totals).for_each(|(all, more)| *all += more);
        numbers.extend(state.numbers);
        total_numbers.extend(state.total_numbers);
    }
    match per_person(series.math) {
        None => {
            let shown = |counts: Vec<u64>| counts.into_iter().map(|count| Some(count as f64)).collect();
            Lines { cells: shown(cells), totals: shown(totals) }
        }
        Some(stat) => {
            let mut lines = Lines { cells: vec![None; groups * buckets], totals: vec![None; groups] };
            stats(&mut numbers, stat, &mut lines.cells);
            stats(&mut total_numbers, stat, &mut lines.totals);
            lines
        }
    }
}

/// Writes the statistic of each place that has numbers.
pub(super) fn stats(numbers: &mut [(u32, f64)], stat: Stat, out: &mut [Option<f64>]) {
    numbers.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut sorted = Vec::new();
    for run in numbers.chunk_by(|a, b| a.0 == b.0) {
        sorted.clear();
        sorted.extend(run.iter().map(|(_, number)| *number));
        out[run[0].0 as usize] = stat_of(stat, &sorted).and_then(finite);
    }
}

impl<'a> State<'a> {
    fn new(budget: &'a Budget<'a>, buckets: usize) -> State<'a> {
        let (cells, totals, numbers, total_numbers, groups, rows) = Default::default();
        State { budget, buckets, cells, totals, numbers, total_numbers, groups, rows }
    }

    /// The rows that match, by group and then in their order.
    fn read<'r>(
        &mut self,
        rows: impl Iterator<Item = &'r Row>,
        values: &Values<'_>,
        grouping: &Grouping<'_>,
    ) -> Result<(), QueryError> {
        for row in rows.filter(|row| row.bits & MATCHES != 0) {
            let group = self.groups.of(row.value, values, grouping)?;
            if group != NO_CELL {
                self.rows.push((group, row.at));
            }
        }
        self.rows.sort_by_key(|row| row.0);
        Ok(())
    }

    /// Makes room for a group.
    fn grow(&mut self, group: u32) -> Result<(), QueryError> {
        let groups = group as usize + 1;
        if groups > self.totals.len() {
            let more = (groups - self.totals.len()) * (self.buckets + 1);
            self.budget.take(more * size_of::<u64>(), "breakdown values")?;
            self.totals.resize(groups, 0);
            self.cells.resize(groups * self.buckets, 0);
        }
        Ok(())
    }

    fn first(&mut self, edges: &[Micros]) -> Result<(), QueryError> {
        let Some((group, at)) = self.rows.first().copied() else { return Ok(()) };
        self.grow(group)?;
        self.cells[group as usize * self.buckets + edges.partition_point(|edge| *edge <= at) - 1] += 1;
        self.totals[group as usize] += 1;
        Ok(())
    }

    /// Counts the person once in each bucket whose window has one of their events, and once if the range has.
    fn active(&mut self, series: &BoundSeries, from: Micros) -> Result<(), QueryError> {
        let rows = std::mem::take(&mut self.rows);
        let windows = &series.windows;
        for own in rows.chunk_by(|a, b| a.0 == b.0) {
            let group = own[0].0;
            self.grow(group)?;
            self.totals[group as usize] += u64::from(own.iter().any(|(_, at)| *at >= from));
            // A first pass has the whole range as one bucket, and asks only for totals.
            if windows.len() != self.buckets {
                continue;
            }
            let mut next = 0;
            for (_, at) in own {
                // Windows begin and end later from bucket to bucket.
                let first = windows.partition_point(|window| window.1 < *at).max(next);
                let end = windows.partition_point(|window| window.0 <= *at);
                (first..end).for_each(|bucket| self.cells[group as usize * self.buckets + bucket] += 1);
                next = next.max(end);
            }
        }
        self.rows = rows;
        Ok(())
    }

    /// The person's numbers of events per bucket, and in all.
    fn events(&mut self, edges: &[Micros]) -> Result<(), QueryError> {
        let rows = std::mem::take(&mut self.rows);
        for own in rows.chunk_by(|a, b| a.0 == b.0) {
            let group = own[0].0;
            if self.numbers.len() + own.len() > self.numbers.capacity() {
                let more = own.len().max(self.numbers.len()).max(1_024);
                self.budget.take(2 * more * size_of::<(u32, f64)>(), "events per person")?;
                self.numbers.reserve_exact(more);
            }
            let bucket_of = |at: Micros| edges.partition_point(|edge| *edge <= at) as u32 - 1;
            for same in own.chunk_by(|a, b| bucket_of(a.1) == bucket_of(b.1)) {
                self.numbers.push((group * self.buckets as u32 + bucket_of(same[0].1), same.len() as f64));
            }
            self.total_numbers.push((group, own.len() as f64));
        }
        self.rows = rows;
        Ok(())
    }
}
