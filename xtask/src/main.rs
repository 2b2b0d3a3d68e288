//! Developer commands: `cargo xtask check` before a commit, `cargo xtask policy` after a change of
//! policy/levels.toml, `cargo xtask types` after a change of the API, `cargo xtask fuzz` after a change of a parser.
//!
//! Needs cargo and git; `types` also npm. One file per check under `check/`, one per generated thing.

mod check;
mod fuzz;
mod policy;
mod types;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

const HELP: &str = "\
cargo xtask check [--without-deny]   format, lints, arrows between crates, licences, paths in ARCHITECTURE.md,
                                     generated files, paths outside the repository
cargo xtask types                    makes ui/openapi.json and the page's types from the server's code
cargo xtask fuzz [--seconds N] [TARGET…]
                                     feeds any bytes to all that reads bytes (fuzz/README.md)
cargo xtask policy                   makes the level tables and docs/levels.md from policy/levels.toml
";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root()?;
    match arguments.as_slice() {
        ["check"] => check::run(&root, check::Licences::Checked),
        ["check", "--without-deny"] => check::run(&root, check::Licences::LeftOut),
        ["policy"] => policy::write(&root),
        ["types"] => types::write(&root),
        ["fuzz", rest @ ..] => fuzz::run(&root, rest),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => bail!("unknown command {arguments:?}\n{HELP}"),
    }
}

/// The folder of the workspace.
fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(here.parent().context("xtask lies in a folder of the workspace")?.to_path_buf())
}
