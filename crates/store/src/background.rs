//! The background threads: one flushes by rows, bytes or age, one merges files.

use crate::dedup;
use crate::shared::Shared;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How often the age of the buffer is looked at.
const TICK: Duration = Duration::from_secs(1);

/// A panic here must be seen: without flushes the buffer fills and every append is refused.
struct PanicGuard<'a>(&'a Shared);

impl Drop for PanicGuard<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop("a background thread panicked".to_owned());
        }
    }
}

/// Flushes until the queue is closed. Nothing but a flush makes room in the buffer, so nothing else is done here: a
/// merge of large files would take longer than the buffer takes to fill.
pub(crate) fn run_flushes(shared: &Shared) {
    let _guard = PanicGuard(shared);
    loop {
        shared.wake.wait(TICK);
        if shared.queue.is_closed() {
            return;
        }
        // Errors have set the health; the next round tries again where that makes sense.
        if flush_is_due(shared, Instant::now()) {
            match shared.flush() {
                Ok(()) => shared.wake_merges.now(),
                Err(error) => tracing::warn!(%error, "flush failed"),
            }
        }
    }
}

/// Merges files until the queue is closed.
pub(crate) fn run_merges(shared: &Shared) {
    let _guard = PanicGuard(shared);
    file_uuids(shared);
    loop {
        shared.wake_merges.wait(TICK);
        loop {
            if shared.queue.is_closed() {
                return;
            }
            match shared.compact(1) {
                Ok(report) if report.merges > 0 => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, "compaction failed");
                    break;
                }
            }
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
