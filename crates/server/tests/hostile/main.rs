//! Input from an attacker against the real binary: a typed answer, bounded memory, neighbours unaffected, and an
//! outcome that is counted. Numbers: docs/limits.md.
//!
//! `TELEMETRY_TORTURE=1` makes the crowds and floods as large as they are promised to be; without it they are a tenth
//! or less, so that everybody can run them.

mod bodies;
mod bombs;
mod corpus;
mod days;
mod keys;
mod load;
mod names;
#[path = "../http/running.rs"]
#[allow(dead_code, reason = "the other test binary uses the rest")]
mod running;
mod slow;
mod smuggling;
