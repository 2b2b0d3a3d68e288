//! A checkpoint for a command: asked of the running server, or made by the command itself when none runs.

use super::{Usage, open_meta, open_store};
use crate::checkpoint::{self, Frozen};
use crate::config::Config;
use crate::local::Running;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::{Disk, RealDisk};

/// A flush of a full buffer on a slow disk takes a while.
const PATIENCE: Duration = Duration::from_secs(300);

/// A checkpoint, removed at the end.
pub struct Source {
    /// Where it lies.
    pub folder: PathBuf,
    /// What it is.
    pub frozen: Frozen,
    data: PathBuf,
    server: Option<Running>,
    ended: bool,
}

impl Source {
    /// Removes the checkpoint.
    ///
    /// # Errors
    /// It cannot be removed and goes on taking space.
    pub fn end(mut self) -> anyhow::Result<()> {
        self.ended = true;
        self.thaw().context("cannot remove the checkpoint; the server removes it at its next start")
    }

    fn thaw(&self) -> anyhow::Result<()> {
        match &self.server {
            Some(server) => {
                let path = format!("/local/checkpoints/{}", self.frozen.name);
                call(server, "DELETE", &path).map(drop)
            }
            None => Ok(checkpoint::thaw(&self.data, &self.frozen.name)?),
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        if !self.ended {
            // A command that fails tells its own error.
            let _ = self.thaw();
        }
    }
}

/// Whether a server, or another command, works on the data directory.
pub fn is_in_use(data: &Path) -> bool {
    let lock = data.join("LOCK");
    lock.exists() && RealDisk.lock(&lock).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}

/// Freezes the data directory as it is now.
///
/// # Errors
/// There is no data directory, or whoever works on it does not answer.
pub fn source(config: &Config) -> anyhow::Result<Source> {
    let data = config.data.clone();
    let made = |frozen: Frozen, server| Source {
        folder: frozen.folder(&data),
        frozen,
        data: data.clone(),
        server,
        ended: false,
    };
    if is_in_use(&config.data) {
        let running = Running::of(&config.data).ok_or_else(|| {
            Usage(format!(
                "{} is in use, by another command or by a server of an older version: let it end first",
                config.data.display()
            ))
        })?;
        let frozen = call(&running, "POST", "/local/checkpoints")?;
        return Ok(made(serde_json::from_slice(&frozen).context("the server's answer")?, Some(running)));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let frozen = runtime.block_on(async {
        let meta = open_meta(config).await?;
        let (store, _) = open_store(config)?;
        let frozen = checkpoint::freeze(&store, &meta, &config.data).await;
        store.close()?;
        meta.close().await;
        frozen
    })?;
    Ok(made(frozen, None))
}

/// Calls the running server.
///
/// # Errors
/// It does not answer, or with an error.
pub fn call(server: &Running, method: &str, path: &str) -> anyhow::Result<Vec<u8>> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .proxy(None)
        .build()
        .into();
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{}{path}", server.url))
        .header("authorization", format!("Bearer {}", server.secret))
        .body(())?;
    let mut response = agent
        .run(request)
        .with_context(|| format!("the server (process {}) does not answer at {}", server.pid, server.url))?;
    let body = response.body_mut().with_config().limit(1 << 30).read_to_vec().context("the server's answer")?;
    if !response.status().is_success() {
        let value: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let message = value["error"]["message"].as_str().unwrap_or("it gave no reason");
        anyhow::bail!("the server refused ({}): {message}", response.status());
    }
    Ok(body)
}
