//! How a list of events reaches a store: in batches, with flushes, compactions, replays and restarts between.

use proptest::prelude::*;

/// One batch, and what happens after it.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// Events in the batch; at least 1.
    pub length: usize,
    /// What happens then.
    pub then: Then,
}

/// What happens between two batches. None of it may change any answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing.
    Nothing,
    /// The buffer becomes segment files.
    Flush,
    /// Flush, then files of a day are merged.
    Compact,
    /// The same batch is delivered once more.
    Replay,
    /// The store is closed and opened again.
    Reopen,
}

/// A few cuts, used in turn until the events are all in.
pub fn cuts() -> impl Strategy<Value = Vec<Cut>> {
    let then = prop_oneof![
        6 => Just(Then::Nothing),
        4 => Just(Then::Flush),
        2 => Just(Then::Compact),
        3 => Just(Then::Replay),
        1 => Just(Then::Reopen),
    ];
    proptest::collection::vec((4..40_usize, then).prop_map(|(length, then)| Cut { length, then }), 1..6)
}
