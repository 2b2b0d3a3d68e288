//! From one person's rows to their paths: split at pauses, repeats collapsed, cut at the ends.

use super::items::Codes;
use crate::bind::paths::BoundPaths;
use crate::insight::funnel::Runs;
use crate::journeys::Row;
use crate::limits::QueryError;
use model::insight::paths::PathSide;
use model::time::SECOND;
use std::ops::Range;

/// A pause of this length or more ends a path, µs.
const PAUSE: i64 = 1_800 * SECOND;

/// One item of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::insight) struct Stop {
    /// Its code.
    pub(in crate::insight) item: u32,
    /// event_at of the last of its repeats, µs.
    pub(in crate::insight) at: i64,
}

/// Beside which step of their runs persons have a path.
pub(in crate::insight) struct Beside<'a> {
    pub(super) runs: Runs<'a>,
    /// From 0.
    pub(super) step: usize,
    pub(super) side: PathSide,
    /// Marks items among the rows.
    pub(super) bit: u32,
    /// What ends a path, µs.
    pub(super) pause: i64,
}

/// Which items of a path that is too long are kept.
#[derive(Clone, Copy)]
enum Keep {
    First,
    Last,
    Both,
}

/// Finds paths; keeps its memory from person to person.
pub(in crate::insight) struct Walk<'a> {
    bound: &'a BoundPaths,
    codes: Codes,
    beside: Option<Beside<'a>>,
    /// Of paths beside a step: the rows that are items.
    rows: Vec<Row>,
    stops: Vec<Stop>,
    cut: Vec<Stop>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(bound: &'a BoundPaths, codes: Codes, beside: Option<Beside<'a>>) -> Self {
        Self { bound, codes, beside, rows: Vec::new(), stops: Vec::new(), cut: Vec::new() }
    }

    /// Calls `found` with each path of one person, in order.
    pub(in crate::insight) fn person(
        &mut self,
        rows: &[Row],
        mut found: impl FnMut(&[Stop]) -> Result<(), QueryError>,
    ) -> Result<(), QueryError> {
        if let Some(beside) = &mut self.beside {
            let Some(within) = beside.items(rows, &mut self.rows) else { return Ok(()) };
            stops(&self.rows[within], &mut self.stops);
            let keep = match beside.side {
                PathSide::Before => Keep::Last,
                PathSide::After => Keep::First,
                PathSide::Between => Keep::Both,
            };
            let all = 0..self.stops.len();
            return if all.is_empty() { Ok(()) } else { found(self.shortened(all, keep)) };
        }
        for session in rows.chunk_by(|a, b| b.at - a.at < PAUSE) {
            stops(session, &mut self.stops);
            if let Some((part, keep)) = self.between_ends() {
                found(self.shortened(part, keep))?;
            }
        }
        Ok(())
    }

    /// The part of the session's stops between its ends; `None`: it does not pass them.
    fn between_ends(&self) -> Option<(Range<usize>, Keep)> {
        let find = |from: usize, item: u32| self.stops[from..].iter().position(|stop| stop.item == item);
        let first = match self.codes.start {
            Some(start) => find(0, start)?,
            None => 0,
        };
        let Some(end) = self.codes.end else { return Some((first..self.stops.len(), Keep::First)) };
        let part = first..first + find(first, end)? + 1;
        Some((part, if self.codes.start.is_none() { Keep::Last } else { Keep::Both }))
    }

    /// A part of the stops, cut to what is shown.
    fn shortened(&mut self, part: Range<usize>, keep: Keep) -> &[Stop] {
        let (whole, longest) = (&self.stops[part], self.bound.steps);
        if whole.len() <= longest {
            return whole;
        }
        let half = longest / 2;
        match keep {
            Keep::First => &whole[..longest],
            Keep::Last => &whole[whole.len() - longest..],
            Keep::Both => {
                self.cut.clear();
                self.cut.extend_from_slice(&whole[..half]);
                self.cut.push(Stop { item: self.codes.gap, at: whole[half].at });
                self.cut.extend_from_slice(&whole[whole.len() - half..]);
                &self.cut
            }
        }
    }
}

/// The rows of a session as stops: equal ones that follow each other are one.
fn stops(session: &[Row], stops: &mut Vec<Stop>) {
    stops.clear();
    for row in session {
        match stops.last_mut() {
            Some(last) if last.item == row.value => last.at = row.at,
            _ => stops.push(Stop { item: row.value, at: row.at }),
        }
    }
}

impl Beside<'_> {
    /// The items of a person into `items`, and which of them lie on the side of the step without a pause; `None`: they did
    /// not do the step.
    fn items(&mut self, rows: &[Row], items: &mut Vec<Row>) -> Option<Range<usize>> {
        self.runs.read(rows);
        let run = self.runs.best().filter(|run| run.done >> self.step & 1 == 1)?;
        let at = self.runs.at(&run, self.step);
        items.clear();
        // Most rows of the funnel are no items; what lies before its range never has the bit.
        items.extend(rows.iter().filter(|row| row.bits & self.bit != 0));
        let (before, after) = (items.partition_point(|row| row.at <= at), items.partition_point(|row| row.at < at));
        match self.side {
            PathSide::Before => {
                let mut next = at;
                let back = items[..before].iter().rev().take_while(|row| {
                    let follows = next - row.at < self.pause;
                    next = row.at;
                    follows
                });
                Some(before - back.count()..before)
            }
            PathSide::After => {
                let mut last = at;
                let on = items[after..].iter().take_while(|row| {
                    let follows = row.at - last < self.pause;
                    last = row.at;
                    follows
                });
                Some(after..after + on.count())
            }
            PathSide::Between => {
                let last_done = (0..self.step).rev().find(|step| run.done >> step & 1 == 1)?;
                let from = self.runs.at(&run, last_done);
                Some(items.partition_point(|row| row.at < from)..before)
            }
        }
    }
}
