//! `telemetry backup`: a whole copy of the data directory as it was at one moment, the server running or not.
//!
//! A checkpoint (`crate::checkpoint`) freezes the moment; its files are copied with their sums, synced, read again and
//! compared, and only then the backup gets its name.

pub mod archive;
pub mod reader;
pub mod restore;
mod writer;

use super::frozen::{self, Source};
use super::{Usage, progress_bar};
use crate::config::Config;
use anyhow::{Context, bail};
use archive::{BackupInfo, FORMAT, INFO};
use indicatif::ProgressBar;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use writer::Writer;
use xxhash_rust::xxh3::Xxh3;

/// Backs up the data directory to `target`: a new folder, or one file when its name ends in `.tar`, `.tar.gz`, `.tgz`.
///
/// # Errors
/// The target is there already, the server does not answer, a file is damaged, or a file system refuses.
pub fn run(config: &Config, target: &Path, json: bool) -> anyhow::Result<()> {
    let source = frozen::source(config)?;
    let mut writer = Writer::begin(target)?;
    let partial = writer.partial().to_owned();
    let info = match write(&source, &mut writer, json).and_then(|info| writer.end().map(|()| info)) {
        Ok(info) => info,
        Err(error) => {
            remove(&partial);
            return Err(error);
        }
    };
    source.end()?;
    let bar = progress_bar(info.bytes, json, "reading again");
    let read = reader::read(&partial, None, &mut |bytes| bar.inc(bytes))?;
    bar.finish_and_clear();
    if let Some((name, detail)) = read.wrong.first() {
        bail!("{} was not written well: {name}: {detail}; it is kept for a look", partial.display());
    }
    std::fs::rename(&partial, target).with_context(|| format!("cannot name {}", target.display()))?;
    archive::sync_folder(archive::folder_of(target)).context("cannot sync the folder of the backup")?;
    if json {
        println!("{}", serde_json::json!({ "backup": target, "info": info }));
    } else {
        println!("{}: {} events in {} files, {} bytes", target.display(), info.rows, info.files, info.bytes);
        for (project, snapshot) in &info.snapshots {
            println!("project {project} up to snapshot {snapshot}");
        }
    }
    Ok(())
}

fn remove(partial: &Path) {
    // The next try removes what stays.
    let _ = if partial.is_dir() { std::fs::remove_dir_all(partial) } else { std::fs::remove_file(partial) };
}

fn write(source: &Source, writer: &mut Writer, json: bool) -> anyhow::Result<BackupInfo> {
    let frozen = &source.frozen;
    let mut files: Vec<(PathBuf, u64, Option<u64>)> =
        frozen.checkpoint.files.iter().map(|file| (file.path.clone(), file.bytes, file.xxh3)).collect();
    for other in &frozen.others {
        let bytes = std::fs::metadata(source.folder.join(other)).with_context(|| other.display().to_string())?.len();
        files.push((other.clone(), bytes, None));
    }
    let info = BackupInfo {
        format: FORMAT,
        version: frozen.version.clone(),
        made_at: frozen.made_at.clone(),
        generation: frozen.checkpoint.generation,
        snapshots: frozen.checkpoint.snapshots.iter().map(|(project, snapshot)| (project.0, *snapshot)).collect(),
        rows: frozen.checkpoint.rows,
        files: files.len() as u64,
        bytes: files.iter().map(|file| file.1).sum(),
    };
    let bar = progress_bar(info.bytes, json, "copying");
    for (path, bytes, xxh3) in files {
        copy(&source.folder, &path, bytes, xxh3, writer, &bar)?;
    }
    bar.finish_and_clear();
    let text = serde_json::to_vec_pretty(&info)?;
    writer.add(INFO, text.len() as u64, &mut text.as_slice())?;
    Ok(info)
}

fn copy(
    folder: &Path,
    path: &Path,
    bytes: u64,
    xxh3: Option<u64>,
    writer: &mut Writer,
    bar: &ProgressBar,
) -> anyhow::Result<()> {
    let name = path.to_str().context("a name that is no text")?;
    let file = File::open(folder.join(path)).with_context(|| format!("cannot open {name}"))?;
    let mut content = Summing { file: file.take(bytes), hash: Xxh3::new(), bar };
    writer.add(&format!("{}{name}", archive::DATA), bytes, &mut content)?;
    if xxh3.is_some_and(|wanted| wanted != content.hash.digest()) {
        let message = format!(
            "{name} is damaged, so there is no backup of it. `telemetry verify` says more; a restart of the server sets \
             the file aside, and a backup can be made without it"
        );
        return Err(Usage(message).into());
    }
    Ok(())
}

/// Sums up what is read, to find damage in the source.
struct Summing<'a> {
    file: io::Take<File>,
    hash: Xxh3,
    bar: &'a ProgressBar,
}

impl Read for Summing<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        self.hash.update(&into[..count]);
        self.bar.inc(count as u64);
        Ok(count)
    }
}
