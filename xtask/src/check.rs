//! `cargo xtask check`: everything that can be told without running the product.
//!
//! All checks run, also after one has failed, so that one run shows all that is wrong.

mod architecture;
mod arrows;
mod outside;

use crate::policy;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Whether cargo-deny is asked; `make test` leaves it out where it is not installed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Licences {
    /// `cargo deny check licenses bans sources`.
    Checked,
    /// Said at the end, so that nobody takes it for checked.
    LeftOut,
}

/// Runs all checks; an error when one found something.
pub fn run(root: &Path, licences: Licences) -> Result<()> {
    let mut report = Report::default();
    report.add("generated files are up to date", || policy::compare(root));
    report.add("arrows between crates", || arrows::check(root));
    report.add("paths in ARCHITECTURE.md exist", || architecture::check(root));
    report.add("no path outside the repository", || outside::check(root));
    report.add("format", || cargo(root, &["fmt", "--all", "--check"]));
    // The default members: crates/sql, which builds longer than all others, is linted by `make test`.
    report.add("lints", || cargo(root, &["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]));
    match licences {
        Licences::Checked => report.add("licences, bans and sources", || {
            cargo(root, &["deny", "--log-level", "error", "check", "licenses", "bans", "sources"])
        }),
        Licences::LeftOut => println!("left out: licences (`make check` installs cargo-deny and checks them)"),
    }
    if report.failed.is_empty() { Ok(()) } else { bail!("check failed: {}", report.failed.join(", ")) }
}

/// Prints one line for each check and remembers the failed ones.
#[derive(Default)]
struct Report {
    failed: Vec<&'static str>,
}

impl Report {
    fn add(&mut self, name: &'static str, check: impl FnOnce() -> Result<()>) {
        let start = Instant::now();
        let result = check();
        let seconds = start.elapsed().as_secs_f64();
        match result {
            Ok(()) => println!("ok      {name} ({seconds:.1} s)"),
            Err(error) => {
                println!("FAILED  {name} ({seconds:.1} s)\n{error:#}");
                self.failed.push(name);
            }
        }
    }
}

/// Runs cargo with its output shown.
fn cargo(root: &Path, arguments: &[&str]) -> Result<()> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(program).args(arguments).current_dir(root).status()?;
    if status.success() { Ok(()) } else { bail!("cargo {} failed", arguments.join(" ")) }
}
