//! Stickiness: on how many days of the range each person was active. Definition: docs/semantics/stickiness.md.

use crate::bind::span::BoundSpan;
use crate::bind::steps::BoundMatch;
use crate::bind::stickiness::BoundStickiness;
use crate::journeys::conditions::Conditions;
use crate::journeys::{Journeys, Reading, Row, Times};
use crate::limits::{Budget, QueryError};
use model::insight::stickiness::{StickinessAnswer, StickinessLine};
use model::insight::trends::PeriodLabel;
use store::Snapshot;

/// A stickiness under way.
pub(super) struct Stickiness<'a> {
    bound: &'a BoundStickiness,
    span: &'a BoundSpan,
    pub(super) journeys: Journeys<'a>,
    pub(super) conditions: Conditions<'a>,
}

impl<'a> Stickiness<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        bound: &'a BoundStickiness,
        period: PeriodLabel,
        budget: &'a Budget<'a>,
    ) -> Result<Self, QueryError> {
        let span = bound.previous.as_ref().filter(|_| period == PeriodLabel::Previous).unwrap_or(&bound.span);
        let mut conditions = Conditions::new(snapshot, budget, &bound.filter)?;
        for (index, series) in bound.series.iter().enumerate() {
            conditions.matching(series, 1 << index)?;
        }
        let times = match bound.active {
            (1, u32::MAX) => Times::Buckets(&span.edges),
            _ => Times::CountedBuckets(&span.edges),
        };
        let range = (span.from, span.to);
        let reading = Reading { range, history: 0, names: conditions.names(), times, repeats: false };
        Ok(Self { bound, span, journeys: Journeys::plan(snapshot, budget, reading)?, conditions })
    }

    /// Active buckets of one person in one series.
    pub(super) fn active(&self, rows: &[Row], series: usize) -> usize {
        let matching = |row: &&Row| row.bits >> series & 1 == 1;
        // Rows come by bucket: count the runs that have the right length.
        let (mut active, mut bucket, mut events) = (0, i64::MIN, 0_u32);
        let (least, most) = self.bound.active;
        let counts = |events: u32| usize::from(events >= least && events <= most);
        for row in rows.iter().filter(matching) {
            if row.at != bucket {
                active += counts(events);
                (bucket, events) = (row.at, 0);
            }
            events = events.saturating_add(1);
        }
        active + counts(events)
    }
}

pub(crate) fn answer(
    snapshot: &Snapshot,
    bound: &BoundStickiness,
    budget: &Budget<'_>,
) -> Result<StickinessAnswer, QueryError> {
    let mut answer = StickinessAnswer {
        interval: bound.span.interval,
        lines: lines(snapshot, bound, PeriodLabel::Current, budget)?,
        explain: Default::default(),
    };
    if bound.previous.is_some() {
        answer.lines.extend(lines(snapshot, bound, PeriodLabel::Previous, budget)?);
    }
    answer.explain =
        crate::explain(snapshot, (&bound.definition, bound.span.from, bound.span.to), &bound.warnings, budget);
    Ok(answer)
}

/// One line per series.
fn lines(
    snapshot: &Snapshot,
    bound: &BoundStickiness,
    period: PeriodLabel,
    budget: &Budget<'_>,
) -> Result<Vec<StickinessLine>, QueryError> {
    let stickiness = Stickiness::new(snapshot, bound, period, budget)?;
    let (series, buckets) = (bound.series.len(), stickiness.span.labels.len());
    let make = || {
        budget.take(series * buckets * size_of::<u64>(), "buckets")?;
        Ok(vec![0_u64; series * buckets])
    };
    let states = stickiness.journeys.fold(&stickiness.conditions, make, |counts, _, rows| {
        for index in 0..series {
            if let Some(column) = stickiness.active(rows, index).checked_sub(1) {
                counts[index * buckets + column] += 1;
            }
        }
        Ok(())
    })?;
    let mut all = vec![0; series * buckets];
    for counts in states {
        all.iter_mut().zip(counts).for_each(|(all, more)| *all += more);
    }
    let line = |(counts, series): (&[u64], &BoundMatch)| {
        let persons: u64 = counts.iter().sum();
        let mut counts = counts.to_vec();
        if bound.cumulative {
            (0..buckets - 1).rev().for_each(|column| counts[column] += counts[column + 1]);
        }
        let share = |count: &u64| if persons == 0 { 0.0 } else { *count as f64 / persons as f64 };
        StickinessLine {
            label: series.label.clone(),
            compare_label: bound.previous.is_some().then_some(period),
            persons,
            shares: counts.iter().map(share).collect(),
            counts,
        }
    };
    Ok(all.chunks(buckets).zip(&bound.series).map(line).collect())
}
