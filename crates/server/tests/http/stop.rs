//! A graceful stop under load: whatever was taken is answered, and what was answered is stored.

use crate::running::{Running, WRITE_KEY, impression};
use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const AT_MS: i64 = 1_767_592_800_000;
const CLIENTS: usize = 50;

/// What one client saw.
#[derive(Default)]
struct Seen {
    acknowledged: u32,
    refused: u32,
    /// Connections that were reset before any byte of an answer, on their first request: never accepted.
    never_accepted: u32,
}

/// Posts one event after the other until it cannot connect any more. Panics when a request ends without an answer
/// that the server had taken.
fn client(number: usize, address: SocketAddr) -> Seen {
    let mut seen = Seen::default();
    let mut events = 0;
    loop {
        let mut stream = match TcpStream::connect(address) {
            Ok(stream) => stream,
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset) => {
                return seen;
            }
            Err(error) => panic!("{error}"),
        };
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
        let mut on_this = 0;
        loop {
            events += 1;
            let body = json!({"events": [impression(&format!("s{number}-{events}"), "p", "home", AT_MS)]}).to_string();
            let request = format!(
                "POST /v1/telemetry?key={WRITE_KEY} HTTP/1.1\r\nhost: t\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            let sent = stream.write_all(request.as_bytes()).map_err(|error| (0, error));
            match sent.and_then(|()| answer(&mut stream)) {
                Ok((status, closes)) => {
                    if status == 200 {
                        seen.acknowledged += 1
                    } else {
                        seen.refused += 1
                    }
                    on_this += 1;
                    if closes {
                        break;
                    }
                }
                Err((read, error)) => {
                    assert_eq!((on_this, read), (0, 0), "a request in flight was reset: {error}");
                    seen.never_accepted += 1;
                    break;
                }
            }
        }
    }
}

/// Status of a whole answer, and whether it ends the connection; else how many bytes came, and what happened.
fn answer(stream: &mut TcpStream) -> Result<(u16, bool), (usize, std::io::Error)> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if length.is_some_and(|length| length.trim().parse() == Ok(body.len())) {
                let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
                return Ok((status, head.contains("connection: close")));
            }
        }
        match stream.read(&mut piece) {
            Ok(0) => return Err((bytes.len(), ErrorKind::UnexpectedEof.into())),
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
            Err(error) => return Err((bytes.len(), error)),
        }
    }
}

#[test]
fn no_request_in_flight_is_reset_by_a_stop_and_every_200_is_stored() {
    let mut server = Running::start();
    let address: SocketAddr = server.url.trim_start_matches("http://").parse().expect("an address");
    let clients: Vec<_> = (0..CLIENTS).map(|number| std::thread::spawn(move || client(number, address))).collect();
    std::thread::sleep(Duration::from_millis(600));
    assert!(server.stop() < Duration::from_secs(10));
    let seen: Vec<Seen> = clients.into_iter().map(|client| client.join().expect("no reset")).collect();
    let sum = |part: fn(&Seen) -> u32| seen.iter().map(part).sum::<u32>();
    let (acknowledged, never_accepted) = (sum(|seen| seen.acknowledged), sum(|seen| seen.never_accepted));
    println!("{acknowledged} acknowledged, {} refused, {never_accepted} never accepted", sum(|seen| seen.refused));
    assert!(acknowledged > CLIENTS as u32);
    server.restart();
    assert_eq!(server.total("IMPRESSION", "total"), f64::from(acknowledged), "exactly what was acknowledged");
}
