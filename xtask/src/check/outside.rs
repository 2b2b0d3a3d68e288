//! No tracked file names a path of somebody's machine: the repository must stand alone.

use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// Beginnings of paths that exist on one machine only; in two halves, so that this file does not name them itself.
const MACHINE_PATHS: &[(&str, &str)] = &[("/work", "/"), ("/ro", "ot/"), ("/ho", "me/"), ("/Us", "ers/")];

/// Asks git for the tracked files and those that would be added; binary files are passed over.
pub fn check(root: &Path) -> Result<()> {
    if !root.join(".git").exists() {
        // An unpacked archive: there is nothing to commit.
        return Ok(());
    }
    let output = Command::new("git")
        // The clone may belong to another user, as in a container.
        .args(["-c", "safe.directory=*"])
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        bail!("git ls-files failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let mut wrong = Vec::new();
    for name in String::from_utf8_lossy(&output.stdout).split('\0').filter(|name| !name.is_empty()) {
        // A file that is tracked but deleted, or not text, has no lines to look at.
        let Ok(text) = std::fs::read_to_string(root.join(name)) else { continue };
        for (number, line) in text.lines().enumerate() {
            if names_a_machine(line) {
                wrong.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { bail!("{}", wrong.join("\n")) }
}

/// Whether a machine's path begins in the line: not in the middle of a longer path or URL.
fn names_a_machine(line: &str) -> bool {
    MACHINE_PATHS.iter().any(|(first, second)| {
        let beginning = format!("{first}{second}");
        line.match_indices(&beginning).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + beginning.len()..].chars().next();
            !before.is_some_and(|c| c.is_alphanumeric() || "/._-}>:*".contains(c))
                && after.is_some_and(|c| c.is_alphanumeric() || "._-".contains(c))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machines_path_is_found_and_a_part_of_another_path_is_not() {
        let root = MACHINE_PATHS[1].0.to_owned() + MACHINE_PATHS[1].1;
        assert!(names_a_machine(&format!("see {root}notes.md")));
        assert!(names_a_machine(&format!("\"{root}.cargo\"")));
        assert!(!names_a_machine(&format!("https://example.org{root}page")));
        assert!(!names_a_machine(&format!("url(\"{root}\")")), "the bare folder is not a machine's file");
    }
}
