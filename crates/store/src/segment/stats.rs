//! What is in a segment, known without reading its columns.

use model::Micros;
use model::property::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Event names and properties of one segment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentStats {
    /// By event name.
    pub events: BTreeMap<Box<str>, EventStats>,
    /// By property key.
    pub properties: BTreeMap<Box<str>, PropertyStats>,
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
    pub(crate) fn count_event(&mut self, name: &str, stats: EventStats) {
        match self.events.get_mut(name) {
            Some(own) => own.add(stats),
            None => {
                self.events.insert(name.into(), stats);
            }
        }
    }

    pub(crate) fn count_property(&mut self, key: &str, kind: Kind) {
        self.count_properties(key, super::format::kind_index(kind), 1);
    }

    /// `kind` as `format::kind_index` numbers it.
    pub(crate) fn count_properties(&mut self, key: &str, kind: usize, count: u64) {
        if !self.properties.contains_key(key) {
            self.properties.insert(key.into(), PropertyStats::default());
        }
        if let Some(stats) = self.properties.get_mut(key) {
            let counts = [&mut stats.text, &mut stats.number, &mut stats.boolean, &mut stats.json];
            *counts[kind] += count;
        }
    }

    /// Adds what another segment holds.
    pub fn merge(&mut self, other: &SegmentStats) {
        for (name, stats) in &other.events {
            self.count_event(name, *stats);
        }
        for (key, stats) in &other.properties {
            let own = self.properties.entry(key.clone()).or_default();
            own.text += stats.text;
            own.number += stats.number;
            own.boolean += stats.boolean;
            own.json += stats.json;
        }
    }
}

impl EventStats {
    pub(crate) fn add(&mut self, other: EventStats) {
        self.count += other.count;
        self.first_at = self.first_at.min(other.first_at);
        self.last_at = self.last_at.max(other.last_at);
    }
}
