//! From a judged Sunbird event to ours. After this no Sunbird word has a meaning of its own.

use super::repair::Repairs;
use super::validate::Fault;
use crate::Limits;
use crate::json::flatten::{Flat, Forms};
use crate::json::gate::gate;
use crate::json::tree::{Json, Object};
use model::event::EVENT_NAME_CHARS_MAX;
use model::time::{DAY, SECOND};
use model::{Dialect, Event, Level, Micros, Reason, Uuid, Value};

/// The namespace of event uuids that are made of a `mid` (UUIDv5). Fixed for ever: it is what makes a re-sent event
/// the same event.
pub const MID_NAMESPACE: Uuid = Uuid::from_u128(0x6f1c_2f0e_0f5b_5d3a_9a5e_7b1d_4c83_21e6);

/// 2000-01-01T00:00:00Z: earlier clocks were never set.
const CLOCK_SET_AFTER: Micros = 946_684_800 * SECOND;
/// Below this a time in milliseconds is before March 1973, so it was probably meant in seconds.
const LOOKS_LIKE_SECONDS_BELOW: Micros = 100_000_000_000 * 1_000;
/// A START that took longer than three years: the SDK puts epoch seconds there when the app gives no duration.
const START_DURATION_MAX: f64 = 1e8;
/// Years 0 to 9999.
const EVENT_AT_MIN: Micros = -62_167_219_200 * SECOND;
const EVENT_AT_MAX: Micros = 253_402_300_800 * SECOND - 1;

/// Maps one event. Errors: no usable time, no distinct_id, a name that is too long.
pub(super) fn map(
    event: &Object<'_>,
    now: Micros,
    mut repairs: Repairs,
    limits: &Limits,
    forms: &Forms,
) -> Result<Event, Fault> {
    let eid = event.text("eid").unwrap_or("");
    let mid = event.text("mid").unwrap_or("");
    let event_at = event_at(event)?;
    note_odd_times(event_at, now, &mut repairs);

    let context = event.object("context");
    let edata = event.object("edata");
    let sid = context.and_then(|context| context.filled("sid"));
    let did = context.and_then(|context| context.filled("did"));
    let actor_id = event.object("actor").and_then(|actor| actor.text("id")).unwrap_or("");
    let distinct_id = distinct_id(actor_id, did, sid)
        .ok_or_else(|| Fault::at(Reason::MissingDistinctId, "actor.id", "required, or context.did, or context.sid"))?;

    // EXDATA is Sunbird's door for an app's own events; its type is their name.
    let own_name = if eid == "EXDATA" { edata.and_then(|edata| edata.filled("type")) } else { None };
    let name = own_name.unwrap_or(eid);
    if name.chars().count() > EVENT_NAME_CHARS_MAX {
        let allowed = format!("at most {EVENT_NAME_CHARS_MAX} characters");
        return Err(Fault::at(Reason::EventNameTooLong, "edata.type", allowed));
    }

    let mut flat = Flat::new(limits.properties, forms);
    let mut own_data = None;
    let dial_code = event
        .object("object")
        .and_then(|object| object.text("type"))
        .is_some_and(|kind| kind.eq_ignore_ascii_case("DialCode") || kind.eq_ignore_ascii_case("qr"));
    for (key, value) in &event.0 {
        match (&**key, value) {
            ("mid" | "ets", _) => {}
            ("eid", _) => {
                if own_name.is_some() {
                    flat.push_text("eid", eid);
                }
            }
            ("actor", Json::Object(actor)) => flatten_actor(&mut flat, actor, distinct_id),
            ("object", Json::Object(object)) if dial_code => flatten_dial_code(&mut flat, object),
            ("edata", Json::Object(edata)) if eid == "EXDATA" => own_data = flatten_exdata(&mut flat, edata),
            ("edata", Json::Object(edata)) if eid == "START" => flatten_start(&mut flat, edata, &mut repairs),
            _ => flat.push(key, value),
        }
    }
    if let Some(did) = did {
        flat.push_text("$device_id", did);
    }
    // Last, so that an app's own member never takes the name of one of the envelope.
    if let Some(data) = own_data {
        flatten_own_data(&mut flat, data, limits);
    }
    let mut properties = flat.finish();
    if let Some(codes) = repairs.to_json() {
        properties.set("_repairs", Value::Json(codes.into()));
    }
    Ok(Event {
        uuid: uuid_of(mid),
        event: name.into(),
        event_at,
        received_at: now,
        distinct_id: distinct_id.into(),
        session_id: sid.map(Into::into),
        window_id: None,
        level: Level::default(),
        dialect: Dialect::Sunbird,
        properties,
    })
}

/// A `mid` that is a UUID is the uuid; any other names one.
pub(super) fn uuid_of(mid: &str) -> Uuid {
    Uuid::try_parse(mid).unwrap_or_else(|_| Uuid::new_v5(&MID_NAMESPACE, mid.as_bytes()))
}

fn event_at(event: &Object<'_>) -> Result<Micros, Fault> {
    event.get("ets").and_then(instant).ok_or_else(|| {
        Fault::at(Reason::InvalidTimestamp, "ets", "milliseconds since 1970 as a number, years 0 to 9999")
    })
}

/// Milliseconds since 1970 as an instant, if they are a number within the years 0 to 9999.
pub(super) fn instant(ets: &Json<'_>) -> Option<Micros> {
    let at = match ets {
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(ms), _) => ms.checked_mul(1_000),
            // A cast of a float saturates, and the range below refuses the ends.
            (None, Some(ms)) => Some((ms * 1_000.0).round() as Micros),
            (None, None) => None,
        },
        _ => None,
    };
    at.filter(|at| (EVENT_AT_MIN..=EVENT_AT_MAX).contains(at))
}

/// Whether nothing is to be noted of an event's time.
pub(super) fn is_usual_time(event_at: Micros, now: Micros) -> bool {
    let mut repairs = Repairs::default();
    note_odd_times(event_at, now, &mut repairs);
    repairs.is_empty()
}

fn note_odd_times(event_at: Micros, now: Micros, repairs: &mut Repairs) {
    if event_at > now.saturating_add(DAY) {
        repairs.note("event-time-in-future");
    }
    if event_at < CLOCK_SET_AFTER {
        repairs.note("event-time-before-2000");
    }
    if (1..LOOKS_LIKE_SECONDS_BELOW).contains(&event_at) {
        repairs.note("event-time-looks-like-seconds");
    }
}

/// The actor, else the device, else the session. A federated id `f:<provider>:<id>` is the part behind the last colon.
pub(super) fn distinct_id<'a>(actor_id: &'a str, did: Option<&'a str>, sid: Option<&'a str>) -> Option<&'a str> {
    let actor = match actor_id.strip_prefix("f:") {
        Some(rest) => rest.rsplit_once(':').map_or(actor_id, |(_, id)| id),
        None => actor_id,
    };
    let named = !actor.trim().is_empty() && !actor.eq_ignore_ascii_case("anonymous");
    named.then_some(actor).or(did).or(sid)
}

/// `actor.id` is the distinct_id; it is a property of its own only where the two differ.
fn flatten_actor(flat: &mut Flat<'_>, actor: &Object<'_>, distinct_id: &str) {
    for (key, value) in &actor.0 {
        let same = key == "id" && matches!(value, Json::Text(id) if id == distinct_id);
        if !same {
            flat.push(&format!("actor.{key}"), value);
        }
    }
}

/// QR codes are printed in capitals and typed in any case.
fn flatten_dial_code(flat: &mut Flat<'_>, object: &Object<'_>) {
    for (key, value) in &object.0 {
        match value {
            Json::Text(id) if key == "id" => flat.push_text("object.id", &id.to_uppercase()),
            _ => flat.push(&format!("object.{key}"), value),
        }
    }
}

/// Flattens all but a `data` that may be JSON text of an object, which is returned.
fn flatten_exdata<'e>(flat: &mut Flat<'_>, edata: &'e Object<'_>) -> Option<&'e str> {
    let mut own_data = None;
    for (key, value) in &edata.0 {
        match value {
            Json::Text(data) if key == "data" && data.trim_start().starts_with('{') => own_data = Some(&**data),
            _ => flat.push(&format!("edata.{key}"), value),
        }
    }
    own_data
}

/// The members of a JSON object become properties at the top; other text stays `edata.data`.
fn flatten_own_data(flat: &mut Flat<'_>, data: &str, limits: &Limits) {
    if let Ok(gated) = gate(data.as_bytes(), limits)
        && gated.depth <= limits.depth_max
        && let Ok(Json::Object(members)) = Json::parse(&gated.text)
    {
        flat.push_members("", &members);
    } else {
        flat.push_text("edata.data", data);
    }
}

/// Keeps an impossible duration under another name, so that no sum or average ever meets it.
fn flatten_start(flat: &mut Flat<'_>, edata: &Object<'_>, repairs: &mut Repairs) {
    for (key, value) in &edata.0 {
        if key == "duration" && value.number().is_some_and(|duration| duration > START_DURATION_MAX) {
            repairs.note("start-duration-implausible");
            flat.push("edata.duration_as_sent", value);
        } else {
            flat.push(&format!("edata.{key}"), value);
        }
    }
}
