//! How far an import has come, so that an interrupted one goes on where it was.
//!
//! One small JSON file in the data directory, replaced in one step after the store has acknowledged what it says. It may
//! lag behind the store: what is read twice is found by its id and adds nothing. It is gone when no import is open.

use super::ImportOptions;
use model::{Micros, ProjectId, Uuid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Its name in the data directory.
pub const FILE_NAME: &str = "imports.json";
/// How much of a file's head is part of its identity.
const HEAD_BYTES: u64 = 64 << 10;
/// Files whose import was given up are forgotten beyond this number, oldest first.
const FILES_MAX: usize = 10_000;

/// The open imports of a data directory.
pub struct Checkpoint {
    path: PathBuf,
    files: BTreeMap<String, Entry>,
    changed: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    /// For people who look into the file.
    path: PathBuf,
    project: u32,
    /// Number of the last item that is in the store.
    item: u64,
    /// Nothing is left to read.
    done: bool,
    at: Micros,
}

/// What tells a file and its reading apart from others: size, time of change, head, project and column map.
pub fn identity(path: &Path, project: ProjectId, options: &ImportOptions) -> io::Result<String> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    let changed = metadata.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let mut told = format!(
        "{}\n{}\n{changed}\n{:?}\n{:?}\n{:?}\n{}\n",
        project,
        metadata.len(),
        options.format,
        options.map,
        options.time,
        options.delimiter
    )
    .into_bytes();
    file.take(HEAD_BYTES).read_to_end(&mut told)?;
    Ok(Uuid::new_v5(&Uuid::NAMESPACE_OID, &told).to_string())
}

impl Checkpoint {
    /// Reads what is there; a file that cannot be understood is as none, for reading again does no harm.
    pub fn open(data: &Path) -> Checkpoint {
        let path = data.join(FILE_NAME);
        let text = std::fs::read(&path).unwrap_or_default();
        Checkpoint { path, files: serde_json::from_slice(&text).unwrap_or_default(), changed: false }
    }

    /// The number of the last item that is in the store; `None`: nothing is left to read.
    pub fn item(&self, identity: &str) -> Option<u64> {
        match self.files.get(identity) {
            Some(entry) if entry.done => None,
            Some(entry) => Some(entry.item),
            None => Some(0),
        }
    }

    /// Notes how far a file has come; not on disk before [`Checkpoint::write`].
    pub fn note(&mut self, identity: &str, path: &Path, project: ProjectId, item: u64, done: bool, at: Micros) {
        // Nothing is gained by remembering a file that is read in a moment.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.files.insert(identity.to_owned(), Entry { path, project: project.0, item, done, at });
        self.changed = true;
    }

    /// Forgets files.
    pub fn forget<'a>(&mut self, identities: impl IntoIterator<Item = &'a str>) {
        for identity in identities {
            self.changed |= self.files.remove(identity).is_some();
        }
    }

    /// Writes what was noted, in one step and durably.
    pub fn write(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.changed) {
            return Ok(());
        }
        while self.files.len() > FILES_MAX {
            let oldest = self.files.iter().min_by_key(|(_, entry)| entry.at).map(|(identity, _)| identity.clone());
            self.files.remove(&oldest.unwrap_or_default());
        }
        if self.files.is_empty() {
            return match std::fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        let next = self.path.with_extension("json.next");
        let mut file = File::create(&next)?;
        file.write_all(&serde_json::to_vec_pretty(&self.files).map_err(io::Error::other)?)?;
        file.sync_data()?;
        std::fs::rename(&next, &self.path)
    }
}
