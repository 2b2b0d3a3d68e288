//! Recent events in memory, already safe in the WAL.
//!
//! Rows stand in sorted chunks, one project and UTC day each; small chunks are merged as they come, so that a day has
//! few. Texts are numbered in a table that the rows of one fill of the buffer share and that goes away with them.

pub(crate) mod columns;

use crate::segment::Segment;
use crate::segment::cache::{Column, ColumnCache, ColumnName};
use crate::segment::column::{BoolColumn, MISSING, MISSING_BOOL, NumberColumn, PropertyColumn, TextColumn};
use crate::segment::format::{RowKey, RowRef, ValueRef};
use crate::segment::stats::{self, SegmentStats};
use crate::shapes::{Place, Shape, ShapeTable};
use crate::text_table::TextTable;
use crate::wal::record::{BatchRecord, RowRecord};
use model::property::Kind;
use model::{Event, Micros};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

/// A chunk is merged with the one before it unless that has more than this many times its rows.
const MERGE_FACTOR: usize = 3;

/// One event in memory. Codes are numbers in the texts of its fill, `shape` one in its shapes.
pub(crate) struct Row {
    pub key: RowKey,
    pub received_at: Micros,
    pub event: u32,
    pub session: u32,
    pub window: u32,
    pub policy: u32,
    pub shape: u32,
    pub level: u8,
    pub dialect: u8,
    /// Values of the properties, where the shape says.
    pub slots: Box<[u32]>,
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

/// What the rows of one fill refer to.
#[derive(Clone, Default)]
pub(crate) struct Tables {
    pub texts: Arc<TextTable>,
    pub shapes: Arc<ShapeTable>,
}

/// What came between two flushes.
#[derive(Default)]
pub(crate) struct Fill {
    pub tables: Tables,
    pub days: Days,
    pub rows: usize,
    pub bytes: usize,
}

impl Buffer {
    /// Texts and shapes of rows to come.
    pub fn tables(&mut self) -> Tables {
        self.fills.entry(self.current).or_default().tables.clone()
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
            let chunk = Chunk::new(day, rows, fill.tables.clone(), Arc::clone(ids), Arc::clone(cache));
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

/// Turns records of one batch into rows.
pub(crate) struct RowMaker<'a> {
    batch: &'a BatchRecord<'a>,
    /// From the record's texts to the fill's.
    codes: &'a [u32],
    shapes: &'a ShapeTable,
    tags: Vec<u32>,
}

impl<'a> RowMaker<'a> {
    pub fn new(batch: &'a BatchRecord<'a>, codes: &'a [u32], shapes: &'a ShapeTable) -> Self {
        RowMaker { batch, codes, shapes, tags: Vec::new() }
    }

    fn code(&self, code: u32) -> u32 {
        self.codes.get(code as usize).copied().unwrap_or(MISSING)
    }

    /// The row and its estimated bytes, with those of a new shape, without its texts.
    pub fn row(&mut self, row: &RowRecord, ordinal: u32) -> (Row, usize) {
        let properties = &self.batch.properties[row.properties.clone()];
        self.tags.clear();
        let mut slots = Vec::with_capacity(properties.len() + 4);
        for property in properties {
            self.tags.push(self.code(property.key) << 2 | property.kind as u32);
            match property.kind {
                Kind::Text | Kind::Json => slots.push(self.code(property.value as u32)),
                Kind::Number => slots.extend([property.value as u32, (property.value >> 32) as u32]),
                Kind::Bool => slots.push(property.value as u32),
            }
        }
        let (shape, shape_bytes) = self.shapes.intern(&self.tags);
        let bytes = size_of::<Row>() + 48 + slots.len() * 4 + shape_bytes;
        let row = Row {
            key: RowKey { ordinal, event_at: row.event_at, uuid: row.uuid },
            received_at: self.batch.received_at,
            event: self.code(row.event),
            session: self.code(row.session),
            window: self.code(row.window),
            policy: row.policy,
            shape,
            level: row.level,
            dialect: row.dialect,
            slots: slots.into(),
        };
        (row, bytes)
    }
}

impl Row {
    /// The number at a place of its shape.
    pub fn number(&self, place: Place) -> f64 {
        let slot = place.slot as usize;
        f64::from_bits(u64::from(self.slots[slot]) | u64::from(self.slots[slot + 1]) << 32)
    }

    /// The code or the boolean at a place of its shape.
    pub fn small(&self, place: Place) -> u32 {
        self.slots[place.slot as usize]
    }
}

/// Sorted rows of one day in memory.
pub(crate) struct Chunk {
    day: i32,
    rows: Vec<Arc<Row>>,
    range: (Micros, Micros),
    tables: Tables,
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
    fn new(day: i32, rows: Vec<Arc<Row>>, tables: Tables, ids: Arc<TextTable>, cache: Arc<ColumnCache>) -> Chunk {
        let owner = cache.owner();
        let instants = || rows.iter().map(|row| row.key.event_at);
        let range = (instants().min().unwrap_or(0), instants().max().unwrap_or(0));
        Chunk { day, rows, range, tables, ids, cache, owner, stats: OnceLock::new() }
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
            let mut shapes: BTreeMap<u32, u64> = BTreeMap::new();
            for row in &self.rows {
                let at = row.key.event_at;
                let event = events.entry(row.event).or_insert((0, at, at));
                *event = (event.0 + 1, event.1.min(at), event.2.max(at));
                *shapes.entry(row.shape).or_default() += 1;
            }
            let mut tags: BTreeMap<(u32, Kind), u64> = BTreeMap::new();
            for (shape, count) in shapes {
                for place in self.tables.shapes.get(shape).places() {
                    *tags.entry((place.key, place.kind)).or_default() += count;
                }
            }
            let text = |code| self.tables.texts.get(code).map_or_else(Box::default, |text| Box::from(&*text));
            let mut stats = SegmentStats::default();
            for (code, (count, first_at, last_at)) in events {
                stats.events.insert(text(code), crate::EventStats { count, first_at, last_at });
            }
            for ((key, kind), count) in tags {
                let property = stats.properties.entry(text(key)).or_default();
                match kind {
                    Kind::Text => property.text += count,
                    Kind::Number => property.number += count,
                    Kind::Bool => property.boolean += count,
                    Kind::Json => property.json += count,
                }
            }
            stats.limit(stats::EVENTS_MAX, stats::PROPERTIES_MAX);
            stats
        })
    }

    /// A fixed column; `name` must not be a property.
    pub fn column(&self, name: ColumnName) -> Column {
        let made = self.cache.get(self.owner, name.clone(), || {
            let rows = self.rows.iter();
            Ok::<_, std::convert::Infallible>(match name {
                ColumnName::Ordinals => Column::Numbers(rows.map(|row| row.key.ordinal).collect()),
                ColumnName::EventAt => Column::Instants(rows.map(|row| row.key.event_at).collect()),
                ColumnName::ReceivedAt => Column::Instants(rows.map(|row| row.received_at).collect()),
                ColumnName::Uuids => Column::Uuids(rows.map(|row| row.key.uuid).collect()),
                ColumnName::DistinctIds => {
                    Column::Text(Arc::new(text_column(&self.ids, rows.map(|row| row.key.ordinal).collect())))
                }
                ColumnName::Sessions => {
                    Column::Text(Arc::new(text_column(&self.tables.texts, rows.map(|row| row.session).collect())))
                }
                _ => Column::Text(Arc::new(text_column(&self.tables.texts, rows.map(|row| row.event).collect()))),
            })
        });
        match made {
            Ok(column) => column,
        }
    }

    pub fn property(&self, key: &str) -> Arc<PropertyColumn> {
        let Some(key_code) = self.tables.texts.find(key) else { return Arc::default() };
        let make = || Ok::<_, std::convert::Infallible>(Column::Property(Arc::new(self.make_property(key_code))));
        match self.cache.get(self.owner, ColumnName::Property(key.into()), make) {
            Ok(Column::Property(column)) => column,
            Ok(_) => Arc::default(),
        }
    }

    fn make_property(&self, key: u32) -> PropertyColumn {
        let rows = self.rows.len();
        let mut text: [Option<Vec<u32>>; 2] = [None, None];
        let mut numbers: Option<(Vec<f64>, Vec<bool>)> = None;
        let mut booleans: Option<Vec<u8>> = None;
        // Few shapes for many rows: each is asked once where it has the key.
        let mut places: HashMap<u32, Option<Place>> = HashMap::new();
        for (index, row) in self.rows.iter().enumerate() {
            let find = || self.tables.shapes.get(row.shape).places().find(|place| place.key == key);
            let Some(place) = *places.entry(row.shape).or_insert_with(find) else { continue };
            match place.kind {
                Kind::Text => text[0].get_or_insert_with(|| vec![MISSING; rows])[index] = row.small(place),
                Kind::Json => text[1].get_or_insert_with(|| vec![MISSING; rows])[index] = row.small(place),
                Kind::Number => {
                    let (values, present) = numbers.get_or_insert_with(|| (vec![0.0; rows], vec![false; rows]));
                    (values[index], present[index]) = (row.number(place), true);
                }
                Kind::Bool => {
                    booleans.get_or_insert_with(|| vec![MISSING_BOOL; rows])[index] = row.small(place) as u8;
                }
            }
        }
        let [text, json] = text.map(|codes| codes.map(|codes| text_column(&self.tables.texts, codes)));
        PropertyColumn {
            text,
            number: numbers.map(|(values, present)| NumberColumn { values: values.into(), present }),
            boolean: booleans.map(|values| BoolColumn { values: values.into() }),
            json,
        }
    }

    pub fn events_at(&self, rows: &[u32]) -> Option<Vec<Event>> {
        let frozen = self.tables.freeze();
        let ids = &self.ids;
        rows.iter()
            .map(|row| {
                let row = self.rows.get(*row as usize)?;
                let id = ids.get(row.key.ordinal)?;
                Some(row_ref(row, &frozen, &id).to_event())
            })
            .collect()
    }

    /// What its rows refer to.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }
}

/// All texts and shapes of a fill at one moment, for reading without locks.
pub(crate) struct Frozen {
    pub texts: Vec<Arc<str>>,
    pub shapes: Vec<Arc<Shape>>,
}

impl Tables {
    pub fn freeze(&self) -> Frozen {
        Frozen { texts: self.texts.all(), shapes: self.shapes.all() }
    }
}

/// A row with its texts.
pub(crate) fn row_ref<'a>(row: &Row, frozen: &'a Frozen, distinct_id: &'a str) -> RowRef<'a> {
    let text = |code: u32| frozen.texts.get(code as usize).map(|text| &**text);
    let known = |code: u32| text(code).unwrap_or_default();
    let properties = frozen.shapes[row.shape as usize].places().map(|place| {
        let value = match place.kind {
            Kind::Text => ValueRef::Text(Cow::Borrowed(known(row.small(place)))),
            Kind::Json => ValueRef::Json(Cow::Borrowed(known(row.small(place)))),
            Kind::Number => ValueRef::Number(row.number(place)),
            Kind::Bool => ValueRef::Bool(row.small(place) != 0),
        };
        (Cow::Borrowed(known(place.key)), value)
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

/// A table of a fill may be far larger than one of its chunks: then a map is cheaper than a place for each text.
const SPARSE_FACTOR: usize = 8;

/// Codes of a shared table to codes of a dictionary of the column's own.
fn text_column(table: &TextTable, mut codes: Vec<u32>) -> TextColumn {
    let mut used = Vec::new();
    let known = table.len();
    let mut dense = if codes.len() > known / SPARSE_FACTOR { vec![MISSING; known] } else { Vec::new() };
    let mut sparse: HashMap<u32, u32> = HashMap::new();
    for code in &mut codes {
        if *code != MISSING {
            let place = match dense.get_mut(*code as usize) {
                Some(place) => place,
                None => sparse.entry(*code).or_insert(MISSING),
            };
            if *place == MISSING {
                *place = used.len() as u32;
                used.push(*code);
            }
            *code = *place;
        }
    }
    let dictionary = table.texts(&used).iter().map(|text| Box::from(&**text)).collect();
    TextColumn { codes: codes.into(), dictionary }
}
