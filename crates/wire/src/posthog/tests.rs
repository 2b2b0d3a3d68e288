use super::*;
use crate::Limits;
use crate::envelope::base64_text;
use base64::Engine;
use flate2::Compression;
use flate2::write::GzEncoder;
use model::time::SECOND;
use model::{Level, Micros, Reason, Uuid, Value as Property};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::io::Write;

/// 2026-01-05T03:00:00Z
const NOW: Micros = 1_767_582_000 * SECOND;
const TOKEN: &str = "phc_test";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("to memory");
    encoder.finish().expect("to memory")
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn fresh() -> impl FnMut() -> Uuid {
    let mut next = 0;
    move || {
        next += 1;
        Uuid::from_u128(next)
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let split = |pair: &str| pair.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
    query.split('&').filter_map(split).collect()
}

struct Sent<'a> {
    query: &'a str,
    content_type: Option<&'a str>,
    content_encoding: Option<&'a str>,
    family: PathFamily,
}

const PLAIN: Sent =
    Sent { query: "", content_type: Some("text/plain"), content_encoding: None, family: PathFamily::Capture };

fn send(body: &[u8], sent: Sent) -> Result<PosthogBatch, V0Error> {
    let query = pairs(sent.query);
    let Sent { content_type, content_encoding, family, .. } = sent;
    let request = V0Request { query: &query, content_type, content_encoding, body, family };
    decode_v0(request, NOW, &Limits::default(), &mut fresh())
}

fn event() -> Value {
    json!({"event": "$pageview", "uuid": "01890a5d-ac96-774b-bcce-b302099a8057", "distinct_id": "u1",
        "timestamp": "2026-01-05T02:59:00Z", "properties": {"token": TOKEN, "a": {"b": 1}}})
}

fn with(changes: Value) -> Value {
    let mut event = event();
    for (key, value) in changes.as_object().expect("an object") {
        event[key] = value.clone();
    }
    event
}

fn with_properties(changes: Value) -> Value {
    let mut event = event();
    for (key, value) in changes.as_object().expect("an object") {
        event["properties"][key] = value.clone();
    }
    event
}

fn result(event: &Value) -> Result<Event, NotStored> {
    let body = json!({"api_key": TOKEN, "batch": [event]}).to_string();
    send(body.as_bytes(), PLAIN).expect("readable").items.into_iter().next().expect("one item").result
}

fn stored(event: &Value) -> Event {
    result(event).unwrap_or_else(|failed| panic!("{failed:?}"))
}

fn reason(event: &Value) -> Reason {
    result(event).expect_err("not stored").reason
}

fn kind(result: Result<PosthogBatch, V0Error>) -> V0ErrorKind {
    result.expect_err("refused").kind
}

#[test]
fn every_shape_holds_the_same_event() {
    let one = event();
    for (shape, count) in [
        (one.clone(), 1),
        (json!([one, one]), 2),
        (json!({"api_key": TOKEN, "batch": [one, one, one]}), 3),
        (json!({"token": TOKEN, "batch": [one], "sent_at": "2026-01-05T03:00:00Z"}), 1),
        (json!({"api_key": TOKEN, "data": [one, one]}), 2),
    ] {
        let batch = send(shape.to_string().as_bytes(), PLAIN).expect("readable");
        assert_eq!((batch.items.len(), batch.token.as_deref()), (count, Some(TOKEN)), "{shape}");
        for item in batch.items {
            assert_eq!(item.token.as_deref(), Some(TOKEN));
            let event = item.result.expect("stored");
            assert_eq!(event.uuid.to_string(), "01890a5d-ac96-774b-bcce-b302099a8057");
            assert_eq!((&*event.event, &*event.distinct_id), ("$pageview", "u1"));
            let properties: Vec<_> = event.properties.iter().collect();
            assert_eq!(properties, [("a.b", &Property::Number(1.0))], "the token is not a property");
        }
    }
}

#[test]
fn every_wrapping_is_undone() {
    let json = json!({"api_key": TOKEN, "batch": [event()]}).to_string();
    let json = json.as_bytes();
    let form = |data: &str, more: &str| {
        format!("data={}{more}", data.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"))
    };
    let encoded = base64(json);
    const FORM: &str = "application/x-www-form-urlencoded";
    // Written by lz-string 1.5.0.
    let lz = "N4IgpgbmB2AuIC4QBIAOBDA5pAlmA7iADQioBOA9qmGbHgM6KiwUDWMipAFgMYD6AD2IgAJjnp1oPWHxwjOAVwCMIAL6qgA=";
    type Case<'c> = (&'c str, Vec<u8>, &'c str, Option<&'c str>, Option<&'c str>);
    let cases: Vec<Case<'_>> = vec![
        ("plain", json.to_vec(), "", Some("application/json"), None),
        ("gzip, not announced", gzip(json), "", Some("text/plain"), None),
        ("gzip-js in the query", gzip(json), "compression=gzip-js&ver=1&_=1767582000000", Some("text/plain"), None),
        ("Content-Encoding", gzip(json), "", Some("application/json"), Some("gzip")),
        ("already inflated by a proxy", json.to_vec(), "compression=gzip-js", None, Some("gzip")),
        ("base64 body", encoded.clone().into_bytes(), "compression=base64", Some("text/plain"), None),
        ("base64, not announced", encoded.clone().into_bytes(), "", None, None),
        ("base64 of base64", base64(encoded.as_bytes()).into_bytes(), "", None, None),
        ("base64 of gzip", base64(&gzip(json)).into_bytes(), "", None, None),
        ("gzip of base64", gzip(encoded.as_bytes()), "", None, None),
        ("form", form(&encoded, "").into_bytes(), "", Some(FORM), None),
        (
            "form with compression",
            form(&encoded, "&compression=base64").into_bytes(),
            "",
            Some("application/x-www-form-urlencoded; charset=UTF-8"),
            None,
        ),
        (
            "form whose + became spaces",
            format!("data={}", encoded.replace('=', "%3D")).into_bytes(),
            "",
            Some(FORM),
            None,
        ),
        (
            "form of JSON text",
            form(&String::from_utf8_lossy(json).replace('%', "%25").replace('"', "%22"), "").into_bytes(),
            "",
            Some(FORM),
            None,
        ),
        ("form type, JSON body", json.to_vec(), "", Some(FORM), None),
        ("form type, base64 body", encoded.clone().into_bytes(), "", Some(FORM), None),
        ("lz64 form", form(lz, "&compression=lz64&api_key=ignored").into_bytes(), "token=phc_x", Some(FORM), None),
        ("lz64 body", lz.as_bytes().to_vec(), "compression=lz64&token=phc_x", None, None),
        ("byte order mark", [b"\xef\xbb\xbf", json].concat(), "", None, None),
    ];
    for (name, body, query, content_type, content_encoding) in cases {
        let sent = Sent { query, content_type, content_encoding, family: PathFamily::Capture };
        let batch = send(&body, sent).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(batch.items.len() == 1 && batch.items[0].result.is_ok(), "{name}");
    }
    let get = format!("data={}&_=1767582000000&ip=1", encoded.replace('+', " "));
    let batch = send(b"", Sent { query: &get, ..PLAIN }).expect("a pixel");
    assert!(batch.items[0].result.is_ok());
}

#[test]
fn whole_requests_are_refused_with_the_right_status() {
    let refused = |body: &str| kind(send(body.as_bytes(), PLAIN));
    for body in ["", "{", "hello world", "7", "null", "[]", "{}", r#"{"api_key":"k","batch":[]}"#, "[1,2", "!!!"] {
        assert_eq!(refused(body), V0ErrorKind::BadRequest, "{body:?}");
    }
    let mut other = event();
    other["properties"]["token"] = "phc_other".into();
    let none = json!({"event": "e", "distinct_id": "d"});
    assert_eq!(refused(&json!([event(), other]).to_string()), V0ErrorKind::Unauthorized);
    assert_eq!(refused(&none.to_string()), V0ErrorKind::Unauthorized);
    for token in ["phx_personal", "é", &"x".repeat(65), "a\u{0}b"] {
        assert_eq!(
            refused(&json!({"api_key": token, "batch": [none]}).to_string()),
            V0ErrorKind::Unauthorized,
            "{token:?}"
        );
    }
    assert_eq!(kind(send(&gzip(&vec![b' '; 64 << 20]), PLAIN)), V0ErrorKind::TooLarge);
    let brotli = Sent { content_encoding: Some("br"), ..PLAIN };
    assert_eq!(kind(send(b"\x1b\x03\x00\xf8", brotli)), V0ErrorKind::UnsupportedEncoding);
    assert_eq!(kind(send(&gzip(&gzip(&gzip(b"{}"))), PLAIN)), V0ErrorKind::BadRequest);
    assert_eq!(kind(send(&gzip(b"{}")[..12], PLAIN)), V0ErrorKind::BadRequest);
    let many = format!("[{}1]", "1,".repeat(10_000));
    assert_eq!(refused(&many), V0ErrorKind::TooLarge);
    let form = Sent { content_type: Some("application/x-www-form-urlencoded"), ..PLAIN };
    assert_eq!(kind(send(b"a=b", form)), V0ErrorKind::BadRequest);
    assert_eq!(refused(&"[".repeat(1_000_000)), V0ErrorKind::BadRequest);
}

#[test]
fn a_bad_event_fails_alone() {
    let batch = json!({"api_key": TOKEN, "batch": [
        event(), with(json!({"event": ""})), with(json!({"event": 7})), with(json!({"distinct_id": ""})),
        with(json!({"distinct_id": null})), with(json!({"properties": [1]})), with(json!({"event": "x".repeat(201)})),
        7, with_properties(json!({"$cookieless_mode": "yes"})), event(),
    ]});
    let batch = send(batch.to_string().as_bytes(), PLAIN).expect("readable");
    let reasons: Vec<_> =
        batch.items.iter().map(|item| item.result.as_ref().err().map(|failed| failed.reason)).collect();
    assert_eq!(
        reasons,
        [
            None,
            Some(Reason::MissingEventName),
            Some(Reason::MissingEventName),
            Some(Reason::MissingDistinctId),
            Some(Reason::MissingDistinctId),
            Some(Reason::InvalidProperties),
            Some(Reason::EventNameTooLong),
            Some(Reason::NotAnObject),
            Some(Reason::InvalidOptions),
            None,
        ]
    );
    assert!(batch.items.iter().all(|item| item.token.as_deref() == Some(TOKEN)));
    assert!(batch.items[1].result.as_ref().is_err_and(|failed| failed.payload.is_some()));
    let lenient = format!(
        r#"[{{"event":"e","distinct_id":"d","token":"t","properties":{{"a":NaN,"b":-Infinity,"c":"\ud800","d":1}}}},
        {{"event":"e","distinct_id":"d","token":"t","properties":{{"a":1e999}}}},
        {{"event":"e","distinct_id":"d","token":"t","properties":{{"a":{}1{}}}}}]"#,
        "[".repeat(50),
        "]".repeat(50)
    );
    let batch = send(lenient.as_bytes(), PLAIN).expect("readable");
    let first = batch.items[0].result.as_ref().expect("stored");
    assert_eq!(first.properties.get("a"), None);
    assert_eq!(first.properties.text("c"), Some("\u{fffd}"));
    assert_eq!(batch.items[1].result.as_ref().expect_err("fails").reason, Reason::NumberOutOfRange);
    assert_eq!(batch.items[2].result.as_ref().expect_err("fails").reason, Reason::TooDeep);
}

#[test]
fn a_failed_event_keeps_the_sent_at_of_its_request_so_that_a_retry_has_the_right_clock() {
    // The client's clock is an hour slow: sent at 05:00 by it, received at NOW.
    let sent_at = NOW - 3_600_000_000;
    let stamp = jiff::Timestamp::from_microsecond(sent_at).expect("in range").to_string();
    let bad = json!({"event": "paid", "timestamp": stamp, "properties": {"a": 1}});
    let body = json!({"api_key": TOKEN, "sent_at": stamp, "batch": [bad, {}]}).to_string();
    let batch = send(body.as_bytes(), PLAIN).expect("readable");
    let payload = |index: usize| {
        let failed: &NotStored = batch.items[index].result.as_ref().expect_err("no distinct_id");
        failed.payload.clone().expect("kept")
    };
    assert!(payload(0).ends_with(&format!(",\"sent_at\":\"{stamp}\"}}")), "{}", payload(0));
    assert_eq!(payload(1), format!("{{\"sent_at\":\"{stamp}\"}}"));
    // Mended, and sent alone as a retry does.
    let mended = payload(0).replacen('{', "{\"distinct_id\":\"u\",\"token\":\"t\",", 1);
    let again = send(mended.as_bytes(), PLAIN).expect("readable").items.remove(0).result.expect("stored");
    assert_eq!(again.event_at, NOW);
    // A client's own member of that name gives way, as it would have in the batch.
    let own = json!({"api_key": TOKEN, "sent_at": stamp, "batch": [{"event": "x", "sent_at": "2020-01-01T00:00:00Z"}]});
    let batch = send(own.to_string().as_bytes(), PLAIN).expect("readable");
    let kept = batch.items[0].result.as_ref().expect_err("fails").payload.clone().expect("kept");
    assert_eq!(serde_json::from_str::<Value>(&kept).expect("JSON")["sent_at"], stamp);
}

#[test]
fn what_must_not_be_kept_is_counted_without_its_payload() {
    for (event, expected) in [
        (with(json!({"event": "$snapshot"})), Reason::ReplayOff),
        (with(json!({"event": "$performance_event"})), Reason::Unsupported),
        (with_properties(json!({"$cookieless_mode": true})), Reason::CookielessOff),
        (with(json!({"distinct_id": "$posthog_cookieless"})), Reason::CookielessOff),
    ] {
        let not_stored = result(&event).expect_err("not stored");
        assert_eq!((not_stored.reason, not_stored.payload), (expected, None));
    }
    for name in ["$identify", "$create_alias", "$merge_dangerously", "$groupidentify"] {
        let mut event = with_properties(json!({"$process_person_profile": false}));
        event["event"] = name.into();
        assert_eq!(reason(&event), Reason::PersonlessIdentity, "{name}");
    }
    assert!(result(&with_properties(json!({"$process_person_profile": false}))).is_ok());
    for heatmap in ["$$heatmap", "$pageview"] {
        let mut event = with_properties(json!({"$heatmap_data": {"https://a.example/": [{"x": 1, "y": 2}]}}));
        event["event"] = heatmap.into();
        assert!(result(&event).is_ok());
    }
    let replay = Sent { family: PathFamily::Replay, ..PLAIN };
    let body = json!([{"properties": {"token": TOKEN, "distinct_id": "u", "$session_id": "s", "$snapshot_data": []}}]);
    let batch = send(body.to_string().as_bytes(), replay).expect("readable");
    assert_eq!(batch.items[0].result.as_ref().expect_err("not stored").reason, Reason::ReplayOff);
}

#[test]
fn an_engage_event_without_a_name_identifies() {
    let engage = Sent { family: PathFamily::Engage, ..PLAIN };
    let body = json!({"token": TOKEN, "$distinct_id": "u1", "$set": {"plan": "a"}});
    let batch = send(body.to_string().as_bytes(), engage).expect("readable");
    let event = batch.items[0].result.as_ref().expect("stored");
    assert_eq!((&*event.event, &*event.distinct_id), ("$identify", "u1"));
    assert_eq!(event.properties.text("$set.plan"), Some("a"));
}

#[test]
fn distinct_ids_of_every_type_are_text() {
    for (sent, read) in [
        (json!("u1"), "u1"),
        (json!(42), "42"),
        (json!(1.5), "1.5"),
        (json!(true), "true"),
        (json!({"a": [1, "b"]}), r#"{"a":[1,"b"]}"#),
        (json!("a\u{0}b"), "a\u{fffd}b"),
    ] {
        assert_eq!(&*stored(&with(json!({"distinct_id": sent}))).distinct_id, read);
    }
    let long = stored(&with(json!({"distinct_id": "हि".repeat(150)})));
    assert_eq!(long.distinct_id.chars().count(), 200);
    let mut inside = event();
    inside.as_object_mut().expect("an object").remove("distinct_id");
    inside["properties"]["distinct_id"] = json!(7);
    let inside = stored(&inside);
    assert_eq!((&*inside.distinct_id, inside.properties.get("distinct_id")), ("7", None));
}

#[test]
fn person_updates_of_the_top_join_those_of_the_properties() {
    let mut event = with(json!({"$set": {"a": "top", "b": 1}, "$set_once": {"c": 2}, "$unset": ["x"]}));
    event["properties"]["$set"] = json!({"a": "own", "d": 3});
    event["properties"]["$unset"] = json!(["y"]);
    let update = model::person::update_of(&stored(&event));
    let set: Vec<_> = update.set.iter().map(|(key, value)| (&**key, value.canonical())).collect();
    assert_eq!(set, [("a", "top".into()), ("b", "1".into()), ("d", "3".into())]);
    assert_eq!(update.set_once.len(), 1);
    assert_eq!(update.unset, ["y".into(), "x".into()]);
}

#[test]
fn session_and_window_have_columns_of_their_own() {
    let event = stored(&with_properties(json!({"$session_id": "s1", "$window_id": "w1", "$device_id": "d"})));
    assert_eq!((event.session_id.as_deref(), event.window_id.as_deref()), (Some("s1"), Some("w1")));
    assert_eq!(event.properties.text("$device_id"), Some("d"));
}

#[test]
fn uuids_are_stable_across_retries() {
    assert_eq!(stored(&with(json!({"uuid": ""}))).uuid, Uuid::from_u128(1));
    assert_eq!(stored(&with(json!({"uuid": null}))).uuid, Uuid::from_u128(1));
    let derived = stored(&with(json!({"uuid": "not-a-uuid"})));
    assert_eq!(derived.uuid, Uuid::new_v5(&UUID_NAMESPACE, b"not-a-uuid"));
    assert_eq!(derived.properties.get("_repairs"), Some(&Property::Json(r#"["uuid-derived"]"#.into())));
}

/// Offset from `NOW` in seconds at which an event with these members is stored.
fn at(event: Value, envelope: Value, query: &str) -> f64 {
    let mut body = envelope;
    body["api_key"] = TOKEN.into();
    let mut event = event;
    event["event"] = "e".into();
    event["distinct_id"] = "d".into();
    body["batch"] = json!([event]);
    let batch = send(body.to_string().as_bytes(), Sent { query, ..PLAIN }).expect("readable");
    let stored = batch.items[0].result.as_ref().expect("stored");
    (stored.event_at - NOW) as f64 / SECOND as f64
}

#[test]
fn event_times_follow_the_rules_in_order() {
    let minute_ago = "2026-01-05T02:59:00Z";
    let sent = json!({"sent_at": "2026-01-05T03:10:00Z"});
    let none = json!({});
    // offset wins over everything.
    assert_eq!(at(json!({"offset": 5000, "timestamp": minute_ago}), sent.clone(), ""), -5.0);
    assert_eq!(at(json!({"offset": "5000"}), none.clone(), ""), -5.0);
    // The client's clock is ten minutes ahead.
    assert_eq!(at(json!({"timestamp": "2026-01-05T03:09:00Z"}), sent.clone(), ""), -60.0);
    assert_eq!(at(json!({"timestamp": "2026-01-05T03:09:00Z"}), none.clone(), "_=1767582600000"), -60.0);
    assert_eq!(at(json!({"timestamp": "2026-01-05T03:09:00Z"}), none.clone(), "sent_at=1767582600000"), -60.0);
    assert_eq!(
        at(json!({"timestamp": "2026-01-05T03:09:00Z", "sent_at": "2026-01-05T03:10:00Z"}), none.clone(), ""),
        -60.0
    );
    // A cache-buster that is no time, or seconds, corrects nothing.
    assert_eq!(at(json!({"timestamp": minute_ago}), none.clone(), "_=17"), -60.0);
    assert_eq!(at(json!({"timestamp": minute_ago}), none.clone(), "_=1767582600"), -60.0);
    let ignore = json!({"timestamp": minute_ago, "properties": {"$ignore_sent_at": true}});
    assert_eq!(at(ignore, sent.clone(), ""), -60.0);
    assert_eq!(at(json!({"timestamp": 1_767_581_940}), none.clone(), ""), -60.0);
    assert_eq!(at(json!({"timestamp": 1_767_581_940_000u64}), none.clone(), ""), -60.0);
    // Unreadable or absent is now; 23 hours ahead is a wrong clock; before the year 0 is 1970.
    assert_eq!(at(json!({"timestamp": "soon"}), sent.clone(), ""), 0.0);
    assert_eq!(at(json!({}), sent, ""), 0.0);
    assert_eq!(at(json!({"timestamp": "2026-01-06T01:59:00Z"}), none.clone(), ""), 23.0 * 3600.0 - 60.0);
    assert_eq!(at(json!({"timestamp": "2026-01-06T02:01:00Z"}), none.clone(), ""), 0.0);
    assert_eq!(at(json!({"timestamp": "-000100-01-01T00:00:00Z"}), none, ""), -1_767_582_000.0);
}

#[test]
fn a_corrected_time_keeps_the_clients_own_beside_it() {
    let body = json!({"api_key": TOKEN, "sent_at": "2026-01-05T03:10:00Z", "batch": [event()]}).to_string();
    let batch = send(body.as_bytes(), PLAIN).expect("readable");
    let event = batch.items[0].result.as_ref().expect("stored");
    assert_eq!(event.properties.text("$timestamp_as_sent"), Some("2026-01-05T02:59:00Z"));
}

#[test]
fn flags_of_the_request_are_read() {
    let body = json!({"api_key": TOKEN, "historical_migration": true, "batch": [event()]}).to_string();
    let batch = send(body.as_bytes(), Sent { query: "beacon=1", ..PLAIN }).expect("readable");
    assert!(batch.historical_migration && batch.beacon);
    let batch = send(event().to_string().as_bytes(), PLAIN).expect("readable");
    assert!(!batch.historical_migration && !batch.beacon);
}

fn v1_headers() -> V1Headers<'static> {
    V1Headers {
        authorization: Some("bearer  phc_test "),
        content_type: Some("application/json; charset=utf-8"),
        content_encoding: None,
        user_agent: Some("posthog-python/7.91.1"),
        posthog_sdk_info: Some("posthog-python/7.91.1"),
        posthog_attempt: Some("1"),
        posthog_request_id: Some("01890a5d-ac96-774b-bcce-b302099a8000"),
        posthog_request_timestamp: Some("2026-01-05T03:10:00Z"),
    }
}

fn v1_event(last: u8, changes: Value) -> Value {
    let mut event = json!({"event": "e", "uuid": format!("01890a5d-ac96-774b-bcce-b302099a80{last:02x}"), "distinct_id": "d",
        "timestamp": "2026-01-05T03:09:00Z", "session_id": "s", "window_id": "w", "options": {}, "properties": {"a": 1}});
    for (key, value) in changes.as_object().expect("an object") {
        event[key] = value.clone();
    }
    event
}

fn v1(events: Value) -> Result<V1Batch, V1Error> {
    let body = json!({"created_at": "2026-01-05T03:09:30Z", "batch": events}).to_string();
    decode_v1(v1_headers(), body.as_bytes(), NOW, &Limits::default())
}

#[test]
fn v1_copies_options_back_and_answers_each_event() {
    let options =
        json!({"options": {"process_person_profile": false, "disable_skew_correction": true, "product_tour_id": "t"}});
    let batch = v1(json!([v1_event(1, json!({})), v1_event(2, options)])).expect("readable");
    assert_eq!((batch.token.as_str(), batch.attempt, batch.historical_migration), ("phc_test", 1, false));
    let first = batch.items[0].result.as_ref().expect("stored");
    assert_eq!(first.event_at, NOW - 60 * SECOND);
    assert_eq!((first.session_id.as_deref(), first.window_id.as_deref()), (Some("s"), Some("w")));
    assert_eq!(
        (first.properties.text("$lib"), first.properties.text("$lib_version")),
        (Some("posthog-python"), Some("7.91.1"))
    );
    let second = batch.items[1].result.as_ref().expect("stored");
    assert_eq!(second.event_at, NOW + 540 * SECOND);
    assert_eq!(second.properties.get("$process_person_profile"), Some(&Property::Bool(false)));
    assert_eq!(second.properties.get("$ignore_sent_at"), Some(&Property::Bool(true)));
    assert_eq!(second.properties.text("$product_tour_id"), Some("t"));
    let answer = v1_answer([
        (batch.items[0].sent_uuid.as_str(), batch.items[0].verdict()),
        (batch.items[1].sent_uuid.as_str(), Verdict::RETRY),
    ]);
    assert_eq!(
        answer,
        json!({"results": {
            "01890a5d-ac96-774b-bcce-b302099a8001": {"result": "ok"},
            "01890a5d-ac96-774b-bcce-b302099a8002": {"result": "retry", "details": "not_persisted"},
        }})
    );
}

#[test]
fn v1_drops_bad_events_and_keeps_their_mates() {
    let batch = v1(json!([
        v1_event(1, json!({"event": ""})),
        v1_event(2, json!({"event": "x".repeat(201)})),
        v1_event(3, json!({"distinct_id": ""})),
        v1_event(4, json!({"distinct_id": "x".repeat(201)})),
        v1_event(5, json!({"timestamp": "2026-01-05"})),
        v1_event(6, json!({"properties": 7})),
        v1_event(7, json!({"event": "$performance_event"})),
        v1_event(8, json!({"options": {"cookieless_mode": "x"}})),
        v1_event(9, json!({"options": {"cookieless_mode": true}})),
        v1_event(10, json!({"event": "$identify", "options": {"process_person_profile": false}})),
        v1_event(11, json!({})),
    ]))
    .expect("readable");
    let verdicts: Vec<_> = batch.items.iter().map(|item| (item.verdict().result, item.verdict().details)).collect();
    let drop = |details| ("drop", Some(details));
    let mut expected = vec![drop("invalid_event"); 6];
    expected.extend([
        drop("event_restriction_drop"),
        drop("invalid_options"),
        drop("event_restriction_drop"),
        drop("person_processing_disabled"),
        ("ok", None),
    ]);
    assert_eq!(verdicts, expected);
}

#[test]
fn v1_refuses_requests_with_the_protocols_words() {
    let body = json!({"created_at": "2026-01-05T03:09:30Z", "batch": [v1_event(1, json!({}))]}).to_string();
    let refused = |headers: V1Headers<'_>, body: &[u8]| {
        let error = decode_v1(headers, body, NOW, &Limits::default()).expect_err("refused");
        assert_eq!(error.body()["error"], error.tag);
        (error.status, error.tag)
    };
    let body = body.as_bytes();
    let ok = v1_headers();
    assert!(
        decode_v1(V1Headers { content_encoding: Some("gzip"), ..ok }, &gzip(body), NOW, &Limits::default()).is_ok()
    );
    assert_eq!(refused(V1Headers { authorization: None, ..ok }, body), (401, "missing_authorization"));
    assert_eq!(refused(V1Headers { authorization: Some("Basic x"), ..ok }, body), (401, "invalid_api_token"));
    assert_eq!(refused(V1Headers { authorization: Some("Bearer phx_x"), ..ok }, body), (401, "invalid_api_token"));
    assert_eq!(
        refused(V1Headers { user_agent: None, posthog_attempt: None, ..ok }, body),
        (400, "missing_required_headers")
    );
    assert_eq!(refused(V1Headers { posthog_attempt: Some("0"), ..ok }, body), (400, "invalid_header_value"));
    assert_eq!(refused(V1Headers { posthog_request_id: Some("x"), ..ok }, body), (400, "invalid_header_value"));
    assert_eq!(refused(V1Headers { posthog_sdk_info: Some("x"), ..ok }, body), (400, "invalid_header_value"));
    assert_eq!(refused(V1Headers { posthog_request_timestamp: Some("x"), ..ok }, body), (400, "invalid_header_value"));
    assert_eq!(refused(V1Headers { content_type: Some("text/plain"), ..ok }, body), (415, "unsupported_content_type"));
    assert_eq!(refused(V1Headers { content_encoding: Some("br"), ..ok }, body), (415, "unsupported_encoding"));
    assert_eq!(refused(V1Headers { content_encoding: Some("lz64"), ..ok }, body), (415, "unsupported_encoding"));
    assert_eq!(refused(ok, b""), (400, "empty_body"));
    assert_eq!(refused(ok, b"{"), (400, "request_parsing_error"));
    assert_eq!(refused(ok, b"[1]"), (400, "request_parsing_error"));
    let with_batch = |batch: Value| json!({"created_at": "2026-01-05T03:09:30Z", "batch": batch}).to_string();
    assert_eq!(refused(ok, with_batch(json!([])).as_bytes()), (400, "empty_batch"));
    assert_eq!(refused(ok, with_batch(json!([{"event": "e"}])).as_bytes()), (400, "missing_event_uuid"));
    let twice = with_batch(json!([v1_event(1, json!({})), v1_event(1, json!({}))]));
    assert_eq!(refused(ok, twice.as_bytes()), (400, "duplicate_event_uuid"));
    assert_eq!(refused(ok, br#"{"created_at":"x","batch":[]}"#), (400, "invalid_batch"));
    assert_eq!(refused(ok, &gzip(&vec![b' '; 64 << 20])), (413, "payload_too_large"));
    assert!(V1Error::new(503, "service_unavailable", "").retry_after() && !V1Error::new(413, "x", "").retry_after());
}

#[test]
fn flags_are_read_in_every_packing_and_answered_in_every_form() {
    let body = json!({"api_key": TOKEN, "distinct_id": 7, "groups": {}}).to_string();
    let encoded = base64(body.as_bytes());
    let form = format!("data={}", encoded.replace('=', "%3D"));
    for (body, query, content_type) in [
        (body.as_bytes().to_vec(), "v=2", "application/json"),
        (gzip(body.as_bytes()), "v=2", "text/plain"),
        (encoded.clone().into_bytes(), "compression=base64", "text/plain"),
        (form.into_bytes(), "v=3", "application/x-www-form-urlencoded"),
    ] {
        let request =
            flags_request(&pairs(query), Some(content_type), None, &body, &Limits::default()).expect("readable");
        assert_eq!(request, FlagsRequest { token: TOKEN.into(), distinct_id: "7".into() });
    }
    let status = |body: &str, query: &str| {
        flags_request(&pairs(query), None, None, body.as_bytes(), &Limits::default()).map_err(|error| error.status())
    };
    assert_eq!(status(&body, "compression=lz64"), Err(400));
    assert_eq!(status(r#"{"token":"t"}"#, ""), Err(400));
    assert_eq!(status(r#"{"distinct_id":"d"}"#, ""), Err(401));
    assert_eq!(status("[]", ""), Err(400));
    assert_eq!(status(r#"{"token":"t","distinct_id":""}"#, "").map(|request| request.distinct_id), Ok(String::new()));

    for (path, query, expected) in [
        (FlagsPath::Flags, "", (FlagsKind::V2, true)),
        (FlagsPath::Flags, "v=2", (FlagsKind::V2, false)),
        (FlagsPath::Flags, "v=2&config=true", (FlagsKind::V2, true)),
        (FlagsPath::Flags, "v=4", (FlagsKind::V2, false)),
        (FlagsPath::Flags, "v=1", (FlagsKind::V1, false)),
        (FlagsPath::Decide, "", (FlagsKind::D1, true)),
        (FlagsPath::Decide, "v=2", (FlagsKind::D2, true)),
        (FlagsPath::Decide, "v=3", (FlagsKind::V1, true)),
        (FlagsPath::Decide, "v=4", (FlagsKind::V2, true)),
    ] {
        assert_eq!(flags_kind(path, &pairs(query)), expected, "{path:?} {query}");
    }
    let v2 = flags_answer(FlagsKind::V2, "r", 5, None);
    assert_eq!(v2, json!({"errorsWhileComputingFlags": false, "flags": {}, "requestId": "r", "evaluatedAt": 5}));
    let decide = flags_answer(FlagsKind::D1, "r", 5, Some(remote_config(TOKEN, Level::Basic)));
    assert_eq!((&decide["featureFlags"], &decide["sessionRecording"]), (&json!([]), &json!(false)));
}

#[test]
fn the_remote_configuration_starts_posthog_js() {
    let config = remote_config(TOKEN, Level::Enhanced);
    assert_eq!(config["autocapture_opt_out"], json!(false));
    assert_eq!(config["supportedCompression"], json!(["gzip", "gzip-js"]));
    assert_eq!(
        (&config["heatmaps"], &config["surveys"], &config["hasFeatureFlags"]),
        (&json!(true), &json!(false), &json!(false))
    );
    assert_eq!(remote_config(TOKEN, Level::Basic)["heatmaps"], json!(false));
    for body in [SURVEYS_BODY, EARLY_ACCESS_BODY, WEB_EXPERIMENTS_BODY, PRODUCT_TOURS_BODY, LOCAL_EVALUATION_BODY] {
        assert!(serde_json::from_str::<Value>(body).is_ok_and(|body| body.is_object()));
    }
}

#[test]
fn the_script_form_cannot_be_broken_out_of() {
    let script = remote_config_script("\"];alert(1);//</script>\u{2028}", Level::Basic);
    assert!(!script.contains('<') && !script.contains('\u{2028}'));
    assert!(script.contains(r#"c["\"];alert(1);//\u003c/script\u003e\u2028"]={config:{"#), "{script}");
    assert!(script.ends_with("siteApps:[]};})();\n"));
}

proptest! {
    #[test]
    fn damaged_requests_never_panic(
        at in any::<prop::sample::Index>(), bytes in prop::collection::vec(any::<u8>(), 0..6), packing in 0..4,
        query in "(data|compression|_|sent_at|beacon)=[a-zA-Z0-9+/=]{0,20}", form in any::<bool>())
    {
        let mut body = json!({"api_key": TOKEN, "batch": [event(), event()]}).to_string().into_bytes();
        if packing == 1 {
            body = gzip(&body);
        } else if packing == 2 {
            body = base64(&body).into_bytes();
        } else if packing == 3 {
            body = format!("data={}", base64(&body)).into_bytes();
        }
        let at = at.index(body.len());
        let end = (at + bytes.len()).min(body.len());
        body.splice(at..end, bytes);
        let content_type = if form { "application/x-www-form-urlencoded" } else { "text/plain" };
        let _ = send(&body, Sent { query: &query, content_type: Some(content_type), ..PLAIN });
        let _ = flags_request(&pairs(&query), Some(content_type), None, &body, &Limits::default());
        let _ = decode_v1(v1_headers(), &body, NOW, &Limits::default());
        let _ = base64_text::looks_like(&body);
    }

    #[test]
    fn every_element_of_a_batch_has_one_item(elements in prop::collection::vec("[ -~]{0,40}", 1..12)) {
        let mut events = vec![event()];
        for text in &elements {
            events.push(serde_json::from_str(text).unwrap_or_else(|_| json!({"event": text, "properties": {"x": text}})));
        }
        let body = json!({"api_key": TOKEN, "batch": events}).to_string();
        let batch = send(body.as_bytes(), PLAIN).expect("readable");
        prop_assert_eq!(batch.items.len(), events.len());
        prop_assert!(batch.items[0].result.is_ok());
    }
}
