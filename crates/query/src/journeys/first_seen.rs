//! When each person was first seen: their earliest event of any kind in all history.

use crate::limits::{Budget, QueryError};
use model::Micros;
use store::Snapshot;

/// Per ordinal that stands for a person the instant of their first event, µs; the greatest instant for those without.
///
/// Reads ordinals and instants of every segment; the rows of one ordinal are in order, so the first of each run is enough.
pub(crate) fn first_seen(snapshot: &Snapshot, budget: &Budget<'_>) -> Result<Vec<Micros>, QueryError> {
    let person_of = snapshot.person_of();
    budget.take(person_of.len() * size_of::<Micros>(), "persons")?;
    let mut first = vec![Micros::MAX; person_of.len()];
    for segment in snapshot.segments() {
        budget.check()?;
        let (ordinals, event_at) = (segment.ordinals()?, segment.event_at()?);
        let mut before = None;
        for (ordinal, at) in ordinals.iter().zip(event_at.iter()) {
            if before != Some(*ordinal) {
                before = Some(*ordinal);
                let first = &mut first[person_of[*ordinal as usize] as usize];
                *first = (*first).min(*at);
            }
        }
    }
    Ok(first)
}
