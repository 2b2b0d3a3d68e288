//! The data directory: its disk, who may read it, what lies in it.

use super::{Findings, size};
use crate::clock;
use crate::config::Config;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, Instant};
use store::{Overview, RealDisk};

const FREE_MIN_BYTES: u64 = 1 << 30;
const FILES_FREE_MIN: u64 = 10_000;
const SYNCS: usize = 16;
const SYNC_SLOW: Duration = Duration::from_millis(30);
/// received_at may run ahead of the clock by the skew of a step of NTP.
const CLOCK_BACK_MAX: i64 = 60 * model::time::SECOND;

/// What `statfs` calls a file system, and what to think of it.
const FILE_SYSTEMS: &[(u64, &str, Option<&str>)] = &[
    (0xEF53, "ext4", None),
    (0x5846_5342, "xfs", None),
    (0x9123_683E, "btrfs", None),
    (0x2FC1_2FC1, "zfs", None),
    (0xF2F5_2010, "f2fs", None),
    (0x0102_1994, "tmpfs", Some("it is in memory and gone after a restart: put the data directory on a disk")),
    (0x794C_7630, "overlay", Some("it goes away with the container: mount a volume for the data directory")),
    (0x6969, "nfs", Some("locks and syncs over a network are not to be trusted: use a local disk")),
    (0xFF53_4D42, "cifs", Some("locks and syncs over a network are not to be trusted: use a local disk")),
    (0xFE53_4D42, "smb2", Some("locks and syncs over a network are not to be trusted: use a local disk")),
    (0x6573_5546, "fuse", Some("whether it keeps what is synced depends on what is behind it: use a local disk")),
    (0x4D44, "fat", Some("it knows no owners and no second names: use ext4 or xfs")),
];

pub fn disk(config: &Config, findings: &mut Findings) {
    let data = &config.data;
    if !data.is_dir() {
        return findings.ok("disk", format!("{} is not there yet; `telemetry serve` makes it", data.display()));
    }
    if let Ok(system) = rustix::fs::statfs(data.as_path()) {
        // The width and sign of this field differ between machines.
        let number = system.f_type as u64 & 0xFFFF_FFFF;
        match FILE_SYSTEMS.iter().find(|known| known.0 == number) {
            Some((_, name, None)) => findings.ok("file system", *name),
            Some((_, name, Some(advice))) => findings.warning("file system", *name, *advice),
            None => findings.ok("file system", format!("type {number:#x}")),
        }
    }
    match rustix::fs::statvfs(data.as_path()) {
        Ok(info) => {
            let free = info.f_bavail.saturating_mul(info.f_frsize);
            if free < FREE_MIN_BYTES {
                findings.warning("disk", format!("{} free", size(free)), "make room, or events will be refused soon");
            } else {
                findings.ok("disk", format!("{} free", size(free)));
            }
            // Some file systems make inodes as needed and tell 0.
            if info.f_files > 0 && info.f_favail < FILES_FREE_MIN {
                let detail = format!("room for {} more files", info.f_favail);
                findings.warning("inodes", detail, "remove files, or make the file system with more inodes");
            }
        }
        Err(error) => findings.error("disk", format!("cannot be asked: {error}"), "look at the system's log"),
    }
    sync_time(data, findings);
}

/// How long one small durable write takes: each group of requests waits for one.
fn sync_time(data: &Path, findings: &mut Findings) {
    let path = data.join(format!("doctor.{}.tmp", std::process::id()));
    let measure = || -> std::io::Result<Vec<Duration>> {
        let mut file = File::create_new(&path)?;
        (0..SYNCS)
            .map(|_| {
                let began = Instant::now();
                file.write_all(&[0; 4_096])?;
                file.sync_data()?;
                Ok(began.elapsed())
            })
            .collect()
    };
    let measured = measure();
    // It is ours and of this moment.
    let _ = std::fs::remove_file(&path);
    match measured {
        Ok(mut times) => {
            times.sort_unstable();
            let (median, worst) = (times[SYNCS / 2], times[SYNCS - 1]);
            let detail = format!("a durable write takes {median:.1?}, the slowest of {SYNCS} took {worst:.1?}");
            if median > SYNC_SLOW {
                findings.warning(
                    "sync",
                    detail,
                    "senders wait this long: use an SSD, or a disk that others do not keep busy",
                );
            } else {
                findings.ok("sync", detail);
            }
        }
        Err(error) => findings.error(
            "sync",
            format!("nothing can be written in {}: {error}", data.display()),
            "run this as the server's user, and let that user own the directory",
        ),
    }
}

pub fn permissions(config: &Config, findings: &mut Findings) {
    let data = &config.data;
    let Ok(folder) = std::fs::metadata(data) else { return };
    let before = findings.0.len();
    if folder.permissions().mode() & 0o077 != 0 {
        findings.warning(
            "permissions",
            format!("others may look into {} (mode {:o})", data.display(), folder.permissions().mode() & 0o777),
            format!("chmod 700 {}", data.display()),
        );
    }
    let names = [meta::FILE_NAME, crate::local::FILE_NAME, "MANIFEST", "wal", "segments", "persons"];
    for name in names {
        let path = data.join(name);
        let Ok(metadata) = std::fs::metadata(&path) else { continue };
        if metadata.uid() != folder.uid() {
            findings.error(
                "owner",
                format!("{} belongs to user {}, its folder to {}", path.display(), metadata.uid(), folder.uid()),
                format!("chown -R {} {}", folder.uid(), data.display()),
            );
        }
        let holds_secrets = name == meta::FILE_NAME || name == crate::local::FILE_NAME;
        if holds_secrets && metadata.permissions().mode() & 0o077 != 0 {
            findings.error(
                "permissions",
                format!("others may read {}, which holds secrets", path.display()),
                format!("chmod 600 {}", path.display()),
            );
        }
    }
    if findings.0.len() == before {
        findings.ok("permissions", "only its owner can look in");
    }
}

pub fn content(config: &Config, findings: &mut Findings) {
    let data = &config.data;
    if let Err(usage) = crate::cli::backup::restore::refuse_unfinished(data) {
        findings.error("restore", "a restore did not end", usage.to_string());
    }
    match store::overview(&RealDisk, data) {
        Ok(Some(overview)) => events(data, &overview, findings),
        Ok(None) => findings.ok("events", "none in files yet"),
        Err(error) => {
            findings.error("events", error.to_string(), "`telemetry verify` says more; restore from a backup")
        }
    }
}

fn events(data: &Path, overview: &Overview, findings: &mut Findings) {
    let Overview { generation, received_at, segment_files, segment_rows, segment_bytes, quarantined } = overview;
    findings.ok(
        "events",
        format!("{segment_rows} in {segment_files} files, {}; manifest {generation}", size(*segment_bytes)),
    );
    if *quarantined > 0 {
        findings.warning(
            "quarantine",
            format!("{quarantined} damaged files were set aside; answers warn of them"),
            format!(
                "restore them from a backup, and look at the disk's health; they lie in {}",
                data.join("quarantine").display()
            ),
        );
    }
    let ahead = received_at.saturating_sub(clock::now());
    if ahead > CLOCK_BACK_MAX {
        findings.error(
            "clock",
            format!("it is {} s behind the newest event that was received here", ahead / model::time::SECOND),
            "set the clock: until it has caught up, all events get the same instant of receipt",
        );
    }
}
