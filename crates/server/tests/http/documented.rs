//! What the documentation tells people to type, typed.

use crate::running::{Running, impression};
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::Command;

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");

/// The blocks of a page that begin with ```` ```sh run ````, each with its line.
fn blocks(page: &str) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(Path::new(DOCS).join(page)).expect("a page");
    let (mut blocks, mut open) = (Vec::new(), None::<(usize, String)>);
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line) {
            (None, "```sh run") => open = Some((number + 1, String::new())),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some((_, block)), line) => block.extend([line, "\n"]),
            (None, _) => {}
        }
    }
    blocks
}

#[test]
fn the_commands_of_import_and_export_work_as_they_are_printed() {
    let mut server = Running::start();
    server.stop();
    let desk = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(server.folder.path(), desk.path().join("data")).expect("linked");
    let bin = Path::new(env!("CARGO_BIN_EXE_telemetry")).parent().expect("a folder");
    let write = |name: &str, text: String| std::fs::write(desk.path().join(name), text).expect("written");
    let events: Vec<_> = (0..5).map(|n| impression(&format!("d{n}"), "p", "home", 1_767_582_000_000)).collect();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(json!({ "events": events }).to_string().as_bytes()).expect("packed");
    std::fs::write(desk.path().join("batch-2026-01-05.json.gz"), encoder.finish().expect("packed")).expect("written");
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/posthog-events.zst.parquet");
    std::fs::copy(fixture, desk.path().join("events.parquet.zst")).expect("copied");
    write("fees.csv", "user,action,time,amount,class\nu1,fee paid,2026-01-05T08:30:00+05:30,12.5,6a\n".to_owned());
    let blocks = blocks("import-export.md");
    assert!(blocks.len() >= 7, "the page has lost its commands");
    for (line, block) in blocks {
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
        let output = Command::new("sh").args(["-e", "-c", &block]).current_dir(desk.path()).env("PATH", path).output();
        let output = output.expect("a shell");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "docs/import-export.md, line {line}:\n{block}\n{errors}");
    }
    let exported = std::fs::read_to_string(desk.path().join("events.jsonl")).expect("the first export");
    assert_eq!(exported.lines().count(), 5 + 19 + 1);
}
