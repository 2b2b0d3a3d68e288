//! The doors: keys, channels, encodings, slashes, limits.

use crate::running::{Running, WRITE_KEY, impression};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::{Value, json};
use std::io::Write;

const AT_MS: i64 = 1_767_592_800_000;

fn batch(mids: std::ops::Range<u32>) -> Vec<u8> {
    let events: Vec<Value> = mids.map(|n| impression(&format!("m{n}"), "p", "home", AT_MS)).collect();
    json!({"id": "api.sunbird.telemetry", "ver": "3.0", "events": events}).to_string().into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

#[test]
fn every_address_of_the_collector_works_with_and_without_slash() {
    let server = Running::start();
    let paths = [
        "/v1/telemetry",
        "/data/v3/telemetry",
        "/data/v1/telemetry",
        "/api/data/v3/telemetry",
        "/content/data/v1/telemetry",
    ];
    let authorization = format!("Bearer {WRITE_KEY}");
    for (index, path) in paths.iter().enumerate() {
        for (slash, suffix) in ["", "/"].iter().enumerate() {
            let n = (index * 2 + slash) as u32;
            let answer =
                server.send("POST", &format!("{path}{suffix}"), &[("authorization", &authorization)], &batch(n..n + 1));
            assert_eq!((answer.status, answer.body["responseCode"].as_str()), (200, Some("SUCCESS")), "{path}{suffix}");
        }
    }
    assert_eq!(server.total("IMPRESSION", "total"), 10.0);
    assert_eq!(server.send("GET", "/v1/telemetry", &[], b"").status, 405);
}

#[test]
fn a_key_may_come_as_bearer_query_or_channel() {
    let server = Running::start();
    assert_eq!(server.send("POST", &format!("/v1/telemetry?key={WRITE_KEY}"), &[], &batch(0..1)).status, 200);
    // No key and an unknown channel: nobody's events.
    let refused = server.send("POST", "/v1/telemetry", &[("authorization", "Bearer ")], &batch(1..2));
    assert_eq!((refused.status, refused.body["params"]["err"].as_str()), (401, Some("UNKNOWN_KEY")));
    let patched = server.api("PATCH", "/api/projects/1", json!({"channels": ["hp-education"]}));
    assert_eq!(patched.body["channels"], json!(["hp-education"]));
    // A stock SDK: its gateway's bearer means nothing here, the event's channel leads to the project.
    assert_eq!(
        server.send("POST", "/v1/telemetry", &[("authorization", "Bearer of.some.gateway")], &batch(1..2)).status,
        200
    );
    let headers = [("x-channel-id", "hp-education"), ("authorization", "Bearer ")];
    assert_eq!(server.send("POST", "/v1/telemetry", &headers, &batch(2..3)).status, 200);
    assert_eq!(server.total("IMPRESSION", "total"), 3.0);
}

#[test]
fn an_event_of_an_unlisted_channel_is_failed_beside_its_batch_mates() {
    let server = Running::start();
    server.api("PATCH", "/api/projects/1", json!({"channels": ["hp-education"]}));
    let mut stray = impression("s1", "p", "home", AT_MS);
    stray["context"]["channel"] = json!("of-somebody-else");
    let events = json!({"events": [impression("s0", "p", "home", AT_MS), stray, {"eid": "IMPRESSION"}]});
    let answer = server.send("POST", "/v1/telemetry", &[], events.to_string().as_bytes());
    assert_eq!(answer.header("x-telemetry-outcome"), Some("stored=1, duplicate=0, failed=2, not_kept=0"));
    let reasons = server.outcomes()["reasons"].to_string();
    assert!(reasons.contains("foreign_key") && reasons.contains("missing_field"), "{reasons}");
}

#[test]
fn gzip_and_deflate_are_inflated() {
    let server = Running::start();
    let path = format!("/v1/telemetry?key={WRITE_KEY}");
    assert_eq!(server.send("POST", &path, &[("content-encoding", "gzip")], &gzip(&batch(0..5))).status, 200);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&batch(5..9)).expect("in memory");
    let deflated = encoder.finish().expect("in memory");
    assert_eq!(server.send("POST", &path, &[("content-encoding", "deflate")], &deflated).status, 200);
    // posthog-js: gzip as text/plain, with neither header nor parameter.
    let event = json!([{"event": "$pageview", "uuid": "0190a0a0-0000-7000-8000-000000000001", "properties": {"token": WRITE_KEY, "distinct_id": "u"}}]);
    let answer = server.send("POST", "/e/", &[("content-type", "text/plain")], &gzip(event.to_string().as_bytes()));
    assert_eq!((answer.status, answer.body), (200, json!({"status": 1})));
    assert_eq!((server.total("IMPRESSION", "total"), server.total("$pageview", "total")), (9.0, 1.0));
}

#[test]
fn a_bomb_and_a_giant_are_refused() {
    let server = Running::start();
    let path = format!("/v1/telemetry?key={WRITE_KEY}");
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert_eq!(server.send("POST", &path, &[("content-encoding", "gzip")], &bomb).status, 413);
    assert_eq!(server.send("POST", "/batch/", &[], &bomb).status, 413);
    let deep = vec![b'['; 1_000_000];
    assert_eq!(server.send("POST", &path, &[], &deep).status, 400);
    assert_eq!(server.send("POST", "/e/", &[], &deep).status, 400);
    assert_eq!(server.send("POST", &path, &[], &batch(0..1)).status, 200);
}

#[test]
fn a_browser_of_any_origin_may_send() {
    let server = Running::start();
    let headers = [
        ("origin", "https://app.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,x-channel-id,datatype"),
    ];
    for path in ["/data/v3/telemetry", "/e/", "/flags/"] {
        let answer = server.send("OPTIONS", path, &headers, b"");
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://app.example"), "{path}");
        assert_eq!(answer.header("access-control-allow-headers"), Some("authorization,x-channel-id,datatype"));
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    }
}

#[test]
fn posthog_clients_read_what_they_need_to_start() {
    let server = Running::start();
    let config = server.send("GET", &format!("/array/{WRITE_KEY}/config"), &[], b"");
    assert_eq!((config.status, &config.body["autocapture_opt_out"]), (200, &json!(false)));
    assert!(config.body["supportedCompression"].as_array().is_some_and(|list| list.contains(&json!("gzip-js"))));
    let script = server.send("GET", &format!("/array/{WRITE_KEY}/config.js"), &[], b"");
    assert_eq!(script.header("content-type"), Some("application/javascript"));
    assert_eq!(server.send("GET", "/array/tmw_nobody/config", &[], b"").status, 404);
    let request = json!({"token": WRITE_KEY, "distinct_id": "u"}).to_string();
    for (path, field) in [
        ("/flags/?v=2", "flags"),
        ("/flags?v=4", "flags"),
        ("/decide/?v=3", "featureFlags"),
        ("/decide?v=1", "featureFlags"),
    ] {
        let answer = server.send("POST", path, &[], request.as_bytes());
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert!(answer.body.get(field).is_some(), "{path}: {}", answer.body);
    }
    for (path, field) in [
        ("surveys", "surveys"),
        ("early_access_features", "earlyAccessFeatures"),
        ("web_experiments", "experiments"),
        ("product_tours", "product_tours"),
    ] {
        let answer = server.send("GET", &format!("/api/{path}/?token={WRITE_KEY}"), &[], b"");
        assert_eq!((answer.status, &answer.body[field]), (200, &json!([])), "{path}");
    }
    assert_eq!(
        server
            .send(
                "GET",
                &format!("/flags/definitions?token={WRITE_KEY}&send_cohorts"),
                &[("authorization", &format!("Bearer {WRITE_KEY}"))],
                b""
            )
            .status,
        401
    );
}

#[test]
fn too_many_requests_wait() {
    let server = Running::start_with(&[("TELEMETRY_INGEST_REQUESTS_PER_SECOND", "5")]);
    let statuses: Vec<u16> =
        (0..40).map(|n| server.sunbird(&[impression(&format!("r{n}"), "p", "home", AT_MS)]).status).collect();
    assert!(statuses.contains(&200) && statuses.contains(&429), "{statuses:?}");
    let refused = (0..40)
        .map(|n| server.posthog(&[json!({"event": "x", "distinct_id": "u", "n": n})]))
        .find(|answer| answer.status == 429);
    assert!(refused.expect("one waits").header("retry-after").is_some());
}

#[test]
fn v1_capture_answers_for_each_event() {
    let server = Running::start();
    let uuid = |n: u32| format!("0190a0a0-0000-7000-8000-00000000000{n}");
    let event = |n: u32, name: &str| json!({"event": name, "uuid": uuid(n), "distinct_id": "u", "timestamp": "2026-01-05T03:00:00Z", "options": {}, "properties": {}});
    let body = json!({"created_at": "2026-01-05T03:00:01Z", "batch": [event(1, "paid"), event(2, "")]}).to_string();
    let authorization = format!("Bearer {WRITE_KEY}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
        ("user-agent", "test"),
        ("posthog-sdk-info", "test/1"),
        ("posthog-attempt", "1"),
        ("posthog-request-id", "0190a0a0-0000-7000-8000-0000000000ff"),
        ("posthog-request-timestamp", "2026-01-05T03:00:02Z"),
    ];
    let answer = server.send("POST", "/i/v1/analytics/events", &headers, body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["results"][uuid(1)]["result"], "ok");
    assert_eq!(answer.body["results"][uuid(2)]["result"], "drop");
    assert_eq!(answer.header("posthog-request-id"), Some("0190a0a0-0000-7000-8000-0000000000ff"));
    assert!(answer.header("retry-after").is_none());
    assert_eq!(server.outcomes()["failed"], 1);
    let refused = server.send("POST", "/i/v1/analytics/events/", &headers[..3], body.as_bytes());
    assert_eq!((refused.status, refused.body["error"].as_str()), (400, Some("missing_required_headers")));
}

#[test]
fn an_event_of_another_key_is_nobodys() {
    let server = Running::start();
    let event = |key: &str| json!({"event": "paid", "distinct_id": "u", "properties": {"token": key}});
    assert_eq!(server.posthog(&[event(WRITE_KEY), event("tmw_of_another_project")]).status, 200);
    let outcomes = server.outcomes();
    assert_eq!((&outcomes["stored"], outcomes["reasons"][0]["reason"].as_str()), (&json!(1), Some("foreign_key")));
}

#[test]
fn replay_is_taken_and_counted_as_off() {
    let server = Running::start();
    let snapshot = json!([{"event": "$snapshot", "properties": {"token": WRITE_KEY, "distinct_id": "u", "$session_id": "s", "$snapshot_data": []}}]);
    let answer = server.send("POST", "/s/", &[("content-type", "text/plain")], &gzip(snapshot.to_string().as_bytes()));
    assert_eq!((answer.status, answer.body), (200, json!({"status": 1})));
    let outcomes = server.outcomes();
    assert_eq!((&outcomes["not_kept"], outcomes["reasons"][0]["reason"].as_str()), (&json!(1), Some("replay_off")));
}
