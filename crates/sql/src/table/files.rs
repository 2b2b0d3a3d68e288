//! Opens Parquet files. What goes wrong is told without the file's name.

use crate::job::EventsFile;
use datafusion::arrow::array::{Array, AsArray, StringViewArray};
use datafusion::arrow::compute::concat;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, UInt32Type};
use datafusion::common::{DataFusionError, Result};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// A file that cannot be read as it should. `Internal` to the asker.
pub fn unreadable(detail: impl std::fmt::Display) -> DataFusionError {
    DataFusionError::IoError(std::io::Error::other(format!("a file of the snapshot cannot be read: {detail}")))
}

/// An open file: its columns as the writer made them, and as they will be read.
pub struct OpenFile {
    /// Positioned reads only.
    pub file: File,
    /// With the metadata of fields.
    pub written: SchemaRef,
    /// Texts as views, which spares copying them.
    pub metadata: ArrowReaderMetadata,
}

/// Opens a file and reads its foot.
pub fn open(path: &Path) -> Result<OpenFile> {
    let file = File::open(path).map_err(|error| unreadable(error.kind()))?;
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(unreadable)?;
    let written = Arc::clone(metadata.schema());
    let views = Schema::new(written.fields().iter().map(|field| as_view(field)).collect::<Vec<_>>());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(views));
    let metadata = ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options).map_err(unreadable)?;
    Ok(OpenFile { file, written, metadata })
}

fn as_view(field: &Field) -> Field {
    let is_text = match field.data_type() {
        DataType::Dictionary(_, values) => **values == DataType::Utf8,
        DataType::Utf8 => true,
        _ => false,
    };
    let data_type = if is_text { DataType::Utf8View } else { field.data_type().clone() };
    Field::new(field.name(), data_type, field.is_nullable())
}

/// A file that is no segment: only its rows are known.
pub fn whole(path: &Path) -> Result<EventsFile> {
    let rows = open(path)?.metadata.metadata().file_metadata().num_rows();
    let rows = usize::try_from(rows).map_err(unreadable)?;
    Ok(EventsFile { path: path.to_owned(), rows, first_at: i64::MIN, last_at: i64::MAX })
}

/// Who the ids are that are part of a person of another name.
#[derive(Debug)]
pub struct Merged {
    ordinals: Vec<u32>,
    persons: StringViewArray,
}

impl Merged {
    /// The person of an ordinal that was merged into another.
    pub fn person_of(&self, ordinal: u32) -> Option<&str> {
        self.ordinals.binary_search(&ordinal).ok().map(|place| self.persons.value(place))
    }
}

/// Reads (ordinal, person_id), ascending.
pub fn read_merged(path: &Path) -> Result<Merged> {
    let OpenFile { file, metadata, .. } = open(path)?;
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata).build().map_err(unreadable)?;
    let mut ordinals = Vec::new();
    let mut persons = vec![Arc::new(StringViewArray::new_null(0)) as Arc<dyn Array>];
    for batch in reader {
        let batch = batch?;
        let column = batch.column(0).as_primitive_opt::<UInt32Type>().ok_or_else(|| unreadable("ordinals"))?;
        ordinals.extend_from_slice(column.values());
        persons.push(Arc::clone(batch.column(1)));
    }
    let persons = concat(&persons.iter().map(|array| &**array).collect::<Vec<_>>())?;
    let persons = persons.as_string_view_opt().ok_or_else(|| unreadable("persons"))?.clone();
    if !ordinals.is_sorted() || persons.len() != ordinals.len() {
        return Err(unreadable("merged ids are not in order"));
    }
    Ok(Merged { ordinals, persons })
}
