//! Events from files and into files: `telemetry import` and `telemetry export`.

use crate::running::{Running, impression};
use model::{Dialect, Event, Level, Uuid, Value};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const AT: i64 = 1_767_582_000_000_000;
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");

/// A stopped data directory, and a folder for files.
struct Desk {
    server: Running,
    files: TempDir,
}

impl Desk {
    fn new() -> Desk {
        let mut server = Running::start();
        server.stop();
        Desk { server, files: tempfile::tempdir().expect("a folder") }
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.files.path().join(name);
        std::fs::write(&path, content).expect("written");
        path
    }

    fn gzip(&self, name: &str, content: &[u8]) -> PathBuf {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(content).expect("packed");
        self.file(name, encoder.finish().expect("packed"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_telemetry"));
        command.arg("--data").arg(self.server.folder.path()).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    /// The answer of an import with `--json`; `more` are flags and files.
    fn import(&self, more: &[&str]) -> Json {
        let output = self.run(&[&["--json", "import", "--project", "1"][..], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }

    fn export(&self, more: &[&str]) -> Vec<u8> {
        let output = self.run(&[&["export"][..], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Exported lines without their received_at, by uuid.
    fn lines(&self, more: &[&str]) -> BTreeMap<String, String> {
        by_uuid(&self.export(more))
    }

    /// Content and time of change of every file of the data directory.
    fn state(&self) -> BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)> {
        let mut all = BTreeMap::new();
        let mut folders = vec![self.server.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("readable") {
                let entry = entry.expect("readable");
                if entry.file_type().expect("readable").is_dir() {
                    folders.push(entry.path());
                    continue;
                }
                let changed = entry.metadata().and_then(|metadata| metadata.modified()).expect("readable");
                all.insert(entry.path(), (std::fs::read(entry.path()).expect("readable"), changed));
            }
        }
        all
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("utf-8")
}

fn by_uuid(lines: &[u8]) -> BTreeMap<String, String> {
    let lines = std::str::from_utf8(lines).expect("text").lines();
    let mut all = BTreeMap::new();
    for line in lines {
        let (before, rest) = line.split_once(",\"received_at\":").expect("a line of ours");
        let (_, after) = rest.split_once(",\"distinct_id\":").expect("a line of ours");
        let before_twice = all.insert(line[9..45].to_owned(), format!("{before},\"distinct_id\":{after}"));
        assert_eq!(before_twice, None, "exported twice");
    }
    all
}

fn native(events: &[Event]) -> Vec<u8> {
    let mut lines = Vec::new();
    events.iter().for_each(|event| wire::native::write_line(event, &mut lines));
    lines
}

fn plain(number: u128) -> Event {
    Event {
        uuid: Uuid::from_u128(number + 1),
        event: ["view", "pay", "$pageview"][number as usize % 3].into(),
        event_at: AT + (number as i64 % 5) * 86_400_000_000 + number as i64,
        received_at: AT,
        distinct_id: format!("u{}", number % 97).into(),
        session_id: None,
        window_id: None,
        level: Level::Full,
        dialect: Dialect::Native,
        properties: [
            ("n".into(), Value::Number(number as f64)),
            ("page".into(), Value::Text(format!("p{}", number % 7).into())),
        ]
        .into_iter()
        .collect(),
    }
}

/// Values of every kind, with all that is hard to write.
fn value() -> impl Strategy<Value = Value> {
    let json = [
        "[]",
        "{}",
        "9007199254740993",
        "18446744073709551615",
        "[1,{\"b\":[null,-0.0,1e+300],\"a\":\"\u{2028}\\n\"}]",
    ];
    prop_oneof![
        ".*".prop_map(|text| Value::Text(text.into())),
        proptest::sample::select(vec!["", "\0", "\u{1f}", "=1+1", "नमस्ते", "{}", "true", "1"])
            .prop_map(|text| Value::Text(text.into())),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::Number),
        proptest::sample::select(vec![0.0, -0.0, 1e300, 5e-324, 9_007_199_254_740_992.0, 0.1 + 0.2])
            .prop_map(Value::Number),
        any::<bool>().prop_map(Value::Bool),
        proptest::sample::select(json.to_vec()).prop_map(|text| Value::Json(text.into())),
    ]
}

/// The same events on each call.
fn hard_events(count: usize) -> Vec<Event> {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let properties = proptest::collection::vec(("[a-e.~#_ ]{0,3}", value()), 0..8);
    let texts = ("[^\0]{1,20}", proptest::option::of(".{1,9}"), proptest::option::of(".{1,9}"), "[^\0]{1,30}");
    let one = (texts, properties, -100_000_000_000_000..25_000_000_000_000_i64, 0..3_u8);
    let tree = proptest::collection::vec(one, count).new_tree(&mut runner).expect("made");
    let made = tree.current().into_iter().enumerate();
    made.map(|(number, ((name, session, window, id), properties, at, dialect))| Event {
        uuid: Uuid::from_u128(number as u128 + 1),
        event: name.into(),
        event_at: AT + at,
        received_at: AT,
        distinct_id: id.into(),
        session_id: session.map(Into::into),
        window_id: window.map(Into::into),
        level: Level::Full,
        dialect: Dialect::from_u8(dialect).expect("one of three"),
        properties: properties.into_iter().map(|(key, value)| (key.into(), value)).collect(),
    })
    .collect()
}

#[test]
fn what_is_exported_and_imported_is_equal_byte_for_byte() {
    let desk = Desk::new();
    let sent = native(&hard_events(2_000));
    let file = desk.file("sent.jsonl", &sent);
    assert_eq!(desk.import(&[text(&file)])["stored"], 2_000);
    let exported = desk.export(&[]);
    assert_eq!(by_uuid(&exported), by_uuid(&sent));
    // Once more, through each form that we read back, into other directories.
    let (again, parquet) = (desk.files.path().join("again.jsonl.gz"), desk.files.path().join("again.parquet"));
    let table = desk.files.path().join("again.csv");
    desk.export(&["--gzip", "--output", text(&again)]);
    desk.export(&["--format", "parquet", "--output", text(&parquet)]);
    desk.export(&["--format", "csv", "--formulas", "keep", "--output", text(&table)]);
    for file in [again, parquet, table] {
        let other = Desk::new();
        assert_eq!(other.import(&[text(&file)])["stored"], 2_000, "{}", file.display());
        assert_eq!(other.lines(&[]), by_uuid(&sent), "{}", file.display());
    }
}

#[test]
fn an_export_does_not_depend_on_how_rows_lie() {
    let desk = Desk::new();
    let events: Vec<Event> = (0..600).map(plain).collect();
    for part in events.chunks(150) {
        desk.import(&[text(&desk.file("part.jsonl", native(part)))]);
    }
    let exported = desk.export(&[]);
    let keys: Vec<(String, String)> = std::str::from_utf8(&exported)
        .expect("text")
        .lines()
        .map(|line| serde_json::from_str::<Json>(line).expect("JSON"))
        .map(|row| (row["event_at"].as_str().expect("text")[..10].to_owned(), row["distinct_id"].to_string()))
        .collect();
    assert_eq!(keys.len(), 600);
    // By day; within a day each visitor's events stand together.
    assert!(keys.is_sorted_by_key(|(day, _)| day.clone()));
    let mut runs = keys.clone();
    runs.dedup();
    let mut different = keys.clone();
    different.sort();
    different.dedup();
    assert_eq!(runs.len(), different.len());
    assert_eq!(desk.export(&[]), exported);
}

#[test]
fn a_selection_is_what_a_question_would_count() {
    let desk = Desk::new();
    desk.import(&[text(&desk.file("e.jsonl", native(&(0..300).map(plain).collect::<Vec<_>>())))]);
    let count = |more: &[&str]| desk.lines(more).len();
    assert_eq!(count(&[]), 300);
    assert_eq!(count(&["--event", "view"]), 100);
    assert_eq!(count(&["--event", "view", "--event", "pay"]), 200);
    assert_eq!(count(&["--event", "nothing"]), 0);
    assert_eq!(count(&["--filter", "page=p3"]), 43);
    assert_eq!(count(&["--filter", "page=p3", "--event", "view"]), 15);
    assert_eq!(count(&["--filter", r#"{"property":"n","operator":"lt","value":10}"#]), 10);
    assert_eq!(count(&["--filter", r#"[{"property":"n","operator":"gte","value":10}]"#, "--filter", "page=p3"]), 42);
    // Days are those of the project's zone: 05:30 ahead.
    assert_eq!(count(&["--from", "2026-01-05", "--to", "2026-01-05"]), 60);
    assert_eq!(count(&["--from", "2026-01-06"]), 240);
    assert_eq!(count(&["--to", "2026-01-05T03:00:00.000005Z"]), 2);
    for wrong in [
        &["export", "--from", "soon"][..],
        &["export", "--filter", "page"],
        &["export", "--filter", "{\"property\":\"n\",\"operator\":\"near\"}"],
        &["export", "--project", "Nobody"],
        &["export", "--format", "csv", "--failed"],
        &["export", "--format", "parquet", "--gzip", "--output", "x"],
    ] {
        let output = desk.run(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let table =
        String::from_utf8(desk.export(&["--format", "csv", "--columns", "event,n,properties.page", "--event", "pay"]));
    let table = table.expect("text");
    assert_eq!(table.lines().next(), Some("event,n,properties.page"));
    assert!(table.lines().any(|line| line == "pay,1,p1"));
    assert_eq!(table.lines().count(), 101);
}

#[test]
fn a_file_that_is_there_is_not_replaced_unless_told() {
    let desk = Desk::new();
    desk.import(&[text(&desk.file("e.jsonl", native(&[plain(1)])))]);
    let target = desk.file("there.jsonl", "precious");
    let refused = desk.run(&["export", "--output", text(&target)]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(std::fs::read(&target).expect("there"), b"precious");
    desk.export(&["--output", text(&target), "--force"]);
    assert_eq!(by_uuid(&std::fs::read(&target).expect("there")).len(), 1);
    assert!(!target.with_file_name("there.jsonl.part").exists());
}

/// Files of every origin: name, how many events become rows and fail, columns that are not read.
fn origins(desk: &Desk) -> Vec<(PathBuf, Vec<&'static str>, u64, u64)> {
    let sunbird: Vec<Json> = (0..9).map(|n| impression(&format!("m{n}"), "p", "home", AT / 1_000)).collect();
    let lines = |all: &[Json]| all.iter().map(|one| one.to_string() + "\n").collect::<String>();
    let envelope =
        |all: &[Json]| json!({"id": "api.telemetry", "ver": "3.0", "params": {"msgid": "x"}, "ets": 1, "events": all});
    let posthog = |n: usize| {
        json!({
            "uuid": format!("0198f2a4-0000-7000-8000-1{n:011}"), "event": "paid", "distinct_id": "u", "person_id": "x",
            "properties": {"n": n, "$set": {"plan": "a"}}, "person_properties": {"plan": "a"}, "elements_chain": "",
            "timestamp": "2026-01-05T03:00:00.5Z", "created_at": "2026-01-05T03:00:01Z", "_inserted_at": "2026-01-05T03:00:01Z",
        })
    };
    let exported: Vec<Json> = (0..6).map(posthog).collect();
    let bigquery: String = (0..5)
        .map(|n| {
            json!({
                "uuid": format!("0198f2a4-0000-7000-8000-2{n:011}"), "event": "paid", "distinct_id": "u", "team_id": 1,
                "properties": json!({"n": n}).to_string(), "elements": "", "set": "{}", "set_once": "{\"a\":1}",
                "ip": "", "site_url": "", "timestamp": "2026-01-05 03:00:00", "bq_ingested_timestamp": "2026-01-06 03:00:00",
            })
            .to_string()
                + "\n"
        })
        .collect();
    let api: Vec<Json> = (0..4)
        .map(|n| {
            json!({
                "id": format!("0198f2a4-0000-7000-8000-3{n:011}"), "event": "$pageview", "distinct_id": "u", "person": null,
                "properties": {"n": n}, "timestamp": "2026-01-05T03:00:00.500000+00:00", "elements": [], "elements_chain": "",
            })
        })
        .collect();
    let table = "when;who;what;price\n1767582000;u1;fee paid;12.5\n1767582001;u2;fee paid;x\n1767582002;;fee paid;1\n1767582003;u3;fee paid;\n";
    let map = "--map=event=what,distinct_id=who,event_at=when,properties.price:number=price";
    vec![
        (desk.file("batches.jsonl", lines(&[envelope(&sunbird[..2]), envelope(&sunbird[2..4])])), vec![], 4, 0),
        (
            desk.gzip(
                "batch.json.gz",
                serde_json::to_string_pretty(&envelope(&sunbird[4..7])).expect("JSON").as_bytes(),
            ),
            vec![],
            3,
            0,
        ),
        (desk.gzip("array.json.gz", json!(sunbird[7..]).to_string().as_bytes()), vec![], 2, 0),
        (desk.file("posthog.jsonl", lines(&exported)), vec![], 6, 0),
        (desk.file("bigquery.jsonl", bigquery), vec![], 5, 0),
        (
            desk.file(
                "events-api.json",
                serde_json::to_string_pretty(&json!({"next": null, "results": api})).expect("JSON"),
            ),
            vec![],
            4,
            0,
        ),
        (PathBuf::from(FIXTURES).join("posthog-events.snappy.parquet"), vec![], 19, 1),
        (desk.file("fees.csv", table), vec![map, "--delimiter=;", "--time=seconds"], 2, 2),
        (desk.file("own.jsonl", native(&(500..510).map(plain).collect::<Vec<_>>())), vec![], 10, 0),
    ]
}

#[test]
fn every_origin_is_told_and_read_and_the_same_file_adds_nothing() {
    let desk = Desk::new();
    let mut total = 0;
    for (file, flags, stored, failed) in origins(&desk) {
        let arguments = [&flags[..], &[text(&file)][..]].concat();
        let before = desk.state();
        let dry = desk.import(&[&["--dry-run"][..], &arguments[..]].concat());
        assert_eq!(desk.state(), before, "a dry run writes nothing");
        let name = file.display();
        assert_eq!(
            (&dry["rows_at_most"], &dry["received"]),
            (&json!(stored), &json!(stored + failed)),
            "{name}: {dry}"
        );
        let first = desk.import(&arguments);
        assert_eq!((&first["stored"], &first["failed"]), (&json!(stored), &json!(failed)), "{name}");
        let second = desk.import(&arguments);
        assert_eq!((&second["stored"], &second["failed"]), (&json!(0), &json!(0)), "{name}");
        assert_eq!(second["duplicate"], json!(stored + failed), "{name}");
        total += stored as usize;
    }
    // The other codec holds the same events.
    let zstd = PathBuf::from(FIXTURES).join("posthog-events.zst.parquet");
    assert_eq!(desk.import(&[text(&zstd)])["duplicate"], 20);
    let lines = desk.lines(&[]);
    assert_eq!(lines.len(), total);
    let row: Json = serde_json::from_str(&lines["0198f2a4-0000-7000-8000-000000000005"]).expect("JSON");
    assert_eq!(
        (&row["event"], &row["distinct_id"], &row["session_id"]),
        (&json!("$autocapture"), &json!("u1"), &json!("s2"))
    );
    assert_eq!(row["event_at"], "2026-01-05T03:00:05.123456Z");
    assert_eq!(row["properties"]["n"], 5.5);
    assert_eq!(row["properties"]["big"], 9_007_199_254_740_993_u64);
    assert_eq!(row["properties"]["$elements_chain"], "button:text=\"Pay\"");
    // What failed says where it stands, and can be exported too.
    let failed = String::from_utf8(desk.export(&["--failed"])).expect("text");
    assert_eq!(failed.lines().count(), 3);
    assert!(failed.contains("fees.csv, 3: price: not a number"), "{failed}");
    assert!(failed.contains("posthog-events.snappy.parquet, 20: distinct_id"), "{failed}");
}

#[test]
fn a_dry_run_tells_what_it_found() {
    let desk = Desk::new();
    let mut events: Vec<Event> = (0..50).map(plain).collect();
    events[1].event_at = 4_000_000_000_000_000;
    events[2].event_at = 1_000_000;
    events.push(plain(3));
    let mut lines = native(&events);
    lines.extend_from_slice(b"{\"event\":\"e\",\"event_at\":1,\"distinct_id\":\"\"}\nnot json\n");
    let file = desk.file("mixed.jsonl", lines);
    let report = desk.import(&["--dry-run", text(&file)]);
    assert_eq!(
        (&report["received"], &report["rows_at_most"], &report["duplicate_in_files"]),
        (&json!(53), &json!(50), &json!(1))
    );
    assert_eq!((&report["in_future"], &report["before_2000"]), (&json!(1), &json!(1)));
    assert_eq!(report["failed"], json!({"missing_distinct_id": 1, "unreadable_batch": 1}));
    assert_eq!(report["events"][0], json!(["view", 18]));
    assert_eq!(report["first"], "1970-01-01T00:00:01.000000Z");
    let table = desk.file("t.csv", "e,d,t,more\na,b,1767582000,x\n");
    let mapped = ["--dry-run", "--map", "event=e,distinct_id=d,event_at=t", text(&table)];
    assert_eq!(desk.import(&mapped)["unread_columns"][text(&table)], json!(["more"]));
    let output = desk.run(&[&["import", "--project", "1"][..], &mapped[..]].concat());
    assert!(String::from_utf8_lossy(&output.stdout).contains("columns that are not read: more"));
}

/// Starts an import and kills it after its first checkpoint; false when it was done before.
fn killed_after_a_checkpoint(desk: &Desk, files: [&Path; 2]) -> bool {
    let arguments = ["--json", "import", "--project", "1", text(files[0]), text(files[1])];
    let mut child = desk.command(&arguments).spawn().expect("the binary starts");
    let (checkpoint, started) = (desk.server.folder.path().join("imports.json"), Instant::now());
    while !checkpoint.exists() {
        assert!(started.elapsed() < Duration::from_secs(120), "no checkpoint");
        if let Some(status) = child.try_wait().expect("asked") {
            assert!(status.success(), "the import failed by itself: {status}");
            return false;
        }
        std::thread::yield_now();
    }
    child.kill().expect("killed");
    child.wait().expect("reaped");
    checkpoint.exists()
}

#[test]
fn a_killed_import_goes_on_where_it_was() {
    // A fast disk may be done with the first file before anybody can kill it.
    for count in [60_000, 240_000, 960_000] {
        if goes_on_where_it_was(count) {
            return;
        }
    }
    panic!("each import ended before it could be killed");
}

/// False when the import of `count` events could not be interrupted.
fn goes_on_where_it_was(count: usize) -> bool {
    let desk = Desk::new();
    let lines = native(&(0..count as u128).map(plain).collect::<Vec<_>>());
    let first = desk.file("first.jsonl", native(&[plain(count as u128)]));
    let file = desk.file("large.jsonl", [&lines[..], b"not json\n"].concat());
    if !killed_after_a_checkpoint(&desk, [&first, &file]) {
        return false;
    }
    let there = desk.lines(&[]).len();
    assert!(there > 1, "{there}");
    if there >= count {
        return false;
    }
    let rest = desk.import(&[text(&first), text(&file)]);
    assert_eq!(rest["resumed"], 2);
    let read = rest["received"].as_u64().expect("a number");
    // It reads less than all, and at least what was not there.
    assert!(read < count as u64 && read >= (count + 1 - there) as u64, "{rest}");
    assert_eq!(rest["stored"], json!(count + 1 - there));
    assert_eq!(rest["failed"], 1);
    assert!(!desk.server.folder.path().join("imports.json").exists());
    let mut sent = by_uuid(&lines);
    sent.extend(by_uuid(&native(&[plain(count as u128)])));
    assert!(desk.lines(&[]) == sent, "all events once, as they were sent");
    // Nothing is open: the same command reads all again, and finds all there.
    let again = desk.import(&[text(&first), text(&file)]);
    assert_eq!((&again["stored"], &again["duplicate"]), (&json!(0), &json!(count + 2)));
    true
}

/// Runs an import and watches its memory; the answer and the peak in bytes.
fn watched(desk: &Desk, arguments: &[&str]) -> (Output, u64) {
    let mut child =
        desk.command(&[&["--json", "import", "--project", "1"][..], arguments].concat()).spawn().expect("starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("asked").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or(0) << 10);
        std::thread::sleep(Duration::from_millis(5));
    }
    (child.wait_with_output().expect("ended"), peak)
}

#[test]
fn hostile_files_cost_bounded_memory_and_do_not_stop_the_others() {
    let desk = Desk::new();
    let good = String::from_utf8(native(&[plain(1), plain(2)])).expect("text");
    // One line of 400 MB that packs to 400 KB, between two good ones.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let (one, two) = good.trim_end().split_once('\n').expect("two lines");
    encoder.write_all(format!("{one}\n{{\"event\":\"").as_bytes()).expect("packed");
    let zeros = vec![b'x'; 1 << 20];
    for _ in 0..400 {
        encoder.write_all(&zeros).expect("packed");
    }
    encoder.write_all(format!("\"}}\n{two}\n").as_bytes()).expect("packed");
    let bomb = desk.file("bomb.jsonl.gz", encoder.finish().expect("packed"));
    let (output, peak) = watched(&desk, &[text(&bomb)]);
    let answer: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&answer["stored"], &answer["failed"]), (&json!(2), &json!(1)));
    assert!(peak < 300 << 20, "{peak} bytes");
    let deep = format!(
        "{{\"event\":\"e\",\"event_at\":1,\"distinct_id\":\"d\",\"properties\":{{\"a\":{}",
        "[".repeat(1_000_000)
    );
    let fixture = std::fs::read(PathBuf::from(FIXTURES).join("posthog-events.snappy.parquet")).expect("there");
    let mut cut = fixture.clone();
    cut.truncate(fixture.len() / 2);
    let mut lying = fixture.clone();
    let footer = lying.len() - 8;
    lying[footer..footer + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut torn = std::fs::read(desk.gzip("x.gz", &native(&(10..500).map(plain).collect::<Vec<_>>()))).expect("there");
    torn.truncate(torn.len() / 2);
    let quote = [b"event,event_at,distinct_id\ne,1,\"".to_vec(), vec![b'x'; 20 << 20]].concat();
    let map = "--map=event=event,event_at=event_at,distinct_id=distinct_id";
    let cases: Vec<(&str, PathBuf, Vec<&str>)> = vec![
        ("cut off", desk.file("cut.parquet", &cut), vec![]),
        ("footer", desk.file("lying.parquet", &lying), vec![]),
        ("cannot be read", desk.file("torn.jsonl.gz", &torn), vec!["--format=native"]),
        ("a quote may be missing", desk.file("quote.csv", &quote), vec![map]),
        ("zstd", desk.file("z.jsonl.zst", [0x28, 0xb5, 0x2f, 0xfd, 0, 0]), vec![]),
        ("ZIP", desk.file("z.zip", b"PK\x03\x04abc"), vec![]),
        ("is empty", desk.file("empty.jsonl", b""), vec![]),
        ("cannot be told", desk.file("noise.bin", [0xff; 4_096]), vec![]),
        ("no column", desk.file("t.csv", "a,b\n1,2\n"), vec!["--map=event=x,event_at=a,distinct_id=b"]),
        ("say which is which", desk.file("t2.csv", "event,event_at,distinct_id\n1,2\n"), vec![]),
        ("not of --format", PathBuf::from(FIXTURES).join("posthog-events.zst.parquet"), vec!["--format=sunbird"]),
    ];
    for (words, file, flags) in cases {
        let (output, peak) = watched(&desk, &[&flags[..], &[text(&file)][..]].concat());
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{}: {message}", file.display());
        assert!(message.contains(words) && message.contains(text(&file)), "{}: {message}", file.display());
        assert!(peak < 300 << 20, "{}: {peak} bytes", file.display());
    }
    // Every byte of a small Parquet file flipped: an error or fewer rows, never a panic.
    for at in (0..fixture.len()).step_by(97) {
        let mut flipped = fixture.clone();
        flipped[at] ^= 0x55;
        let output = desk.run(&[
            "--json",
            "import",
            "--project",
            "1",
            "--dry-run",
            text(&desk.file("flipped.parquet", &flipped)),
        ]);
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 2)) && !message.contains("panicked"), "byte {at}: {message}");
    }
    // Lines that are wrong in any way fail each for itself.
    let lines = format!("{deep}\n\u{feff}{one}\n\0\n\"text\"\n{{}}\n{}\n{two}\n", "[".repeat(100));
    let answer = desk.import(&["--format=native", text(&desk.file("odd.jsonl", lines))]);
    assert_eq!((&answer["duplicate"], &answer["failed"]), (&json!(2), &json!(5)), "{answer}");
}

#[test]
fn a_download_is_what_the_command_writes() {
    let server = Running::start();
    let events: Vec<Json> = (0..40).map(|n| impression(&format!("x{n}"), "p", "home", AT / 1_000 + n)).collect();
    let sent = server.sunbird(&events);
    assert_eq!(sent.status, 200);
    let bearer = format!("Bearer {}", crate::running::TOKEN);
    let get =
        |query: &str| server.send("GET", &format!("/api/projects/1/export{query}"), &[("authorization", &bearer)], b"");
    let lines = |answer: &crate::running::Answer| answer.body.as_str().map_or(0, |text| text.lines().count());
    let all = get("");
    assert_eq!((all.status, lines(&all)), (200, 40));
    assert_eq!(all.header("content-disposition"), Some("attachment; filename=\"events-1.jsonl\""));
    let table = get("?format=csv&columns=event,edata.pageid&event=IMPRESSION&from=2026-01-05&to=2026-01-05");
    assert_eq!((table.status, lines(&table)), (200, 41));
    assert!(table.body.as_str().expect("text").starts_with("event,edata.pageid\nIMPRESSION,home\n"));
    assert_eq!(lines(&get("?filter=edata.pageid%3Dnowhere&format=csv")), 1);
    assert!(get("?format=parquet").body.as_str().is_some());
    for (wrong, path) in [("?from=soon", "date_from"), ("?filter=page", "filter"), ("?format=xml", "query")] {
        let answer = get(wrong);
        assert_eq!((answer.status, &answer.body["error"]["path"]), (400, &json!(path)), "{wrong}");
    }
    assert_eq!(server.send("GET", "/api/projects/1/export", &[], b"").status, 401);
    assert_eq!(get("/x").status, 404);
}
