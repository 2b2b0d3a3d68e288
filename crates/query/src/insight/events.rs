//! The events themselves, newest first, a page at a time. Definition: docs/semantics/events.md.
//!
//! Days are read from the newest back, and no further than the page needs.

use crate::bind::events::{BoundEvents, EventKey, cursor};
use crate::calendar::rfc3339;
use crate::limits::{Budget, QueryError};
use crate::plan::plan;
use crate::predicate::{Ready, ready};
use crate::scan::{Mask, Scan};
use model::insight::events::{EventRow, EventsAnswer};
use model::{Event, Uuid};
use std::collections::HashMap;
use std::ops::Range;
use store::{Segment, Snapshot};

/// A row that may stand on the page: its place in the order, its segment within the day, its row.
type Candidate = (EventKey, usize, u32);

pub(crate) fn answer(
    snapshot: &Snapshot,
    bound: &BoundEvents,
    budget: &Budget<'_>,
) -> Result<EventsAnswer, QueryError> {
    let filter = ready(snapshot, budget, &bound.filter)?;
    let person = bound.person.as_deref().map(|id| ordinals_of(snapshot, id));
    let mut page: Vec<Event> = Vec::new();
    if person.as_ref().is_none_or(|ordinals| !ordinals.is_empty()) {
        let names = bound.event.as_deref().map(|name| [name]);
        let to = bound.after.map_or(bound.to, |after| bound.to.min(after.0));
        let plan = plan(snapshot, bound.from, to, names.as_ref().map(|names| &names[..]));
        let search = Search { snapshot, bound, budget, filter, person };
        // One more than the page shows whether there is a next one.
        let wanted = bound.limit + 1;
        for day in plan.segments.chunk_by(|a, b| a.day() == b.day()).rev() {
            let day: Vec<&Segment> = day.iter().map(|segment| &***segment).collect();
            let found = search.newest(&day, wanted - page.len())?;
            page.extend(materialised(&day, &found)?);
            if page.len() >= wanted {
                break;
            }
        }
    }
    let more = page.len() > bound.limit;
    page.truncate(bound.limit);
    let next = page.last().filter(|_| more).map(|last| cursor((last.event_at, last.uuid)));
    let events = page.iter().map(|event| event_row(event, &person_of(snapshot, &event.distinct_id))).collect();
    let explain = crate::explain(snapshot, (&bound.definition, bound.from, bound.to), &bound.warnings, budget);
    Ok(EventsAnswer { events, next, explain })
}

/// One event as shown, with the distinct_id that stands for its person.
pub fn event_row(event: &Event, person: &str) -> EventRow {
    EventRow {
        uuid: event.uuid.to_string(),
        event: event.event.to_string(),
        event_at: rfc3339(event.event_at),
        received_at: rfc3339(event.received_at),
        distinct_id: event.distinct_id.to_string(),
        person: person.to_owned(),
        session_id: event.session_id.as_deref().map(str::to_owned),
        level: event.level,
        dialect: event.dialect,
        properties: event.properties.iter().map(|(key, value)| (key.to_owned(), value.to_json())).collect(),
    }
}

/// The distinct_id that stands for the person behind `distinct_id`; itself when nobody is known by it.
pub fn person_of(snapshot: &Snapshot, distinct_id: &str) -> String {
    let root = snapshot.ordinal_of(distinct_id).and_then(|ordinal| snapshot.person_of().get(ordinal as usize));
    let name = root.and_then(|root| snapshot.distinct_id(*root));
    name.map_or_else(|| distinct_id.to_owned(), |name| name.to_string())
}

/// The distinct_id of an ordinal that stands for a person.
pub(super) fn person_name(snapshot: &Snapshot, person: u32) -> String {
    snapshot.distinct_id(person).map_or_else(String::new, |name| name.to_string())
}

/// All ordinals of the person behind a distinct_id, ascending; none when nobody is known by it.
fn ordinals_of(snapshot: &Snapshot, distinct_id: &str) -> Vec<u32> {
    let person_of = snapshot.person_of();
    let root = snapshot.ordinal_of(distinct_id).and_then(|ordinal| person_of.get(ordinal as usize));
    let Some(root) = root else { return Vec::new() };
    (0..person_of.len() as u32).filter(|ordinal| person_of[*ordinal as usize] == *root).collect()
}

struct Search<'a> {
    snapshot: &'a Snapshot,
    bound: &'a BoundEvents,
    budget: &'a Budget<'a>,
    filter: Ready,
    person: Option<Vec<u32>>,
}

impl Search<'_> {
    /// The newest matching rows of one day, newest first, at most `wanted`.
    fn newest(&self, day: &[&Segment], wanted: usize) -> Result<Vec<Candidate>, QueryError> {
        let mut found: Vec<Candidate> = Vec::new();
        for (index, segment) in day.iter().enumerate() {
            self.budget.check()?;
            self.budget.count_rows(segment.rows());
            self.budget.check_rows(self.budget.rows_read(), self.bound.from)?;
            let Some(rows) = self.matching(segment)? else { continue };
            let (event_at, uuids) = (segment.event_at()?, segment.uuids()?);
            for row in rows {
                let key = (event_at[row], Uuid::from_bytes(uuids[row]));
                if self.bound.after.is_none_or(|after| key < after) {
                    found.push((key, index, row as u32));
                }
                if found.len() >= 4 * wanted {
                    keep_newest(&mut found, wanted);
                }
            }
        }
        keep_newest(&mut found, wanted);
        found.sort_unstable_by(|a, b| b.cmp(a));
        Ok(found)
    }

    /// Rows in range that pass all conditions; `None`: not one.
    fn matching(&self, segment: &Segment) -> Result<Option<Vec<usize>>, QueryError> {
        let runs = match &self.person {
            None => None,
            Some(ordinals) => match runs(&segment.ordinals()?, ordinals) {
                runs if runs.is_empty() => return Ok(None),
                runs => Some(runs),
            },
        };
        let scan = Scan::new(segment, self.snapshot, self.budget);
        let named = match &self.bound.event {
            Some(name) => scan.named(name)?,
            None => Mask::All,
        };
        if named == Mask::None {
            return Ok(None);
        }
        let mask = named.and(scan.mask(&self.filter)?);
        if mask == Mask::None {
            return Ok(None);
        }
        let mask = mask.into_rows(segment.rows());
        let event_at = segment.event_at()?;
        let passes = |row: &usize| mask[*row] && (self.bound.from..=self.bound.to).contains(&event_at[*row]);
        Ok(Some(match runs {
            None => (0..mask.len()).filter(passes).collect(),
            Some(runs) => runs.into_iter().flatten().filter(passes).collect(),
        }))
    }
}

/// Where the rows of some ordinals lie: rows ascend by ordinal, so those of one are a run.
fn runs(column: &[u32], ordinals: &[u32]) -> Vec<Range<usize>> {
    let run = |ordinal: &u32| {
        let start = column.partition_point(|other| other < ordinal);
        start..start + column[start..].partition_point(|other| other == ordinal)
    };
    ordinals.iter().map(run).filter(|run| !run.is_empty()).collect()
}

fn keep_newest(found: &mut Vec<Candidate>, wanted: usize) {
    if found.len() > wanted {
        found.select_nth_unstable_by(wanted, |a, b| b.cmp(a));
        found.truncate(wanted);
    }
}

/// Whole events in the order of `found`; one read per segment.
fn materialised(day: &[&Segment], found: &[Candidate]) -> Result<Vec<Event>, QueryError> {
    let mut places: HashMap<usize, Vec<(usize, u32)>> = HashMap::new();
    for (place, (_, segment, row)) in found.iter().enumerate() {
        places.entry(*segment).or_default().push((place, *row));
    }
    let mut placed = Vec::with_capacity(found.len());
    for (segment, places) in places {
        let rows: Vec<u32> = places.iter().map(|(_, row)| *row).collect();
        placed.extend(places.iter().map(|(place, _)| *place).zip(day[segment].rows_at(&rows)?));
    }
    placed.sort_unstable_by_key(|(place, _)| *place);
    Ok(placed.into_iter().map(|(_, event)| event).collect())
}
