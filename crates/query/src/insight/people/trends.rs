//! The people behind a trend: who has events in the cell, and how many.

use super::{List, Member, joined};
use crate::bind::filter::{BoundCondition, BoundFilter, Test};
use crate::bind::people::BoundCell;
use crate::bind::steps::BoundMatch;
use crate::bind::trends::{BoundSeries, BoundTrends};
use crate::insight::trends;
use crate::journeys::conditions::Conditions;
use crate::journeys::{Journeys, Reading, Row, Times};
use crate::limits::{Budget, QueryError};
use crate::values::{NONE_GROUP, Values};
use model::insight::trends::{Math, PeriodLabel};
use std::ops::Bound;
use store::Snapshot;

/// Bits of a row: the event counts; it has the name of the series.
const MATCHES: u32 = 1;
const NAMED: u32 = 2;

pub(super) fn members(
    snapshot: &Snapshot,
    bound: &BoundTrends,
    cell: &BoundCell,
    budget: &Budget<'_>,
) -> Result<Vec<Member>, QueryError> {
    let BoundCell::Trends { series, bucket, value, period } = cell else { return Ok(Vec::new()) };
    let values = Values::new(budget);
    // Which values have rows is decided in the period that was asked for.
    let own = bound.previous.as_deref().filter(|_| *period == PeriodLabel::Previous).unwrap_or(bound);
    let asked = &own.series[*series];
    let series = matching(asked);
    let mut conditions = Conditions::new(snapshot, budget, &bound.filter)?;
    conditions.matching(&series, MATCHES)?;
    // Of maths that take a person's first event: which event is the first.
    let first = match asked.math {
        Math::FirstTimeForUser => {
            conditions.named((&asked.event, &asked.action), NAMED)?;
            Some(NAMED)
        }
        Math::FirstMatchingEventForUser => Some(MATCHES),
        _ => None,
    };
    // The values that have rows, and which of them is meant.
    let kept = match (&bound.breakdown, value) {
        (Some(breakdown), Some(value)) => {
            let (split, kept) = trends::kept(snapshot, bound, breakdown, budget)?;
            let row = kept.rows().into_iter().rev().find(|(_, name)| name.as_ref() == Some(value));
            let Some((group, _)) = row else { return Ok(Vec::new()) };
            conditions.with_values(split, &values);
            Some((kept, group as u32))
        }
        _ => None,
    };
    let span = &own.span;
    let range = match bucket {
        None => (span.from, span.to),
        Some(bucket) if !asked.windows.is_empty() => asked.windows[*bucket],
        Some(bucket) => (span.edges[*bucket].max(span.from), (span.edges[bucket + 1] - 1).min(span.to)),
    };
    let reading =
        Reading { range, history: first.unwrap_or(0), names: conditions.names(), times: Times::Exact, repeats: false };
    let journeys = Journeys::plan(snapshot, budget, reading)?;
    let make = || Ok(List::new(budget));
    let lists = journeys.fold(&conditions, make, |list, person, rows| {
        let is_in = |row: &&Row| {
            let Some((kept, group)) = &kept else { return true };
            match row.value {
                NONE_GROUP => kept.group_of(None) == *group,
                code => values.with_name(code, |name| kept.group_of(Some(name))) == Some(*group),
            }
        };
        let within = |row: &&Row| row.bits & MATCHES != 0 && row.at >= range.0;
        let count = match first {
            None => rows.iter().filter(within).filter(is_in).count(),
            Some(sign) => {
                let first = rows.iter().find(|row| row.bits & sign != 0);
                first.iter().filter(|row| within(row) && is_in(row)).count()
            }
        };
        list.add(person, count as u64)
    })?;
    Ok(joined(lists))
}

/// The events of a series; of maths over numbers, those that have one.
fn matching(series: &BoundSeries) -> BoundMatch {
    let mut matching = series.matching();
    if let Some(target) = series.property.as_ref().filter(|_| series.math.needs_property()) {
        let test = Test::NumberWithin(Bound::Unbounded, Bound::Unbounded);
        let has_one = BoundFilter::Condition(BoundCondition { target: target.clone(), negated: false, test });
        matching.filter = BoundFilter::All(vec![matching.filter, has_one]);
    }
    matching
}
