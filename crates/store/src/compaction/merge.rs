//! The rows of several sorted files as one sorted sequence.
//!
//! Where every key has a column in all files, rows are gathered column by column and texts by their numbers, so that
//! none is hashed per row. Files with more keys than columns go row by row.

use crate::StoreError;
use crate::segment::format::{Layout, REST, RowKey, at, kind_index, property_of};
use crate::segment::group::{NO_TEXT, Texts, Values};
use crate::segment::reader::{FileSegment, RowBatch, RowReader};
use crate::segment::writer::SegmentWriter;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, TimestampMicrosecondType, UInt8Type, UInt32Type};
use arrow_array::{Array, ArrayRef, Int32Array, StringArray};
use arrow_schema::Schema;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// Writes all rows of `files` in order, each key once; returns how many rows were dropped as repeated.
pub(crate) fn merge(files: &[&FileSegment], writer: &mut SegmentWriter) -> Result<u64, StoreError> {
    let mut sources = files.iter().map(|file| Source::open(file)).collect::<Result<Vec<_>, _>>()?;
    let has_rest = |schema: &Schema| schema.fields().find(REST).is_some();
    let schemas = files.iter().map(|file| file.schema()).collect::<Result<Vec<_>, _>>()?;
    let by_rows = writer.group().1.rest.is_some() || schemas.iter().any(|schema| has_rest(schema));
    let mut gather = Gather::new(writer.group().1, &schemas);
    let mut picks: Vec<Pick> = Vec::new();
    let mut last: Option<RowKey> = None;
    let mut dropped = 0;
    // Few inputs: a look at each is as fast as a heap.
    while let Some(least) = least(&sources) {
        let source = &sources[least];
        if last == source.key {
            dropped += 1;
        } else {
            picks.push(Pick { source: least as u32, row: source.row as u32 });
        }
        last = source.key;
        if source.is_at_end_of_batch() {
            if by_rows {
                push_rows(&sources, &picks, writer)?
            } else {
                gather.push(&sources, &picks, writer)?
            }
            picks.clear();
        }
        sources[least].advance()?;
    }
    Ok(dropped)
}

/// A row of the batch that a source holds now.
#[derive(Clone, Copy)]
struct Pick {
    source: u32,
    row: u32,
}

fn push_rows(sources: &[Source<'_>], picks: &[Pick], writer: &mut SegmentWriter) -> Result<(), StoreError> {
    for pick in picks {
        let source = &sources[pick.source as usize];
        if let Some(batch) = &source.batch {
            let row = batch.row(pick.row as usize);
            writer.push(&row.map_err(|detail| StoreError::damaged(&source.file.path, detail))?)?;
        }
    }
    Ok(())
}

/// From the numbers of one input's dictionary to those of one output column.
#[derive(Default)]
struct Numbers {
    dictionary: Option<ArrayRef>,
    codes: Vec<i32>,
}

/// Not yet asked for.
const UNKNOWN: i32 = -2;

struct Gather {
    /// By output column of properties, then by source: the column of that source.
    properties: Vec<Vec<Option<usize>>>,
    /// By output column (texts at fixed places first, then the properties), then by source.
    numbers: Vec<Vec<Numbers>>,
}

const FIXED_TEXTS: [usize; 4] = [at::EVENT, at::DISTINCT_ID, at::SESSION, at::WINDOW];

impl Gather {
    fn new(layout: &Layout, schemas: &[Arc<Schema>]) -> Gather {
        let columns: Vec<HashMap<(&str, usize), usize>> = schemas
            .iter()
            .map(|schema| {
                let fields = schema.fields().iter().enumerate();
                let known = fields.filter_map(|(index, field)| Some((property_of(field)?, index)));
                known.map(|((key, kind), index)| ((key, kind_index(kind)), index)).collect()
            })
            .collect();
        let wanted = &layout.schema.fields()[at::PROPERTIES..];
        let properties: Vec<Vec<Option<usize>>> = wanted
            .iter()
            .map(|field| {
                let wanted = property_of(field).map(|(key, kind)| (key, kind_index(kind)));
                columns.iter().map(|columns| columns.get(&wanted?).copied()).collect()
            })
            .collect();
        let numbers = || schemas.iter().map(|_| Numbers::default()).collect();
        let numbers = (0..FIXED_TEXTS.len() + properties.len()).map(|_| numbers()).collect();
        Gather { properties, numbers }
    }

    fn push(
        &mut self,
        sources: &[Source<'_>],
        mut picks: &[Pick],
        writer: &mut SegmentWriter,
    ) -> Result<(), StoreError> {
        while !picks.is_empty() {
            let (now, later) = picks.split_at(writer.room().min(picks.len()));
            self.push_some(sources, now, writer).map_err(|source| {
                let path = sources.get(source).map_or(Path::new("segments"), |source| &source.file.path);
                StoreError::damaged(path, "a column of another type")
            })?;
            if writer.room() == 0 {
                // The next row group numbers its texts anew.
                self.numbers.iter_mut().flatten().for_each(|numbers| *numbers = Numbers::default());
                writer.end_full_group()?;
            }
            picks = later;
        }
        Ok(())
    }

    /// The error is the index of the source that has a column of another type.
    fn push_some(&mut self, sources: &[Source<'_>], picks: &[Pick], writer: &mut SegmentWriter) -> Result<(), usize> {
        let group = writer.group().0;
        let rows = group.rows();
        let column = |index: usize| Inputs::of(sources, |_| Some(index));
        let [numbers_event, numbers_id, numbers_session, numbers_window, numbers_properties @ ..] =
            self.numbers.as_mut_slice()
        else {
            return Ok(());
        };
        column(at::EVENT).texts(picks, &mut group.event, numbers_event)?;
        column(at::DISTINCT_ID).texts(picks, &mut group.distinct_id, numbers_id)?;
        column(at::SESSION).texts(picks, &mut group.session, numbers_session)?;
        column(at::WINDOW).texts(picks, &mut group.window, numbers_window)?;
        for (index, values) in group.properties.iter_mut().enumerate() {
            values.fill(rows);
            let inputs = Inputs::of(sources, |source| self.properties[index][source]);
            match values {
                Values::Text(texts) => inputs.texts(picks, texts, &mut numbers_properties[index])?,
                Values::Number(values) => inputs.each(
                    picks,
                    |array| array.as_primitive_opt::<Float64Type>(),
                    |array, row| {
                        values.push(array.filter(|array| array.is_valid(row)).map(|array| array.value(row)));
                    },
                )?,
                Values::Bool(values) => inputs.each(
                    picks,
                    |array| array.as_boolean_opt(),
                    |array, row| {
                        values.push(array.filter(|array| array.is_valid(row)).map(|array| array.value(row)));
                    },
                )?,
                Values::Rest(_) => {}
            }
        }
        column(at::RECEIVED_AT).each(
            picks,
            |array| array.as_primitive_opt::<TimestampMicrosecondType>(),
            |array, row| {
                group.received_at.extend(array.map(|array| array.value(row)));
            },
        )?;
        column(at::LEVEL).each(
            picks,
            |array| array.as_primitive_opt::<UInt8Type>(),
            |array, row| {
                group.level.extend(array.map(|array| array.value(row)));
            },
        )?;
        column(at::POLICY).each(
            picks,
            |array| array.as_primitive_opt::<UInt32Type>(),
            |array, row| {
                group.policy.extend(array.map(|array| array.value(row)));
            },
        )?;
        column(at::DIALECT).each(
            picks,
            |array| array.as_primitive_opt::<UInt8Type>(),
            |array, row| {
                group.dialect.extend(array.map(|array| array.value(row)));
            },
        )?;
        for pick in picks {
            if let Some(batch) = &sources[pick.source as usize].batch {
                let key = batch.key(pick.row as usize);
                group.uuids.push(key.uuid);
                group.event_at.push(key.event_at);
                group.ordinal.push(key.ordinal);
            }
        }
        Ok(())
    }
}

/// One column of all sources; `None` where a source does not have it.
struct Inputs<'a>(Vec<Option<&'a ArrayRef>>);

impl<'a> Inputs<'a> {
    fn of(sources: &'a [Source<'_>], column: impl Fn(usize) -> Option<usize>) -> Inputs<'a> {
        let array = |(index, source): (usize, &'a Source<'_>)| Some(source.batch.as_ref()?.column(column(index)?));
        Inputs(sources.iter().enumerate().map(array).collect())
    }

    /// All as one type. The error is the index of the source whose column has another.
    fn typed<T>(&self, cast: impl Fn(&'a ArrayRef) -> Option<T>) -> Result<Vec<Option<T>>, usize> {
        let typed = |(index, array): (usize, &Option<&'a ArrayRef>)| match array {
            Some(array) => cast(array).map(Some).ok_or(index),
            None => Ok(None),
        };
        self.0.iter().enumerate().map(typed).collect()
    }

    fn each<T: Copy>(
        &self,
        picks: &[Pick],
        cast: impl Fn(&'a ArrayRef) -> Option<T>,
        mut take: impl FnMut(Option<T>, usize),
    ) -> Result<(), usize> {
        let arrays = self.typed(cast)?;
        picks.iter().for_each(|pick| take(arrays[pick.source as usize], pick.row as usize));
        Ok(())
    }

    fn texts(&self, picks: &[Pick], texts: &mut Texts, numbers: &mut [Numbers]) -> Result<(), usize> {
        let arrays: Vec<Option<(&Int32Array, &StringArray)>> = self.typed(|array| {
            let array = array.as_dictionary_opt::<Int32Type>()?;
            Some((array.keys(), array.values().as_string_opt::<i32>()?))
        })?;
        for (array, numbers) in self.0.iter().zip(numbers.iter_mut()) {
            let Some(array) = array.and_then(|array| array.as_dictionary_opt::<Int32Type>()) else { continue };
            // Batches of one row group share their dictionary.
            if !numbers.dictionary.as_ref().is_some_and(|known| Arc::ptr_eq(known, array.values())) {
                numbers.dictionary = Some(Arc::clone(array.values()));
                numbers.codes.clear();
                numbers.codes.resize(array.values().len(), UNKNOWN);
            }
        }
        for pick in picks {
            let source = pick.source as usize;
            let code = match arrays[source] {
                Some((keys, values)) if keys.is_valid(pick.row as usize) => {
                    let key = keys.value(pick.row as usize) as usize;
                    let known = numbers[source].codes.get_mut(key).ok_or(source)?;
                    if *known == UNKNOWN {
                        *known = texts.code(values.value(key));
                    }
                    *known
                }
                _ => NO_TEXT,
            };
            texts.push(code);
        }
        Ok(())
    }
}

/// One input of a merge.
struct Source<'a> {
    file: &'a FileSegment,
    reader: RowReader<'a>,
    batch: Option<RowBatch>,
    row: usize,
    /// The key of the current row; `None` at the end.
    key: Option<RowKey>,
}

impl<'a> Source<'a> {
    fn open(file: &'a FileSegment) -> Result<Source<'a>, StoreError> {
        let mut source = Source { file, reader: file.rows(None)?, batch: None, row: 0, key: None };
        source.next_batch()?;
        Ok(source)
    }

    fn is_at_end_of_batch(&self) -> bool {
        self.batch.as_ref().is_none_or(|batch| self.row + 1 == batch.len())
    }

    fn next_batch(&mut self) -> Result<(), StoreError> {
        self.row = 0;
        self.batch = self.reader.next_batch()?;
        self.read_key();
        Ok(())
    }

    fn advance(&mut self) -> Result<(), StoreError> {
        if self.is_at_end_of_batch() {
            return self.next_batch();
        }
        self.row += 1;
        self.read_key();
        Ok(())
    }

    fn read_key(&mut self) {
        self.key = self.batch.as_ref().map(|batch| batch.key(self.row));
    }
}

fn least(sources: &[Source<'_>]) -> Option<usize> {
    let keys = sources.iter().enumerate().filter_map(|(index, source)| Some((source.key?, index)));
    keys.min().map(|(_, index)| index)
}
