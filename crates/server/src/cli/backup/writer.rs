//! Writes a backup, under another name until it is whole.

use super::super::Usage;
use super::archive::{Hashing, PIECE_BYTES, SUMS, create_private, folder_of, is_file_name, sync_folders};
use crate::checkpoint::private_folder;
use anyhow::{Context, bail};
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// A backup that is being written, under another name until it is whole.
pub struct Writer {
    place: Place,
    partial: PathBuf,
    sums: String,
}

enum Place {
    Folder,
    Tar(Box<tar::Builder<Output>>),
}

/// Compressed or not.
enum Output {
    Plain(BufWriter<File>),
    Gzip(GzEncoder<BufWriter<File>>),
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::Plain(file) => file.write(bytes),
            Output::Gzip(file) => file.write(bytes),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Plain(file) => file.flush(),
            Output::Gzip(file) => file.flush(),
        }
    }
}

impl Writer {
    /// Begins a backup at `target`, which must not be there, or be an empty folder.
    ///
    /// # Errors
    /// Something is there, or the file system refuses.
    pub fn begin(target: &Path) -> anyhow::Result<Writer> {
        let is_empty_folder = || std::fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
        if target.exists() && (is_file_name(target) || !is_empty_folder()) {
            let message = format!("{} is there already and is not overwritten; name another target", target.display());
            return Err(Usage(message).into());
        }
        let mut name = target.file_name().context("the target has no name")?.to_owned();
        name.push(".partial");
        let partial = folder_of(target).join(name);
        // Left by a backup that was stopped: only we give this name.
        let removed = if partial.is_dir() { std::fs::remove_dir_all(&partial) } else { std::fs::remove_file(&partial) };
        if let Err(error) = removed
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error).with_context(|| format!("cannot remove {}", partial.display()));
        }
        let wrong = || format!("cannot make {}", partial.display());
        let place = if is_file_name(target) {
            let file = BufWriter::with_capacity(PIECE_BYTES, create_private(&partial).with_context(wrong)?);
            let is_plain = target.extension().is_some_and(|end| end.eq_ignore_ascii_case("tar"));
            let output = match is_plain {
                true => Output::Plain(file),
                false => Output::Gzip(GzEncoder::new(file, flate2::Compression::fast())),
            };
            Place::Tar(Box::new(tar::Builder::new(output)))
        } else {
            private_folder(&partial).with_context(wrong)?;
            Place::Folder
        };
        Ok(Writer { place, partial, sums: String::new() })
    }

    /// Where it is until [`Writer::end`].
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Adds one file of exactly `bytes` bytes.
    ///
    /// # Errors
    /// `content` is shorter, or one of the two file systems refuses.
    pub fn add(&mut self, name: &str, bytes: u64, content: &mut dyn Read) -> anyhow::Result<()> {
        let mut content = Hashing::new(content);
        self.put(name, bytes, &mut content).with_context(|| format!("cannot write {name}"))?;
        if content.bytes != bytes {
            bail!("{name} has {} bytes instead of {bytes}", content.bytes);
        }
        let sum = content.sum();
        self.sums.push_str(&format!("{sum}  {name}\n"));
        Ok(())
    }

    fn put(&mut self, name: &str, bytes: u64, content: &mut dyn Read) -> io::Result<()> {
        match &mut self.place {
            Place::Folder => {
                let path = self.partial.join(name);
                std::fs::create_dir_all(folder_of(&path))?;
                let mut file = create_private(&path)?;
                io::copy(content, &mut file)?;
                file.sync_all()
            }
            Place::Tar(builder) => {
                let mut header = tar::Header::new_gnu();
                header.set_size(bytes);
                header.set_mode(0o600);
                builder.append_data(&mut header, name, content)
            }
        }
    }

    /// Adds the list of sums and makes everything durable; it is not under its own name yet.
    ///
    /// # Errors
    /// The file system refuses.
    pub fn end(mut self) -> anyhow::Result<()> {
        let sums = std::mem::take(&mut self.sums);
        self.put(SUMS, sums.len() as u64, &mut sums.as_bytes()).context("cannot write the sums")?;
        match self.place {
            Place::Folder => sync_folders(&self.partial).context("cannot sync the backup"),
            Place::Tar(builder) => {
                let end = || -> io::Result<()> {
                    let buffered = match builder.into_inner()? {
                        Output::Plain(file) => file,
                        Output::Gzip(file) => file.finish()?,
                    };
                    buffered.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
                };
                end().context("cannot end the backup")
            }
        }
    }
}
