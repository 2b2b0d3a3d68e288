//! The background thread: flushes by rows, bytes or age, then merges files.

use crate::dedup;
use crate::shared::Shared;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How often the age of the buffer is looked at.
const TICK: Duration = Duration::from_secs(1);
/// Merges between two looks at the buffer.
const MERGES_AT_ONCE: usize = 4;

/// A panic here must be seen: without flushes the buffer fills and every append is refused.
struct PanicGuard<'a>(&'a Shared);

impl Drop for PanicGuard<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop("the background thread panicked".to_owned());
        }
    }
}

/// Works until the queue is closed.
pub(crate) fn run(shared: &Shared) {
    let _guard = PanicGuard(shared);
    file_uuids(shared);
    loop {
        {
            let mut wanted = shared.wake.wanted.lock();
            if !*wanted {
                shared.wake.changed.wait_for(&mut wanted, TICK);
            }
            *wanted = false;
        }
        if shared.queue.is_closed() {
            return;
        }
        // Errors have set the health; the next round tries again where that makes sense.
        if flush_is_due(shared, Instant::now())
            && let Err(error) = shared.flush()
        {
            tracing::warn!(%error, "flush failed");
        }
        if let Err(error) = shared.compact(MERGES_AT_ONCE) {
            tracing::warn!(%error, "compaction failed");
        }
    }
}

/// After an open. Projects that are made later have nothing to file.
pub(crate) fn file_uuids(shared: &Shared) {
    for project in shared.all_projects() {
        if let Err(error) = dedup::file_all(&project) {
            tracing::warn!(%error, project = project.id.0, "uuids could not be read; each file is asked for duplicates");
        }
    }
}

fn flush_is_due(shared: &Shared, now: Instant) -> bool {
    let options = &shared.options;
    let age = shared.oldest.lock().map_or(Duration::ZERO, |oldest| now.duration_since(oldest));
    shared.buffer_rows.load(Ordering::Acquire) >= options.flush_rows
        || shared.buffer_bytes.load(Ordering::Acquire) >= options.flush_bytes_due()
        || age.as_micros() >= options.flush_age.max(0) as u128
}
