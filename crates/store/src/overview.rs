//! What a data directory holds, from its manifest alone; also while a store works on it.

use crate::disk::Disk;
use crate::{StoreError, manifest};
use model::Micros;
use std::path::Path;

/// Sums of what is in files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Number of the manifest.
    pub generation: u64,
    /// Greatest received_at; µs.
    pub received_at: Micros,
    /// Live segment files.
    pub segment_files: u64,
    /// Rows in them.
    pub segment_rows: u64,
    /// Bytes of them.
    pub segment_bytes: u64,
    /// Files set aside as damaged.
    pub quarantined: u64,
}

/// Reads the manifest in force; `None` before the first.
pub fn overview(disk: &dyn Disk, dir: &Path) -> Result<Option<Overview>, StoreError> {
    let Some(manifest) = manifest::read(disk, dir)? else { return Ok(None) };
    let entries = || manifest.projects.values().flat_map(|files| &files.segments);
    Ok(Some(Overview {
        generation: manifest.generation,
        received_at: manifest.received_at,
        segment_files: entries().count() as u64,
        segment_rows: entries().map(|entry| entry.rows).sum(),
        segment_bytes: entries().map(|entry| entry.bytes).sum(),
        quarantined: manifest.quarantined.len() as u64,
    }))
}
