//! The real disk, but the process ends at a chosen point: before, inside or after any change of the disk.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::disk::{DirEntry, DiskFile, DiskLock};
use store::{Disk, RealDisk};

/// Counts the points it passes.
pub struct KillingDisk {
    points: Arc<Points>,
}

struct Points {
    passed: AtomicU64,
    /// 0: never; then each point is told on standard output.
    die_at: u64,
}

impl Points {
    fn pass(&self, when: &str, act: &str, path: &Path) {
        let passed = self.passed.fetch_add(1, Ordering::SeqCst) + 1;
        if self.die_at == 0 {
            println!("{when} {act} {}", place(path));
        } else if passed == self.die_at {
            let me = rustix::process::getpid();
            rustix::process::kill_process(me, rustix::process::Signal::KILL).expect("one may end oneself");
            // The signal ends every thread before it goes on; this one waits for it.
            std::thread::park();
        }
    }

    fn around<T>(&self, act: &str, path: &Path, run: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.pass("before", act, path);
        let done = run()?;
        self.pass("after", act, path);
        Ok(done)
    }
}

/// What kind of file or folder a path is.
fn place(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    let kinds = ["wal", "segments", "persons", "failed", "outcomes", "quarantine"];
    let folder = kinds.iter().find(|kind| parts.iter().any(|part| part == *kind));
    let is_file = name.contains('.') && !name.starts_with('.') || name.chars().all(|c| c.is_ascii_uppercase());
    match folder {
        Some(folder) if !is_file => format!("folder in {folder}"),
        Some(_) if name.ends_with(".ids") => "sidecar".to_owned(),
        Some(folder) => format!("file in {folder}"),
        None if is_file => name.into_owned(),
        None => "data directory".to_owned(),
    }
}

impl KillingDisk {
    pub fn new(die_at: u64) -> KillingDisk {
        KillingDisk { points: Arc::new(Points { passed: AtomicU64::new(0), die_at }) }
    }

    fn file(&self, path: &Path, file: Arc<dyn DiskFile>) -> Arc<dyn DiskFile> {
        Arc::new(KillingFile { file, path: path.to_owned(), points: Arc::clone(&self.points) })
    }
}

struct KillingFile {
    file: Arc<dyn DiskFile>,
    path: std::path::PathBuf,
    points: Arc<Points>,
}

impl DiskFile for KillingFile {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        self.points.pass("before", "append", &self.path);
        let (first, second) = bytes.split_at(bytes.len() / 2);
        self.file.append(first)?;
        self.points.pass("inside", "append", &self.path);
        self.file.append(second)?;
        self.points.pass("after", "append", &self.path);
        Ok(())
    }
    fn read_exact_at(&self, into: &mut [u8], offset: u64) -> io::Result<()> {
        self.file.read_exact_at(into, offset)
    }
    fn sync(&self) -> io::Result<()> {
        self.points.around("sync", &self.path, || self.file.sync())
    }
    fn truncate(&self, len: u64) -> io::Result<()> {
        self.points.around("truncate", &self.path, || self.file.truncate(len))
    }
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }
}

impl Disk for KillingDisk {
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let file = self.points.around("create", path, || RealDisk.create(path))?;
        Ok(self.file(path, file))
    }
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(self.file(path, RealDisk.open(path)?))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.points.around("rename", to, || RealDisk.rename(from, to))
    }
    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.points.around("link", to, || RealDisk.link(from, to))
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.points.around("remove", path, || RealDisk.remove(path))
    }
    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        self.points.around("make", path, || RealDisk.create_dir_all(path))
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.points.around("sync folder", path, || RealDisk.sync_dir(path))
    }
    fn list(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
        RealDisk.list(path)
    }
    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        RealDisk.free_bytes(path)
    }
    fn lock(&self, path: &Path) -> io::Result<Box<dyn DiskLock>> {
        self.points.around("lock", path, || RealDisk.lock(path))
    }
}
