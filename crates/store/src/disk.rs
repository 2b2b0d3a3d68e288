//! The only door to the file system.
//!
//! Every byte the store reads or writes passes here, so that tests can install a disk that loses, tears and refuses.

#[cfg(any(test, feature = "testing"))]
pub mod faulty;
mod mapped;

pub use mapped::Mapped;

use std::io;
use std::path::Path;
use std::sync::Arc;

/// An open file. Positional reads and appends at the end; nothing is durable before `sync`.
pub trait DiskFile: Send + Sync {
    /// Writes at the end of the file. After an error the file may hold any part of `bytes`.
    fn append(&self, bytes: &[u8]) -> io::Result<()>;
    /// Fills `into` from `offset`; an end of file before that is `UnexpectedEof`.
    fn read_exact_at(&self, into: &mut [u8], offset: u64) -> io::Result<()>;
    /// fdatasync: content and length are durable; the name is not (see [`Disk::sync_dir`]).
    fn sync(&self) -> io::Result<()>;
    /// Cuts the file at `len`.
    fn truncate(&self, len: u64) -> io::Result<()>;
    /// Bytes in the file.
    fn len(&self) -> io::Result<u64>;
    /// Whether there are none.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
}

/// A name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirEntry {
    /// The last part of its path.
    pub name: String,
    /// Whether it is a folder.
    pub is_dir: bool,
}

/// Holds a lock until dropped.
pub trait DiskLock: Send + Sync {}

/// A file system.
pub trait Disk: Send + Sync {
    /// Makes an empty file, or empties the one that is there.
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;
    /// Opens a file that exists.
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;
    /// Gives a file a new name, replacing what has it; whole or not at all.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives a file a second name, on the same file system; fails if the name is taken.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder and its parents; fine if it is there.
    fn create_dir_all(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable: fsync(2) of a file does not promise that its name survives.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// Names in a folder, sorted; a folder that is not there has none.
    fn list(&self, path: &Path) -> io::Result<Vec<DirEntry>>;
    /// Bytes free to us on the disk of `path`.
    fn free_bytes(&self, path: &Path) -> io::Result<u64>;
    /// The bytes of a file that nobody changes any more. It may be removed meanwhile.
    fn map(&self, path: &Path) -> io::Result<Mapped> {
        let file = self.open(path)?;
        let mut bytes = vec![0; usize::try_from(file.len()?).map_err(io::Error::other)?];
        file.read_exact_at(&mut bytes, 0)?;
        Ok(Mapped::of_bytes(bytes))
    }
    /// Takes an exclusive lock on a file, made if missing. `WouldBlock`: someone has it.
    fn lock(&self, path: &Path) -> io::Result<Box<dyn DiskLock>>;
}

/// The file system of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

#[cfg(unix)]
mod real {
    use super::*;
    use std::fs::{File, OpenOptions};
    use std::os::unix::fs::FileExt;

    struct RealFile(File);

    impl DiskFile for RealFile {
        fn append(&self, bytes: &[u8]) -> io::Result<()> {
            io::Write::write_all(&mut &self.0, bytes)
        }
        fn read_exact_at(&self, into: &mut [u8], offset: u64) -> io::Result<()> {
            self.0.read_exact_at(into, offset)
        }
        fn sync(&self) -> io::Result<()> {
            self.0.sync_data()
        }
        fn truncate(&self, len: u64) -> io::Result<()> {
            self.0.set_len(len)
        }
        fn len(&self) -> io::Result<u64> {
            Ok(self.0.metadata()?.len())
        }
    }

    struct RealLock(File);
    impl DiskLock for RealLock {}

    impl Drop for RealLock {
        fn drop(&mut self) {
            // A process that another thread is just starting shares every open file until it runs its own program:
            // closing ours would leave the lock with it for that moment. Where it fails, closing is what is left.
            let _ = self.0.unlock();
        }
    }

    impl Disk for RealDisk {
        fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
            // Append mode: a write after a truncation must land at the new end, not leave a hole.
            let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
            file.set_len(0)?;
            Ok(Arc::new(RealFile(file)))
        }
        fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
            Ok(Arc::new(RealFile(OpenOptions::new().read(true).append(true).open(path)?)))
        }
        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            std::fs::rename(from, to)
        }
        fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
            std::fs::hard_link(from, to)
        }
        fn remove(&self, path: &Path) -> io::Result<()> {
            std::fs::remove_file(path)
        }
        fn create_dir_all(&self, path: &Path) -> io::Result<()> {
            std::fs::create_dir_all(path)
        }
        fn sync_dir(&self, path: &Path) -> io::Result<()> {
            File::open(path)?.sync_all()
        }
        fn list(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
            let entries = match std::fs::read_dir(path) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                Err(error) => return Err(error),
            };
            let mut names = Vec::new();
            for entry in entries {
                let entry = entry?;
                // A name that is not UTF-8 is none of ours.
                if let Ok(name) = entry.file_name().into_string() {
                    names.push(DirEntry { name, is_dir: entry.file_type()?.is_dir() });
                }
            }
            names.sort();
            Ok(names)
        }
        fn free_bytes(&self, path: &Path) -> io::Result<u64> {
            let info = rustix::fs::statvfs(path)?;
            Ok(info.f_bavail.saturating_mul(info.f_frsize))
        }
        fn map(&self, path: &Path) -> io::Result<Mapped> {
            Mapped::of_file(&File::open(path)?)
        }
        fn lock(&self, path: &Path) -> io::Result<Box<dyn DiskLock>> {
            let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
            match file.try_lock() {
                Ok(()) => Ok(Box::new(RealLock(file))),
                Err(std::fs::TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
                Err(std::fs::TryLockError::Error(error)) => Err(error),
            }
        }
    }
}
