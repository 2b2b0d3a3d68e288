//! The demo: filled through the real door, exact whatever interrupts it.

use crate::running::{Running, TOKEN, WRITE_KEY};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const PERSONS: u64 = 300;

/// `telemetry demo` on a folder, small enough for a test.
struct Demo {
    child: Child,
    stdout: BufReader<ChildStdout>,
    url: String,
}

impl Demo {
    fn start(folder: &Path, more: &[&str]) -> Demo {
        let mut child = Command::new(env!("CARGO_BIN_EXE_telemetry"))
            .args(["--json", "demo", "--listen", "127.0.0.1:0", "--seed", "7", "--data"])
            .arg(folder)
            .args(more)
            .env("TELEMETRY_LOG", "warn")
            .env("TELEMETRY_INIT_TOKEN", TOKEN)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut demo = Demo { child, stdout, url: String::new() };
        demo.url = demo.line()["listening"].as_str().expect("an address").to_owned();
        demo
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"))
    }

    /// Waits until it is filled; the events it says.
    fn filled(&mut self) -> u64 {
        let line = self.line();
        assert_eq!((&line["demo"], &line["email"]), (&json!("done"), &json!("demo@example.org")), "{line}");
        line["events"].as_u64().expect("a number")
    }

    fn api(&self, method: &str, path: &str, body: &Value) -> Value {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .into();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {TOKEN}"));
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let mut response = match &bytes[..] {
            [] => agent.run(request.body(()).expect("a request")).expect("an answer"),
            bytes => agent.run(request.body(bytes).expect("a request")).expect("an answer"),
        };
        let text = response.body_mut().read_to_string().expect("a text");
        assert_eq!(response.status(), 200, "{method} {path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    fn outcomes(&self) -> Value {
        self.api("GET", "/api/projects/1/outcomes", &Value::Null)
    }

    /// Totals of events over all time, as the page asks for them.
    fn totals(&self, series: &[(&str, &str)]) -> Vec<f64> {
        let series: Vec<Value> = series.iter().map(|(event, math)| json!({"event": event, "math": math})).collect();
        let question = json!({"kind": "trends", "series": series, "date_from": "all"});
        let answer = self.api("POST", "/api/projects/1/query", &question);
        let series = answer["series"].as_array().expect("series");
        series.iter().map(|one| one["total"].as_f64().expect("a total")).collect()
    }

    fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("reaped");
    }

    fn stop(&mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        let status = self.child.wait().expect("reaped");
        assert!(status.success(), "{status}");
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const SMALL: [&str; 4] = ["--persons", "300", "--days", "10"];

#[test]
fn a_small_demo_is_filled_once_with_plausible_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut demo = Demo::start(folder.path(), &SMALL);
    let events = demo.filled();
    assert!(events > 8 * PERSONS, "{events}");
    let outcomes = demo.outcomes();
    let expected = (&json!(events), &json!(events), &json!(0), &json!(0), &json!(0));
    let counts =
        |outcomes: &Value| ["received", "stored", "duplicate", "failed", "not_kept"].map(|name| outcomes[name].clone());
    let [received, stored, duplicate, failed, not_kept] = counts(&outcomes);
    assert_eq!((&received, &stored, &duplicate, &failed, &not_kept), expected);
    assert_eq!(outcomes["removed_fields"], json!([]), "nothing in a demo looks like a secret");
    let state = demo.api("GET", "/api/projects/1/demo", &Value::Null);
    assert_eq!(state, json!({"state": "done", "sent": events, "total": events}));

    let project = demo.api("GET", "/api/projects/1", &Value::Null);
    assert_eq!(
        (&project["name"], &project["level"], &project["time_zone"]),
        (&json!("e-Samwad (demo)"), &json!("full"), &json!("Asia/Kolkata"))
    );
    let totals = demo.totals(&[
        ("START", "total"),
        ("IMPRESSION", "total"),
        ("INTERACT", "total"),
        ("END", "total"),
        ("leave_requested", "total"),
    ]);
    let [starts, impressions, clicks, ends, leaves] = totals[..] else { panic!("{totals:?}") };
    assert!(impressions > 2.0 * starts && clicks > starts, "{totals:?}");
    assert!(ends < starts && ends > 0.7 * starts, "{totals:?}");
    assert!(leaves > 0.0 && leaves < 0.1 * impressions, "{totals:?}");
    assert_eq!(demo.totals(&[("START", "dau")]), [PERSONS as f64], "everybody came at least once");
    demo.stop();

    // Again: nothing is added, and other settings are refused.
    let mut demo = Demo::start(folder.path(), &[]);
    assert_eq!(demo.filled(), events);
    assert_eq!(counts(&demo.outcomes()), counts(&outcomes));
    demo.stop();
    let refused = Command::new(env!("CARGO_BIN_EXE_telemetry"))
        .args(["demo", "--listen", "127.0.0.1:0", "--persons", "5", "--data"])
        .arg(folder.path())
        .output()
        .expect("the binary runs");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--persons 300 --days 10 --seed 7"));
}

#[test]
fn a_fill_that_is_killed_again_and_again_is_exact() {
    let folder = tempfile::tempdir().expect("a folder");
    let many = ["--persons", "2000", "--days", "20"];
    let mut killed_between = 0;
    for after_events in [300, 6_000, 14_000] {
        let demo = Demo::start(folder.path(), &many);
        let give_up = Instant::now() + Duration::from_secs(60);
        loop {
            let state = demo.api("GET", "/api/projects/1/demo", &Value::Null);
            let sent = state["sent"].as_u64().expect("a number");
            if sent >= after_events {
                killed_between += u32::from(state["state"] == "running");
                break;
            }
            assert!(Instant::now() < give_up, "{state}");
        }
        demo.kill();
    }
    assert!(killed_between >= 2, "the fill was over before it could be killed");
    let mut demo = Demo::start(folder.path(), &many);
    let events = demo.filled();
    let outcomes = demo.outcomes();
    assert_eq!(outcomes["stored"], json!(events), "{outcomes}");
    assert_eq!(outcomes["failed"], 0);
    let repeated = outcomes["duplicate"].as_u64().expect("a number");
    assert_eq!(outcomes["received"], json!(events + repeated));
    let state = demo.api("GET", "/api/projects/1/demo", &Value::Null);
    assert_eq!(state, json!({"state": "done", "sent": events, "total": events}));
    assert_eq!(demo.totals(&[("START", "dau")]), [2_000.0]);
    demo.stop();
}

#[test]
fn a_directory_with_projects_of_its_own_is_refused() {
    let mut server = Running::start();
    server.stop();
    let output = Command::new(env!("CARGO_BIN_EXE_telemetry"))
        .args(["demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(server.folder.path())
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("directory of its own"));
    server.restart();
    assert_eq!(server.api("GET", "/api/projects", Value::Null).body["projects"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_live_demo_ends_at_once_when_it_is_asked_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut demo = Demo::start(folder.path(), &[&SMALL[..], &["--live"]].concat());
    let events = demo.filled();
    assert!(demo.outcomes()["stored"].as_u64() >= Some(events));
    let asked = Instant::now();
    demo.stop();
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    let mut rest = String::new();
    demo.stdout.read_to_string(&mut rest).expect("the end");
    assert_eq!(rest, "");
}

#[test]
fn one_call_makes_the_demo_and_the_next_finds_it() {
    let mut server = Running::start();
    let none = server.api("GET", "/api/projects/1/demo", Value::Null);
    assert_eq!((none.status, &none.body), (200, &json!({"state": "none", "sent": 0, "total": 0})));
    assert_eq!(server.api("GET", "/api/projects/9/demo", Value::Null).status, 404);

    for (wrong, field) in
        [(json!({"persons": 0}), "persons"), (json!({"persons": 100_001}), "persons"), (json!({"days": 1}), "days")]
    {
        let refused = server.api("POST", "/api/demo", wrong);
        assert_eq!((refused.status, refused.body["error"]["path"].as_str()), (400, Some(field)));
    }
    assert_eq!(server.api("POST", "/api/demo", json!({"size": 1})).status, 400);

    let made = server.api("POST", "/api/demo", json!({"persons": 300, "days": 10}));
    assert_eq!((made.status, &made.body["name"]), (201, &json!("e-Samwad (demo)")), "{}", made.body);
    // Without a body, and without harm.
    let again = server.api("POST", "/api/demo", Value::Null);
    assert_eq!((again.status, &again.body["id"]), (200, &made.body["id"]), "{}", again.body);
    let path = format!("/api/projects/{}/demo", made.body["id"]);
    // A stop in between: the next start goes on by itself.
    server.stop();
    server.restart();
    let give_up = Instant::now() + Duration::from_secs(60);
    let done = loop {
        let state = server.api("GET", &path, Value::Null).body;
        assert!(Instant::now() < give_up, "{state}");
        match state["state"].as_str() {
            Some("done") => break state,
            Some("running") => {}
            _ => panic!("{state}"),
        }
    };
    assert_eq!(done["sent"], done["total"]);
    let outcomes = server.api("GET", &path.replace("demo", "outcomes"), Value::Null).body;
    assert_eq!((&outcomes["stored"], &outcomes["failed"]), (&done["total"], &json!(0)));
    let third = server.api("POST", "/api/demo", Value::Null);
    assert_eq!((third.status, &third.body["id"], &third.body["has_events"]), (200, &made.body["id"], &json!(true)));
    assert_eq!(server.outcomes()["received"], 0, "the other project is left alone");
}

#[test]
fn only_admins_make_a_demo() {
    let server = Running::start();
    for role in ["viewer", "member"] {
        let email = format!("{role}@example.org");
        let member = json!({"email": email, "name": role, "role": role, "password": "long enough 2"});
        assert_eq!(server.api("POST", "/api/members", member).status, 201);
        let login = json!({"email": email, "password": "long enough 2"}).to_string();
        let answer = server.send("POST", "/api/login", &[("x-telemetry", "1")], login.as_bytes());
        let cookie = answer.header("set-cookie").and_then(|text| text.split(';').next()).expect("a cookie").to_owned();
        let headers = [("cookie", cookie.as_str()), ("x-telemetry", "1")];
        assert_eq!(server.send("POST", "/api/demo", &headers, b"").status, 403, "{role}");
        assert_eq!(server.send("GET", "/api/projects/1/demo", &headers, b"").status, 200, "{role}");
    }
    let key = format!("Bearer {WRITE_KEY}");
    assert_eq!(server.send("POST", "/api/demo", &[("authorization", &key)], b"").status, 401);
}
