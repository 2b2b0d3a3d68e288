//! A page of events: all that match, sorted, cut.

use super::dates::Wall;
use super::filter;
use super::identity::Persons;
use super::journey::is_of;
use crate::events::World;
use model::Event;
use model::insight::events::EventsQuestion;
use model::time::Interval;

/// All events that match, newest first, not cut into pages. `None`: the range starts after it ends.
pub fn events<'a>(
    all: &'a [Event],
    persons: &Persons,
    question: &EventsQuestion,
    world: &World,
) -> Option<Vec<&'a Event>> {
    let wall = Wall::new(&world.clock);
    let earliest = all.iter().map(|event| event.event_at).min();
    let dates = (question.date_from.as_deref().unwrap_or("-24h"), question.date_to.as_deref());
    let (from, to) = wall.range(dates, Interval::Day, world.now, earliest)?;
    let mut matching: Vec<&Event> = all
        .iter()
        .filter(|event| from <= event.event_at && event.event_at <= to)
        .filter(|event| is_of(event, (&question.event, &question.action)))
        .filter(|event| question.person.as_deref().is_none_or(|id| persons.ids_of(id).contains(&*event.distinct_id)))
        .filter(|event| filter::all_hold(&question.filters, event, &wall, world.now))
        .collect();
    matching.sort_by_key(|event| std::cmp::Reverse((event.event_at, event.uuid)));
    Some(matching)
}
