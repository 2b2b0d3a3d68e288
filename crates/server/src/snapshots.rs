//! Work on a snapshot that goes on without a file that turns out to be damaged.

use model::ProjectId;
use store::{Snapshot, Store};

/// Files found damaged during one piece of work before it gives up.
const TRIES: usize = 64;

/// Does `work` on a snapshot of the project. A file is checked at its first use: when that finds damage, the next
/// snapshot leaves the file out and warns of it, and the work is done again on that one.
///
/// # Errors
/// As `work`, when no file was found damaged meanwhile.
pub fn on_snapshot<T, E>(
    store: &Store,
    project: ProjectId,
    mut work: impl FnMut(&Snapshot) -> Result<T, E>,
) -> Result<T, E> {
    let mut snapshot = store.snapshot(project);
    let mut result = work(&snapshot);
    for _ in 1..TRIES {
        if result.is_ok() {
            break;
        }
        let fresh = store.snapshot(project);
        if fresh.warnings().len() <= snapshot.warnings().len() {
            break;
        }
        snapshot = fresh;
        result = work(&snapshot);
    }
    result
}
