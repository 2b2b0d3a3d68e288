//! Which segments a question must read.
//!
//! A segment is left out when its instants lie outside the range, or when its statistics say that it has none of the
//! event names asked for. Columns are not planned: `scan` reads those, and only those, that the question touches.

use model::Micros;
use std::sync::Arc;
use store::{Segment, Snapshot};

/// The segments that can hold a row of the answer, ascending by day.
pub(crate) struct Plan<'a> {
    pub(crate) segments: Vec<&'a Arc<Segment>>,
    /// Rows in them.
    pub(crate) rows: u64,
}

/// Plans for `[from, to]`, both inclusive. `names`: the event names asked for; `None` asks for all.
pub(crate) fn plan<'a>(snapshot: &'a Snapshot, from: Micros, to: Micros, names: Option<&[&str]>) -> Plan<'a> {
    let asked = |segment: &Segment| {
        let (first, last) = segment.event_at_range();
        let named = |names: &[&str]| names.iter().any(|name| segment.stats().may_have_event(name));
        first <= to && last >= from && names.is_none_or(named)
    };
    let segments: Vec<_> = snapshot.segments().iter().filter(|segment| asked(segment)).collect();
    let rows = segments.iter().map(|segment| segment.rows() as u64).sum();
    Plan { segments, rows }
}

impl<'a> Plan<'a> {
    /// Splits into at most `parts` runs of about equal rows, in order.
    pub(crate) fn split(&self, parts: usize) -> Vec<&[&'a Arc<Segment>]> {
        let share = self.rows.div_ceil(parts as u64).max(1);
        let (mut runs, mut start, mut rows) = (Vec::new(), 0, 0);
        for (index, segment) in self.segments.iter().enumerate() {
            rows += segment.rows() as u64;
            if rows >= share && runs.len() + 1 < parts {
                runs.push(&self.segments[start..=index]);
                (start, rows) = (index + 1, 0);
            }
        }
        if start < self.segments.len() {
            runs.push(&self.segments[start..]);
        }
        runs
    }
}
