//! The browser SDK as pages fetch it, and what it asks.

use crate::running::{Answer, Running, WRITE_KEY};
use serde_json::json;

const PARTS: [&str; 7] = [
    "/telemetry.js",
    "/telemetry-actions.js",
    "/telemetry-heatmap.js",
    "/telemetry-vitals.js",
    "/telemetry-feedback.js",
    "/telemetry-consent.js",
    "/telemetry-sunbird.js",
];

fn get(server: &Running, path: &str) -> Answer {
    server.send("GET", path, &[], &[])
}

#[test]
fn every_part_is_a_script_that_any_site_may_load_and_keep_for_ten_minutes() {
    let server = Running::start();
    for path in PARTS {
        let answer = get(&server, path);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("public, max-age=600"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"), "{path}");
        assert!(answer.header("etag").is_some(), "{path}");
        assert!(answer.body.as_str().is_some_and(|text| text.starts_with("(function(){")), "{path}");
    }
}

#[test]
fn the_level_of_a_key_is_told_to_whoever_has_the_key() {
    let server = Running::start_with(&[("TELEMETRY_INIT_LEVEL", "basic")]);
    let answer = get(&server, &format!("/v1/telemetry/level?key={WRITE_KEY}"));
    assert_eq!((answer.status, answer.body.clone()), (200, json!({ "level": "basic" })));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=30"));
    assert_eq!(get(&server, "/v1/telemetry/level?key=hp-education").status, 401);
    server.api("PATCH", "/api/projects/1", json!({ "channels": ["hp-education"] }));
    let answer = get(&server, "/v1/telemetry/level?key=hp-education");
    assert_eq!((answer.status, answer.body), (200, json!({ "level": "basic" })));
    assert_eq!(get(&server, "/v1/telemetry/level?key=tmw_nobody").status, 401);
    assert_eq!(get(&server, "/v1/telemetry/level").status, 401);
}
