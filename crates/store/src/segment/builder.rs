//! A property column made of values that come one by one.

use super::column::{BoolColumn, MISSING, MISSING_BOOL, NumberColumn, PropertyColumn, TextColumn};
use super::format::ValueRef;
use std::collections::HashMap;

/// Collects one property of rows; a kind of value begins with the first of its kind.
pub(crate) struct PropertyColumnBuilder {
    rows: usize,
    texts: [Option<TextBuilder>; 2],
    number: Option<(Vec<f64>, Vec<bool>)>,
    boolean: Option<Vec<u8>>,
}

struct TextBuilder {
    codes: Vec<u32>,
    dictionary: Vec<Box<str>>,
    known: HashMap<Box<str>, u32>,
}

impl PropertyColumnBuilder {
    pub fn new(rows: usize) -> Self {
        Self { rows, texts: [None, None], number: None, boolean: None }
    }

    pub fn set(&mut self, row: usize, value: &ValueRef<'_>) {
        let rows = self.rows;
        let (slot, text) = match value {
            ValueRef::Number(value) => {
                let (values, present) = self.number.get_or_insert_with(|| (vec![0.0; rows], vec![false; rows]));
                (values[row], present[row]) = (*value, true);
                return;
            }
            ValueRef::Bool(value) => {
                self.boolean.get_or_insert_with(|| vec![MISSING_BOOL; rows])[row] = u8::from(*value);
                return;
            }
            ValueRef::Text(text) => (&mut self.texts[0], text),
            ValueRef::Json(text) => (&mut self.texts[1], text),
        };
        let empty = || TextBuilder { codes: vec![MISSING; rows], dictionary: Vec::new(), known: HashMap::new() };
        let column = slot.get_or_insert_with(empty);
        column.codes[row] = match column.known.get(text.as_ref()) {
            Some(code) => *code,
            None => {
                let code = column.dictionary.len() as u32;
                column.dictionary.push(text.as_ref().into());
                column.known.insert(text.as_ref().into(), code);
                code
            }
        };
    }

    /// Gives a row the values of another one.
    pub fn copy(&mut self, from: usize, to: usize) {
        for text in self.texts.iter_mut().flatten() {
            text.codes[to] = text.codes[from];
        }
        if let Some((values, present)) = &mut self.number {
            (values[to], present[to]) = (values[from], present[from]);
        }
        if let Some(values) = &mut self.boolean {
            values[to] = values[from];
        }
    }

    pub fn finish(self) -> PropertyColumn {
        let [text, json] = self.texts.map(|text| {
            text.map(|TextBuilder { codes, dictionary, .. }| TextColumn { codes: codes.into(), dictionary })
        });
        PropertyColumn {
            text,
            number: self.number.map(|(values, present)| NumberColumn { values: values.into(), present }),
            boolean: self.boolean.map(|values| BoolColumn { values: values.into() }),
            json,
        }
    }
}
