//! HTTP that is wrong on purpose: refused or closed, never a second request that somebody did not mean.

use crate::load::{AT_MS, connect, cost, exchange, metric, statuses};
use crate::running::{Running, WRITE_KEY, impression};
use serde_json::json;
use std::io::Write;

/// A request that stores an event, to be hidden inside another one.
fn hidden(mid: &str) -> String {
    let body = json!({"events": [impression(mid, "smuggler", "smuggled", AT_MS)]}).to_string();
    format!("POST /v1/telemetry?key={WRITE_KEY} HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// The server stores a plain request on a fresh connection: what came before has left nothing behind.
fn check_fresh(server: &Running, n: usize) {
    let answer = server.sunbird(&[impression(&format!("fresh-{n}"), "p", "fresh", AT_MS)]);
    assert_eq!(answer.header("x-telemetry-outcome"), Some("stored=1, duplicate=0, failed=0, not_kept=0"));
}

#[test]
fn what_two_servers_could_read_in_two_ways_is_never_two_requests() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let post = "POST /v1/telemetry HTTP/1.1\r\nHost: h\r\n";
    let inner = hidden("inner");
    let len = inner.len();
    // The hidden request is where one of two readings would see a second request.
    let cases: Vec<(&str, String)> = vec![
        (
            "CL then TE",
            format!("{post}Content-Length: {}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}", len + 5),
        ),
        ("TE then CL", format!("{post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{inner}")),
        ("two CL, long first", format!("{post}Content-Length: {len}\r\nContent-Length: 0\r\n\r\n{inner}")),
        ("two CL, short first", format!("{post}Content-Length: 0\r\nContent-Length: {len}\r\n\r\n{inner}")),
        ("CL list", format!("{post}Content-Length: 0, {len}\r\n\r\n{inner}")),
        ("CL with sign", format!("{post}Content-Length: +0\r\n\r\n{inner}")),
        ("CL negative", format!("{post}Content-Length: -1\r\n\r\n{inner}")),
        ("CL hexadecimal", format!("{post}Content-Length: 0x0\r\n\r\n{inner}")),
        ("CL with space inside", format!("{post}Content-Length: 0 0\r\n\r\n{inner}")),
        ("CL beyond 64 bits", format!("{post}Content-Length: 18446744073709551616\r\n\r\n{inner}")),
        ("CL empty", format!("{post}Content-Length: \r\n\r\n{inner}")),
        ("space before the colon", format!("{post}Content-Length : 0\r\nX: y\r\n\r\n{inner}")),
        ("TE not chunked", format!("{post}Transfer-Encoding: identity\r\n\r\n{inner}")),
        ("TE chunked not last", format!("{post}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n{inner}")),
        ("TE misspelt", format!("{post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{inner}")),
        ("TE with a vertical tab", format!("{post}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n{inner}")),
        (
            "TE of HTTP/1.0",
            format!("POST /v1/telemetry HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}"),
        ),
        ("folded header", format!("{post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n{inner}")),
        ("folded CL", format!("{post}Content-Length:\r\n 0\r\n\r\n{inner}")),
        ("chunk size signed", format!("{post}Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n{inner}")),
        ("chunk size with 0x", format!("{post}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n{inner}")),
        ("chunk size negative", format!("{post}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n{inner}")),
        ("chunk size beyond 64 bits", format!("{post}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{inner}")),
        ("chunk size empty", format!("{post}Transfer-Encoding: chunked\r\n\r\n\r\n{inner}")),
        ("chunk without its line end", format!("{post}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n{inner}")),
        ("chunk ended by a bare LF", format!("{post}Transfer-Encoding: chunked\r\n\r\n1\na\n0\n\n{inner}")),
        ("null byte in a header", format!("{post}X: a\0b\r\nContent-Length: 0\r\n\r\n{inner}")),
        ("null byte in a name", format!("{post}X\0Y: a\r\nContent-Length: 0\r\n\r\n{inner}")),
        (
            "null byte in the path",
            format!("POST /v1/tele\0metry HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n{inner}"),
        ),
        ("CR in a header", format!("{post}X: a\rContent-Length: 0\r\n\r\n{inner}")),
        ("no method", format!(" /v1/telemetry HTTP/1.1\r\nHost: h\r\n\r\n{inner}")),
        ("no colon", format!("{post}Content-Length 0\r\n\r\n{inner}")),
        ("HTTP/0.9", format!("GET /v1/telemetry\r\n\r\n{inner}")),
        ("HTTP/2 by version", format!("POST /v1/telemetry HTTP/2.0\r\nContent-Length: 0\r\n\r\n{inner}")),
        ("HTTP/1.9", format!("POST /v1/telemetry HTTP/1.9\r\nHost: h\r\nContent-Length: 0\r\n\r\n{inner}")),
        ("HTTP/2 preface", format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0{inner}")),
        ("TLS hello", format!("\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03{inner}")),
        ("CONNECT", format!("CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n{inner}")),
    ];
    for (n, (what, bytes)) in cases.iter().enumerate() {
        let (heard, closed) = exchange(&server, bytes.as_bytes());
        let answers = statuses(&heard);
        assert!(closed, "{what}: the connection stays open after {heard}");
        assert!(answers.len() <= 1, "{what}: {answers:?}");
        // Two readings that both end before the hidden request (a body of nothing) may be answered as that.
        let is_empty_batch = matches!(*what, "CL then TE" | "TE then CL");
        let right = |status: &u16| (400..=431).contains(status) || *status == 505 || (is_empty_batch && *status < 300);
        assert!(answers.iter().all(right), "{what}: {heard}");
        check_fresh(&server, n);
    }
    assert_eq!(server.total("IMPRESSION", "total"), cases.len() as f64, "a hidden request was carried out");
    assert_eq!(server.outcomes()["received"], cases.len());
    assert_eq!(metric(&server, "telemetry_panics_total"), 0.0);
}

#[test]
fn heads_that_are_too_large_are_refused_in_little_memory() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let many = "X-Many: 1\r\n".repeat(10_000);
    let names: String = (0..10_000).map(|n| format!("X-{n}: 1\r\n")).collect();
    let cases = [
        ("a header of 1 MB", format!("GET /health HTTP/1.1\r\nHost: h\r\nX: {}\r\n\r\n", "x".repeat(1 << 20))),
        ("a name of 1 MB", format!("GET /health HTTP/1.1\r\nHost: h\r\n{}: x\r\n\r\n", "x".repeat(1 << 20))),
        ("10 000 equal headers", format!("GET /health HTTP/1.1\r\nHost: h\r\n{many}\r\n")),
        ("10 000 headers", format!("GET /health HTTP/1.1\r\nHost: h\r\n{names}\r\n")),
        ("a path of 1 MB", format!("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", "x".repeat(1 << 20))),
        ("a method of 1 MB", format!("{} / HTTP/1.1\r\nHost: h\r\n\r\n", "X".repeat(1 << 20))),
        (
            "trailers of 1 MB",
            format!(
                "POST /e/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: {}\r\n\r\n",
                "x".repeat(1 << 20)
            ),
        ),
        (
            "a chunk extension of 1 MB",
            format!(
                "POST /e/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;{}\r\nx\r\n0\r\n\r\n",
                "x".repeat(1 << 20)
            ),
        ),
    ];
    for (n, (what, bytes)) in cases.iter().enumerate() {
        let spent = cost(&server, what, || {
            let (heard, closed) = exchange(&server, bytes.as_bytes());
            assert!(closed, "{what}: the connection stays open after {heard}");
            assert!(statuses(&heard).iter().all(|status| (400..=431).contains(status)), "{what}: {heard}");
        });
        assert!(spent.extra_mib <= 4, "{what}: {spent:?}");
        check_fresh(&server, n);
    }
}

#[test]
fn requests_behind_each_other_are_answered_in_order() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let pipeline: String = (0..50).map(|n| hidden(&format!("pipe-{n}"))).collect();
    let last = "GET /nowhere HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    let (heard, closed) = exchange(&server, format!("{pipeline}{last}").as_bytes());
    assert!(closed);
    assert_eq!(statuses(&heard)[..50], [200; 50]);
    assert_eq!(server.total("IMPRESSION", "total"), 50.0);
    // Without waiting for an answer, and gone.
    for n in 0..20 {
        connect(&server).write_all(&hidden(&format!("gone-{n}")).as_bytes()[..100]).expect("sent");
    }
    check_fresh(&server, 0);
    assert_eq!(server.total("IMPRESSION", "total"), 51.0);
}

#[test]
fn absolute_and_other_forms_of_the_target_lead_nowhere_else() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let at = |target: &str| {
        let bytes = format!("GET {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        statuses(&exchange(&server, bytes.as_bytes()).0)
    };
    // The form of proxies is read as its path: the host in it chooses nothing, and nothing is fetched.
    assert_eq!(at("http://169.254.169.254/api/projects"), [401]);
    assert_eq!(at("http://h/health"), [200]);
    for target in ["*", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//h/api/projects", "/api/../api/projects"] {
        let answers = at(target);
        assert!(answers.iter().all(|status| matches!(status, 200 | 400..=405)), "{target}: {answers:?}");
        let (heard, _) =
            exchange(&server, format!("GET {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").as_bytes());
        assert!(!heard.contains("root:"), "{target}");
    }
}
