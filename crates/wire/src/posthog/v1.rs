//! The v1 capture protocol, `POST /i/v1/analytics/events`: strict headers, and an answer per event.

use super::event::{
    Fault, Parts, Shared, assemble, check_name, check_options, event_at, name_of, not_stored, take_properties,
};
use super::token::is_token;
use crate::envelope::{Encoding, inflate};
use crate::json::flatten::Forms;
use crate::json::gate::gate;
use crate::json::split::{Members, Top, cut, elements_of_valid};
use crate::json::tree::{Json, Object};
use crate::{EnvelopeError, JsonError, Limits, time};
use model::event::DISTINCT_ID_CHARS_MAX;
use model::{Event, Micros, NotStored, Outcome, Reason, Uuid};
use std::collections::HashSet;

/// The request headers that the protocol reads; `None` for an absent one.
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs, reason = "each field is the header of the same name")]
pub struct V1Headers<'a> {
    pub authorization: Option<&'a str>,
    pub content_type: Option<&'a str>,
    pub content_encoding: Option<&'a str>,
    pub user_agent: Option<&'a str>,
    pub posthog_sdk_info: Option<&'a str>,
    pub posthog_attempt: Option<&'a str>,
    pub posthog_request_id: Option<&'a str>,
    pub posthog_request_timestamp: Option<&'a str>,
}

/// A decoded v1 request.
#[derive(Debug, Clone, PartialEq)]
pub struct V1Batch {
    /// From `Authorization`; valid in form.
    pub token: String,
    /// Echo it as `PostHog-Request-Id`; the same on every attempt.
    pub request_id: String,
    /// From 1.
    pub attempt: u32,
    /// Old events: accept their times, run no live-only effects.
    pub historical_migration: bool,
    /// Its events, in order; at least one.
    pub items: Vec<V1Item>,
}

/// One event of a v1 request.
#[derive(Debug, Clone, PartialEq)]
pub struct V1Item {
    /// The uuid exactly as the client wrote it: the key of its result.
    pub sent_uuid: String,
    /// The event in our words, or why it is not one.
    pub result: Result<Event, NotStored>,
}

impl V1Item {
    /// What the client is told when the server did with the item what it could.
    pub fn verdict(&self) -> Verdict {
        match &self.result {
            Ok(_) => Verdict { result: "ok", details: None },
            Err(not_stored) => Verdict { result: "drop", details: Some(details(not_stored.reason)) },
        }
    }
}

/// The result of one event: `ok`, `drop`, or `retry`, and a tag that says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// `ok`, `drop` or `retry`.
    pub result: &'static str,
    /// Why, in the protocol's words.
    pub details: Option<&'static str>,
}

impl Verdict {
    /// The event is not durable; the client sends it again. Needs the header `Retry-After`.
    pub const RETRY: Verdict = Verdict { result: "retry", details: Some("not_persisted") };
}

fn details(reason: Reason) -> &'static str {
    match reason {
        Reason::InvalidOptions => "invalid_options",
        Reason::PersonlessIdentity => "person_processing_disabled",
        reason if reason.outcome() == Outcome::NotKept => "event_restriction_drop",
        _ => "invalid_event",
    }
}

/// The body of a 200: one result per event, by the uuid as sent.
pub fn v1_answer<'a>(results: impl IntoIterator<Item = (&'a str, Verdict)>) -> serde_json::Value {
    let entries = results.into_iter().map(|(uuid, verdict)| {
        let mut entry = serde_json::Map::new();
        entry.insert("result".into(), verdict.result.into());
        if let Some(details) = verdict.details {
            entry.insert("details".into(), details.into());
        }
        (uuid.to_owned(), serde_json::Value::Object(entry))
    });
    serde_json::json!({ "results": entries.collect::<serde_json::Map<_, _>>() })
}

/// Why a whole v1 request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{tag}: {description}")]
pub struct V1Error {
    /// The HTTP status.
    pub status: u16,
    /// The protocol's stable word.
    pub tag: &'static str,
    /// What was wrong; never a value of the request.
    pub description: String,
}

impl V1Error {
    /// An error of this protocol; the server uses it for its own ones too (`rate_limited`, `service_unavailable`…).
    pub fn new(status: u16, tag: &'static str, description: impl Into<String>) -> V1Error {
        V1Error { status, tag, description: description.into() }
    }

    /// The JSON body.
    pub fn body(&self) -> serde_json::Value {
        serde_json::json!({"error": self.tag, "error_description": self.description, "error_uri": null})
    }

    /// Whether the answer carries `Retry-After: 1`: on 408 and 5xx only.
    pub fn retry_after(&self) -> bool {
        self.status == 408 || self.status >= 500
    }
}

impl From<EnvelopeError> for V1Error {
    fn from(error: EnvelopeError) -> Self {
        let tag = match error {
            EnvelopeError::TooLarge { .. } | EnvelopeError::Bomb { .. } => "payload_too_large",
            EnvelopeError::UnsupportedEncoding { .. } => "unsupported_encoding",
            EnvelopeError::Corrupt { .. } => "request_decoding_error",
            EnvelopeError::Empty => "empty_body",
        };
        V1Error::new(error.status(), tag, error.to_string())
    }
}

impl From<JsonError> for V1Error {
    fn from(error: JsonError) -> Self {
        let tag = if error.status() == 413 { "payload_too_large" } else { "request_parsing_error" };
        V1Error::new(error.status(), tag, error.to_string())
    }
}

/// Decodes a v1 request. Errors refuse the whole of it, with status and tag as the protocol says; an event that is
/// wrong in itself is a failed item and gets its own result.
pub fn decode_v1(headers: V1Headers<'_>, body: &[u8], now: Micros, limits: &Limits) -> Result<V1Batch, V1Error> {
    let head = Head::read(&headers)?;
    let hint = match headers.content_encoding.map(str::trim).filter(|word| !word.is_empty()) {
        None => None,
        Some(word) if word.eq_ignore_ascii_case("identity") => None,
        Some(word) => match Encoding::from_word(word) {
            Some(known @ (Encoding::Gzip | Encoding::Deflate | Encoding::Brotli | Encoding::Zstd)) => Some(known),
            _ => {
                return Err(V1Error::new(
                    415,
                    "unsupported_encoding",
                    "send gzip, deflate, zstd or no Content-Encoding",
                ));
            }
        },
    };
    let inflated = inflate(body, hint, limits)?;
    if inflated.trim_ascii().is_empty() {
        return Err(EnvelopeError::Empty.into());
    }
    let gated = gate(&inflated, limits)?;
    let Top::Object(top) = cut(&gated.text, 0).map_err(not_a_batch)? else {
        return Err(V1Error::new(400, "request_parsing_error", "the body is not an object"));
    };
    let raw_events = batch_of(&top, limits)?;
    let shared = Shared {
        now,
        sent_at: Some(head.sent_at),
        limits,
        deep: gated.depth > limits.depth_max,
        replaced: gated.replaced,
        forms: Forms::default(),
    };
    let mut seen = HashSet::with_capacity(raw_events.len());
    let mut items = Vec::with_capacity(raw_events.len());
    for raw in raw_events {
        let (sent_uuid, uuid) = uuid_of(raw)?;
        if !seen.insert(uuid) {
            return Err(V1Error::new(400, "duplicate_event_uuid", "two events of the batch have the same uuid"));
        }
        items.push(V1Item { sent_uuid, result: read(raw, uuid, &head, &shared) });
    }
    Ok(V1Batch {
        token: head.token.to_owned(),
        request_id: head.request_id.to_owned(),
        attempt: head.attempt,
        historical_migration: top.get("historical_migration") == Some("true"),
        items,
    })
}

/// A bare array has no place here, however many elements it has.
fn not_a_batch(error: JsonError) -> V1Error {
    match error {
        JsonError::TooManyEvents { .. } => V1Error::new(400, "request_parsing_error", "the body is not an object"),
        other => other.into(),
    }
}

struct Head<'a> {
    token: &'a str,
    request_id: &'a str,
    attempt: u32,
    sent_at: Micros,
    lib: &'a str,
    lib_version: &'a str,
}

impl<'a> Head<'a> {
    fn read(headers: &V1Headers<'a>) -> Result<Head<'a>, V1Error> {
        let authorization = headers
            .authorization
            .filter(|value| !value.trim().is_empty())
            .ok_or_else(|| V1Error::new(401, "missing_authorization", "send Authorization: Bearer <project token>"))?;
        let required = [
            ("Content-Type", headers.content_type),
            ("User-Agent", headers.user_agent),
            ("PostHog-Sdk-Info", headers.posthog_sdk_info),
            ("PostHog-Attempt", headers.posthog_attempt),
            ("PostHog-Request-Id", headers.posthog_request_id),
            ("PostHog-Request-Timestamp", headers.posthog_request_timestamp),
        ];
        let empty = |value: &Option<&str>| value.is_none_or(|value| value.trim().is_empty());
        let missing: Vec<_> = required.iter().filter(|(_, value)| empty(value)).map(|(name, _)| *name).collect();
        if !missing.is_empty() {
            return Err(V1Error::new(400, "missing_required_headers", format!("missing: {}", missing.join(", "))));
        }
        let media_type = headers.content_type.unwrap_or("").split(';').next().unwrap_or("").trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(V1Error::new(415, "unsupported_content_type", "Content-Type: application/json"));
        }
        let wrong = |name: &str, allowed: &str| V1Error::new(400, "invalid_header_value", format!("{name}: {allowed}"));
        let attempt = headers.posthog_attempt.and_then(|text| text.trim().parse().ok()).filter(|attempt| *attempt >= 1);
        let request_id = headers.posthog_request_id.unwrap_or("").trim();
        if Uuid::try_parse(request_id).is_err() {
            return Err(wrong("PostHog-Request-Id", "a uuid"));
        }
        let sdk = headers.posthog_sdk_info.and_then(|info| info.trim().split_once('/'));
        let (lib, lib_version) = sdk
            .filter(|(name, version)| !name.is_empty() && !version.is_empty())
            .ok_or_else(|| wrong("PostHog-Sdk-Info", "name/version"))?;
        Ok(Head {
            token: bearer(authorization)?,
            request_id,
            attempt: attempt.ok_or_else(|| wrong("PostHog-Attempt", "a whole number from 1"))?,
            sent_at: headers
                .posthog_request_timestamp
                .and_then(|text| time::rfc3339(text.trim()))
                .ok_or_else(|| wrong("PostHog-Request-Timestamp", "RFC 3339"))?,
            lib,
            lib_version,
        })
    }
}

fn bearer(authorization: &str) -> Result<&str, V1Error> {
    let (scheme, token) = authorization.trim().split_once(char::is_whitespace).unwrap_or((authorization, ""));
    let token = token.trim();
    if scheme.eq_ignore_ascii_case("bearer") && is_token(token) {
        Ok(token)
    } else {
        Err(V1Error::new(401, "invalid_api_token", "Authorization: Bearer <project token>"))
    }
}

/// The raw events of the batch, after the checks that refuse all of it.
fn batch_of<'a>(top: &Members<'a>, limits: &Limits) -> Result<Vec<&'a str>, V1Error> {
    if top.string("created_at").as_deref().and_then(time::rfc3339).is_none() {
        return Err(V1Error::new(400, "invalid_batch", "created_at: required, RFC 3339"));
    }
    let events = match top.get("batch") {
        Some(batch) if batch.starts_with('[') => elements_of_valid(batch, limits.events_max)?,
        _ => return Err(V1Error::new(400, "request_parsing_error", "batch: required, array")),
    };
    if events.is_empty() {
        return Err(V1Error::new(400, "empty_batch", "batch: at least one event"));
    }
    Ok(events)
}

/// The uuid of an event, as sent and as value. Read from its own member alone, so that an event whose other members
/// are bad still gets its result.
fn uuid_of(raw: &str) -> Result<(String, Uuid), V1Error> {
    let missing = || V1Error::new(400, "missing_event_uuid", "uuid: required on every event");
    let Top::Object(members) = cut(raw, 0).map_err(|_| missing())? else { return Err(missing()) };
    let sent = members.string("uuid").filter(|uuid| !uuid.is_empty()).ok_or_else(missing)?;
    let uuid = Uuid::try_parse(sent.trim())
        .map_err(|_| V1Error::new(400, "invalid_batch", "uuid: must be a uuid on every event"))?;
    Ok((sent, uuid))
}

fn read(raw: &str, uuid: Uuid, head: &Head<'_>, shared: &Shared<'_>) -> Result<Event, NotStored> {
    let mut event = shared.parse(raw).map_err(|fault| not_stored(fault, "", raw, shared))?;
    let name = name_of(&event).to_owned();
    read_parsed(&mut event, &name, uuid, raw, head, shared).map_err(|fault| not_stored(fault, &name, raw, shared))
}

fn read_parsed(
    event: &mut Object<'_>,
    name: &str,
    uuid: Uuid,
    raw: &str,
    head: &Head<'_>,
    shared: &Shared<'_>,
) -> Result<Event, Fault> {
    check_name(name)?;
    let distinct_id = distinct_id(event)?;
    let raw_timestamp = event.get("timestamp").cloned();
    let timestamp = match &raw_timestamp {
        Some(Json::Text(text)) => time::rfc3339(text),
        _ => None,
    };
    let timestamp = timestamp.ok_or_else(|| Fault::new(Reason::InvalidTimestamp, "timestamp: required, RFC 3339"))?;
    let mut properties = take_properties(event)?;
    copy_options(event, &mut properties)?;
    for (key, value) in [("$lib", head.lib), ("$lib_version", head.lib_version)] {
        if properties.get(key).is_none() {
            properties.set(key, Json::Text(value.to_owned().into()));
        }
    }
    check_options(name, &properties, &distinct_id)?;
    let ignore_sent_at = properties.get("$ignore_sent_at") == Some(&Json::Bool(true));
    let sent_at = if ignore_sent_at { None } else { shared.sent_at };
    let when = event_at(Some(timestamp), true, None, sent_at, shared.now);
    let repairs = if shared.was_replaced(raw) { vec!["invalid-text"] } else { Vec::new() };
    let raw_timestamp = raw_timestamp.as_ref();
    Ok(assemble(Parts { uuid, name, when, raw_timestamp, distinct_id, properties, repairs }, shared))
}

/// Here an id must be a string that needs no cleaning; nothing is cut off.
fn distinct_id(event: &Object<'_>) -> Result<String, Fault> {
    let allowed = format!("distinct_id: string of 1 to {DISTINCT_ID_CHARS_MAX} characters without NUL");
    match event.get("distinct_id") {
        None | Some(Json::Null) => Err(Fault::new(Reason::MissingDistinctId, allowed)),
        Some(Json::Text(id)) if id.is_empty() => Err(Fault::new(Reason::MissingDistinctId, allowed)),
        Some(Json::Text(id)) if id.contains('\0') || id.chars().count() > DISTINCT_ID_CHARS_MAX => {
            Err(Fault::new(Reason::InvalidField, allowed))
        }
        Some(Json::Text(id)) => Ok(id.to_string()),
        Some(_) => Err(Fault::new(Reason::InvalidField, allowed)),
    }
}

/// Copies what the protocol moved out of the properties back to where v0 has it.
fn copy_options<'a>(event: &mut Object<'a>, properties: &mut Object<'a>) -> Result<(), Fault> {
    for (key, property) in [("session_id", "$session_id"), ("window_id", "$window_id")] {
        if let Some(value @ Json::Text(_)) = event.remove(key) {
            properties.set(property, value);
        }
    }
    let mut options = match event.remove("options") {
        None | Some(Json::Null) => return Ok(()),
        Some(Json::Object(options)) => options,
        Some(_) => return Err(Fault::new(Reason::InvalidOptions, "options: object")),
    };
    const FLAGS: [(&str, &str); 4] = [
        ("cookieless_mode", "$cookieless_mode"),
        ("disable_skew_correction", "$ignore_sent_at"),
        ("disable_skew_adjustment", "$ignore_sent_at"),
        ("process_person_profile", "$process_person_profile"),
    ];
    for (option, property) in FLAGS {
        match options.remove(option) {
            None | Some(Json::Null) => {}
            Some(flag @ Json::Bool(_)) => properties.set(property, flag),
            Some(_) => return Err(Fault::new(Reason::InvalidOptions, format!("options.{option}: boolean"))),
        }
    }
    match options.remove("product_tour_id") {
        None | Some(Json::Null) => Ok(()),
        Some(id @ Json::Text(_)) => {
            properties.set("$product_tour_id", id);
            Ok(())
        }
        Some(_) => Err(Fault::new(Reason::InvalidOptions, "options.product_tour_id: string")),
    }
}
