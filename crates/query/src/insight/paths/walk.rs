//! From one person's rows to their paths: split at pauses, repeats collapsed, cut at the ends.

use crate::bind::paths::BoundPaths;
use crate::journeys::Row;
use crate::limits::QueryError;
use model::time::SECOND;

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

/// Finds paths; keeps its memory from person to person.
pub(in crate::insight) struct Walk<'a> {
    bound: &'a BoundPaths,
    start: Option<u32>,
    end: Option<u32>,
    gap: u32,
    stops: Vec<Stop>,
    cut: Vec<Stop>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(bound: &'a BoundPaths, start: Option<u32>, end: Option<u32>, gap: u32) -> Self {
        Self { bound, start, end, gap, stops: Vec::new(), cut: Vec::new() }
    }

    /// Calls `found` with each path of one person, in order.
    pub(in crate::insight) fn person(
        &mut self,
        rows: &[Row],
        mut found: impl FnMut(&[Stop]) -> Result<(), QueryError>,
    ) -> Result<(), QueryError> {
        for session in rows.chunk_by(|a, b| b.at - a.at < PAUSE) {
            self.stops.clear();
            for row in session {
                match self.stops.last_mut() {
                    Some(last) if last.item == row.value => last.at = row.at,
                    _ => self.stops.push(Stop { item: row.value, at: row.at }),
                }
            }
            if let Some(path) = self.path() {
                found(path)?;
            }
        }
        Ok(())
    }

    /// The session's stops, cut; `None`: it does not pass the ends.
    fn path(&mut self) -> Option<&[Stop]> {
        let longest = self.bound.steps;
        let find = |from: usize, item: u32| self.stops[from..].iter().position(|stop| stop.item == item);
        let first = match self.start {
            Some(start) => find(0, start)?,
            None => 0,
        };
        let Some(end) = self.end else {
            let last = self.stops.len().min(first + longest);
            return Some(&self.stops[first..last]);
        };
        let last = first + find(first, end)? + 1;
        let whole = &self.stops[first..last];
        if whole.len() <= longest {
            return Some(whole);
        }
        if self.start.is_none() {
            return Some(&whole[whole.len() - longest..]);
        }
        let half = longest / 2;
        self.cut.clear();
        self.cut.extend_from_slice(&whole[..half]);
        self.cut.push(Stop { item: self.gap, at: whole[half].at });
        self.cut.extend_from_slice(&whole[whole.len() - half..]);
        Some(&self.cut)
    }
}
