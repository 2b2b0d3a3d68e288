//! Every accepted batch, durable before we say 200. Bytes: docs/formats/wal.md.

pub(crate) mod reader;
pub(crate) mod record;
pub(crate) mod recovery;
pub(crate) mod writer;

use std::path::{Path, PathBuf};

/// The path of a WAL file.
pub(crate) fn path_of(dir: &Path, number: u64) -> PathBuf {
    dir.join("wal").join(format!("{number:08}.wal"))
}
