//! Few, large, sorted files per day.

pub(crate) mod policy;
pub(crate) mod run;
