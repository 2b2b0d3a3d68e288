//! One file per insight, named as in `model::insight`: from a bound question and a snapshot to its answer.

pub(crate) mod correlation;
pub mod events;
pub(crate) mod funnel;
pub(crate) mod items;
pub(crate) mod lifecycle;
pub(crate) mod paths;
pub(crate) mod people;
pub(crate) mod retention;
pub(crate) mod sessions;
pub(crate) mod stickiness;
pub(crate) mod trends;
pub(crate) mod web;
pub(crate) mod workflow;
