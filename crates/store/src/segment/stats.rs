//! What is in a segment, known without reading its columns.

use model::Micros;
use model::property::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Event names that one segment lists, the most frequent; clients choose names, so there may be millions.
pub(crate) const EVENTS_MAX: usize = 2_000;
/// Property keys that one segment lists, the most frequent.
pub(crate) const PROPERTIES_MAX: usize = 10_000;
/// Memory of the statistics of all live files; past it a file keeps only its most frequent names there.
const MEMORY_BYTES_MAX: usize = 64 << 20;
/// Names of each sort that a file keeps in memory past that.
const LEAST_NAMES: usize = 100;
/// Bytes that an entry takes beside its name.
const ENTRY_BYTES: usize = 96;

/// Event names and properties of one segment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentStats {
    /// By event name.
    pub events: BTreeMap<Box<str>, EventStats>,
    /// By property key.
    pub properties: BTreeMap<Box<str>, PropertyStats>,
    /// Whether the rows have event names that are not listed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more_events: bool,
    /// Whether the rows have property keys that are not listed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more_properties: bool,
}

/// One event name in one segment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventStats {
    /// Rows.
    pub count: u64,
    /// Least event_at; µs.
    pub first_at: Micros,
    /// Greatest event_at; µs.
    pub last_at: Micros,
}

/// One property key in one segment: rows by kind of value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyStats {
    /// Rows with a string.
    pub text: u64,
    /// Rows with a number.
    pub number: u64,
    /// Rows with a boolean.
    pub boolean: u64,
    /// Rows with other JSON.
    pub json: u64,
}

impl PropertyStats {
    /// Rows with any value.
    pub fn count(&self) -> u64 {
        self.text + self.number + self.boolean + self.json
    }
}

impl SegmentStats {
    /// Whether rows of this event may be there. `false` is certain.
    pub fn may_have_event(&self, name: &str) -> bool {
        self.more_events || self.events.contains_key(name)
    }

    /// Whether rows with this property may be there. `false` is certain.
    pub fn may_have_property(&self, key: &str) -> bool {
        self.more_properties || self.properties.contains_key(key)
    }

    /// The names of `planned` within the limits, nothing counted yet.
    pub(crate) fn empty_of(planned: &SegmentStats) -> SegmentStats {
        let mut stats = planned.clone();
        stats.limit(EVENTS_MAX, PROPERTIES_MAX);
        let unseen = EventStats { count: 0, first_at: Micros::MAX, last_at: Micros::MIN };
        stats.events.values_mut().for_each(|event| *event = unseen);
        stats.properties.values_mut().for_each(|property| *property = PropertyStats::default());
        (stats.more_events, stats.more_properties) = (false, false);
        stats
    }

    /// Leaves out the names that were planned and did not come.
    pub(crate) fn without_uncounted(mut self) -> SegmentStats {
        self.events.retain(|_, event| event.count > 0);
        self.properties.retain(|_, property| property.count() > 0);
        self
    }

    /// Counts rows of an event; a name that was not planned is only noted.
    pub(crate) fn count_event(&mut self, name: &str, stats: EventStats) {
        match self.events.get_mut(name) {
            Some(own) => own.add(stats),
            None => self.more_events = true,
        }
    }

    /// Counts a value; a key that was not planned is only noted.
    pub(crate) fn count_property(&mut self, key: &str, kind: Kind) {
        self.count_properties(key, super::format::kind_index(kind), 1);
    }

    /// Counts values; `kind` as `format::kind_index` numbers it.
    pub(crate) fn count_properties(&mut self, key: &str, kind: usize, count: u64) {
        match self.properties.get_mut(key) {
            Some(stats) => {
                let counts = [&mut stats.text, &mut stats.number, &mut stats.boolean, &mut stats.json];
                *counts[kind] += count;
            }
            None => self.more_properties = true,
        }
    }

    /// Keeps the most frequent names of each sort; of equally frequent ones the first in byte order.
    pub(crate) fn limit(&mut self, events_max: usize, properties_max: usize) {
        self.more_events |= keep_most(&mut self.events, events_max, |event| event.count);
        self.more_properties |= keep_most(&mut self.properties, properties_max, PropertyStats::count);
    }

    fn bytes(&self) -> usize {
        let names = self.events.keys().chain(self.properties.keys());
        names.map(|name| name.len() + ENTRY_BYTES).sum()
    }

    /// Adds what another segment holds.
    pub fn merge(&mut self, other: &SegmentStats) {
        for (name, stats) in &other.events {
            match self.events.get_mut(name) {
                Some(own) => own.add(*stats),
                None => {
                    self.events.insert(name.clone(), *stats);
                }
            }
        }
        for (key, stats) in &other.properties {
            let own = self.properties.entry(key.clone()).or_default();
            own.text += stats.text;
            own.number += stats.number;
            own.boolean += stats.boolean;
            own.json += stats.json;
        }
        self.more_events |= other.more_events;
        self.more_properties |= other.more_properties;
    }
}

/// Whether something was left out.
fn keep_most<V>(all: &mut BTreeMap<Box<str>, V>, max: usize, count: impl Fn(&V) -> u64) -> bool {
    if all.len() <= max {
        return false;
    }
    let mut counts: Vec<u64> = all.values().map(&count).collect();
    counts.sort_unstable_by_key(|count| std::cmp::Reverse(*count));
    let least = counts.get(max.saturating_sub(1)).copied().unwrap_or(u64::MAX);
    // So many of those with the least count still have a place.
    let mut ties = max - counts.iter().take_while(|count| **count > least).count().min(max);
    all.retain(|_, value| match count(value).cmp(&least) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal if ties > 0 => {
            ties -= 1;
            true
        }
        _ => false,
    });
    true
}

/// Memory of the statistics of all live files together.
#[derive(Debug, Default)]
pub(crate) struct StatsMemory {
    used: AtomicUsize,
}

/// The statistics of one live file; gives its memory back when dropped.
pub(crate) struct HeldStats {
    stats: SegmentStats,
    bytes: usize,
    memory: Arc<StatsMemory>,
}

impl StatsMemory {
    /// Takes statistics into memory, cut short when there is not enough of it.
    pub fn hold(self: &Arc<Self>, mut stats: SegmentStats) -> HeldStats {
        if self.used.load(Ordering::Relaxed) + stats.bytes() > MEMORY_BYTES_MAX {
            stats.limit(LEAST_NAMES, LEAST_NAMES);
        }
        let bytes = stats.bytes();
        self.used.fetch_add(bytes, Ordering::Relaxed);
        HeldStats { stats, bytes, memory: Arc::clone(self) }
    }
}

impl Deref for HeldStats {
    type Target = SegmentStats;
    fn deref(&self) -> &SegmentStats {
        &self.stats
    }
}

impl Drop for HeldStats {
    fn drop(&mut self) {
        self.memory.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl EventStats {
    pub(crate) fn add(&mut self, other: EventStats) {
        self.count += other.count;
        self.first_at = self.first_at.min(other.first_at);
        self.last_at = self.last_at.max(other.last_at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(properties: usize) -> SegmentStats {
        let mut stats = SegmentStats::default();
        for number in 0..properties {
            let text = if number == properties - 1 { 9 } else { 1 };
            stats.properties.insert(format!("k{number:05}").into(), PropertyStats { text, ..Default::default() });
        }
        stats
    }

    #[test]
    fn the_most_frequent_names_are_kept_and_the_rest_is_noted() {
        let mut limited = stats(500);
        limited.limit(10, 3);
        assert_eq!(limited.properties.keys().map(|key| &**key).collect::<Vec<_>>(), ["k00000", "k00001", "k00499"]);
        assert!(limited.more_properties && !limited.more_events);
        assert!(limited.may_have_property("k00300") && !limited.may_have_event("e"));
        let mut whole = stats(3);
        whole.limit(10, 3);
        assert!(!whole.more_properties && !whole.may_have_property("k00300"));
    }

    #[test]
    fn what_was_not_planned_is_noted_and_not_listed() {
        let mut counted = SegmentStats::empty_of(&stats(2));
        counted.count_property("k00001", Kind::Text);
        counted.count_property("other", Kind::Text);
        counted.count_event("other", EventStats { count: 1, first_at: 5, last_at: 5 });
        let counted = counted.without_uncounted();
        assert_eq!(counted.properties.len(), 1);
        assert!(counted.more_properties && counted.more_events);
    }

    #[test]
    fn all_files_together_stay_within_their_memory() {
        let memory = Arc::new(StatsMemory::default());
        let held: Vec<_> = (0..100).map(|_| memory.hold(stats(PROPERTIES_MAX))).collect();
        assert!(memory.used.load(Ordering::Relaxed) <= MEMORY_BYTES_MAX + 100 * LEAST_NAMES * 2 * ENTRY_BYTES);
        assert!(held[0].properties.len() == PROPERTIES_MAX && held[99].properties.len() == LEAST_NAMES);
        drop(held);
        assert_eq!(memory.used.load(Ordering::Relaxed), 0);
    }
}
