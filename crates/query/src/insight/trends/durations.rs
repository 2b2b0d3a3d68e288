//! Maths over the durations of sessions: each session once in every bucket in which it has a matching event.
//! Definition: docs/semantics/sessions.md.

use super::pass::Grouping;
use super::persons::{Groups, stats};
use super::tally::{Stat, probability};
use super::{Lines, Trend};
use crate::bind::trends::BoundSeries;
use crate::journeys::conditions::Conditions;
use crate::kernels::NO_CELL;
use crate::limits::{Budget, QueryError};
use crate::sessions::{Key, LONGEST, SessionRow, Sessions};
use crate::values::Values;
use model::Micros;
use model::insight::trends::Math;
use model::time::SECOND;

/// Marks the events of the series.
const MATCHES: u32 = 1;

fn stat(math: Math) -> Stat {
    match math {
        Math::Sum => Stat::Sum,
        Math::Avg => Stat::Mean,
        Math::Min => Stat::Quantile(0.0),
        Math::Max => Stat::Quantile(1.0),
        math => Stat::Quantile(probability(math)),
    }
}

/// One thread's durations, seconds, by cell (`group × buckets + bucket`) and by group.
struct State<'a> {
    budget: &'a Budget<'a>,
    groups: Groups,
    cells: Vec<(u32, f64)>,
    totals: Vec<(u32, f64)>,
    /// Group and bucket of the session's matching events.
    places: Vec<(u32, u32)>,
}

impl Trend<'_> {
    /// The lines of a series over durations of sessions.
    pub(super) fn durations(
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
        if let Some(split) = grouping.split() {
            conditions.with_values(split.clone(), &values);
        }
        let sessions = Sessions::plan(self.snapshot, self.budget, (span.from, span.to), Key::Session { infer: false })?;
        let buckets = edges.len() - 1;
        let make = || {
            let (groups, cells, totals, places) = Default::default();
            Ok(State { budget: self.budget, groups, cells, totals, places })
        };
        let states = sessions.fold(&conditions, make, |state, visit| {
            let within = |row: &&SessionRow| row.bits & MATCHES != 0 && (span.from..=span.to).contains(&row.at);
            state.places.clear();
            for row in visit.rows.iter().filter(within) {
                let group = state.groups.of(row.value, &values, grouping)?;
                if group != NO_CELL {
                    state.places.push((group, edges.partition_point(|edge| *edge <= row.at) as u32 - 1));
                }
            }
            let duration = visit.rows[visit.rows.len() - 1].at - visit.rows[0].at;
            if duration <= LONGEST { state.add((duration / SECOND) as f64, buckets as u32) } else { Ok(()) }
        })?;
        let (mut cells, mut totals) = (Vec::new(), Vec::new());
        for state in states {
            cells.extend(state.cells);
            totals.extend(state.totals);
        }
        let groups = grouping.count();
        let empty = (series.math == Math::Sum).then_some(0.0);
        let mut lines = Lines { cells: vec![empty; groups * buckets], totals: vec![empty; groups] };
        stats(&mut cells, stat(series.math), &mut lines.cells);
        stats(&mut totals, stat(series.math), &mut lines.totals);
        Ok(lines)
    }
}

impl State<'_> {
    /// Adds one session to each of its places, once.
    fn add(&mut self, seconds: f64, buckets: u32) -> Result<(), QueryError> {
        self.places.sort_unstable();
        self.places.dedup();
        if self.cells.len() + self.places.len() > self.cells.capacity() {
            let more = self.places.len().max(self.cells.len()).max(1_024);
            self.budget.take(2 * more * size_of::<(u32, f64)>(), "durations of sessions")?;
            self.cells.reserve_exact(more);
        }
        for own in self.places.chunk_by(|a, b| a.0 == b.0) {
            self.cells.extend(own.iter().map(|(group, bucket)| (group * buckets + bucket, seconds)));
            self.totals.push((own[0].0, seconds));
        }
        Ok(())
    }
}
