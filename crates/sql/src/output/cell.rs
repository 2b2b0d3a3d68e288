//! One cell of a result as text.

use crate::Failure;
use crate::job::OutputType;
use crate::value::number_text;
use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, UInt64Type};
use datafusion::arrow::util::display::{ArrayFormatter, DurationFormat, FormatOptions};
use datafusion::common::DataFusionError;
use serde_json::Value;

/// What stands in a cell.
pub enum Cell<'a> {
    Null,
    Bool(bool),
    /// Digits, as they are written.
    Integer(String),
    /// A finite number.
    Number(String),
    Text(std::borrow::Cow<'a, str>),
}

/// A column of one batch, ready to be read cell by cell.
pub struct Column {
    array: ArrayRef,
    kind: OutputType,
}

const FORMAT: FormatOptions<'static> = FormatOptions::new().with_duration_format(DurationFormat::ISO8601);

impl Column {
    /// Brings the many types of a kind to one.
    pub fn new(array: &ArrayRef, kind: OutputType) -> Result<Column, Failure> {
        let target = match (kind, array.data_type()) {
            (OutputType::Integer, DataType::UInt64) => None,
            (OutputType::Integer, _) => Some(DataType::Int64),
            (OutputType::Number, DataType::Float16 | DataType::Float64) => Some(DataType::Float64),
            (OutputType::Text | OutputType::Json, data_type) if data_type.is_string() || is_dictionary(data_type) => {
                Some(DataType::Utf8View)
            }
            _ => None,
        };
        let array = match target {
            Some(target) if target != *array.data_type() => cast(array, &target).map_err(DataFusionError::from)?,
            _ => array.clone(),
        };
        Ok(Column { array, kind })
    }

    /// The cell of a row below the batch's number of rows.
    pub fn cell(&self, row: usize) -> Result<Cell<'_>, Failure> {
        let array = &self.array;
        if array.is_null(row) {
            return Ok(Cell::Null);
        }
        Ok(match array.data_type() {
            DataType::Utf8View => Cell::Text(array.as_string_view().value(row).into()),
            DataType::Boolean => Cell::Bool(array.as_boolean().value(row)),
            DataType::Int64 => Cell::Integer(array.as_primitive::<Int64Type>().value(row).to_string()),
            DataType::UInt64 => Cell::Integer(array.as_primitive::<UInt64Type>().value(row).to_string()),
            DataType::Float64 => number(array.as_primitive::<Float64Type>().value(row)),
            DataType::Null => Cell::Null,
            _ if self.kind == OutputType::Json => Cell::Text(nested(array, row)?.to_string().into()),
            _ if self.kind == OutputType::Number => {
                let text = display(array, row)?;
                let is_finite = text.parse::<f64>().is_ok_and(f64::is_finite);
                if is_finite { Cell::Number(text) } else { Cell::Text(text.into()) }
            }
            _ => Cell::Text(display(array, row)?.into()),
        })
    }
}

fn is_dictionary(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Dictionary(_, _))
}

/// JSON knows no infinity; a text says what it was.
fn number(number: f64) -> Cell<'static> {
    if number.is_finite() {
        return Cell::Number(number_text(number));
    }
    let word = if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    };
    Cell::Text(word.into())
}

fn display(array: &ArrayRef, row: usize) -> Result<String, Failure> {
    let formatter = ArrayFormatter::try_new(array, &FORMAT).map_err(DataFusionError::from)?;
    Ok(formatter.value(row).try_to_string().map_err(DataFusionError::from)?)
}

/// Lists, structures and maps as JSON.
fn nested(array: &ArrayRef, row: usize) -> Result<Value, Failure> {
    if array.is_null(row) {
        return Ok(Value::Null);
    }
    let list = |items: ArrayRef| -> Result<Value, Failure> {
        (0..items.len()).map(|item| nested(&items, item)).collect::<Result<Vec<_>, _>>().map(Value::Array)
    };
    match array.data_type() {
        DataType::List(_) => list(array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => list(array.as_list::<i64>().value(row)),
        DataType::FixedSizeList(_, _) => list(array.as_fixed_size_list().value(row)),
        DataType::Struct(fields) => {
            let columns = array.as_struct();
            let pairs = fields.iter().zip(columns.columns());
            let object = pairs.map(|(field, column)| Ok((field.name().clone(), nested(column, row)?)));
            object.collect::<Result<serde_json::Map<_, _>, Failure>>().map(Value::Object)
        }
        DataType::Map(_, _) => {
            let entries = array.as_map().value(row);
            let (keys, values) = (entries.column(0), entries.column(1));
            let pairs = (0..entries.len()).map(|entry| Ok((display(keys, entry)?, nested(values, entry)?)));
            pairs.collect::<Result<serde_json::Map<_, _>, Failure>>().map(Value::Object)
        }
        DataType::Boolean => Ok(Value::Bool(array.as_boolean().value(row))),
        data_type if data_type.is_integer() => {
            let text = display(array, row)?;
            Ok(text.parse::<i64>().map_or(Value::String(text), Value::from))
        }
        data_type if data_type.is_floating() => {
            let floats = cast(array, &DataType::Float64).map_err(DataFusionError::from)?;
            let float = floats.as_primitive::<Float64Type>().value(row);
            Ok(serde_json::Number::from_f64(float).map_or(Value::Null, Value::Number))
        }
        _ => Ok(Value::String(display(array, row)?)),
    }
}
