//! What there is to ask about: event names and properties with their volume, and the values of one property.
//!
//! Counts come from segment statistics and cost no column; samples and values read the newest segments only, under a
//! cap on rows, so that the work stays small however much is stored.

use crate::bind::filter::Target;
use crate::calendar::rfc3339;
use crate::limits::{Budget, QueryError, QueryLimits};
use crate::predicate;
use crate::scan::Scan;
use model::Micros;
use model::filter::Scope;
use model::property::Kind;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use store::Snapshot;
use utoipa::ToSchema;

/// Names that the catalogue lists, the most frequent first.
const EVENTS_MAX: usize = 2_000;
const PROPERTIES_MAX: usize = 10_000;
/// Rows whose values are looked at for samples, and for the values of one property.
const SAMPLE_ROWS_MAX: usize = 20_000;
const VALUE_ROWS_MAX: usize = 2_000_000;
/// Sample values of a property, and characters of each.
const SAMPLES_MAX: usize = 5;
const SAMPLE_CHARS_MAX: usize = 100;
/// Values that one call returns, at most.
const VALUES_MAX: usize = 1_000;
/// Properties that get samples, the most frequent first.
const SAMPLED_PROPERTIES_MAX: usize = 300;
/// Of so many segments that have the property, newest first, the smallest is sampled.
const SAMPLED_SEGMENTS: usize = 8;

/// Event names and properties of a project.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Catalogue {
    /// Most frequent first, then by name.
    pub events: Vec<EventEntry>,
    /// Most frequent first, then by name.
    pub properties: Vec<PropertyEntry>,
    /// Properties of persons, those of most persons first, then by name.
    pub person_properties: Vec<PersonPropertyEntry>,
    /// Whether there are more event names than are listed: at most 2 000 are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more_events: bool,
    /// Whether there are more properties than are listed: at most 10 000 are, of events and of persons each.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more_properties: bool,
}

/// One property of persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonPropertyEntry {
    /// The flattened key.
    pub name: String,
    /// Persons who have it now.
    pub persons: u64,
}

/// One event name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventEntry {
    /// The name.
    pub name: String,
    /// Events of that name.
    pub count: u64,
    /// event_at of the earliest, RFC 3339 UTC.
    pub first_seen: String,
    /// event_at of the latest, RFC 3339 UTC.
    pub last_seen: String,
}

/// One property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PropertyEntry {
    /// The flattened key.
    pub name: String,
    /// The types that its values have, the most frequent first.
    pub types: Vec<Kind>,
    /// Events that have it.
    pub count: u64,
    /// Up to 5 values of recent events, cut at 100 characters.
    pub samples: Vec<String>,
}

/// One value of a property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ValueCount {
    /// Its canonical text.
    pub value: String,
    /// How often it was seen in the rows that were looked at.
    pub count: u64,
}

/// The catalogue of a snapshot.
///
/// # Errors
/// Cancelled, out of time, or data that could not be read.
pub fn catalogue(snapshot: &Snapshot, limits: &QueryLimits) -> Result<Catalogue, QueryError> {
    let budget = Budget::new(limits);
    let mut events: BTreeMap<&str, (u64, Micros, Micros)> = BTreeMap::new();
    let mut properties: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
    let (mut more_events, mut more_properties) = (false, false);
    for segment in snapshot.segments() {
        budget.check()?;
        more_events |= segment.stats().more_events;
        more_properties |= segment.stats().more_properties;
        for (name, stats) in &segment.stats().events {
            let seen = events.entry(name).or_insert((0, stats.first_at, stats.last_at));
            *seen = (seen.0 + stats.count, seen.1.min(stats.first_at), seen.2.max(stats.last_at));
        }
        for (key, stats) in &segment.stats().properties {
            let counts = properties.entry(key).or_default();
            let more = [stats.text, stats.number, stats.boolean, stats.json];
            counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        }
    }
    more_events |= events.len() > EVENTS_MAX;
    more_properties |= properties.len() > PROPERTIES_MAX;
    let events = most(events, EVENTS_MAX, |seen| seen.0).into_iter().map(event_entry).collect();
    let properties = most(properties, PROPERTIES_MAX, |counts| counts.iter().sum());
    let mut properties: Vec<_> = properties.into_iter().map(property_entry).collect();
    for property in properties.iter_mut().take(SAMPLED_PROPERTIES_MAX) {
        property.samples = samples(snapshot, &property.name, &budget)?;
    }
    let keys = snapshot.person_property_keys();
    more_properties |= keys.len() > PROPERTIES_MAX;
    let person_properties =
        most(keys.iter().map(|(key, persons)| (&**key, *persons)).collect(), PROPERTIES_MAX, |of| *of);
    let entry = |(name, persons): (&str, u64)| PersonPropertyEntry { name: name.to_owned(), persons };
    let person_properties = person_properties.into_iter().map(entry).collect();
    Ok(Catalogue { events, properties, person_properties, more_events, more_properties })
}

/// The most frequent entries, then by name.
fn most<V>(all: BTreeMap<&str, V>, max: usize, count: impl Fn(&V) -> u64) -> Vec<(&str, V)> {
    let mut all: Vec<_> = all.into_iter().collect();
    // Stable, so equally frequent names stay in byte order.
    all.sort_by_key(|(_, value)| std::cmp::Reverse(count(value)));
    all.truncate(max);
    all
}

fn event_entry((name, (count, first, last)): (&str, (u64, Micros, Micros))) -> EventEntry {
    EventEntry { name: name.to_owned(), count, first_seen: rfc3339(first), last_seen: rfc3339(last) }
}

fn property_entry((name, counts): (&str, [u64; 4])) -> PropertyEntry {
    let kinds = [Kind::Text, Kind::Number, Kind::Bool, Kind::Json];
    let mut types: Vec<_> = counts.into_iter().zip(kinds).filter(|(count, _)| *count > 0).collect();
    types.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    PropertyEntry {
        name: name.to_owned(),
        types: types.into_iter().map(|(_, kind)| kind).collect(),
        count: counts.iter().sum(),
        samples: Vec::new(),
    }
}

/// Values in a recent segment that has the property: the most frequent of its first rows.
fn samples(snapshot: &Snapshot, key: &str, budget: &Budget<'_>) -> Result<Vec<String>, QueryError> {
    let newest = snapshot.segments().iter().rev().filter(|segment| segment.stats().may_have_property(key));
    let Some(segment) = newest.take(SAMPLED_SEGMENTS).min_by_key(|segment| segment.rows()) else {
        return Ok(Vec::new());
    };
    let mark = budget.memory_mark();
    let mut counts = HashMap::new();
    let scan = Scan::new(segment, snapshot, budget);
    count_values(&scan, &Target::Property(key.to_owned()), SAMPLE_ROWS_MAX, |_| true, &mut counts, budget)?;
    let samples = most_frequent(counts, SAMPLES_MAX).into_iter();
    budget.return_to(mark);
    Ok(samples.map(|sample| sample.value.chars().take(SAMPLE_CHARS_MAX).collect()).collect())
}

/// The most frequent values of a property (or of `event`, `distinct_id`, `session_id`) whose text contains `search`
/// under Unicode simple case folding; at most `limit`, and never more than 1 000. Of a person property the values are
/// those of all persons, each counted once.
///
/// Else it looks at the newest segments first and stops after 2 million rows; missing and empty values are left out.
///
/// # Errors
/// Cancelled, out of time or memory, or data that could not be read; a search text past the limits of patterns.
pub fn values(
    snapshot: &Snapshot,
    (scope, property): (Scope, &str),
    search: &str,
    limit: usize,
    limits: &QueryLimits,
) -> Result<Vec<ValueCount>, QueryError> {
    let budget = Budget::new(limits);
    let pattern = predicate::patterns(&[search.to_owned()], true)
        .map_err(|error| QueryError::Pattern(crate::QuestionError::new("search", error.to_string())))?;
    let mut counts = HashMap::new();
    if scope == Scope::Person {
        count_persons(snapshot, property, |value| pattern.is_match(value), &mut counts, &budget)?;
        return Ok(most_frequent(counts, limit.min(VALUES_MAX)));
    }
    let target = Target::of(property);
    let mut rows_left = VALUE_ROWS_MAX;
    for segment in snapshot.segments().iter().rev() {
        if let Target::Property(key) = &target
            && !segment.stats().may_have_property(key)
        {
            continue;
        }
        let rows = segment.rows().min(rows_left);
        let scan = Scan::new(segment, snapshot, &budget);
        count_values(&scan, &target, rows, |value| pattern.is_match(value), &mut counts, &budget)?;
        rows_left -= rows;
        if rows_left == 0 {
            break;
        }
    }
    Ok(most_frequent(counts, limit.min(VALUES_MAX)))
}

/// Counts the values of persons that pass `wanted`.
fn count_persons(
    snapshot: &Snapshot,
    key: &str,
    wanted: impl Fn(&str) -> bool,
    counts: &mut HashMap<String, u64>,
    budget: &Budget<'_>,
) -> Result<(), QueryError> {
    let column = snapshot.person_property(key);
    let persons = snapshot.person_of().iter().enumerate().filter(|(ordinal, root)| *ordinal == **root as usize);
    for value in persons.filter_map(|(ordinal, _)| column.get(ordinal)) {
        let text = value.canonical();
        match counts.get_mut(&text) {
            Some(count) => *count += 1,
            None if !text.is_empty() && wanted(&text) => {
                budget.check()?;
                budget.take(2 * text.len() + 128, "values of a property")?;
                counts.insert(text, 1);
            }
            None => {}
        }
    }
    Ok(())
}

/// Counts the values of the first `rows` rows that pass `wanted`.
fn count_values(
    scan: &Scan<'_>,
    target: &Target,
    rows: usize,
    wanted: impl Fn(&str) -> bool,
    counts: &mut HashMap<String, u64>,
    budget: &Budget<'_>,
) -> Result<(), QueryError> {
    let mut groups: Vec<(String, u64)> = Vec::new();
    let mut group_by_text: HashMap<String, u32> = HashMap::new();
    let looked_at: Vec<bool> = (0..scan.segment.rows()).map(|row| row < rows).collect();
    let group_of = |value: Option<&str>| match value.filter(|value| wanted(value)) {
        None => Ok(crate::kernels::NO_CELL),
        Some(value) => {
            if let Some(group) = group_by_text.get(value) {
                return Ok(*group);
            }
            budget.take(2 * value.len() + 128, "values of a property")?;
            let group = groups.len() as u32;
            groups.push((value.to_owned(), 0));
            group_by_text.insert(value.to_owned(), group);
            Ok(group)
        }
    };
    let rows = scan.groups(target, &looked_at, group_of)?;
    for row in rows {
        if let Some(group) = groups.get_mut(row as usize) {
            group.1 += 1;
        }
    }
    for (value, count) in groups {
        *counts.entry(value).or_default() += count;
    }
    Ok(())
}

fn most_frequent(counts: HashMap<String, u64>, limit: usize) -> Vec<ValueCount> {
    let mut values: Vec<_> = counts.into_iter().map(|(value, count)| ValueCount { value, count }).collect();
    values.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    values.truncate(limit);
    values
}
