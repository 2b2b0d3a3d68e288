//! Rows out of a snapshot in one order, and Parquet files out and in.

use super::*;
use crate::{ParquetBatch, ParquetExport, ParquetInput, Rows, SegmentStats, StoreError};
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, FixedSizeBinaryArray, Float32Array, Int64Array, ListArray, RecordBatch,
    StringArray, TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray, UInt16Array,
};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::fs::File;

/// Days, ids and uuids of all rows, in the order in which they are handed out.
fn order(snapshot: &Snapshot) -> Vec<(i32, String, u128)> {
    let mut all = Vec::new();
    let choose = |_: &crate::Segment| Ok::<_, StoreError>(Rows::All);
    let take = |row: &crate::Row<'_>| {
        let event = row.to_event();
        assert_eq!(event.event_at, row.event_at());
        all.push((model::time::utc_day(event.event_at), event.distinct_id.to_string(), event.uuid.as_u128()));
        Ok(())
    };
    snapshot.for_each_row(choose, take).expect("readable");
    all
}

fn filled(disk: &FaultyDisk) -> Arc<Store> {
    let (store, _) = open(disk);
    for part in 0..6_u128 {
        let events = (0..50).map(|n| {
            let number = n * 6 + part;
            rich(number, &format!("id{}", number % 11), NOW - (number as i64 % 4) * DAY - (number as i64 % 7))
        });
        store.append(batch(events.collect())).expect("durable");
        if part != 5 {
            store.flush().expect("flushed");
        }
    }
    store
}

#[test]
fn rows_come_in_one_order_wherever_they_lie() {
    let disk = FaultyDisk::new(1);
    let store = filled(&disk);
    let (in_buffer_too, before) = (store.snapshot(P), order(&store.snapshot(P)));
    assert_eq!(before.len(), 300);
    let ordinal = |id: &str| in_buffer_too.ordinal_of(id).expect("known");
    assert!(before.is_sorted_by_key(|(day, id, _)| (*day, ordinal(id))));
    store.flush().expect("flushed");
    assert_eq!(order(&store.snapshot(P)), before);
    store.compact().expect("compacted");
    assert_eq!(order(&store.snapshot(P)), before);
    assert_eq!(order(&in_buffer_too), before);
}

#[test]
fn only_the_chosen_rows_are_handed_out() {
    let disk = FaultyDisk::new(2);
    let snapshot = filled(&disk).snapshot(P);
    let mut expected = Vec::new();
    let mut got = Vec::new();
    let choose = |segment: &crate::Segment| {
        let uuids = segment.uuids()?;
        let marks: Vec<bool> = uuids.iter().map(|uuid| uuid[15] % 3 == 1).collect();
        expected.extend(uuids.iter().zip(&marks).filter(|(_, mark)| **mark).map(|(uuid, _)| *uuid));
        Ok::<_, StoreError>(if segment.day() % 2 == 0 { Rows::Only(marks) } else { Rows::None })
    };
    let take = |row: &crate::Row<'_>| {
        got.push(row.to_event());
        Ok(())
    };
    snapshot.for_each_row(choose, take).expect("readable");
    assert!(!got.is_empty());
    assert!(got.iter().all(|event| model::time::utc_day(event.event_at) % 2 == 0));
    let mut uuids: Vec<[u8; 16]> = got.iter().map(|event| *event.uuid.as_bytes()).collect();
    let even = |uuid: &&[u8; 16]| rows(&snapshot)[&u128::from_be_bytes(**uuid)].event_at.div_euclid(DAY) % 2 == 0;
    let mut expected: Vec<[u8; 16]> = expected.iter().filter(even).copied().collect();
    uuids.sort_unstable();
    expected.sort_unstable();
    assert_eq!(uuids, expected);
}

fn temporary(bytes: &[u8]) -> File {
    let file = tempfile::tempfile().expect("a file");
    std::io::Write::write_all(&mut &file, bytes).expect("written");
    file
}

fn read(bytes: &[u8]) -> Result<ParquetInput, StoreError> {
    ParquetInput::open(temporary(bytes), Path::new("x.parquet"))
}

fn batches(input: ParquetInput, wanted: &[&str], skip: u64) -> Result<Vec<ParquetBatch>, StoreError> {
    let mut rows = input.read(wanted, skip)?;
    let mut all = Vec::new();
    while let Some(batch) = rows.next_batch()? {
        all.push(batch);
    }
    Ok(all)
}

#[test]
fn an_exported_parquet_file_is_read_back_equal() {
    let disk = FaultyDisk::new(3);
    let snapshot = filled(&disk).snapshot(P);
    let mut planned = SegmentStats::default();
    snapshot.segments().iter().for_each(|segment| planned.merge(segment.stats()));
    let mut export = ParquetExport::new(Vec::new(), Path::new("x.parquet"), &planned).expect("begun");
    snapshot.for_each_row(|_| Ok(Rows::All), |row| export.push(row)).expect("readable");
    let bytes = export.finish().expect("finished");
    let input = read(&bytes).expect("readable");
    assert!(input.is_own());
    assert_eq!(input.rows(), 300);
    let mut events = BTreeMap::new();
    for batch in batches(input, &[], 0).expect("readable") {
        assert!(!batch.append_json(0, 4_096, &mut Vec::new()), "ours are events");
        assert_eq!(batch.event(0, 3).expect("a row of ours"), None, "too large");
        for row in 0..batch.len() {
            let event = batch.event(row, 4_096).expect("a row of ours").expect("small");
            events.insert(event.uuid.as_u128(), event);
        }
    }
    assert_eq!(events, rows(&snapshot));
    let rest = batches(read(&bytes).expect("readable"), &[], 290).expect("readable");
    assert_eq!(rest.iter().map(ParquetBatch::len).sum::<usize>(), 10);
}

fn written(columns: Vec<(&str, ArrayRef)>, own: bool) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    let properties = properties.set_dictionary_page_size_limit(64 << 20);
    let pair = |key: &str, value: &str| parquet::file::metadata::KeyValue::new(key.to_owned(), value.to_owned());
    let properties = properties.set_key_value_metadata(own.then(|| vec![pair("telemetry.format", "1")])).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).expect("begun");
    writer.write(&batch).expect("written");
    writer.into_inner().expect("written")
}

fn lines(batches: &[ParquetBatch], bytes_max: usize) -> Vec<Option<String>> {
    let mut all = Vec::new();
    for batch in batches {
        for row in 0..batch.len() {
            let mut text = Vec::new();
            let put = batch.append_json(row, bytes_max, &mut text);
            all.push(put.then(|| String::from_utf8(text).expect("text")));
        }
    }
    all
}

#[test]
fn foreign_rows_become_json_whatever_their_types() {
    let list = ListArray::from_iter_primitive::<arrow_array::types::Int32Type, _, _>([Some([Some(1)]), None]);
    let uuid = FixedSizeBinaryArray::try_from_iter([[7_u8; 16], [8; 16]].into_iter()).expect("16 bytes");
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("text", Arc::new(StringArray::from(vec![Some("a\"\n"), None]))),
        ("bytes", Arc::new(BinaryArray::from(vec![Some(&b"raw"[..]), Some(&[0xff])]))),
        ("uuid", Arc::new(uuid)),
        ("flag", Arc::new(BooleanArray::from(vec![true, false]))),
        ("whole", Arc::new(Int64Array::from(vec![i64::MIN, 5]))),
        ("small", Arc::new(UInt16Array::from(vec![Some(9), None]))),
        ("float", Arc::new(Float32Array::from(vec![0.5, f32::NAN]))),
        ("ms", Arc::new(TimestampMillisecondArray::from(vec![1, -1]))),
        ("us", Arc::new(TimestampMicrosecondArray::from(vec![1, i64::MAX]))),
        ("ns", Arc::new(TimestampNanosecondArray::from(vec![1_999, -1]))),
        ("list", Arc::new(list)),
    ];
    let bytes = written(columns, false);
    let input = read(&bytes).expect("readable");
    assert!(!input.is_own());
    assert_eq!(input.columns().len(), 11);
    let wanted = ["text", "bytes", "uuid", "flag", "whole", "small", "float", "ms", "us", "ns", "absent"];
    let got = lines(&batches(input, &wanted, 0).expect("readable"), 4_096);
    let first = r#"{"text":"a\"\n","bytes":"raw","uuid":"07070707-0707-0707-0707-070707070707","flag":true,"whole":-9223372036854775808,"small":9,"float":0.5,"ms":"1970-01-01T00:00:00.001000Z","us":"1970-01-01T00:00:00.000001Z","ns":"1970-01-01T00:00:00.000001Z"}"#;
    assert_eq!(got[0].as_deref(), Some(first));
    let second = got[1].as_deref().expect("there");
    assert!(second.starts_with(r#"{"bytes":null,"uuid":"#) && second.contains(r#""float":null"#), "{second}");
    assert!(second.contains(r#""ns":"1969-12-31T23:59:59.999999Z""#), "{second}");
    let refused = batches(read(&bytes).expect("readable"), &["list"], 0).err().expect("refused");
    assert!(refused.to_string().contains("column \"list\""), "{refused}");
}

#[test]
fn a_long_text_that_many_rows_repeat_is_held_once_and_too_large_rows_are_passed_over() {
    let long = "x".repeat(2 << 20);
    let texts: Vec<&str> = (0..2_000).map(|row| if row % 2 == 0 { long.as_str() } else { "short" }).collect();
    let bytes = written(vec![("properties", Arc::new(StringArray::from_iter_values(texts)))], false);
    assert!(bytes.len() < 10 << 20);
    let got = lines(&batches(read(&bytes).expect("readable"), &["properties"], 0).expect("readable"), 1 << 20);
    assert_eq!(got.len(), 2_000);
    assert!(got.iter().step_by(2).all(Option::is_none));
    assert!(got.iter().skip(1).step_by(2).all(|row| row.as_deref() == Some(r#"{"properties":"short"}"#)));
}

#[test]
fn files_that_lie_are_refused() {
    let columns = || -> Vec<(&str, ArrayRef)> { vec![("uuid", Arc::new(StringArray::from(vec!["x"])))] };
    let error = |bytes: &[u8]| read(bytes).err().expect("refused").to_string();
    assert!(error(&written(columns(), true)).contains("export of ours"));
    assert!(error(b"PAR1").contains("x.parquet"));
    assert!(error(b"PAR1....PARE").contains("cut off or encrypted"));
    let good = written(columns(), false);
    let mut footer = good.clone();
    let at = footer.len() - 8;
    footer[at..at + 4].copy_from_slice(&(65_u32 << 20).to_le_bytes());
    assert!(error(&footer).contains("footer"));
    // Whatever byte is wrong: an error or other rows, and no panic.
    for at in 0..good.len() {
        let mut flipped = good.clone();
        flipped[at] ^= 0x41;
        let _ = read(&flipped).and_then(|input| batches(input, &["uuid"], 0)).map(|batches| lines(&batches, 4_096));
    }
}
