//! Writes a result: JSON rows, CSV or Parquet.

mod cell;
mod csv;
mod json;
mod parquet_file;

use crate::Failure;
use crate::job::{Format, OutputColumn, OutputType};
use crate::property::FIELD_JSON;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, Field, SchemaRef};
use std::io::Write;

/// Takes the batches of one result.
pub trait Output: Send {
    /// Writes the rows of a batch.
    ///
    /// # Errors
    /// Nobody reads any more, or a value cannot be written.
    fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure>;

    /// Bytes written or held back so far.
    fn bytes(&self) -> u64;

    /// Ends the result.
    ///
    /// # Errors
    /// As [`Output::write`].
    fn finish(self: Box<Self>) -> Result<(), Failure>;
}

/// The output of a format; begins to write at once.
///
/// # Errors
/// As [`Output::write`].
pub fn open<'a, W: Write + Send + 'a>(
    format: Format,
    schema: &SchemaRef,
    sink: W,
) -> Result<Box<dyn Output + 'a>, Failure> {
    let sink = Counted { sink, bytes: 0 };
    Ok(match format {
        Format::Json => Box::new(json::JsonRows::begin(sink, &columns_of(schema))?),
        Format::Csv => Box::new(csv::Csv::begin(sink, &columns_of(schema))?),
        Format::Parquet => Box::new(parquet_file::ParquetFile::begin(sink, schema)?),
    })
}

/// Names and types of a result.
pub fn columns_of(schema: &SchemaRef) -> Vec<OutputColumn> {
    schema.fields().iter().map(|field| OutputColumn { name: field.name().clone(), kind: type_of(field) }).collect()
}

fn type_of(field: &Field) -> OutputType {
    match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View if field.metadata().contains_key(FIELD_JSON) => {
            OutputType::Json
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => OutputType::Text,
        DataType::Dictionary(_, values) if values.is_string() => OutputType::Text,
        DataType::Boolean => OutputType::Boolean,
        DataType::Timestamp(_, _) => OutputType::Timestamp,
        DataType::Date32 | DataType::Date64 => OutputType::Date,
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::FixedSizeList(_, _)
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::Struct(_)
        | DataType::Map(_, _) => OutputType::Json,
        other if other.is_integer() => OutputType::Integer,
        other if other.is_floating() || other.is_decimal() => OutputType::Number,
        _ => OutputType::Other,
    }
}

/// Counts what passes.
struct Counted<W> {
    sink: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.sink.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.sink.flush()
    }
}

#[cfg(test)]
mod tests;
