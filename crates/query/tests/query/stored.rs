//! A store in a folder of its own, filled the way the server fills it.

use model::insight::{Answer, Question};
use model::project::ProjectClock;
use model::{Event, Micros, ProjectId};
use query::{Known, QueryLimits};
use std::sync::Arc;
use store::{Batch, RealDisk, Snapshot, Store, StoreOptions};
use testkit::cuts::{Cut, Then};

pub const PROJECT: ProjectId = ProjectId(1);

pub struct Stored {
    store: Arc<Store>,
    dir: tempfile::TempDir,
    now: Micros,
}

fn open(dir: &tempfile::TempDir, now: Micros) -> Arc<Store> {
    // Small row groups, so that a few hundred rows already make several.
    let options = StoreOptions { background: false, row_group_rows: 64, ..StoreOptions::default() };
    Store::open(Arc::new(RealDisk), dir.path(), options, now).expect("a fresh folder opens").0
}

impl Stored {
    pub fn new(now: Micros) -> Stored {
        let dir = tempfile::tempdir().expect("a temporary folder");
        Stored { store: open(&dir, now), dir, now }
    }

    /// All events in their order, in batches as the cuts say.
    pub fn cut(events: &[Event], cuts: &[Cut], now: Micros) -> Stored {
        let mut stored = Stored::new(now);
        let mut rest = events;
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (batch, after) = rest.split_at(cut.length.min(rest.len()));
            assert_eq!(stored.append(batch), batch.len());
            match cut.then {
                Then::Nothing => {}
                Then::Flush => stored.flush(),
                Then::Compact => stored.compact(),
                Then::Replay => assert_eq!(stored.append(batch), 0),
                Then::Reopen => stored.reopen(),
            }
            rest = after;
        }
        stored
    }

    /// How many became rows.
    pub fn append(&self, events: &[Event]) -> usize {
        let batch = Batch { trusted: true, events: events.to_vec(), ..Batch::new(PROJECT, self.now) };
        self.store.append(batch).expect("a healthy disk takes a batch").stored as usize
    }

    pub fn flush(&self) {
        self.store.flush().expect("a healthy disk takes a flush");
    }

    pub fn compact(&self) {
        self.flush();
        self.store.compact().expect("a healthy disk takes a compaction");
    }

    pub fn reopen(&mut self) {
        self.store.close().expect("a healthy store closes");
        self.store = open(&self.dir, self.now);
    }

    /// Undoes the newest merge.
    pub fn undo(&self) {
        let merges = self.store.merges(PROJECT);
        let newest = merges.iter().find(|merge| merge.undone.is_none()).expect("there is a merge to undo");
        self.store.undo_merge(PROJECT, newest.seq, "the test", self.now).expect("it can be undone");
    }

    pub fn snapshot(&self) -> Snapshot {
        self.store.snapshot(PROJECT)
    }

    /// Binds and answers. `None`: binding refused the question.
    pub fn ask(&self, question: &Question, clock: &ProjectClock) -> Option<Answer> {
        let snapshot = self.snapshot();
        let bound = query::bind(question, clock, self.now, &Known::of(&snapshot)).ok()?;
        Some(query::answer(&snapshot, &bound, &QueryLimits::default()).expect("within limits"))
    }
}
