//! Keys that nobody gave out, or that were taken back.

use crate::load::{AT_MS, cost, metric};
use crate::running::{Running, WRITE_KEY, impression};
use serde_json::{Value, json};

fn posthog_body(key: &str) -> Vec<u8> {
    json!({"api_key": key, "event": "opened", "distinct_id": "p"}).to_string().into_bytes()
}

#[test]
fn unknown_blank_foreign_and_revoked_keys_are_401_and_cheap() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let made = server.api("POST", "/api/projects/1/keys", json!({"name": "lost phone", "kind": "write"}));
    assert_eq!(made.status, 201, "{}", made.body);
    let revoked = made.body["key"].as_str().expect("a write key").to_owned();
    assert_eq!(server.send("POST", "/e/", &[], &posthog_body(&revoked)).status, 200);
    let listed = server.api("GET", "/api/projects/1/keys", Value::Null).body;
    let listed = listed["keys"].as_array().expect("keys").clone();
    let id = listed.iter().find(|key| key["name"] == "lost phone").expect("the key")["id"].clone();
    assert_eq!(server.api("DELETE", &format!("/api/projects/1/keys/{id}"), Value::Null).status, 204);
    let stored_before = server.outcomes()["received"].clone();

    let keys = ["tmw_nobody_has_this_key", "", " ", "undefined", "null", "phc_of_another_server", &revoked, "a\u{0}b"];
    let event = json!({"events": [impression("k1", "p", "home", AT_MS)]}).to_string();
    for key in keys {
        let encoded: String = key.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let answer = server.send("POST", &format!("/v1/telemetry?key={encoded}"), &[], event.as_bytes());
        assert_eq!((answer.status, answer.body["params"]["err"].as_str()), (401, Some("UNKNOWN_KEY")), "{key:?}");
        let answer = server.send("POST", "/e/", &[], &posthog_body(key));
        assert_eq!((answer.status, answer.body["type"].as_str()), (401, Some("authentication_error")), "{key:?}");
        assert_eq!(server.send("GET", &format!("/api/surveys/?token={encoded}"), &[], b"").status, 401, "{key:?}");
    }
    let unknown = metric(&server, "telemetry_unknown_key_total");
    assert!(unknown >= keys.len() as f64, "{unknown}");

    // The keys are all in memory: an unknown one costs a look there, nothing is asked of a disk.
    let requests = 1_000;
    let spent = cost(&server, "1 000 unknown keys", || {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        for n in 0..requests {
            let body = posthog_body(&format!("tmw_guess_{n}"));
            assert_eq!(agent.post(format!("{}/e/", server.url)).send(&body[..]).expect("an answer").status(), 401);
        }
    });
    assert!(spent.cpu_ms <= requests * if cfg!(debug_assertions) { 5 } else { 1 }, "{spent:?}");
    assert!(spent.extra_mib <= 8, "{spent:?}");
    assert_eq!(server.outcomes()["received"], stored_before);
    assert_eq!(server.send("POST", "/e/", &[], &posthog_body(WRITE_KEY)).status, 200);
}
