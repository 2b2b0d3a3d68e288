//! Killed at any moment, sent again and again: exact counts afterwards.

use crate::running::{Running, impression};
use serde_json::{Value, json};
use std::time::Duration;

const AT_MS: i64 = 1_767_592_800_000;

#[test]
fn every_batch_sent_three_times_with_kills_between_counts_once() {
    let mut server = Running::start();
    let batches: Vec<Vec<Value>> = (0..30)
        .map(|batch| {
            let mut events: Vec<Value> = (0..10)
                .map(|n| {
                    impression(&format!("b{batch}-{n}"), &format!("p{}", n % 7), "home", AT_MS + batch * 3_600_000)
                })
                .collect();
            events.insert(5, json!({"eid": "IMPRESSION"}));
            events
        })
        .collect();
    for (round, kill_after) in [7, 19, 29].into_iter().enumerate() {
        for (index, batch) in batches.iter().enumerate() {
            assert_eq!(server.sunbird(batch).status, 200);
            if index == kill_after {
                server.kill_and_restart();
            }
        }
        assert_eq!(server.total("IMPRESSION", "total"), 300.0, "after round {round}");
    }
    assert_eq!(server.total("IMPRESSION", "dau"), 7.0);
    let outcomes = server.outcomes();
    let count = |name: &str| outcomes[name].as_u64();
    assert_eq!(
        (count("received"), count("stored"), count("duplicate"), count("failed")),
        (Some(990), Some(300), Some(600), Some(90))
    );
    server.stop();
    server.restart();
    assert_eq!(server.total("IMPRESSION", "total"), 300.0);
    assert_eq!(server.outcomes()["received"], 990);
}

#[test]
fn a_stop_under_load_answers_what_is_in_flight() {
    let mut server = Running::start();
    let url = server.url.clone();
    let sender = std::thread::spawn(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut accepted = 0_u32;
        for n in 0_u32.. {
            let body = json!({"events": [impression(&format!("load{n}"), "p", "home", AT_MS)]}).to_string();
            let path = format!("{url}/v1/telemetry?key={}", crate::running::WRITE_KEY);
            match agent.post(path).send(body.as_bytes()) {
                Ok(response) if response.status() == 200 => accepted += 1,
                // Refused politely, or not connected any more: both leave the event with the sender.
                Ok(_) | Err(_) => break,
            }
        }
        accepted
    });
    std::thread::sleep(Duration::from_millis(300));
    assert!(server.stop() < Duration::from_secs(10));
    let accepted = sender.join().expect("the sender ends");
    server.restart();
    let stored = server.total("IMPRESSION", "total") as u32;
    // One more may be stored than was answered: its answer was on the way when the connection closed.
    assert!(stored >= accepted && stored <= accepted + 1, "{stored} stored, {accepted} acknowledged");
    assert!(accepted > 0);
}
