//! The commands of the binary.

pub mod backup;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod export;
pub mod frozen;
pub mod import;
pub mod query;
pub mod serve;
pub mod sql;
mod tables;
pub mod verify;

use crate::clock;
use crate::config::Config;
use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use meta::{Meta, Project};
use std::io::IsTerminal;
use std::sync::Arc;
use store::{OpenReport, RealDisk, Store, StoreError, StoreOptions};

/// The caller asked for something that cannot be; the message says what can. Exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Prints the OpenAPI document.
///
/// # Errors
/// None in practice.
pub fn openapi() -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(&crate::api::router::api().1)?);
    Ok(())
}

/// Opens the events of a data directory.
///
/// # Errors
/// Another process uses it, the files are of a newer version, or the disk refuses.
pub fn open_store(config: &Config) -> anyhow::Result<(Arc<Store>, OpenReport)> {
    backup::restore::refuse_unfinished(&config.data)?;
    std::fs::create_dir_all(&config.data)
        .with_context(|| format!("cannot create the data directory {}", config.data.display()))?;
    let options = StoreOptions {
        flush_rows: config.flush_rows,
        flush_bytes: config.flush_bytes,
        flush_age: i64::try_from(config.flush_age.as_micros()).unwrap_or(i64::MAX),
        buffer_bytes_max: config.buffer_bytes_max,
        column_cache_bytes: config.column_cache_bytes,
        column_files_bytes: config.column_files_bytes,
        ..StoreOptions::default()
    };
    Store::open(Arc::new(RealDisk), &config.data, options, clock::now()).map_err(|error| match error {
        StoreError::Locked { path } => anyhow::Error::new(Usage(format!(
            "{} is in use: a server or another command works on this data directory. Stop it first, or ask the \
             server over HTTP (POST /api/projects/{{id}}/query)",
            path.display()
        ))),
        other => anyhow::Error::new(other).context(format!("cannot open {}", config.data.display())),
    })
}

/// Opens the metadata of a data directory that must exist.
///
/// # Errors
/// There is none, or it cannot be read.
pub async fn open_meta(config: &Config) -> anyhow::Result<Meta> {
    if !config.data.join(meta::FILE_NAME).exists() {
        let message = format!("{} is no data directory; `telemetry serve` makes one", config.data.display());
        return Err(Usage(message).into());
    }
    Ok(Meta::open(&config.data).await?)
}

/// Finds a project by number or name; `None` means the only one.
///
/// # Errors
/// No such project, or the choice is open; the message lists what there is.
pub async fn find_project(meta: &Meta, wanted: Option<&str>) -> anyhow::Result<Project> {
    let mut projects = meta.projects().await?;
    let listed = projects.iter().map(|p| format!("{} {:?}", p.id, p.name)).collect::<Vec<_>>().join(", ");
    let found = match wanted {
        Some(wanted) => projects.iter().position(|p| p.id.to_string() == wanted || p.name == wanted),
        None if projects.len() == 1 => Some(0),
        None => None,
    };
    match found {
        Some(index) => Ok(projects.swap_remove(index)),
        None => Err(Usage(format!("name one project with --project; there are: {listed}")).into()),
    }
}

/// A bar of bytes for people at a terminal; hidden for scripts.
pub(crate) fn progress_bar(bytes: u64, json: bool, what: &'static str) -> ProgressBar {
    if json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} {bar:30} {percent}% {bytes_per_sec} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(bytes).with_style(style).with_message(what)
}

/// The same where the end is not known.
pub(crate) fn spinner(json: bool) -> ProgressBar {
    if json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    ProgressBar::new_spinner()
}
