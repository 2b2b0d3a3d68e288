//! The store as a whole: what was acknowledged is there once, whatever happens to the machine.

mod columns;
mod crash;
mod damage;
mod faults;
mod fixture;
mod handout;
mod interchange;
mod mishap;
mod rot;
mod store;
mod verify;

use crate::disk::faulty::FaultyDisk;
use crate::testing::event;
use crate::{Batch, CompactionOptions, OpenReport, Snapshot, Store, StoreOptions};
use model::time::DAY;
use model::{Dialect, Event, Micros, NotStored, ProjectId, Reason, Value};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

pub(super) const P: ProjectId = ProjectId(1);
/// 2026-11-23 in days.
pub(super) const TODAY: i64 = 20_780;
pub(super) const NOW: Micros = TODAY * DAY;

/// How many random seeds: the environment variable `TORTURE_SEEDS`, as `make torture` sets it, else 300.
pub(super) fn seeds() -> u64 {
    asked_seeds().unwrap_or(300)
}

/// Every place instead of a sample: whether `TORTURE_SEEDS` is set.
pub(super) fn thorough() -> bool {
    asked_seeds().is_some()
}

fn asked_seeds() -> Option<u64> {
    std::env::var("TORTURE_SEEDS").ok().map(|text| text.parse().expect("TORTURE_SEEDS is a number"))
}

/// Runs `case` for each number, on all cores; fails when one fails.
pub(super) fn in_parallel(numbers: std::ops::Range<u64>, case: impl Fn(u64) + Sync) {
    let next = std::sync::atomic::AtomicU64::new(numbers.start);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    if number >= numbers.end {
                        return;
                    }
                    case(number);
                }
            });
        }
    });
}

pub(super) fn dir() -> &'static Path {
    Path::new("/data")
}

pub(super) fn options() -> StoreOptions {
    StoreOptions {
        background: false,
        row_group_rows: 64,
        wal_file_bytes_max: 4_096,
        compaction: CompactionOptions { tier_files: 3, files_per_day: 2, ..CompactionOptions::default() },
        ..StoreOptions::default()
    }
}

pub(super) fn open(disk: &FaultyDisk) -> (Arc<Store>, OpenReport) {
    Store::open(Arc::new(disk.clone()), dir(), options(), NOW).expect("opens")
}

pub(super) fn batch(events: Vec<Event>) -> Batch {
    Batch { events, ..Batch::new(P, NOW) }
}

/// An event with a property of every kind.
pub(super) fn rich(uuid: u128, id: &str, at: Micros) -> Event {
    let mut event = event(uuid, "visit", id, at)
        .with("page", Value::Text(format!("/{}", uuid % 7).into()))
        .with("n", Value::Number(uuid as f64 / 3.0))
        .with("new", Value::Bool(uuid.is_multiple_of(2)))
        .with("list", Value::Json("[1,2]".into()))
        .0;
    // The same key in several kinds.
    let mixed = match uuid % 4 {
        0 => Value::Text("x".into()),
        1 => Value::Number(5.0),
        2 => Value::Bool(false),
        _ => Value::Json("{}".into()),
    };
    event.properties.set("mixed", mixed);
    event.session_id = (!uuid.is_multiple_of(3)).then(|| format!("s{}", uuid % 5).into());
    event.window_id = uuid.is_multiple_of(2).then(|| "w".into());
    event
}

pub(super) fn failed(payload: &str) -> NotStored {
    NotStored {
        reason: Reason::MissingField,
        event: "IMPRESSION".into(),
        detail: "edata.pageid".into(),
        payload: Some(payload.into()),
        dialect: Dialect::Sunbird,
    }
}

/// All events by uuid; fails if one is there twice, or if any column disagrees with the whole rows.
pub(super) fn rows(snapshot: &Snapshot) -> BTreeMap<u128, Event> {
    let mut all = BTreeMap::new();
    for segment in snapshot.segments() {
        let numbers: Vec<u32> = (0..segment.rows() as u32).collect();
        let events = segment.rows_at(&numbers).expect("readable");
        let ordinals = segment.ordinals().expect("readable");
        let (names, ids) = (segment.events().expect("readable"), segment.distinct_ids().expect("readable"));
        let (at, uuids) = (segment.event_at().expect("readable"), segment.uuids().expect("readable"));
        let sessions = segment.session_ids().expect("readable");
        let received = segment.received_at().expect("readable");
        // Of names without end some: a column out of the rest reads all of it.
        let names_step = segment.stats().properties.len().div_ceil(200).max(1);
        let keys: Vec<Box<str>> = segment.stats().properties.keys().step_by(names_step).cloned().collect();
        let properties: Vec<_> = keys.iter().map(|key| segment.property(key).expect("readable")).collect();
        let mut before = None;
        for (row, event) in events.into_iter().enumerate() {
            let key = (ordinals[row], at[row], uuids[row]);
            assert!(before < Some(key), "rows are sorted");
            before = Some(key);
            assert_eq!((at[row], &uuids[row]), (event.event_at, event.uuid.as_bytes()));
            assert_eq!(received[row], event.received_at);
            assert_eq!(names.get(row), Some(&*event.event));
            assert_eq!(ids.get(row), Some(&*event.distinct_id));
            assert_eq!(sessions.get(row), event.session_id.as_deref());
            assert_eq!(snapshot.ordinal_of(&event.distinct_id), Some(ordinals[row]));
            assert_eq!(model::time::utc_day(event.event_at), segment.day());
            for (key, column) in keys.iter().zip(&properties) {
                assert_eq!(column.get(row).as_ref(), event.properties.get(key), "property {key}");
            }
            assert!(event.properties.iter().all(|(key, _)| segment.stats().may_have_property(key)));
            assert!(all.insert(event.uuid.as_u128(), event).is_none(), "a row is there twice");
        }
    }
    all
}

/// The invariant of the counters.
pub(super) fn check_counters(store: &Store) {
    let outcomes = store.outcomes(P);
    assert_eq!(outcomes.received, outcomes.stored + outcomes.duplicate + outcomes.failed + outcomes.not_kept);
    let lines: u64 = outcomes.not_stored.iter().map(|line| line.count).sum();
    assert_eq!(lines, outcomes.failed + outcomes.not_kept);
}
