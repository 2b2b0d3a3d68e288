//! Data written by format version 1 opens in every later version.
//!
//! The folder was written by this test with `STORE_FIXTURE_WRITE=1`, once; it is never written again.

use super::*;
use crate::RealDisk;

fn content(store: &Store) {
    let there = rows(&store.snapshot(P));
    assert_eq!(there.len(), 60);
    for (uuid, event) in &there {
        if *uuid < 59 {
            let sent = rich(*uuid, &format!("id{}", uuid % 9), NOW - (*uuid as i64 % 3) * DAY);
            assert_eq!(event, &Event { received_at: NOW, ..sent });
        }
    }
    let person = store.person(P, "id1").expect("known");
    assert_eq!(person.distinct_ids, ["user", "id1"]);
    assert_eq!(person.properties.text("name"), Some("Asha"));
    assert_eq!(store.merges(P).len(), 1);
    let failed = store.failed_events(P, None, None, 9).expect("readable");
    assert_eq!(failed.iter().filter_map(|event| event.payload.as_deref()).collect::<Vec<_>>(), ["in wal", "in file"]);
    let outcomes = store.outcomes(P);
    assert_eq!((outcomes.received, outcomes.stored, outcomes.failed), (62, 60, 2));
}

/// 40 events and a failed one in files, 19 events, a merge and a failed one in the WAL.
fn write(folder: &Path) {
    let (store, _) = Store::open(Arc::new(RealDisk), folder, options(), NOW).expect("opens");
    let events: Vec<Event> =
        (0..59u128).map(|n| rich(n, &format!("id{}", n % 9), NOW - (n as i64 % 3) * DAY)).collect();
    store.append(Batch { not_stored: vec![failed("in file")], ..batch(events[..40].to_vec()) }).expect("durable");
    store.flush().expect("flushed");
    let mut rest = events[40..].to_vec();
    let claim = event(59, "$identify", "user", NOW).with("$anon_distinct_id", Value::Text("id1".into()));
    rest.push(claim.with("$set.name", Value::Text("Asha".into())).0);
    store.append(Batch { not_stored: vec![failed("in wal")], ..batch(rest) }).expect("durable");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("readable").is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("copied");
        }
    }
}

#[test]
fn a_data_directory_of_version_1_opens() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v1");
    if std::env::var_os("STORE_FIXTURE_WRITE").is_some() {
        write(&fixture);
        // Made anew at each open; no part of the format.
        std::fs::remove_file(fixture.join("RESERVE")).expect("removed");
    }
    let folder = tempfile::tempdir().expect("a folder");
    copy(&fixture, folder.path());
    let (store, report) = Store::open(Arc::new(RealDisk), folder.path(), options(), NOW).expect("opens");
    assert_eq!((report.events_replayed, report.sidecars_rebuilt), (20, 0));
    assert!(report.quarantined.is_empty());
    content(&store);
    store.flush().expect("flushed");
    store.compact().expect("compacted");
    content(&store);
}
