//! The rows of each person side by side, in the order of their events: the frame of funnels, retention, paths and the like.
//!
//! Two phases. `collect` reads each segment once and keeps the rows that matter, 24 bytes each, in the segment's order by
//! ordinal; rows of merged ids go to a list of their own, under the ordinal that stands for their person. `visit` takes
//! blocks of persons, scatters the block's rows to their persons (a counting sort over the block, day by day, so that a
//! person's rows are already in order but for ties and merges) and hands each person to the insight. Threads share the
//! segments, then the blocks. Nothing is hashed or sorted as a whole.
//!
//! Where the rows would not fit in half of the memory limit, both phases are repeated over ranges of ordinals.

mod collect;
pub(crate) mod conditions;
pub(crate) mod first_seen;
pub(crate) mod numbers;
mod visit;

use crate::limits::{Budget, QueryError};
use crate::scan::Scan;
use model::Micros;
use std::sync::Arc;
use store::{Segment, Snapshot};

/// One row of a person.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Row {
    /// event_at in µs; with [`Times::Buckets`] the number of the bucket, -1 before the first.
    pub(crate) at: i64,
    /// Which conditions hold, a bit each; never 0.
    pub(crate) bits: u32,
    /// The code of its value, as the marker numbered it; 0 without values.
    pub(crate) value: u32,
    /// Position of its segment in [`Journeys::segments`]; the highest bit marks a merged id.
    pub(super) segment: u32,
    /// Its row there.
    pub(super) row: u32,
}

/// What a marker says of the rows of one segment.
pub(crate) struct Marks {
    /// One per row: which conditions hold.
    pub(crate) bits: Vec<u32>,
    /// One per row, read where `bits` is not 0.
    pub(crate) values: Option<Vec<u32>>,
}

/// Says which rows of a segment matter. Called from several threads.
pub(crate) trait Marker: Sync {
    /// `None`: not one row.
    fn mark(&self, scan: &Scan<'_>) -> Result<Option<Marks>, QueryError>;
}

/// What `at` of a row is.
#[derive(Clone, Copy)]
pub(crate) enum Times<'a> {
    /// The instant; rows come in the order (event_at, uuid).
    Exact,
    /// The bucket between these edges; of equal neighbours one row is kept.
    Buckets(&'a [Micros]),
    /// The bucket between these edges; every row is kept.
    CountedBuckets(&'a [Micros]),
}

/// What to read.
pub(crate) struct Reading<'a> {
    /// Start and end, inclusive.
    pub(crate) range: (Micros, Micros),
    /// Conditions that also hold before the range; if there are some, all history is read.
    pub(crate) history: u32,
    /// The event names that matter; `None`: all.
    pub(crate) names: Option<Vec<&'a str>>,
    pub(crate) times: Times<'a>,
    /// Whether these rows were read, and counted, for this question before.
    pub(crate) repeats: bool,
}

/// The rows of one question, not read yet.
pub(crate) struct Journeys<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) budget: &'a Budget<'a>,
    segments: Vec<&'a Arc<Segment>>,
    reading: Reading<'a>,
    /// Rows that may matter, at most.
    rows_at_most: u64,
}

/// Ranges of ordinals, at most; past that the budget refuses.
const PASSES_MAX: u64 = 64;
/// Rows that become one where only the bucket matters, as hoped for.
const COLLAPSE: u64 = 8;

impl<'a> Journeys<'a> {
    /// Plans what to read. Errors: more rows than the limit.
    pub(crate) fn plan(
        snapshot: &'a Snapshot,
        budget: &'a Budget<'a>,
        reading: Reading<'a>,
    ) -> Result<Self, QueryError> {
        let from = if reading.history == 0 { reading.range.0 } else { Micros::MIN };
        let plan = crate::plan::plan(snapshot, from, reading.range.1, reading.names.as_deref());
        budget.check_rows(plan.rows, reading.range.0)?;
        if !reading.repeats {
            budget.count_rows(plan.rows as usize);
        }
        let rows_at_most = plan.segments.iter().map(|segment| rows_named(segment, reading.names.as_deref())).sum();
        Ok(Self { snapshot, budget, segments: plan.segments, reading, rows_at_most })
    }

    /// Hands each person who has rows to `visit`, in no particular order, and returns one state per thread.
    ///
    /// `visit` gets the ordinal that stands for the person and all of their rows in order.
    pub(crate) fn fold<S: Send>(
        &self,
        marker: &dyn Marker,
        make: impl Fn() -> Result<S, QueryError>,
        visit: impl Fn(&mut S, u32, &[Row]) -> Result<(), QueryError> + Sync,
    ) -> Result<Vec<S>, QueryError> {
        let bytes = self.rows_at_most.saturating_mul(size_of::<collect::Hit>() as u64);
        // Rows of one bucket mostly collapse; how many do is known only afterwards.
        let hoped = if matches!(self.reading.times, Times::Buckets(_)) { bytes / COLLAPSE } else { bytes };
        let mark = self.budget.memory_mark();
        let (few, many) = (self.passes_of(hoped), self.passes_of(bytes));
        match self.fold_in(few, marker, &make, &visit) {
            Err(QueryError::TooMuchMemory { what: collect::ROWS, .. }) if few < many => {
                // All threads have ended, and what they took is dropped.
                self.budget.return_to(mark);
                self.fold_in(many, marker, &make, &visit)
            }
            result => result,
        }
    }

    fn fold_in<S: Send>(
        &self,
        passes: u64,
        marker: &dyn Marker,
        make: &impl Fn() -> Result<S, QueryError>,
        visit: &(impl Fn(&mut S, u32, &[Row]) -> Result<(), QueryError> + Sync),
    ) -> Result<Vec<S>, QueryError> {
        let mut states = (0..self.budget.threads()).map(|_| make()).collect::<Result<Vec<S>, _>>()?;
        let rows: u64 = self.segments.iter().map(|segment| segment.rows() as u64).sum();
        for range in self.ranges(passes)? {
            self.budget.pass_of(rows);
            let hits = self.collect(marker, range.clone())?;
            self.visit(&hits, range, &mut states, visit)?;
            self.budget.give(hits.bytes);
        }
        Ok(states)
    }

    /// How many passes leave half of the memory free.
    fn passes_of(&self, bytes: u64) -> u64 {
        bytes.div_ceil((self.budget.memory_limit() as u64 / 2).max(1)).clamp(1, PASSES_MAX)
    }

    /// Ranges of ordinals with about equal rows.
    fn ranges(&self, passes: u64) -> Result<Vec<std::ops::Range<u32>>, QueryError> {
        let persons = self.snapshot.person_of().len() as u32;
        let largest = self.segments.iter().max_by_key(|segment| segment.rows()).filter(|_| passes > 1);
        let Some(largest) = largest else { return Ok(std::iter::once(0..persons).collect()) };
        // Rows ascend by ordinal, so equal shares of the largest segment's rows are about equal shares of all.
        let ordinals = largest.ordinals()?;
        let cut = |pass: u64| ordinals[(ordinals.len() as u64 * pass / passes) as usize];
        let mut cuts: Vec<u32> = (1..passes).map(cut).filter(|cut| *cut > 0).collect();
        cuts.dedup();
        let starts = std::iter::once(0).chain(cuts.iter().copied());
        let ends = cuts.iter().copied().chain(std::iter::once(persons));
        Ok(starts.zip(ends).map(|(start, end)| start..end).collect())
    }

    /// Runs `work` on as many threads as the budget has, each with its own state.
    pub(crate) fn threads<S: Send>(
        states: &mut [S],
        work: impl Fn(&mut S) -> Result<(), QueryError> + Sync,
    ) -> Result<(), QueryError> {
        let Some((mine, others)) = states.split_first_mut() else { return Ok(()) };
        std::thread::scope(|scope| {
            let work = &work;
            let others: Vec<_> = others.iter_mut().map(|state| scope.spawn(move || work(state))).collect();
            let own = work(mine);
            let joined = others.into_iter().map(|other| match other.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            joined.fold(own, |all, one| all.and(one))
        })
    }
}

/// Rows of these names at most, as the statistics have it.
fn rows_named(segment: &Segment, names: Option<&[&str]>) -> u64 {
    let (stats, rows) = (segment.stats(), segment.rows() as u64);
    let Some(names) = names.filter(|_| !stats.more_events) else { return rows };
    let mut names = names.to_vec();
    names.sort_unstable();
    names.dedup();
    names.iter().filter_map(|name| stats.events.get(*name)).map(|event| event.count).sum::<u64>().min(rows)
}
