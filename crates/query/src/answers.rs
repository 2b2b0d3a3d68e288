//! Answers that were given, kept for whoever asks the same of the same data.
//!
//! A bound question has no clock in it and a snapshot never changes, so the two together have one answer for ever. New
//! events, merges, files found damaged and changed definitions make another snapshot or another bound question.

use crate::bind::BoundQuestion;
use crate::limits::QueryError;
use model::ProjectId;
use model::insight::Answer;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use store::Snapshot;

/// Bytes in memory for each byte of JSON, at most: a number that takes two characters there takes 16 bytes here.
const BYTES_PER_JSON: usize = 8;
/// One answer takes no more than this part of the whole.
const PART: usize = 4;

/// The answers that were given last; shared by all questions. Cheap where nothing is kept.
#[derive(Debug, Default)]
pub struct AnswerCache {
    bytes_max: usize,
    kept: Mutex<Kept>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// How a cache does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AnswerCounts {
    /// Answers that are kept.
    pub answers: usize,
    /// Bytes that they take, reckoned from above.
    pub bytes: usize,
    /// Questions that were answered from it.
    pub hits: u64,
    /// Questions that were not.
    pub misses: u64,
}

/// What has one answer.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    project: ProjectId,
    snapshot: u64,
    /// Files left out as damaged; they are found at any time.
    damaged: usize,
    question: BoundQuestion,
}

#[derive(Debug)]
struct Entry {
    answer: Answer,
    bytes: usize,
    /// Number of its last use.
    used: u64,
}

#[derive(Debug, Default)]
struct Kept {
    entries: HashMap<Arc<Key>, Entry>,
    /// By the number of their last use, the oldest first.
    by_use: BTreeMap<u64, Arc<Key>>,
    uses: u64,
    bytes: usize,
}

impl AnswerCache {
    /// Keeps at most so many bytes; 0: nothing.
    pub fn new(bytes_max: usize) -> AnswerCache {
        AnswerCache { bytes_max, ..AnswerCache::default() }
    }

    /// How it does.
    pub fn counts(&self) -> AnswerCounts {
        let kept = self.kept();
        AnswerCounts {
            answers: kept.entries.len(),
            bytes: kept.bytes,
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
        }
    }

    /// The answer that is kept, which says so, or the one that `reckon` gives.
    pub(crate) fn answer(
        &self,
        snapshot: &Snapshot,
        bound: &BoundQuestion,
        reckon: impl FnOnce() -> Result<Answer, QueryError>,
    ) -> Result<Answer, QueryError> {
        if self.bytes_max == 0 {
            return reckon();
        }
        let started = Instant::now();
        let (project, damaged) = (snapshot.project(), snapshot.warnings().len());
        let key = Arc::new(Key { project, snapshot: snapshot.id(), damaged, question: bound.clone() });
        if let Some(mut answer) = self.kept().find(&key) {
            self.hits.fetch_add(1, Ordering::Relaxed);
            let explain = answer.explain_mut();
            explain.cached = true;
            explain.milliseconds = started.elapsed().as_secs_f64() * 1e3;
            return Ok(answer);
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        let answer = reckon()?;
        let bytes = BYTES_PER_JSON * (json_bytes(&answer) + json_bytes(bound)) + size_of::<(Key, Entry)>();
        if bytes <= self.bytes_max / PART {
            self.kept().put(key, answer.clone(), bytes, self.bytes_max);
        }
        Ok(answer)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing that changes it can panic half way but for want of memory, which ends the process.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn find(&mut self, key: &Arc<Key>) -> Option<Answer> {
        let entry = self.entries.get_mut(key)?;
        let same = self.by_use.remove(&entry.used)?;
        self.uses += 1;
        entry.used = self.uses;
        self.by_use.insert(self.uses, same);
        Some(entry.answer.clone())
    }

    fn put(&mut self, key: Arc<Key>, answer: Answer, bytes: usize, bytes_max: usize) {
        // An older snapshot of the project is not asked again. Of two that asked at once the later stays.
        let outdated = |other: &Key| other.project == key.project && other.snapshot < key.snapshot;
        let gone: Vec<u64> =
            self.by_use.iter().filter(|(_, other)| outdated(other) || **other == key).map(|(used, _)| *used).collect();
        gone.into_iter().for_each(|used| self.drop_used_at(used));
        self.uses += 1;
        self.bytes += bytes;
        self.by_use.insert(self.uses, key.clone());
        self.entries.insert(key, Entry { answer, bytes, used: self.uses });
        while self.bytes > bytes_max
            && let Some((used, _)) = self.by_use.first_key_value()
        {
            self.drop_used_at(*used);
        }
    }

    fn drop_used_at(&mut self, used: u64) {
        let entry = self.by_use.remove(&used).and_then(|key| self.entries.remove(&key));
        self.bytes -= entry.map_or(0, |entry| entry.bytes);
    }
}

/// Length of something as JSON.
fn json_bytes(what: &impl Serialize) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // What cannot be JSON is not kept.
    serde_json::to_writer(&mut count, what).map_or(usize::MAX / (4 * BYTES_PER_JSON), |()| count.0)
}
