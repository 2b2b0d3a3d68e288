//! The people behind web analytics.

use super::{List, Member, joined};
use crate::bind::people::BoundCell;
use crate::bind::web::BoundWeb;
use crate::insight::web::seen::{Scratch, Web, facts_of};
use crate::limits::{Budget, QueryError};
use crate::values::{NONE_GROUP, Values};
use model::insight::trends::NONE_LABEL;
use model::insight::web::WebTable;
use store::Snapshot;

/// Who is in the sessions of a row, with the number of these sessions; of a page who saw it, and how often.
pub(super) fn members(
    snapshot: &Snapshot,
    bound: &BoundWeb,
    cell: &BoundCell,
    budget: &Budget<'_>,
) -> Result<Vec<Member>, QueryError> {
    let BoundCell::Row(row) = cell else { return Ok(Vec::new()) };
    let values = Values::new(budget);
    let wanted = facts_of(bound);
    let web = Web::new(snapshot, bound, bound.range, &wanted, &values, budget)?;
    let row = match row {
        None => None,
        Some((table, value)) if value == NONE_LABEL => Some((*table, NONE_GROUP)),
        Some((table, value)) => Some((*table, values.group_of(Some(value))?)),
    };
    let make = || Ok((Scratch::default(), List::new(budget), Vec::new()));
    let states = web.sessions.fold(&web.facts, make, |(scratch, list, persons), visit| {
        if !web.counts(visit.rows, scratch) {
            return Ok(());
        }
        persons.clear();
        match row {
            Some((WebTable::Pages, page)) => {
                persons.extend(scratch.views.iter().filter(|view| view.1 == page).map(|view| view.0));
                persons.sort_unstable();
            }
            Some((table, code)) if web.row_of(table, scratch.summary()) != code => {}
            _ => {
                persons.extend(visit.rows.iter().map(|row| row.person));
                persons.sort_unstable();
                persons.dedup();
            }
        }
        persons.chunk_by(|a, b| a == b).try_for_each(|own| list.add(own[0], own.len() as u64))
    })?;
    // A person may have several sessions, met by several threads.
    let mut members = joined(states.into_iter().map(|(_, list, _)| list).collect());
    members.sort_unstable();
    members.dedup_by(|next, kept| {
        let same = next.person == kept.person;
        if same {
            kept.count += next.count;
        }
        same
    });
    Ok(members)
}
