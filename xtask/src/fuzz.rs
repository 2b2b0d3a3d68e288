//! `cargo xtask fuzz`: builds `fuzz/` with coverage counters in every crate and runs its targets.
//!
//! libFuzzer needs counters that any rustc can write: the flags below are those of its own documentation, all stable.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Targets in the order in which they run; `fuzz/src/main.rs` finds them by name.
const TARGETS: [&str; 15] = [
    "envelope",
    "lz64",
    "json",
    "sunbird",
    "posthog_v0",
    "posthog_v1",
    "native",
    "wal",
    "record",
    "identity",
    "sidecar",
    "segment",
    "column",
    "manifest",
    "question",
];

const FLAGS: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
];

/// Bytes of one input; what is larger is only slower to read.
const INPUT_BYTES_MAX: u32 = 16 << 10;

/// Reads `[--seconds N] [TARGET…]` and runs.
///
/// # Errors
/// The build failed, or a target panicked, hung or took too much memory: its input is in `fuzz/artifacts`.
pub fn run(root: &Path, arguments: &[&str]) -> Result<()> {
    let mut seconds = 60_u64;
    let mut chosen = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if *argument == "--seconds" {
            seconds = rest.next().and_then(|text| text.parse().ok()).context("--seconds wants a whole number")?;
        } else if let Some(target) = TARGETS.iter().find(|target| *target == argument) {
            chosen.push(*target);
        } else {
            bail!("no target {argument:?}; there are {}", TARGETS.join(", "));
        }
    }
    let chosen = if chosen.is_empty() { TARGETS.to_vec() } else { chosen };
    let program = build(root)?;
    let mut failed = Vec::new();
    for target in chosen {
        println!("\n== {target}, {seconds} s");
        if !run_one(root, &program, target, seconds)? {
            failed.push(target);
        }
    }
    if failed.is_empty() {
        println!("\nevery target ended without a finding");
        Ok(())
    } else {
        bail!("{} found something: see fuzz/artifacts", failed.join(", "))
    }
}

fn build(root: &Path) -> Result<PathBuf> {
    let host = host()?;
    let folder = root.join("fuzz");
    // The explicit target keeps the counters out of build scripts, which have nobody to give them to.
    let status = Command::new("cargo")
        .args(["build", "--release", "--target", &host])
        .current_dir(&folder)
        .env("RUSTFLAGS", FLAGS.join(" "))
        .status()
        .context("cargo")?;
    if !status.success() {
        bail!("fuzz/ does not build; it needs a C++ compiler (Debian: apt-get install g++)");
    }
    Ok(folder.join("target").join(host).join("release/telemetry-fuzz"))
}

fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("rustc")?;
    let text = String::from_utf8(output.stdout).context("rustc's version")?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names its host")?;
    Ok(host.to_owned())
}

/// Whether the target came through.
fn run_one(root: &Path, program: &Path, target: &str, seconds: u64) -> Result<bool> {
    let folder = |kind: &str| root.join("fuzz").join(kind).join(target);
    for kind in ["found", "artifacts", "corpus"] {
        std::fs::create_dir_all(folder(kind)).with_context(|| format!("fuzz/{kind}/{target}"))?;
    }
    let status = Command::new(program)
        .env("TELEMETRY_FUZZ_TARGET", target)
        // New inputs go into the first folder, the second is read only.
        .arg(folder("found"))
        .arg(folder("corpus"))
        .arg(format!("-artifact_prefix={}/", folder("artifacts").display()))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={INPUT_BYTES_MAX}"))
        .args(["-timeout=1", "-rss_limit_mb=512", "-print_final_stats=1", "-verbosity=1"])
        .status()
        .with_context(|| format!("running {target}"))?;
    Ok(status.success())
}
