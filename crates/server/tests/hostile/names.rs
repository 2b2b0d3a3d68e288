//! Names and values without end: property names, event names, values of a breakdown, one person who does everything.

use crate::load::{AT_MS, Neighbour, cost, resident_mib, sized};
use crate::running::{Running, impression};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn count(server: &Running, question: &Value) -> f64 {
    let answer = server.api("POST", "/api/projects/1/query", question.clone());
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["series"][0]["total"].as_f64().expect("a total")
}

/// Waits until what was sent is in segment files.
fn until_flushed(server: &Running) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while server.send("GET", "/health", &[], b"").body["buffer_rows"].as_u64() > Some(1_000) {
        assert!(Instant::now() < deadline, "the buffer is not written");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn property_names_without_end_stay_within_the_memory_of_the_catalogue() {
    let _turn = crate::load::among_others();
    const PER_EVENT: usize = 500;
    let events = sized(600, 20_000);
    let server = Running::start_with(&[("TELEMETRY_FLUSH_ROWS", "200"), ("TELEMETRY_FLUSH_AGE", "2")]);
    let neighbour = Neighbour::of(&server);
    let what = format!("{} property names", events * PER_EVENT);
    let spent = cost(&server, &what, || {
        for first in (0..events).step_by(10) {
            let batch: Vec<Value> = (first..first + 10)
                .map(|n| {
                    let properties: serde_json::Map<String, Value> =
                        (0..PER_EVENT).map(|key| (format!("name-{n}-{key}"), json!(key))).collect();
                    json!({"event": "wide", "distinct_id": "p", "properties": properties})
                })
                .collect();
            let answer = server.posthog(&batch);
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        until_flushed(&server);
    });
    neighbour.all_stored(&server);
    // What lasts is within the 64 MiB of all statistics. Beside it are the rows that wait for a flush (36 MiB of them are
    // sent in all, 256 MiB is their limit), and one flush or merge: its names a second time, and 42 KiB for each column.
    assert!(spent.extra_mib <= sized(64 + 36 + 150, 64 + 256 + 200), "{spent:?}");
    let catalogue = cost(&server, "its catalogue", || {
        let catalogue = server.api("GET", "/api/projects/1/catalogue", Value::Null).body;
        let listed = catalogue["properties"].as_array().expect("properties").len();
        assert!((1_000..=10_000).contains(&listed), "{listed}");
        assert_eq!((&catalogue["more_properties"], &catalogue["more_events"]), (&json!(true), &Value::Null));
        // What is common stays at the top, whatever the crowd.
        assert!(catalogue["properties"][0]["name"].as_str().is_some_and(|name| !name.starts_with("name-")));
    });
    // The names that are held, and a second time while they are counted and written.
    assert!(catalogue.extra_mib <= 128, "{catalogue:?}");
    // The rest is in the events: nothing is lost, and a question finds it.
    for n in [0, events / 2, events - 1] {
        let filters = json!([{"property": format!("name-{n}-7"), "operator": "exact", "value": "7"}]);
        let question = json!({"kind": "trends", "date_from": "all", "series": [{"event": "wide", "math": "total", "filters": filters}]});
        assert_eq!(count(&server, &question), 1.0, "event {n}");
    }
    assert_eq!(server.total("wide", "total"), events as f64);
    server.outcomes();
    eprintln!("resident afterwards: {} MiB", resident_mib(&server));
}

#[test]
fn event_names_without_end_are_all_counted_and_the_most_frequent_are_listed() {
    let _turn = crate::load::among_others();
    let names = sized(6_000, 200_000);
    let server = Running::start_with(&[("TELEMETRY_FLUSH_ROWS", "3000"), ("TELEMETRY_FLUSH_AGE", "2")]);
    let spent = cost(&server, &format!("{names} event names"), || {
        for first in (0..names).step_by(1_000) {
            let batch: Vec<Value> = (first..first + 1_000)
                .flat_map(|n| {
                    [
                        json!({"event": format!("name {n}"), "distinct_id": "p"}),
                        json!({"event": "usual", "distinct_id": "p"}),
                    ]
                })
                .collect();
            assert_eq!(server.posthog(&batch).status, 200);
        }
        until_flushed(&server);
    });
    assert!(spent.extra_mib <= sized(96, 300), "{spent:?}");
    let catalogue = server.api("GET", "/api/projects/1/catalogue", Value::Null).body;
    assert_eq!(catalogue["events"].as_array().map(Vec::len), Some(2_000));
    assert_eq!((&catalogue["more_events"], &catalogue["events"][0]["name"]), (&json!(true), &json!("usual")));
    assert_eq!(server.total("usual", "total"), names as f64);
    for n in [0, names / 2, names - 1] {
        assert_eq!(server.total(&format!("name {n}"), "total"), 1.0, "name {n}");
    }
    // Names are never labels of a metric.
    let metrics = server.send("GET", "/metrics", &[], b"").body;
    assert!(!metrics.as_str().expect("text").contains("name 1"));
}

#[test]
fn a_breakdown_by_uuid_shows_the_first_and_the_rest_together_or_says_why_not() {
    let _turn = crate::load::among_others();
    let values = sized(60_000, 1_000_000);
    let server = Running::start_with(&[("TELEMETRY_FLUSH_ROWS", "50000"), ("TELEMETRY_FLUSH_AGE", "3600")]);
    for first in (0..values).step_by(5_000) {
        let batch: Vec<Value> = (first..first + 5_000)
            .map(|n| {
                let uuid = format!("0190a0a0-0000-7000-8000-{n:012x}");
                json!({"event": "paid", "distinct_id": format!("p{}", n % 100), "properties": {"request": uuid}})
            })
            .chain([json!({"event": "paid", "distinct_id": "p", "properties": {"request": "twice"}})])
            .collect();
        assert_eq!(server.posthog(&batch).status, 200);
    }
    let neighbour = Neighbour::of(&server);
    let question = json!({"kind": "trends", "date_from": "all", "series": [{"event": "paid", "math": "total"}],
        "breakdown": {"property": "request"}});
    let spent = cost(&server, &format!("a breakdown by {values} uuids"), || {
        let answer = server.api("POST", "/api/projects/1/query", question.clone());
        match answer.status {
            200 => {
                let series = answer.body["series"].as_array().expect("series");
                assert_eq!(series.len(), 26, "25 values and the rest: {:?}", series.len());
                let sum: f64 = series.iter().map(|line| line["total"].as_f64().expect("a total")).sum();
                assert_eq!(sum, (values + values / 5_000) as f64);
                assert_eq!(series[0]["total"].as_f64(), Some((values / 5_000) as f64));
            }
            status => {
                assert!(status < 500, "{status}: {}", answer.body);
                assert!(answer.body["error"]["message"].as_str().is_some_and(|text| text.contains("breakdown values")));
            }
        }
    });
    // The limit of one question, and the decoded columns that stay for the next one.
    assert!(spent.extra_mib <= 128 + 128 + 64, "{spent:?}");
    neighbour.all_stored(&server);
}

#[test]
fn a_question_that_needs_too_much_memory_says_so() {
    let _turn = crate::load::among_others();
    let server = Running::start_with(&[("TELEMETRY_QUERY_MEMORY_BYTES", "1000000")]);
    for first in (0..20_000).step_by(5_000) {
        let batch: Vec<Value> = (first..first + 5_000)
            .map(|n| json!({"event": "paid", "distinct_id": "p", "properties": {"request": format!("uuid-{n:032}")}}))
            .collect();
        assert_eq!(server.posthog(&batch).status, 200);
    }
    let question = json!({"kind": "trends", "date_from": "all", "series": [{"event": "paid", "math": "total"}],
        "breakdown": {"property": "request"}});
    let answer = server.api("POST", "/api/projects/1/query", question);
    assert!((400..500).contains(&answer.status), "{} {}", answer.status, answer.body);
    assert!(answer.body["error"]["message"].as_str().is_some_and(|text| text.contains("breakdown values")));
    assert_eq!(server.total("paid", "total"), 20_000.0);
}

#[test]
fn one_person_with_half_of_the_traffic_holds_nobody_up() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let alone = Neighbour::of(&server);
    std::thread::sleep(Duration::from_secs(1));
    let before = alone.all_stored(&server);
    let batches = sized(40, 1_000);
    let neighbour = Neighbour::of(&server);
    for batch in 0..batches {
        let events: Vec<Value> = (0..200)
            .map(|n| {
                let actor = if n % 2 == 0 { "everything".to_owned() } else { format!("p{batch}-{n}") };
                impression(&format!("h{batch}-{n}"), &actor, "hot", AT_MS + n * 1_000)
            })
            .collect();
        assert_eq!(server.sunbird(&events).status, 200);
    }
    let during = neighbour.all_stored(&server);
    eprintln!("99 of 100 batches of a neighbour: {before:?} alone, {during:?} beside a hot person");
    assert!(during <= before * 5 + Duration::from_millis(250), "{before:?} alone, {during:?} beside a hot person");
    let filters = json!([{"property": "distinct_id", "operator": "exact", "value": "everything"}]);
    let question = json!({"kind": "trends", "date_from": "all", "series": [{"event": "IMPRESSION", "math": "total", "filters": filters}]});
    assert_eq!(count(&server, &question), (batches * 100) as f64);
    server.outcomes();
}
