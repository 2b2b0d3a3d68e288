//! The machine: versions, limits, memory, clock.

use super::{Findings, size};
use crate::clock;
use crate::config::Config;
use rustix::process::{Resource, getrlimit};
use std::time::{Duration, Instant};

const FILES_WANTED: u64 = 65_536;
/// Memory of the process beside what the settings name: code, stacks, connections, decoding.
const BESIDES_BYTES: u64 = 200 << 20;
/// No release is older than this year, and none will run unchanged after that one.
const YEARS: std::ops::RangeInclusive<i16> = 2026..=2100;

pub fn versions(findings: &mut Findings) {
    let system = rustix::system::uname();
    let text = |part: &std::ffi::CStr| part.to_string_lossy().into_owned();
    findings.ok(
        "version",
        format!(
            "telemetry {}, {} {} {}",
            env!("CARGO_PKG_VERSION"),
            text(system.sysname()),
            text(system.release()),
            text(system.machine())
        ),
    );
}

pub fn limits(config: &Config, findings: &mut Findings) {
    let files = getrlimit(Resource::Nofile).maximum;
    let wanted = FILES_WANTED.min(config.connections_max as u64 + 512);
    match files {
        Some(files) if files < wanted => findings.warning(
            "open files",
            format!("at most {files}; `connections_max` is {}", config.connections_max),
            format!("set LimitNOFILE={FILES_WANTED} in the systemd unit, or `ulimit -Hn {FILES_WANTED}`"),
        ),
        Some(files) => findings.ok("open files", format!("at most {files}")),
        None => findings.ok("open files", "no limit"),
    }
    if let Some(bytes) = getrlimit(Resource::As).maximum {
        findings.warning(
            "address space",
            format!("at most {}", size(bytes)),
            "limit the memory of the control group (MemoryMax=) instead: mapped files count here too",
        );
    }
    if let Some(bytes) = getrlimit(Resource::Fsize).maximum {
        findings.error(
            "file size",
            format!("at most {}", size(bytes)),
            "take the limit off (`ulimit -f unlimited`): a write past it ends the server",
        );
    }
}

pub fn memory(config: &Config, findings: &mut Findings) {
    let Some((bytes, what)) = memory_bytes() else {
        return findings.ok("memory", "its size is not known on this system");
    };
    let queries = (config.query_memory_bytes as u64).saturating_mul(config.queries_at_once as u64);
    let settings = config.buffer_bytes_max as u64
        + config.column_cache_bytes as u64
        + config.answer_cache_bytes as u64
        + config.bodies_bytes_max as u64
        + queries
        + BESIDES_BYTES;
    let detail = format!("{} {what}; the settings allow for {}", size(bytes), size(settings));
    if settings > bytes {
        findings.warning(
            "memory",
            detail,
            "lower buffer_bytes_max, column_cache_bytes, bodies_bytes_max, query_memory_bytes, answer_cache_bytes or \
             queries_at_once, or the system may end the server under full load",
        );
    } else {
        findings.ok("memory", detail);
    }
}

/// The lesser of the machine's and the control group's.
fn memory_bytes() -> Option<(u64, &'static str)> {
    let info = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = info.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let machine = line.split_whitespace().next()?.parse::<u64>().ok()?.saturating_mul(1_024);
    let group = group_bytes();
    Some(match group {
        Some(group) if group < machine => (group, "in this control group"),
        _ => (machine, "in this machine"),
    })
}

/// The least limit of the control groups above this process.
fn group_bytes() -> Option<u64> {
    let own = std::fs::read_to_string("/proc/self/cgroup").ok()?;
    let path = own.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let root = std::path::Path::new("/sys/fs/cgroup");
    let limit = |folder: &std::path::Path| std::fs::read_to_string(folder.join("memory.max")).ok()?.trim().parse().ok();
    root.join(path).ancestors().take_while(|folder| folder.starts_with(root)).filter_map(limit).min()
}

pub fn clock(findings: &mut Findings) {
    let now = clock::now();
    let shown = clock::rfc3339(now);
    let year: i16 = shown.get(..4).and_then(|year| year.parse().ok()).unwrap_or(0);
    if !YEARS.contains(&year) {
        return findings.error(
            "clock",
            format!("{shown} cannot be right"),
            "set the clock and keep it by NTP (`timedatectl set-ntp true`) before events come in",
        );
    }
    // A clock that is being stepped moves otherwise than the one that only counts.
    let began = Instant::now();
    std::thread::sleep(Duration::from_millis(50));
    let steady = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
    let jump = clock::now().saturating_sub(now).saturating_sub(steady);
    if jump.abs() > 20_000 {
        findings.warning(
            "clock",
            format!("{shown}, and it jumped by {} ms while we looked", jump / 1_000),
            "let NTP slew the clock instead of stepping it",
        );
    } else {
        findings.ok("clock", shown);
    }
}
