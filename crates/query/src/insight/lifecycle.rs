//! Lifecycle: who is new, returning, resurrected or gone quiet. Definition: docs/semantics/lifecycle.md.

use crate::bind::lifecycle::BoundLifecycle;
use crate::journeys::conditions::Conditions;
use crate::journeys::{Journeys, Reading, Row, Times, first_seen};
use crate::limits::{Budget, QueryError};
use model::Micros;
use model::insight::lifecycle::{LifecycleAnswer, Status};
use store::Snapshot;

/// A lifecycle under way.
pub(super) struct Lifecycle<'a> {
    bound: &'a BoundLifecycle,
    pub(super) journeys: Journeys<'a>,
    pub(super) conditions: Conditions<'a>,
    /// Per ordinal that stands for a person: their first event of any kind.
    first_seen: Vec<Micros>,
}

impl<'a> Lifecycle<'a> {
    /// `edges` are [`edges_of`] the bound question.
    pub(super) fn new(
        snapshot: &'a Snapshot,
        bound: &'a BoundLifecycle,
        budget: &'a Budget<'a>,
        edges: &'a [Micros],
    ) -> Result<Self, QueryError> {
        let mut conditions = Conditions::new(snapshot, budget, &bound.filter)?;
        conditions.matching(&bound.series, 1)?;
        let range = (bound.before, bound.span.to);
        let reading =
            Reading { range, history: 0, names: conditions.names(), times: Times::Buckets(edges), repeats: false };
        let journeys = Journeys::plan(snapshot, budget, reading)?;
        Ok(Self { bound, journeys, conditions, first_seen: first_seen::first_seen(snapshot, budget)? })
    }

    /// Calls `found` with the status and the bucket, from 0, of everything that one person is.
    pub(super) fn person(&self, person: u32, rows: &[Row], mut found: impl FnMut(Status, usize)) {
        let edges = &self.bound.span.edges;
        let last = edges.len() as i64 - 2;
        let mut before: Option<i64> = None;
        // Bucket 0 of the rows is the one before the first that is shown.
        for bucket in rows.iter().map(|row| row.at - 1) {
            if before == Some(bucket) {
                continue;
            }
            if let Some(before) = before.filter(|before| before + 1 < bucket) {
                found(Status::Dormant, (before + 1) as usize);
            }
            if bucket >= 0 {
                let index = bucket as usize;
                let seen = self.first_seen[person as usize];
                let is_first = before.is_none() && (edges[index]..edges[index + 1]).contains(&seen);
                let status = match before {
                    None if is_first => Status::New,
                    Some(before) if before + 1 == bucket => Status::Returning,
                    _ => Status::Resurrecting,
                };
                found(status, index);
            }
            before = Some(bucket);
        }
        if let Some(before) = before.filter(|before| *before < last) {
            found(Status::Dormant, (before + 1) as usize);
        }
    }
}

/// The edges with the bucket before the first.
pub(super) fn edges_of(bound: &BoundLifecycle) -> Vec<Micros> {
    std::iter::once(bound.before).chain(bound.span.edges.iter().copied()).collect()
}

pub(crate) fn answer(
    snapshot: &Snapshot,
    bound: &BoundLifecycle,
    budget: &Budget<'_>,
) -> Result<LifecycleAnswer, QueryError> {
    let edges = edges_of(bound);
    let lifecycle = Lifecycle::new(snapshot, bound, budget, &edges)?;
    let buckets = bound.span.labels.len();
    let make = || Ok([(); 4].map(|()| vec![0_i64; buckets]));
    let states = lifecycle.journeys.fold(&lifecycle.conditions, make, |counts, person, rows| {
        lifecycle.person(person, rows, |status, bucket| counts[status as usize][bucket] += 1);
        Ok(())
    })?;
    let sum = |status: Status| -> Vec<i64> {
        (0..buckets).map(|bucket| states.iter().map(|counts| counts[status as usize][bucket]).sum()).collect()
    };
    Ok(LifecycleAnswer {
        interval: bound.span.interval,
        buckets: bound.span.buckets(),
        new: sum(Status::New),
        returning: sum(Status::Returning),
        resurrecting: sum(Status::Resurrecting),
        dormant: sum(Status::Dormant).into_iter().map(|count| -count).collect(),
        explain: crate::explain(snapshot, (&bound.definition, bound.span.from, bound.span.to), &bound.warnings, budget),
    })
}
