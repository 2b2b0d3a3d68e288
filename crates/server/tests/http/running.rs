//! Starts the binary on a folder of its own and talks to it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Keys that the unattended set-up gives to the first project.
pub const WRITE_KEY: &str = "tmw_test_write_key_of_the_first_project";
pub const SECRET_KEY: &str = "tms_test_secret_key_of_the_first_project";
pub const TOKEN: &str = "tmp_test_token_with_all_scopes";

/// A server, and the folder that outlives its restarts.
pub struct Running {
    child: Child,
    /// Kept open: a closed pipe would end the server at its next line.
    _stdout: BufReader<ChildStdout>,
    pub url: String,
    pub folder: TempDir,
    environment: Vec<(String, String)>,
    /// Program and arguments that end with running the binary; empty for none.
    wrapper: Vec<String>,
}

/// An answer: status, body as JSON (or as text), headers.
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub headers: ureq::http::HeaderMap,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Running {
    /// Starts with owner, project (level Full unless said otherwise), keys and token.
    pub fn start() -> Running {
        Self::start_with(&[])
    }

    pub fn start_with(more: &[(&str, &str)]) -> Running {
        Self::start_under(&[], more)
    }

    /// As [`Running::start_with`], by another program, which gets the command line of the binary behind `wrapper` and
    /// becomes it. `DATA` in its environment is the data directory.
    pub fn start_under(wrapper: &[&str], more: &[(&str, &str)]) -> Running {
        let mut environment: Vec<(String, String)> = [
            ("TELEMETRY_INIT_EMAIL", "owner@example.org"),
            ("TELEMETRY_INIT_PASSWORD", "correct horse battery"),
            ("TELEMETRY_INIT_ORGANIZATION", "Education"),
            ("TELEMETRY_INIT_PROJECT", "e-Samwad"),
            ("TELEMETRY_INIT_LEVEL", "full"),
            ("TELEMETRY_INIT_WRITE_KEY", WRITE_KEY),
            ("TELEMETRY_INIT_SECRET_KEY", SECRET_KEY),
            ("TELEMETRY_INIT_TOKEN", TOKEN),
        ]
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
        environment.extend(more.iter().map(|(name, value)| (name.to_string(), value.to_string())));
        let wrapper = wrapper.iter().map(|word| (*word).to_owned()).collect();
        Self::on(tempfile::tempdir().expect("a folder"), environment, wrapper)
    }

    /// Starts on an empty folder, with nothing set up.
    pub fn start_bare() -> Running {
        Self::on(tempfile::tempdir().expect("a folder"), Vec::new(), Vec::new())
    }

    /// Starts on a folder that holds something already; its members and keys are those of [`Running::start`].
    pub fn start_on(folder: TempDir) -> Running {
        Self::on(folder, Vec::new(), Vec::new())
    }

    fn on(folder: TempDir, environment: Vec<(String, String)>, wrapper: Vec<String>) -> Running {
        let (child, stdout, url) = spawn(folder.path(), &environment, &wrapper);
        Running { child, _stdout: stdout, url, folder, environment, wrapper }
    }

    /// The server's process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, then a new start on the same folder.
    pub fn kill_and_restart(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("reaped");
        self.restart();
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

    pub fn restart(&mut self) {
        (self.child, self._stdout, self.url) = spawn(self.folder.path(), &self.environment, &self.wrapper);
    }

    /// Starts again and counts all impressions.
    pub fn total_after_restart(&mut self) -> f64 {
        self.restart();
        self.total("IMPRESSION", "total")
    }

    /// One request; `headers` as pairs; a body makes no difference to GET.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .max_redirects(0)
            .build()
            .into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match body {
            [] => agent.run(request.body(()).expect("a request")).expect("an answer"),
            body => agent.run(request.body(body).expect("a request")).expect("an answer"),
        };
        let text = response.body_mut().with_config().limit(64 << 20).read_to_string().unwrap_or_default();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer { status: response.status().as_u16(), body, headers: response.headers().clone() }
    }

    /// A call of the API with the token.
    pub fn api(&self, method: &str, path: &str, body: Value) -> Answer {
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.send(method, path, &[("authorization", &format!("Bearer {TOKEN}"))], &bytes)
    }

    /// A Sunbird batch with the write key.
    pub fn sunbird(&self, events: &[Value]) -> Answer {
        let body = json!({"id": "api.sunbird.telemetry", "ver": "3.0", "params": {"msgid": "m"}, "events": events});
        let authorization = format!("Bearer {WRITE_KEY}");
        self.send("POST", "/data/v3/telemetry", &[("authorization", &authorization)], body.to_string().as_bytes())
    }

    /// A PostHog batch with the write key.
    pub fn posthog(&self, events: &[Value]) -> Answer {
        let body = json!({"api_key": WRITE_KEY, "batch": events});
        self.send("POST", "/batch/", &[], body.to_string().as_bytes())
    }

    /// The total of one math of one event over all time.
    pub fn total(&self, event: &str, math: &str) -> f64 {
        let question = json!({"kind": "trends", "series": [{"event": event, "math": math}], "date_from": "all"});
        let answer = self.api("POST", "/api/projects/1/query", question);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["series"][0]["total"].as_f64().expect("a total")
    }

    /// The counters, after checking that they add up.
    pub fn outcomes(&self) -> Value {
        let outcomes = self.api("GET", "/api/projects/1/outcomes", Value::Null).body;
        let count = |name: &str| outcomes[name].as_u64().expect("a counter");
        let sum = count("stored") + count("duplicate") + count("failed") + count("not_kept");
        assert_eq!(count("received"), sum, "{outcomes}");
        outcomes
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(
    folder: &Path,
    environment: &[(String, String)],
    wrapper: &[String],
) -> (Child, BufReader<ChildStdout>, String) {
    let binary = env!("CARGO_BIN_EXE_telemetry").to_owned();
    let mut words = wrapper.iter().chain([&binary]);
    let mut child = Command::new(words.next().expect("the binary at least"))
        .args(words)
        .env("DATA", folder)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .env("TELEMETRY_LOG", "warn")
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

/// A valid Sunbird event.
pub fn impression(mid: &str, actor: &str, pageid: &str, ets_ms: i64) -> Value {
    json!({
        "eid": "IMPRESSION", "ets": ets_ms, "ver": "3.0", "mid": mid,
        "actor": {"id": actor, "type": "User"},
        "context": {"channel": "hp-education", "pdata": {"id": "test.app", "ver": "1"}, "env": "home", "sid": "s1", "did": "d1"},
        "edata": {"type": "view", "pageid": pageid, "uri": "/home"}
    })
}
