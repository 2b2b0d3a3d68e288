//! An event to its line: what [`super::decode_line`] reads back equal, property for property.

use crate::time;
use model::property::Value;
use model::{Event, Micros};
use serde_json::value::RawValue;
use std::io::Write;

/// Appends one event as a line of JSON, its newline included.
///
/// Members in this order: `uuid`, `event`, `event_at`, `received_at`, `distinct_id`, `session_id` and `window_id` where
/// there are any, `level`, `dialect`, `properties`. Instants are RFC 3339 text in UTC with six digits, or µs since 1970 as
/// a number outside the years 0 to 9999. JSON text of properties is passed on as it is stored.
pub fn write_line(event: &Event, out: &mut Vec<u8>) {
    // Writing into memory cannot fail, here and below.
    let _ = write!(out, "{{\"uuid\":\"{}\",\"event\":", event.uuid.as_hyphenated());
    text(out, &event.event);
    out.extend_from_slice(b",\"event_at\":");
    instant(out, event.event_at);
    out.extend_from_slice(b",\"received_at\":");
    instant(out, event.received_at);
    out.extend_from_slice(b",\"distinct_id\":");
    text(out, &event.distinct_id);
    for (name, value) in [("session_id", &event.session_id), ("window_id", &event.window_id)] {
        if let Some(value) = value {
            let _ = write!(out, ",\"{name}\":");
            text(out, value);
        }
    }
    let (level, dialect) = (event.level.as_str(), event.dialect.as_str());
    let _ = write!(out, ",\"level\":\"{level}\",\"dialect\":\"{dialect}\",\"properties\":");
    write_properties(event, out);
    out.extend_from_slice(b"}\n");
}

/// Appends the properties of an event as one JSON object, keys in byte order.
pub fn write_properties(event: &Event, out: &mut Vec<u8>) {
    out.push(b'{');
    for (index, (key, value)) in event.properties.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        text(out, key);
        out.push(b':');
        write_value(value, out);
    }
    out.push(b'}');
}

/// Appends one value as JSON.
pub fn write_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Text(value) => text(out, value),
        Value::Bool(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        // Whole numbers go without a fraction, as clients send them; -0 and what is beyond 2^53 keep theirs.
        Value::Number(_) => {
            let _ = serde_json::to_writer(out, &value.to_json());
        }
        // It was made by a serializer; a text that is no JSON after all must not break its line.
        Value::Json(json) if is_one_line(json) => out.extend_from_slice(json.as_bytes()),
        Value::Json(json) => text(out, json),
    }
}

fn is_one_line(json: &str) -> bool {
    !json.contains(['\n', '\r']) && serde_json::from_str::<&RawValue>(json).is_ok()
}

fn text(out: &mut Vec<u8>, value: &str) {
    let _ = serde_json::to_writer(out, value);
}

fn instant(out: &mut Vec<u8>, at: Micros) {
    match time::to_rfc3339(at) {
        Some(text) => {
            let _ = write!(out, "\"{text}\"");
        }
        None => {
            let _ = write!(out, "{at}");
        }
    }
}
