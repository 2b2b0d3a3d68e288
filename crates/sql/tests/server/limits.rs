//! What one query may use up, seen from outside.

use crate::running::{Running, TOKEN, events, until};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Runs for minutes unless stopped, in little memory.
const LONG: &str =
    "SELECT count(*) FROM events a, events b, events c, events d WHERE a.amount + b.amount < c.amount * d.amount";

/// Highest resident memory of a process so far; bytes.
fn peak(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib << 10)
}

/// Asks in the background, without reading the answer.
fn ask(server: &Running, sql: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).expect("connected");
    let body = json!({ "sql": sql }).to_string();
    let head = format!(
        "POST /api/projects/1/sql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).expect("sent");
    stream
}

#[test]
fn a_query_that_wants_more_than_512_mib_ends_and_never_has_them() {
    let server = Running::start();
    server.posthog(&events(500));
    let queries = [
        // Counted by the pool: sorting, grouping, joining.
        "SELECT a.uuid || b.uuid || c.uuid AS x FROM events a, events b, events c ORDER BY x LIMIT 1000000 OFFSET 100000000",
        "SELECT a.uuid || b.uuid || c.uuid AS x, count(*) FROM events a, events b, events c GROUP BY 1 HAVING count(*) > 1",
        // Counted by nobody but the system: single values.
        "SELECT length(repeat('x', 700000000))",
        "SELECT array_length(range(0, 200000000))",
        "SELECT string_agg(repeat(a.uuid, 100), '') FROM events a, events b",
    ];
    // A single value that is refused at once may be over between two looks; the ones that work for a while may not.
    let mut seen = 0;
    for sql in queries {
        let mut stream = ask(&server, sql);
        stream.set_read_timeout(Some(Duration::from_millis(5))).expect("a timeout");
        let mut highest = 0;
        let mut answer = Vec::new();
        let mut piece = [0; 4096];
        let started = Instant::now();
        while !String::from_utf8_lossy(&answer).contains("}}") {
            assert!(started.elapsed() < Duration::from_secs(150), "no answer: {sql}");
            highest = server.children().into_iter().filter_map(peak).max().unwrap_or(0).max(highest);
            if let Ok(bytes) = stream.read(&mut piece) {
                answer.extend_from_slice(&piece[..bytes]);
            }
        }
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("sql_out_of_memory"), "{sql}: {answer}");
        seen += usize::from(highest > 0);
        println!("{} MiB at most: {sql}", highest >> 20);
        assert!(highest < 512 << 20, "{} MiB: {sql}", highest >> 20);
    }
    assert!(seen >= 2, "the processes were not seen");
    assert_eq!(server.rows("SELECT count(*) FROM events"), json!([[500]]));
}

#[test]
fn a_query_ends_with_its_time() {
    let server = Running::start_with(&[("TELEMETRY_SQL_TIMEOUT", "3")]);
    server.posthog(&events(500));
    let started = Instant::now();
    let answer = server.sql(LONG);
    assert_eq!((answer.status, answer.code().as_str()), (422, "sql_too_slow"), "{}", answer.text);
    assert!(started.elapsed() < Duration::from_secs(6), "{:?}", started.elapsed());
    until("it is gone", || server.children().is_empty() && server.folders() == 0);
}

#[test]
fn a_query_ends_when_its_asker_goes_away() {
    let server = Running::start();
    server.posthog(&events(500));
    let stream = ask(&server, LONG);
    until("it runs", || !server.children().is_empty());
    let started = Instant::now();
    drop(stream);
    until("it is gone", || server.children().is_empty() && server.folders() == 0);
    println!("gone after {:?}", started.elapsed());
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
}

#[test]
fn queries_beyond_the_places_are_told_to_come_back() {
    let server = Running::start_with(&[("TELEMETRY_SQL_AT_ONCE", "1")]);
    server.posthog(&events(500));
    let first = ask(&server, LONG);
    until("it runs", || !server.children().is_empty());
    let second = server.sql("SELECT 1");
    assert_eq!((second.status, second.code().as_str()), (429, "sql_busy"), "{}", second.text);
    assert_eq!(second.header("retry-after"), "5");
    // Other questions do not wait for it.
    let question = json!({"kind": "trends", "series": [{}], "date_from": "all"});
    assert_eq!(server.api("POST", "/api/projects/1/query", &question).status, 200);
    drop(first);
    until("it is gone", || server.children().is_empty());
    assert_eq!(server.rows("SELECT 1"), json!([[1]]));
}

#[test]
fn a_server_that_ends_takes_its_queries_along() {
    let mut server = Running::start();
    server.posthog(&events(500));
    let _stream = ask(&server, LONG);
    until("it runs", || !server.children().is_empty());
    let pid = server.children()[0];
    assert!(server.stop() < Duration::from_secs(6));
    until("it is gone", || !std::path::Path::new(&format!("/proc/{pid}")).exists());
    assert_eq!(server.folders(), 0);
}

#[test]
fn a_killed_server_leaves_no_query_behind() {
    let mut server = Running::start();
    server.posthog(&events(500));
    let _stream = ask(&server, LONG);
    until("it runs", || !server.children().is_empty());
    let pid = server.children()[0];
    server.kill();
    until("it is gone", || {
        std::fs::read_to_string(format!("/proc/{pid}/status")).map_or(true, |status| status.contains("State:\tZ"))
    });
    server.start_again();
    assert_eq!(server.folders(), 0, "what a crash leaves is swept");
}

#[test]
fn the_process_has_nothing_of_the_server() {
    let server = Running::start();
    server.posthog(&events(500));
    let _stream = ask(&server, LONG);
    until("it runs", || !server.children().is_empty());
    let pid = server.children()[0];
    let environment = std::fs::read(format!("/proc/{pid}/environ")).expect("readable");
    assert_eq!(environment, b"", "{}", String::from_utf8_lossy(&environment));
    until("its limits are set", || {
        let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap_or_default();
        let limit = |name: &str| limits.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
        let first = |name: &str| limit(name).split_whitespace().next().unwrap_or_default().to_owned();
        first("Max file size") == "0"
            && first("Max core file size") == "0"
            && first("Max open files") == "64"
            && first("Max data size") == (400 << 20).to_string()
    });
    let data = server.folder.path().to_str().expect("UTF-8");
    for entry in std::fs::read_dir(format!("/proc/{pid}/fd")).expect("readable") {
        // One may be closed between the listing and the look.
        let path = entry.expect("an entry").path();
        let Ok(target) = std::fs::read_link(&path) else { continue };
        // What whoever started this test left open passes through the server too, and is not the server's.
        let ours = std::path::Path::new("/proc/self/fd").join(path.file_name().expect("a number"));
        if std::fs::read_link(ours).is_ok_and(|ours| ours == target) {
            continue;
        }
        let target = target.to_string_lossy().into_owned();
        let allowed = ["pipe:", "anon_inode:"].iter().any(|kind| target.starts_with(kind))
            || (target.starts_with(data) && target.contains(".parquet"));
        assert!(allowed, "{target}");
    }
}
