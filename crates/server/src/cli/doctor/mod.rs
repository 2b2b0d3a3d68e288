//! `telemetry doctor`: what of the machine, the settings and the data directory will hurt, and what to do about it.
//!
//! Looks only: the one file it writes, to measure a sync, is removed again.

mod directory;
mod machine;

use super::frozen;
use crate::config::Config;
use crate::local::Running;
use anyhow::bail;
use serde::Serialize;
use std::time::Duration;

/// How a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Ok,
    /// Will hurt under load, or later.
    Warning,
    /// Stops the server, or loses data.
    Error,
}

/// One subject.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// How it is.
    pub state: State,
    /// One or two words.
    pub subject: &'static str,
    /// What was seen.
    pub detail: String,
    /// What to do, when something is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// All that was looked at.
#[derive(Default)]
struct Findings(Vec<Found>);

impl Findings {
    fn ok(&mut self, subject: &'static str, detail: impl Into<String>) {
        self.0.push(Found { state: State::Ok, subject, detail: detail.into(), advice: None });
    }

    fn warning(&mut self, subject: &'static str, detail: impl Into<String>, advice: impl Into<String>) {
        self.bad(State::Warning, subject, detail, advice);
    }

    fn error(&mut self, subject: &'static str, detail: impl Into<String>, advice: impl Into<String>) {
        self.bad(State::Error, subject, detail, advice);
    }

    fn bad(&mut self, state: State, subject: &'static str, detail: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Found { state, subject, detail: detail.into(), advice: Some(advice.into()) });
    }
}

/// Looks at everything and prints it.
///
/// # Errors
/// Something is an error; it has been printed.
pub fn run(config: &Config, json: bool) -> anyhow::Result<()> {
    let mut findings = Findings::default();
    machine::versions(&mut findings);
    machine::limits(config, &mut findings);
    machine::memory(config, &mut findings);
    machine::clock(&mut findings);
    directory::disk(config, &mut findings);
    directory::permissions(config, &mut findings);
    directory::content(config, &mut findings);
    server(config, &mut findings);
    let errors = findings.0.iter().filter(|found| found.state == State::Error).count();
    if json {
        let value = serde_json::json!({ "ok": errors == 0, "findings": findings.0 });
        println!("{}", serde_json::to_string_pretty(&value)?);
    } else {
        for found in &findings.0 {
            let word = match found.state {
                State::Ok => "ok",
                State::Warning => "warning",
                State::Error => "ERROR",
            };
            println!("{word:8} {:12} {}", found.subject, found.detail);
            if let Some(advice) = &found.advice {
                println!("{:21} -> {advice}", "");
            }
        }
    }
    if errors > 0 {
        bail!("{errors} things must be mended");
    }
    Ok(())
}

/// Whether a server runs on the directory, and whether it takes events.
fn server(config: &Config, findings: &mut Findings) {
    if !frozen::is_in_use(&config.data) {
        return findings.ok("server", "no server runs on this data directory");
    }
    let Some(running) = Running::of(&config.data) else {
        return findings.warning(
            "server",
            "the data directory is in use, by a command or a server of an older version",
            "wait for the command to end, or restart the server with this version",
        );
    };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(5)))
        .proxy(None)
        .build()
        .into();
    let answer = agent.get(format!("{}/ready", running.url)).call();
    match answer {
        Ok(mut answer) => {
            let status = answer.status();
            let body: serde_json::Value = answer
                .body_mut()
                .read_to_string()
                .ok()
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default();
            if status.is_success() {
                findings.ok("server", format!("process {} takes events at {}", running.pid, running.url));
            } else {
                let reason = body["reason"].as_str().unwrap_or("it is stopping").to_owned();
                findings.error(
                    "server",
                    format!("process {} takes no events: {reason}", running.pid),
                    "make room on the disk; after a failed write look at the disk's health, then restart the server",
                );
            }
        }
        Err(error) => findings.error(
            "server",
            format!("process {} does not answer at {}: {error}", running.pid, running.url),
            "look at its log; `kill` it and start it again if it hangs",
        ),
    }
}

/// A size for people.
fn size(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    if bytes >= 10 * 1024 * MIB { format!("{} GiB", bytes >> 30) } else { format!("{} MiB", bytes / MIB) }
}
