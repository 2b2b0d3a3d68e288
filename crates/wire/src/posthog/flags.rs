//! Feature flags, as far as a server without flags must speak of them: the request is read, the answer is "none".

use super::V0Error;
use super::event::distinct_id_text;
use super::packing::{Packed, parameter};
use super::token::is_token;
use crate::Limits;
use crate::json::gate::gate;
use crate::json::tree::Json;
use serde_json::{Value, json};

/// Which of the two addresses was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagsPath {
    /// `/flags/`
    Flags,
    /// `/decide/`, its elder.
    Decide,
}

/// The four forms of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagsKind {
    /// `flags: {key: detail}`
    V2,
    /// `featureFlags: {key: value}` with payloads.
    V1,
    /// `featureFlags: [key]`
    D1,
    /// `featureFlags: {key: value}`, only those that are on.
    D2,
}

/// Whom the flags are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagsRequest {
    /// The project token; valid in form.
    pub token: String,
    /// May be empty; at most 200 characters.
    pub distinct_id: String,
}

/// The form of the answer, and whether it includes the remote configuration.
pub fn flags_kind(path: FlagsPath, query: &[(String, String)]) -> (FlagsKind, bool) {
    let version = parameter(query, "v").and_then(|text| text.parse::<u32>().ok());
    let config = parameter(query, "config");
    match (path, version) {
        (FlagsPath::Flags, None) => (FlagsKind::V2, config.is_none_or(is_true)),
        (FlagsPath::Flags, Some(0 | 1)) => (FlagsKind::V1, config.is_some_and(is_true)),
        (FlagsPath::Flags, Some(_)) => (FlagsKind::V2, config.is_some_and(is_true)),
        (FlagsPath::Decide, None | Some(0 | 1)) => (FlagsKind::D1, true),
        (FlagsPath::Decide, Some(2)) => (FlagsKind::D2, true),
        (FlagsPath::Decide, Some(3)) => (FlagsKind::V1, true),
        (FlagsPath::Decide, Some(_)) => (FlagsKind::V2, true),
    }
}

fn is_true(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text == "1"
}

/// Reads a flags request in any of its packings. Errors: 400 for a body that cannot be read, an unknown
/// `compression` or no distinct_id; 401 for no token.
pub fn flags_request(
    query: &[(String, String)],
    content_type: Option<&str>,
    content_encoding: Option<&str>,
    body: &[u8],
    limits: &Limits,
) -> Result<FlagsRequest, V0Error> {
    if let Some(word) = parameter(query, "compression")
        && !["gzip", "gzip-js", "base64"].iter().any(|known| word.eq_ignore_ascii_case(known))
    {
        return Err(V0Error::bad("compression: gzip or base64"));
    }
    let payload = Packed { query, content_type, content_encoding, body }.payload(limits)?;
    let gated = gate(&payload, limits)?;
    if gated.depth > limits.depth_max {
        return Err(V0Error::bad(format!("the request is nested deeper than {} levels", limits.depth_max)));
    }
    let Ok(Json::Object(request)) = Json::parse(&gated.text) else {
        return Err(V0Error::bad("the request is not a JSON object"));
    };
    let token = ["token", "api_key", "$token"]
        .iter()
        .find_map(|key| request.filled(key))
        .map(|token| token.trim().to_owned())
        .filter(|token| is_token(token))
        .ok_or_else(|| V0Error::unauthorized("no project token: send token or api_key"))?;
    let sent = ["distinct_id", "$distinct_id"].iter().find_map(|key| match request.get(key) {
        None | Some(Json::Null) => None,
        Some(id) => Some(distinct_id_text(id).unwrap_or_default()),
    });
    let distinct_id = sent.ok_or_else(|| V0Error::bad("distinct_id: required"))?;
    Ok(FlagsRequest { token, distinct_id })
}

/// "No flags", in the form that was asked for. `config` is merged in where the client wants it
/// ([`super::remote_config`]); `request_id` is a fresh uuid.
pub fn flags_answer(kind: FlagsKind, request_id: &str, now_ms: i64, config: Option<Value>) -> Value {
    let mut answer = match kind {
        FlagsKind::V2 => json!({
            "errorsWhileComputingFlags": false, "flags": {}, "requestId": request_id, "evaluatedAt": now_ms,
        }),
        FlagsKind::V1 => json!({
            "errorsWhileComputingFlags": false, "featureFlags": {}, "featureFlagPayloads": {}, "requestId": request_id,
        }),
        FlagsKind::D1 => json!({"errorsWhileComputingFlags": false, "featureFlags": []}),
        FlagsKind::D2 => json!({"errorsWhileComputingFlags": false, "featureFlags": {}}),
    };
    if let (Some(answer), Some(Value::Object(config))) = (answer.as_object_mut(), config) {
        for (key, value) in config {
            answer.entry(key).or_insert(value);
        }
    }
    answer
}

/// The answer to a GET, which some clients use to see whether the server is there.
pub fn flags_get_answer() -> Value {
    json!({
        "errorsWhileComputingFlags": false,
        "featureFlags": {},
        "flags": {},
        "supportedCompression": ["gzip", "gzip-js"],
        "sessionRecording": false,
    })
}
