//! A number of each row, read from its segment when the first row of it is asked for.

use super::visit::MOVED;
use super::{Journeys, Row};
use crate::bind::filter::Target;
use crate::limits::QueryError;
use crate::scan::{NumberRows, Scan};
use std::sync::OnceLock;

/// The numbers of one target, segment by segment; shared by the threads of a fold.
pub(crate) struct Numbers<'a> {
    target: &'a Target,
    segments: Vec<OnceLock<NumberRows>>,
}

impl Journeys<'_> {
    pub(crate) fn numbers<'a>(&self, target: &'a Target) -> Numbers<'a> {
        Numbers { target, segments: self.segments.iter().map(|_| OnceLock::new()).collect() }
    }

    /// The number of a row, if it has one.
    pub(crate) fn number(&self, numbers: &Numbers<'_>, row: &Row) -> Result<Option<f64>, QueryError> {
        let index = (row.segment & !MOVED) as usize;
        let slot = &numbers.segments[index];
        let column = match slot.get() {
            Some(column) => column,
            None => {
                let column = Scan::new(self.segments[index], self.snapshot, self.budget).numbers(numbers.target)?;
                // Another thread may have been faster.
                self.budget.take(column.bytes(), "numbers of rows")?;
                slot.get_or_init(|| column)
            }
        };
        let (values, present) = column.slices();
        let row = row.row as usize;
        Ok((present.get(row) == Some(&true)).then(|| values[row]))
    }
}
