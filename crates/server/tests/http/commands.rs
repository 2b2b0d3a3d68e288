//! The commands of the binary.

use crate::running::{Running, impression};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const AT_MS: i64 = 1_767_592_800_000;

fn telemetry(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_telemetry"))
        .arg("--data")
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("piped").write_all(input).expect("written");
    child.wait_with_output().expect("ended")
}

fn json_of(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn the_same_file_again_adds_nothing() {
    let mut server = Running::start();
    server.stop();
    let folder = server.folder.path().to_owned();
    let lines: String = (0..50).map(|n| impression(&format!("f{n}"), "p", "home", AT_MS).to_string() + "\n").collect();
    let file = folder.join("events.jsonl.gz");
    let mut encoder =
        flate2::write::GzEncoder::new(std::fs::File::create(&file).expect("a file"), flate2::Compression::fast());
    encoder.write_all(lines.as_bytes()).expect("written");
    encoder.finish().expect("written");
    // A document of many lines, as an exported batch is.
    let document = folder.join("batch.json");
    let batch =
        json!({"events": (50..60).map(|n| impression(&format!("f{n}"), "p", "home", AT_MS)).collect::<Vec<_>>()});
    std::fs::write(&document, serde_json::to_string_pretty(&batch).expect("JSON")).expect("written");
    let files = [file.to_str().expect("utf-8"), document.to_str().expect("utf-8")];
    let import = || {
        json_of(&telemetry(
            &folder,
            &["--json", "import", "--project", "e-Samwad", "--format", "sunbird", files[0], files[1]],
            b"",
        ))
    };
    assert_eq!((&import()["stored"], &import()["duplicate"]), (&json!(60), &json!(60)));
    let question =
        br#"{"kind":"trends","series":[{"event":"IMPRESSION"}],"date_from":"2026-01-05","date_to":"2026-01-05"}"#;
    let answer = json_of(&telemetry(&folder, &["--json", "query", "-"], question));
    assert_eq!(answer["series"][0]["data"], json!([60.0]));
    let wrong = telemetry(&folder, &["query", "-"], br#"{"kind":"trends","series":[{"math":"x"}]}"#);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("series[0].math"));
}

#[test]
fn a_bad_line_is_listed_once_however_often_it_is_imported() {
    let mut server = Running::start();
    server.stop();
    let folder = server.folder.path().to_owned();
    let file = folder.join("torn.jsonl");
    let good = |n: u32| impression(&format!("t{n}"), "p", "home", AT_MS).to_string();
    std::fs::write(&file, format!("{}\n{{\"eid\":\"IMPRESSION\"}}\n{}\n", good(1), good(2))).expect("written");
    let arguments = ["--json", "import", "--project", "1", "--format", "sunbird", file.to_str().expect("utf-8")];
    let import = || json_of(&telemetry(&folder, &arguments, b""));
    let first = import();
    assert_eq!((&first["stored"], &first["failed"]), (&json!(2), &json!(1)));
    let second = import();
    assert_eq!((&second["stored"], &second["failed"], &second["duplicate"]), (&json!(0), &json!(0), &json!(3)));
    server.restart();
    assert_eq!(server.outcomes()["failed"], 1);
}

#[test]
fn posthog_events_without_ids_are_imported_once() {
    let mut server = Running::start();
    server.stop();
    let folder = server.folder.path().to_owned();
    let file = folder.join("export.jsonl");
    let lines: String = (0..5)
        .map(|n| {
            json!({"event": "paid", "distinct_id": "u", "timestamp": "2026-01-05T03:00:00Z", "properties": {"n": n}})
                .to_string()
                + "\n"
        })
        .collect();
    std::fs::write(&file, lines).expect("written");
    let import = || {
        json_of(&telemetry(
            &folder,
            &["--json", "import", "--project", "1", "--format", "posthog", file.to_str().expect("utf-8")],
            b"",
        ))
    };
    assert_eq!(import()["stored"], 5);
    assert_eq!((&import()["stored"], &import()["duplicate"]), (&json!(0), &json!(5)));
}

#[test]
fn a_data_directory_in_use_is_left_alone() {
    let server = Running::start();
    let refused = telemetry(server.folder.path(), &["query", "-"], br#"{"kind":"events"}"#);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("in use"),
        "{}",
        String::from_utf8_lossy(&refused.stderr)
    );
}

#[test]
fn settings_are_shown_with_their_origin() {
    let folder = tempfile::tempdir().expect("a folder");
    let shown = json_of(&telemetry(folder.path(), &["--json", "--set", "query_threads=1", "config", "show"], b""));
    let setting =
        |name: &str| shown["settings"].as_array().and_then(|all| all.iter().find(|s| s["name"] == name)).cloned();
    assert_eq!(setting("query_threads").expect("listed")["origin"], "flag");
    assert_eq!(setting("listen").expect("listed")["value"], "127.0.0.1:8400");
    assert_eq!(telemetry(folder.path(), &["--set", "lisen=1", "config", "show"], b"").status.code(), Some(2));
    assert!(String::from_utf8_lossy(&telemetry(folder.path(), &["--help"], b"").stdout).contains("serve"));
}
