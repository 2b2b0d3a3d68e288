//! Values of a breakdown: all of them while they are ranked, then those that are shown.

use super::{label_of_none, label_of_other};
use crate::bind::trends::BoundBreakdown;
use crate::kernels::NO_CELL;
use crate::limits::{Budget, QueryError};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The group of missing and empty values in a first pass.
const NONE_GROUP: u32 = 0;

/// Every value met so far, numbered; shared by the threads of a pass.
pub(super) struct Values<'a> {
    budget: &'a Budget<'a>,
    met: Mutex<Met>,
}

#[derive(Default)]
struct Met {
    /// From 1, for 0 is [`NONE_GROUP`].
    groups: HashMap<Arc<str>, u32>,
    none: bool,
}

impl<'a> Values<'a> {
    pub(super) fn new(budget: &'a Budget<'a>) -> Self {
        Self { budget, met: Mutex::default() }
    }

    fn met(&self) -> MutexGuard<'_, Met> {
        // A thread that panics ends the whole question, so a poisoned map is never used for an answer.
        self.met.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Groups so far, that of missing values included.
    pub(super) fn count(&self) -> usize {
        self.met().groups.len() + 1
    }

    pub(super) fn group_of(&self, value: Option<&str>) -> Result<u32, QueryError> {
        let mut met = self.met();
        let Some(value) = value else {
            met.none = true;
            return Ok(NONE_GROUP);
        };
        if let Some(group) = met.groups.get(value) {
            return Ok(*group);
        }
        // The text, its counters and the table's share of one entry.
        self.budget.take(value.len() + 64, "breakdown values")?;
        let group = met.groups.len() as u32 + 1;
        met.groups.insert(value.into(), group);
        Ok(group)
    }
}

/// The values that are shown. Groups: the values by rank, then `(none)`, then `(other)`.
pub(super) struct Kept {
    groups: HashMap<Arc<str>, u32>,
    none: bool,
    other: bool,
    hide_other: bool,
}

impl Kept {
    /// Ranks by `rank_of` a group of the first pass, descending, then by value, ascending in bytes.
    pub(super) fn new(values: Values<'_>, rank_of: impl Fn(usize) -> f64, breakdown: &BoundBreakdown) -> Kept {
        let met = values.met.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut ranked: Vec<_> =
            met.groups.into_iter().map(|(value, group)| (rank_of(group as usize), value)).collect();
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let other = ranked.len() > breakdown.limit;
        ranked.truncate(breakdown.limit);
        let groups = ranked.into_iter().enumerate().map(|(rank, (_, value))| (value, rank as u32)).collect();
        Kept { groups, none: met.none, other, hide_other: breakdown.hide_other }
    }

    /// Room for all values, `(none)` and `(other)`, whether they occur or not.
    pub(super) fn count(&self) -> usize {
        self.groups.len() + 2
    }

    pub(super) fn group_of(&self, value: Option<&str>) -> u32 {
        let none = self.groups.len() as u32;
        match value {
            None => none,
            Some(value) => match self.groups.get(value) {
                Some(group) => *group,
                None if self.hide_other => NO_CELL,
                None => none + 1,
            },
        }
    }

    /// The rows of the answer: group and name.
    pub(super) fn rows(&self) -> Vec<(usize, Option<String>)> {
        let mut rows: Vec<_> =
            self.groups.iter().map(|(value, group)| (*group as usize, Some(value.to_string()))).collect();
        rows.sort_unstable();
        if self.none {
            rows.push((self.groups.len(), label_of_none()));
        }
        if self.other && !self.hide_other {
            rows.push((self.groups.len() + 1, label_of_other()));
        }
        rows
    }
}
