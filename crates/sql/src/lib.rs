//! SQL over one frozen snapshot of one project; the engine behind the binary `telemetry-sql`.
//!
//! The server starts the binary once per query, hands it a [`job::Job`] and reads the result. This crate alone knows
//! DataFusion. It knows no server, store or network: files and one job are all it gets, and nothing it reads is
//! written. What a query may say: `policy`; what it may use up: [`limits`]. Start with [`run`].

mod error;
pub mod job;
pub mod limits;
mod output;
mod policy;
mod property;
pub mod run;
mod table;
mod value;

pub use error::{Failure, FailureCode, Position};
pub use value::Kind;
