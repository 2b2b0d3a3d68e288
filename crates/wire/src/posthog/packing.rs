//! Finds the JSON text in a request: in the query, the body or a form field, and under which wrappings.

use super::V0Error;
use crate::envelope::{Encoding, base64_text, inflate, is_gzip, is_zstd};
use crate::{EnvelopeError, Limits};
use std::borrow::Cow;

/// Wrappings one inside the other that are undone: base64 of gzip of base64 happens, more is an attack.
const WRAPPINGS_MAX: usize = 4;
/// gzip inside gzip happens when a proxy compresses what the SDK had compressed.
const INFLATIONS_MAX: usize = 2;

/// The parts of a request that hold or describe its payload.
pub(super) struct Packed<'a> {
    pub(super) query: &'a [(String, String)],
    pub(super) content_type: Option<&'a str>,
    pub(super) content_encoding: Option<&'a str>,
    pub(super) body: &'a [u8],
}

/// The value of a query parameter.
pub(super) fn parameter<'a>(query: &'a [(String, String)], key: &str) -> Option<&'a str> {
    query.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

impl<'a> Packed<'a> {
    /// The unwrapped payload: JSON text as bytes, not yet checked. Errors: empty, corrupt, above a limit.
    pub(super) fn payload(&self, limits: &Limits) -> Result<Cow<'a, [u8]>, V0Error> {
        let mut hint = parameter(self.query, "compression")
            .and_then(Encoding::from_word)
            .or_else(|| self.content_encoding.and_then(Encoding::from_word));
        if let Some(data) = parameter(self.query, "data") {
            let data = base64_text::restore_plus(data).map_or(Cow::Borrowed(data), Cow::Owned);
            return unwrap(into_bytes(data), hint, limits);
        }
        if self.body.is_empty() {
            return Err(V0Error::bad("the request has no payload: send JSON in the body"));
        }
        if self.body.len() > limits.body_bytes_max {
            return Err(EnvelopeError::TooLarge { max_bytes: limits.body_bytes_max }.into());
        }
        let form_type = self.content_type.is_some_and(|kind| {
            kind.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
        });
        if !form_type && !self.body.starts_with(b"data=") {
            return unwrap(Cow::Borrowed(self.body), hint, limits);
        }
        // A form may itself be compressed by its transport.
        let is_packed = is_gzip(self.body) || is_zstd(self.body);
        let form = if is_packed { inflate(self.body, None, limits)? } else { Cow::Borrowed(self.body) };
        if base64_text::looks_like(&form) || starts_as_json(&form) {
            return unwrap(Cow::Owned(form.into_owned()), hint, limits);
        }
        let fields = form_fields(&form);
        if let Some(word) = parameter(&fields, "compression") {
            hint = Encoding::from_word(word).or(hint);
        }
        let data = parameter(&fields, "data").ok_or_else(|| V0Error::bad("the form has no field data"))?;
        let data = base64_text::restore_plus(data).unwrap_or_else(|| data.to_owned());
        unwrap(Cow::Owned(data.into_bytes()), hint, limits)
    }
}

fn into_bytes(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// Undoes one wrapping after the other until JSON is left. The bytes decide before the hint does.
fn unwrap<'a>(payload: Cow<'a, [u8]>, mut hint: Option<Encoding>, limits: &Limits) -> Result<Cow<'a, [u8]>, V0Error> {
    let mut payload = payload;
    let mut inflations = 0;
    for _ in 0..WRAPPINGS_MAX {
        let unwrapped = if is_gzip(&payload) || is_zstd(&payload) {
            inflations += 1;
            if inflations > INFLATIONS_MAX {
                return Err(V0Error::bad("the payload is compressed more than twice"));
            }
            inflate(&payload, None, limits)?.into_owned()
        } else if starts_as_json(&payload) {
            return Ok(payload);
        } else if hint == Some(Encoding::Lz64) && base64_text::looks_like(&payload) {
            hint = None;
            inflate(&payload, Some(Encoding::Lz64), limits)?.into_owned()
        } else if base64_text::looks_like(&payload) {
            // Base64 that does not decode is for the JSON parser to refuse, with a position.
            match base64_text::decode(&payload) {
                Some(decoded) => decoded,
                None => return Ok(payload),
            }
        } else if let Some(encoding @ (Encoding::Deflate | Encoding::Brotli)) = hint {
            hint = None;
            inflate(&payload, Some(encoding), limits)?.into_owned()
        } else {
            return Ok(payload);
        };
        if unwrapped.is_empty() {
            return Err(V0Error::bad("the payload is empty"));
        }
        payload = Cow::Owned(unwrapped);
    }
    Ok(payload)
}

fn starts_as_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Fields of an urlencoded form. Undecodable bytes become U+FFFD.
fn form_fields(form: &[u8]) -> Vec<(String, String)> {
    form.split(|byte| *byte == b'&')
        .take(FORM_FIELDS_MAX)
        .map(|field| {
            let split = field.iter().position(|byte| *byte == b'=').unwrap_or(field.len());
            let value = field.get(split + 1..).unwrap_or_default();
            (percent_decoded(&field[..split]), percent_decoded(value))
        })
        .collect()
}

/// SDKs send two to five.
const FORM_FIELDS_MAX: usize = 32;

fn percent_decoded(text: &[u8]) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let hex = |offset: usize| text.get(at + offset).and_then(|digit| char::from(*digit).to_digit(16));
        match (text[at], hex(1), hex(2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high << 4 | low) as u8);
                at += 2;
            }
            (b'+', _, _) => decoded.push(b' '),
            (byte, _, _) => decoded.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
