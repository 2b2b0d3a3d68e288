//! Items to events: the decoder of the file's format, then the gate. Runs on several threads.

use super::detect::Format;
use super::findings::Findings;
use super::source::Piece;
use crate::ingest::accept::unreadable;
use crate::ingest::gate::{self, Gated};
use model::project::ProjectRules;
use model::{Dialect, Event, Micros, NotStored, Outcome, Reason, Uuid};
use std::sync::Arc;
use wire::Limits;
use wire::mapped::Mapping;

/// What all threads know.
pub struct Decoder {
    /// The project's rules.
    pub rules: ProjectRules,
    /// When the import began.
    pub now: Micros,
    /// Whether findings are collected.
    pub dry_run: bool,
}

/// What is known of a file.
pub struct FileFacts {
    /// Its name without folders, for the details of failed events.
    pub name: String,
    /// What its items are.
    pub format: Format,
    /// Which column is what, where it is a table.
    pub mapping: Option<Arc<Mapping>>,
}

/// A decoded piece.
pub struct Decoded {
    /// Its events, as the gate left them.
    pub gated: Gated,
    /// What was found in it; empty unless asked for.
    pub findings: Findings,
}

/// Events of one line or element, which may be a batch.
const EVENTS_OF_ITEM_MAX: usize = 100_000;

/// An exported event may be larger and deeper than what was sent: keys are written out, and `properties` is around them.
const LEVELS_ADDED: usize = 4;
const TIMES_LARGER: usize = 16;

impl Decoder {
    /// Decodes a piece and passes it through the gate.
    pub fn decode(&self, file: &FileFacts, piece: &Piece) -> Decoded {
        let mut items = Vec::with_capacity(piece.items.len().max(piece.rows.len()));
        for item in &piece.items {
            let start = items.len();
            if item.too_large {
                items.push(Err(too_large(file.format.dialect())));
            } else {
                self.document(file.format, &piece.bytes[item.range.clone()], &mut items);
            }
            place(&mut items[start..], &file.name, item.number);
        }
        if let Some(mapping) = &file.mapping {
            for (number, record) in &piece.rows {
                items.push(self.row(mapping, record));
                let last = items.len() - 1;
                place(&mut items[last..], &file.name, *number);
            }
        }
        let mut findings = Findings::default();
        if self.dry_run {
            items.iter().flatten().for_each(|event| findings.note_event(event, self.now));
        }
        let gated = gate::pass(&self.rules, items, self.now);
        if self.dry_run {
            findings.note_outcomes(&gated);
        }
        Decoded { gated, findings }
    }

    fn document(&self, format: Format, document: &[u8], items: &mut Vec<Result<Event, NotStored>>) {
        let limits = Limits {
            body_bytes_max: usize::MAX,
            events_max: EVENTS_OF_ITEM_MAX,
            brackets_max: usize::MAX,
            ..Limits::default()
        };
        // An event without an id gets one from its document, so that the same file again adds nothing.
        let mut position = 0_u64;
        let mut of_document = None;
        let mut new_uuid = || {
            position += 1;
            let namespace = of_document.get_or_insert_with(|| Uuid::new_v5(&Uuid::NAMESPACE_OID, document));
            Uuid::new_v5(namespace, &position.to_le_bytes())
        };
        match format {
            Format::Sunbird => {
                match wire::sunbird::decode(document, self.now, &|_| self.rules.sunbird_validation, &limits) {
                    Ok(batch) => items.extend(batch.items.into_iter().map(|item| item.result)),
                    Err(error) => items.push(unreadable(Dialect::Sunbird, error.to_string())),
                }
            }
            Format::Posthog => match wire::posthog::decode_exported(document, self.now, &limits, &mut new_uuid) {
                Ok(events) => items.extend(events),
                Err(error) => items.push(unreadable(Dialect::Posthog, error.to_string())),
            },
            Format::Native | Format::Csv => {
                let limits = Limits {
                    event_bytes_max: limits.event_bytes_max * TIMES_LARGER,
                    depth_max: limits.depth_max + LEVELS_ADDED,
                    ..limits
                };
                items.push(wire::native::decode_line(document, self.now, &limits, &mut new_uuid));
            }
        }
    }

    fn row(&self, mapping: &Mapping, record: &csv::ByteRecord) -> Result<Event, NotStored> {
        let cells: Result<Vec<&str>, _> = record.iter().map(std::str::from_utf8).collect();
        let Ok(cells) = cells else { return unreadable(Dialect::Native, "the row is not UTF-8 text".to_owned()) };
        let mut new_uuid = || Uuid::new_v5(&Uuid::NAMESPACE_OID, cells.join("\u{1f}").as_bytes());
        mapping.decode(&cells, self.now, &Limits::default(), &mut new_uuid)
    }
}

fn too_large(dialect: Dialect) -> NotStored {
    NotStored {
        reason: Reason::EventTooLarge,
        event: String::new(),
        detail: "larger than an event or a batch may be; it was passed over".to_owned(),
        payload: None,
        dialect,
    }
}

/// Says of what failed where it stands.
fn place(items: &mut [Result<Event, NotStored>], file: &str, number: u64) {
    for failed in items.iter_mut().filter_map(|item| item.as_mut().err()) {
        if failed.reason.outcome() == Outcome::Failed {
            failed.detail = format!("{file}, {number}: {}", failed.detail);
        }
    }
}
