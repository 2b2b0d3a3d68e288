//! Which tables and columns a query finds, from what the snapshot says of itself; no process is started.

use super::job::{ColumnType, PropertyKey};
use model::property::Kind;
use serde::Serialize;
use std::collections::{BTreeSet, HashSet};
use store::{PropertyKinds, PropertyStats, Snapshot, StoreError};
use utoipa::ToSchema;

/// Properties that are columns: the most frequent ones, and any other that the query names.
const COLUMNS_MAX: usize = 1_000;

/// One table.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SqlSchemaTable)]
pub struct Table {
    /// As in FROM.
    pub name: &'static str,
    /// What its rows are.
    pub description: &'static str,
    /// In the order of `SELECT *`.
    pub columns: Vec<Column>,
}

/// One column of a table.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SqlSchemaColumn)]
pub struct Column {
    /// Without quotes; names with dots or capitals need double quotes in a query.
    pub name: String,
    /// Type of its cells.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// What it holds.
    pub description: String,
}

const EVENTS: [(&str, ColumnType, &str); 11] = [
    ("uuid", ColumnType::Text, "identity of the event"),
    ("event", ColumnType::Text, "name"),
    ("event_at", ColumnType::Timestamp, "when it happened, by the client's corrected clock"),
    ("received_at", ColumnType::Timestamp, "when it came, by the server's clock"),
    ("distinct_id", ColumnType::Text, "id that the client sent"),
    ("person_id", ColumnType::Text, "whose event it is after merging; as in persons"),
    ("session_id", ColumnType::Text, "session, as sent"),
    ("window_id", ColumnType::Text, "browser window, as sent"),
    ("level", ColumnType::Text, "collection level under which it was kept"),
    ("dialect", ColumnType::Text, "protocol by which it came"),
    ("properties", ColumnType::Json, "all properties; properties['key'] is one of them"),
];

const PERSONS: [(&str, ColumnType, &str); 4] = [
    ("person_id", ColumnType::Text, "the id that stands for the person"),
    ("created_at", ColumnType::Timestamp, "when the person was first seen"),
    ("identified", ColumnType::Boolean, "whether a login or a merge named them"),
    ("properties", ColumnType::Json, "person properties; properties['key'] is one of them, as text"),
];

const DISTINCT_IDS: [(&str, ColumnType, &str); 2] = [
    ("distinct_id", ColumnType::Text, "an id that a client sent"),
    ("person_id", ColumnType::Text, "whose id it is after merging"),
];

/// All tables of a snapshot.
///
/// # Errors
/// As [`properties`].
pub fn tables(snapshot: &Snapshot) -> Result<Vec<Table>, StoreError> {
    let fixed = |columns: &[(&str, ColumnType, &str)]| -> Vec<Column> {
        let column = |(name, kind, description): &(&str, ColumnType, &str)| Column {
            name: (*name).to_owned(),
            kind: *kind,
            description: (*description).to_owned(),
        };
        columns.iter().map(column).collect()
    };
    let mut events = fixed(&EVENTS);
    let properties = properties(snapshot, "")?;
    let mut taken: HashSet<String> = properties.iter().map(|property| property.key.clone()).collect();
    events.extend(properties.into_iter().map(|property| {
        let (kind, description) = match property.kinds.as_slice() {
            [Kind::Number] => (ColumnType::Number, "property"),
            [Kind::Bool] => (ColumnType::Boolean, "property"),
            [Kind::Json] => (ColumnType::Json, "property"),
            [_] => (ColumnType::Text, "property"),
            _ => (ColumnType::Text, "property of several types, as text"),
        };
        Column { name: column_name(property.key, &mut taken), kind, description: description.to_owned() }
    }));
    Ok(vec![
        Table { name: "events", description: "one row per event", columns: events },
        Table { name: "persons", description: "one row per person", columns: fixed(&PERSONS) },
        Table { name: "distinct_ids", description: "one row per id that a client sent", columns: fixed(&DISTINCT_IDS) },
    ])
}

/// As in `crates/sql/src/table/mod.rs`: a fixed name wins.
fn column_name(key: String, taken: &mut HashSet<String>) -> String {
    if !EVENTS.iter().any(|(fixed, ..)| *fixed == key) {
        return key;
    }
    let mut name = format!("properties.{key}");
    while !taken.insert(name.clone()) {
        name.push('~');
    }
    name
}

/// The properties that are columns for this query, ascending by key.
///
/// Where not all keys and kinds can be told without reading every row, all are text, and whatever stands between two
/// quotes in the query may be one of them.
///
/// # Errors
/// A file's foot could not be read.
pub fn properties(snapshot: &Snapshot, sql: &str) -> Result<Vec<PropertyKey>, StoreError> {
    let PropertyKinds { known, more } = snapshot.property_kinds()?;
    let mut by_count: Vec<_> = known.iter().map(|(key, stats)| (std::cmp::Reverse(stats.count()), &**key)).collect();
    by_count.sort_unstable();
    let mut chosen: BTreeSet<&str> = by_count.iter().take(COLUMNS_MAX).map(|(_, key)| *key).collect();
    let quoted = sql.split(['"', '\'']).filter(|piece| more || known.contains_key(*piece));
    chosen.extend(quoted.filter(|piece| !piece.is_empty()));
    let kinds = |stats: &PropertyStats| {
        let counts = [
            (stats.text, Kind::Text),
            (stats.number, Kind::Number),
            (stats.boolean, Kind::Bool),
            (stats.json, Kind::Json),
        ];
        counts.into_iter().filter(|(count, _)| more || *count > 0).map(|(_, kind)| kind).collect()
    };
    let none = PropertyStats::default();
    let key = |key: &str| PropertyKey { key: key.to_owned(), kinds: kinds(known.get(key).unwrap_or(&none)) };
    Ok(chosen.into_iter().map(key).collect())
}
