//! What was not stored is counted, kept and can be tried again.

use crate::running::{Running, WRITE_KEY, impression};
use serde_json::{Value, json};

const AT_MS: i64 = 1_767_592_800_000;

#[test]
fn a_bad_event_never_takes_its_batch_with_it() {
    let server = Running::start();
    let good = |n: u32| impression(&format!("g{n}"), "p", "home", AT_MS);
    let mut no_edata = good(9);
    no_edata.as_object_mut().expect("an object").remove("edata");
    let answer = server.sunbird(&[good(1), no_edata, json!("text"), good(2), good(1)]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-telemetry-outcome"), Some("stored=2, duplicate=1, failed=2, not_kept=0"));
    let outcomes = server.outcomes();
    assert_eq!(outcomes["received"], 5);
    let failed = server.api("GET", "/api/projects/1/failed-events", Value::Null).body["failed"].clone();
    let reasons: Vec<_> =
        failed.as_array().expect("failed").iter().map(|event| event["reason"].as_str().expect("a reason")).collect();
    assert!(reasons.contains(&"missing_field") && reasons.contains(&"not_an_object"), "{failed}");
    assert!(failed.to_string().contains("edata"), "{failed}");
}

#[test]
fn a_failed_event_is_tried_again_after_the_rules_changed() {
    let server = Running::start();
    server.api("PATCH", "/api/projects/1", json!({"sunbird_validation": "strict"}));
    let mut no_uri = impression("u1", "p", "home", AT_MS);
    no_uri["edata"].as_object_mut().expect("an object").remove("uri");
    server.sunbird(&[no_uri]);
    assert_eq!(server.outcomes()["failed"], 1);
    let retry = || server.api("POST", "/api/projects/1/failed-events/retry", json!({"all": true})).body;
    assert_eq!(retry()["failed"], 1);
    server.api("PATCH", "/api/projects/1", json!({"sunbird_validation": "lenient"}));
    // It was tried already, so only by its id.
    let id = server.api("GET", "/api/projects/1/failed-events", Value::Null).body["failed"][0]["id"].clone();
    let result = server.api("POST", "/api/projects/1/failed-events/retry", json!({"ids": [id]})).body;
    assert_eq!((&result["tried"], &result["stored"]), (&json!(1), &json!(1)), "{result}");
    assert_eq!(server.total("IMPRESSION", "total"), 1.0);
    assert_eq!(server.outcomes()["stored"], 1);
    let shown = server.api("GET", "/api/projects/1/failed-events", Value::Null).body["failed"][0].clone();
    assert!(shown["retried_at"].is_string(), "{shown}");
}

#[test]
fn the_level_decides_by_event_type_and_nothing_above_it_is_on_disk() {
    let mut server = Running::start();
    server.api("PATCH", "/api/projects/1", json!({"level": "basic"}));
    let mut interact = impression("i1", "p", "home", AT_MS);
    interact["eid"] = json!("INTERACT");
    interact["edata"] = json!({"type": "CLICK", "id": "canary-9f3c-button"});
    let answer = server.sunbird(&[impression("k1", "p", "home", AT_MS), interact.clone()]);
    assert_eq!(answer.header("x-telemetry-outcome"), Some("stored=1, duplicate=0, failed=0, not_kept=1"));
    // A wrong event of a forbidden type leaves no payload either.
    interact["edata"] = json!({"id": {"canary-9f3c-object": 1}});
    interact["mid"] = json!("i2");
    server.sunbird(&[interact]);
    let failed = server.api("GET", "/api/projects/1/failed-events", Value::Null).body;
    assert_eq!(failed["failed"][0]["payload"], Value::Null);
    server.stop();
    let found = std::process::Command::new("grep")
        .args(["-r", "-l", "canary-9f3c"])
        .arg(server.folder.path())
        .output()
        .expect("grep runs");
    assert_eq!(String::from_utf8_lossy(&found.stdout), "", "the canary is on disk");
    server.restart();
    assert_eq!(server.outcomes()["not_kept"], 1);
}

#[test]
fn what_may_never_be_kept_is_not_on_disk() {
    let mut server = Running::start();
    let event = json!({"event": "paid", "distinct_id": "u", "properties": {"password": "canary-77aa", "note": "card 4111 1111 1111 1111 ok"}});
    assert_eq!(server.posthog(&[event]).status, 200);
    let outcomes = server.outcomes();
    assert!(outcomes["removed_fields"].as_array().is_some_and(|list| list.len() == 2), "{outcomes}");
    server.stop();
    for secret in ["canary-77aa", "4111 1111 1111 1111"] {
        let found = std::process::Command::new("grep")
            .args(["-r", "-l", secret])
            .arg(server.folder.path())
            .output()
            .expect("grep runs");
        assert_eq!(String::from_utf8_lossy(&found.stdout), "", "{secret} is on disk");
    }
}

#[test]
fn an_unreadable_batch_is_refused_and_counted() {
    let server = Running::start();
    let answer = server.send("POST", &format!("/v1/telemetry?key={WRITE_KEY}"), &[], b"{\"events\": [");
    assert_eq!((answer.status, answer.body["responseCode"].as_str()), (400, Some("CLIENT_ERROR")));
    let outcomes = server.outcomes();
    assert_eq!(outcomes["reasons"][0]["reason"], "unreadable_batch");
    assert_eq!(server.send("POST", &format!("/v1/telemetry?key={WRITE_KEY}"), &[], b"").status, 200);
}
