//! One file per insight, named as in `model::insight`: from a bound question and a snapshot to its answer.

pub mod events;
pub(crate) mod trends;
