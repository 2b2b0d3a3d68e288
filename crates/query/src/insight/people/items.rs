//! The people behind item analysis.

use super::{List, Member, joined};
use crate::bind::items::BoundItems;
use crate::bind::people::BoundCell;
use crate::insight::items::attempts::{ATTEMPT, Attempts, CORRECT};
use crate::insight::items::journeys;
use crate::limits::{Budget, QueryError};
use crate::values::Values;
use store::Snapshot;

/// Who attempted the item, and how often; or how often right.
pub(super) fn members(
    snapshot: &Snapshot,
    bound: &BoundItems,
    cell: &BoundCell,
    budget: &Budget<'_>,
) -> Result<Vec<Member>, QueryError> {
    let BoundCell::Item { item, correct } = cell else { return Ok(Vec::new()) };
    let values = Values::new(budget);
    let attempts = Attempts::new((snapshot, budget), &bound.filter, &values)?;
    let code = values.group_of(Some(item))?;
    let bit = if *correct { CORRECT } else { ATTEMPT };
    let make = || Ok(List::new(budget));
    let lists = journeys(snapshot, bound, budget, false)?.fold(&attempts, make, |list, person, rows| {
        let count = rows.iter().filter(|row| row.value == code && row.bits & bit != 0).count();
        list.add(person, count as u64)
    })?;
    Ok(joined(lists))
}
