//! The live tail: what was just stored or not kept, for the pages that are open now.

use model::insight::events::EventRow;
use model::{Outcome, ProjectId, Reason};
use serde::Serialize;
use std::sync::Arc;
use tokio::sync::broadcast;
use utoipa::ToSchema;

/// Batches that a slow page may be behind before it misses some; they are held in memory.
const BATCHES_BEHIND_MAX: usize = 64;
/// Events of one batch that are shown: as many as a page shows at all.
pub const BATCH_ROWS_MAX: usize = 500;

/// Not stored, as the live page shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NotKeptNotice {
    /// Failed or not kept.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// Event name as far as it could be read.
    pub event: String,
    /// How many in this batch.
    pub count: u64,
}

/// One acknowledged batch.
#[derive(Debug)]
pub struct LiveBatch {
    /// Whose.
    pub project: ProjectId,
    /// What was stored.
    pub events: Vec<EventRow>,
    /// What was not.
    pub not_kept: Vec<NotKeptNotice>,
}

/// Hands each acknowledged batch to the open pages.
#[derive(Clone)]
pub struct Live {
    sender: broadcast::Sender<Arc<LiveBatch>>,
}

impl Default for Live {
    fn default() -> Self {
        Live { sender: broadcast::channel(BATCHES_BEHIND_MAX).0 }
    }
}

impl Live {
    /// Whether any page is open: else nothing needs to be prepared.
    pub fn is_watched(&self) -> bool {
        self.sender.receiver_count() > 0
    }

    /// Sends to all open pages; nobody listening is fine.
    pub fn publish(&self, batch: LiveBatch) {
        let _ = self.sender.send(Arc::new(batch));
    }

    /// Opens one page's stream.
    pub fn watch(&self) -> broadcast::Receiver<Arc<LiveBatch>> {
        self.sender.subscribe()
    }
}
