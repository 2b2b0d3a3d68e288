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
    let mut column = PropertyColumn {
        text: persons.text.as_ref().map(|text| text_rows(text, &ordinals)),
        json: persons.json.as_ref().map(|text| text_rows(text, &ordinals)),
        number: persons.number.as_ref().map(|number| NumberColumn {
            values: ordinals.iter().map(|ordinal| number.values[*ordinal as usize]).collect(),
            present: ordinals.iter().map(|ordinal| number.present[*ordinal as usize]).collect(),
        }),
        boolean: persons.boolean.as_ref().map(|boolean| BoolColumn {
            values: ordinals.iter().map(|ordinal| boolean.values[*ordinal as usize]).collect(),
        }),
    };
    if let Some(rows) = without_profile(segment)? {
        let rows = || rows.iter().enumerate().filter(|(_, is_without)| **is_without).map(|(row, _)| row);
        for text in [&mut column.text, &mut column.json].into_iter().flatten() {
            rows().for_each(|row| text.codes[row] = MISSING);
        }
        if let Some(number) = &mut column.number {
            rows().for_each(|row| number.present[row] = false);
        }
        if let Some(boolean) = &mut column.boolean {
            rows().for_each(|row| boolean.values[row] = MISSING_BOOL);
        }
    }
    Ok(column)
}

/// The texts of the rows of some ordinals, with a dictionary of those that occur.
fn text_rows(persons: &TextColumn, ordinals: &[u32]) -> TextColumn {
    let mut column = TextColumn { codes: Vec::with_capacity(ordinals.len()), dictionary: Vec::new() };
    let mut codes: HashMap<u32, u32> = HashMap::new();
    let mut last = (None, MISSING);
    for ordinal in ordinals {
        if last.0 != Some(*ordinal) {
            let of_all = persons.codes[*ordinal as usize];
            let code = match persons.dictionary.get(of_all as usize) {
                None => MISSING,
                Some(text) => *codes.entry(of_all).or_insert_with(|| {
                    column.dictionary.push(text.clone());
                    column.dictionary.len() as u32 - 1
                }),
            };
            last = (Some(*ordinal), code);
        }
        column.codes.push(last.1);
    }
    column
}
