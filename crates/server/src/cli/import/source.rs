//! A file as a stream of items, whatever it holds and however it is packed.
//!
//! Items are numbered from 1 in the order of the file: lines, elements of a list, or rows. The number of the last item
//! that was taken is all that a later run needs to go on.

use super::detect::{self, Format};
use super::documents::{ITEM_BYTES_MAX, JsonItems};
use super::{FileFailure, ImportOptions};
use csv::ByteRecord;
use flate2::read::MultiGzDecoder;
use indicatif::ProgressBar;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use store::{ParquetBatch, ParquetInput, ParquetRows};
use wire::mapped::Mapping;

/// A piece is full when it has so many items or bytes.
pub const PIECE_ITEMS: usize = 2_000;
pub const PIECE_BYTES: usize = 2 << 20;

/// Some items of one file.
#[derive(Default)]
pub struct Piece {
    /// Their bytes.
    pub bytes: Vec<u8>,
    /// Where each lies in `bytes`.
    pub items: Vec<Item>,
    /// Rows of a table, where the file is one; then there are no items.
    pub rows: Vec<(u64, ByteRecord)>,
}

/// One thing to decode: an event or a batch.
pub struct Item {
    /// Its number.
    pub number: u64,
    /// Its bytes.
    pub range: Range<usize>,
    /// It was larger than an item may be and is not there.
    pub too_large: bool,
}

impl Piece {
    /// How many pieces of the usual size it takes as much memory as.
    pub fn weight(&self) -> usize {
        let rows = self.rows.iter().map(|(_, record)| record.as_slice().len()).sum::<usize>();
        (self.bytes.len() + rows).div_ceil(PIECE_BYTES).max(1)
    }

    /// The number of its last item.
    pub fn last(&self) -> u64 {
        let items = self.items.last().map(|item| item.number);
        items.max(self.rows.last().map(|(number, _)| *number)).unwrap_or(0)
    }
}

/// An opened file.
pub struct Source {
    /// What its items are.
    pub format: Format,
    /// In words: the format, how it is cut and packed.
    pub description: String,
    /// Columns that are not read.
    pub unread_columns: Vec<String>,
    /// Which column is what, where the file is a table.
    pub mapping: Option<Arc<Mapping>>,
    items: Items,
}

enum Items {
    Json(JsonItems),
    Csv { reader: csv::Reader<RowLimit>, done: bool },
    Parquet(RowItems),
}

impl Source {
    /// Opens a file and finds out what it holds; items up to number `skip` will not be handed out.
    ///
    /// # Errors
    /// It cannot be read, its format cannot be told or is not one that is read, or the column map does not fit.
    pub fn open(path: &Path, options: &ImportOptions, skip: u64, bar: &ProgressBar) -> Result<Source, FileFailure> {
        let mut file = File::open(path).map_err(FileFailure::unreadable)?;
        let mut magic = [0; 4];
        let found = read_up_to(&mut file, &mut magic).map_err(FileFailure::unreadable)?;
        file.rewind().map_err(FileFailure::unreadable)?;
        match &magic[..found] {
            b"PAR1" => return Self::parquet(file, path, options, skip),
            [0x28, 0xb5, 0x2f, 0xfd] => {
                return Err(FileFailure::other("it is packed with zstd: unpack it with `zstd -d`"));
            }
            [b'P', b'K', 3, 4] => return Err(FileFailure::other("it is a ZIP archive: unpack it first")),
            [b'B', b'Z', b'h', _] => {
                return Err(FileFailure::other("it is packed with bzip2: unpack it with `bunzip2`"));
            }
            [] => return Err(FileFailure::other("it is empty")),
            _ => {}
        }
        let gzip = magic.starts_with(&[0x1f, 0x8b]);
        let raw = BufReader::with_capacity(1 << 18, bar.wrap_read(file));
        let unpacked: Box<dyn Read + Send> = if gzip { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
        let mut input = BufReader::with_capacity(1 << 18, unpacked);
        let head = head_of(&mut input).map_err(FileFailure::unreadable)?;
        let format = match options.format {
            Some(format) => format,
            None => detect::format(&head, !options.map.is_empty()).ok_or_else(|| {
                FileFailure::other(
                    "what it holds cannot be told: name it with --format sunbird, posthog, native or csv",
                )
            })?,
        };
        let input: Box<dyn BufRead + Send> = Box::new(io::Cursor::new(head).chain(input));
        let packed = if gzip { ", gzip" } else { "" };
        if format == Format::Csv {
            return Self::csv(input, options, skip, packed);
        }
        let items = JsonItems::open(input).map_err(FileFailure::unreadable)?;
        let cut = if items.is_document() { "one JSON document" } else { "JSON lines" };
        Ok(Source {
            format,
            description: format!("{}, {cut}{packed}", format.words()),
            unread_columns: Vec::new(),
            mapping: None,
            items: Items::Json(items),
        })
    }

    fn parquet(file: File, path: &Path, options: &ImportOptions, skip: u64) -> Result<Source, FileFailure> {
        let input = ParquetInput::open(file, path).map_err(FileFailure::store)?;
        let own = input.is_own();
        let format = if own { Format::Native } else { Format::Posthog };
        if options.format.is_some_and(|wanted| wanted != format) {
            return Err(FileFailure::other(format!("its columns are those of {}, not of --format", format.words())));
        }
        let columns: Vec<String> = input.columns().into_iter().map(str::to_owned).collect();
        let wanted = wire::posthog::EXPORT_COLUMNS;
        let missing = ["event", "distinct_id", "timestamp"].into_iter().find(|name| !columns.iter().any(|c| c == name));
        if let Some(missing) = missing.filter(|_| !own) {
            return Err(FileFailure::other(format!(
                "it is no event export of PostHog: it has no column {missing:?}, but {}",
                columns.iter().take(30).map(String::as_str).collect::<Vec<_>>().join(", ")
            )));
        }
        let unread_columns = if own {
            Vec::new()
        } else {
            columns.into_iter().filter(|name| !wanted.contains(&name.as_str())).collect()
        };
        let count = input.rows();
        let rows = input.read(&wanted, skip).map_err(FileFailure::store)?;
        Ok(Source {
            format,
            description: format!("{}, Parquet of {count} rows", format.words()),
            unread_columns,
            mapping: None,
            items: Items::Parquet(RowItems { rows, batch: None, own, number: skip }),
        })
    }

    fn csv(
        input: Box<dyn BufRead + Send>,
        options: &ImportOptions,
        skip: u64,
        packed: &str,
    ) -> Result<Source, FileFailure> {
        let limited = RowLimit { input, since_row: 0 };
        let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(options.delimiter).from_reader(limited);
        let header = reader.headers().map_err(FileFailure::csv)?.clone();
        let names: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
        let mapping = if options.map.is_empty() {
            Mapping::of_export(&names).ok_or_else(|| {
                FileFailure::other(format!(
                    "its columns are {}: say which is which with --map event=COLUMN,event_at=COLUMN,distinct_id=COLUMN",
                    names.iter().take(30).copied().collect::<Vec<_>>().join(", ")
                ))
            })?
        } else {
            Mapping::new(&names, &options.map, options.time).map_err(|error| FileFailure::other(error.to_string()))?
        };
        let mut source = Source {
            format: Format::Csv,
            description: format!("CSV{packed}"),
            unread_columns: mapping.unmapped().to_vec(),
            mapping: Some(Arc::new(mapping)),
            items: Items::Csv { reader, done: false },
        };
        if skip > 0 {
            source.skip_rows(skip)?;
        }
        Ok(source)
    }

    fn skip_rows(&mut self, skip: u64) -> Result<(), FileFailure> {
        let Items::Csv { reader, done } = &mut self.items else { return Ok(()) };
        let mut record = ByteRecord::new();
        loop {
            // The place before the next row is told by the row itself, so the last one skipped is the one with `skip`.
            *done = !reader.read_byte_record(&mut record).map_err(FileFailure::csv)?;
            reader.get_mut().since_row = 0;
            if *done || record.position().is_some_and(|place| place.line() >= skip) {
                return Ok(());
            }
        }
    }

    /// The next items; `None` at the end.
    ///
    /// # Errors
    /// The rest of the file cannot be read.
    pub fn next_piece(&mut self, skip: u64) -> Result<Option<Piece>, FileFailure> {
        match &mut self.items {
            Items::Json(items) => items.next_piece(skip).map_err(FileFailure::unreadable),
            Items::Parquet(rows) => rows.next_piece(),
            Items::Csv { reader, done } => {
                let mut piece = Piece::default();
                let mut bytes = 0;
                while !*done && bytes < PIECE_BYTES && piece.rows.len() < PIECE_ITEMS {
                    let mut record = ByteRecord::new();
                    *done = !reader.read_byte_record(&mut record).map_err(FileFailure::csv)?;
                    reader.get_mut().since_row = 0;
                    if !*done {
                        bytes += record.as_slice().len() + 64;
                        let line = record.position().map_or(0, csv::Position::line);
                        piece.rows.push((line, record));
                    }
                }
                Ok((!piece.rows.is_empty()).then_some(piece))
            }
        }
    }
}

/// Rows of a Parquet file as JSON objects, or as lines of our own form.
struct RowItems {
    rows: ParquetRows,
    /// The rows that are being handed out, and the next of them.
    batch: Option<(ParquetBatch, usize)>,
    own: bool,
    number: u64,
}

impl RowItems {
    fn next_piece(&mut self) -> Result<Option<Piece>, FileFailure> {
        let mut piece = Piece::default();
        while piece.bytes.len() < PIECE_BYTES && piece.items.len() < PIECE_ITEMS {
            let Some((batch, row)) = self.batch.as_mut().filter(|(batch, row)| *row < batch.len()) else {
                match self.rows.next_batch().map_err(FileFailure::store)? {
                    Some(batch) => self.batch = Some((batch, 0)),
                    None => break,
                }
                continue;
            };
            let start = piece.bytes.len();
            let put = if self.own {
                let event = batch.event(*row, ITEM_BYTES_MAX).map_err(FileFailure::other)?;
                event.as_ref().map(|event| wire::native::write_line(event, &mut piece.bytes)).is_some()
            } else {
                batch.append_json(*row, wire::Limits::default().event_bytes_max, &mut piece.bytes)
            };
            *row += 1;
            self.number += 1;
            piece.items.push(Item { number: self.number, range: start..piece.bytes.len(), too_large: !put });
        }
        Ok((!piece.items.is_empty()).then_some(piece))
    }
}

fn read_up_to(input: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut found = 0;
    while found < into.len() {
        match input.read(&mut into[found..])? {
            0 => break,
            count => found += count,
        }
    }
    Ok(found)
}

/// The beginning of a file, for its format to be told.
fn head_of(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.take(detect::HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// Ends a table whose row does not end: one quote too many would take the whole file into memory.
struct RowLimit {
    input: Box<dyn BufRead + Send>,
    since_row: usize,
}

impl Read for RowLimit {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(into)?;
        self.since_row += count;
        if self.since_row > ITEM_BYTES_MAX {
            return Err(io::Error::other("a row is larger than 16 MiB: a quote may be missing at its end"));
        }
        Ok(count)
    }
}
