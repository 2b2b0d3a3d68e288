//! Which field of an event is kept from which level.

use super::level;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;

/// The rules of the fields around `edata`, which are the same for every event.
pub const ENVELOPE: &str = "envelope";

/// The rules of one event, by path, in byte order.
pub type Fields = BTreeMap<String, Field>;

/// The rule of one field.
pub struct Field {
    /// From which level it is kept.
    pub from: usize,
    /// What of it is kept below full.
    pub part: Part,
    /// What stands in its place below `from`, for a field that must be there.
    pub below: Below,
}

/// What is kept of a field below the full level.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Whole,
    /// At basic, ids in a path are replaced.
    Template,
    /// Numbers and yes/no.
    Numbers,
    /// Names without their values.
    Keys,
}

/// What stands in the place of a field that is not kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Below {
    Nothing,
    EmptyText,
    EmptyList,
}

/// Reads `[fields]`. Every event named there must have a level.
pub fn parse(value: &toml::Value, events: &BTreeMap<String, usize>) -> Result<BTreeMap<String, Fields>> {
    let table = value.as_table().context("[fields] must be tables of fields")?;
    let mut all = BTreeMap::new();
    for (event, fields) in table {
        if event != ENVELOPE && !events.contains_key(event) {
            bail!("[fields.{event}]: no such event in [events]");
        }
        let fields = fields.as_table().with_context(|| format!("[fields.{event}] must be a table"))?;
        let fields: Result<Fields> = fields
            .iter()
            .map(|(path, rule)| Ok((path.clone(), field(rule).with_context(|| format!("{event}: {path}"))?)))
            .collect();
        all.insert(event.clone(), fields?);
    }
    Ok(all)
}

fn field(value: &toml::Value) -> Result<Field> {
    let Some(table) = value.as_table() else {
        return Ok(Field { from: level("field", value)?, part: Part::Whole, below: Below::Nothing });
    };
    if let Some(unknown) = table.keys().find(|key| !["from", "as", "below"].contains(&key.as_str())) {
        bail!("`{unknown}` is not known here");
    }
    let part = match table.get("as").map(|part| part.as_str().unwrap_or_default()) {
        None => Part::Whole,
        Some("template") => Part::Template,
        Some("numbers") => Part::Numbers,
        Some("keys") => Part::Keys,
        Some(other) => bail!("`as`: `{other}` is none of template, numbers, keys"),
    };
    let below = match table.get("below") {
        None => Below::Nothing,
        Some(toml::Value::String(text)) if text.is_empty() => Below::EmptyText,
        Some(toml::Value::Array(list)) if list.is_empty() => Below::EmptyList,
        Some(_) => bail!("`below` must be \"\" or []"),
    };
    Ok(Field { from: level("from", table.get("from").context("`from` is missing")?)?, part, below })
}
