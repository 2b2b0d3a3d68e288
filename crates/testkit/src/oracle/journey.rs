//! What all insights over persons share: each person's events in order, and which of them match.

use super::dates::Wall;
use super::filter::{self, scoped_value_of};
use super::identity::Persons;
use model::action::ActionRef;
use model::filter::{Filter, Scope};
use model::insight::trends::BreakdownBy;
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

/// An event name, or a built-in action in its place.
pub type Picked<'a> = (&'a Option<String>, &'a Option<ActionRef>);

/// Whether an event has the name, or is of the action; any is where neither is said.
pub fn is_of(event: &Event, (name, action): Picked<'_>) -> bool {
    let named = |names: &[&str]| names.contains(&&*event.event);
    match (name, action) {
        (Some(name), _) => named(&[name]),
        (None, None) => true,
        (None, Some(ActionRef::BuiltIn(action))) => match &**action {
            "page_view" => named(&["$pageview", "$screen", "IMPRESSION"]),
            "click" => named(&["$autocapture", "INTERACT"]),
            other => panic!("the oracle does not know {other}"),
        },
        (None, Some(ActionRef::Id(id))) => panic!("the oracle does not know action {id}"),
    }
}

/// Whether an event is of what was picked and passes both lists of filters.
pub fn matches(event: &Event, picked: Picked<'_>, lists: [&[Filter]; 2], wall: &Wall, now: Micros) -> bool {
    is_of(event, picked) && lists.iter().all(|list| filter::all_hold(list, event, wall, now))
}

/// The value of one property of a breakdown; `None`: missing or empty.
pub fn shown_value(event: &Event, scope: Scope, property: &str) -> Option<String> {
    scoped_value_of(event, scope, property).map(|value| value.canonical()).filter(|text| !text.is_empty())
}

/// The value of a breakdown out of those of its properties: the one, or the list of all; `None`: all are missing.
pub fn joined(values: Vec<Option<String>>) -> Option<String> {
    match &values[..] {
        [only] => only.clone(),
        _ if values.iter().all(Option::is_none) => None,
        _ => Some(serde_json::json!(values).to_string()),
    }
}

/// The value of a breakdown by several properties, without bins.
pub fn split_value(event: &Event, first: (Scope, &str), more: &[BreakdownBy]) -> Option<String> {
    let more = more.iter().map(|by| (by.scope, &*by.property));
    joined(std::iter::once(first).chain(more).map(|(scope, key)| shown_value(event, scope, key)).collect())
}
