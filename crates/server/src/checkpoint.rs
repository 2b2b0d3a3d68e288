//! Frozen copies of a data directory, inside it: what backups and `verify` read while the server works.
//!
//! Files are second names of the live ones, so a checkpoint costs no space until the live ones go; `meta.sqlite` is a
//! copy. Events first, metadata after: events may be of a project made a moment ago, which the metadata must know.

use crate::clock;
use anyhow::Context;
use meta::Meta;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::{Checkpoint, Store};

/// The folder in the data directory.
const FOLDER: &str = "checkpoints";
/// A checkpoint this old was forgotten by the command that asked for it.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// A checkpoint with everything else that a backup needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Frozen {
    /// Its name below the folder of checkpoints.
    pub name: String,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// Version of the program that made it.
    pub version: String,
    /// The events.
    pub checkpoint: Checkpoint,
    /// Other files in it.
    pub others: Vec<PathBuf>,
}

impl Frozen {
    /// Where it lies.
    pub fn folder(&self, data: &Path) -> PathBuf {
        data.join(FOLDER).join(&self.name)
    }
}

/// Makes a checkpoint.
///
/// # Errors
/// The store or the metadata cannot be written, or the file system gives no second names.
pub async fn freeze(store: &Arc<Store>, meta: &Meta, data: &Path) -> anyhow::Result<Frozen> {
    let now = clock::now();
    let frozen = |checkpoint, others| Frozen {
        name: now.to_string(),
        made_at: clock::rfc3339(now),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        checkpoint,
        others,
    };
    let folder = data.join(FOLDER).join(now.to_string());
    let result = fill(store, meta, data, &folder).await;
    match result {
        Ok((checkpoint, others)) => Ok(frozen(checkpoint, others)),
        Err(error) => {
            // What stays is removed at the next start.
            let _ = std::fs::remove_dir_all(&folder);
            Err(error)
        }
    }
}

async fn fill(
    store: &Arc<Store>,
    meta: &Meta,
    data: &Path,
    folder: &Path,
) -> anyhow::Result<(Checkpoint, Vec<PathBuf>)> {
    let wrong = || format!("cannot make {}", folder.display());
    private_folder(&data.join(FOLDER)).and_then(|()| private_folder(folder)).with_context(wrong)?;
    let (own, to) = (Arc::clone(store), folder.to_owned());
    let checkpoint = tokio::task::spawn_blocking(move || own.checkpoint(&to)).await?.context("the events")?;
    meta.copy_to(&folder.join(meta::FILE_NAME)).await.context("the metadata")?;
    let mut others = vec![PathBuf::from(meta::FILE_NAME)];
    let settings = Path::new("telemetry.toml");
    match std::fs::copy(data.join(settings), folder.join(settings)) {
        Ok(_) => others.push(settings.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).context("telemetry.toml"),
    }
    Ok((checkpoint, others))
}

/// Makes a folder that only its owner can enter; fine if it is there.
///
/// # Errors
/// As of the file system.
pub fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

/// Removes a checkpoint; fine if it is gone.
///
/// # Errors
/// The name is none of ours, or the file system refuses.
pub fn thaw(data: &Path, name: &str) -> io::Result<()> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no name of a checkpoint"));
    }
    gone(std::fs::remove_dir_all(data.join(FOLDER).join(name)))
}

fn gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Removes all checkpoints: at a start nobody reads any.
pub fn thaw_all(data: &Path) {
    if let Err(error) = gone(std::fs::remove_dir_all(data.join(FOLDER))) {
        tracing::warn!(%error, "old checkpoints cannot be removed and take space");
    }
}

/// Removes those that a command left behind when it was killed; `now` in µs.
pub fn thaw_forgotten(data: &Path, now: i64) {
    let Ok(entries) = std::fs::read_dir(data.join(FOLDER)) else { return };
    for name in entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()) {
        let age = name.parse().map_or(0, |made: i64| now.saturating_sub(made));
        if i128::from(age) > FORGOTTEN_AFTER.as_micros() as i128 {
            tracing::warn!(name, "a checkpoint that nobody removed for a day is removed");
            let _ = thaw(data, &name);
        }
    }
}
