//! The slow, obvious answers. Written from docs/semantics, not from the code that they judge.
//!
//! `events` are in the order of their arrival, each once.

pub mod cohort;
pub mod correlation;
pub mod dates;
pub mod events;
pub mod filter;
pub mod funnel;
pub mod identity;
pub mod items;
pub mod journey;
pub mod lifecycle;
pub mod paths;
pub mod retention;
pub mod sessions;
pub mod stickiness;
pub mod trends;
pub mod web;
pub mod workflow;
