//! The events of each session side by side, in their order: the frame of sessions, web analytics and session durations.
//!
//! A session is what its `session_id` says, whoever the persons of its events are. Events without one are cut into
//! sessions of their person (`kernels::visits`), if that is asked for. `collect` reads each segment once and keeps a row per
//! event; `visit` takes blocks of sessions and hands each to the insight. What events say of their session beside the time
//! (pages, campaign, device) is numbered by `facts` and gathered by `summary`. Definition: docs/semantics/sessions.md.
//!
//! Where the rows would not fit in half of the memory limit, both phases are repeated over shares of the sessions.

pub(crate) mod channel;
mod collect;
pub(crate) mod facts;
pub(crate) mod summary;
mod visit;

use crate::journeys::Marker;
use crate::limits::{Budget, QueryError};
use collect::{Collected, SESSIONS};
use model::Micros;
use model::time::DAY;
use std::sync::Arc;
use store::{Segment, Snapshot};
pub(crate) use visit::Visit;

/// Longest session of a good client, µs; so far beyond the range its events are looked for.
pub(crate) const LONGEST: Micros = DAY;

/// Shares of the sessions, at most; past that the budget refuses.
const PASSES_MAX: u64 = 64;

/// Marks the number of an inferred session: below stands the person.
const INFERRED: u32 = 1 << 31;

/// What puts events side by side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Key {
    /// Their session; with `infer` those without one are cut into sessions of their person.
    Session { infer: bool },
    /// Their device, channel and producer; only events that the marker marks, and only within the range.
    Device,
}

/// One event of a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SessionRow {
    /// event_at, µs.
    pub(crate) at: Micros,
    /// The ordinal that stands for its person.
    pub(crate) person: u32,
    /// Which conditions hold, a bit each.
    pub(crate) bits: u32,
    /// The code of its value, as the marker numbered it; 0 without values.
    pub(crate) value: u32,
    /// Number of its session in this pass.
    session: u32,
    /// Position of its segment, and its row there.
    segment: u32,
    row: u32,
}

/// The sessions of one question, not read yet.
pub(crate) struct Sessions<'a> {
    pub(crate) snapshot: &'a Snapshot,
    budget: &'a Budget<'a>,
    segments: Vec<&'a Arc<Segment>>,
    /// Of sessions from 24 hours before the range to 24 hours after it.
    reach: (Micros, Micros),
    key: Key,
    rows: u64,
}

impl<'a> Sessions<'a> {
    /// Sessions of which events may lie in `range`, both ends inclusive.
    pub(crate) fn plan(
        snapshot: &'a Snapshot,
        budget: &'a Budget<'a>,
        range: (Micros, Micros),
        key: Key,
    ) -> Result<Self, QueryError> {
        let reach = match key {
            Key::Session { .. } => (range.0.saturating_sub(LONGEST), range.1.saturating_add(LONGEST)),
            Key::Device => range,
        };
        let plan = crate::plan::plan(snapshot, reach.0, reach.1, None);
        budget.check_rows(plan.rows, range.0)?;
        budget.count_rows(plan.rows as usize);
        Ok(Self { snapshot, budget, segments: plan.segments, reach, key, rows: plan.rows })
    }

    /// Hands each session to `visit`, in no particular order, and returns one state per thread.
    pub(crate) fn fold<S: Send>(
        &self,
        marker: &dyn Marker,
        make: impl Fn() -> Result<S, QueryError>,
        visit: impl Fn(&mut S, &Visit<'_>) -> Result<(), QueryError> + Sync,
    ) -> Result<Vec<S>, QueryError> {
        let bytes = self.rows.saturating_mul(size_of::<SessionRow>() as u64);
        let half = (self.budget.memory_limit() as u64 / 2).max(1);
        let mut passes = bytes.div_ceil(half).clamp(1, PASSES_MAX);
        let mark = self.budget.memory_mark();
        loop {
            match self.fold_in(passes, marker, &make, &visit) {
                Err(QueryError::TooMuchMemory { what: SESSIONS, .. }) if passes < PASSES_MAX => {
                    // All threads have ended, and what they took is dropped.
                    self.budget.return_to(mark);
                    passes = (passes * 4).min(PASSES_MAX);
                }
                result => return result,
            }
        }
    }

    fn fold_in<S: Send>(
        &self,
        passes: u64,
        marker: &dyn Marker,
        make: &impl Fn() -> Result<S, QueryError>,
        visit: &(impl Fn(&mut S, &Visit<'_>) -> Result<(), QueryError> + Sync),
    ) -> Result<Vec<S>, QueryError> {
        let mut states = (0..self.budget.threads()).map(|_| make()).collect::<Result<Vec<S>, _>>()?;
        for pass in 0..passes {
            self.budget.pass_of(self.rows);
            let collected = self.collect(marker, (pass, passes))?;
            self.visit(&collected, &mut states, visit)?;
            let Collected { bytes, .. } = collected;
            self.budget.give(bytes);
        }
        Ok(states)
    }
}
