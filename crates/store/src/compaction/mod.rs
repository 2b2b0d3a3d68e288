//! Few, large, sorted files per day.

pub(crate) mod merge;
pub(crate) mod policy;
pub(crate) mod run;
