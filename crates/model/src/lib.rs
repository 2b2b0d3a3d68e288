//! The words: event, person, filter, level, outcome, and the question and answer of each insight.
//!
//! Pure: no IO, no clock, no async. Every other crate speaks these types; dialect words (`eid`, `mid`,
//! `actor.id`) never get here. Start with [`event::Event`], then [`insight::Question`].

pub mod action;
pub mod cohort;
pub mod event;
pub mod filter;
pub mod insight;
pub mod level;
pub mod outcome;
pub mod person;
pub mod project;
pub mod properties;
pub mod property;
pub mod text;
pub mod time;

pub use event::{Dialect, Event};
pub use level::Level;
pub use outcome::{NotStored, Outcome, Reason};
pub use project::ProjectId;
pub use properties::{Keys, Properties};
pub use property::Value;
pub use text::Text;
pub use time::Micros;
pub use uuid::Uuid;
