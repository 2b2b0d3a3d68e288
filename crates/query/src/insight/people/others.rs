//! The people behind retention, stickiness, lifecycle and paths.

use super::{List, Member, joined};
use crate::bind::lifecycle::BoundLifecycle;
use crate::bind::paths::BoundPaths;
use crate::bind::people::BoundCell;
use crate::bind::retention::BoundRetention;
use crate::bind::stickiness::BoundStickiness;
use crate::insight::lifecycle::{self, Lifecycle};
use crate::insight::paths::Paths;
use crate::insight::retention::{Found, Retention};
use crate::insight::stickiness::Stickiness;
use crate::limits::{Budget, QueryError};
use crate::values::Values;
use store::Snapshot;

pub(super) fn retained(
    snapshot: &Snapshot,
    bound: &BoundRetention,
    cell: &BoundCell,
    budget: &Budget<'_>,
) -> Result<Vec<Member>, QueryError> {
    let BoundCell::Retained { row, column, value } = cell else { return Ok(Vec::new()) };
    let values = Values::new(budget);
    let retention = Retention::new(snapshot, bound, budget, &values)?;
    let shown = match value {
        None => None,
        Some(_) => Some(retention.shown_after_pass(&values)?),
    };
    let wanted = match (&shown, value) {
        (Some(shown), Some(value)) => shown.row_named(value),
        _ => Some(0),
    };
    let Some(wanted) = wanted else { return Ok(Vec::new()) };
    let map = |code: u32| shown.as_ref().map_or(Some(0), |shown| shown.group_of(code));
    let make = || Ok((retention.cells(), List::new(budget)));
    let states = retention.journeys.fold(&retention.conditions, make, |(cells, list), person, rows| {
        let mut is_in = false;
        cells.person(rows, &map, |group, r, c, found| {
            is_in |= matches!(found, Found::Person) && (group, r, c) == (wanted, *row, *column);
            Ok(())
        })?;
        list.add(person, u64::from(is_in))
    })?;
    Ok(joined(states.into_iter().map(|(_, list)| list).collect()))
}

pub(super) fn active(
    snapshot: &Snapshot,
    bound: &BoundStickiness,
    cell: &BoundCell,
    budget: &Budget<'_>,
) -> Result<Vec<Member>, QueryError> {
    let BoundCell::Active { series, column, period } = cell else { return Ok(Vec::new()) };
    let stickiness = Stickiness::new(snapshot, bound, *period, budget)?;
    let make = || Ok(List::new(budget));
    let lists = stickiness.journeys.fold(&stickiness.conditions, make, |list, person, rows| {
        let active = stickiness.active(rows, *series);
        list.add(person, u64::from(active == *column || (bound.cumulative && active > *column)))
    })?;
    Ok(joined(lists))
}

pub(super) fn with_status(
    snapshot: &Snapshot,
    bound: &BoundLifecycle,
    cell: &BoundCell,
    budget: &Budget<'_>,
) -> Result<Vec<Member>, QueryError> {
    let BoundCell::Status(status, bucket) = cell else { return Ok(Vec::new()) };
    let edges = lifecycle::edges_of(bound);
    let lifecycle = Lifecycle::new(snapshot, bound, budget, &edges)?;
    let make = || Ok(List::new(budget));
    let lists = lifecycle.journeys.fold(&lifecycle.conditions, make, |list, person, rows| {
        let mut is_in = false;
        lifecycle.person(person, rows, |is, at| is_in |= (is, at) == (*status, *bucket));
        list.add(person, u64::from(is_in))
    })?;
    Ok(joined(lists))
}

pub(super) fn on_the_way(
    snapshot: &Snapshot,
    bound: &BoundPaths,
    cell: &BoundCell,
    budget: &Budget<'_>,
) -> Result<Vec<Member>, QueryError> {
    let BoundCell::Way { source, target } = cell else { return Ok(Vec::new()) };
    let values = Values::new(budget);
    let paths = Paths::new(snapshot, bound, budget, &values)?;
    let position = source.0;
    let from = values.group_of(Some(&source.1))?;
    let to = target.as_ref().map(|target| values.group_of(Some(&target.1))).transpose()?;
    let make = || Ok((paths.walk(), List::new(budget)));
    let states = paths.journeys().fold(paths.marker(), make, |(walk, list), person, rows| {
        let mut count = 0;
        walk.person(rows, |path| {
            let item = |at: usize| path.get(at).map(|stop| stop.item);
            // Without a target: paths whose last item it is.
            count += u64::from(item(position) == Some(from) && item(position + 1) == to);
            Ok(())
        })?;
        list.add(person, count)
    })?;
    Ok(joined(states.into_iter().map(|(_, list)| list).collect()))
}
