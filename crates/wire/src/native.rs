//! Our own form: JSON lines, one event each, as `export` writes them and `import --format native` reads them.
//! Exact layout: docs/formats/export.md.

mod write;

pub use write::{write_line, write_properties, write_value};

use crate::Limits;
use crate::json::flatten::{Flat, Forms};
use crate::json::gate::gate;
use crate::json::tree::{Json, Object};
use crate::time;
use model::event::EVENT_NAME_CHARS_MAX;
use model::property::{OVERFLOW_KEY, PropertyLimits, Value};
use model::{Dialect, Event, Level, Micros, NotStored, Reason, Uuid};

/// Decodes lines; empty ones are skipped. One result per line, in order.
///
/// A line is an object with `uuid`, `event`, `event_at` (RFC 3339 text, or µs since 1970 as a number), `distinct_id`,
/// and optionally `session_id`, `window_id`, `dialect`, `properties`. `received_at` becomes `now`, `level` is for the
/// gate to stamp; other members are ignored. A line without `uuid` gets one from `new_uuid`.
pub fn decode<'a>(
    lines: &'a [u8],
    now: Micros,
    limits: &'a Limits,
    new_uuid: &'a mut dyn FnMut() -> Uuid,
) -> impl Iterator<Item = Result<Event, NotStored>> + 'a {
    lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .map(move |line| decode_line(line, now, limits, new_uuid))
}

/// A stored event may be past the limits by what was added behind them: `_repairs`, and `~2` behind a key.
const KEYS_ADDED: usize = 8;
const KEY_BYTES_ADDED: usize = 24;

/// Decodes one line.
pub fn decode_line(
    line: &[u8],
    now: Micros,
    limits: &Limits,
    new_uuid: &mut dyn FnMut() -> Uuid,
) -> Result<Event, NotStored> {
    let failed = |reason: Reason, detail: &str, event: &str| NotStored {
        reason,
        event: event.chars().take(EVENT_NAME_CHARS_MAX).collect(),
        detail: detail.to_owned(),
        payload: (reason != Reason::EventTooLarge).then(|| String::from_utf8_lossy(line).trim().to_owned()),
        dialect: Dialect::Native,
    };
    if line.len() > limits.event_bytes_max {
        return Err(failed(Reason::EventTooLarge, "the line is larger than one event may be", ""));
    }
    let gated = gate(line, limits).map_err(|error| failed(Reason::UnreadableBatch, &error.to_string(), ""))?;
    if gated.depth > limits.depth_max {
        return Err(failed(Reason::TooDeep, &format!("at most {} levels", limits.depth_max), ""));
    }
    let row = match Json::parse(&gated.text) {
        Ok(Json::Object(row)) => row,
        Ok(_) => return Err(failed(Reason::NotAnObject, "a line is an object", "")),
        Err(error) if error.to_string().contains("number out of range") => {
            return Err(failed(Reason::NumberOutOfRange, "a 64-bit number", ""));
        }
        Err(_) => return Err(failed(Reason::UnreadableBatch, "the line is not valid JSON", "")),
    };
    read(&row, now, limits, new_uuid)
        .map_err(|(reason, detail)| failed(reason, detail, row.text("event").unwrap_or("")))
}

fn read(
    row: &Object<'_>,
    now: Micros,
    limits: &Limits,
    new_uuid: &mut dyn FnMut() -> Uuid,
) -> Result<Event, (Reason, &'static str)> {
    let event = row.filled("event").ok_or((Reason::MissingEventName, "event: required, string"))?;
    if event.chars().count() > EVENT_NAME_CHARS_MAX {
        return Err((Reason::EventNameTooLong, "event: at most 200 characters"));
    }
    let distinct_id = row.filled("distinct_id").ok_or((Reason::MissingDistinctId, "distinct_id: required, string"))?;
    let uuid = match row.get("uuid") {
        None | Some(Json::Null) => new_uuid(),
        Some(Json::Text(text)) => {
            Uuid::try_parse(text).map_err(|_| (Reason::InvalidUuid, "uuid: 36 characters, 8-4-4-4-12"))?
        }
        Some(_) => return Err((Reason::InvalidUuid, "uuid: string")),
    };
    let event_at = match row.get("event_at") {
        Some(Json::Text(text)) => time::parse(text),
        Some(Json::Number(number)) => number.as_i64(),
        _ => None,
    };
    let event_at = event_at.ok_or((Reason::InvalidTimestamp, "event_at: RFC 3339 text or whole µs since 1970"))?;
    let dialect = [Dialect::Sunbird, Dialect::Posthog]
        .into_iter()
        .find(|dialect| row.text("dialect") == Some(dialect.as_str()))
        .unwrap_or(Dialect::Native);
    let forms = Forms::default();
    let own = limits.properties;
    let limits = PropertyLimits {
        keys_max: own.keys_max.saturating_add(KEYS_ADDED),
        key_bytes_max: own.key_bytes_max.saturating_add(KEY_BYTES_ADDED),
    };
    let mut flat = Flat::new(limits, &forms);
    let mut overflow = None;
    match row.get("properties") {
        None | Some(Json::Null) => {}
        Some(Json::Object(properties)) => {
            for (key, value) in &properties.0 {
                match value {
                    Json::Object(_) if key == OVERFLOW_KEY => overflow = Some(value),
                    _ => flat.push(key, value),
                }
            }
        }
        Some(_) => return Err((Reason::InvalidProperties, "properties: object")),
    }
    let mut properties = flat.finish();
    if let Some(overflow) = overflow {
        let text = match properties.remove(OVERFLOW_KEY) {
            Some(Value::Json(more)) => joined(overflow, &more),
            _ => overflow.to_text(),
        };
        properties.set(OVERFLOW_KEY, Value::Json(text.into()));
    }
    Ok(Event {
        uuid,
        event: event.into(),
        event_at,
        received_at: now,
        distinct_id: distinct_id.into(),
        session_id: row.filled("session_id").map(Into::into),
        window_id: row.filled("window_id").map(Into::into),
        level: Level::default(),
        dialect,
        properties,
    })
}

/// The overflow that came and the one that was made here, in one object; of equal keys the one that came wins.
fn joined(came: &Json<'_>, made: &str) -> String {
    let parse =
        |text: &str| serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).unwrap_or_default();
    let mut all = parse(made);
    all.extend(parse(&came.to_text()));
    serde_json::Value::Object(all).to_string()
}

#[cfg(test)]
mod tests;
