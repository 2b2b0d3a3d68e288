//! Bodies that are too large, too deep or too wide.

use crate::load::{AT_MS, Neighbour, connect, cost, metric, sized, statuses};
use crate::running::{Running, WRITE_KEY, impression};
use serde_json::json;
use std::io::{Read, Write};

const HUNDRED_MB: usize = 100_000_000;

/// Sends 100 MB, declared or in chunks, for as long as the server takes them; the statuses it answered.
fn send_100_mb(server: &Running, path: &str, declared: bool) -> Vec<u16> {
    let mut stream = connect(server);
    let length = if declared { format!("Content-Length: {HUNDRED_MB}") } else { "Transfer-Encoding: chunked".into() };
    let head = format!("POST {path} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n{length}\r\n\r\n");
    let piece = vec![b' '; 100_000];
    let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), &piece, b"\r\n"].concat();
    let mut sent = stream.write_all(head.as_bytes());
    for _ in 0..HUNDRED_MB / piece.len() {
        sent = sent.and_then(|()| stream.write_all(if declared { &piece } else { &chunk }));
    }
    // Past its patience the server closes; the answer was written before that.
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard);
    statuses(&String::from_utf8_lossy(&heard))
}

#[test]
fn a_hundred_mb_declared_or_in_chunks_is_413_in_bounded_memory() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let sunbird = format!("/v1/telemetry?key={WRITE_KEY}");
    let neighbour = Neighbour::of(&server);
    let senders = sized(8, 100);
    for declared in [true, false] {
        // In chunks, each may hold 20 MiB until the count meets the limit, for a moment twice in part, while it grows; all
        // together stay within their own.
        let limit = if declared { 25 } else { (40 * senders).min(256 + 64) };
        let what = format!("{senders} times 100 MB, {}", if declared { "declared" } else { "in chunks" });
        let cost = cost(&server, &what, || {
            std::thread::scope(|scope| {
                for n in 0..senders {
                    let path = if n % 2 == 0 { &sunbird } else { "/batch/" };
                    let server = &server;
                    scope.spawn(move || {
                        let answers = send_100_mb(server, path, declared);
                        // Busy, when all memory for bodies is in use by the others.
                        assert!(answers.iter().all(|status| matches!(status, 413 | 503)), "{answers:?}");
                    });
                }
            });
        });
        assert!(cost.extra_mib <= limit, "{cost:?}");
    }
    neighbour.all_stored(&server);
    assert_eq!(metric(&server, "telemetry_bodies_refused_total"), 2.0 * senders as f64);
    assert_eq!(server.outcomes()["failed"], 0);
}

#[test]
fn a_million_brackets_of_each_kind_are_refused_quickly() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let sunbird = format!("/v1/telemetry?key={WRITE_KEY}");
    let neighbour = Neighbour::of(&server);
    let million = 1_000_000;
    let shapes: Vec<(&str, String)> = vec![
        ("arrays", "[".repeat(million)),
        ("objects", "{\"a\":".repeat(million)),
        ("both", "[{\"a\":".repeat(million / 2)),
        ("closed arrays", format!("{}{}", "[".repeat(million), "]".repeat(million))),
        ("in an event", format!("{{\"events\":[{}]}}", "{\"eid\":[".repeat(million / 2))),
        ("side by side", format!("[{}0]", "[],".repeat(million + 1))),
        ("closing only", "]".repeat(million)),
        ("quoted", format!("\"{}", "\\\"[".repeat(million / 2))),
    ];
    for (what, body) in &shapes {
        for path in [sunbird.as_str(), "/e/", "/flags/"] {
            let cost = cost(&server, what, || {
                let answer = server.send("POST", path, &[("content-type", "application/json")], body.as_bytes());
                assert!(matches!(answer.status, 400 | 401 | 413), "{what} at {path}: {}", answer.status);
            });
            assert!(cost.extra_mib <= 25, "{what} at {path}: {cost:?}");
            assert!(cost.cpu_ms <= if cfg!(debug_assertions) { 500 } else { 50 }, "{what} at {path}: {cost:?}");
        }
    }
    // The API reads JSON too, with a parser that is told where to stop.
    for (_, body) in &shapes {
        let headers = [("authorization", format!("Bearer {}", crate::running::TOKEN))];
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let status =
            server.send("POST", "/api/projects/1/query", &headers, &body.as_bytes()[..body.len().min(900_000)]).status;
        assert_eq!(status, 400);
    }
    neighbour.all_stored(&server);
}

#[test]
fn ten_thousand_properties_are_one_event_with_an_overflow() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let mut wide = impression("wide", "p", "home", AT_MS);
    for number in 0..10_000 {
        wide["edata"][format!("key{number:05}")] = json!(number);
    }
    let mut long = impression("long", "p", "home", AT_MS);
    long["edata"]["k".repeat(100_000)] = json!("kept");
    let cost = cost(&server, "10 000 properties", || {
        let answer = server.sunbird(&[impression("mate", "p", "home", AT_MS), wide, long]);
        assert_eq!(answer.header("x-telemetry-outcome"), Some("stored=3, duplicate=0, failed=0, not_kept=0"));
    });
    // 31 to 35 here, some of it code that runs for the first time.
    assert!(cost.extra_mib <= 64, "{cost:?}");
    let question = json!({"kind": "events", "date_from": "all"});
    let rows = server.api("POST", "/api/projects/1/query", question).body["events"].clone();
    let of = |uuid_of: &str| {
        let rows = rows.as_array().expect("events");
        let has = |row: &&serde_json::Value| row["properties"].to_string().contains(uuid_of);
        rows.iter().find(has).expect("the event")["properties"].clone()
    };
    let wide = of("key00000");
    // The limit, and two that we add: what did not fit, and that the schema knows none of these members.
    assert_eq!(wide.as_object().map(serde_json::Map::len), Some(1_000 + 2));
    assert_eq!(wide["_repairs"], json!(["extra-member"]));
    let overflow = wide["_overflow"].as_object().expect("the rest");
    // Nothing is lost: each key is in its place or in the rest.
    let keys = (0..10_000).map(|number| format!("edata.key{number:05}"));
    assert!(keys.into_iter().all(|key| wide.get(&key).or_else(|| overflow.get(&key)).is_some()));
    assert!(of("kkkk")["_overflow"].to_string().contains("kept"));
}
