//! The tables in code.

use super::fields::{Below, ENVELOPE, Field, Part};
use super::{LEVELS, Policy};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// crates/model/src/level/table.rs.
pub fn rust(policy: &Policy) -> String {
    let mut text = format!(
        "// Made from policy/levels.toml by `cargo xtask policy`; do not edit.

use super::Level;

pub(super) const POLICY_VERSION: u32 = {};

pub(super) const CUSTOM: Level = {};
",
        policy.version,
        rust_level(policy.custom)
    );
    for (name, table) in [("EVENTS", &policy.events), ("PREFIXES", &policy.prefixes)] {
        let _ = writeln!(text, "\n#[rustfmt::skip]\npub(super) const {name}: &[(&str, Level)] = &[");
        for (event, level) in table {
            let _ = writeln!(text, "    ({event:?}, {}),", rust_level(*level));
        }
        text.push_str("];\n");
    }
    text
}

fn rust_level(level: usize) -> String {
    let (first, rest) = LEVELS[level].split_at(1);
    format!("Level::{}{rest}", first.to_uppercase())
}

/// sdk/src/levels.ts.
pub fn typescript(policy: &Policy) -> String {
    let mut text = format!(
        "// Made from policy/levels.toml by `cargo xtask policy`; do not edit.

/** 0 security, 1 basic, 2 enhanced, 3 full. */
export type LevelNumber = 0 | 1 | 2 | 3;

/** The version of the policy that made these tables. */
export const POLICY_VERSION = {};

/** From which level an app's own events are kept. */
export const CUSTOM_LEVEL: LevelNumber = {};
",
        policy.version, policy.custom
    );
    let tables: [(&str, &str, &BTreeMap<String, usize>); 2] = [
        ("EVENT_LEVELS", "From which level an event of this name is kept.", &policy.events),
        ("PREFIX_LEVELS", "The same for names that begin so and are not in EVENT_LEVELS.", &policy.prefixes),
    ];
    for (name, comment, table) in tables {
        let _ = writeln!(text, "\n/** {comment} */\nexport const {name}: Readonly<Record<string, LevelNumber>> = {{");
        for (event, level) in table {
            let _ = writeln!(text, "  {event:?}: {level},");
        }
        text.push_str("};\n");
    }
    text.push_str(
        "
/**
 * By event: its level, then the path of each field that is kept below full, with its level where that is another, and
 * marks: `~` at basic a path without its ids, `#` only numbers, `*` only names, `\"` and `[` what stands for a required
 * field that is not kept. The empty name is the envelope.
 */
export const FIELDS: Readonly<Record<string, string>> = {
",
    );
    for (event, fields) in &policy.fields {
        let (name, level) = if event == ENVELOPE { ("", 1) } else { (event.as_str(), policy.events[event]) };
        // What needs full and leaves nothing behind is as good as not listed.
        let told = |field: &Field| field.from < LEVELS.len() - 1 || field.below != Below::Nothing;
        let rules: Vec<String> =
            fields.iter().filter(|(_, field)| told(field)).map(|(path, field)| rule(path, field, level)).collect();
        // In quotes that need no escapes: a rule holds a double one.
        let _ = writeln!(text, "  {name:?}: '{level} {}',", rules.join(" "));
    }
    text.push_str("};\n");
    text
}

fn rule(path: &str, field: &Field, event_level: usize) -> String {
    let part = match field.part {
        Part::Whole => "",
        Part::Template => "~",
        Part::Numbers => "#",
        Part::Keys => "*",
    };
    let below = match field.below {
        Below::Nothing => "",
        Below::EmptyText => "\"",
        Below::EmptyList => "[",
    };
    let level = if field.from == event_level { String::new() } else { field.from.to_string() };
    format!("{path}{level}{part}{below}")
}
