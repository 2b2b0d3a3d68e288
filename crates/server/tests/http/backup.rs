//! Backup, restore, verify and doctor, with the server at work.

use crate::running::{Running, impression};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

const AT_MS: i64 = 1_767_592_800_000;
const DAY_MS: i64 = 86_400_000;
const BATCH: u64 = 20;

fn telemetry(arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_telemetry"));
    command.args(arguments);
    command.output().expect("the binary runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn succeeded(output: &Output) -> Value {
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn batch(number: u64) -> Vec<Value> {
    let event = |n: u64| {
        let at = AT_MS + (n % 3) as i64 * DAY_MS;
        impression(&format!("b{number}-{n}"), &format!("p{}", n % 7), "home", at)
    };
    (0..BATCH).map(event).collect()
}

/// Batches acknowledged, and sent at all.
#[derive(Default)]
struct Load {
    sent: AtomicU64,
    acknowledged: AtomicU64,
    stop: AtomicBool,
}

impl Load {
    fn run(&self, server: &Running) {
        while !self.stop.load(Ordering::Relaxed) {
            let number = self.sent.fetch_add(1, Ordering::SeqCst);
            assert_eq!(server.sunbird(&batch(number)).status, 200);
            self.acknowledged.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[test]
fn a_backup_under_load_restores_elsewhere_with_all_that_was_acknowledged_before_it() {
    let server = Running::start();
    let load = Load::default();
    let folder = tempfile::tempdir().expect("a folder");
    let data = server.folder.path();
    let mut drills = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| load.run(&server));
        while load.acknowledged.load(Ordering::SeqCst) < 20 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        for name in ["folder", "one.tar", "small.tar.gz"] {
            let at_least = load.acknowledged.load(Ordering::SeqCst);
            let target = folder.path().join(name);
            let made = succeeded(&telemetry(&[&"--json", &"--data", &data, &"backup", &target]));
            drills.push((target, at_least, load.sent.load(Ordering::SeqCst), made));
        }
        // The running server's own files, seen through a checkpoint.
        let found = succeeded(&telemetry(&[&"--json", &"--data", &data, &"verify"]));
        assert_eq!((&found["ok"], &found["findings"]), (&json!(true), &json!([])));
        load.stop.store(true, Ordering::Relaxed);
    });
    let left = std::fs::read_dir(data.join("checkpoints")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "checkpoints are removed");
    for (target, at_least, at_most, made) in drills {
        assert!(telemetry(&[&"verify", &target]).status.success(), "{}", target.display());
        let elsewhere = tempfile::tempdir().expect("a folder");
        let restored = telemetry(&[&"--data", &elsewhere.path(), &"restore", &target]);
        assert!(restored.status.success(), "{}", text(&restored.stderr));
        let found = succeeded(&telemetry(&[&"--json", &"--data", &elsewhere.path(), &"verify"]));
        assert_eq!((&found["ok"], &found["findings"]), (&json!(true), &json!([])));
        let other = Running::start_on(elsewhere);
        let total = other.total("IMPRESSION", "total") as u64;
        assert_eq!(made["info"]["rows"], total, "what the backup says is what is there");
        assert_eq!(total % BATCH, 0, "whole batches");
        assert!((at_least * BATCH..=at_most * BATCH).contains(&total), "{at_least} {total} {at_most}");
        // Members, keys and counters came along, and what comes again is known.
        other.outcomes();
        assert_eq!(other.sunbird(&batch(0)).status, 200);
        assert_eq!(other.total("IMPRESSION", "total") as u64, total);
    }
}

#[test]
fn a_backup_of_a_stopped_server_holds_everything_and_sums_are_those_of_coreutils() {
    let mut server = Running::start();
    assert_eq!(server.sunbird(&batch(0)).status, 200);
    server.kill_and_restart();
    server.stop();
    let target = server.folder.path().with_extension("backup");
    let data = server.folder.path();
    succeeded(&telemetry(&[&"--json", &"--data", &data, &"backup", &target]));
    let again = telemetry(&[&"--data", &data, &"backup", &target]);
    assert_eq!(again.status.code(), Some(2), "nothing is overwritten");
    let sums = Command::new("sha256sum").args(["--check", "--quiet", "SHA256SUMS"]).current_dir(&target).output();
    assert!(sums.expect("coreutils").status.success());
    let refused = telemetry(&[&"--data", &data, &"restore", &target]);
    assert_eq!(refused.status.code(), Some(2), "not into a directory that holds something");
    assert!(text(&refused.stderr).contains("--force"));
    assert_eq!(server.total_after_restart(), 20.0);
    // With force what was there moves aside.
    server.stop();
    let forced = telemetry(&[&"--data", &server.folder.path(), &"restore", &target, &"--force"]);
    assert!(forced.status.success(), "{}", text(&forced.stderr));
    let names: Vec<String> = std::fs::read_dir(server.folder.path())
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(names.iter().any(|name| name.starts_with("replaced-")), "{names:?}");
    assert_eq!(server.total_after_restart(), 20.0);
    std::fs::remove_dir_all(target).expect("removed");
}

#[test]
fn a_damaged_backup_is_refused_and_the_directory_stays_empty() {
    let mut server = Running::start();
    assert_eq!(server.sunbird(&batch(0)).status, 200);
    server.stop();
    let folder = tempfile::tempdir().expect("a folder");
    let tar = folder.path().join("b.tar");
    succeeded(&telemetry(&[&"--json", &"--data", &server.folder.path(), &"backup", &tar]));
    let whole = std::fs::read(&tar).expect("readable");
    let damaged = folder.path().join("damaged.tar");
    let into = folder.path().join("into");
    // Content of a file; the beginning of a Parquet file is 512 bytes behind its name.
    let name_at = whole.windows(8).position(|window| window == b".parquet").expect("a segment file");
    for (what, bytes) in [
        (
            "a flipped byte",
            [&whole[..name_at / 512 * 512 + 600], &[0xA5], &whole[name_at / 512 * 512 + 601..]].concat(),
        ),
        ("a cut end", whole[..whole.len() / 2].to_vec()),
        ("no archive", b"hello".to_vec()),
    ] {
        std::fs::write(&damaged, bytes).expect("written");
        let refused = telemetry(&[&"--data", &into, &"restore", &damaged]);
        assert!(!refused.status.success(), "{what}");
        assert!(!telemetry(&[&"verify", &damaged]).status.success(), "{what}");
        let left: Vec<_> = std::fs::read_dir(&into).expect("made").filter_map(|entry| entry.ok()).collect();
        assert!(left.iter().all(|entry| entry.file_name() == "LOCK"), "{what}: {left:?}");
    }
    assert!(telemetry(&[&"--data", &into, &"restore", &tar]).status.success(), "and then the whole one");
}

#[test]
fn a_restore_that_was_ended_goes_on_where_it_was_and_nothing_starts_before() {
    let mut server = Running::start();
    assert_eq!(server.sunbird(&batch(0)).status, 200);
    server.stop();
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup");
    succeeded(&telemetry(&[&"--json", &"--data", &server.folder.path(), &"backup", &backup]));
    // As after each step of `restore`, on a directory that held something.
    for step in ["restore.partial", "restore.ready", "restore.moving"] {
        let data = folder.path().join(step.replace('.', "-"));
        let held = if step == "restore.moving" { data.join("replaced-1") } else { data.clone() };
        copy(&server.folder.path().join("wal"), &held.join("wal"));
        std::fs::copy(server.folder.path().join("MANIFEST"), held.join("MANIFEST")).expect("copied");
        copy(&backup.join("data"), &data.join(step));
        if step == "restore.moving" {
            // Half has moved already.
            std::fs::rename(data.join(step).join("persons"), data.join("persons")).expect("moved");
        }
        if step != "restore.partial" {
            let refused = telemetry(&[&"--data", &data, &"serve", &"--listen", &"127.0.0.1:0"]);
            assert_eq!(refused.status.code(), Some(2), "{step}: {}", text(&refused.stderr));
            assert!(!telemetry(&[&"--data", &data, &"verify"]).status.success(), "{step}");
        }
        let done = telemetry(&[&"--data", &data, &"restore", &backup, &"--force"]);
        assert!(done.status.success(), "{step}: {}", text(&done.stderr));
        let found = succeeded(&telemetry(&[&"--json", &"--data", &data, &"verify"]));
        assert_eq!((&found["rows"], &found["ok"]), (&json!(20), &json!(true)), "{step}");
    }
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
fn verify_names_the_damaged_file_and_the_metadata() {
    let mut server = Running::start();
    assert_eq!(server.sunbird(&batch(0)).status, 200);
    server.stop();
    let data = server.folder.path();
    let clean = succeeded(&telemetry(&[&"--json", &"--data", &data, &"verify"]));
    assert_eq!((&clean["rows"], &clean["findings"]), (&json!(20), &json!([])));
    let outcomes = data.join("outcomes");
    let counters = std::fs::read_dir(&outcomes).expect("there").next().expect("one").expect("readable").path();
    let mut bytes = std::fs::read(&counters).expect("readable");
    bytes[70] ^= 1;
    std::fs::write(&counters, bytes).expect("written");
    let found = telemetry(&[&"--data", &data, &"verify"]);
    assert_eq!(found.status.code(), Some(1));
    assert!(text(&found.stdout).contains("outcomes/"), "{}", text(&found.stdout));
    let file = data.join("meta.sqlite");
    let mut bytes = std::fs::read(&file).expect("readable");
    bytes[4096..4300].fill(0xFF);
    std::fs::write(&file, bytes).expect("written");
    let found = telemetry(&[&"--data", &data, &"verify"]);
    assert!(text(&found.stdout).contains("meta.sqlite"), "{}", text(&found.stdout));
    assert_eq!(telemetry(&[&"--data", &data.join("nowhere"), &"verify"]).status.code(), Some(2));
}

#[test]
fn doctor_sees_a_server_that_works_and_settings_that_do_not_fit() {
    let server = Running::start();
    let found = succeeded(&telemetry(&[&"--json", &"--data", &server.folder.path(), &"doctor"]));
    let of = |subject: &str| {
        let all = found["findings"].as_array().expect("a list");
        all.iter().find(|found| found["subject"] == subject).unwrap_or_else(|| panic!("no {subject}: {all:#?}")).clone()
    };
    assert_eq!(of("server")["state"], "ok");
    for subject in ["version", "open files", "memory", "clock", "file system", "disk", "sync", "permissions"] {
        of(subject);
    }
    let secrets = server.folder.path().join("meta.sqlite");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&secrets, mode).expect("set");
    let greedy = "buffer_bytes_max=99000000000000";
    let bad = telemetry(&[&"--json", &"--data", &server.folder.path(), &"--set", &greedy, &"doctor"]);
    assert_eq!(bad.status.code(), Some(1));
    let said = text(&bad.stdout);
    assert!(said.contains("chmod 600") && said.contains("lower buffer_bytes_max"), "{said}");
}
