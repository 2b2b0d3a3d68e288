//! What a process has used, from the system's own books.

use std::fs;

/// Figures of one process at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// User and system time of all threads, seconds.
    pub cpu_s: f64,
    /// Resident memory now, bytes.
    pub resident_bytes: u64,
    /// Greatest resident memory so far, bytes.
    pub resident_bytes_max: u64,
}

/// Figures of a process; zeros when it is gone.
pub fn usage(pid: u32) -> Usage {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name may hold spaces and brackets; what follows the last bracket does not.
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let kib = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
    };
    // USER_HZ is 100 on every Linux that we know.
    Usage { cpu_s: (ticks(11) + ticks(12)) / 100.0, resident_bytes: kib("VmRSS:"), resident_bytes_max: kib("VmHWM:") }
}

/// CPU seconds of each thread by its name, summed over threads of one name; descending.
pub fn threads(pid: u32) -> Vec<(String, f64)> {
    let mut by_name: std::collections::BTreeMap<String, f64> = Default::default();
    for entry in fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let Some((head, rest)) = stat.rsplit_once(')') else { continue };
        let name = head.split_once('(').map_or("", |(_, name)| name);
        let fields: Vec<f64> = rest.split_whitespace().map(|text| text.parse().unwrap_or(0.0)).collect();
        *by_name.entry(name.to_owned()).or_default() += (fields[11] + fields[12]) / 100.0;
    }
    let mut all: Vec<_> = by_name.into_iter().collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all
}
