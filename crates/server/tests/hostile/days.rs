//! Events of many days at once, and of days that no clock can mean.

use crate::load::{AT_MS, Neighbour, cost, files, metric, sized};
use crate::running::{Running, impression};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const DAY_MS: i64 = 86_400_000;

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(if cfg!(debug_assertions) { 240 } else { 120 });
    while !holds() {
        assert!(Instant::now() < deadline, "{what}: not in time");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_event_a_day_for_years_is_stored_without_a_storm_of_files() {
    let _turn = crate::load::among_others();
    let days = sized(1_000, 9_800);
    let rows = days.to_string();
    let server = Running::start_with(&[("TELEMETRY_FLUSH_ROWS", &rows), ("TELEMETRY_FLUSH_AGE", "3600")]);
    let neighbour = Neighbour::of(&server);
    let files_before = files(server.pid());
    let cost = cost(&server, &format!("{days} events on {days} days"), || {
        for first in (0..days).step_by(1_000) {
            let batch: Vec<Value> = (first..days.min(first + 1_000))
                .map(|day| impression(&format!("day{day}"), "p", "years", AT_MS - day as i64 * DAY_MS))
                .collect();
            let answer = server.sunbird(&batch);
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        // Files of the disk are opened to be read, and closed again: there are never many at once.
        until("the buffer is in files", || {
            assert!(files(server.pid()) < files_before + 64);
            server.send("GET", "/health", &[], b"").body["segment_files"]
                .as_u64()
                .is_some_and(|files| files as usize >= days)
        });
    });
    assert!(cost.extra_mib <= sized(96, 160), "{cost:?}");
    neighbour.all_stored(&server);
    let question = json!({"kind": "trends", "date_from": "all", "interval": "month", "series": [{"event": "IMPRESSION", "math": "total",
        "filters": [{"property": "edata.pageid", "operator": "exact", "value": "years"}]}]});
    let answer = server.api("POST", "/api/projects/1/query", question);
    assert_eq!(answer.body["series"][0]["total"].as_f64(), Some(days as f64), "{}", answer.body);
}

#[test]
fn a_clock_that_cannot_be_right_is_ours_and_the_event_says_so() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let now_ms =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_millis() as i64;
    let times = [
        0,
        1,
        -1,
        86_400_000,
        253_402_300_799_000,
        -62_167_219_200_000,
        now_ms + 25 * 3_600_000,
        now_ms + 4_000 * DAY_MS,
    ];
    let events: Vec<Value> =
        times.iter().enumerate().map(|(n, ets)| impression(&format!("t{n}"), "p", "home", *ets)).collect();
    assert_eq!(
        server.sunbird(&events).header("x-telemetry-outcome"),
        Some("stored=8, duplicate=0, failed=0, not_kept=0")
    );
    // Sent again, the time is another and the event the same.
    assert_eq!(
        server.sunbird(&events).header("x-telemetry-outcome"),
        Some("stored=0, duplicate=8, failed=0, not_kept=0")
    );
    let posthog = json!({"event": "opened", "distinct_id": "p", "timestamp": "1969-07-20T20:17:00Z"});
    assert_eq!(server.posthog(&[posthog]).status, 200);
    let question = json!({"kind": "events", "date_from": "-1d", "limit": 100});
    let rows = server.api("POST", "/api/projects/1/query", question).body["events"].clone();
    let rows = rows.as_array().expect("events");
    assert_eq!(rows.len(), times.len() + 1, "all of them happened now");
    assert!(rows.iter().all(|row| row["properties"]["_event_at_as_sent"].is_string()), "{rows:?}");
    assert!(rows.iter().any(|row| row["properties"]["_event_at_as_sent"] == "1969-07-20T20:17:00Z"));
    assert!(metric(&server, "telemetry_event_times_corrected_total") >= 9.0);
}
