//! Which rows of a project are wanted: dates, event names and a filter, for exports.
//!
//! The same dates and filters as in a question, without its limits on time and rows: whoever reads the rows decides when
//! it is enough.

use crate::bind::Known;
use crate::bind::dates;
use crate::bind::filter::FilterBinder;
use crate::calendar::Calendar;
use crate::limits::{Budget, QueryError, QueryLimits};
use crate::predicate::{Ready, ready};
use crate::question::QuestionError;
use crate::scan::{Mask, Scan};
use model::Micros;
use model::filter::Filter;
use model::project::ProjectClock;
use model::time::Interval;
use std::time::Duration;
use store::{Rows, Segment, Snapshot};

/// What is wanted, as it is asked.
#[derive(Debug, Clone, Default)]
pub struct SelectionAsked {
    /// First date or instant, as a question has it; `None`: from the first event.
    pub date_from: Option<String>,
    /// Last date or instant, inclusive; `None`: to the last event, in the future too.
    pub date_to: Option<String>,
    /// Only these event names; empty: all.
    pub events: Vec<String>,
    /// All of them hold.
    pub filters: Vec<Filter>,
}

/// What is wanted, bound to a project's clock and ready to run.
pub struct Selection {
    from: Micros,
    to: Micros,
    names: Vec<String>,
    filter: Ready,
    /// What was ignored.
    pub warnings: Vec<String>,
    limits: QueryLimits,
}

/// Why there is no selection.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// Ask differently.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// A cohort could not be answered.
    #[error(transparent)]
    Query(#[from] QueryError),
}

impl Selection {
    /// Binds what is asked of a snapshot at `now`.
    ///
    /// # Errors
    /// The path of the field and what is allowed: a date that is none, a filter that makes no sense. A cohort that could not
    /// be answered.
    pub fn bind(
        snapshot: &Snapshot,
        asked: &SelectionAsked,
        clock: &ProjectClock,
        now: Micros,
        known: &Known,
    ) -> Result<Selection, SelectionError> {
        let calendar = Calendar::new(clock)?;
        let (date_from, date_to) = (asked.date_from.as_deref(), asked.date_to.as_deref());
        let range = dates::range((date_from.unwrap_or("all"), date_to), Interval::Day, &calendar, now, known.earliest)?;
        let mut binder = FilterBinder::new(&calendar, now, known);
        let filter = binder.all(&asked.filters, "filters")?;
        let limits =
            QueryLimits { time: Duration::MAX, rows: u64::MAX, memory_bytes: usize::MAX, ..QueryLimits::default() };
        let filter = ready(snapshot, &Budget::new(&limits), &filter)?;
        Ok(Selection {
            from: date_from.map_or(Micros::MIN, |_| range.from),
            to: date_to.map_or(Micros::MAX, |_| range.to),
            names: asked.events.clone(),
            filter,
            warnings: binder.warnings,
            limits,
        })
    }

    /// Whether a segment may hold a wanted row; reads no column.
    pub fn touches(&self, segment: &Segment) -> bool {
        let (first, last) = segment.event_at_range();
        let named = || self.names.iter().any(|name| segment.stats().may_have_event(name));
        first <= self.to && last >= self.from && (self.names.is_empty() || named())
    }

    /// Rows of the segments that may hold wanted ones: an upper bound, known at once.
    pub fn rows_at_most(&self, snapshot: &Snapshot) -> u64 {
        let segments = snapshot.segments().iter().filter(|segment| self.touches(segment));
        segments.map(|segment| segment.rows() as u64).sum()
    }

    /// The wanted rows of a segment of a snapshot.
    ///
    /// # Errors
    /// Its columns cannot be read.
    pub fn rows(&self, snapshot: &Snapshot, segment: &Segment) -> Result<Rows, QueryError> {
        if !self.touches(segment) {
            return Ok(Rows::None);
        }
        let budget = Budget::new(&self.limits);
        let scan = Scan::new(segment, snapshot, &budget);
        let mut mask = if self.names.is_empty() { Mask::All } else { Mask::None };
        for name in &self.names {
            mask = mask.or(scan.named(name)?);
        }
        if mask != Mask::None {
            mask = mask.and(scan.mask(&self.filter)?);
        }
        let (first, last) = segment.event_at_range();
        if mask != Mask::None && (first < self.from || last > self.to) {
            let within = segment.event_at()?.iter().map(|at| (self.from..=self.to).contains(at)).collect();
            mask = mask.and(Mask::Rows(within));
        }
        Ok(match mask {
            Mask::All => Rows::All,
            Mask::None => Rows::None,
            Mask::Rows(marks) if !marks.contains(&true) => Rows::None,
            Mask::Rows(marks) => Rows::Only(marks),
        })
    }
}
