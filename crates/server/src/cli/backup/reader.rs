//! Reads a backup and compares every file with its sum. Its names and lengths come from outside.

use super::super::Usage;
use super::archive::{BackupInfo, DATA, FORMAT, Hashing, INFO, PIECE_BYTES, SUMS, create_private, folder_of};
use anyhow::{Context, bail};
use flate2::read::MultiGzDecoder;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Component, Path};

/// Larger texts are none of ours.
const INFO_BYTES_MAX: u64 = 16 << 20;
const SUMS_BYTES_MAX: u64 = 1 << 30;

/// A backup as read: what it says of itself, and what is wrong with it.
pub struct ReadBackup {
    /// `backup.json`, when it can be read.
    pub info: Option<BackupInfo>,
    /// Files but for the sums.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Name of a file, and which check failed.
    pub wrong: Vec<(String, String)>,
}

/// Reads a whole backup and compares every file with its sum. Each file of the data directory goes into `into`, if
/// given, and is synced there.
///
/// # Errors
/// It cannot be read as a backup at all, or `into` cannot be written.
pub fn read(path: &Path, into: Option<&Path>, progress: &mut dyn FnMut(u64)) -> anyhow::Result<ReadBackup> {
    let mut reading = Reading { into, progress, found: BTreeMap::new(), info: Vec::new(), sums: Vec::new(), bytes: 0 };
    if path.is_dir() {
        reading.folder(path, "").with_context(|| format!("cannot read {}", path.display()))?;
    } else {
        reading.tar(path)?;
    }
    reading.compare()
}

struct Reading<'a> {
    into: Option<&'a Path>,
    progress: &'a mut dyn FnMut(u64),
    /// Name and sum.
    found: BTreeMap<String, String>,
    info: Vec<u8>,
    sums: Vec<u8>,
    bytes: u64,
}

impl Reading<'_> {
    fn folder(&mut self, folder: &Path, prefix: &str) -> anyhow::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.folder(&entry.path(), &format!("{name}/"))?;
            } else {
                self.file(&name, &mut File::open(entry.path())?)?;
            }
        }
        Ok(())
    }

    fn tar(&mut self, path: &Path) -> anyhow::Result<()> {
        let wrong = || format!("cannot read {} as a backup", path.display());
        let mut file = File::open(path).map_err(|error| Usage(format!("cannot read {}: {error}", path.display())))?;
        let mut magic = [0; 2];
        let is_gzip = file.read_exact(&mut magic).is_ok() && magic == [0x1f, 0x8b];
        io::Seek::rewind(&mut file).with_context(wrong)?;
        let file = BufReader::with_capacity(PIECE_BYTES, file);
        let plain: Box<dyn Read> = if is_gzip { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
        let mut archive = tar::Archive::new(plain);
        for entry in archive.entries().with_context(wrong)? {
            let mut entry = entry.with_context(wrong)?;
            let name = entry.path().with_context(wrong)?.to_string_lossy().into_owned();
            if !entry.header().entry_type().is_file() {
                bail!("{} is no backup: {name} is no plain file", path.display());
            }
            self.file(&name, &mut entry).with_context(wrong)?;
        }
        Ok(())
    }

    fn file(&mut self, name: &str, content: &mut dyn Read) -> anyhow::Result<()> {
        match name {
            SUMS => {
                content.take(SUMS_BYTES_MAX).read_to_end(&mut self.sums)?;
                return Ok(());
            }
            INFO => {
                let mut limited = content.take(INFO_BYTES_MAX);
                limited.read_to_end(&mut self.info)?;
                let info = self.info.clone();
                let mut content = info.as_slice();
                return self.hashed(name, &mut content, None);
            }
            _ => {}
        }
        // Names come from outside: nothing may be written beside the target.
        let inner = name.strip_prefix(DATA).map(Path::new);
        let is_plain = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
        let Some(inner) = inner.filter(|inner| is_plain(inner)) else {
            bail!("{name} is no name of a file in a backup");
        };
        let to = self.into.map(|into| into.join(inner));
        self.hashed(name, content, to.as_deref())
    }

    fn hashed(&mut self, name: &str, content: &mut dyn Read, to: Option<&Path>) -> anyhow::Result<()> {
        let mut content = Hashing::new(content);
        let mut file = match to {
            Some(to) => {
                std::fs::create_dir_all(folder_of(to))?;
                Some(create_private(to).with_context(|| format!("cannot write {}", to.display()))?)
            }
            None => None,
        };
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let count = content.read(&mut piece)?;
            if count == 0 {
                break;
            }
            if let Some(file) = &mut file {
                file.write_all(&piece[..count])?;
            }
            self.bytes += count as u64;
            (self.progress)(count as u64);
        }
        if let Some(file) = file {
            file.sync_all()?;
        }
        if self.found.insert(name.to_owned(), content.sum()).is_some() {
            bail!("{name} is in the backup twice");
        }
        Ok(())
    }

    fn compare(self) -> anyhow::Result<ReadBackup> {
        let mut wrong = Vec::new();
        let mut wanted = BTreeMap::new();
        if self.sums.is_empty() {
            wrong.push((SUMS.to_owned(), "missing: the backup is not whole".to_owned()));
        }
        match String::from_utf8(self.sums) {
            Ok(text) => {
                for line in text.lines() {
                    match line.split_once("  ") {
                        Some((sum, name)) => drop(wanted.insert(name.to_owned(), sum.to_owned())),
                        None => wrong.push((SUMS.to_owned(), format!("no sum and name: {line:?}"))),
                    }
                }
            }
            Err(error) => wrong.push((SUMS.to_owned(), error.to_string())),
        }
        for (name, sum) in &wanted {
            match self.found.get(name) {
                None => wrong.push((name.clone(), "missing".to_owned())),
                Some(found) if found != sum => {
                    wrong.push((name.clone(), "its bytes are not those of its sum".to_owned()))
                }
                Some(_) => {}
            }
        }
        let unlisted = self.found.keys().filter(|name| !wanted.contains_key(*name));
        wrong.extend(unlisted.map(|name| (name.clone(), format!("not listed in {SUMS}"))));
        let info = match serde_json::from_slice::<BackupInfo>(&self.info) {
            Ok(info) if info.format == FORMAT => Some(info),
            Ok(info) => {
                let detail = format!("format {}, which this version does not know; use a newer one", info.format);
                wrong.push((INFO.to_owned(), detail));
                None
            }
            Err(error) => {
                wrong.push((INFO.to_owned(), error.to_string()));
                None
            }
        };
        Ok(ReadBackup { info, files: self.found.len() as u64, bytes: self.bytes, wrong })
    }
}
