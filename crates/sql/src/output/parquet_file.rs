//! One Parquet file with the result's own types.

use super::{Counted, Output};
use crate::{Failure, FailureCode};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::common::DataFusionError;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;

/// A row group is kept in memory until it is whole.
const GROUP_ROWS: usize = 64 << 10;
const GROUP_BYTES: usize = 32 << 20;

pub struct ParquetFile<W: Write + Send> {
    writer: ArrowWriter<Counted<W>>,
    schema: SchemaRef,
}

fn failed(error: ParquetError) -> Failure {
    match error {
        ParquetError::General(message) | ParquetError::NYI(message) => {
            Failure::new(FailureCode::Invalid, format!("this result cannot be written as Parquet: {message}"))
        }
        other => Failure::new(FailureCode::Internal, format!("cannot write the result: {other}")),
    }
}

impl<W: Write + Send> ParquetFile<W> {
    pub fn begin(sink: Counted<W>, schema: &SchemaRef) -> Result<Self, Failure> {
        let schema = Arc::new(plain(schema));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).map_err(failed)?))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let writer = ArrowWriter::try_new(sink, Arc::clone(&schema), Some(properties)).map_err(failed)?;
        Ok(ParquetFile { writer, schema })
    }
}

/// Without our own marks, each name once: tools look columns up by name.
fn plain(schema: &Schema) -> Schema {
    let mut taken: HashSet<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let mut seen = HashSet::new();
    let fields = schema.fields().iter().map(|field| {
        let mut name = field.name().clone();
        for number in 2.. {
            if seen.insert(name.clone()) {
                break;
            }
            let next = format!("{}_{number}", field.name());
            if taken.insert(next.clone()) {
                name = next;
            }
        }
        Field::new(name, field.data_type().clone(), true)
    });
    Schema::new(fields.collect::<Vec<_>>())
}

impl<W: Write + Send> Output for ParquetFile<W> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), batch.columns().to_vec());
        self.writer.write(&batch.map_err(DataFusionError::from)?).map_err(failed)?;
        if self.writer.in_progress_size() > GROUP_BYTES {
            self.writer.flush().map_err(failed)?;
        }
        Ok(())
    }

    fn bytes(&self) -> u64 {
        (self.writer.bytes_written() + self.writer.in_progress_size()) as u64
    }

    fn finish(self: Box<Self>) -> Result<(), Failure> {
        let mut sink = self.writer.into_inner().map_err(failed)?;
        Ok(sink.flush()?)
    }
}
