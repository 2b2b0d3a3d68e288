//! Targets of fuzzing: each reads any bytes, and checks what must hold of the result. Run by `fuzz/` and by the test
//! below, which reads the corpus that is kept.

use crate::envelope::{Encoding, inflate};
use crate::json::gate::{depth_of, gate};
use crate::json::split::cut;
use crate::json::tree::Json;
use crate::posthog::{PathFamily, V0Request, V1Headers, decode_v0, decode_v1};
use crate::{Limits, native, scrub, sunbird};
use model::project::SunbirdValidation;
use model::{Event, Micros, NotStored, Uuid};
use serde_json::value::RawValue;

/// Name and function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("envelope", envelope),
    ("lz64", lz64),
    ("json", json),
    ("sunbird", sunbird),
    ("posthog_v0", posthog_v0),
    ("posthog_v1", posthog_v1),
    ("native", native),
];

/// 2026-01-05T06:00:00Z.
const NOW: Micros = 1_767_592_800_000_000;

/// Small enough that the caps are met in every run.
fn limits() -> Limits {
    Limits { body_bytes_max: 1 << 20, ratio_from_bytes: 64 << 10, events_max: 500, ..Limits::default() }
}

/// The first byte chooses, the rest is the input.
fn choice(bytes: &[u8]) -> (usize, &[u8]) {
    bytes.split_first().map_or((0, bytes), |(first, rest)| (usize::from(*first), rest))
}

const HINTS: [Option<Encoding>; 7] = [
    None,
    Some(Encoding::Gzip),
    Some(Encoding::Deflate),
    Some(Encoding::Base64),
    Some(Encoding::Lz64),
    Some(Encoding::Brotli),
    Some(Encoding::Zstd),
];

fn envelope(bytes: &[u8]) {
    let (hint, body) = choice(bytes);
    let limits = limits();
    if let Ok(inflated) = inflate(body, HINTS[hint % HINTS.len()], &limits) {
        assert!(inflated.len() <= limits.body_bytes_max);
        // lz-string counts UTF-16 units, each up to three bytes of text.
        assert!(inflated.len() <= 3 * (body.len() * limits.ratio_max).max(limits.ratio_from_bytes));
    }
}

fn lz64(body: &[u8]) {
    let limits = limits();
    if let Ok(text) = inflate(body, Some(Encoding::Lz64), &limits) {
        assert!(text.len() <= limits.body_bytes_max.max(body.len()));
    }
}

fn json(body: &[u8]) {
    let limits = limits();
    let Ok(gated) = gate(body, &limits) else { return };
    assert_eq!(gated.depth, depth_of(&gated.text));
    assert!(gated.depth <= limits.batch_depth_max);
    let _ = cut(&gated.text, limits.events_max);
    if gated.depth <= limits.depth_max
        && let Ok(tree) = Json::parse(&gated.text)
    {
        // What was read once is read again as the same.
        let text = tree.to_text();
        assert!(Json::parse(&text).is_ok_and(|again| again == tree), "{text}");
    }
}

fn check(result: Result<Event, NotStored>) {
    match result {
        Ok(mut event) => {
            scrub::Scrubber::default().scrub(&mut event);
            assert!(!event.event.is_empty() && !event.distinct_id.is_empty());
            assert!(event.event.chars().count() <= model::event::EVENT_NAME_CHARS_MAX);
            // The limit, the overflow and what the decoder adds itself.
            assert!(event.properties.len() <= limits().properties.keys_max + 2);
        }
        Err(mut refused) => {
            scrub::scrub_not_stored(&mut refused);
        }
    }
}

fn sunbird(bytes: &[u8]) {
    let (first, body) = choice(bytes);
    let validation = if first.is_multiple_of(2) { SunbirdValidation::Lenient } else { SunbirdValidation::Strict };
    let decode = |body: &[u8]| sunbird::decode(body, NOW, &|_| validation, &limits());
    let Ok(batch) = decode(body) else { return };
    // Beside others an event is what it is alone.
    if let Ok(events) = serde_json::from_slice::<Vec<&RawValue>>(body)
        && events.len() == batch.items.len()
    {
        for (event, item) in events.iter().zip(&batch.items) {
            let alone = decode(format!("[{event}]").as_bytes()).expect("it was read before");
            assert_eq!(alone.items.first(), Some(item));
        }
    }
    batch.items.into_iter().for_each(|item| check(item.result));
}

fn posthog_v0(bytes: &[u8]) {
    const FAMILIES: [PathFamily; 4] = [PathFamily::Capture, PathFamily::Batch, PathFamily::Engage, PathFamily::Replay];
    const KINDS: [Option<&str>; 3] = [None, Some("application/json"), Some("application/x-www-form-urlencoded")];
    let (first, body) = choice(bytes);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let query = match (first / 12) % 5 {
        0 => vec![],
        1 => vec![pair("compression", "lz64"), pair("_", "1767592800000")],
        2 => vec![pair("compression", "base64"), pair("token", "t")],
        3 => vec![pair("data", &String::from_utf8_lossy(body))],
        _ => vec![pair("compression", "gzip-js"), pair("beacon", "1")],
    };
    let request = V0Request {
        query: &query,
        content_type: KINDS[first % 3],
        content_encoding: None,
        body,
        family: FAMILIES[(first / 3) % 4],
    };
    if let Ok(batch) = decode_v0(request, NOW, &limits(), &mut || Uuid::from_u128(1)) {
        batch.items.into_iter().for_each(|item| check(item.result));
    }
}

fn posthog_v1(body: &[u8]) {
    let head = V1Headers {
        authorization: Some("Bearer tmw_key"),
        content_type: Some("application/json"),
        content_encoding: None,
        user_agent: Some("fuzz"),
        posthog_sdk_info: Some("fuzz/1"),
        posthog_attempt: Some("1"),
        posthog_request_id: Some("0190a0a0-0000-7000-8000-0000000000ff"),
        posthog_request_timestamp: Some("2026-01-05T06:00:00Z"),
    };
    if let Ok(batch) = decode_v1(head, body, NOW, &limits()) {
        batch.items.into_iter().for_each(|item| check(item.result));
    }
}

fn native(bytes: &[u8]) {
    let limits = limits();
    native::decode(bytes, NOW, &limits, &mut || Uuid::from_u128(1)).for_each(check);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_is_read_without_harm() {
        let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
        for (name, run) in TARGETS {
            let mut inputs = 0;
            for entry in std::fs::read_dir(corpus.join(name)).expect("each target has a corpus") {
                let path = entry.expect("readable").path();
                let started = std::time::Instant::now();
                run(&std::fs::read(&path).expect("readable"));
                assert!(started.elapsed().as_secs() < 5, "{} took {:?}", path.display(), started.elapsed());
                inputs += 1;
            }
            assert!(inputs > 0, "{name} has no inputs");
        }
    }
}
