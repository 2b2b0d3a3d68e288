//! The v0 capture protocol: every shape and wrapping that SDKs of the last years send, on every v0 path.

use super::event::{
    Fault, Parts, Shared, assemble, check_name, check_options, distinct_id_text, event_at, instant, name_of,
    not_stored, take_properties, uuid_of,
};
use super::packing::{Packed, parameter};
use super::token::{OneToken, is_token, one_of};
use super::{Item, PosthogBatch, V0Error};
use crate::Limits;
use crate::json::flatten::Forms;
use crate::json::gate::gate;
use crate::json::split::{Members, Top, cut, elements_of_valid};
use crate::json::tree::{Json, Object};
use crate::time;
use model::time::SECOND;
use model::{Event, Micros, Uuid};

/// Which of the v0 paths a request came in on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathFamily {
    /// `/e/`, `/i/v0/e/`, `/capture/`, `/track/`.
    Capture,
    /// `/batch/`.
    Batch,
    /// `/engage/`: an event without a name is `$identify`.
    Engage,
    /// `/s/`: an event without a name is `$snapshot`.
    Replay,
}

/// A v0 request, as the server received it.
#[derive(Debug, Clone, Copy)]
pub struct V0Request<'a> {
    /// Decoded query parameters, in order.
    pub query: &'a [(String, String)],
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The `Content-Encoding` header.
    pub content_encoding: Option<&'a str>,
    /// The body as sent, still packed.
    pub body: &'a [u8],
    /// Which path.
    pub family: PathFamily,
}

/// Decodes a v0 request: finds the payload, unpacks it, cuts it into events and reads each alone.
///
/// `new_uuid` makes the uuid of an event that has none. Errors refuse the whole request (see [`V0Error`]); a bad
/// event among good ones is a failed item, which the original protocol would answer with 400 for all.
pub fn decode_v0(
    request: V0Request<'_>,
    now: Micros,
    limits: &Limits,
    new_uuid: &mut dyn FnMut() -> Uuid,
) -> Result<PosthogBatch, V0Error> {
    let packed = Packed {
        query: request.query,
        content_type: request.content_type,
        content_encoding: request.content_encoding,
        body: request.body,
    };
    let payload = packed.payload(limits)?;
    let gated = gate(&payload, limits)?;
    let top = cut(&gated.text, limits.events_max)?;
    let mut envelope = Envelope::read(&top, &gated.text, limits)?;
    if envelope.events.is_empty() {
        return Err(V0Error::bad("the request holds no event"));
    }
    envelope.sent_at = envelope.sent_at.or_else(|| query_sent_at(request.query));
    let shared = Shared {
        now,
        sent_at: envelope.sent_at,
        limits,
        deep: gated.depth > limits.depth_max,
        replaced: gated.replaced,
        forms: Forms::default(),
    };
    let mut items: Vec<Item> = envelope.events.iter().map(|raw| item(raw, request.family, &shared, new_uuid)).collect();
    let token = request_token(&envelope, &items, request.query)?;
    for item in &mut items {
        item.token.get_or_insert_with(|| token.clone());
    }
    Ok(PosthogBatch {
        token: Some(token),
        items,
        historical_migration: envelope.historical_migration,
        beacon: parameter(request.query, "beacon") == Some("1"),
    })
}

/// The outside of a request, whichever shape it has.
struct Envelope<'a> {
    events: Vec<&'a str>,
    token: Option<String>,
    sent_at: Option<Micros>,
    historical_migration: bool,
}

impl<'a> Envelope<'a> {
    fn read(top: &Top<'a>, text: &'a str, limits: &Limits) -> Result<Envelope<'a>, V0Error> {
        let bare = |events| Envelope { events, token: None, sent_at: None, historical_migration: false };
        let members = match top {
            Top::Scalar => return Err(V0Error::bad("the payload is not an object or an array")),
            Top::Array(events) => return Ok(bare(events.clone())),
            Top::Object(members) => members,
        };
        if members.is_empty() {
            return Ok(bare(Vec::new()));
        }
        // `data` is a wrapper only where it is a list; an event may have a member of that name.
        let list = match (members.get("batch"), members.get("data")) {
            (Some(batch), _) => batch,
            (None, Some(data)) if data.starts_with('[') && members.get("event").is_none() => data,
            _ => return Ok(bare(vec![text.trim()])),
        };
        let events = if list.starts_with('[') { elements_of_valid(list, limits.events_max)? } else { vec![list] };
        Ok(Envelope {
            events,
            token: ["api_key", "token", "$token"].iter().find_map(|key| filled(members, key)),
            sent_at: members.get("sent_at").and_then(|raw| instant(Json::parse(raw).ok().as_ref())),
            historical_migration: members.get("historical_migration") == Some("true"),
        })
    }
}

fn filled(members: &Members<'_>, key: &str) -> Option<String> {
    members.string(key).map(|token| token.trim().to_owned()).filter(|token| !token.is_empty())
}

/// `sent_at` or `_` of the query: milliseconds. Seconds and counters are no times; they give a year before 2020.
fn query_sent_at(query: &[(String, String)]) -> Option<Micros> {
    const YEAR_2021: Micros = 1_609_459_200 * SECOND;
    let at = ["sent_at", "_"].iter().find_map(|key| {
        let text = parameter(query, key)?;
        match text.parse::<i64>() {
            Ok(ms) => ms.checked_mul(1_000),
            Err(_) => time::rfc3339(text),
        }
    })?;
    (at >= YEAR_2021).then_some(at)
}

/// The envelope's token, else the one that the events agree on, else the query's.
fn request_token(envelope: &Envelope<'_>, items: &[Item], query: &[(String, String)]) -> Result<String, V0Error> {
    let token = match &envelope.token {
        Some(token) => token.clone(),
        None => match one_of(items.iter().filter_map(|item| item.token.as_deref())) {
            OneToken::One(token) => token,
            OneToken::Several => {
                return Err(V0Error::unauthorized("the request names several project tokens; send one"));
            }
            OneToken::None => ["api_key", "token"]
                .iter()
                .find_map(|key| parameter(query, key))
                .map(|token| token.trim().to_owned())
                .ok_or_else(|| V0Error::unauthorized("no project token: send api_key or token"))?,
        },
    };
    if is_token(&token) {
        Ok(token)
    } else {
        Err(V0Error::unauthorized("this cannot be a project token: use the project's write key"))
    }
}

fn item(raw: &str, family: PathFamily, shared: &Shared<'_>, new_uuid: &mut dyn FnMut() -> Uuid) -> Item {
    let mut event = match shared.parse(raw) {
        Ok(event) => event,
        Err(fault) => return Item { token: None, result: Err(not_stored(fault, "", raw, shared)) },
    };
    let token = token_of(&event);
    let name = match (name_of(&event), family) {
        ("", PathFamily::Engage) => "$identify".to_owned(),
        ("", PathFamily::Replay) => "$snapshot".to_owned(),
        (name, _) => name.to_owned(),
    };
    let mut repairs = Vec::new();
    if shared.was_replaced(raw) {
        repairs.push("invalid-text");
    }
    let result =
        read(&mut event, &name, repairs, shared, new_uuid).map_err(|fault| not_stored(fault, &name, raw, shared));
    Item { token, result }
}

fn token_of(event: &Object<'_>) -> Option<String> {
    let of =
        |object: &Object<'_>, key| object.text(key).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    ["token", "$token", "api_key"]
        .iter()
        .find_map(|key| of(event, key))
        .or_else(|| of(event.object("properties")?, "token"))
}

fn read(
    event: &mut Object<'_>,
    name: &str,
    mut repairs: Vec<&'static str>,
    shared: &Shared<'_>,
    new_uuid: &mut dyn FnMut() -> Uuid,
) -> Result<Event, Fault> {
    if let Some(other @ (Json::Number(_) | Json::Bool(_) | Json::Array(_) | Json::Object(_))) = event.get("event") {
        return Err(Fault::new(model::Reason::MissingEventName, format!("event: string, not {}", other.kind())));
    }
    check_name(name)?;
    let mut properties = take_properties(event)?;
    merge_person_updates(event, &mut properties);
    let distinct_id = event
        .get("distinct_id")
        .and_then(distinct_id_text)
        .or_else(|| event.get("$distinct_id").and_then(distinct_id_text))
        .or_else(|| properties.get("distinct_id").and_then(distinct_id_text))
        .ok_or_else(|| Fault::new(model::Reason::MissingDistinctId, "distinct_id: required, not empty"))?;
    check_options(name, &properties, &distinct_id)?;

    let (uuid, derived) = uuid_of(event.get("uuid"), new_uuid);
    if derived {
        repairs.push("uuid-derived");
    }
    let own_sent_at = instant(event.get("sent_at"));
    let ignore_sent_at = properties.get("$ignore_sent_at") == Some(&Json::Bool(true));
    let sent_at = if ignore_sent_at { None } else { shared.sent_at.or(own_sent_at) };
    let raw_timestamp = event.get("timestamp").filter(|raw| **raw != Json::Null);
    let offset_ms = event.get("offset").and_then(|offset| match offset {
        Json::Text(text) => model::property::decimal(text),
        other => other.number(),
    });
    let when = event_at(instant(raw_timestamp), raw_timestamp.is_some(), offset_ms, sent_at, shared.now);
    Ok(assemble(Parts { uuid, name, when, raw_timestamp, distinct_id, properties, repairs }, shared))
}

/// Moves `$set`, `$set_once` and `$unset` of the event's top into its properties; per key the top wins.
fn merge_person_updates<'a>(event: &mut Object<'a>, properties: &mut Object<'a>) {
    for key in ["$set", "$set_once", "$unset"] {
        match (event.remove(key), properties.get_mut(key)) {
            (None | Some(Json::Null), _) => {}
            (Some(Json::Object(top)), Some(Json::Object(own))) => {
                for (name, value) in top.0 {
                    match own.get_mut(&name) {
                        Some(old) => *old = value,
                        None => own.0.push((name, value)),
                    }
                }
            }
            (Some(Json::Array(top)), Some(Json::Array(own))) => own.extend(top),
            (Some(top), _) => properties.set(key, top),
        }
    }
}
