//! Sunbird telemetry v3: a batch in, one item per event out.
//!
//! `decode` cuts and reads, `validate` judges by the table in `schema`, `repair` mends what producers are known to get
//! wrong (lenient only), `map` turns the event into our words. Reference for app developers: docs/ingest/sunbird.md.

mod answer;
mod map;
mod repair;
mod repeat;
mod schema;
mod summary;
mod validate;

pub use answer::{error_body, success_body};
pub use map::MID_NAMESPACE;
pub use summary::write_summary;

use crate::Limits;
use crate::json::flatten::Forms;
use crate::json::gate::{Gated, JsonError, depth_of, gate};
use crate::json::split::{Members, Top, Unread, cut, elements_of_valid, is_json};
use crate::json::tree::{Json, Object};
use model::project::SunbirdValidation;
use model::{Dialect, Event, Micros, NotStored, Reason};
use repeat::Repeats;
use validate::Fault;

/// One event of a batch, in the order in which it was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The event's own `context.channel`; `None` when absent, blank or the text `null` or `undefined`.
    pub channel: Option<String>,
    /// The event in our words, or why it is not one.
    pub result: Result<Event, NotStored>,
}

/// A decoded body.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SunbirdBatch {
    /// Its events; `result.is_err()` for those that failed.
    pub items: Vec<Item>,
    /// `params.msgid`: the client's name for the batch. Only a hint; two batches may carry one id.
    pub msgid: Option<String>,
    /// The top-level `channel` of the body, cleaned as [`Item::channel`] is.
    pub channel: Option<String>,
    /// The body was empty or had no events: answer 200 and count a warning.
    pub eventless: bool,
}

/// Decodes an inflated body: the SDK's envelope, a bare array of events, a single event, or nothing.
///
/// `validation` tells how strictly events of a channel are checked. `now` dates odd event times. Errors: only when
/// the whole body cannot be read (answer 400 or 413 by [`JsonError::status`] and count one unreadable batch).
pub fn decode(
    body: &[u8],
    now: Micros,
    validation: &dyn Fn(Option<&str>) -> SunbirdValidation,
    limits: &Limits,
) -> Result<SunbirdBatch, JsonError> {
    if body.trim_ascii().is_empty() {
        return Ok(SunbirdBatch { eventless: true, ..Default::default() });
    }
    let gated = gate(body, limits)?;
    let (deep, replaced) = (gated.depth > limits.depth_max, gated.replaced);
    let reader =
        || Reader { now, validation, limits, deep, replaced, forms: Forms::default(), repeats: Repeats::default() };
    if let Some(batch) = reader().plain(&gated) {
        return Ok(batch);
    }
    let (mut reader, mut batch) = (reader(), SunbirdBatch::default());
    match cut(&gated.text, limits.events_max)? {
        Top::Array(events) => batch.items = events.into_iter().map(|raw| reader.item(raw)).collect(),
        Top::Object(top) => reader.object(&mut batch, &top, &gated)?,
        Top::Scalar => return Err(JsonError::Syntax { line: 1, column: 1 }),
    }
    batch.eventless = batch.items.is_empty();
    Ok(batch)
}

/// A channel as the server may use it: clients send the words `undefined` and `null` for "none".
fn clean_channel(channel: &str) -> Option<String> {
    let clean = channel.trim();
    (!matches!(clean, "" | "undefined" | "null")).then(|| clean.to_owned())
}

/// What [`Reader::item`] says of a text that it has not parsed.
const UNREAD: [Reason; 2] = [Reason::EventTooLarge, Reason::NumberOutOfRange];

struct Reader<'l, 'a> {
    now: Micros,
    validation: &'l dyn Fn(Option<&str>) -> SunbirdValidation,
    limits: &'l Limits,
    /// Somewhere in the body the nesting is deeper than one event may be.
    deep: bool,
    /// Somewhere in the body characters were replaced.
    replaced: bool,
    /// Of the events read so far.
    forms: Forms,
    repeats: Repeats<'a>,
}

impl<'a> Reader<'_, 'a> {
    /// A plain batch, cut without a parser: its events are parsed anyway. `None`: something is not as it mostly is, and
    /// the parser must say what.
    fn plain(mut self, gated: &'a Gated<'_>) -> Option<SunbirdBatch> {
        if self.deep {
            return None;
        }
        let mut batch = SunbirdBatch::default();
        let events = if gated.text.starts_with('[') {
            Unread::new(gated, 0).elements(self.limits.events_max).filter(|(_, all)| *all)?.0
        } else {
            let members = Unread::new(gated, 0).members()?;
            // Of members with the same key the last one counts.
            let (_, _, at) = *members.iter().rfind(|(key, _, _)| *key == "events")?;
            let others = members.iter().filter(|(_, _, other)| *other != at).map(|(key, value, _)| (*key, *value));
            if !others.clone().all(|(_, value)| is_json(value)) {
                return None;
            }
            self.envelope(&mut batch, &Members::of_valid(others));
            Unread::new(gated, at).elements(self.limits.events_max)?.0
        };
        for raw in events {
            let item = self.item(raw);
            // The reasons of texts that no parser has passed.
            if matches!(&item.result, Err(failed) if UNREAD.contains(&failed.reason)) {
                return None;
            }
            batch.items.push(item);
        }
        batch.eventless = batch.items.is_empty();
        Some(batch)
    }

    fn envelope(&self, batch: &mut SunbirdBatch, top: &Members<'_>) {
        batch.channel = top.string("channel").as_deref().and_then(clean_channel);
        if let Some(params) = top.get("params")
            && let Ok(Top::Object(params)) = cut(params, 0)
        {
            batch.msgid = params.string("msgid").filter(|msgid| !msgid.is_empty());
        }
    }

    fn object(&mut self, batch: &mut SunbirdBatch, top: &Members<'a>, gated: &'a Gated<'_>) -> Result<(), JsonError> {
        self.envelope(batch, top);
        match top.get("events") {
            Some(events) if events.starts_with('[') => {
                let events = elements_of_valid(events, self.limits.events_max)?;
                batch.items = events.into_iter().map(|raw| self.item(raw)).collect();
            }
            Some(event) => batch.items = vec![self.item(event)],
            None if ["eid", "edata", "mid"].iter().any(|key| top.get(key).is_some()) => {
                batch.items = vec![self.item(gated.text.trim())];
            }
            None => {}
        }
        Ok(())
    }

    /// Reads one event; whatever is wrong with it stays its own matter.
    fn item(&mut self, raw: &'a str) -> Item {
        if raw.len() > self.limits.event_bytes_max {
            let fault = Fault::new(Reason::EventTooLarge, format!("at most {} bytes", self.limits.event_bytes_max));
            return failed(fault, "", None);
        }
        // The batch as a whole may nest deeper than an event: look at this one only if some event did.
        if self.deep && depth_of(raw) > self.limits.depth_max {
            let fault = Fault::new(Reason::TooDeep, format!("at most {} levels", self.limits.depth_max));
            return failed(fault, "", Some(raw));
        }
        let plain = !self.deep && !self.replaced;
        if plain && let Some((event, channel)) = self.repeats.read(raw, self.now) {
            return Item { channel, result: Ok(event) };
        }
        let mut event = match Json::parse(raw) {
            Ok(Json::Object(event)) => event,
            Ok(_) => return failed(Fault::new(Reason::NotAnObject, "an event is an object"), "", Some(raw)),
            // The cut has proved the syntax; what is left is a number that no f64 holds.
            Err(_) => return failed(Fault::new(Reason::NumberOutOfRange, "a 64-bit number"), "", Some(raw)),
        };
        let channel = event.object("context").and_then(|context| context.text("channel")).and_then(clean_channel);
        let validation = (self.validation)(channel.as_deref());
        let replaced = self.replaced && (raw.contains('\u{fffd}') || raw.contains("\\ufffd"));
        match self.event(&mut event, validation, replaced) {
            Ok(event) => {
                if plain {
                    self.repeats.learn(raw, &event, channel.as_deref(), validation);
                }
                Item { channel, result: Ok(event) }
            }
            Err(fault) => Item { channel, ..failed(fault, event.text("eid").unwrap_or(""), Some(raw)) },
        }
    }

    fn event(&self, event: &mut Object<'_>, validation: SunbirdValidation, replaced: bool) -> Result<Event, Fault> {
        let mut repairs = repair::Repairs::default();
        if replaced {
            repairs.note("invalid-text");
        }
        match validation {
            SunbirdValidation::Strict => validate::strict(event)?,
            SunbirdValidation::Lenient => {
                repair::mend(event, &mut repairs);
                validate::lenient(event, &mut repairs)?;
            }
        }
        map::map(event, self.now, repairs, self.limits, &self.forms)
    }
}

fn failed(fault: Fault, eid: &str, raw: Option<&str>) -> Item {
    Item {
        channel: None,
        result: Err(NotStored {
            reason: fault.reason,
            event: eid.chars().take(model::event::EVENT_NAME_CHARS_MAX).collect(),
            detail: fault.detail(),
            payload: raw.map(str::to_owned),
            dialect: Dialect::Sunbird,
        }),
    }
}

#[cfg(test)]
mod tests;
