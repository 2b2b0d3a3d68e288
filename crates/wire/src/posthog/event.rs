//! One PostHog event to ours: shared by v0 and v1.

use crate::Limits;
use crate::json::flatten::{Flat, Forms};
use crate::json::gate::depth_of;
use crate::json::tree::{Json, Object};
use crate::time;
use model::event::{DISTINCT_ID_CHARS_MAX, EVENT_NAME_CHARS_MAX};
use model::time::SECOND;
use model::{Dialect, Event, Level, Micros, NotStored, Reason, Text, Uuid, Value};

/// The namespace of uuids made of a client's uuid that is none (UUIDv5), so that a retry stays the same event.
pub const UUID_NAMESPACE: Uuid = Uuid::from_u128(0x0c9b_7a52_3d41_5e0f_8b66_51d2_9f7e_a410);

/// A clock further ahead than this is wrong: the event happened now.
const FUTURE_MAX: Micros = 23 * 3600 * SECOND;
/// Years 0 to 9999; what lies outside becomes 1970.
const EVENT_AT_MIN: Micros = -62_167_219_200 * SECOND;
const EVENT_AT_MAX: Micros = 253_402_300_800 * SECOND - 1;
/// A correction from here on is worth keeping the client's own text beside it.
const CORRECTION_KEPT_FROM: Micros = SECOND;

/// What is wrong with an event, before its payload is attached.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) reason: Reason,
    pub(super) detail: String,
}

impl Fault {
    pub(super) fn new(reason: Reason, detail: impl Into<String>) -> Fault {
        Fault { reason, detail: detail.into() }
    }
}

/// What every event of a request shares.
pub(super) struct Shared<'l> {
    pub(super) now: Micros,
    /// When the client sent the request, by its own clock.
    pub(super) sent_at: Option<Micros>,
    pub(super) limits: &'l Limits,
    /// Somewhere in the body the nesting is deeper than one event may be.
    pub(super) deep: bool,
    /// Somewhere in the body characters were replaced.
    pub(super) replaced: bool,
    /// Of the events read so far.
    pub(super) forms: Forms,
}

impl Shared<'_> {
    /// Parses one event's text. Errors: too large, too deep, a number out of range, not an object.
    pub(super) fn parse<'a>(&self, raw: &'a str) -> Result<Object<'a>, Fault> {
        if raw.len() > self.limits.event_bytes_max {
            let detail = format!("at most {} bytes", self.limits.event_bytes_max);
            return Err(Fault::new(Reason::EventTooLarge, detail));
        }
        if self.deep && depth_of(raw) > self.limits.depth_max {
            return Err(Fault::new(Reason::TooDeep, format!("at most {} levels", self.limits.depth_max)));
        }
        match Json::parse(raw) {
            Ok(Json::Object(event)) => Ok(event),
            Ok(_) => Err(Fault::new(Reason::NotAnObject, "an event is an object")),
            // The cut has proved the syntax; what is left is a number that no f64 holds.
            Err(_) => Err(Fault::new(Reason::NumberOutOfRange, "a 64-bit number")),
        }
    }

    /// Whether this event holds replaced characters. A client's own U+FFFD counts too, which does no harm.
    pub(super) fn was_replaced(&self, raw: &str) -> bool {
        self.replaced && (raw.contains('\u{fffd}') || raw.contains("\\ufffd"))
    }
}

/// Makes the failed event of a fault. Events that are only counted and too large ones carry no payload.
///
/// The payload is the event as sent, and as its last member the `sent_at` of its request: when it is tried again alone,
/// its clock is corrected as it would have been.
pub(super) fn not_stored(fault: Fault, name: &str, raw: &str, shared: &Shared<'_>) -> NotStored {
    let counted = fault.reason.outcome() == model::Outcome::NotKept || fault.reason == Reason::EventTooLarge;
    NotStored {
        reason: fault.reason,
        event: name.chars().take(EVENT_NAME_CHARS_MAX).collect(),
        detail: fault.detail,
        payload: (!counted).then(|| with_sent_at(raw, shared.sent_at)),
        dialect: Dialect::Posthog,
    }
}

fn with_sent_at(raw: &str, sent_at: Option<Micros>) -> String {
    let inside = raw.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).map(str::trim);
    let sent_at = sent_at.and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
    match (inside, sent_at) {
        (Some(inside), Some(at)) => {
            let comma = if inside.is_empty() { "" } else { "," };
            format!("{{{inside}{comma}\"sent_at\":\"{at}\"}}")
        }
        _ => raw.to_owned(),
    }
}

/// The name of an event, as far as it can be told without judging it.
pub(super) fn name_of<'o>(event: &'o Object<'_>) -> &'o str {
    event.text("event").unwrap_or("")
}

/// The event's properties, or an empty object. Errors: something else than an object or null.
pub(super) fn take_properties<'a>(event: &mut Object<'a>) -> Result<Object<'a>, Fault> {
    match event.remove("properties") {
        None | Some(Json::Null) => Ok(Object::default()),
        Some(Json::Object(properties)) => Ok(properties),
        Some(other) => {
            let detail = format!("properties: object, not {}", other.kind());
            event.0.push(("properties".into(), other));
            Err(Fault::new(Reason::InvalidProperties, detail))
        }
    }
}

/// Errors for the events that are right but never kept, and for names that are not names.
pub(super) fn check_name(name: &str) -> Result<(), Fault> {
    match name {
        "" => Err(Fault::new(Reason::MissingEventName, "event: required, string of at least one character")),
        "$snapshot" | "$snapshot_items" => Err(Fault::new(Reason::ReplayOff, "session replay is off")),
        "$performance_event" => Err(Fault::new(Reason::Unsupported, "$performance_event is not kept")),
        _ if name.chars().count() > EVENT_NAME_CHARS_MAX => {
            Err(Fault::new(Reason::EventNameTooLong, format!("event: at most {EVENT_NAME_CHARS_MAX} characters")))
        }
        _ => Ok(()),
    }
}

/// Errors by the privacy options: cookieless mode must be boolean and is off here; identity events need a profile.
pub(super) fn check_options(name: &str, properties: &Object<'_>, distinct_id: &str) -> Result<(), Fault> {
    match properties.get("$cookieless_mode") {
        None | Some(Json::Null | Json::Bool(false)) => {}
        Some(Json::Bool(true)) => return Err(Fault::new(Reason::CookielessOff, "cookieless mode is off")),
        Some(_) => return Err(Fault::new(Reason::InvalidOptions, "properties.$cookieless_mode: boolean")),
    }
    if distinct_id == "$posthog_cookieless" {
        return Err(Fault::new(Reason::CookielessOff, "cookieless mode is off"));
    }
    let identity = matches!(name, "$identify" | "$create_alias" | "$merge_dangerously" | "$groupidentify");
    if identity && properties.get("$process_person_profile") == Some(&Json::Bool(false)) {
        let detail = "an identity event with $process_person_profile false";
        return Err(Fault::new(Reason::PersonlessIdentity, detail));
    }
    Ok(())
}

/// A distinct_id of any JSON type as text: NUL becomes U+FFFD, at most 200 characters. `None` when empty or null.
pub(super) fn distinct_id_text(json: &Json<'_>) -> Option<String> {
    let text = match json {
        Json::Null => return None,
        Json::Text(text) => text.to_string(),
        Json::Number(number) => number.to_string(),
        other => other.to_text(),
    };
    let clean: String = text
        .chars()
        .take(DISTINCT_ID_CHARS_MAX)
        .map(|character| if character == '\0' { char::REPLACEMENT_CHARACTER } else { character })
        .collect();
    (!clean.is_empty()).then_some(clean)
}

/// A client's uuid, or one made of it, or a fresh one. The second value tells whether it had to be derived.
pub(super) fn uuid_of(json: Option<&Json<'_>>, new_uuid: &mut dyn FnMut() -> Uuid) -> (Uuid, bool) {
    let text = match json {
        None | Some(Json::Null) => return (new_uuid(), false),
        Some(Json::Text(text)) if text.trim().is_empty() => return (new_uuid(), false),
        Some(Json::Text(text)) => text.trim().to_owned(),
        Some(other) => other.to_text(),
    };
    match Uuid::try_parse(&text) {
        Ok(uuid) => (uuid, false),
        Err(_) => (Uuid::new_v5(&UUID_NAMESPACE, text.as_bytes()), true),
    }
}

/// When an event happened, and whether the client's own text should be kept beside the corrected instant.
pub(super) struct When {
    pub(super) at: Micros,
    pub(super) keep_raw: bool,
}

/// The time rules, in order: `offset`; `timestamp` less the client's clock error; `timestamp` alone; now. More than
/// 23 hours ahead is now, years outside 0 to 9999 are 1970.
pub(super) fn event_at(
    timestamp: Option<Micros>,
    raw_present: bool,
    offset_ms: Option<f64>,
    sent_at: Option<Micros>,
    now: Micros,
) -> When {
    let at = match (offset_ms, timestamp, sent_at) {
        // A cast of a float saturates.
        (Some(offset_ms), _, _) => now.saturating_sub((offset_ms * 1_000.0) as Micros),
        (None, Some(timestamp), Some(sent_at)) => timestamp.saturating_sub(sent_at.saturating_sub(now)),
        (None, Some(timestamp), None) => timestamp,
        (None, None, _) => now,
    };
    let at = if at > now.saturating_add(FUTURE_MAX) { now } else { at };
    let at = if (EVENT_AT_MIN..=EVENT_AT_MAX).contains(&at) { at } else { 0 };
    let moved = timestamp.is_none_or(|timestamp| timestamp.abs_diff(at) >= CORRECTION_KEPT_FROM.unsigned_abs());
    When { at, keep_raw: raw_present && moved }
}

/// An instant in any form.
pub(super) fn instant(json: Option<&Json<'_>>) -> Option<Micros> {
    match json {
        Some(Json::Text(text)) => time::parse(text),
        Some(Json::Number(number)) => time::epoch(number.as_f64()?),
        _ => None,
    }
}

/// A finished event's parts.
pub(super) struct Parts<'o, 'a> {
    pub(super) uuid: Uuid,
    pub(super) name: &'o str,
    pub(super) when: When,
    pub(super) raw_timestamp: Option<&'o Json<'a>>,
    pub(super) distinct_id: String,
    pub(super) properties: Object<'a>,
    pub(super) repairs: Vec<&'static str>,
}

/// Never stored as properties: the project's key, and what has a column of its own.
const TOKEN_KEYS: [&str; 3] = ["token", "$token", "api_key"];
/// The client's own time text, where it was corrected.
const RAW_TIMESTAMP_KEY: &str = "$timestamp_as_sent";

/// Puts an event together.
pub(super) fn assemble(parts: Parts<'_, '_>, shared: &Shared<'_>) -> Event {
    let Parts { uuid, name, when, raw_timestamp, distinct_id, mut properties, repairs } = parts;
    for key in TOKEN_KEYS {
        properties.remove(key);
    }
    for key in ["distinct_id", "$distinct_id"] {
        if properties.get(key).and_then(distinct_id_text).is_none_or(|text| text == distinct_id) {
            properties.remove(key);
        }
    }
    let session_id = properties.get("$session_id").and_then(distinct_id_text).map(Text::from);
    let window_id = properties.get("$window_id").and_then(distinct_id_text).map(Text::from);
    let mut flat = Flat::new(shared.limits.properties, &shared.forms);
    flat.push_members("", &properties);
    if when.keep_raw
        && let Some(raw) = raw_timestamp
    {
        flat.push(RAW_TIMESTAMP_KEY, raw);
    }
    let mut properties = flat.finish();
    if !repairs.is_empty() {
        properties.set("_repairs", Value::Json(format!("[\"{}\"]", repairs.join("\",\"")).into()));
    }
    Event {
        uuid,
        event: name.into(),
        event_at: when.at,
        received_at: shared.now,
        distinct_id: distinct_id.into(),
        session_id,
        window_id,
        level: Level::default(),
        dialect: Dialect::Posthog,
        properties,
    }
}
