//! A person property as a column of one segment: each row has the value of the person behind it, as the snapshot has it.
//!
//! Rows of one person lie side by side, so their value is looked up once. Events that were sent without a person
//! profile have no person properties (docs/semantics/filters.md, "Persons").

use crate::limits::QueryError;
use std::collections::HashMap;
use store::{BoolColumn, MISSING, MISSING_BOOL, NumberColumn, PropertyColumn, Segment, TextColumn};

/// Events that say `false` here have no person profile.
const PROFILE_KEY: &str = "$process_person_profile";

/// The rows of events that were sent without a person profile; `None`: there are none.
pub(crate) fn without_profile(segment: &Segment) -> Result<Option<Vec<bool>>, QueryError> {
    if !segment.stats().may_have_property(PROFILE_KEY) {
        return Ok(None);
    }
    let column = segment.property(PROFILE_KEY)?;
    Ok(column.boolean.as_ref().map(|column| column.values.iter().map(|value| *value == 0).collect()))
}

/// The column of one segment, out of one that has a row for each ordinal.
pub(crate) fn gathered(persons: &PropertyColumn, segment: &Segment) -> Result<PropertyColumn, QueryError> {
    if *persons == PropertyColumn::default() {
        return Ok(PropertyColumn::default());
    }
    let ordinals = segment.ordinals()?;
    let without = without_profile(segment)?;
    let is_without = |row: usize| without.as_ref().is_some_and(|rows| rows[row]);
    let of = |(row, ordinal): (usize, &u32)| (!is_without(row)).then_some(*ordinal);
    let rows = || ordinals.iter().enumerate().map(of);
    Ok(PropertyColumn {
        text: persons.text.as_ref().map(|text| text_rows(text, rows())),
        json: persons.json.as_ref().map(|text| text_rows(text, rows())),
        number: persons.number.as_ref().map(|number| NumberColumn {
            values: rows().map(|ordinal| ordinal.map_or(0.0, |ordinal| number.values[ordinal as usize])).collect(),
            present: rows().map(|ordinal| ordinal.is_some_and(|ordinal| number.present[ordinal as usize])).collect(),
        }),
        boolean: persons.boolean.as_ref().map(|boolean| BoolColumn {
            values: rows()
                .map(|ordinal| ordinal.map_or(MISSING_BOOL, |ordinal| boolean.values[ordinal as usize]))
                .collect(),
        }),
    })
}

/// The texts of the rows of some ordinals, with a dictionary of those that occur; `None`: a row without.
fn text_rows(persons: &TextColumn, ordinals: impl Iterator<Item = Option<u32>>) -> TextColumn {
    let mut dictionary = Vec::new();
    let mut known: HashMap<u32, u32> = HashMap::new();
    let mut last = (None, MISSING);
    let code = |ordinal: Option<u32>| {
        if last.0 != ordinal {
            let of_all = ordinal.map_or(MISSING, |ordinal| persons.codes[ordinal as usize]);
            let code = match persons.dictionary.get(of_all as usize) {
                None => MISSING,
                Some(text) => *known.entry(of_all).or_insert_with(|| {
                    dictionary.push(text.clone());
                    dictionary.len() as u32 - 1
                }),
            };
            last = (ordinal, code);
        }
        last.1
    };
    let codes = ordinals.map(code).collect();
    TextColumn { codes, dictionary }
}
