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
    pub(crate) fn count_event(&mut self, name: &str, at: Micros) {
        match self.events.get_mut(name) {
            Some(stats) => stats.add(EventStats { count: 1, first_at: at, last_at: at }),
            None => {
                self.events.insert(name.into(), EventStats { count: 1, first_at: at, last_at: at });
            }
        }
    }

    pub(crate) fn count_property(&mut self, key: &str, kind: Kind) {
        if !self.properties.contains_key(key) {
            self.properties.insert(key.into(), PropertyStats::default());
        }
        if let Some(stats) = self.properties.get_mut(key) {
            match kind {
                Kind::Text => stats.text += 1,
                Kind::Number => stats.number += 1,
                Kind::Bool => stats.boolean += 1,
                Kind::Json => stats.json += 1,
            }
        }
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
    }
}

impl EventStats {
    fn add(&mut self, other: EventStats) {
        self.count += other.count;
        self.first_at = self.first_at.min(other.first_at);
        self.last_at = self.last_at.max(other.last_at);
    }
}
