//! After a crash: which records are replayed, what is dropped as torn, what is set aside as damaged.

use super::reader::{self, Scan};
use super::{path_of, record};
use crate::disk::{Disk, DiskFile};
use crate::frame::{self, Head};
use crate::{OpenReport, Quarantined, StoreError};
use std::path::Path;
use std::sync::Arc;

/// Where the log goes on.
pub(crate) struct LogEnd {
    /// Number of the next file.
    pub next: u64,
    /// Durable length of the file before it.
    pub previous_bytes: u64,
    /// Files that hold replayed records: number and bytes.
    pub files: Vec<(u64, u64)>,
}

/// Takes kind and payload of one record.
pub(crate) type Replay<'a> = dyn FnMut(u8, &[u8]) -> Result<(), StoreError> + 'a;

/// Replays files from number `first` on. `replay` gets kind and payload of each record in order; what it cannot read
/// is set aside like damage. Older files are removed: the manifest says that nobody needs them.
pub(crate) fn recover(
    disk: &dyn Disk,
    dir: &Path,
    first: u64,
    report: &mut OpenReport,
    replay: &mut Replay<'_>,
) -> Result<LogEnd, StoreError> {
    let folder = dir.join("wal");
    let names = disk.list(&folder).map_err(|error| StoreError::io(&folder, error))?;
    let numbers: Vec<u64> = names.iter().filter_map(|entry| entry.name.strip_suffix(".wal")?.parse().ok()).collect();
    let mut end = LogEnd { next: first.max(1), previous_bytes: 0, files: Vec::new() };
    for number in numbers.iter().filter(|number| **number < first) {
        let path = path_of(dir, *number);
        disk.remove(&path).map_err(|error| StoreError::io(&path, error))?;
    }
    let mut live: Vec<u64> = numbers.into_iter().filter(|number| *number >= first).collect();
    live.sort_unstable();
    // Whether records before the one at hand are missing.
    let mut is_lossy = live.first().is_some_and(|found| *found > first.max(1));
    let mut ahead = live.first().map(|number| read(disk, dir, *number, Vec::new()));
    let mut spare = Vec::new();
    for (index, number) in live.iter().enumerate() {
        let path = path_of(dir, *number);
        let Some(this) = ahead.take() else { break };
        let (file, bytes) = this?;
        let head = match frame::read_head(&frame::WAL, &path, &bytes) {
            Ok(head) => Some(head),
            Err(error @ StoreError::UnknownVersion { .. }) => return Err(error),
            Err(_) => None,
        };
        if let Some(head) = head
            && head.number != *number
        {
            return Err(StoreError::damaged(&path, format!("its head says that it is number {}", head.number)));
        }
        is_lossy |= index > 0 && live[index - 1] + 1 != *number;
        let durable = live.get(index + 1).and_then(|next| previous_bytes(disk, dir, *number, *next));
        // The next file is read while this one is replayed; nothing else is asked of the disk meanwhile.
        let (scan, mut damage) = std::thread::scope(|scope| {
            let memory = std::mem::take(&mut spare);
            let next = live.get(index + 1).map(|next| scope.spawn(move || read(disk, dir, *next, memory)));
            let scan = reader::scan(&bytes, head.is_some(), durable);
            let damage = replay_records(&bytes, &scan, is_lossy, replay);
            ahead = next.map(|next| next.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            damage.map(|damage| (scan, damage))
        })?;
        report.wal_files += 1;
        // Cut between two records: what is left is whole, and only the next file's head knows of the rest.
        let found = bytes.len() as u64;
        if let Some(durable) = durable.filter(|durable| damage.is_empty() && found < *durable) {
            damage.push(format!("cut off at byte {found} of {durable}"));
        }
        if !damage.is_empty() {
            is_lossy = true;
            report.quarantined.push(quarantine(disk, dir, *number, &bytes, &damage.join("; "))?);
        }
        let torn = bytes.len() - scan.torn_from;
        report.torn_bytes += torn as u64;
        if torn > 0 {
            tracing::warn!(path = %path.display(), torn, "dropped a half-written group at the end of the log");
            file.truncate(scan.torn_from as u64)
                .and_then(|()| file.sync())
                .map_err(|error| StoreError::io(&path, error))?;
        }
        end.next = number + 1;
        end.previous_bytes = scan.torn_from as u64;
        end.files.push((*number, scan.torn_from as u64));
        spare = bytes;
    }
    if let Some(found) = live.first().copied().filter(|found| *found > first.max(1)) {
        let detail = format!("log files {} to {} are missing", first.max(1), found - 1);
        report.quarantined.push(Quarantined { path: folder.clone(), detail });
    }
    if !live.is_empty() {
        disk.sync_dir(&folder).map_err(|error| StoreError::io(&folder, error))?;
    }
    for pair in live.windows(2) {
        if pair[1] != pair[0] + 1 {
            let detail = format!("log files {} to {} are missing", pair[0] + 1, pair[1] - 1);
            report.quarantined.push(Quarantined { path: folder.clone(), detail });
        }
    }
    Ok(end)
}

/// Opens a file and reads it into `bytes`, whose memory is used again.
fn read(
    disk: &dyn Disk,
    dir: &Path,
    number: u64,
    mut bytes: Vec<u8>,
) -> Result<(Arc<dyn DiskFile>, Vec<u8>), StoreError> {
    let path = path_of(dir, number);
    let file = disk.open(&path).map_err(|error| StoreError::io(&path, error))?;
    // What a killed process wrote may be read here and not be on the disk yet. From now on it counts as durable: an
    // event that comes again is answered as a duplicate, and the next file's head says how long this one is.
    file.sync().map_err(|error| StoreError::io(&path, error))?;
    frame::read_all_into(&*file, &path, &mut bytes)?;
    Ok((file, bytes))
}

/// Replays what `scan` found whole in `bytes`. Returns what was damaged, here or there; `is_lossy`: records of the files
/// before are missing.
fn replay_records(
    bytes: &[u8],
    scan: &Scan,
    is_lossy: bool,
    replay: &mut Replay<'_>,
) -> Result<Vec<String>, StoreError> {
    let mut damage: Vec<String> =
        scan.damage.iter().map(|(from, to, detail)| format!("{detail} in bytes {from} to {to}")).collect();
    for at in &scan.records {
        if let Ok(Some(frame)) = frame::read_checked_frame(bytes, *at) {
            // It names a merge by its number, which is another one's if a record before it is lost.
            if frame.kind == record::UNDO && (is_lossy || scan.damage.iter().any(|(from, ..)| from < at)) {
                damage.push(format!("the undo of a merge at byte {at} is not done again: do it by hand"));
                continue;
            }
            match replay(frame.kind, &frame.payload) {
                Ok(()) => {}
                Err(StoreError::Damaged { detail, .. }) => damage.push(format!("{detail} in the record at byte {at}")),
                Err(error) => return Err(error),
            }
        }
    }
    Ok(damage)
}

/// What the head of the file that follows says of this one.
pub(crate) fn previous_bytes(disk: &dyn Disk, dir: &Path, number: u64, next: u64) -> Option<u64> {
    if next != number + 1 {
        return None;
    }
    let path = path_of(dir, next);
    let mut bytes = [0; frame::HEAD_BYTES];
    disk.open(&path).ok()?.read_exact_at(&mut bytes, 0).ok()?;
    let Head { extra, .. } = frame::read_head(&frame::WAL, &path, &bytes).ok()?;
    Some(extra)
}

fn quarantine(disk: &dyn Disk, dir: &Path, number: u64, bytes: &[u8], detail: &str) -> Result<Quarantined, StoreError> {
    let folder = dir.join("quarantine");
    let path = folder.join(format!("{number:08}.wal"));
    tracing::error!(path = %path.display(), detail, "the log is damaged; a copy is set aside");
    let write = || {
        let file = disk.create(&path)?;
        file.append(bytes)?;
        file.sync()?;
        disk.sync_dir(&folder)
    };
    write().map_err(|error| StoreError::io(&path, error))?;
    Ok(Quarantined { path, detail: detail.to_owned() })
}
