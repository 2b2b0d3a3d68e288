//! Events that PostHog has exported: its batch exports (JSON lines, or Parquet and BigQuery rows as JSON), the answers of
//! its events API, and bodies of its capture protocols that were kept in files.
//!
//! They differ from what a client sends in one thing: their `timestamp` is final. There is no clock of a client to
//! correct, and no moment of receipt to fall back on. Which member means what: docs/import-export.md.

use super::event::{
    Fault, Parts, Shared, When, assemble, check_name, check_options, distinct_id_text, instant, name_of, not_stored,
    take_properties, uuid_of,
};
use crate::Limits;
use crate::json::flatten::Forms;
use crate::json::gate::{JsonError, gate};
use crate::json::split::{Top, cut, elements};
use crate::json::tree::{Json, Object};
use model::time::{DAY, SECOND};
use model::{Event, Micros, NotStored, Reason, Uuid};

/// The members that are read; all others are passed over.
pub const EXPORT_COLUMNS: [&str; 9] =
    ["uuid", "id", "event", "distinct_id", "timestamp", "properties", "set", "set_once", "elements_chain"];

/// Members under which a document holds a list of events.
const LISTS: [&str; 3] = ["batch", "results", "data"];

/// 2000-01-01T00:00:00Z: earlier clocks were never set.
const CLOCK_SET_AFTER: Micros = 946_684_800 * SECOND;
/// Years 0 to 9999.
const EVENT_AT_MIN: Micros = -62_167_219_200 * SECOND;
const EVENT_AT_MAX: Micros = 253_402_300_800 * SECOND - 1;

/// Decodes one document: an event, a list of events, or an object with such a list. One result per event, in order.
///
/// `new_uuid` makes the uuid of an event that has none. Errors: the whole document cannot be read.
pub fn decode_exported(
    document: &[u8],
    now: Micros,
    limits: &Limits,
    new_uuid: &mut dyn FnMut() -> Uuid,
) -> Result<Vec<Result<Event, NotStored>>, JsonError> {
    let gated = gate(document, limits)?;
    let shared = Shared {
        now,
        sent_at: None,
        limits,
        deep: gated.depth > limits.depth_max,
        replaced: gated.replaced,
        forms: Forms::default(),
    };
    let events = match cut(&gated.text, limits.events_max)? {
        Top::Scalar => return Err(JsonError::Syntax { line: 1, column: 1 }),
        Top::Array(events) => events,
        Top::Object(members) => {
            let list = LISTS.iter().find_map(|key| members.get(key)).filter(|list| list.starts_with('['));
            match list.filter(|_| members.get("event").is_none()) {
                Some(list) => elements(list, limits.events_max)?,
                None => vec![gated.text.trim()],
            }
        }
    };
    Ok(events.into_iter().map(|raw| one(raw, &shared, new_uuid)).collect())
}

fn one(raw: &str, shared: &Shared<'_>, new_uuid: &mut dyn FnMut() -> Uuid) -> Result<Event, NotStored> {
    let mut event = shared.parse(raw).map_err(|fault| not_stored(fault, "", raw, shared))?;
    let name = name_of(&event).to_owned();
    read(&mut event, &name, shared, shared.was_replaced(raw), new_uuid)
        .map_err(|fault| not_stored(fault, &name, raw, shared))
}

fn read(
    event: &mut Object<'_>,
    name: &str,
    shared: &Shared<'_>,
    replaced: bool,
    new_uuid: &mut dyn FnMut() -> Uuid,
) -> Result<Event, Fault> {
    check_name(name)?;
    // Parquet and BigQuery hold objects as JSON text.
    let packed = take_text(event, "properties");
    let person_updates = ["set", "set_once", "$set", "$set_once"].map(|key| (key, take_text(event, key)));
    let mut properties = match &packed {
        None => take_properties(event)?,
        Some(text) => match unpacked(text, "properties", shared)? {
            Json::Null => Object::default(),
            Json::Object(properties) => properties,
            other => {
                let detail = format!("properties: JSON text of an object, not of {}", other.kind());
                return Err(Fault::new(Reason::InvalidProperties, detail));
            }
        },
    };
    for (key, text) in &person_updates {
        let value = match text {
            Some(text) => Some(unpacked(text, key, shared)?),
            None => event.remove(key),
        };
        add_person_update(&mut properties, key.trim_start_matches('$'), value);
    }
    if let Some(Json::Text(chain)) = event.get("elements_chain")
        && !chain.is_empty()
        && properties.get("$elements_chain").is_none()
    {
        properties.set("$elements_chain", Json::Text(chain.clone()));
    }
    let distinct_id = event
        .get("distinct_id")
        .and_then(distinct_id_text)
        .or_else(|| event.get("$distinct_id").and_then(distinct_id_text))
        .or_else(|| properties.get("distinct_id").and_then(distinct_id_text))
        .ok_or_else(|| Fault::new(Reason::MissingDistinctId, "distinct_id: required, not empty"))?;
    check_options(name, &properties, &distinct_id)?;
    let mut repairs = Vec::new();
    if replaced {
        repairs.push("invalid-text");
    }
    let raw_timestamp = event.get("timestamp").filter(|raw| **raw != Json::Null);
    let at = raw_timestamp
        .and_then(|raw| instant(Some(raw)))
        .filter(|at| (EVENT_AT_MIN..=EVENT_AT_MAX).contains(at))
        .ok_or_else(|| {
        let detail = "timestamp: required in an export, RFC 3339 text or seconds or milliseconds since 1970";
        Fault::new(Reason::InvalidTimestamp, detail)
    })?;
    if at > shared.now.saturating_add(DAY) {
        repairs.push("event-time-in-future");
    }
    if at < CLOCK_SET_AFTER {
        repairs.push("event-time-before-2000");
    }
    let sent_uuid = event.get("uuid").filter(|uuid| **uuid != Json::Null).or_else(|| event.get("id"));
    let (uuid, derived) = uuid_of(sent_uuid, new_uuid);
    if derived {
        repairs.push("uuid-derived");
    }
    let when = When { at, keep_raw: false };
    Ok(assemble(Parts { uuid, name, when, raw_timestamp, distinct_id, properties, repairs }, shared))
}

/// Takes a member out if it is text.
fn take_text(event: &mut Object<'_>, key: &str) -> Option<String> {
    match event.get(key) {
        Some(Json::Text(text)) => {
            let text = text.clone().into_owned();
            event.remove(key);
            Some(text)
        }
        _ => None,
    }
}

/// JSON text to its tree, under the depth limit of an event. Empty text is null.
fn unpacked<'t>(text: &'t str, key: &str, shared: &Shared<'_>) -> Result<Json<'t>, Fault> {
    if text.trim().is_empty() {
        return Ok(Json::Null);
    }
    if crate::json::gate::depth_of(text) > shared.limits.depth_max {
        return Err(Fault::new(Reason::TooDeep, format!("{key}: at most {} levels", shared.limits.depth_max)));
    }
    Json::parse(text).map_err(|_| Fault::new(Reason::InvalidProperties, format!("{key}: JSON text of an object")))
}

/// The columns `set` and `set_once` repeat `$set` and `$set_once` of the properties, which win.
fn add_person_update<'a>(properties: &mut Object<'a>, name: &str, value: Option<Json<'a>>) {
    let key = if name == "set" { "$set" } else { "$set_once" };
    match value {
        Some(Json::Object(members)) if !members.0.is_empty() && properties.get(key).is_none() => {
            properties.set(key, Json::Object(members));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Value;
    use serde_json::json;

    const NOW: Micros = 1_767_582_100_000_000;
    const AT: Micros = 1_767_582_000_123_456;
    const UUID: &str = "0198f2a4-0000-7000-8000-000000000001";

    fn decode(document: &serde_json::Value) -> Vec<Result<Event, NotStored>> {
        let text = document.to_string();
        decode_exported(text.as_bytes(), NOW, &Limits::default(), &mut || Uuid::from_u128(9)).expect("a document")
    }

    fn one(document: serde_json::Value) -> Event {
        decode(&document).remove(0).expect("an event")
    }

    #[test]
    fn a_line_of_the_batch_export_becomes_an_event() {
        let event = one(json!({
            "uuid": UUID, "event": "$autocapture", "distinct_id": "u1", "person_id": "p1",
            "properties": {"$current_url": "https://x.test/", "$session_id": "s1", "n": 1.5, "$set": {"plan": "a"}},
            "person_properties": {"plan": "b", "email": "x@y.test"}, "elements_chain": "button:text=\"Pay\"",
            "timestamp": "2026-01-05T03:00:00.123456Z", "created_at": "2026-01-05T03:00:09Z",
            "_inserted_at": "2026-01-05T03:00:10Z",
        }));
        assert_eq!((event.uuid.to_string().as_str(), &*event.event, event.event_at), (UUID, "$autocapture", AT));
        assert_eq!(event.session_id.as_deref(), Some("s1"));
        assert_eq!(event.properties.text("$elements_chain"), Some("button:text=\"Pay\""));
        assert_eq!(event.properties.text("$set.plan"), Some("a"));
        assert_eq!(event.properties.get("n"), Some(&Value::Number(1.5)));
        // The person as of then is not of the event.
        assert!(event.properties.iter().all(|(key, _)| !key.contains("email")));
    }

    #[test]
    fn rows_of_parquet_and_bigquery_hold_objects_as_text() {
        let event = one(json!({
            "uuid": UUID, "event": "paid", "distinct_id": "u1", "properties": "{\"big\": 9007199254740993, \"f\": 0.1}",
            "set": "{\"plan\": \"a\"}", "set_once": "{\"first\": 1}", "elements": "\"\"", "team_id": 1, "ip": "1.2.3.4",
            "site_url": "", "timestamp": "2026-01-05 03:00:00.123456", "bq_ingested_timestamp": "2026-01-06 00:00:00",
        }));
        assert_eq!(event.event_at, AT);
        assert_eq!(event.properties.get("big"), Some(&Value::Json("9007199254740993".into())));
        assert_eq!(event.properties.text("$set.plan"), Some("a"));
        assert_eq!(event.properties.get("$set_once.first"), Some(&Value::Number(1.0)));
        assert_eq!(event.properties.len(), 4);
    }

    #[test]
    fn an_answer_of_the_events_api_is_a_list_under_results() {
        let event = json!({
            "id": UUID, "distinct_id": "u1", "event": "$pageview", "properties": {"a": 1}, "person": {"is_identified": true},
            "timestamp": "2026-01-05T08:30:00.123456+05:30", "elements": [], "elements_chain": "",
        });
        let events = decode(&json!({"next": "https://x.test/?after=1", "results": [event.clone(), event, 7]}));
        assert_eq!(events.len(), 3);
        let first = events[0].as_ref().expect("an event");
        assert_eq!((first.uuid.to_string().as_str(), first.event_at, first.properties.len()), (UUID, AT, 1));
        assert_eq!(events[2].as_ref().expect_err("a number").reason, Reason::NotAnObject);
    }

    #[test]
    fn a_capture_body_in_a_file_keeps_its_times() {
        // The client's clock was a year behind when it sent this; nobody can know when it was received.
        let event = json!({"event": "paid", "distinct_id": "u1", "timestamp": "2025-01-05T03:00:00Z"});
        let events = decode(&json!({"api_key": "phc_x", "batch": [event], "sent_at": "2025-01-05T03:00:05Z"}));
        let event = events[0].as_ref().expect("an event");
        assert_eq!(event.event_at, AT - 123_456 - 365 * DAY);
        assert_eq!(event.uuid, Uuid::from_u128(9));
    }

    #[test]
    fn what_is_wrong_fails_with_its_reason() {
        let reason = |document| decode(&document).remove(0).expect_err("wrong").reason;
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(40), "]".repeat(40));
        let base = |key: &str, value: serde_json::Value| {
            let mut event = json!({"event": "e", "distinct_id": "d", "timestamp": "2026-01-05T03:00:00Z"});
            event[key] = value;
            event
        };
        assert_eq!(reason(base("timestamp", json!(null))), Reason::InvalidTimestamp);
        assert_eq!(reason(base("timestamp", json!("soon"))), Reason::InvalidTimestamp);
        assert_eq!(reason(base("properties", json!("{\"a\":"))), Reason::InvalidProperties);
        assert_eq!(reason(base("properties", json!("[1]"))), Reason::InvalidProperties);
        assert_eq!(reason(base("properties", json!(deep))), Reason::TooDeep);
        assert_eq!(reason(base("event", json!(""))), Reason::MissingEventName);
        assert_eq!(reason(base("distinct_id", json!(""))), Reason::MissingDistinctId);
        assert_eq!(reason(base("event", json!("$snapshot"))), Reason::ReplayOff);
        assert_eq!(reason(base("event", json!("e".repeat(201)))), Reason::EventNameTooLong);
        let future = one(base("timestamp", json!("2036-01-05T03:00:00Z")));
        assert_eq!(future.properties.get("_repairs"), Some(&Value::Json(r#"["event-time-in-future"]"#.into())));
        assert!(decode_exported(b"{\"a\"", NOW, &Limits::default(), &mut Uuid::nil).is_err());
        assert!(decode_exported(b"7", NOW, &Limits::default(), &mut Uuid::nil).is_err());
    }
}
