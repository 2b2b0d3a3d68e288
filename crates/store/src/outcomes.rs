//! Counts of what became of every event received.

use crate::StoreError;
use crate::disk::Disk;
use crate::frame;
use crate::wal::record::BatchRecord;
use model::{Micros, Outcome, Reason};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Distinct event names counted by themselves; the rest is under [`OTHER`].
const NAMES_MAX: usize = 2_000;
const OTHER: &str = "(other)";

/// Counters of one project, since its first event.
///
/// `received = stored + duplicate + failed + not_kept`, to the unit, at every moment. Events of a retry are received
/// again, so a failed event that is retried well counts twice as received: once failed, once stored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcomes {
    /// All events that reached the store.
    pub received: u64,
    /// Became rows.
    pub stored: u64,
    /// Were rows already.
    pub duplicate: u64,
    /// Were wrong; kept for a while as failed events.
    pub failed: u64,
    /// Were right and must not or cannot be kept.
    pub not_kept: u64,
    /// What was not stored, by (reason, event name), in that order. Past 2 000 names the rest is under `(other)`.
    pub not_stored: Vec<OutcomeCount>,
    /// The same five counters by UTC day of received_at, oldest first.
    pub days: Vec<DayCounts>,
    /// Fields taken out of events that were stored, by reason.
    pub removed_fields: BTreeMap<String, u64>,
}

/// How often one event name was not stored for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeCount {
    /// Failed or not kept.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// The event's name; empty when it could not be read.
    pub event: String,
    /// How often.
    pub count: u64,
    /// The newest received_at.
    pub last_at: Micros,
}

/// Counters of one UTC day of received_at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCounts {
    /// Days since 1970-01-01.
    pub day: i32,
    /// All events.
    pub received: u64,
    /// Became rows.
    pub stored: u64,
    /// Were rows already.
    pub duplicate: u64,
    /// Were wrong.
    pub failed: u64,
    /// Were not to be kept.
    pub not_kept: u64,
}

/// The counters as they are kept.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    not_stored: BTreeMap<(&'static str, String), OutcomeCount>,
    /// Event names in `not_stored`, and how many of its lines have them.
    names: BTreeMap<String, usize>,
    days: BTreeMap<i32, DayCounts>,
    removed_fields: BTreeMap<String, u64>,
}

impl Counts {
    /// Counts one record.
    pub fn add(&mut self, record: &BatchRecord<'_>) {
        let mut counts =
            DayCounts { stored: record.rows.len() as u64, duplicate: record.duplicates, ..DayCounts::default() };
        for not_stored in &record.not_stored {
            match not_stored.reason.outcome() {
                Outcome::Failed => counts.failed += 1,
                Outcome::NotKept => counts.not_kept += 1,
            }
            self.add_not_stored(not_stored.reason, not_stored.event, 1, record.received_at);
        }
        counts.received = counts.stored + counts.duplicate + counts.failed + counts.not_kept;
        let day = model::time::utc_day(record.received_at);
        let own = self.days.entry(day).or_insert(DayCounts { day, ..DayCounts::default() });
        own.received += counts.received;
        own.stored += counts.stored;
        own.duplicate += counts.duplicate;
        own.failed += counts.failed;
        own.not_kept += counts.not_kept;
        for (reason, count) in &record.removed_fields {
            *self.removed_fields.entry((*reason).to_owned()).or_default() += count;
        }
    }

    fn add_not_stored(&mut self, reason: Reason, event: &str, count: u64, last_at: Micros) {
        let event = if self.names.contains_key(event) || self.names.len() < NAMES_MAX { event } else { OTHER };
        let names = &mut self.names;
        let line = self.not_stored.entry((reason.code(), event.to_owned())).or_insert_with(|| {
            *names.entry(event.to_owned()).or_default() += 1;
            OutcomeCount { outcome: reason.outcome(), reason, event: event.to_owned(), count: 0, last_at }
        });
        line.count += count;
        line.last_at = line.last_at.max(last_at);
    }

    /// As readers get them. Totals are sums over the days, so that the two cannot disagree.
    pub fn outcomes(&self) -> Outcomes {
        let days: Vec<DayCounts> = self.days.values().copied().collect();
        let sum = |field: fn(&DayCounts) -> u64| days.iter().map(field).sum();
        Outcomes {
            received: sum(|day| day.received),
            stored: sum(|day| day.stored),
            duplicate: sum(|day| day.duplicate),
            failed: sum(|day| day.failed),
            not_kept: sum(|day| day.not_kept),
            not_stored: self.not_stored.values().cloned().collect(),
            removed_fields: self.removed_fields.clone(),
            days,
        }
    }
}

/// What stands in the file of counters, per project.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ProjectCounters {
    pub days: Vec<DayCounts>,
    pub not_stored: Vec<OutcomeCount>,
    pub removed_fields: BTreeMap<String, u64>,
    /// The next failed event gets this id.
    pub next_failed_id: u64,
    /// Failed events that were retried, and when.
    pub retried: BTreeMap<u64, Micros>,
}

impl ProjectCounters {
    pub fn new(counts: &Counts, next_failed_id: u64, retried: BTreeMap<u64, Micros>) -> ProjectCounters {
        ProjectCounters {
            days: counts.days.values().copied().collect(),
            not_stored: counts.not_stored.values().cloned().collect(),
            removed_fields: counts.removed_fields.clone(),
            next_failed_id,
            retried,
        }
    }

    pub fn counts(&self) -> Counts {
        let mut counts = Counts { removed_fields: self.removed_fields.clone(), ..Counts::default() };
        counts.days = self.days.iter().map(|day| (day.day, *day)).collect();
        for line in &self.not_stored {
            counts.add_not_stored(line.reason, &line.event, line.count, line.last_at);
        }
        counts
    }
}

pub(crate) fn path_of(dir: &Path, number: u64) -> PathBuf {
    dir.join("outcomes").join(format!("{number:08}.json"))
}

/// Writes the counters of all projects; durable but for the name.
pub(crate) fn write(
    disk: &dyn Disk,
    dir: &Path,
    number: u64,
    projects: &BTreeMap<u32, ProjectCounters>,
) -> Result<(), StoreError> {
    // Plain maps, which JSON always takes.
    let payload = serde_json::to_vec(projects).unwrap_or_default();
    frame::write_document(disk, &path_of(dir, number), &frame::OUTCOMES, number, &payload)
}

/// Reads them back.
pub(crate) fn read(disk: &dyn Disk, dir: &Path, number: u64) -> Result<BTreeMap<u32, ProjectCounters>, StoreError> {
    let path = path_of(dir, number);
    let (_, payload) = frame::read_document(disk, &path, &frame::OUTCOMES)?;
    serde_json::from_slice(&payload).map_err(|error| StoreError::damaged(&path, error.to_string()))
}

/// The number in a file's name.
pub(crate) fn number_of(name: &str) -> Option<u64> {
    name.strip_suffix(".json")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_the_limit_names_are_counted_together_and_nothing_is_lost() {
        let mut counts = Counts::default();
        for index in 0..NAMES_MAX + 50 {
            counts.add_not_stored(Reason::MissingField, &format!("event {index}"), 1, index as Micros);
        }
        let lines = counts.outcomes().not_stored;
        assert!(lines.len() <= NAMES_MAX + 1);
        assert_eq!(lines.iter().map(|line| line.count).sum::<u64>(), NAMES_MAX as u64 + 50);
        assert!(lines.iter().any(|line| line.event == OTHER && line.count == 50));
    }
}
