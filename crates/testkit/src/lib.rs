//! Dev only: event generators and the slow, obvious oracle.
//!
//! Generators are proptest strategies that shrink: few names, few ids, values of every kind, ties in time, hours that
//! repeat or are missing. The oracle says again what insights mean, loop by loop over a plain list of events; it knows
//! neither the store nor the kernels, so that agreement means something. Start with [`oracle`].

pub mod cuts;
pub mod events;
pub mod ledger;
pub mod oracle;
pub mod questions;
