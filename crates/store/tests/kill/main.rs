//! A real process on a real folder, ended by SIGKILL at each step in turn: nothing acknowledged is lost.
//!
//! The binary starts itself as the child that works and dies (`script.rs` on the disk of `disk.rs`), then opens what
//! is left and compares it with the child's ledger. Every point with `TORTURE_SEEDS`, else every tenth; and pairs of
//! points, where the second life, which recovers, is ended too. Not the usual harness: `cargo test --test kill`.

mod disk;
mod ledger;
mod script;

use disk::KillingDisk;
use ledger::{Facts, Ledger};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::verify::{Finding, Severity, verify};
use store::{Disk, RealDisk};

const STRIDE: u64 = 10;
/// Kinds of points that the script must pass, so that it cannot shrink unseen.
const KINDS_MIN: usize = 40;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, folder, ledger, life, die_at] = arguments.as_slice()
        && word == "child"
    {
        let ledger = Ledger::open(Path::new(ledger));
        let life = life.parse().expect("a number");
        let disk = KillingDisk::new(die_at.parse().expect("a number"));
        return script::Child::new(Path::new(folder), ledger, life).work(disk);
    }
    // A filter of `cargo test` that means other tests.
    if arguments.iter().any(|word| !word.starts_with('-') && !"kill".contains(word.as_str())) {
        return;
    }
    run();
}

fn run() {
    let seeds: Option<u64> =
        std::env::var("TORTURE_SEEDS").ok().map(|text| text.parse().expect("TORTURE_SEEDS is a number"));
    let points = count_points();
    let singles = (1..=points).step_by(if seeds.is_some() { 1 } else { STRIDE as usize }).map(|at| vec![at]);
    let pair = |seed: u64| {
        let (first, second) = (mixed(seed * 2), mixed(seed * 2 + 1));
        // Half of the second ends come while the second life still recovers.
        let below = if seed.is_multiple_of(2) { points.min(60) } else { points };
        vec![1 + first % points, 1 + second % below]
    };
    let pairs = (0..seeds.map_or(20, |seeds| seeds.min(1_500))).map(pair);
    let cases: Vec<Vec<u64>> = singles.chain(pairs).collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    run_case(case);
                }
            });
        }
    });
    println!("kill: {points} points; {} cases: lost 0, phantom 0, duplicate 0, corrupt 0", cases.len());
}

/// A life of the child that nothing ends early: the points it passes.
fn count_points() -> u64 {
    let place = Place::new();
    let output = place.child(0, 0).output().expect("the child starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    let kinds: BTreeSet<&str> = text.lines().collect();
    println!("kill: {} kinds of points", kinds.len());
    assert!(kinds.len() >= KINDS_MIN, "{kinds:#?}");
    place.check("no end");
    text.lines().count() as u64
}

fn run_case(case: &[u64]) {
    let place = Place::new();
    for (life, die_at) in case.iter().enumerate() {
        let status = place.child(life as u64, *die_at).stdout(Stdio::null()).status().expect("the child starts");
        // A life that passes fewer points ends by itself.
        assert!(status.code().is_none_or(|code| code == 0), "{case:?}: the child ended with {status}");
    }
    place.check(&format!("ended at {case:?}"));
}

/// A folder of its own: the data directory and the ledger.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        // An ended process loses nothing that it wrote, so memory is as good a disk as any, and faster.
        let memory = Path::new("/dev/shm");
        let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        Place { folder: made.expect("a folder") }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn child(&self, life: u64, die_at: u64) -> Command {
        let mut command = Command::new(std::env::current_exe().expect("known"));
        command.arg("child").arg(self.data()).arg(self.folder.path().join("ledger"));
        command.args([life.to_string(), die_at.to_string()]);
        command
    }

    /// Opens what is left, twice: as it is, and after a flush and merges.
    fn check(&self, what: &str) {
        let facts = Facts::read(&self.folder.path().join("ledger"));
        self.verify(what);
        for round in ["", ", then flushed"] {
            let (store, report) = script::open(Arc::new(RealDisk), &self.data());
            let is_ours = |path: &Path| path.extension().is_some_and(|end| end == "wal");
            assert!(!report.quarantined.iter().any(|file| is_ours(&file.path)), "{what}: {:?}", report.quarantined);
            facts.check(&store, &format!("{what}{round}"));
            store.flush().expect("flushed");
            store.compact().expect("merged");
            store.close().expect("closed");
        }
        self.verify(&format!("{what}, at the end"));
    }
}

impl Place {
    /// What an end leaves is nothing that verify calls wrong, but for the files that the child damages.
    fn verify(&self, what: &str) {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let findings = verify(&disk, &self.data(), &mut |_| {}).expect("readable").findings;
        let is_damaged_one =
            |finding: &Finding| finding.path.starts_with("segments/2") || finding.detail.starts_with("project 2:");
        let wrong: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(wrong.iter().all(|finding| is_damaged_one(finding)), "{what}: {wrong:?}");
    }
}

fn mixed(seed: u64) -> u64 {
    let mixed = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^ (mixed >> 31)
}
