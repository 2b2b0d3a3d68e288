//! Names and order of the columns of a segment file. Bytes: docs/formats/segment.md.

use super::stats::{PropertyStats, SegmentStats};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use model::property::Kind;
use model::{Dialect, Event, Level, Micros, Properties, Uuid, Value};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Version of the segment format, under [`VERSION_KEY`] in the file's key-value metadata.
pub(crate) const VERSION: u32 = 1;
pub(crate) const VERSION_KEY: &str = "telemetry.format";
pub(crate) const STATS_KEY: &str = "telemetry.stats";
/// Arrow field metadata of property columns: they, not the column's name, tell key and kind.
pub(crate) const FIELD_KEY: &str = "key";
pub(crate) const FIELD_KIND: &str = "kind";
/// Keys past these go into the column [`REST`].
pub(crate) const PROPERTY_KEYS_MAX: usize = 1_000;
pub(crate) const REST: &str = "_rest";

/// Position of the fixed columns.
pub(crate) mod at {
    pub const UUID: usize = 0;
    pub const EVENT: usize = 1;
    pub const EVENT_AT: usize = 2;
    pub const RECEIVED_AT: usize = 3;
    pub const DISTINCT_ID: usize = 4;
    pub const ORDINAL: usize = 5;
    pub const SESSION: usize = 6;
    pub const WINDOW: usize = 7;
    pub const LEVEL: usize = 8;
    pub const POLICY: usize = 9;
    pub const DIALECT: usize = 10;
    pub const PROPERTIES: usize = 11;
}

/// What rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RowKey {
    pub ordinal: u32,
    pub event_at: Micros,
    pub uuid: [u8; 16],
}

/// One row, its texts borrowed from wherever it stands.
pub(crate) struct RowRef<'a> {
    pub key: RowKey,
    pub received_at: Micros,
    pub event: &'a str,
    pub distinct_id: &'a str,
    pub session_id: Option<&'a str>,
    pub window_id: Option<&'a str>,
    pub level: u8,
    pub policy: u32,
    pub dialect: u8,
    pub properties: Vec<(Cow<'a, str>, ValueRef<'a>)>,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ValueRef<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    Bool(bool),
    Json(Cow<'a, str>),
}

impl<'a> ValueRef<'a> {
    pub fn of(value: &'a Value) -> ValueRef<'a> {
        match value {
            Value::Text(text) => ValueRef::Text(Cow::Borrowed(text)),
            Value::Number(number) => ValueRef::Number(*number),
            Value::Bool(flag) => ValueRef::Bool(*flag),
            Value::Json(text) => ValueRef::Json(Cow::Borrowed(text)),
        }
    }

    pub fn kind(&self) -> Kind {
        match self {
            ValueRef::Text(_) => Kind::Text,
            ValueRef::Number(_) => Kind::Number,
            ValueRef::Bool(_) => Kind::Bool,
            ValueRef::Json(_) => Kind::Json,
        }
    }

    pub fn to_value(&self) -> Value {
        match self {
            ValueRef::Text(text) => Value::Text(text.as_ref().into()),
            ValueRef::Number(number) => Value::Number(*number),
            ValueRef::Bool(flag) => Value::Bool(*flag),
            ValueRef::Json(text) => Value::Json(text.as_ref().into()),
        }
    }
}

impl RowRef<'_> {
    /// Bytes of all its texts.
    pub fn text_bytes(&self) -> usize {
        let own = [Some(self.event), Some(self.distinct_id), self.session_id, self.window_id];
        let properties = self.properties.iter().map(|(key, value)| match value {
            ValueRef::Text(text) | ValueRef::Json(text) => key.len() + text.len(),
            ValueRef::Number(_) | ValueRef::Bool(_) => key.len(),
        });
        own.into_iter().flatten().map(str::len).sum::<usize>() + properties.sum::<usize>()
    }

    pub fn to_event(&self) -> Event {
        let properties: Properties =
            self.properties.iter().map(|(key, value)| (key.as_ref().into(), value.to_value())).collect();
        Event {
            uuid: Uuid::from_bytes(self.key.uuid),
            event: self.event.into(),
            event_at: self.key.event_at,
            received_at: self.received_at,
            distinct_id: self.distinct_id.into(),
            session_id: self.session_id.map(Into::into),
            window_id: self.window_id.map(Into::into),
            level: Level::from_u8(self.level),
            // Checked when the row was read from the WAL; only a newer program knows more.
            dialect: Dialect::from_u8(self.dialect).unwrap_or(Dialect::Native),
            properties,
        }
    }
}

/// The schema of one file and where each property goes.
pub(crate) struct Layout {
    pub schema: Arc<Schema>,
    /// By key: column of each kind, in the order of [`kind_index`].
    pub columns: HashMap<Box<str>, [Option<usize>; 4]>,
    pub rest: Option<usize>,
}

pub(crate) fn kind_index(kind: Kind) -> usize {
    match kind {
        Kind::Text => 0,
        Kind::Number => 1,
        Kind::Bool => 2,
        Kind::Json => 3,
    }
}

pub(crate) const KIND_WORDS: [&str; 4] = ["text", "number", "bool", "json"];
const KINDS: [Kind; 4] = [Kind::Text, Kind::Number, Kind::Bool, Kind::Json];

/// Key and kind of a property column.
pub(crate) fn property_of(field: &Field) -> Option<(&str, Kind)> {
    let word = field.metadata().get(FIELD_KIND)?;
    let kind = KIND_WORDS.iter().position(|known| known == word)?;
    Some((field.metadata().get(FIELD_KEY)?, KINDS[kind]))
}

pub(crate) fn counts(stats: &PropertyStats) -> [u64; 4] {
    [stats.text, stats.number, stats.boolean, stats.json]
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

impl Layout {
    /// Decides on the columns of a file that will hold what `stats` say: the most frequent keys get columns, the most
    /// frequent kind of a key the plain name.
    pub fn plan(stats: &SegmentStats) -> Layout {
        let instant = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let mut fields = vec![
            Field::new("uuid", DataType::FixedSizeBinary(16), false),
            Field::new("event", dictionary(), false),
            Field::new("event_at", instant(), false),
            Field::new("received_at", instant(), false),
            Field::new("distinct_id", dictionary(), false),
            Field::new("ordinal", DataType::UInt32, false),
            Field::new("session_id", dictionary(), true),
            Field::new("window_id", dictionary(), true),
            Field::new("level", DataType::UInt8, false),
            Field::new("policy_version", DataType::UInt32, false),
            Field::new("dialect", DataType::UInt8, false),
        ];
        debug_assert_eq!(fields.len(), at::PROPERTIES);
        let mut keys: Vec<_> = stats.properties.iter().collect();
        keys.sort_by(|a, b| b.1.count().cmp(&a.1.count()).then(a.0.cmp(b.0)));
        let rest = keys.len() > PROPERTY_KEYS_MAX || stats.more_properties;
        keys.truncate(PROPERTY_KEYS_MAX);
        keys.sort_by(|a, b| a.0.cmp(b.0));
        let mut taken = HashSet::new();
        let mut columns = HashMap::new();
        for (key, counts_of_key) in keys {
            let counts = counts(counts_of_key);
            let mut kinds: Vec<usize> = (0..4).filter(|kind| counts[*kind] > 0).collect();
            kinds.sort_by_key(|kind| std::cmp::Reverse(counts[*kind]));
            let mut places = [None; 4];
            for (rank, kind) in kinds.into_iter().enumerate() {
                let suffix = if rank == 0 { String::new() } else { format!("#{}", KIND_WORDS[kind]) };
                // A key may end like a suffix; the field metadata tells the truth, the name only has to be free.
                let mut name = format!("p.{key}{suffix}");
                while !taken.insert(name.clone()) {
                    name.push('~');
                }
                let data_type = match KINDS[kind] {
                    Kind::Text | Kind::Json => dictionary(),
                    Kind::Number => DataType::Float64,
                    Kind::Bool => DataType::Boolean,
                };
                let metadata = [(FIELD_KEY, &**key), (FIELD_KIND, KIND_WORDS[kind])];
                let metadata = metadata.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
                places[kind] = Some(fields.len());
                fields.push(Field::new(name, data_type, true).with_metadata(metadata));
            }
            columns.insert(key.clone(), places);
        }
        let rest = rest.then(|| {
            fields.push(Field::new(REST, DataType::Utf8, true));
            fields.len() - 1
        });
        Layout { schema: Arc::new(Schema::new(fields)), columns, rest }
    }
}

/// One object for the keys that have no column. JSON text stands in an object of its own, so that it comes back as it was.
pub(crate) fn encode_rest(values: &[(&str, &ValueRef<'_>)]) -> String {
    let object: serde_json::Map<String, serde_json::Value> = values
        .iter()
        .map(|(key, value)| {
            let json = match value {
                ValueRef::Text(text) => serde_json::Value::from(text.as_ref()),
                ValueRef::Number(number) => serde_json::Value::from(*number),
                ValueRef::Bool(flag) => serde_json::Value::from(*flag),
                ValueRef::Json(text) => serde_json::json!({ "$json": text }),
            };
            ((*key).to_owned(), json)
        })
        .collect();
    serde_json::Value::Object(object).to_string()
}

/// The reverse of [`encode_rest`].
pub(crate) fn decode_rest(text: &str) -> Result<Vec<(String, ValueRef<'static>)>, serde_json::Error> {
    #[derive(serde::Deserialize)]
    struct Wrapped {
        #[serde(rename = "$json")]
        json: String,
    }
    let object: HashMap<String, Box<serde_json::value::RawValue>> = serde_json::from_str(text)?;
    object
        .into_iter()
        .map(|(key, raw)| {
            let value = match raw.get().as_bytes().first() {
                Some(b'"') => ValueRef::Text(Cow::Owned(serde_json::from_str(raw.get())?)),
                Some(b'{') => ValueRef::Json(Cow::Owned(serde_json::from_str::<Wrapped>(raw.get())?.json)),
                Some(b't' | b'f') => ValueRef::Bool(serde_json::from_str(raw.get())?),
                // Not serde_json's number parser: without its feature `float_roundtrip` it may miss by the last bit.
                _ => ValueRef::Number(raw.get().parse().map_err(serde::de::Error::custom)?),
            };
            Ok((key, value))
        })
        .collect()
}

/// The path of a segment file.
pub(crate) fn path_of(dir: &Path, project: model::ProjectId, day: i32, number: u64) -> PathBuf {
    folder_of(dir, project, day).join(format!("{number:08}.parquet"))
}

/// The folder of the segment files of one day.
pub(crate) fn folder_of(dir: &Path, project: model::ProjectId, day: i32) -> PathBuf {
    dir.join("segments").join(project.to_string()).join(day_name(day))
}

/// `2026-11-23`; years past 9999 and before 0 get a sign, as in ISO 8601.
pub(crate) fn day_name(day: i32) -> String {
    // Howard Hinnant's days-to-civil, with March as the first month.
    let shifted = i64::from(day) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    match year {
        0..=9999 => format!("{year:04}-{month:02}-{day_of_month:02}"),
        _ => format!("{year:+05}-{month:02}-{day_of_month:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_calendar_names() {
        for (day, name) in [(0, "1970-01-01"), (-1, "1969-12-31"), (11_016, "2000-02-29"), (20_780, "2026-11-23")] {
            assert_eq!(day_name(day), name);
        }
        assert_ne!(day_name(i32::MIN), day_name(i32::MAX));
    }

    #[test]
    fn what_has_no_column_comes_back_from_the_rest() {
        let values = [
            ("t", ValueRef::Text("\"x\"".into())),
            ("n", ValueRef::Number(0.1 + 0.2)),
            ("z", ValueRef::Number(-0.0)),
            ("b", ValueRef::Bool(false)),
            ("j", ValueRef::Json("[1, 2]".into())),
        ];
        let text = encode_rest(&values.iter().map(|(key, value)| (*key, value)).collect::<Vec<_>>());
        let mut back = decode_rest(&text).expect("just encoded");
        back.sort_by_key(|(key, _)| values.iter().position(|(known, _)| known == key));
        assert_eq!(back.len(), 5);
        for ((key, value), (key_back, value_back)) in values.iter().zip(&back) {
            assert_eq!((key, value), (&key_back.as_str(), value_back));
        }
        assert!(matches!(back[2].1, ValueRef::Number(zero) if zero.is_sign_negative()));
    }

    #[test]
    fn names_are_free_even_when_a_key_looks_like_a_suffix() {
        let mut stats = SegmentStats::default();
        stats.properties.insert("a".into(), PropertyStats { text: 5, number: 1, ..Default::default() });
        stats.properties.insert("a#number".into(), PropertyStats { boolean: 1, ..Default::default() });
        let layout = Layout::plan(&stats);
        let names: HashSet<_> = layout.schema.fields().iter().map(|field| field.name().clone()).collect();
        assert_eq!(names.len(), layout.schema.fields().len());
        assert!(names.contains("p.a") && names.contains("p.a#number") && names.contains("p.a#number~"));
    }
}
