//! One column of a segment as a file that is used in place. Bytes: docs/formats/column.md.
//!
//! Derived: made from the Parquet file, and made again whenever it is missing, damaged or of another file or format.

use super::cache::{Column, ColumnName};
use super::column::{BoolColumn, NumberColumn, PropertyColumn, TextColumn};
use super::slice::Slice;
use crate::disk::Mapped;
use bytemuck::Pod;
use std::ops::Range;
use std::sync::Arc;

const MAGIC: &[u8; 8] = b"TLMCOL\0\x01";
/// Magic and checksum; the checksum is of all that follows.
const HEAD_BYTES: usize = 16;

/// What the values of a part are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
enum Tag {
    Ordinals = 1,
    Instants = 2,
    TextCodes = 3,
    TextEnds = 4,
    Texts = 5,
    JsonCodes = 6,
    JsonEnds = 7,
    Jsons = 8,
    Numbers = 9,
    NumbersPresent = 10,
    Bools = 11,
}

/// Which column of which file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key<'a> {
    /// Checksum of the segment file.
    pub xxh3: u64,
    pub rows: usize,
    pub name: &'a ColumnName,
}

impl ColumnName {
    /// Its name in a file; `None`: it is not kept.
    pub(crate) fn kept_as(&self) -> Option<String> {
        Some(match self {
            ColumnName::Ordinals => "ordinal".to_owned(),
            ColumnName::EventAt => "event_at".to_owned(),
            ColumnName::Events => "event".to_owned(),
            ColumnName::Sessions => "session_id".to_owned(),
            ColumnName::Property(key) => format!("p.{key}"),
            // Asked for by few questions, and large.
            ColumnName::Metadata | ColumnName::ReceivedAt | ColumnName::Uuids | ColumnName::DistinctIds => return None,
        })
    }
}

/// The file of a column; `None`: such a column is not kept.
pub(crate) fn encode(key: &Key<'_>, column: &Column) -> Option<Vec<u8>> {
    let name = key.name.kept_as()?;
    let mut out = vec![0; HEAD_BYTES];
    out[..8].copy_from_slice(MAGIC);
    for number in [key.xxh3, key.rows as u64] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    put(&mut out, name.len() as u64, name.as_bytes());
    match column {
        Column::Numbers(values) => put_values(&mut out, Tag::Ordinals, values),
        Column::Instants(values) => put_values(&mut out, Tag::Instants, values),
        Column::Text(text) => put_text(&mut out, [Tag::TextCodes, Tag::TextEnds, Tag::Texts], text)?,
        Column::Property(property) => {
            if let Some(text) = &property.text {
                put_text(&mut out, [Tag::TextCodes, Tag::TextEnds, Tag::Texts], text)?;
            }
            if let Some(json) = &property.json {
                put_text(&mut out, [Tag::JsonCodes, Tag::JsonEnds, Tag::Jsons], json)?;
            }
            if let Some(number) = &property.number {
                put_values(&mut out, Tag::Numbers, &number.values);
                let present: Vec<u8> = number.present.iter().map(|present| u8::from(*present)).collect();
                put_values(&mut out, Tag::NumbersPresent, &present);
            }
            if let Some(boolean) = &property.boolean {
                put_values(&mut out, Tag::Bools, &boolean.values);
            }
        }
        Column::Metadata(_) | Column::Uuids(_) => return None,
    }
    let sum = xxhash_rust::xxh3::xxh3_64(&out[HEAD_BYTES..]);
    out[8..HEAD_BYTES].copy_from_slice(&sum.to_le_bytes());
    Some(out)
}

/// A number, then the bytes, filled up to whole words.
fn put(out: &mut Vec<u8>, number: u64, bytes: &[u8]) {
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(bytes);
    out.resize(out.len().next_multiple_of(8), 0);
}

fn put_values<T: Pod>(out: &mut Vec<u8>, tag: Tag, values: &[T]) {
    let bytes: &[u8] = bytemuck::cast_slice(values);
    out.extend_from_slice(&(tag as u64).to_le_bytes());
    put(out, bytes.len() as u64, bytes);
}

/// `None`: more than 4 GiB of texts.
fn put_text(out: &mut Vec<u8>, [codes, ends, texts]: [Tag; 3], text: &TextColumn) -> Option<()> {
    let mut end = 0_u32;
    let mut all_ends = Vec::with_capacity(text.dictionary.len());
    for value in &text.dictionary {
        end = end.checked_add(u32::try_from(value.len()).ok()?)?;
        all_ends.push(end);
    }
    put_values(out, codes, &text.codes);
    put_values(out, ends, &all_ends);
    put_values(out, texts, text.dictionary.concat().as_bytes());
    Some(())
}

/// The column in a file; `None`: it is damaged, or of something else.
pub(crate) fn decode(key: &Key<'_>, file: &Arc<Mapped>) -> Option<Column> {
    let (head, content) = file.split_at_checked(HEAD_BYTES)?;
    (&head[..8] == MAGIC).then_some(())?;
    (head[8..] == xxhash_rust::xxh3::xxh3_64(content).to_le_bytes()).then_some(())?;
    let mut reader = PartReader { file, at: HEAD_BYTES };
    (reader.number()? == key.xxh3 && reader.number()? == key.rows as u64).then_some(())?;
    let length = usize::try_from(reader.number()?).ok()?;
    let name = reader.bytes(length)?;
    (file.get(name)? == key.name.kept_as()?.as_bytes()).then_some(())?;
    let mut parts = Vec::new();
    while reader.at < file.len() {
        let (tag, length) = (reader.number()?, usize::try_from(reader.number()?).ok()?);
        parts.push((tag, reader.bytes(length)?));
    }
    let parts = Parts { file, rows: key.rows, parts };
    Some(match key.name {
        ColumnName::Ordinals => Column::Numbers(parts.rows_of(Tag::Ordinals)?),
        ColumnName::EventAt => Column::Instants(parts.rows_of(Tag::Instants)?),
        ColumnName::Events | ColumnName::Sessions => {
            Column::Text(Arc::new(parts.text([Tag::TextCodes, Tag::TextEnds, Tag::Texts])??))
        }
        ColumnName::Property(_) => {
            let number = match parts.find(Tag::Numbers) {
                Some(_) => {
                    let present: Slice<u8> = parts.rows_of(Tag::NumbersPresent)?;
                    let present = present.iter().map(|present| *present != 0).collect();
                    Some(NumberColumn { values: parts.rows_of(Tag::Numbers)?, present })
                }
                None => None,
            };
            let boolean = match parts.find(Tag::Bools) {
                Some(_) => Some(BoolColumn { values: parts.rows_of(Tag::Bools)? }),
                None => None,
            };
            let text = parts.text([Tag::TextCodes, Tag::TextEnds, Tag::Texts])?;
            let json = parts.text([Tag::JsonCodes, Tag::JsonEnds, Tag::Jsons])?;
            Column::Property(Arc::new(PropertyColumn { text, number, boolean, json }))
        }
        _ => return None,
    })
}

/// Reads any bytes as the content behind a right checksum, for the fuzzer.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn read_unchecked(key: &Key<'_>, content: &[u8]) {
    let mut file = [&MAGIC[..], &xxhash_rust::xxh3::xxh3_64(content).to_le_bytes()].concat();
    file.extend_from_slice(content);
    let _ = decode(key, &Arc::new(Mapped::of_bytes(file)));
}

struct PartReader<'a> {
    file: &'a Mapped,
    at: usize,
}

impl PartReader<'_> {
    fn number(&mut self) -> Option<u64> {
        let bytes = self.file.get(self.at..self.at.checked_add(8)?)?;
        self.at += 8;
        bytes.try_into().ok().map(u64::from_le_bytes)
    }

    /// Where so many bytes lie; goes on behind them and what fills them up.
    fn bytes(&mut self, length: usize) -> Option<Range<usize>> {
        let range = self.at..self.at.checked_add(length)?;
        self.file.get(range.clone())?;
        self.at = range.end.checked_next_multiple_of(8)?;
        Some(range)
    }
}

struct Parts<'a> {
    file: &'a Arc<Mapped>,
    rows: usize,
    parts: Vec<(u64, Range<usize>)>,
}

impl Parts<'_> {
    fn find(&self, tag: Tag) -> Option<Range<usize>> {
        self.parts.iter().find(|(own, _)| *own == tag as u64).map(|(_, range)| range.clone())
    }

    fn values<T: Pod>(&self, tag: Tag) -> Option<Slice<T>> {
        Slice::of_file(self.file, self.find(tag)?)
    }

    /// One value for each row.
    fn rows_of<T: Pod>(&self, tag: Tag) -> Option<Slice<T>> {
        self.values(tag).filter(|values| values.len() == self.rows)
    }

    /// Outer `None`: damaged; inner: there is none.
    fn text(&self, [codes, ends, texts]: [Tag; 3]) -> Option<Option<TextColumn>> {
        if self.find(codes).is_none() {
            return Some(None);
        }
        let (codes, ends) = (self.rows_of(codes)?, self.values::<u32>(ends)?);
        let texts = std::str::from_utf8(self.file.get(self.find(texts)?)?).ok()?;
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let text = |(start, end): (u32, &u32)| texts.get(start as usize..*end as usize).map(Box::from);
        let dictionary = starts.zip(&ends).map(text).collect::<Option<_>>()?;
        Some(Some(TextColumn { codes, dictionary }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::column::{MISSING, MISSING_BOOL};

    fn mapped(bytes: Vec<u8>) -> Arc<Mapped> {
        Arc::new(Mapped::of_bytes(bytes))
    }

    fn text() -> TextColumn {
        TextColumn { codes: vec![0, MISSING, 1].into(), dictionary: vec!["अ".into(), "".into()] }
    }

    fn columns() -> Vec<(ColumnName, Column)> {
        let number = NumberColumn { values: vec![0.5, 0.0, -0.0].into(), present: vec![true, false, true] };
        let boolean = BoolColumn { values: vec![1, MISSING_BOOL, 0].into() };
        let whole =
            PropertyColumn { text: Some(text()), number: Some(number), boolean: Some(boolean), json: Some(text()) };
        vec![
            (ColumnName::Ordinals, Column::Numbers(vec![3, 3, 9].into())),
            (ColumnName::EventAt, Column::Instants(vec![-1, 0, i64::MAX].into())),
            (ColumnName::Events, Column::Text(Arc::new(text()))),
            (ColumnName::Sessions, Column::Text(Arc::new(text()))),
            (ColumnName::Property("edata.id".into()), Column::Property(Arc::new(whole))),
            (ColumnName::Property("none".into()), Column::Property(Arc::default())),
        ]
    }

    fn same(a: &Column, b: &Column) -> bool {
        match (a, b) {
            (Column::Numbers(a), Column::Numbers(b)) => a == b,
            (Column::Instants(a), Column::Instants(b)) => a == b,
            (Column::Text(a), Column::Text(b)) => a == b,
            (Column::Property(a), Column::Property(b)) => a == b,
            _ => false,
        }
    }

    #[test]
    fn each_column_comes_back_from_its_file() {
        for (name, column) in columns() {
            let key = Key { xxh3: 5, rows: 3, name: &name };
            let file = mapped(encode(&key, &column).expect("is kept"));
            assert!(decode(&key, &file).is_some_and(|back| same(&back, &column)), "{name:?}");
        }
    }

    #[test]
    fn what_is_damaged_cut_or_of_something_else_is_none() {
        for (name, column) in columns() {
            let key = Key { xxh3: 5, rows: 3, name: &name };
            let bytes = encode(&key, &column).expect("is kept");
            for at in 0..bytes.len() {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1;
                assert!(decode(&key, &mapped(flipped)).is_none(), "{name:?}: byte {at}");
                assert!(decode(&key, &mapped(bytes[..at].to_vec())).is_none(), "{name:?}: cut at {at}");
            }
            let others = [
                Key { xxh3: 6, ..key },
                Key { rows: 2, ..key },
                Key { name: &ColumnName::Property("other".into()), ..key },
            ];
            let file = mapped(bytes);
            assert!(others.iter().all(|other| decode(other, &file).is_none()), "{name:?}");
        }
    }
}
