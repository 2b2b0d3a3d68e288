//! Recent events in memory, already safe in the WAL.
//!
//! Rows stand in sorted chunks, one project and UTC day each; small chunks are merged as they come, so that a day has
//! few. Texts are numbered in a table that the rows of one fill of the buffer share and that goes away with them.

use crate::segment::Segment;
use crate::segment::cache::{Column, ColumnCache, ColumnName};
use crate::segment::column::{BoolColumn, MISSING, MISSING_BOOL, NumberColumn, PropertyColumn, TextColumn};
use crate::segment::format::{RowKey, RowRef, ValueRef};
use crate::segment::stats::SegmentStats;
use crate::text_table::TextTable;
use crate::wal::record::{BatchRecord, RowRecord};
use model::property::Kind;
use model::{Event, Micros};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// A chunk is merged with the one before it unless that has more than this many times its rows.
const MERGE_FACTOR: usize = 3;

/// One event in memory. Codes are numbers in the texts of its fill.
pub(crate) struct Row {
    pub key: RowKey,
    received_at: Micros,
    event: u32,
    session: u32,
    window: u32,
    policy: u32,
    level: u8,
    dialect: u8,
    /// Sorted by the code of the key.
    properties: Box<[Property]>,
}

struct Property {
    /// Code of the key, and the kind in the lowest two bits.
    tag: u64,
    value: u64,
}

/// Rows of one project that are in no segment file yet.
#[derive(Default)]
pub(crate) struct Buffer {
    /// The fill that grows now, then those that a flush is writing, by number.
    fills: BTreeMap<u64, Fill>,
    current: u64,
}

/// Chunks by UTC day.
pub(crate) type Days = BTreeMap<i32, Vec<Arc<Segment>>>;

/// What came between two flushes.
#[derive(Default)]
pub(crate) struct Fill {
    pub texts: Arc<TextTable>,
    pub days: Days,
    pub rows: usize,
    pub bytes: usize,
}

impl Buffer {
    /// Texts of rows to come.
    pub fn texts(&mut self) -> Arc<TextTable> {
        Arc::clone(&self.fills.entry(self.current).or_default().texts)
    }

    /// Adds rows; `bytes` is what they are estimated to take.
    pub fn add(&mut self, rows: Vec<Row>, bytes: usize, ids: &Arc<TextTable>, cache: &Arc<ColumnCache>) {
        let fill = self.fills.entry(self.current).or_default();
        fill.rows += rows.len();
        fill.bytes += bytes;
        let mut days: BTreeMap<i32, Vec<Arc<Row>>> = BTreeMap::new();
        for row in rows {
            days.entry(model::time::utc_day(row.key.event_at)).or_default().push(Arc::new(row));
        }
        for (day, mut rows) in days {
            rows.sort_unstable_by_key(|row| row.key);
            let chunks = fill.days.entry(day).or_default();
            while let Some(before) = chunks.pop_if(|before| before.rows() <= rows.len() * MERGE_FACTOR) {
                if let Some(chunk) = before.chunk() {
                    rows = merge(chunk.rows(), &rows);
                }
            }
            let chunk = Chunk::new(day, rows, Arc::clone(&fill.texts), Arc::clone(ids), Arc::clone(cache));
            chunks.push(Arc::new(Segment::of_chunk(chunk)));
        }
    }

    /// All chunks of a day and the days there are.
    pub fn chunks(&self) -> impl Iterator<Item = (i32, &Arc<Segment>)> {
        self.fills.values().flat_map(|fill| fill.days.iter()).flat_map(|(day, chunks)| chunks.iter().map(|c| (*day, c)))
    }

    /// Closes the current fill. All closed fills are to be written, those of failed flushes too.
    pub fn seal(&mut self) -> Vec<(u64, Days)> {
        self.current += 1;
        self.fills.iter().map(|(number, fill)| (*number, fill.days.clone())).collect()
    }

    /// Lets go of a fill whose rows are in segment files now; returns its rows and bytes.
    pub fn drop_fill(&mut self, number: u64) -> (usize, usize) {
        self.fills.remove(&number).map_or((0, 0), |fill| (fill.rows, fill.bytes))
    }
}

fn merge(a: &[Arc<Row>], b: &[Arc<Row>]) -> Vec<Arc<Row>> {
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i].key <= b[j].key {
            merged.push(Arc::clone(&a[i]));
            i += 1;
        } else {
            merged.push(Arc::clone(&b[j]));
            j += 1;
        }
    }
    merged.extend_from_slice(&a[i..]);
    merged.extend_from_slice(&b[j..]);
    merged
}

/// Turns records into rows: `codes` maps the record's texts to the fill's.
pub(crate) fn row_of(batch: &BatchRecord<'_>, row: &RowRecord, ordinal: u32, codes: &[u32]) -> Row {
    let code = |code: u32| codes.get(code as usize).copied().unwrap_or(MISSING);
    let mut properties: Box<[Property]> = batch.properties[row.properties.clone()]
        .iter()
        .map(|property| Property {
            tag: u64::from(code(property.key)) << 2 | property.kind as u64,
            value: match property.kind {
                Kind::Text | Kind::Json => u64::from(code(property.value as u32)),
                Kind::Number | Kind::Bool => property.value,
            },
        })
        .collect();
    properties.sort_unstable_by_key(|property| property.tag);
    Row {
        key: RowKey { ordinal, event_at: row.event_at, uuid: row.uuid },
        received_at: batch.received_at,
        event: code(row.event),
        session: code(row.session),
        window: code(row.window),
        policy: row.policy,
        level: row.level,
        dialect: row.dialect,
        properties,
    }
}

/// Estimated bytes of a row without its texts.
pub(crate) fn row_bytes(row: &Row) -> usize {
    std::mem::size_of::<Row>() + 48 + row.properties.len() * std::mem::size_of::<Property>()
}

/// Sorted rows of one day in memory.
pub(crate) struct Chunk {
    day: i32,
    rows: Vec<Arc<Row>>,
    range: (Micros, Micros),
    texts: Arc<TextTable>,
    ids: Arc<TextTable>,
    cache: Arc<ColumnCache>,
    owner: u64,
    stats: OnceLock<SegmentStats>,
}

impl Drop for Chunk {
    fn drop(&mut self) {
        self.cache.forget(self.owner);
    }
}

impl Chunk {
    fn new(
        day: i32,
        rows: Vec<Arc<Row>>,
        texts: Arc<TextTable>,
        ids: Arc<TextTable>,
        cache: Arc<ColumnCache>,
    ) -> Chunk {
        let owner = cache.owner();
        let instants = || rows.iter().map(|row| row.key.event_at);
        let range = (instants().min().unwrap_or(0), instants().max().unwrap_or(0));
        Chunk { day, rows, range, texts, ids, cache, owner, stats: OnceLock::new() }
    }

    pub fn day(&self) -> i32 {
        self.day
    }

    pub fn rows(&self) -> &[Arc<Row>] {
        &self.rows
    }

    pub fn range(&self) -> (Micros, Micros) {
        self.range
    }

    pub fn stats(&self) -> &SegmentStats {
        self.stats.get_or_init(|| {
            let mut events: BTreeMap<u32, (u64, Micros, Micros)> = BTreeMap::new();
            let mut tags: BTreeMap<u64, u64> = BTreeMap::new();
            for row in &self.rows {
                let at = row.key.event_at;
                let event = events.entry(row.event).or_insert((0, at, at));
                *event = (event.0 + 1, event.1.min(at), event.2.max(at));
                row.properties.iter().for_each(|property| *tags.entry(property.tag).or_default() += 1);
            }
            let text = |code| self.texts.get(code).map_or_else(Box::default, |text| Box::from(&*text));
            let mut stats = SegmentStats::default();
            for (code, (count, first_at, last_at)) in events {
                stats.events.insert(text(code), crate::EventStats { count, first_at, last_at });
            }
            for (tag, count) in tags {
                let property = stats.properties.entry(text((tag >> 2) as u32)).or_default();
                match crate::wal::record::kind_of(tag) {
                    Kind::Text => property.text += count,
                    Kind::Number => property.number += count,
                    Kind::Bool => property.boolean += count,
                    Kind::Json => property.json += count,
                }
            }
            stats
        })
    }

    /// A fixed column; `name` must not be a property.
    pub fn column(&self, name: ColumnName) -> Column {
        let made = self.cache.get(self.owner, name.clone(), || {
            let rows = self.rows.iter();
            Ok::<_, std::convert::Infallible>(match name {
                ColumnName::Ordinals => Column::Numbers(Arc::new(rows.map(|row| row.key.ordinal).collect())),
                ColumnName::EventAt => Column::Instants(Arc::new(rows.map(|row| row.key.event_at).collect())),
                ColumnName::ReceivedAt => Column::Instants(Arc::new(rows.map(|row| row.received_at).collect())),
                ColumnName::Uuids => Column::Uuids(Arc::new(rows.map(|row| row.key.uuid).collect())),
                ColumnName::DistinctIds => {
                    Column::Text(Arc::new(text_column(&self.ids, rows.map(|row| row.key.ordinal).collect())))
                }
                ColumnName::Sessions => {
                    Column::Text(Arc::new(text_column(&self.texts, rows.map(|row| row.session).collect())))
                }
                _ => Column::Text(Arc::new(text_column(&self.texts, rows.map(|row| row.event).collect()))),
            })
        });
        match made {
            Ok(column) => column,
        }
    }

    pub fn property(&self, key: &str) -> Arc<PropertyColumn> {
        let Some(key_code) = self.texts.find(key) else { return Arc::default() };
        let make = || Ok::<_, std::convert::Infallible>(Column::Property(Arc::new(self.make_property(key_code))));
        match self.cache.get(self.owner, ColumnName::Property(key.into()), make) {
            Ok(Column::Property(column)) => column,
            Ok(_) => Arc::default(),
        }
    }

    fn make_property(&self, key: u32) -> PropertyColumn {
        let rows = self.rows.len();
        let mut text: [Option<Vec<u32>>; 2] = [None, None];
        let mut column = PropertyColumn::default();
        for (index, row) in self.rows.iter().enumerate() {
            let place = row.properties.partition_point(|property| property.tag >> 2 < u64::from(key));
            let Some(property) = row.properties.get(place).filter(|property| property.tag >> 2 == u64::from(key))
            else {
                continue;
            };
            match crate::wal::record::kind_of(property.tag) {
                Kind::Text => text[0].get_or_insert_with(|| vec![MISSING; rows])[index] = property.value as u32,
                Kind::Json => text[1].get_or_insert_with(|| vec![MISSING; rows])[index] = property.value as u32,
                Kind::Number => {
                    let number = column
                        .number
                        .get_or_insert_with(|| NumberColumn { values: vec![0.0; rows], present: vec![false; rows] });
                    number.values[index] = f64::from_bits(property.value);
                    number.present[index] = true;
                }
                Kind::Bool => {
                    let boolean = column.boolean.get_or_insert_with(|| BoolColumn { values: vec![MISSING_BOOL; rows] });
                    boolean.values[index] = property.value as u8;
                }
            }
        }
        let [text, json] = text;
        column.text = text.map(|codes| text_column(&self.texts, codes));
        column.json = json.map(|codes| text_column(&self.texts, codes));
        column
    }

    pub fn events_at(&self, rows: &[u32]) -> Option<Vec<Event>> {
        let texts = self.texts.all();
        let ids = &self.ids;
        rows.iter()
            .map(|row| {
                let row = self.rows.get(*row as usize)?;
                let id = ids.get(row.key.ordinal)?;
                Some(row_ref(row, &texts, &id).to_event())
            })
            .collect()
    }

    /// The texts that rows refer to; for [`row_ref`].
    pub fn texts(&self) -> &Arc<TextTable> {
        &self.texts
    }
}

/// A row with its texts.
pub(crate) fn row_ref<'a>(row: &Row, texts: &'a [Arc<str>], distinct_id: &'a str) -> RowRef<'a> {
    let text = |code: u32| texts.get(code as usize).map(|text| &**text);
    let known = |code: u32| text(code).unwrap_or_default();
    let properties = row.properties.iter().map(|property| {
        let key = Cow::Borrowed(known((property.tag >> 2) as u32));
        let value = match crate::wal::record::kind_of(property.tag) {
            Kind::Text => ValueRef::Text(Cow::Borrowed(known(property.value as u32))),
            Kind::Json => ValueRef::Json(Cow::Borrowed(known(property.value as u32))),
            Kind::Number => ValueRef::Number(f64::from_bits(property.value)),
            Kind::Bool => ValueRef::Bool(property.value != 0),
        };
        (key, value)
    });
    RowRef {
        key: row.key,
        received_at: row.received_at,
        event: known(row.event),
        distinct_id,
        session_id: text(row.session),
        window_id: text(row.window),
        level: row.level,
        policy: row.policy,
        dialect: row.dialect,
        properties: properties.collect(),
    }
}

/// Codes of a shared table to codes of a dictionary of the column's own.
fn text_column(table: &TextTable, mut codes: Vec<u32>) -> TextColumn {
    let mut own = vec![MISSING; table.len()];
    let mut used = Vec::new();
    for code in &mut codes {
        if *code != MISSING {
            let place = &mut own[*code as usize];
            if *place == MISSING {
                *place = used.len() as u32;
                used.push(*code);
            }
            *code = *place;
        }
    }
    let dictionary = table.texts(&used).iter().map(|text| Box::from(&**text)).collect();
    TextColumn { codes, dictionary }
}
