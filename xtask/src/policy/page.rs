//! docs/levels.md, for people.

use super::fields::{Below, ENVELOPE, Field, Part};
use super::{LEVELS, Policy};
use std::fmt::Write as _;

/// What each level is for, in the words of crates/model/src/level.rs.
const MEANING: [&str; 4] = [
    "Keep the service safe; measure nothing about people.",
    "Is it working and used, in numbers.",
    "How is it used, pseudonymously.",
    "Who, why, and see it.",
];

/// The whole page.
pub fn markdown(policy: &Policy) -> String {
    let mut text = String::from(
        "<!-- Made from policy/levels.toml by `cargo xtask policy`; do not edit. -->

# Collection levels: what is kept

A project has one of four collection levels. It is chosen when the project is created, by a person; nothing is
preselected. An event is kept when the project's level is at least the one named here. What is not kept is counted
by reason and shown under Data, so that nobody wonders where it went.

| level | meaning |
|---|---|
",
    );
    for (level, meaning) in LEVELS.iter().zip(MEANING) {
        let _ = writeln!(text, "| {} | {meaning} |", capital(level));
    }
    let _ = writeln!(text, "\nPolicy version {}. The version stands beside every kept event.", policy.version);

    // Sunbird names its event types in capitals; every other protocol has small letters in its names.
    let sunbird = |name: &str| name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    table(&mut text, "Sunbird events", policy.events.iter().filter(|(name, _)| sunbird(name)));
    table(&mut text, "PostHog events", policy.events.iter().filter(|(name, _)| !sunbird(name)));

    text.push_str("\n## All other names\n");
    text.push_str(HEAD);
    for (prefix, level) in &policy.prefixes {
        row(&mut text, &format!("Names that begin with `{prefix}`"), *level);
    }
    row(&mut text, "An app's own events, `EXDATA` with `edata.type` included", policy.custom);
    row(&mut text, "Names that begin with `$` and are not listed", LEVELS.len() - 1);
    fields(&mut text, policy);
    text
}

/// What the browser SDK lets out of the page, field by field.
fn fields(text: &mut String, policy: &Policy) {
    text.push_str(
        "
## Fields that leave a page

The browser SDK takes out of each event what its level does not allow, before it is stored or sent. A field that is not
listed needs Full; `envelope` is around every event. Of an app's own events (`EXDATA` with `edata.type`) numbers and yes/no are
kept at Enhanced, everything at Full.

| event | field | Security | Basic | Enhanced | Full |
|---|---|---|---|---|---|
",
    );
    for (event, fields) in &policy.fields {
        let lowest = if event == ENVELOPE { 1 } else { policy.events[event] };
        for (path, field) in fields {
            let marks: Vec<&str> = (0..LEVELS.len()).map(|level| mark(field, level, lowest)).collect();
            let _ = writeln!(text, "| `{event}` | `{path}` | {} |", marks.join(" | "));
        }
    }
}

fn mark(field: &Field, level: usize, event_from: usize) -> &'static str {
    if level < event_from {
        "–"
    } else if level < field.from {
        if field.below == Below::Nothing { "–" } else { "empty" }
    } else {
        match field.part {
            Part::Template if level < 2 => "without ids",
            Part::Numbers if level < 3 => "numbers",
            Part::Keys if level < 3 => "names",
            _ => "kept",
        }
    }
}

const HEAD: &str = "\n| event | Security | Basic | Enhanced | Full |\n|---|---|---|---|---|\n";

fn table<'a>(text: &mut String, title: &str, events: impl Iterator<Item = (&'a String, &'a usize)>) {
    let _ = write!(text, "\n## {title}\n{HEAD}");
    for (name, level) in events {
        row(text, &format!("`{name}`"), *level);
    }
}

fn row(text: &mut String, name: &str, from: usize) {
    let marks: Vec<&str> = (0..LEVELS.len()).map(|level| if level >= from { "kept" } else { "–" }).collect();
    let _ = writeln!(text, "| {name} | {} |", marks.join(" | "));
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}
