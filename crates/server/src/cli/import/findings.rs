//! What a dry run has found: how much there is, of what, and what is odd about it.

use crate::clock::rfc3339;
use crate::ingest::gate::Gated;
use model::time::{DAY, SECOND};
use model::{Event, Micros, Outcome};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;

/// Different event names that are counted one by one, and shown.
const NAMES_MAX: usize = 10_000;
const NAMES_SHOWN: usize = 20;
/// Ids that are remembered to find double ones; beyond it (64 MiB) they are not looked for.
const IDS_MAX: usize = 4 << 20;
/// 2000-01-01T00:00:00Z: earlier clocks were never set.
const CLOCK_SET_AFTER: Micros = 946_684_800 * SECOND;

/// Counts over some pieces.
#[derive(Debug, Default)]
pub struct Findings {
    names: BTreeMap<Box<str>, u64>,
    /// Events of names beyond those.
    other_names: u64,
    range: Option<(Micros, Micros)>,
    in_future: u64,
    before_2000: u64,
    kept: u64,
    removed_fields: BTreeMap<String, u64>,
    outcomes: BTreeMap<(&'static str, &'static str), u64>,
    examples: BTreeMap<&'static str, String>,
    /// Of this piece; moved into `seen` when merged.
    ids: Vec<u64>,
    seen: HashSet<u64>,
    double: u64,
    /// Ids were given up.
    unseen: bool,
}

/// What a dry run prints with `--json`.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Always true: nothing was written.
    dry_run: bool,
    files: usize,
    /// Events in the files.
    received: u64,
    /// Rows that an import would add at most: those that are in the project already are not looked for.
    rows_at_most: u64,
    /// Events whose id came before in the files.
    duplicate_in_files: u64,
    /// Whether all ids were compared; beyond 4 million they are not.
    duplicates_complete: bool,
    failed: BTreeMap<String, u64>,
    not_kept: BTreeMap<String, u64>,
    /// One detail for each reason.
    examples: BTreeMap<String, String>,
    /// By count, the 20 most frequent.
    events: Vec<(String, u64)>,
    /// At most 10 000 are told apart.
    different_events: usize,
    events_of_uncounted_names: u64,
    first: Option<String>,
    last: Option<String>,
    in_future: u64,
    before_2000: u64,
    removed_fields: BTreeMap<String, u64>,
    /// By file: columns that are not read.
    unread_columns: BTreeMap<String, Vec<String>>,
    /// By file: what it holds.
    formats: BTreeMap<String, String>,
}

impl Findings {
    /// Notes a decoded event.
    pub fn note_event(&mut self, event: &Event, now: Micros) {
        self.note_name(&event.event, 1);
        let at = event.event_at;
        self.range = Some(self.range.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        self.in_future += u64::from(at > now.saturating_add(DAY));
        self.before_2000 += u64::from(at < CLOCK_SET_AFTER);
        let (high, low) = event.uuid.as_u64_pair();
        self.ids.push(high.rotate_left(32) ^ low);
    }

    fn note_name(&mut self, name: &str, count: u64) {
        let room = self.names.len() < NAMES_MAX;
        match self.names.get_mut(name) {
            Some(own) => *own += count,
            None if room => {
                self.names.insert(name.into(), count);
            }
            None => self.other_names += count,
        }
    }

    /// Notes what the gate left.
    pub fn note_outcomes(&mut self, gated: &Gated) {
        self.kept += gated.events.len() as u64;
        for refused in &gated.not_stored {
            let outcome = if refused.reason.outcome() == Outcome::Failed { "failed" } else { "not kept" };
            *self.outcomes.entry((outcome, refused.reason.code())).or_default() += 1;
            self.examples.entry(refused.reason.code()).or_insert_with(|| refused.detail.clone());
        }
        for (reason, count) in &gated.removed_fields {
            *self.removed_fields.entry(reason.clone()).or_default() += count;
        }
    }

    /// Adds what another piece, later in the files, has found.
    pub fn merge(&mut self, later: Findings) {
        for (name, count) in later.names {
            self.note_name(&name, count);
        }
        self.other_names += later.other_names;
        if let Some((first, last)) = later.range {
            self.range = Some(self.range.map_or((first, last), |own| (own.0.min(first), own.1.max(last))));
        }
        self.in_future += later.in_future;
        self.before_2000 += later.before_2000;
        self.kept += later.kept;
        for (key, count) in later.outcomes {
            *self.outcomes.entry(key).or_default() += count;
        }
        for (key, example) in later.examples {
            self.examples.entry(key).or_insert(example);
        }
        for (key, count) in later.removed_fields {
            *self.removed_fields.entry(key).or_default() += count;
        }
        for id in later.ids {
            if self.seen.contains(&id) {
                self.double += 1;
            } else if self.seen.len() < IDS_MAX {
                self.seen.insert(id);
            } else {
                self.unseen = true;
            }
        }
    }

    /// The report over all files.
    pub fn report(
        self,
        files: usize,
        formats: BTreeMap<String, String>,
        unread_columns: BTreeMap<String, Vec<String>>,
    ) -> Report {
        let of = |wanted: &str| -> BTreeMap<String, u64> {
            let counts = self.outcomes.iter().filter(|((outcome, _), _)| *outcome == wanted);
            counts.map(|((_, reason), count)| ((*reason).to_owned(), *count)).collect()
        };
        let (failed, not_kept) = (of("failed"), of("not kept"));
        let mut events: Vec<(String, u64)> =
            self.names.iter().map(|(name, count)| (name.to_string(), *count)).collect();
        events.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        events.truncate(NAMES_SHOWN);
        Report {
            dry_run: true,
            files,
            received: self.kept + failed.values().sum::<u64>() + not_kept.values().sum::<u64>(),
            // An event that came twice may have been dropped by the gate both times.
            rows_at_most: self.kept.saturating_sub(self.double),
            duplicate_in_files: self.double,
            duplicates_complete: !self.unseen,
            failed,
            not_kept,
            examples: self.examples.iter().map(|(reason, detail)| ((*reason).to_owned(), detail.clone())).collect(),
            events,
            different_events: self.names.len(),
            events_of_uncounted_names: self.other_names,
            first: self.range.map(|(first, _)| rfc3339(first)),
            last: self.range.map(|(_, last)| rfc3339(last)),
            in_future: self.in_future,
            before_2000: self.before_2000,
            removed_fields: self.removed_fields,
            unread_columns,
            formats,
        }
    }
}

impl Report {
    /// For people.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = writeln!(text, "dry run: nothing was written");
        let _ =
            writeln!(text, "{} events in {} files, at most {} new rows", self.received, self.files, self.rows_at_most);
        if let (Some(first), Some(last)) = (&self.first, &self.last) {
            let _ = writeln!(text, "from {first} to {last}");
        }
        let mut note = |count: u64, words: &str| {
            if count > 0 {
                let _ = writeln!(text, "{count} {words}");
            }
        };
        note(self.duplicate_in_files, "events whose id came before in the files");
        note(self.in_future, "events more than a day in the future");
        note(self.before_2000, "events before the year 2000: a clock was not set");
        if !self.duplicates_complete {
            let _ = writeln!(text, "more than 4 million events: double ids were looked for among the first only");
        }
        for (title, reasons) in [("failed", &self.failed), ("not kept", &self.not_kept)] {
            for (reason, count) in reasons {
                let example = self.examples.get(reason).map_or("", String::as_str);
                let _ = writeln!(text, "{title}: {count} {reason} (the first: {example})");
            }
        }
        for (reason, count) in &self.removed_fields {
            let _ = writeln!(text, "fields removed: {count} {reason}");
        }
        for (file, columns) in &self.unread_columns {
            let _ = writeln!(text, "{file}: columns that are not read: {}", columns.join(", "));
        }
        if !self.events.is_empty() {
            let _ = writeln!(text, "event\tcount");
        }
        for (name, count) in &self.events {
            let _ = writeln!(text, "{}\t{count}", name.escape_debug());
        }
        if self.different_events > self.events.len() {
            let more = if self.different_events >= NAMES_MAX { " at least" } else { "" };
            let _ = writeln!(text, "and{more} {} other event names", self.different_events - self.events.len());
        }
        text
    }
}
