//! Bytes of one dialect in, model events out.
//!
//! Pure: no IO, no clock (`now` is an argument), no async. Every decoder keeps this order: inflate under caps
//! ([`envelope`]), gate the JSON before any parser sees it (`json`), cut the batch into events, then read each event
//! alone, so that one bad event never takes its batch with it. Dialect words (`eid`, `mid`, `api_key`) stay in here.
//! Start with [`sunbird::decode`] or [`posthog::decode_v0`]; [`scrub::Scrubber`] applies the never-list to what they made.

pub mod envelope;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod json;
pub mod mapped;
pub mod native;
pub mod posthog;
pub mod scrub;
pub mod sunbird;
mod time;

pub use envelope::{Encoding, EnvelopeError, Limits};
pub use json::gate::JsonError;
