//! Starts the server's binary with ours and talks to it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub const TOKEN: &str = "tmp_test_token_with_all_scopes";
const WRITE_KEY: &str = "tmw_test_write_key_of_the_first_project";
/// 2026-01-05T06:00:00Z
pub const MONDAY_MS: i64 = 1_767_592_800_000;
pub const DAY_MS: i64 = 86_400_000;

pub struct Running {
    child: Child,
    /// Kept open: a closed pipe would end the server at its next line.
    _stdout: BufReader<ChildStdout>,
    pub url: String,
    pub folder: TempDir,
    environment: Vec<(String, String)>,
}

pub struct Answer {
    pub status: u16,
    pub text: String,
    pub headers: ureq::http::HeaderMap,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// The server's binary; it must be there.
pub fn telemetry() -> PathBuf {
    let beside = || Path::new(env!("CARGO_BIN_EXE_telemetry-sql")).with_file_name("telemetry");
    let path = std::env::var_os("TELEMETRY_BIN").map_or_else(beside, PathBuf::from);
    assert!(path.is_file(), "{} is missing: run `cargo build -p telemetry-server` first", path.display());
    path
}

fn spawn(folder: &Path, environment: &[(String, String)]) -> (Child, BufReader<ChildStdout>, String) {
    let mut child = Command::new(telemetry())
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("a line");
    let url = line.trim().rsplit(' ').next().expect("an address").to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{line:?}");
    (child, stdout, url)
}

impl Running {
    pub fn start() -> Running {
        Self::start_with(&[])
    }

    /// With an owner, a project, a key, a token, and more settings.
    pub fn start_with(more: &[(&str, &str)]) -> Running {
        let fixed = [
            ("TELEMETRY_INIT_EMAIL", "owner@example.org"),
            ("TELEMETRY_INIT_PASSWORD", "correct horse battery"),
            ("TELEMETRY_INIT_ORGANIZATION", "Education"),
            ("TELEMETRY_INIT_PROJECT", "e-Samwad"),
            ("TELEMETRY_INIT_LEVEL", "full"),
            ("TELEMETRY_INIT_WRITE_KEY", WRITE_KEY),
            ("TELEMETRY_INIT_TOKEN", TOKEN),
            ("TELEMETRY_LOG", "warn"),
            ("TELEMETRY_SQL_BINARY", env!("CARGO_BIN_EXE_telemetry-sql")),
            // A debug build on a busy machine takes its time.
            ("TELEMETRY_SQL_TIMEOUT", "120"),
            ("A_SECRET_OF_THE_SERVER", "hush-hush"),
        ];
        let environment: Vec<(String, String)> =
            fixed.iter().chain(more).map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let folder = tempfile::tempdir().expect("a folder");
        let (child, stdout, url) = spawn(folder.path(), &environment);
        Running { child, _stdout: stdout, url, folder, environment }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGTERM; returns how long the end took.
    pub fn stop(&mut self) -> Duration {
        let started = Instant::now();
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        let status = self.child.wait().expect("reaped");
        assert!(status.success(), "{status}");
        started.elapsed()
    }

    /// Stops, so that the buffer becomes files, and starts again.
    pub fn restart(&mut self) {
        self.stop();
        self.start_again();
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("reaped");
    }

    pub fn start_again(&mut self) {
        (self.child, self._stdout, self.url) = spawn(self.folder.path(), &self.environment);
    }

    pub fn send(&self, method: &str, path: &str, token: &str, body: &[u8]) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(180)))
            .build()
            .into();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {token}"));
        let mut response = match body {
            [] => agent.run(request.body(()).expect("a request")).expect("an answer"),
            body => agent.run(request.body(body).expect("a request")).expect("an answer"),
        };
        let bytes = response.body_mut().with_config().limit(64 << 20).read_to_vec().expect("a body");
        Answer {
            status: response.status().as_u16(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            headers: response.headers().clone(),
        }
    }

    pub fn api(&self, method: &str, path: &str, body: &Value) -> Answer {
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.send(method, path, TOKEN, &bytes)
    }

    pub fn sql(&self, sql: &str) -> Answer {
        self.api("POST", "/api/projects/1/sql", &json!({ "sql": sql }))
    }

    /// The rows of a query that must succeed.
    pub fn rows(&self, sql: &str) -> Value {
        let answer = self.sql(sql);
        assert_eq!(answer.status, 200, "{sql}: {}", answer.text);
        answer.json()["rows"].clone()
    }

    /// A PostHog batch with the write key.
    pub fn posthog(&self, events: &[Value]) {
        self.posthog_to(WRITE_KEY, events);
    }

    pub fn posthog_to(&self, key: &str, events: &[Value]) {
        let body = json!({"api_key": key, "batch": events});
        let answer = self.send("POST", "/batch/", "", body.to_string().as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// The running `telemetry-sql` processes of this server.
    pub fn children(&self) -> Vec<u32> {
        let parent = format!("PPid:\t{}\n", self.pid());
        let status = |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let pids = std::fs::read_dir("/proc")
            .expect("/proc")
            .filter_map(|entry| entry.expect("an entry").file_name().to_str()?.parse::<u32>().ok());
        let ours = |pid: &u32| {
            let status = status(pid);
            status.contains(&parent) && status.starts_with("Name:\ttelemetry-sql") && !status.contains("State:\tZ")
        };
        pids.filter(ours).collect()
    }

    /// Folders of queries that still run.
    pub fn folders(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("sql")).map_or(0, |entries| entries.count())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something holds; it must within 20 s.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(20), "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// `count` events of ten persons over three days.
pub fn events(count: i64) -> Vec<Value> {
    (0..count)
        .map(|n| {
            json!({
                "event": if n % 3 == 0 { "visit" } else { "search" },
                "distinct_id": format!("p{}", n % 10),
                "timestamp_ms": MONDAY_MS + n % 3 * DAY_MS + n,
                "uuid": format!("00000000-0000-4000-8000-{n:012x}"),
                "properties": {
                    "edata.pageid": if n % 2 == 0 { "home" } else { "marks" },
                    "amount": n as f64 / 4.0,
                    "isNew": n % 5 == 0,
                    "tags": [n % 2, "a"],
                    "mixed": if n % 4 == 0 { json!(n) } else { json!(format!("t{}", n % 3)) },
                    "event": "a property of a fixed name",
                },
            })
        })
        .map(at)
        .collect()
}

/// Gives an event its instant as RFC 3339.
fn at(mut event: Value) -> Value {
    let ms = event["timestamp_ms"].as_i64().expect("a number");
    // All tests are in January 2026: MONDAY_MS is the 5th at 06:00.
    let since = ms - (MONDAY_MS - 4 * DAY_MS - 6 * 3_600_000);
    let (day, ms) = (since / DAY_MS + 1, since % DAY_MS);
    let text = format!(
        "2026-01-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1000 % 60,
        ms % 1000
    );
    event["timestamp"] = json!(text);
    event.as_object_mut().expect("an object").remove("timestamp_ms");
    event
}
