//! What another process gets to read.

use super::*;
use crate::{EventsFile, RealDisk, StoreError};
use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

fn read(path: &Path) -> Vec<RecordBatch> {
    let file = std::fs::File::open(path).expect("a file");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet").build().expect("a reader");
    reader.map(|batch| batch.expect("readable")).collect()
}

fn uuids(files: &[EventsFile]) -> Vec<u128> {
    let mut found = Vec::new();
    for file in files {
        let before = found.len();
        for batch in read(&file.path) {
            let column = batch.column_by_name("uuid").expect("a column").as_fixed_size_binary();
            found.extend((0..column.len()).map(|row| u128::from_be_bytes(column.value(row).try_into().expect("16"))));
        }
        assert_eq!(found.len() - before, file.rows);
    }
    found.sort_unstable();
    found
}

/// The texts of a column of a small file.
fn texts(path: &Path, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for batch in read(path) {
        let column = batch.column_by_name(name).expect("a column").as_string::<i32>();
        found.extend(column.iter().map(|text| text.expect("a text").to_owned()));
    }
    found
}

#[test]
fn every_row_is_handed_out_once_and_files_stay_while_the_snapshot_is_held() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = Store::open(Arc::new(RealDisk), folder.path(), options(), NOW).expect("opens");
    let events: Vec<Event> =
        (0..300u128).map(|n| rich(n, &format!("id{}", n % 7), NOW - (n as i64 % 3) * DAY)).collect();
    for some in events[..200].chunks(50) {
        store.append(batch(some.to_vec())).expect("durable");
        store.flush().expect("flushed");
    }
    store.append(batch(events[200..].to_vec())).expect("durable");
    let snapshot = store.snapshot(P);
    let mut files = snapshot.files().expect("whole");
    let buffer = snapshot.write_buffer(&folder.path().join("b.parquet")).expect("written").expect("there are rows");
    assert_eq!((buffer.rows, buffer.event_at_range), (100, (NOW - 2 * DAY, NOW)));
    files.push(buffer);
    store.flush().expect("flushed");
    assert!(store.compact().expect("compacted").merges > 0);
    assert_eq!(uuids(&files), (0..300).collect::<Vec<u128>>(), "merged files stay for whoever holds the snapshot");
    drop(snapshot);
    assert!(files[..files.len() - 1].iter().any(|file| !file.path.exists()), "and go afterwards");
    assert!(store.snapshot(P).write_buffer(&folder.path().join("c.parquet")).expect("nothing").is_none());
}

#[test]
fn persons_and_ids_are_as_after_merging() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = Store::open(Arc::new(RealDisk), folder.path(), options(), NOW).expect("opens");
    let claim =
        crate::testing::event(9, "$identify", "user", NOW).with("$anon_distinct_id", Value::Text("anon".into()));
    let claim = claim.with("$set.name", Value::Text("Asha".into())).0;
    let visit = |uuid, id| crate::testing::event(uuid, "visit", id, NOW - DAY).0;
    store.append(batch(vec![visit(1, "anon"), visit(2, "other"), claim])).expect("durable");
    let snapshot = store.snapshot(P);
    // A folder of its own: the store has one named persons.
    let handed = tempfile::tempdir().expect("a folder");
    let path = |name: &str| handed.path().join(name);
    assert_eq!(snapshot.write_merged_ids(&path("merged")).expect("written"), 1);
    assert_eq!(texts(&path("merged"), "person_id"), ["user"]);
    assert_eq!(snapshot.write_distinct_ids(&path("ids")).expect("written"), 3);
    assert_eq!(texts(&path("ids"), "distinct_id"), ["anon", "other", "user"]);
    assert_eq!(texts(&path("ids"), "person_id"), ["user", "other", "user"]);
    assert_eq!(store.write_persons(&snapshot, &path("persons")).expect("written"), 2);
    assert_eq!(texts(&path("persons"), "person_id"), ["other", "user"]);
    assert_eq!(texts(&path("persons"), "properties"), ["{}", r#"{"name":"Asha"}"#]);
    let empty = store.snapshot(ProjectId(7));
    assert_eq!(empty.write_merged_ids(&path("none")).expect("nothing"), 0);
    assert!(!path("none").exists());
}

#[test]
fn a_damaged_file_is_told_and_left_out_of_the_next_snapshot() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = || {
        let (store, _) = Store::open(Arc::new(RealDisk), folder.path(), options(), NOW).expect("opens");
        store
    };
    let store = write();
    store.append(batch(vec![rich(1, "a", NOW), rich(2, "a", NOW - DAY)])).expect("durable");
    store.flush().expect("flushed");
    let path = store.snapshot(P).files().expect("whole")[0].path.clone();
    store.close().expect("closed");
    drop(store);
    let mut bytes = std::fs::read(&path).expect("readable");
    bytes[100] ^= 1;
    std::fs::write(&path, bytes).expect("written");
    let store = write();
    assert!(matches!(store.snapshot(P).files(), Err(StoreError::Damaged { .. })));
    let snapshot = store.snapshot(P);
    assert_eq!(snapshot.files().expect("whole").len(), 1);
    assert_eq!(snapshot.warnings().len(), 1);
}
