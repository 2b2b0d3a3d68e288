//! CSV as RFC 4180 says: CRLF, quotes where needed and doubled inside.
//!
//! Nothing is a null, `""` an empty text; texts stand as they are, also those that a spreadsheet takes for a formula.

use super::cell::{Cell, Column};
use super::{Counted, Output};
use crate::Failure;
use crate::job::OutputColumn;
use datafusion::arrow::array::RecordBatch;
use std::io::Write;

pub struct Csv<W> {
    sink: Counted<W>,
    columns: Vec<OutputColumn>,
}

impl<W: Write> Csv<W> {
    pub fn begin(mut sink: Counted<W>, columns: &[OutputColumn]) -> Result<Self, Failure> {
        for (place, column) in columns.iter().enumerate() {
            if place > 0 {
                sink.write_all(b",")?;
            }
            text(&mut sink, &column.name)?;
        }
        sink.write_all(b"\r\n")?;
        Ok(Csv { sink, columns: columns.to_vec() })
    }
}

fn text(sink: &mut impl Write, text: &str) -> std::io::Result<()> {
    if !text.is_empty() && !text.contains(['"', ',', '\r', '\n']) {
        return sink.write_all(text.as_bytes());
    }
    sink.write_all(b"\"")?;
    sink.write_all(text.replace('"', "\"\"").as_bytes())?;
    sink.write_all(b"\"")
}

impl<W: Write + Send> Output for Csv<W> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let columns = batch.columns().iter().zip(&self.columns);
        let columns = columns.map(|(array, column)| Column::new(array, column.kind)).collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            for (place, column) in columns.iter().enumerate() {
                if place > 0 {
                    self.sink.write_all(b",")?;
                }
                match column.cell(row)? {
                    Cell::Null => {}
                    Cell::Bool(flag) => write!(self.sink, "{flag}")?,
                    Cell::Integer(number) | Cell::Number(number) => self.sink.write_all(number.as_bytes())?,
                    Cell::Text(cell) => text(&mut self.sink, &cell)?,
                }
            }
            self.sink.write_all(b"\r\n")?;
        }
        Ok(())
    }

    fn bytes(&self) -> u64 {
        self.sink.bytes
    }

    fn finish(mut self: Box<Self>) -> Result<(), Failure> {
        Ok(self.sink.flush()?)
    }
}
