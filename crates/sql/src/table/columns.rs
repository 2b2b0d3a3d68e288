//! From the columns of one file to the columns of a table.
//!
//! Files differ: a property may be missing, of another kind, or in the JSON of the rest (docs/formats/segment.md).

use super::EventColumn;
use super::files::{Merged, unreadable};
use crate::property::PROPERTIES;
use crate::value::{Kind, Value, dialect_word, level_word, uuid_text};
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Float64Builder, RecordBatch, StringViewBuilder, new_null_array,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Float64Type, Schema, UInt8Type, UInt32Type};
use datafusion::common::Result;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Column with what has no column of its own.
const REST: &str = "_rest";

/// What the files of a table hold.
#[derive(Debug, Clone)]
pub enum Content {
    /// The table's own columns.
    Plain,
    /// Segment files.
    Events {
        /// By column of the table.
        kinds: Vec<EventColumn>,
        /// Ids of merged persons.
        merged: Option<Arc<Merged>>,
    },
}

/// Where a table's column comes from; numbers are columns of the file.
#[derive(Debug)]
enum Source {
    Missing,
    Plain(usize),
    Uuid(usize),
    Level(usize),
    Dialect(usize),
    Person { ordinal: usize, distinct_id: usize },
    Kinds(Vec<(usize, Kind)>),
    Rest { column: usize, key: String },
    Json { columns: Vec<(String, usize, Kind)>, rest: Option<usize> },
}

/// How to read the wanted columns of a table from one file.
#[derive(Debug)]
pub struct Reading {
    sources: Vec<Source>,
    fields: Vec<Arc<Field>>,
    merged: Option<Arc<Merged>>,
    /// Columns of the file that must be read, ascending.
    pub needed: Vec<usize>,
    places: HashMap<usize, usize>,
}

impl Reading {
    /// For the columns `wanted` of the table `schema` from a file with the columns `written`.
    pub fn new(content: &Content, schema: &Schema, wanted: &[usize], written: &Schema) -> Result<Reading> {
        let found = |name: &str| written.index_of(name).map_err(|_| unreadable(format!("no column {name}")));
        let mut sources = Vec::with_capacity(wanted.len());
        let mut merged = None;
        match content {
            Content::Plain => {
                for column in wanted {
                    sources.push(Source::Plain(found(schema.field(*column).name())?));
                }
            }
            Content::Events { kinds, merged: ids } => {
                let properties = Properties::of(written);
                merged = ids.clone();
                for column in wanted {
                    sources.push(match &kinds[*column] {
                        EventColumn::Fixed("uuid") => Source::Uuid(found("uuid")?),
                        EventColumn::Fixed("level") => Source::Level(found("level")?),
                        EventColumn::Fixed("dialect") => Source::Dialect(found("dialect")?),
                        EventColumn::Fixed("person_id") => {
                            Source::Person { ordinal: found("ordinal")?, distinct_id: found("distinct_id")? }
                        }
                        EventColumn::Fixed(PROPERTIES) => properties.json(),
                        EventColumn::Fixed(name) => Source::Plain(found(name)?),
                        EventColumn::Property(key) => properties.source(key, schema.field(*column).data_type()),
                    });
                }
            }
        }
        let needed: BTreeSet<usize> = sources.iter().flat_map(Source::needed).collect();
        let places = needed.iter().enumerate().map(|(place, column)| (*column, place)).collect();
        let fields = wanted.iter().map(|column| Arc::clone(&schema.fields()[*column])).collect();
        Ok(Reading { sources, fields, merged, needed: needed.into_iter().collect(), places })
    }

    /// The table's columns from a batch of [`Reading::needed`] columns.
    pub fn columns(&self, batch: &RecordBatch) -> Result<Vec<ArrayRef>> {
        self.sources.iter().zip(&self.fields).map(|(source, field)| self.column(source, field, batch)).collect()
    }

    fn column(&self, source: &Source, field: &Field, batch: &RecordBatch) -> Result<ArrayRef> {
        let array = |column: &usize| batch.column(self.places[column]);
        let wrong = || unreadable(format!("{} has another type", field.name()));
        let rows = batch.num_rows();
        Ok(match source {
            Source::Missing => new_null_array(field.data_type(), rows),
            Source::Plain(column) => {
                let array = array(column);
                if array.data_type() == field.data_type() { Arc::clone(array) } else { cast(array, field.data_type())? }
            }
            Source::Uuid(column) => {
                let bytes = array(column).as_fixed_size_binary_opt().ok_or_else(wrong)?;
                let mut texts = StringViewBuilder::with_capacity(rows);
                for row in 0..rows {
                    let uuid = bytes.value(row).try_into().map_err(|_| wrong())?;
                    texts.append_value(uuid_text(uuid));
                }
                Arc::new(texts.finish())
            }
            Source::Level(column) => words(array(column), |byte| Some(level_word(byte))).ok_or_else(wrong)?,
            Source::Dialect(column) => words(array(column), dialect_word).ok_or_else(wrong)?,
            Source::Person { ordinal, distinct_id } => {
                let Some(merged) = &self.merged else { return Ok(Arc::clone(array(distinct_id))) };
                let ordinals = array(ordinal).as_primitive_opt::<UInt32Type>().ok_or_else(wrong)?;
                let own = array(distinct_id).as_string_view_opt().ok_or_else(wrong)?;
                let mut persons = StringViewBuilder::with_capacity(rows).with_deduplicate_strings();
                for row in 0..rows {
                    persons.append_value(merged.person_of(ordinals.value(row)).unwrap_or_else(|| own.value(row)));
                }
                Arc::new(persons.finish())
            }
            Source::Kinds(parts) => {
                let mut texts = StringViewBuilder::with_capacity(rows);
                for row in 0..rows {
                    let part = parts.iter().find(|(column, _)| array(column).is_valid(row));
                    let value = part.map(|(column, kind)| value_at(array(column), *kind, row).ok_or_else(wrong));
                    texts.append_option(value.transpose()?.map(|value| value.canonical()));
                }
                Arc::new(texts.finish())
            }
            Source::Rest { column, key } => rest_column(array(column), key, field.data_type()).ok_or_else(wrong)?,
            Source::Json { columns, rest } => {
                let mut texts = StringViewBuilder::with_capacity(rows);
                for row in 0..rows {
                    // Ordered, so that equal properties are equal texts whatever file they stand in.
                    let mut object: BTreeMap<String, serde_json::Value> = BTreeMap::new();
                    for (key, column, kind) in columns {
                        let array = array(column);
                        if array.is_valid(row) {
                            object.insert(key.clone(), value_at(array, *kind, row).ok_or_else(wrong)?.into_json());
                        }
                    }
                    let rest = rest.and_then(|column| text_at(array(&column), row));
                    let rest = rest.map(|text| decode_rest(&text).ok_or_else(wrong)).transpose()?.unwrap_or_default();
                    object.extend(rest.into_iter().map(|(key, value)| (key, value.into_json())));
                    texts.append_value(serde_json::to_string(&object).unwrap_or_default());
                }
                Arc::new(texts.finish())
            }
        })
    }
}

impl Source {
    fn needed(&self) -> Vec<usize> {
        match self {
            Source::Missing => Vec::new(),
            Source::Plain(column) | Source::Uuid(column) | Source::Level(column) | Source::Dialect(column) => {
                vec![*column]
            }
            Source::Person { ordinal, distinct_id } => vec![*ordinal, *distinct_id],
            Source::Kinds(parts) => parts.iter().map(|(column, _)| *column).collect(),
            Source::Rest { column, .. } => vec![*column],
            Source::Json { columns, rest } => columns.iter().map(|(_, column, _)| *column).chain(*rest).collect(),
        }
    }
}

/// The property columns of one file.
struct Properties<'a> {
    columns: BTreeMap<&'a str, Vec<(usize, Kind)>>,
    rest: Option<usize>,
}

impl<'a> Properties<'a> {
    fn of(written: &'a Schema) -> Properties<'a> {
        let mut columns: BTreeMap<&str, Vec<(usize, Kind)>> = BTreeMap::new();
        for (index, field) in written.fields().iter().enumerate() {
            let kind = match field.metadata().get("kind").map(String::as_str) {
                Some("text") => Kind::Text,
                Some("number") => Kind::Number,
                Some("bool") => Kind::Bool,
                Some("json") => Kind::Json,
                _ => continue,
            };
            if let Some(key) = field.metadata().get("key") {
                columns.entry(key).or_default().push((index, kind));
            }
        }
        Properties { columns, rest: written.index_of(REST).ok() }
    }

    fn source(&self, key: &str, wanted: &DataType) -> Source {
        match (self.columns.get(key).map(Vec::as_slice), self.rest) {
            (Some([(column, Kind::Number)]), _) if *wanted == DataType::Float64 => Source::Plain(*column),
            (Some([(column, Kind::Bool)]), _) if *wanted == DataType::Boolean => Source::Plain(*column),
            (Some([(column, Kind::Text | Kind::Json)]), _) => Source::Plain(*column),
            (Some(parts), _) => Source::Kinds(parts.to_vec()),
            (None, Some(column)) => Source::Rest { column, key: key.to_owned() },
            (None, None) => Source::Missing,
        }
    }

    fn json(&self) -> Source {
        let columns = self.columns.iter();
        let columns =
            columns.flat_map(|(key, parts)| parts.iter().map(|(column, kind)| ((*key).to_owned(), *column, *kind)));
        Source::Json { columns: columns.collect(), rest: self.rest }
    }
}

/// Bytes to words; `None` when the column has another type.
fn words(array: &ArrayRef, word: impl Fn(u8) -> Option<&'static str>) -> Option<ArrayRef> {
    let bytes = array.as_primitive_opt::<UInt8Type>()?;
    let mut texts = StringViewBuilder::with_capacity(bytes.len());
    bytes.values().iter().for_each(|byte| texts.append_option(word(*byte)));
    Some(Arc::new(texts.finish()))
}

/// A valid value; `None` when the column has another type.
fn value_at(array: &ArrayRef, kind: Kind, row: usize) -> Option<Value> {
    Some(match kind {
        Kind::Text => Value::Text(array.as_string_view_opt()?.value(row).into()),
        Kind::Json => Value::Json(array.as_string_view_opt()?.value(row).into()),
        Kind::Number => Value::Number(array.as_primitive_opt::<Float64Type>()?.value(row)),
        Kind::Bool => Value::Bool(array.as_boolean_opt()?.value(row)),
    })
}

fn text_at(array: &ArrayRef, row: usize) -> Option<String> {
    let texts = array.as_string_view_opt().filter(|texts| texts.is_valid(row))?;
    Some(texts.value(row).to_owned())
}

/// One key of the rest as a column.
fn rest_column(array: &ArrayRef, key: &str, wanted: &DataType) -> Option<ArrayRef> {
    let texts = array.as_string_view_opt()?;
    let mut values = Vec::with_capacity(texts.len());
    for text in texts {
        let mut object = text.map_or_else(|| Some(HashMap::new()), decode_rest)?;
        values.push(object.remove(key));
    }
    Some(match wanted {
        DataType::Float64 => {
            let mut numbers = Float64Builder::with_capacity(values.len());
            let number = |value: &Value| if let Value::Number(number) = value { Some(*number) } else { None };
            values.iter().for_each(|value| numbers.append_option(value.as_ref().and_then(number)));
            Arc::new(numbers.finish())
        }
        DataType::Boolean => {
            let mut flags = BooleanBuilder::with_capacity(values.len());
            let flag = |value: &Value| if let Value::Bool(flag) = value { Some(*flag) } else { None };
            values.iter().for_each(|value| flags.append_option(value.as_ref().and_then(flag)));
            Arc::new(flags.finish())
        }
        _ => {
            let mut texts = StringViewBuilder::with_capacity(values.len());
            values.into_iter().for_each(|value| texts.append_option(value.map(Value::canonical)));
            Arc::new(texts.finish())
        }
    })
}

/// The values of one row that have no column: texts, numbers and booleans as in JSON, other JSON as `{"$json": text}`.
fn decode_rest(text: &str) -> Option<HashMap<String, Value>> {
    #[derive(serde::Deserialize)]
    struct Wrapped {
        #[serde(rename = "$json")]
        json: String,
    }
    let object: HashMap<String, Box<RawValue>> = serde_json::from_str(text).ok()?;
    let decoded = object.into_iter().map(|(key, raw)| {
        let raw = raw.get();
        let value = match raw.as_bytes().first()? {
            b'"' => Value::Text(serde_json::from_str::<String>(raw).ok()?.into()),
            b'{' => Value::Json(serde_json::from_str::<Wrapped>(raw).ok()?.json.into()),
            b't' | b'f' => Value::Bool(raw == "true"),
            _ => Value::Number(raw.parse().ok()?),
        };
        Some((key, value))
    });
    decoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::array::{Float64Array, StringViewArray};

    fn written() -> Schema {
        let property = |name: &str, data_type: DataType, key: &str, kind: &str| {
            let metadata = [("key".to_owned(), key.to_owned()), ("kind".to_owned(), kind.to_owned())].into();
            Field::new(name, data_type, true).with_metadata(metadata)
        };
        Schema::new(vec![
            property("p.a", DataType::Utf8View, "a", "text"),
            property("p.a#number", DataType::Float64, "a", "number"),
            Field::new(REST, DataType::Utf8View, true),
        ])
    }

    fn read(key: &str, wanted: DataType) -> ArrayRef {
        let schema = Schema::new(vec![Field::new(key, wanted, true)]);
        let content = Content::Events { kinds: vec![EventColumn::Property(key.to_owned())], merged: None };
        let reading = Reading::new(&content, &schema, &[0], &written()).expect("a reading");
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringViewArray::from(vec![Some("x"), None, None])),
            Arc::new(Float64Array::from(vec![None, Some(1.0), None])),
            Arc::new(StringViewArray::from(vec![Some(r#"{"r":2.5,"j":{"$json":"[1]"}}"#), None, Some(r#"{"r":-7}"#)])),
        ];
        let batch = RecordBatch::try_new(Arc::new(written()), columns).expect("a batch");
        let batch = batch.project(&reading.needed).expect("projected");
        Arc::clone(&reading.columns(&batch).expect("read")[0])
    }

    #[test]
    fn several_kinds_become_one_text() {
        let texts = read("a", DataType::Utf8View);
        assert_eq!(texts.as_string_view().iter().collect::<Vec<_>>(), [Some("x"), Some("1"), None]);
    }

    #[test]
    fn a_key_of_the_rest_is_a_column_too() {
        let numbers = read("r", DataType::Float64);
        assert_eq!(numbers.as_primitive::<Float64Type>().iter().collect::<Vec<_>>(), [Some(2.5), None, Some(-7.0)]);
        let texts = read("j", DataType::Utf8View);
        assert_eq!(texts.as_string_view().iter().collect::<Vec<_>>(), [Some("[1]"), None, None]);
    }
}
