//! The people behind a funnel.

use super::{List, Member, joined};
use crate::bind::funnel::BoundFunnel;
use crate::bind::people::BoundCell;
use crate::insight::funnel::{Funnel, bin_of, required_before};
use crate::kernels::funnel::Run;
use crate::limits::{Budget, QueryError};
use crate::values::{Shown, Values};
use model::insight::people::PersonRow;
use store::Snapshot;

pub(super) fn members(
    snapshot: &Snapshot,
    bound: &BoundFunnel,
    cell: &BoundCell,
    budget: &Budget<'_>,
) -> Result<Vec<Member>, QueryError> {
    let values = Values::new(budget);
    let funnel = Funnel::new(snapshot, bound, budget, &values)?;
    match cell {
        BoundCell::Step { value, .. } => {
            let Some(row) = Row::find(&funnel, &values, value.as_deref())? else { return Ok(Vec::new()) };
            let make = || Ok((funnel.runs(bound.steps.len()), List::new(budget)));
            let states = funnel.journeys.fold(&funnel.conditions, make, |(runs, list), person, rows| {
                runs.read(rows);
                let mut is_in = false;
                funnel.placements(runs, &|code| row.map(code), |group, run| {
                    is_in |= group == row.number && belongs(bound, cell, run);
                })?;
                list.add(person, u64::from(is_in))
            })?;
            Ok(joined(states.into_iter().map(|(_, list)| list).collect()))
        }
        BoundCell::Entered { bucket, converted } => {
            let make = || Ok((funnel.runs(bound.to_step + 1), List::new(budget)));
            let states = funnel.journeys.fold(&funnel.conditions, make, |(runs, list), person, rows| {
                runs.read(rows);
                let mut is_in = false;
                funnel.buckets_of(runs, |at, did| is_in |= at == *bucket && (did || !converted))?;
                list.add(person, u64::from(is_in))
            })?;
            Ok(joined(states.into_iter().map(|(_, list)| list).collect()))
        }
        BoundCell::Bin(bin) => {
            let make = || Ok((funnel.runs(bound.steps.len()), List::new(budget)));
            // The time stands in for the count until the bins are known.
            let states = funnel.journeys.fold(&funnel.conditions, make, |(runs, list), person, rows| {
                runs.read(rows);
                funnel.conversion_time(runs).map_or(Ok(()), |time| list.add(person, time as u64 + 1))
            })?;
            let all = joined(states.into_iter().map(|(_, list)| list).collect());
            let times: Vec<i64> = all.iter().map(|member| member.count as i64 - 1).collect();
            let of_bin = all.iter().zip(&times).filter(|(_, time)| bin_of(&times, bound.bins, **time) == *bin);
            Ok(of_bin.map(|(member, _)| Member { count: 1, ..*member }).collect())
        }
        _ => Ok(Vec::new()),
    }
}

/// Adds to each person of a page the events of their run.
pub(super) fn add_events(
    snapshot: &Snapshot,
    (bound, cell): (&BoundFunnel, &BoundCell),
    budget: &Budget<'_>,
    page: &[Member],
    people: &mut [PersonRow],
) -> Result<(), QueryError> {
    let BoundCell::Step { value, .. } = cell else { return Ok(()) };
    let values = Values::new(budget);
    let funnel = Funnel::new(snapshot, bound, budget, &values)?;
    let Some(row) = Row::find(&funnel, &values, value.as_deref())? else { return Ok(()) };
    let make = || Ok((funnel.runs(bound.steps.len()), Vec::new()));
    let states = funnel.journeys.fold(&funnel.conditions, make, |(runs, found), person, rows| {
        let Ok(place) = page.binary_search_by_key(&person, |member| member.person) else { return Ok(()) };
        runs.read(rows);
        let mut own = None;
        funnel.placements(runs, &|code| row.map(code), |group, run| {
            if group == row.number && belongs(bound, cell, run) {
                own = Some(*run);
            }
        })?;
        if let Some(run) = own {
            let used = run.used.iter().filter(|used| **used != u32::MAX);
            let uuid = |used: &u32| funnel.journeys.uuid(&rows[runs.rows[*used as usize] as usize]);
            let uuids = used.map(|used| Ok(uuid(used)?.to_string())).collect::<Result<Vec<_>, QueryError>>()?;
            found.push((place, uuids));
        }
        Ok(())
    })?;
    for (place, uuids) in states.into_iter().flat_map(|(_, found)| found) {
        people[place].events = uuids;
    }
    Ok(())
}

/// Whether a run makes its person count in the cell.
fn belongs(bound: &BoundFunnel, cell: &BoundCell, run: &Run) -> bool {
    let BoundCell::Step { step, dropped, .. } = cell else { return false };
    let did = |step: usize| run.done >> step & 1 == 1;
    if *dropped { !did(*step) && required_before(bound, *step).is_some_and(did) } else { did(*step) }
}

/// The row of the answer that a cell is in.
struct Row {
    shown: Option<Shown>,
    number: u32,
}

impl Row {
    /// `None`: the answer has no such row.
    fn find(funnel: &Funnel<'_>, values: &Values<'_>, value: Option<&str>) -> Result<Option<Row>, QueryError> {
        let Some(value) = value else { return Ok(Some(Row { shown: None, number: 0 })) };
        let shown = funnel.shown_after_pass(values)?;
        Ok(shown.row_named(value).map(|number| Row { shown: Some(shown), number }))
    }

    fn map(&self, code: u32) -> Option<u32> {
        self.shown.as_ref().map_or(Some(0), |shown| shown.group_of(code))
    }
}
