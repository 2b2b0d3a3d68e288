//! `telemetry restore`: a backup becomes a data directory, every byte checked before it is put in place.
//!
//! Safe to start again after any end. In the data directory:
//! 1. the backup is unpacked into `restore.partial` and checked; what was there is untouched;
//! 2. renamed to `restore.ready`: from here on what was there moves into `replaced-…`;
//! 3. renamed to `restore.moving`: from here on the new files move up, the manifest last; then it is removed.
//!
//! While `restore.ready` or `restore.moving` is there, nothing else opens the directory.

use super::super::verify::{self, Report};
use super::super::{Usage, progress_bar};
use super::{archive, reader};
use crate::checkpoint::private_folder;
use crate::clock;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use store::{Disk, RealDisk};

const PARTIAL: &str = "restore.partial";
const READY: &str = "restore.ready";
const MOVING: &str = "restore.moving";
const REPLACED: &str = "replaced-";
const LOCK: &str = "LOCK";

/// Refuses a directory in which a restore did not end.
///
/// # Errors
/// Says to run it again.
pub fn refuse_unfinished(data: &Path) -> Result<(), Usage> {
    if [READY, MOVING].iter().any(|name| data.join(name).exists()) {
        return Err(Usage(format!(
            "a restore into {} did not end: run the same `telemetry restore` again",
            data.display()
        )));
    }
    Ok(())
}

/// Restores `backup` into `data`, which must be empty; with `force` what is there moves aside.
///
/// # Errors
/// The backup is damaged, the directory is not empty or in use, or the file system refuses.
pub fn run(data: &Path, backup: &Path, force: bool, json: bool) -> anyhow::Result<()> {
    if !backup.exists() {
        return Err(Usage(format!("there is no backup at {}", backup.display())).into());
    }
    if !data.exists() {
        std::fs::create_dir_all(archive::folder_of(data)).and_then(|()| private_folder(data))?;
    }
    let lock_path = data.join(LOCK);
    let lock = RealDisk.lock(&lock_path).map_err(|error| match error.kind() {
        std::io::ErrorKind::WouldBlock => {
            anyhow::Error::new(Usage(format!("{} is in use: stop the server first", data.display())))
        }
        _ => anyhow::Error::new(error).context(format!("cannot lock {}", lock_path.display())),
    })?;
    let aside = if refuse_unfinished(data).is_ok() {
        let old = content(data)?;
        if !old.is_empty() && !force {
            return Err(Usage(format!(
                "{} is not empty. Restore into an empty directory, or move what is there aside with --force",
                data.display()
            ))
            .into());
        }
        unpack(data, backup, json)?;
        rename(data, PARTIAL, READY)?;
        !old.is_empty()
    } else {
        false
    };
    finish(data)?;
    drop(lock);
    if json {
        println!("{}", serde_json::json!({ "data": data, "moved_aside": aside }));
    } else {
        println!("restored into {}; start the server as usual", data.display());
        if aside {
            println!("what was there before lies in its folder {REPLACED}…; remove it when you are sure");
        }
    }
    Ok(())
}

/// Names that are neither ours nor moved aside before.
fn content(data: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(data).with_context(|| format!("cannot list {}", data.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        let is_ours = [PARTIAL, READY, MOVING, LOCK].contains(&&*text) || text.starts_with(REPLACED);
        if !is_ours {
            names.push(entry.path());
        }
    }
    Ok(names)
}

fn unpack(data: &Path, backup: &Path, json: bool) -> anyhow::Result<()> {
    let partial = data.join(PARTIAL);
    if partial.exists() {
        std::fs::remove_dir_all(&partial).context("cannot remove what an earlier restore left")?;
    }
    private_folder(&partial)?;
    let result = unpack_into(&partial, backup, json);
    if result.is_err() {
        // The next try removes what stays.
        let _ = std::fs::remove_dir_all(&partial);
    }
    result
}

fn unpack_into(partial: &Path, backup: &Path, json: bool) -> anyhow::Result<()> {
    let bar = progress_bar(archive_bytes(backup), json, "unpacking");
    let read = reader::read(backup, Some(partial), &mut |bytes| bar.inc(bytes))?;
    bar.finish_and_clear();
    if let Some((name, detail)) = read.wrong.first() {
        bail!("the backup is damaged ({} findings) and was not restored: {name}: {detail}", read.wrong.len());
    }
    archive::sync_folders(partial).context("cannot sync what was unpacked")?;
    let mut report = Report::default();
    verify::data_directory(partial, &mut report, json)?;
    if let Some(error) = report.first_error() {
        bail!("the backup is whole, but what it holds is wrong and was not restored: {error}");
    }
    Ok(())
}

fn archive_bytes(backup: &Path) -> u64 {
    // Only for the bar; of a folder it is not known before it is read.
    std::fs::metadata(backup).map_or(0, |metadata| if metadata.is_file() { metadata.len() } else { 0 })
}

fn rename(data: &Path, from: &str, to: &str) -> anyhow::Result<()> {
    std::fs::rename(data.join(from), data.join(to))
        .and_then(|()| archive::sync_folder(data))
        .with_context(|| format!("cannot rename {from} in {}", data.display()))
}

/// Steps 2 and 3, from wherever an earlier try ended.
fn finish(data: &Path) -> anyhow::Result<()> {
    if data.join(READY).exists() {
        let old = content(data)?;
        if !old.is_empty() {
            let aside = data.join(format!("{REPLACED}{}", clock::now() / 1_000_000));
            private_folder(&aside)?;
            move_into(&old, &aside)?;
            archive::sync_folder(&aside)?;
        }
        rename(data, READY, MOVING)?;
    }
    let moving = data.join(MOVING);
    let mut new: Vec<PathBuf> =
        std::fs::read_dir(&moving)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    // The manifest makes the other files count, so it is the last.
    new.sort_by_key(|path| path.file_name().is_some_and(|name| name == "MANIFEST"));
    move_into(&new, data)?;
    std::fs::remove_dir(&moving)?;
    archive::sync_folder(data).context("cannot sync the data directory")
}

fn move_into(paths: &[PathBuf], folder: &Path) -> anyhow::Result<()> {
    for path in paths {
        let name = path.file_name().context("a path without a name")?;
        std::fs::rename(path, folder.join(name)).with_context(|| format!("cannot move {}", path.display()))?;
    }
    Ok(())
}
