//! The people behind a trend: who has events in the cell, and how many.

use super::{List, Member, joined};
use crate::bind::filter::{BoundCondition, BoundFilter, Test};
use crate::bind::people::BoundCell;
use crate::bind::steps::BoundMatch;
use crate::bind::trends::{BoundSeries, BoundTrends};
use crate::insight::trends;
use crate::journeys::conditions::Conditions;
use crate::journeys::{Journeys, Reading, Times};
use crate::limits::{Budget, QueryError};
use crate::values::{NONE_GROUP, Values};
use std::ops::Bound;
use store::Snapshot;

pub(super) fn members(
    snapshot: &Snapshot,
    bound: &BoundTrends,
    cell: &BoundCell,
    budget: &Budget<'_>,
) -> Result<Vec<Member>, QueryError> {
    let BoundCell::Trends { series, bucket, value } = cell else { return Ok(Vec::new()) };
    let values = Values::new(budget);
    let series = matching(&bound.series[*series]);
    let mut conditions = Conditions::new(&bound.filter)?;
    conditions.matching(&series, 1)?;
    if let Some(breakdown) = &bound.breakdown {
        conditions.with_values(&breakdown.target, &values);
    }
    let span = &bound.span;
    let range = match bucket {
        None => (span.from, span.to),
        Some(bucket) => (span.edges[*bucket].max(span.from), (span.edges[bucket + 1] - 1).min(span.to)),
    };
    // The values that have rows, and which of them is meant.
    let kept = match (&bound.breakdown, value) {
        (Some(breakdown), Some(value)) => {
            let kept = trends::kept(snapshot, bound, breakdown, budget)?;
            let row = kept.rows().into_iter().rev().find(|(_, name)| name.as_ref() == Some(value));
            let Some((group, _)) = row else { return Ok(Vec::new()) };
            Some((kept, group as u32))
        }
        _ => None,
    };
    // Every event counts, in no order: the range is one bucket.
    let edges = [range.0, range.1.saturating_add(1)];
    let reading = Reading { range, history: 0, names: conditions.names(), times: Times::CountedBuckets(&edges) };
    let journeys = Journeys::plan(snapshot, budget, reading)?;
    let make = || Ok(List::new(budget));
    let lists = journeys.fold(&conditions, make, |list, person, rows| {
        let Some((kept, group)) = &kept else { return list.add(person, rows.len() as u64) };
        let is_in = |code: u32| match code {
            NONE_GROUP => kept.group_of(None) == *group,
            code => values.with_name(code, |name| kept.group_of(Some(name))) == Some(*group),
        };
        list.add(person, rows.iter().filter(|row| is_in(row.value)).count() as u64)
    })?;
    Ok(joined(lists))
}

/// The events of a series; of maths over numbers, those that have one.
fn matching(series: &BoundSeries) -> BoundMatch {
    let mut filters = vec![series.filter.clone()];
    if let Some(target) = &series.property {
        let test = Test::NumberWithin(Bound::Unbounded, Bound::Unbounded);
        filters.push(BoundFilter::Condition(BoundCondition { target: target.clone(), negated: false, test }));
    }
    BoundMatch { event: series.event.clone(), filter: BoundFilter::All(filters), label: String::new() }
}
