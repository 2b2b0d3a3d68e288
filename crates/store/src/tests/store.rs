//! Append, flush, compaction, dedup, counters, failed events, persons: on a healthy disk.

use super::*;
use crate::{FailedId, HealthState, IdentityWarningCode, RealDisk, StoreError};
use model::person::ClaimKind;

/// Events of three days, in an order that mixes ids and times.
fn many(count: u128) -> Vec<Event> {
    (0..count).map(|n| rich(n, &format!("id{}", n % 13), NOW - (n as i64 * 7_919_000_000) % (3 * DAY))).collect()
}

fn as_stored(events: &[Event]) -> BTreeMap<u128, Event> {
    let raise = |event: &Event| Event { received_at: NOW, ..event.clone() };
    events.iter().map(|event| (event.uuid.as_u128(), raise(event))).collect()
}

#[test]
fn what_is_appended_is_visible_at_once_and_the_same_after_flush_compaction_and_restart() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    let events = many(1_000);
    for some in events.chunks(90) {
        assert_eq!(store.append(batch(some.to_vec())).expect("durable").stored as usize, some.len());
        store.flush().expect("flushed");
    }
    let expected = as_stored(&events);
    assert_eq!(rows(&store.snapshot(P)), expected);
    let before = store.snapshot(P);
    let report = store.compact().expect("compacted");
    assert!(report.merges > 0 && report.duplicates_dropped == 0);
    assert!(store.snapshot(P).segments().len() < before.segments().len());
    assert_eq!(rows(&before), expected, "files stay while a snapshot uses them");
    assert_eq!(rows(&store.snapshot(P)), expected);
    let files = disk.files().len();
    drop(before);
    assert!(disk.files().len() < files, "then they are removed");
    store.close().expect("closed");
    assert!(matches!(store.append(batch(vec![])), Err(StoreError::Closed)));
    let (store, report) = open(&disk);
    assert_eq!((report.events_replayed, report.orphans_removed), (0, 0));
    assert_eq!(rows(&store.snapshot(P)), expected);
    assert_eq!(store.outcomes(P).stored, 1_000);
}

#[test]
fn a_uuid_counts_once_in_a_batch_in_the_buffer_in_files_and_after_a_restart() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    let mut events = many(600);
    events.push(events[3].clone());
    let receipt = store.append(batch(events.clone())).expect("durable");
    assert_eq!((receipt.stored, receipt.duplicates), (600, vec![600]));
    let again = |store: &Store| {
        let receipt = store.append(batch(events[..600].to_vec())).expect("durable");
        assert_eq!((receipt.stored, receipt.duplicates.len()), (0, 600));
    };
    again(&store);
    store.flush().expect("flushed");
    again(&store);
    store.compact().expect("compacted");
    again(&store);
    // Far from its day: an instant may be corrected differently the second time.
    let moved = Event { event_at: events[0].event_at - 40 * DAY, ..events[0].clone() };
    assert_eq!(store.append(batch(vec![moved])).expect("durable").duplicates, [0]);
    drop(store);
    let (store, _) = open(&disk);
    again(&store);
    let outcomes = store.outcomes(P);
    assert_eq!((outcomes.received, outcomes.stored, outcomes.duplicate), (3_002, 600, 2_402));
    check_counters(&store);
}

#[test]
fn a_day_of_the_buffer_has_few_chunks() {
    let (store, _) = open(&FaultyDisk::new(1));
    for event in many(3_000) {
        store.append(batch(vec![Event { event_at: NOW, ..event }])).expect("durable");
    }
    let chunks = store.snapshot(P).segments().len();
    assert!(chunks <= 12, "{chunks} chunks");
}

#[test]
fn a_snapshot_does_not_change() {
    let (store, _) = open(&FaultyDisk::new(1));
    store.append(batch(vec![rich(1, "a", NOW)])).expect("durable");
    let before = store.snapshot(P);
    store.append(batch(vec![rich(2, "b", NOW)])).expect("durable");
    store.flush().expect("flushed");
    assert_eq!(rows(&before).len(), 1);
    assert_eq!((before.ordinal_of("b"), before.distinct_id(1), before.person_of().len()), (None, None, 1));
    let after = store.snapshot(P);
    assert!(after.id() > before.id());
    assert_eq!(after.distinct_id(1).as_deref(), Some("b"));
}

#[test]
fn received_at_never_falls_even_over_a_restart() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    let at = |store: &Store, at| store.append(Batch::new(P, at)).expect("durable").received_at;
    assert_eq!(at(&store, NOW + 5), NOW + 5);
    assert_eq!(at(&store, NOW), NOW + 5);
    drop(store);
    let (store, _) = open(&disk);
    assert_eq!(at(&store, NOW), NOW + 5);
    store.close().expect("closed");
    assert_eq!(at(&open(&disk).0, NOW), NOW + 5);
}

#[test]
fn failed_events_are_paged_newest_first_marked_and_expired() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    for n in 0..10 {
        let not_kept = NotStored { reason: Reason::BelowLevel, ..failed("") };
        let not_stored = vec![failed(&format!("{{\"n\":{n}}}")), not_kept];
        let received_at = NOW + n * DAY / 4;
        store.append(Batch { not_stored, ..Batch::new(P, received_at) }).expect("durable");
        if n == 3 || n == 7 {
            store.flush().expect("flushed");
        }
    }
    let check = |store: &Store| {
        let mut after = None;
        let mut seen = Vec::new();
        loop {
            let page = store.failed_events(P, None, after, 3).expect("readable");
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            seen.extend(page.into_iter().map(|event| (event.id.0, event.payload)));
        }
        let expected: Vec<_> = (0..10).rev().map(|n| (n + 1, Some(format!("{{\"n\":{n}}}")))).collect();
        assert_eq!(seen, expected);
        assert_eq!(store.failed_events(P, Some(Reason::TooDeep), None, 9).expect("readable"), []);
        let outcomes = store.outcomes(P);
        assert_eq!((outcomes.failed, outcomes.not_kept, outcomes.not_stored.len()), (10, 10, 2));
        assert_eq!(outcomes.not_stored[0].last_at.max(outcomes.not_stored[1].last_at), NOW + 9 * DAY / 4);
        check_counters(store);
    };
    check(&store);
    store.mark_retried(P, &[FailedId(2), FailedId(9)], NOW + 1).expect("durable");
    drop(store);
    let (store, _) = open(&disk);
    check(&store);
    let retried = |store: &Store| {
        let all = store.failed_events(P, None, None, 99).expect("readable");
        all.into_iter().filter_map(|event| Some((event.id.0, event.retried_at?))).collect::<Vec<_>>()
    };
    assert_eq!(retried(&store), [(9, NOW + 1), (2, NOW + 1)]);
    // A retry that succeeds: received again, stored now, and marked in the same record.
    let retry = Batch { retry_of: vec![FailedId(1)], ..batch(vec![rich(1, "a", NOW)]) };
    store.append(retry).expect("durable");
    store.flush().expect("flushed");
    drop(store);
    let (store, _) = open(&disk);
    assert_eq!(retried(&store).len(), 3);
    assert_eq!((store.outcomes(P).received, store.outcomes(P).stored), (21, 1));
    check_counters(&store);
    assert_eq!(store.expire(NOW + 8 * DAY - 1).expect("expired").failed_files_removed, 0);
    assert_eq!(store.expire(NOW + 8 * DAY).expect("expired").failed_files_removed, 1);
    drop(store);
    let (store, _) = open(&disk);
    let left = store.failed_events(P, None, None, 99).expect("readable");
    assert_eq!(left.iter().map(|event| event.id.0).collect::<Vec<_>>(), [10, 9, 8, 7, 6, 5]);
}

fn identify(uuid: u128, id: &str, anon: &str) -> Event {
    let with = event(uuid, "$identify", id, NOW).with("$anon_distinct_id", Value::Text(anon.into()));
    with.with("$set.name", Value::Text(id.into())).0
}

#[test]
fn a_merge_maps_all_past_events_and_its_undo_survives_restart_and_flush() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    store.append(batch(vec![rich(1, "anon", NOW), rich(2, "other", NOW)])).expect("durable");
    store.flush().expect("flushed");
    let events = vec![identify(3, "u1", "anon"), identify(4, "u2", "other"), identify(5, "u2", "u1")];
    let receipt = store.append(batch(events)).expect("durable");
    assert_eq!(receipt.warnings, [(2, IdentityWarningCode::CannotMergeAlreadyIdentified)]);
    let person_of = |store: &Store| store.snapshot(P).person_of().to_vec();
    assert_eq!(person_of(&store), [2, 3, 2, 3]);
    let merge = &store.merges(P)[0];
    assert_eq!((merge.seq, merge.kind, &*merge.target, &*merge.other), (2, ClaimKind::Identify, "u2", "other"));
    store.flush().expect("flushed");
    let before = store.snapshot(P);
    store.undo_merge(P, 1, "me", NOW + 7).expect("undone");
    assert!(matches!(store.undo_merge(P, 1, "me", NOW + 7), Err(StoreError::NotFound { .. })));
    assert!(matches!(store.undo_merge(P, 9, "me", NOW + 7), Err(StoreError::NotFound { .. })));
    assert_eq!(before.person_of(), [2, 3, 2, 3]);
    let check = |store: &Store| {
        assert_eq!(person_of(store), [0, 3, 2, 3]);
        assert_eq!(store.person(P, "anon").expect("known").distinct_ids, ["anon"]);
        assert_eq!(store.person(P, "u1").expect("known").properties.text("name"), Some("u1"));
        assert!(store.merges(P)[1].undone.is_some());
        assert_eq!(store.identity_warnings(P).len(), 1);
    };
    check(&store);
    drop(store);
    let (store, _) = open(&disk);
    check(&store);
    store.close().expect("closed");
    check(&open(&disk).0);
}

#[test]
fn keys_past_the_limit_stay_readable_through_the_rest_column() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    let mut events = Vec::new();
    for n in 0..3u128 {
        let mut event = rich(n, "a", NOW);
        for key in 0..600u128 {
            let value =
                if key.is_multiple_of(2) { Value::Number(key as f64 / 7.0) } else { Value::Json("[1, 2]".into()) };
            event.properties.set(&format!("k{}", n * 600 + key), value);
        }
        events.push(event);
    }
    store.append(batch(events.clone())).expect("durable");
    store.flush().expect("flushed");
    assert_eq!(rows(&store.snapshot(P)), as_stored(&events));
    store.append(batch(vec![rich(10, "a", NOW)])).expect("durable");
    store.flush().expect("flushed");
    store.append(batch(vec![rich(11, "a", NOW)])).expect("durable");
    store.flush().expect("flushed");
    assert_eq!(store.compact().expect("compacted").merges, 1);
    assert_eq!(rows(&store.snapshot(P)).len(), 5);
}

#[test]
fn too_much_in_memory_is_refused_politely() {
    let small = StoreOptions { buffer_bytes_max: 10_000, ..options() };
    let (store, _) = Store::open(Arc::new(FaultyDisk::new(1)), dir(), small, NOW).expect("opens");
    store.append(batch(many(100))).expect("durable");
    let refused = store.append(batch(vec![rich(1_000, "a", NOW)]));
    assert!(matches!(refused, Err(StoreError::Overloaded { .. })));
    store.flush().expect("flushed");
    assert_eq!(store.health().buffer_rows, 0);
    store.append(batch(vec![rich(1_000, "a", NOW)])).expect("there is room again");
}

#[test]
fn on_a_real_disk_a_directory_has_one_owner_and_the_background_thread_flushes() {
    let folder = tempfile::tempdir().expect("a folder");
    let background = StoreOptions { background: true, flush_rows: 50, ..options() };
    let disk: Arc<RealDisk> = Arc::new(RealDisk);
    let (store, _) = Store::open(disk.clone(), folder.path(), background, NOW).expect("opens");
    let second = Store::open(disk.clone(), folder.path(), options(), NOW);
    assert!(matches!(second, Err(StoreError::Locked { .. })));
    let events = many(200);
    std::thread::scope(|scope| {
        for some in events.chunks(50) {
            scope.spawn(|| store.append(batch(some.to_vec())).expect("durable"));
        }
    });
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while store.health().segment_rows == 0 && std::time::Instant::now() < deadline {
        std::thread::yield_now();
    }
    assert!(store.health().segment_rows >= 50);
    assert_eq!(store.health().state, HealthState::Ready);
    store.close().expect("closed");
    let (store, report) = Store::open(disk, folder.path(), options(), NOW).expect("the lock is free");
    assert_eq!(report.events_replayed, 0);
    assert_eq!(rows(&store.snapshot(P)), as_stored(&events));
}

#[test]
fn readers_see_each_row_once_while_rows_move_into_files() {
    let (store, _) = open(&FaultyDisk::new(1));
    let acknowledged = std::sync::atomic::AtomicUsize::new(0);
    let events = many(600);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for some in events.chunks(5) {
                store.append(batch(some.to_vec())).expect("durable");
                acknowledged.fetch_add(some.len(), std::sync::atomic::Ordering::SeqCst);
            }
        });
        scope.spawn(|| {
            while acknowledged.load(std::sync::atomic::Ordering::SeqCst) < events.len() {
                store.flush().expect("flushed");
                store.compact().expect("compacted");
            }
        });
        let mut last_id = 0;
        loop {
            let at_least = acknowledged.load(std::sync::atomic::Ordering::SeqCst);
            let snapshot = store.snapshot(P);
            let uuids: Vec<_> = snapshot.segments().iter().map(|segment| segment.uuids().expect("readable")).collect();
            let count: usize = uuids.iter().map(|uuids| uuids.len()).sum();
            let distinct: std::collections::HashSet<_> = uuids.iter().flat_map(|uuids| uuids.iter()).collect();
            assert_eq!(distinct.len(), count, "a row is there twice");
            assert!(count >= at_least, "{count} of {at_least} rows");
            assert!(snapshot.id() >= last_id);
            last_id = snapshot.id();
            if at_least == events.len() {
                break;
            }
        }
    });
    assert_eq!(rows(&store.snapshot(P)), as_stored(&events));
}

#[test]
fn property_names_without_end_are_listed_in_part_and_lost_nowhere() {
    let disk = FaultyDisk::new(1);
    let (store, _) = open(&disk);
    let mut events = Vec::new();
    for n in 0..120_u128 {
        let mut event = rich(n, "p", NOW - n as i64);
        for key in 0..200 {
            event.properties.set(&format!("name-{n}-{key}"), model::Value::Number(key.into()));
        }
        // One key in two kinds, the second too rare to be listed beside so many names.
        let both = if n == 77 { model::Value::Text("both".into()) } else { model::Value::Number(1.0) };
        event.properties.set("zz-both", both);
        events.push(event);
    }
    let expected = as_stored(&events);
    for some in events.chunks(30) {
        store.append(batch(some.to_vec())).expect("durable");
        store.flush().expect("flushed");
    }
    let check = |store: &Store| {
        let snapshot = store.snapshot(P);
        assert_eq!(rows(&snapshot), expected);
        for segment in snapshot.segments() {
            assert!(segment.stats().properties.len() <= 10_000);
        }
        // What no statistics list is read where it stands.
        let rare = |key: &str| {
            let columns = snapshot.segments().iter().map(|segment| segment.property(key).expect("readable"));
            columns
                .filter_map(|column| column.number.clone())
                .flat_map(|number| number.present)
                .filter(|is| *is)
                .count()
        };
        assert_eq!((rare("name-0-199"), rare("name-119-0"), rare("name-120-0"), rare("zz-both")), (1, 1, 0, 119));
        let columns = snapshot.segments().iter().map(|segment| segment.property("zz-both").expect("readable"));
        assert_eq!(columns.filter_map(|column| column.text.clone()).count(), 1);
    };
    check(&store);
    store.compact().expect("compacted");
    check(&store);
    let merged = store.snapshot(P);
    assert!(merged.segments().iter().any(|segment| segment.stats().more_properties), "24 000 names in one file");
    drop(merged);
    store.close().expect("closed");
    check(&open(&disk).0);
}
