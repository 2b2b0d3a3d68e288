//! What one question may use: time, rows, memory; and how it is stopped.

use crate::answers::AnswerCache;
use crate::calendar::rfc3339;
use crate::cohort::CohortCache;
use crate::progress::Progress;
use crate::question::QuestionError;
use model::Micros;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::StoreError;

/// Limits of one question.
#[derive(Debug, Clone)]
pub struct QueryLimits {
    /// Wall time from start to answer.
    pub time: Duration,
    /// Rows that may be read.
    pub rows: u64,
    /// Bytes for counting (sets of persons, values for quantiles, breakdown values), decoded columns not included.
    pub memory_bytes: usize,
    /// Threads that count, 1 or 2; more are not used.
    pub threads: usize,
    /// Set to true from outside, it ends the question within one block of rows.
    pub cancel: Option<Arc<AtomicBool>>,
    /// Where it says how far it is; `None`: nowhere.
    pub progress: Option<Arc<Progress>>,
    /// Where answered cohorts are kept for other questions; `None`: only within one.
    pub cohorts: Option<Arc<CohortCache>>,
    /// Where answers are kept for whoever asks the same; `None`: nowhere.
    pub answers: Option<Arc<AnswerCache>>,
}

impl Default for QueryLimits {
    /// For a server with 2 cores and 1 GB.
    fn default() -> Self {
        Self {
            time: Duration::from_secs(60),
            rows: 2_000_000_000,
            memory_bytes: 256 << 20,
            threads: 2,
            cancel: None,
            progress: None,
            cohorts: None,
            answers: None,
        }
    }
}

/// Why a bound question got no answer. The message says what to narrow.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// Whoever asked has gone.
    #[error("the question was cancelled")]
    Cancelled,
    /// Ask for less, or with a longer limit.
    #[error("no answer within {limit_ms} ms; choose a shorter range or a stricter event name")]
    TooSlow {
        /// The limit, milliseconds.
        limit_ms: u128,
    },
    /// Ask for a shorter range.
    #[error("{rows} rows lie in the range, more than {limit}; choose a range that starts after {from_utc}")]
    TooManyRows {
        /// Rows of the segments in the range.
        rows: u64,
        /// The limit.
        limit: u64,
        /// Start of the range that was asked, RFC 3339.
        from_utc: String,
    },
    /// Ask for a shorter range, fewer series or no breakdown.
    #[error(
        "counting {what} needs more than {limit_bytes} bytes; choose a shorter range, a wider interval or fewer values"
    )]
    TooMuchMemory {
        /// What was counted: `persons`, `sessions`, `values of a quantile`, `breakdown values`, `rows of persons`.
        what: &'static str,
        /// The limit.
        limit_bytes: usize,
    },
    /// Ask for a number with fewer people.
    #[error("the number has {people} people, more than {limit}; choose a smaller one")]
    TooManyPeople {
        /// How many there are.
        people: usize,
        /// The limit.
        limit: usize,
    },
    /// A pattern that binding accepted, or a search text, does not compile here. Change the text.
    #[error(transparent)]
    Pattern(QuestionError),
    /// The data could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a running question has left; shared by its threads.
pub(crate) struct Budget<'a> {
    limits: &'a QueryLimits,
    cohorts: CohortCache,
    started: Instant,
    memory_used: AtomicUsize,
    rows_read: AtomicU64,
}

impl<'a> Budget<'a> {
    pub(crate) fn new(limits: &'a QueryLimits) -> Self {
        let (memory_used, rows_read) = (AtomicUsize::new(0), AtomicU64::new(0));
        Self { limits, cohorts: CohortCache::default(), started: Instant::now(), memory_used, rows_read }
    }

    /// Cohorts that were answered before.
    pub(crate) fn cohorts(&self) -> &CohortCache {
        self.limits.cohorts.as_deref().unwrap_or(&self.cohorts)
    }

    /// Asked before each block of work.
    pub(crate) fn check(&self) -> Result<(), QueryError> {
        if self.limits.cancel.as_ref().is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
            return Err(QueryError::Cancelled);
        }
        if self.started.elapsed() > self.limits.time {
            return Err(QueryError::TooSlow { limit_ms: self.limits.time.as_millis() });
        }
        Ok(())
    }

    /// Asked once, before the first column is read.
    pub(crate) fn check_rows(&self, rows: u64, from: Micros) -> Result<(), QueryError> {
        let limit = self.limits.rows;
        if rows > limit {
            return Err(QueryError::TooManyRows { rows, limit, from_utc: rfc3339(from) });
        }
        Ok(())
    }

    /// Takes memory before it is allocated.
    pub(crate) fn take(&self, bytes: usize, what: &'static str) -> Result<(), QueryError> {
        let limit_bytes = self.limits.memory_bytes;
        let before = self.memory_used.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > limit_bytes {
            return Err(QueryError::TooMuchMemory { what, limit_bytes });
        }
        Ok(())
    }

    /// What is taken now; handed to [`Budget::return_to`] when all that was taken since is dropped.
    pub(crate) fn memory_mark(&self) -> usize {
        self.memory_used.load(Ordering::Relaxed)
    }

    /// Gives back what was taken since the mark. Only while no other thread takes.
    pub(crate) fn return_to(&self, mark: usize) {
        self.memory_used.store(mark, Ordering::Relaxed);
    }

    /// Gives back some of what was taken.
    pub(crate) fn give(&self, bytes: usize) {
        self.memory_used.fetch_sub(bytes, Ordering::Relaxed);
    }

    pub(crate) fn memory_limit(&self) -> usize {
        self.limits.memory_bytes
    }

    /// So many rows are to be read in a pass.
    pub(crate) fn pass_of(&self, rows: u64) {
        if let Some(progress) = &self.limits.progress {
            progress.plan(rows);
        }
    }

    /// So many rows of a pass were read.
    pub(crate) fn passed(&self, rows: usize) {
        if let Some(progress) = &self.limits.progress {
            progress.done(rows as u64);
        }
    }

    pub(crate) fn count_rows(&self, rows: usize) {
        self.rows_read.fetch_add(rows as u64, Ordering::Relaxed);
    }

    pub(crate) fn rows_read(&self) -> u64 {
        self.rows_read.load(Ordering::Relaxed)
    }

    /// Milliseconds since the start.
    pub(crate) fn milliseconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64() * 1e3
    }

    pub(crate) fn threads(&self) -> usize {
        self.limits.threads.clamp(1, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_says_which() {
        let limits = QueryLimits { time: Duration::ZERO, rows: 5, memory_bytes: 100, ..QueryLimits::default() };
        let budget = Budget::new(&limits);
        std::thread::yield_now();
        assert!(matches!(budget.check(), Err(QueryError::TooSlow { limit_ms: 0 })));
        assert!(matches!(budget.check_rows(6, 0), Err(QueryError::TooManyRows { rows: 6, limit: 5, .. })));
        let mark = budget.memory_mark();
        assert!(budget.take(100, "persons").is_ok());
        budget.return_to(mark);
        assert!(budget.take(100, "persons").is_ok());
        assert!(matches!(budget.take(1, "persons"), Err(QueryError::TooMuchMemory { what: "persons", .. })));
    }

    #[test]
    fn a_cancelled_question_stops_at_the_next_check() {
        let cancel = Arc::new(AtomicBool::new(false));
        let limits = QueryLimits { cancel: Some(cancel.clone()), ..QueryLimits::default() };
        let budget = Budget::new(&limits);
        assert!(budget.check().is_ok());
        cancel.store(true, Ordering::Relaxed);
        assert!(matches!(budget.check(), Err(QueryError::Cancelled)));
    }
}
