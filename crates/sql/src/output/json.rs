//! A JSON array of rows, each an array of cells.

use super::cell::{Cell, Column};
use super::{Counted, Output};
use crate::Failure;
use crate::job::OutputColumn;
use datafusion::arrow::array::RecordBatch;
use std::io::Write;

/// Past it a double is not exact; such integers go out as text.
const EXACT_DIGITS: usize = 16;
const EXACT_MAX: u64 = 1 << 53;

pub struct JsonRows<W> {
    sink: Counted<W>,
    columns: Vec<OutputColumn>,
    is_first: bool,
}

impl<W: Write> JsonRows<W> {
    pub fn begin(mut sink: Counted<W>, columns: &[OutputColumn]) -> Result<Self, Failure> {
        sink.write_all(b"[")?;
        Ok(JsonRows { sink, columns: columns.to_vec(), is_first: true })
    }
}

impl<W: Write + Send> Output for JsonRows<W> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let columns = batch.columns().iter().zip(&self.columns);
        let columns = columns.map(|(array, column)| Column::new(array, column.kind)).collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            self.sink.write_all(if self.is_first { b"[" } else { b",\n[" })?;
            self.is_first = false;
            for (place, column) in columns.iter().enumerate() {
                if place > 0 {
                    self.sink.write_all(b",")?;
                }
                match column.cell(row)? {
                    Cell::Null => self.sink.write_all(b"null")?,
                    Cell::Bool(flag) => write!(self.sink, "{flag}")?,
                    Cell::Integer(digits) if is_exact(&digits) => self.sink.write_all(digits.as_bytes())?,
                    Cell::Number(number)
                        if number.len() <= EXACT_DIGITS
                            || number.parse::<f64>().is_ok_and(|n| crate::value::number_text(n) == number) =>
                    {
                        self.sink.write_all(number.as_bytes())?
                    }
                    Cell::Integer(digits) | Cell::Number(digits) => write!(self.sink, "\"{digits}\"")?,
                    Cell::Text(text) => serde_json::to_writer(&mut self.sink, &*text).map_err(std::io::Error::from)?,
                }
            }
            self.sink.write_all(b"]")?;
        }
        Ok(())
    }

    fn bytes(&self) -> u64 {
        self.sink.bytes
    }

    fn finish(mut self: Box<Self>) -> Result<(), Failure> {
        self.sink.write_all(b"]")?;
        Ok(self.sink.flush()?)
    }
}

fn is_exact(digits: &str) -> bool {
    digits.len() < EXACT_DIGITS || digits.trim_start_matches('-').parse().is_ok_and(|number: u64| number <= EXACT_MAX)
}
