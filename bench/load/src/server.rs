//! A server of our own for a test: started, killed, started again on the same directory and port.

use anyhow::{Context, bail};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The key of the project that the first start makes.
pub const WRITE_KEY: &str = "tmw_load_generator";
/// Its name.
pub const PROJECT: &str = "load";
/// Longer than any start that is not stuck.
const START_PATIENCE: Duration = Duration::from_secs(120);

/// A running `telemetry serve`; killed when dropped.
pub struct Server {
    binary: PathBuf,
    data: PathBuf,
    settings: Vec<String>,
    child: Child,
    /// `host:port`; stays the same over restarts.
    pub address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts on a data directory; sets it up when it is new. `settings` are `name=value`.
    ///
    /// # Errors
    /// The server does not start.
    pub fn start(binary: &Path, data: &Path, settings: &[String]) -> anyhow::Result<Server> {
        let (child, address) = spawn(binary, data, "127.0.0.1:0", settings)?;
        let (binary, data, settings) = (binary.to_owned(), data.to_owned(), settings.to_vec());
        Ok(Server { binary, data, settings, child, address })
    }

    /// Ends it as a power button does: nothing is flushed.
    ///
    /// # Errors
    /// It could not be killed.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill().context("cannot kill the server")?;
        self.child.wait().context("cannot wait for the server")?;
        Ok(())
    }

    /// Starts it again; returns how long it took until it listened.
    ///
    /// # Errors
    /// The server does not start.
    pub fn restart(&mut self) -> anyhow::Result<Duration> {
        let started = Instant::now();
        let (child, _) = spawn(&self.binary, &self.data, &self.address, &self.settings)?;
        self.child = child;
        Ok(started.elapsed())
    }

    /// Ends it as an operator does and waits; an error when its exit code is not 0.
    ///
    /// # Errors
    /// It does not end well.
    pub fn stop(mut self) -> anyhow::Result<()> {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).context("cannot signal the server")?;
        let status = self.child.wait().context("cannot wait for the server")?;
        if status.success() { Ok(()) } else { bail!("the server ended with {status}") }
    }
}

fn spawn(binary: &Path, data: &Path, listen: &str, settings: &[String]) -> anyhow::Result<(Child, String)> {
    let mut command = Command::new(binary);
    command.args(["serve", "--json", "--listen", listen, "--data"]).arg(data);
    for setting in settings {
        command.args(["--set", setting]);
    }
    let init = [
        ("EMAIL", "load@example.org"),
        ("PASSWORD", "load load load"),
        ("ORGANIZATION", "Load"),
        ("PROJECT", PROJECT),
        ("LEVEL", "full"),
        ("WRITE_KEY", WRITE_KEY),
    ];
    for (name, value) in init {
        command.env(format!("TELEMETRY_INIT_{name}"), value);
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let stdout = child.stdout.take().context("no standard output")?;
    let started = Instant::now();
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let said: serde_json::Value = serde_json::from_str(&line)
        .with_context(|| format!("the server did not say where it listens within {:?}: {line:?}", started.elapsed()))?;
    let url = said["listening"].as_str().unwrap_or_default();
    let address = url.strip_prefix("http://").context("no address")?.to_owned();
    if started.elapsed() > START_PATIENCE {
        bail!("the server needed {:?} to start", started.elapsed());
    }
    Ok((child, address))
}
