//! Each path named in ARCHITECTURE.md exists: a map that names what is gone misleads.

use anyhow::{Context, Result, bail};
use std::path::Path;

/// Looks at everything between backticks that has the form of a path of this repository.
pub fn check(root: &Path) -> Result<()> {
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md")).context("ARCHITECTURE.md")?;
    let missing: Vec<String> = paths(&text).into_iter().filter(|path| !root.join(path).exists()).collect();
    if missing.is_empty() { Ok(()) } else { bail!("ARCHITECTURE.md names what is not there: {}", missing.join(", ")) }
}

/// What stands between backticks, has a slash inside or at its end or a known ending, and is neither a URL path
/// (`/v1/telemetry`), a data directory's path (`DATA/wal`) nor a pattern (`crates/*`).
fn paths(text: &str) -> Vec<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|quoted| {
            let known_ending = [".rs", ".md", ".toml", ".ts", ".tsx", ".sh"].iter().any(|end| quoted.ends_with(end));
            (quoted.contains('/') || known_ending)
                && !quoted.starts_with('/')
                && !quoted.starts_with("DATA/")
                && quoted.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_repository_are_taken() {
        let text = "`crates/model/` and `Makefile`, `/v1/telemetry`, `GET /health`, `DATA/wal`, `crates/*`, `xtask/src/main.rs`, `deny.toml`";
        assert_eq!(paths(text), ["crates/model/", "xtask/src/main.rs", "deny.toml"]);
    }
}
