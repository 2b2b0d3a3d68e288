//! Decoded columns, as kernels read them.

use super::slice::Slice;

/// The code of a missing value in [`TextColumn::codes`].
pub const MISSING: u32 = u32::MAX;
/// A missing value in [`BoolColumn::values`].
pub const MISSING_BOOL: u8 = 255;

/// Text of each row as a code into a dictionary of distinct values, in no particular order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextColumn {
    /// One per row: index into `dictionary`, or [`MISSING`].
    pub codes: Slice<u32>,
    /// Distinct values.
    pub dictionary: Vec<Box<str>>,
}

impl TextColumn {
    /// The text of one row.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.dictionary.get(*self.codes.get(row)? as usize).map(|text| &**text)
    }
}

/// Number of each row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NumberColumn {
    /// One per row. The value of an absent row means nothing and need not be 0.
    pub values: Slice<f64>,
    /// One per row: whether there is a value.
    pub present: Vec<bool>,
}

impl NumberColumn {
    /// The number of one row.
    pub fn get(&self, row: usize) -> Option<f64> {
        self.present.get(row)?.then(|| self.values[row])
    }
}

/// Boolean of each row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BoolColumn {
    /// One per row: 0, 1 or [`MISSING_BOOL`].
    pub values: Slice<u8>,
}

impl BoolColumn {
    /// The boolean of one row.
    pub fn get(&self, row: usize) -> Option<bool> {
        match self.values.get(row)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

/// One property in all kinds that occur in a segment. In each row at most one kind has a value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PropertyColumn {
    /// JSON strings.
    pub text: Option<TextColumn>,
    /// JSON numbers.
    pub number: Option<NumberColumn>,
    /// JSON booleans.
    pub boolean: Option<BoolColumn>,
    /// Compact JSON text of all else.
    pub json: Option<TextColumn>,
}

impl PropertyColumn {
    /// The value of one row.
    pub fn get(&self, row: usize) -> Option<model::Value> {
        use model::Value;
        let text = self.text.as_ref().and_then(|column| column.get(row)).map(|text| Value::Text(text.into()));
        text.or_else(|| self.number.as_ref().and_then(|column| column.get(row)).map(Value::Number))
            .or_else(|| self.boolean.as_ref().and_then(|column| column.get(row)).map(Value::Bool))
            .or_else(|| self.json.as_ref().and_then(|column| column.get(row)).map(|text| Value::Json(text.into())))
    }
}
