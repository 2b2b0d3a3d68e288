//! A disk in memory that forgets what was not synced, tears at 512 bytes, and refuses on demand.
//!
//! Only for tests. A power cut keeps: of each file what was synced and any sectors of what was written after; of each
//! folder the names at its last sync and any of the changes since.

use super::{DirEntry, Disk, DiskFile, DiskLock};
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const SECTOR: usize = 512;
const EIO: i32 = 5;

/// What goes wrong, and when; calls are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// From this call on everything fails, as after a power cut.
    PowerOff(u64),
    /// From this call on writes and new files fail for want of space, until the fault is lifted.
    Full(u64),
    /// This one call fails for want of space, if it is a write or makes a file.
    FullOnce(u64),
    /// This one append writes a part and fails for want of space; appends are counted by themselves.
    Short(u64),
    /// This one call fails with an error of the device.
    Error(u64),
    /// This one sync fails; syncs are counted by themselves.
    Sync(u64),
}

#[derive(Clone, Default)]
struct Inode {
    bytes: Vec<u8>,
    synced: Vec<u8>,
}

#[derive(Default)]
struct State {
    inodes: BTreeMap<u64, Inode>,
    names: BTreeMap<PathBuf, u64>,
    synced_names: BTreeMap<PathBuf, u64>,
    folders: BTreeSet<PathBuf>,
    locks: HashSet<PathBuf>,
    next: u64,
    calls: u64,
    appends: u64,
    syncs: u64,
    fault: Option<Fault>,
    seed: u64,
}

/// The disk. Clones are the same disk.
#[derive(Clone, Default)]
pub struct FaultyDisk {
    state: Arc<Mutex<State>>,
}

impl State {
    fn random(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.seed ^ (self.seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed ^ (mixed >> 31)
    }

    /// Counts a call; fails if its time has come.
    fn call(&mut self, grows: bool) -> io::Result<()> {
        self.calls += 1;
        match self.fault {
            Some(Fault::PowerOff(at)) if self.calls >= at => Err(io::Error::other("power is off")),
            Some(Fault::Full(at)) if self.calls >= at && grows => Err(io::ErrorKind::StorageFull.into()),
            Some(Fault::FullOnce(at)) if self.calls == at && grows => Err(io::ErrorKind::StorageFull.into()),
            Some(Fault::Error(at)) if self.calls == at => Err(io::Error::from_raw_os_error(EIO)),
            _ => Ok(()),
        }
    }

    /// As [`State::call`], for an append.
    fn append(&mut self) -> io::Result<()> {
        self.appends += 1;
        match self.fault {
            Some(Fault::Short(at)) if self.appends == at => Err(io::ErrorKind::StorageFull.into()),
            _ => self.call(true),
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        self.syncs += 1;
        match self.fault {
            Some(Fault::Sync(at)) if self.syncs == at => Err(io::Error::other("sync failed")),
            _ => Ok(()),
        }
    }
}

impl FaultyDisk {
    /// An empty disk; `seed` decides what survives a power cut.
    pub fn new(seed: u64) -> FaultyDisk {
        let state = State { seed, ..State::default() };
        FaultyDisk { state: Arc::new(Mutex::new(state)) }
    }

    /// Installs a fault, counting calls and syncs from now, or lifts the one there is.
    pub fn set_fault(&self, fault: Option<Fault>) {
        let mut state = self.state.lock();
        state.fault = fault;
        state.calls = 0;
        state.appends = 0;
        state.syncs = 0;
    }

    /// Calls since the last [`FaultyDisk::set_fault`].
    pub fn calls(&self) -> u64 {
        self.state.lock().calls
    }

    /// Appends since then.
    pub fn appends(&self) -> u64 {
        self.state.lock().appends
    }

    /// The disk as it is found after the end of the process alone: what was written is there, synced or not.
    pub fn after_kill(&self) -> FaultyDisk {
        let state = self.state.lock();
        let state = State {
            inodes: state.inodes.clone(),
            names: state.names.clone(),
            synced_names: state.synced_names.clone(),
            folders: state.folders.clone(),
            next: state.next,
            seed: state.seed,
            ..State::default()
        };
        FaultyDisk { state: Arc::new(Mutex::new(state)) }
    }

    /// The disk as it is found after a power cut.
    pub fn after_power_cut(&self) -> FaultyDisk {
        let mut state = self.state.lock();
        let state = &mut *state;
        let mut names = state.synced_names.clone();
        let changed: BTreeSet<PathBuf> = state.names.keys().chain(state.synced_names.keys()).cloned().collect();
        for path in changed {
            if state.names.get(&path) != state.synced_names.get(&path) && state.random().is_multiple_of(2) {
                match state.names.get(&path) {
                    Some(inode) => names.insert(path, *inode),
                    None => names.remove(&path),
                };
            }
        }
        let mut inodes = BTreeMap::new();
        for number in names.values() {
            let inode = state.inodes.get(number).cloned().unwrap_or_default();
            let mut bytes = inode.synced.clone();
            if state.random().is_multiple_of(2) {
                let len = bytes.len().max(inode.bytes.len());
                let len = if state.random().is_multiple_of(2) { len } else { state.random() as usize % (len + 1) };
                bytes.resize(len.max(inode.synced.len().min(inode.bytes.len())), 0);
                for from in (0..bytes.len().min(inode.bytes.len())).step_by(SECTOR) {
                    let to = (from + SECTOR).min(bytes.len()).min(inode.bytes.len());
                    if state.random().is_multiple_of(2) {
                        bytes[from..to].copy_from_slice(&inode.bytes[from..to]);
                    }
                }
            }
            inodes.insert(*number, Inode { synced: bytes.clone(), bytes });
        }
        let seed = state.random();
        let folders = state.folders.clone();
        let next = state.next;
        let state = State { inodes, synced_names: names.clone(), names, folders, next, seed, ..State::default() };
        FaultyDisk { state: Arc::new(Mutex::new(state)) }
    }

    /// Changes the bytes of a file, durably.
    pub fn damage(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.state.lock();
        let number = state.names[path];
        if let Some(inode) = state.inodes.get_mut(&number) {
            change(&mut inode.bytes);
            inode.synced = inode.bytes.clone();
        }
    }

    /// All files, sorted.
    pub fn files(&self) -> Vec<PathBuf> {
        self.state.lock().names.keys().cloned().collect()
    }
}

struct FaultyFile {
    state: Arc<Mutex<State>>,
    number: u64,
}

impl FaultyFile {
    fn with<T>(&self, grows: bool, run: impl FnOnce(&mut Inode) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.state.lock();
        state.call(grows)?;
        run(state.inodes.entry(self.number).or_default())
    }
}

impl DiskFile for FaultyFile {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state.lock();
        let result = state.append();
        // A write that fails may have written a part.
        let written = if result.is_ok() { bytes.len() } else { state.random() as usize % (bytes.len() + 1) };
        if let Some(inode) = state.inodes.get_mut(&self.number) {
            inode.bytes.extend_from_slice(&bytes[..written]);
        }
        result
    }
    fn read_exact_at(&self, into: &mut [u8], offset: u64) -> io::Result<()> {
        self.with(false, |inode| {
            let from = offset as usize;
            let bytes = inode.bytes.get(from..from + into.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
            into.copy_from_slice(bytes);
            Ok(())
        })
    }
    fn sync(&self) -> io::Result<()> {
        self.state.lock().sync()?;
        self.with(false, |inode| {
            inode.synced = inode.bytes.clone();
            Ok(())
        })
    }
    fn truncate(&self, len: u64) -> io::Result<()> {
        self.with(false, |inode| {
            inode.bytes.resize(len as usize, 0);
            Ok(())
        })
    }
    fn len(&self) -> io::Result<u64> {
        self.with(false, |inode| Ok(inode.bytes.len() as u64))
    }
}

struct FaultyLock {
    state: Arc<Mutex<State>>,
    path: PathBuf,
}

impl DiskLock for FaultyLock {}

impl Drop for FaultyLock {
    fn drop(&mut self) {
        self.state.lock().locks.remove(&self.path);
    }
}

impl Disk for FaultyDisk {
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let mut state = self.state.lock();
        state.call(true)?;
        let number = match state.names.get(path) {
            Some(number) => *number,
            None => {
                state.next += 1;
                state.next
            }
        };
        state.names.insert(path.to_owned(), number);
        state.inodes.entry(number).or_default().bytes.clear();
        Ok(Arc::new(FaultyFile { state: Arc::clone(&self.state), number }))
    }
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let mut state = self.state.lock();
        state.call(false)?;
        let number = *state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::new(FaultyFile { state: Arc::clone(&self.state), number }))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.call(false)?;
        let number = state.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.names.insert(to.to_owned(), number);
        Ok(())
    }
    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.call(true)?;
        let number = *state.names.get(from).ok_or(io::ErrorKind::NotFound)?;
        if state.names.contains_key(to) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.names.insert(to.to_owned(), number);
        Ok(())
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.call(false)?;
        state.names.remove(path).map(|_| ()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.call(true)?;
        state.folders.extend(path.ancestors().map(Path::to_owned));
        Ok(())
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.sync()?;
        state.call(false)?;
        let State { names, synced_names, .. } = &mut *state;
        synced_names.retain(|name, _| name.parent() != Some(path));
        let inside = names.iter().filter(|(name, _)| name.parent() == Some(path));
        synced_names.extend(inside.map(|(name, number)| (name.clone(), *number)));
        Ok(())
    }
    fn list(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
        let mut state = self.state.lock();
        state.call(false)?;
        let inside = |name: &Path| {
            (name.parent() == Some(path)).then(|| name.file_name().map(|name| name.to_string_lossy().into_owned()))?
        };
        let files = state.names.keys().filter_map(|name| inside(name)).map(|name| DirEntry { name, is_dir: false });
        let folders = state.folders.iter().filter_map(|name| inside(name)).map(|name| DirEntry { name, is_dir: true });
        let mut entries: Vec<DirEntry> = files.chain(folders).collect();
        entries.sort();
        Ok(entries)
    }
    fn free_bytes(&self, _path: &Path) -> io::Result<u64> {
        Ok(u64::MAX)
    }
    fn lock(&self, path: &Path) -> io::Result<Box<dyn DiskLock>> {
        let mut state = self.state.lock();
        state.call(true)?;
        if !state.locks.insert(path.to_owned()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Box::new(FaultyLock { state: Arc::clone(&self.state), path: path.to_owned() }))
    }
}
