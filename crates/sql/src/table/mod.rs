//! The tables: which columns they have, how a file's columns become theirs, and the scan.

pub mod columns;
mod files;
mod prune;
pub mod scan;

use crate::job::{Job, PropertyKey};
use crate::property::{FIELD_JSON, FIELD_KEY, FIELD_TABLE, PROPERTIES};
use crate::value::Kind;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Columns of `events` that are not properties; a property of the same name stands under `properties.<key>`.
pub const EVENT_COLUMNS: [&str; 11] = [
    "uuid",
    "event",
    "event_at",
    "received_at",
    "distinct_id",
    "person_id",
    "session_id",
    "window_id",
    "level",
    "dialect",
    PROPERTIES,
];

/// The table `events`: its columns and what each is.
#[derive(Debug, Clone)]
pub struct Events {
    /// Columns, the fixed ones first, then properties by key.
    pub schema: SchemaRef,
    /// By column.
    pub kinds: Vec<EventColumn>,
    /// By property key: its column's name.
    pub names: HashMap<String, String>,
}

/// What a column of `events` is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventColumn {
    /// One of [`EVENT_COLUMNS`].
    Fixed(&'static str),
    /// A property; of several kinds: all as text.
    Property(String),
}

fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

impl Events {
    /// Columns for these property keys.
    pub fn new(keys: &[PropertyKey]) -> Events {
        let mut fields = Vec::with_capacity(EVENT_COLUMNS.len() + keys.len());
        let mut kinds = Vec::with_capacity(fields.capacity());
        for name in EVENT_COLUMNS {
            let data_type = if name.ends_with("_at") { instant() } else { DataType::Utf8View };
            let mut field = Field::new(name, data_type, matches!(name, "session_id" | "window_id" | "dialect"));
            if name == PROPERTIES {
                field = with_metadata(field, &[(FIELD_TABLE, "events"), (FIELD_JSON, "1")]);
            }
            fields.push(field);
            kinds.push(EventColumn::Fixed(name));
        }
        let mut taken: HashSet<String> = EVENT_COLUMNS.iter().map(|name| (*name).to_owned()).collect();
        taken.extend(keys.iter().map(|key| key.key.clone()));
        let mut names = HashMap::new();
        for PropertyKey { key, kinds: of_key } in keys {
            let mut name = key.clone();
            if EVENT_COLUMNS.contains(&key.as_str()) {
                name = format!("{PROPERTIES}.{key}");
                while !taken.insert(name.clone()) {
                    name.push('~');
                }
            }
            let (data_type, is_json) = match of_key.as_slice() {
                [Kind::Number] => (DataType::Float64, false),
                [Kind::Bool] => (DataType::Boolean, false),
                [Kind::Json] => (DataType::Utf8View, true),
                _ => (DataType::Utf8View, false),
            };
            let mut metadata = vec![(FIELD_KEY, key.as_str())];
            metadata.extend(is_json.then_some((FIELD_JSON, "1")));
            fields.push(with_metadata(Field::new(&name, data_type, true), &metadata));
            kinds.push(EventColumn::Property(key.clone()));
            names.insert(key.clone(), name);
        }
        Events { schema: Arc::new(Schema::new(fields)), kinds, names }
    }
}

fn with_metadata(field: Field, pairs: &[(&str, &str)]) -> Field {
    field.with_metadata(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

/// Columns of `persons`.
pub fn persons_schema() -> SchemaRef {
    let properties = Field::new(PROPERTIES, DataType::Utf8View, false);
    Arc::new(Schema::new(vec![
        Field::new("person_id", DataType::Utf8View, false),
        Field::new("created_at", instant(), false),
        Field::new("identified", DataType::Boolean, false),
        with_metadata(properties, &[(FIELD_TABLE, "persons"), (FIELD_JSON, "1")]),
    ]))
}

/// Columns of `distinct_ids`.
pub fn distinct_ids_schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8View, false);
    Arc::new(Schema::new(vec![text("distinct_id"), text("person_id")]))
}

/// All tables of a job, by name.
///
/// # Errors
/// The file of merged ids cannot be read.
pub fn of_job(job: &Job) -> datafusion::common::Result<(BTreeMap<&'static str, Arc<scan::Table>>, Events)> {
    let events = Events::new(&job.properties);
    let merged = job.merged.as_deref().map(files::read_merged).transpose()?;
    let content = columns::Content::Events { kinds: events.kinds.clone(), merged: merged.map(Arc::new) };
    let mut tables = BTreeMap::new();
    let table = scan::Table::new(Arc::clone(&events.schema), content, &job.events, job.threads);
    tables.insert("events", Arc::new(table));
    let others =
        [("persons", persons_schema(), &job.persons), ("distinct_ids", distinct_ids_schema(), &job.distinct_ids)];
    for (name, schema, path) in others {
        let files: Vec<_> = path.iter().map(|path| files::whole(path)).collect::<Result<_, _>>()?;
        let table = scan::Table::new(schema, columns::Content::Plain, &files, job.threads);
        tables.insert(name, Arc::new(table));
    }
    Ok((tables, events))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key: &str, kinds: &[Kind]) -> PropertyKey {
        PropertyKey { key: key.into(), kinds: kinds.to_vec() }
    }

    #[test]
    fn a_property_of_one_kind_keeps_its_type_and_of_several_is_text() {
        let events = Events::new(&[
            key("a", &[Kind::Number]),
            key("b", &[Kind::Bool]),
            key("c", &[Kind::Text, Kind::Number]),
            key("d", &[Kind::Json]),
        ]);
        let of = |name: &str| events.schema.field_with_name(name).expect("a column").data_type().clone();
        assert_eq!((of("a"), of("b")), (DataType::Float64, DataType::Boolean));
        assert_eq!((of("c"), of("d")), (DataType::Utf8View, DataType::Utf8View));
    }

    #[test]
    fn a_fixed_name_wins_and_the_property_stays_within_reach() {
        let events = Events::new(&[key("event", &[Kind::Text]), key("properties.event", &[Kind::Text])]);
        assert_eq!(events.names["event"], "properties.event~");
        assert_eq!(events.names["properties.event"], "properties.event");
        let names: HashSet<_> = events.schema.fields().iter().map(|field| field.name()).collect();
        assert_eq!(names.len(), EVENT_COLUMNS.len() + 2);
    }
}
