//! policy/levels.toml made into tables: Rust for the gate, TypeScript for the SDK, a page for people.
//!
//! The files are committed; `cargo xtask check` fails when one of them is not what this would write.

mod fields;
mod page;
mod tables;

use anyhow::{Context, Result, bail};
use fields::Fields;
use std::collections::BTreeMap;
use std::path::Path;

const SOURCE: &str = "policy/levels.toml";

/// The four levels, lowest first; the index is the level's number everywhere.
const LEVELS: [&str; 4] = ["security", "basic", "enhanced", "full"];

/// The source, read and checked. Levels are indexes into [`LEVELS`].
struct Policy {
    version: u32,
    /// The level of an app's own events.
    custom: usize,
    /// By name, in byte order: the Rust table is searched by halves.
    events: BTreeMap<String, usize>,
    /// By beginning of the name.
    prefixes: BTreeMap<String, usize>,
    /// By event name: its fields.
    fields: BTreeMap<String, Fields>,
}

/// Writes all files that are made from the policy.
pub fn write(root: &Path) -> Result<()> {
    for (path, text) in made(root)? {
        let full = root.join(path);
        if std::fs::read_to_string(&full).ok().as_deref() != Some(&text) {
            if let Some(folder) = full.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(&full, text).with_context(|| path.to_owned())?;
            println!("written {path}");
        }
    }
    Ok(())
}

/// An error when a file is not what [`write`] would write.
pub fn compare(root: &Path) -> Result<()> {
    let stale: Vec<&str> = made(root)?
        .into_iter()
        .filter(|(path, text)| std::fs::read_to_string(root.join(path)).ok().as_deref() != Some(text))
        .map(|(path, _)| path)
        .collect();
    if stale.is_empty() { Ok(()) } else { bail!("run `cargo xtask policy`: {} out of date", stale.join(", ")) }
}

/// Path and text of every file.
fn made(root: &Path) -> Result<Vec<(&'static str, String)>> {
    let text = std::fs::read_to_string(root.join(SOURCE)).context(SOURCE)?;
    let policy = parse(&text).context(SOURCE)?;
    Ok(vec![
        ("crates/model/src/level/table.rs", tables::rust(&policy)),
        ("sdk/src/levels.ts", tables::typescript(&policy)),
        ("docs/levels.md", page::markdown(&policy)),
    ])
}

fn parse(text: &str) -> Result<Policy> {
    let table: toml::Table = text.parse()?;
    const KEYS: [&str; 5] = ["version", "custom", "events", "prefixes", "fields"];
    if let Some(unknown) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        bail!("`{unknown}` is not known here; teach xtask/src/policy.rs what it means");
    }
    let version = table.get("version").and_then(toml::Value::as_integer).context("`version` must be a number")?;
    let mut policy = Policy {
        version: u32::try_from(version)?,
        custom: level("custom", table.get("custom").context("`custom` is missing")?)?,
        events: levels(table.get("events").context("[events] is missing")?)?,
        prefixes: levels(table.get("prefixes").context("[prefixes] is missing")?)?,
        fields: BTreeMap::new(),
    };
    policy.fields = fields::parse(table.get("fields").context("[fields] is missing")?, &policy.events)?;
    Ok(policy)
}

fn levels(value: &toml::Value) -> Result<BTreeMap<String, usize>> {
    let table = value.as_table().context("a table of names and levels was expected")?;
    table.iter().map(|(name, value)| Ok((name.clone(), level(name, value)?))).collect()
}

fn level(name: &str, value: &toml::Value) -> Result<usize> {
    LEVELS
        .iter()
        .position(|level| value.as_str() == Some(level))
        .with_context(|| format!("`{name}`: must be one of {}", LEVELS.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_refused_and_not_dropped() {
        let good = "version = 1\ncustom = \"enhanced\"\n[events]\nSTART = \"basic\"\n[prefixes]\n[fields.START]\ntype = \"basic\"\n";
        assert_eq!(parse(good).map(|policy| policy.events["START"]).ok(), Some(1));
        assert!(parse(&good.replace("basic", "bsaic")).is_err());
        assert!(parse(&good.replace("[prefixes]", "[prefixs]")).is_err());
        assert!(parse(&format!("{good}[field]\n")).is_err());
        assert!(parse(&good.replace("fields.START", "fields.STRAT")).is_err());
        assert!(parse(&format!("{good}mode = {{ from = \"basic\", like = \"keys\" }}\n")).is_err());
    }
}
