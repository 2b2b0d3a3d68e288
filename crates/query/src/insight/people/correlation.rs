//! The people behind a correlation.

use super::{List, Member, joined};
use crate::bind::correlation::BoundCorrelation;
use crate::bind::people::BoundCell;
use crate::insight::correlation::Correlation;
use crate::limits::{Budget, QueryError};
use crate::values::Values;
use store::Snapshot;

/// Who is in the funnel with the factor, on the side that is asked for.
pub(super) fn members(
    snapshot: &Snapshot,
    bound: &BoundCorrelation,
    cell: &BoundCell,
    budget: &Budget<'_>,
) -> Result<Vec<Member>, QueryError> {
    let BoundCell::Factor { factor, converted: wanted } = cell else { return Ok(Vec::new()) };
    let values = Values::new(budget);
    let index = factor.as_ref().map_or(0, |(index, _)| *index);
    let Some(of) = bound.factors.get(index) else { return Ok(Vec::new()) };
    let correlation = Correlation::new(snapshot, bound, of, budget, &values)?;
    let code = factor.as_ref().map(|(_, value)| values.group_of(Some(value))).transpose()?;
    let make = || Ok((correlation.runs(), Vec::new(), List::new(budget)));
    let funnel = &correlation.funnel;
    let states = funnel.journeys.fold(&funnel.conditions, make, |(runs, codes, list), person, rows| {
        let Some(converted) = correlation.person(runs, rows, codes) else { return Ok(()) };
        let is_in = wanted.is_none_or(|wanted| wanted == converted) && code.is_none_or(|code| codes.contains(&code));
        list.add(person, u64::from(is_in))
    })?;
    Ok(joined(states.into_iter().map(|(_, _, list)| list).collect()))
}
