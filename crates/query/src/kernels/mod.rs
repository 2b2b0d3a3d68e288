//! Tight loops over slices: no IO, no locks, no allocation inside.
//!
//! Each kernel stands beside its plain twin, the slow and obvious loop of the same signature that tests compare it to.
//!
//! A *cell* is one number of an answer before it is shaped: `group × buckets + bucket`, where a group is a value of the
//! breakdown. [`NO_CELL`] marks rows that do not count.

pub mod biserial;
pub mod buckets;
pub mod cells;
pub mod count;
pub mod distinct;
pub mod funnel;
pub mod hits;
pub mod numeric;
pub mod select;
pub mod unordered;
pub mod visits;

#[cfg(test)]
mod tests;

/// The bucket of a row outside the range, the group of a hidden value, the cell of a row that does not count.
pub const NO_CELL: u32 = u32::MAX;
