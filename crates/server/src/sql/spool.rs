//! A result between its query and whoever reads it: in a file without a name, gone when nobody holds it.
//!
//! So an answer is known to be whole before its first byte is sent, and a slow reader holds no query.

use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use tokio::io::AsyncWriteExt;

/// A result that grows.
pub struct Sink {
    file: tokio::fs::File,
    again: std::fs::File,
    bytes: u64,
}

impl Sink {
    /// Makes the file and takes its name away.
    pub fn create(path: &Path) -> std::io::Result<Sink> {
        let file = std::fs::OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
        std::fs::remove_file(path)?;
        Ok(Sink { again: file.try_clone()?, file: tokio::fs::File::from_std(file), bytes: 0 })
    }

    pub async fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.file.write_all(bytes).await?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    pub async fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush().await
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Ready to be read from its start.
    pub fn into_spool(mut self) -> std::io::Result<Spool> {
        self.again.seek(SeekFrom::Start(0))?;
        Ok(Spool { file: self.again, bytes: self.bytes })
    }
}

/// A whole result.
#[derive(Debug)]
pub struct Spool {
    file: std::fs::File,
    bytes: u64,
}

impl Spool {
    /// Its length.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// For reading as it comes.
    pub fn into_file(self) -> std::fs::File {
        self.file
    }

    /// All of it in memory.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn read(mut self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.bytes).unwrap_or(0));
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
