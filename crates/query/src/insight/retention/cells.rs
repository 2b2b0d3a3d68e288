//! The cells of one person.

use super::{NAMED, RETURN, START};
use crate::bind::retention::BoundRetention;
use crate::journeys::Row;
use crate::limits::{Budget, QueryError};
use model::insight::retention::Start;

/// What is found in a cell.
pub(in crate::insight) enum Found<'r> {
    /// The person is in it.
    Person,
    /// One of the person's return events lies in it; found only where an aggregate is asked for.
    Return(&'r Row),
}

/// Finds cells; keeps its memory from person to person.
pub(in crate::insight) struct Cells<'a> {
    bound: &'a BoundRetention,
    budget: &'a Budget<'a>,
    exact: bool,
    values: Vec<u32>,
    /// Return events per interval, where more than one is needed.
    returns: Vec<u32>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(bound: &'a BoundRetention, budget: &'a Budget<'a>, exact: bool) -> Self {
        Self { bound, budget, exact, values: Vec::new(), returns: vec![0; bound.span.labels.len()] }
    }

    /// Calls `found` with group, row and column of each cell that the person is in, each once per group, and of each of
    /// their return events. `map` turns the codes of values into groups.
    pub(in crate::insight) fn person(
        &mut self,
        rows: &[Row],
        map: &impl Fn(u32) -> Option<u32>,
        mut found: impl FnMut(u32, usize, usize, Found<'_>) -> Result<(), QueryError>,
    ) -> Result<(), QueryError> {
        let first = match self.bound.kind {
            Start::Recurring => None,
            Start::FirstTime => rows.iter().find(|row| row.bits & START != 0),
            Start::FirstEver => rows.iter().find(|row| row.bits & NAMED != 0).filter(|row| row.bits & START != 0),
        };
        if self.bound.kind != Start::Recurring {
            let Some(first) = first else { return Ok(()) };
            let Some(group) = map(first.value) else { return Ok(()) };
            let belongs = |row: &Row| map(row.value) == Some(group);
            return self.unit(rows, Some(first), belongs, |row, column, what| found(group, row, column, what));
        }
        self.values.clear();
        self.values.extend(rows.iter().filter(|row| row.bits & START != 0).filter_map(|row| map(row.value)));
        self.values.sort_unstable();
        self.values.dedup();
        for index in 0..self.values.len() {
            // A person with thousands of values is a long way.
            if index % 16 == 15 {
                self.budget.check()?;
            }
            let group = self.values[index];
            let belongs = |row: &Row| map(row.value) == Some(group);
            self.unit(rows, None, belongs, |row, column, what| found(group, row, column, what))?;
        }
        Ok(())
    }

    /// The cells of the rows that `belongs` takes. `first`: the one start event that counts.
    fn unit(
        &mut self,
        rows: &[Row],
        first: Option<&Row>,
        belongs: impl Fn(&Row) -> bool,
        mut found: impl FnMut(usize, usize, Found<'_>) -> Result<(), QueryError>,
    ) -> Result<(), QueryError> {
        // When windows roll: the start, and the row that it is in.
        let mut start = None;
        let (starts, returns) = match self.bound.rolling {
            None => self.calendar(rows, first, &belongs),
            Some(length) => {
                let within = |row: &&Row| row.at >= self.bound.span.from;
                let starts = |row: &&Row| row.bits & START != 0 && belongs(row);
                let Some(own) = first.or_else(|| rows.iter().find(starts)).filter(within) else { return Ok(()) };
                let row = (own.at - self.bound.span.from) / length;
                start = Some((own.at, row));
                let after = rows.iter().filter(|row| row.bits & RETURN != 0 && row.at >= own.at && belongs(row));
                // Columns become intervals, so that the cells follow as in the calendar.
                (1_u128 << row, after.fold(0, |all, back| all | 1 << (row + (back.at - own.at) / length)))
            }
        };
        let intervals = self.bound.span.labels.len();
        for row in (0..intervals).filter(|row| starts >> row & 1 == 1) {
            found(row, 0, Found::Person)?;
            let later = returns >> row & !1;
            let last = (u128::BITS - later.leading_zeros()) as usize;
            let is_in = |column: &usize| self.bound.cumulative || later >> column & 1 == 1;
            (1..last).filter(is_in).try_for_each(|column| found(row, column, Found::Person))?;
        }
        if self.bound.aggregate.is_none() {
            return Ok(());
        }
        for back in rows.iter().filter(|row| row.bits & RETURN != 0 && belongs(row)) {
            let interval = match (start, self.bound.rolling) {
                (Some((at, row)), Some(length)) => usize::try_from(row + (back.at - at).div_euclid(length)).ok(),
                _ => self.interval(back),
            };
            // By the calendar an interval is one, when windows roll what came before the start is no return.
            let Some(interval) = interval.filter(|_| start.is_none_or(|(at, _)| back.at >= at)) else { continue };
            let mut into = (0..=interval).filter(|row| starts >> row & 1 == 1);
            into.try_for_each(|row| found(row, interval - row, Found::Return(back)))?;
        }
        Ok(())
    }

    /// The intervals with a start and with enough returns, as bits.
    fn calendar(&mut self, rows: &[Row], first: Option<&Row>, belongs: &impl Fn(&Row) -> bool) -> (u128, u128) {
        let (mut starts, mut returns) = (0, 0);
        if let Some(interval) = first.and_then(|first| self.interval(first)) {
            starts = 1 << interval;
        }
        self.returns.fill(0);
        for row in rows {
            let Some(interval) = self.interval(row).filter(|_| belongs(row)) else { continue };
            if row.bits & START != 0 && first.is_none() {
                starts |= 1 << interval;
            }
            if row.bits & RETURN != 0 {
                self.returns[interval] += 1;
                if self.returns[interval] >= self.bound.minimum {
                    returns |= 1 << interval;
                }
            }
        }
        (starts, returns)
    }

    /// The interval of a row; `None`: before the first.
    fn interval(&self, row: &Row) -> Option<usize> {
        if self.exact {
            return self.bound.span.edges.partition_point(|edge| *edge <= row.at).checked_sub(1);
        }
        usize::try_from(row.at).ok()
    }
}
