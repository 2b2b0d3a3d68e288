//! What the child does: everything a store does to its disk, in a fixed order.

use crate::disk::KillingDisk;
use crate::ledger::Ledger;
use model::time::DAY;
use model::{Dialect, Event, Level, Micros, NotStored, ProjectId, Properties, Reason, Uuid, Value};
use std::path::Path;
use std::sync::Arc;
use store::{Batch, CompactionOptions, Disk, Store, StoreOptions};

/// The project of which everything must survive.
pub const P: ProjectId = ProjectId(1);
/// The project whose files the child damages.
pub const DAMAGED: ProjectId = ProjectId(2);
/// 2026-11-23.
pub const NOW: Micros = 20_780 * DAY;
/// Events with uuids from here on claim that two ids are one person.
const CLAIMS: u128 = 1 << 64;

pub fn open(disk: Arc<dyn Disk>, folder: &Path) -> (Arc<Store>, store::OpenReport) {
    let options = StoreOptions {
        background: false,
        row_group_rows: 16,
        wal_file_bytes_max: 2_000,
        compaction: CompactionOptions { tier_files: 3, files_per_day: 2, ..CompactionOptions::default() },
        ..StoreOptions::default()
    };
    Store::open(disk, folder, options, NOW).expect("opens")
}

/// The event with this uuid, always the same.
pub fn made(uuid: u128) -> Event {
    let mut properties = Properties::default();
    let (name, id) = if uuid >= CLAIMS {
        properties.set("$anon_distinct_id", Value::Text(format!("anon{}", uuid - CLAIMS).as_str().into()));
        ("$identify".to_owned(), format!("user{}", uuid - CLAIMS))
    } else {
        properties.set("page", Value::Text(format!("/{}", uuid % 7).as_str().into()));
        properties.set("n", Value::Number(uuid as f64 / 3.0));
        ("visit".to_owned(), format!("id{}", uuid % 9))
    };
    Event {
        uuid: Uuid::from_u128(uuid),
        event: name.as_str().into(),
        event_at: NOW - (uuid % 2) as i64 * DAY - (uuid % 1_000) as i64,
        received_at: 0,
        distinct_id: id.as_str().into(),
        session_id: None,
        window_id: None,
        level: Level::Full,
        dialect: Dialect::Posthog,
        properties,
    }
}

fn failing(payload: &str) -> NotStored {
    NotStored {
        reason: Reason::MissingField,
        event: "IMPRESSION".into(),
        detail: "edata.pageid".into(),
        payload: Some(payload.into()),
        dialect: Dialect::Sunbird,
    }
}

/// One life of the child. Lives of one directory use different uuids and names.
pub struct Child<'a> {
    pub folder: &'a Path,
    pub ledger: Ledger,
    pub life: u64,
    next: u128,
}

impl Child<'_> {
    pub fn new(folder: &Path, ledger: Ledger, life: u64) -> Child<'_> {
        Child { folder, ledger, life, next: u128::from(life) << 32 }
    }

    /// Works until the end, or until the disk ends the process.
    pub fn work(&mut self, disk: KillingDisk) {
        let (store, _) = open(Arc::new(disk), self.folder);
        self.append(&store, NOW - 9 * DAY, "old-a", None);
        self.append(&store, NOW - 9 * DAY, "old-b", Some(1));
        self.flushed(&store);
        self.append(&store, NOW, "new-a", Some(2));
        self.undo(&store, 1);
        self.retry(&store);
        self.flushed(&store);
        self.append(&store, NOW, "new-b", Some(3));
        self.undo(&store, 3);
        self.append(&store, NOW, "new-c", None);
        self.flushed(&store);
        self.append(&store, NOW, "new-d", None);
        self.flushed(&store);
        store.compact().expect("merged");
        self.damage(&store);
        self.ledger.note("expiring", &["old".to_owned()]);
        store.expire(NOW).expect("expired");
        self.append(&store, NOW, "new-e", Some(4));
        store.close().expect("closed");
    }

    fn flushed(&self, store: &Store) {
        store.flush().expect("flushed");
    }

    fn name(&self, number: u128) -> u128 {
        u128::from(self.life) * 100 + number
    }

    fn append(&mut self, store: &Store, at: Micros, payload: &str, link: Option<u128>) {
        let mut uuids: Vec<u128> = (self.next..self.next + 11).collect();
        self.next += 11;
        uuids.extend(link.map(|number| CLAIMS + self.name(number)));
        let texts: Vec<String> = uuids.iter().map(u128::to_string).collect();
        let payload = format!("{payload}-{}", self.life);
        self.ledger.note("sent", &texts);
        self.ledger.note("failing", std::slice::from_ref(&payload));
        let events = uuids.iter().map(|uuid| made(*uuid)).collect();
        let batch = Batch { events, not_stored: vec![failing(&payload)], ..Batch::new(P, at) };
        let receipt = store.append(batch).expect("durable");
        assert_eq!(receipt.stored as usize, uuids.len());
        self.ledger.note("acknowledged", &texts);
        self.ledger.note("failed", &[payload]);
        if let Some(number) = link {
            self.ledger.note("linked", &[self.name(number).to_string()]);
        }
    }

    fn undo(&mut self, store: &Store, number: u128) {
        let name = self.name(number).to_string();
        let merges = store.merges(P);
        let merge = merges.iter().find(|merge| merge.target == format!("user{name}")).expect("it was acknowledged");
        self.ledger.note("undoing", std::slice::from_ref(&name));
        store.undo_merge(P, merge.seq, "somebody", NOW).expect("durable");
        self.ledger.note("undone", &[name]);
    }

    fn retry(&mut self, store: &Store) {
        let newest = store.failed_events(P, None, None, 1).expect("readable");
        let ids: Vec<_> = newest.iter().map(|event| event.id).collect();
        store.mark_retried(P, &ids, NOW).expect("durable");
        self.ledger.note("retried", &ids.iter().map(|id| id.0.to_string()).collect::<Vec<_>>());
    }

    /// Flips a byte in each file of the second project, finds it, and has the files moved away.
    fn damage(&mut self, store: &Store) {
        let uuids: Vec<u128> = (0..6).map(|n| (u128::from(self.life) << 32 | 1 << 31) + n).collect();
        let texts: Vec<String> = uuids.iter().map(u128::to_string).collect();
        let events = uuids.iter().map(|uuid| made(*uuid)).collect();
        store.append(Batch { events, ..Batch::new(DAMAGED, NOW) }).expect("durable");
        self.ledger.note("fragile", &texts);
        store.flush().expect("flushed");
        self.ledger.note("damaging", &["files".to_owned()]);
        for day in std::fs::read_dir(self.folder.join("segments/2")).expect("its folder") {
            for file in std::fs::read_dir(day.expect("readable").path()).expect("its folder") {
                let path = file.expect("readable").path();
                if path.extension().is_some_and(|end| end == "parquet") {
                    let mut bytes = std::fs::read(&path).expect("readable");
                    let middle = bytes.len() / 2;
                    bytes[middle] ^= 1;
                    std::fs::write(&path, bytes).expect("written");
                }
            }
        }
        for segment in store.snapshot(DAMAGED).segments() {
            assert!(segment.event_at().is_err(), "damage is seen");
        }
        store.compact().expect("set aside");
    }
}
