//! What runs out: file descriptors, and space on the disk.

use crate::running::{Running, WRITE_KEY, impression};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const AT_MS: i64 = 1_767_592_800_000;

/// One request on a connection of its own, as a phone sends it: connected, sent, answered, closed.
fn send_alone(address: &str, number: usize) -> std::io::Result<String> {
    let body = json!({"events": [impression(&format!("f{number}"), "p", "home", AT_MS)]}).to_string();
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(120)))?;
    let head = format!("HTTP/1.1\r\nhost: t\r\nconnection: close\r\ncontent-length: {}", body.len());
    write!(stream, "POST /v1/telemetry?key={WRITE_KEY} {head}\r\n\r\n{body}")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn with_256_files_a_thousand_clients_wait_their_turn_and_none_is_lost() {
    const CLIENTS: usize = 1_000;
    // This process holds the clients.
    let own = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: own.maximum, ..own }).expect("raised");
    let mut server = Running::start_under(&["sh", "-c", "ulimit -n 256; exec \"$0\" \"$@\""], &[]);
    let address = server.url.trim_start_matches("http://").to_owned();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let address = address.clone();
            let thread = std::thread::Builder::new().stack_size(128 << 10);
            thread.spawn(move || send_alone(&address, number)).expect("a thread")
        })
        .collect();
    for (number, client) in clients.into_iter().enumerate() {
        let answer = client.join().expect("no panic").unwrap_or_else(|error| panic!("client {number}: {error}"));
        assert!(answer.starts_with("HTTP/1.1 200"), "client {number}: {answer:?}");
    }
    // Silent ones hold every connection there may be, until they go; then the next is served at once.
    let silent: Vec<TcpStream> = (0..200).filter_map(|_| TcpStream::connect(&address).ok()).collect();
    assert_eq!(silent.len(), 200);
    drop(silent);
    let from = Instant::now();
    assert_eq!(server.send("GET", "/ready", &[], b"").status, 200);
    assert!(from.elapsed() < Duration::from_secs(10), "{:?}", from.elapsed());
    assert_eq!(server.total("IMPRESSION", "total"), CLIENTS as f64);
    server.stop();
}

/// Runs the binary with a small disk in memory under its data directory. The disk belongs to a mount namespace of its
/// own, so it goes away with the process, however that ends.
fn start_on_small_disk() -> Running {
    let script = "mount -t tmpfs -o size=20m,mode=700 tmpfs \"$DATA\" && exec \"$0\" \"$@\"";
    let is_root = rustix::process::getuid().is_root();
    let namespace: &[&str] = if is_root { &["unshare", "--mount"] } else { &["unshare", "--mount", "--map-root-user"] };
    let wrapper: Vec<&str> = namespace.iter().copied().chain(["sh", "-c", script]).collect();
    Running::start_under(&wrapper, &[])
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("readable").is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("copied");
        }
    }
}

#[test]
fn a_full_disk_refuses_at_once_answers_questions_and_recovers_by_itself() {
    let server = start_on_small_disk();
    // The disk as the server sees it.
    let data = PathBuf::from(format!("/proc/{}/root{}", server.pid(), server.folder.path().display()));
    let mut sent = 0;
    let mut batch = || -> Vec<Value> {
        sent += 1;
        (0..20).map(|n| impression(&format!("d{sent}-{n}"), "p", "home", AT_MS)).collect()
    };
    let mut acknowledged = 0;
    for _ in 0..10 {
        assert_eq!(server.sunbird(&batch()).status, 200);
        acknowledged += 20;
    }
    let mut ballast = File::create(data.join("ballast")).expect("created");
    let piece = vec![1; 1 << 20];
    while ballast.write_all(&piece).is_ok() {}
    while ballast.write_all(&[1; 512]).is_ok() {}
    let mut refused = 0;
    for _ in 0..200 {
        let from = Instant::now();
        let answer = server.sunbird(&batch());
        assert!(from.elapsed() < Duration::from_secs(1), "{:?}", from.elapsed());
        match answer.status {
            // The last page of the log may have room for a few more.
            200 => acknowledged += 20,
            503 => refused += 1,
            other => panic!("{other}: {}", answer.body),
        }
        if refused == 5 {
            break;
        }
    }
    assert_eq!(refused, 5, "the disk is full");
    assert_eq!(server.send("GET", "/ready", &[], b"").status, 503);
    // The first use of this token: even that it was used cannot be noted.
    assert_eq!(server.total("IMPRESSION", "total"), f64::from(acknowledged), "reads go on");
    drop(ballast);
    std::fs::remove_file(data.join("ballast")).expect("removed");
    let from = Instant::now();
    while server.send("GET", "/ready", &[], b"").status != 200 {
        assert!(from.elapsed() < Duration::from_secs(5), "recovers within 5 s");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(server.sunbird(&batch()).status, 200);
    acknowledged += 20;
    assert_eq!(server.total("IMPRESSION", "total"), f64::from(acknowledged));
    server.outcomes();
    // As after a kill: another server on what is on the disk now.
    let folder = tempfile::tempdir().expect("a folder");
    copy(&data, folder.path());
    let other = Running::start_on(folder);
    assert_eq!(other.total("IMPRESSION", "total"), f64::from(acknowledged), "nothing acknowledged is lost");
    other.outcomes();
}
