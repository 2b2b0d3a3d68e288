//! What runs out: space on the disk.

use crate::running::{Running, impression};
use serde_json::Value;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const AT_MS: i64 = 1_767_592_800_000;

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
