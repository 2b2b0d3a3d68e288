//! The row group that is being made: one growing vector per column.
//!
//! Texts are numbered per column and group. Whoever writes many rows with the same texts asks for the number of a text
//! once ([`Texts::code`]) and then pushes numbers, so that no text is hashed per row.

use super::format::{Layout, RowRef, ValueRef, at, encode_rest, kind_index};
use super::stats::{EventStats, SegmentStats};
use crate::text_table::FastHash;
use arrow_array::builder::StringBuilder;
use arrow_array::types::{Int32Type, TimestampMicrosecondType};
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, FixedSizeBinaryArray, Float64Array, PrimitiveArray, StringArray,
    UInt8Array, UInt32Array,
};
use arrow_schema::{ArrowError, DataType};
use model::Micros;
use std::collections::HashMap;
use std::sync::Arc;

/// No text in this row.
pub(crate) const NO_TEXT: i32 = -1;

/// A column of texts.
#[derive(Default)]
pub(crate) struct Texts {
    /// One per row; [`NO_TEXT`] where there is none.
    codes: Vec<i32>,
    known: HashMap<Box<str>, i32, FastHash>,
    dictionary: StringBuilder,
}

impl Texts {
    /// The number of a text in this group.
    pub fn code(&mut self, text: &str) -> i32 {
        if let Some(code) = self.known.get(text) {
            return *code;
        }
        let code = self.known.len() as i32;
        self.known.insert(text.into(), code);
        self.dictionary.append_value(text);
        code
    }

    /// Adds a row by its number.
    pub fn push(&mut self, code: i32) {
        self.codes.push(code);
    }

    /// Fills up without text to `rows`.
    pub fn fill(&mut self, rows: usize) {
        self.codes.resize(rows, NO_TEXT);
    }

    fn push_text(&mut self, text: Option<&str>) {
        let code = text.map_or(NO_TEXT, |text| self.code(text));
        self.codes.push(code);
    }

    fn filled(&self) -> u64 {
        self.codes.iter().filter(|code| **code != NO_TEXT).count() as u64
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        self.known.clear();
        let codes: PrimitiveArray<Int32Type> = if self.codes.contains(&NO_TEXT) {
            self.codes.iter().map(|code| (*code != NO_TEXT).then_some(*code)).collect()
        } else {
            std::mem::take(&mut self.codes).into()
        };
        self.codes.clear();
        Ok(Arc::new(DictionaryArray::try_new(codes, Arc::new(self.dictionary.finish()))?))
    }
}

/// A column of a property.
pub(crate) enum Values {
    Text(Texts),
    Number(Vec<Option<f64>>),
    Bool(Vec<Option<bool>>),
    Rest(Vec<Option<String>>),
}

impl Values {
    fn filled(&self) -> u64 {
        (match self {
            Values::Text(texts) => return texts.filled(),
            Values::Number(values) => values.iter().flatten().count(),
            Values::Bool(values) => values.iter().flatten().count(),
            Values::Rest(values) => values.iter().flatten().count(),
        }) as u64
    }

    /// Fills up with nothing to `rows`.
    pub fn fill(&mut self, rows: usize) {
        match self {
            Values::Text(texts) => texts.fill(rows),
            Values::Number(values) => values.resize(rows, None),
            Values::Bool(values) => values.resize(rows, None),
            Values::Rest(values) => values.resize(rows, None),
        }
    }

    fn push(&mut self, value: &ValueRef<'_>) {
        match (self, value) {
            (Values::Text(texts), ValueRef::Text(text) | ValueRef::Json(text)) => texts.push_text(Some(text)),
            (Values::Number(values), ValueRef::Number(number)) => values.push(Some(*number)),
            (Values::Bool(values), ValueRef::Bool(flag)) => values.push(Some(*flag)),
            // The layout gives each kind a column of its type; anything else would be filled with null.
            _ => debug_assert!(false, "a value in a column of another kind"),
        }
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Values::Text(texts) => return texts.finish(),
            Values::Number(values) => Arc::new(Float64Array::from(std::mem::take(values))),
            Values::Bool(values) => Arc::new(BooleanArray::from(std::mem::take(values))),
            Values::Rest(values) => Arc::new(StringArray::from(std::mem::take(values))),
        })
    }
}

/// All columns of one row group.
pub(crate) struct Group {
    pub uuids: Vec<[u8; 16]>,
    pub event: Texts,
    pub event_at: Vec<Micros>,
    pub received_at: Vec<Micros>,
    pub distinct_id: Texts,
    pub ordinal: Vec<u32>,
    pub session: Texts,
    pub window: Texts,
    pub level: Vec<u8>,
    pub policy: Vec<u32>,
    pub dialect: Vec<u8>,
    /// In the order of the schema, from [`at::PROPERTIES`]. Rows that have no value may be filled up later.
    pub properties: Vec<Values>,
}

impl Group {
    pub fn new(layout: &Layout) -> Group {
        let values = |data_type: &DataType| match data_type {
            DataType::Float64 => Values::Number(Vec::new()),
            DataType::Boolean => Values::Bool(Vec::new()),
            DataType::Utf8 => Values::Rest(Vec::new()),
            _ => Values::Text(Texts::default()),
        };
        let fields = &layout.schema.fields()[at::PROPERTIES..];
        Group {
            uuids: Vec::new(),
            event: Texts::default(),
            event_at: Vec::new(),
            received_at: Vec::new(),
            distinct_id: Texts::default(),
            ordinal: Vec::new(),
            session: Texts::default(),
            window: Texts::default(),
            level: Vec::new(),
            policy: Vec::new(),
            dialect: Vec::new(),
            properties: fields.iter().map(|field| values(field.data_type())).collect(),
        }
    }

    pub fn rows(&self) -> usize {
        self.uuids.len()
    }

    /// Adds a row by its texts; keys that have no column go into the rest.
    pub fn push(&mut self, row: &RowRef<'_>, layout: &Layout, stats: &mut SegmentStats) {
        let rows = self.rows();
        let mut rest = Vec::new();
        for (key, value) in &row.properties {
            match layout.columns.get(key.as_ref()).and_then(|places| places[kind_index(value.kind())]) {
                Some(column) => {
                    let values = &mut self.properties[column - at::PROPERTIES];
                    values.fill(rows);
                    values.push(value);
                }
                None => {
                    stats.count_property(key, value.kind());
                    rest.push((key.as_ref(), value));
                }
            }
        }
        if let Some(column) = layout.rest
            && !rest.is_empty()
            && let values = &mut self.properties[column - at::PROPERTIES]
        {
            values.fill(rows);
            if let Values::Rest(texts) = values {
                texts.push(Some(encode_rest(&rest)));
            }
        }
        self.uuids.push(row.key.uuid);
        self.event.push_text(Some(row.event));
        self.event_at.push(row.key.event_at);
        self.received_at.push(row.received_at);
        self.distinct_id.push_text(Some(row.distinct_id));
        self.ordinal.push(row.key.ordinal);
        self.session.push_text(row.session_id);
        self.window.push_text(row.window_id);
        self.level.push(row.level);
        self.policy.push(row.policy);
        self.dialect.push(row.dialect);
    }

    /// Adds what is in the columns to `stats`; what is in the rest was counted when it came.
    pub fn count(&self, layout: &Layout, stats: &mut SegmentStats) {
        let mut events: Vec<Option<EventStats>> = vec![None; self.event.known.len()];
        for (code, at) in self.event.codes.iter().zip(&self.event_at) {
            let one = EventStats { count: 1, first_at: *at, last_at: *at };
            match events.get_mut(*code as usize) {
                Some(Some(own)) => own.add(one),
                Some(own) => *own = Some(one),
                None => {}
            }
        }
        for (name, code) in &self.event.known {
            if let Some(Some(own)) = events.get(*code as usize) {
                stats.count_event(name, *own);
            }
        }
        for (key, places) in &layout.columns {
            for (kind, column) in places.iter().enumerate() {
                let Some(column) = column else { continue };
                let filled = self.properties[column - at::PROPERTIES].filled();
                if filled > 0 {
                    stats.count_properties(key, kind, filled);
                }
            }
        }
    }

    /// The columns in the order of the schema; the group is empty again.
    pub fn finish(&mut self) -> Result<Vec<ArrayRef>, ArrowError> {
        let rows = self.rows();
        self.properties.iter_mut().for_each(|values| values.fill(rows));
        let instants = |values: &mut Vec<Micros>| {
            let array: PrimitiveArray<TimestampMicrosecondType> = std::mem::take(values).into();
            Arc::new(array.with_timezone("UTC")) as ArrayRef
        };
        let uuids = std::mem::take(&mut self.uuids);
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(FixedSizeBinaryArray::try_from_iter(uuids.iter())?),
            self.event.finish()?,
            instants(&mut self.event_at),
            instants(&mut self.received_at),
            self.distinct_id.finish()?,
            Arc::new(UInt32Array::from(std::mem::take(&mut self.ordinal))),
            self.session.finish()?,
            self.window.finish()?,
            Arc::new(UInt8Array::from(std::mem::take(&mut self.level))),
            Arc::new(UInt32Array::from(std::mem::take(&mut self.policy))),
            Arc::new(UInt8Array::from(std::mem::take(&mut self.dialect))),
        ];
        for values in &mut self.properties {
            columns.push(values.finish()?);
        }
        Ok(columns)
    }
}
