//! What all insights over persons share: each person's events in order, and which of them match.

use super::dates::Wall;
use super::filter::{self, value_of};
use super::identity::Persons;
use model::filter::Filter;
use model::{Event, Micros};
use std::collections::BTreeMap;

/// The events of each person in the order (event_at, uuid), by the person's name.
pub fn by_person<'a>(all: &'a [Event], persons: &Persons) -> BTreeMap<String, Vec<&'a Event>> {
    let mut journeys: BTreeMap<String, Vec<&Event>> = BTreeMap::new();
    for event in all {
        journeys.entry(persons.name_of(&event.distinct_id)).or_default().push(event);
    }
    for events in journeys.values_mut() {
        events.sort_by_key(|event| (event.event_at, event.uuid));
    }
    journeys
}

/// Whether an event has the name (none: any) and passes both lists of filters.
pub fn matches(event: &Event, name: Option<&str>, lists: [&[Filter]; 2], wall: &Wall, now: Micros) -> bool {
    name.is_none_or(|name| *name == *event.event) && lists.iter().all(|list| filter::all_hold(list, event, wall, now))
}

/// The value of a breakdown; `None`: missing or empty.
pub fn shown_value(event: &Event, property: &str) -> Option<String> {
    value_of(event, property).map(|value| value.canonical()).filter(|text| !text.is_empty())
}
