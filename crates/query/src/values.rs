//! Values of a breakdown: all of them while they are ranked, then those that are shown.

use crate::bind::steps::BoundBreakdown;
use crate::kernels::NO_CELL;
use crate::limits::{Budget, QueryError};
use model::insight::trends::{NONE_LABEL, OTHER_LABEL};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The group of missing and empty values in a first pass.
pub(crate) const NONE_GROUP: u32 = 0;

/// Every value met so far, numbered; shared by the threads of a pass.
pub(crate) struct Values<'a> {
    budget: &'a Budget<'a>,
    met: Mutex<Met>,
}

#[derive(Default)]
struct Met {
    /// From 1, for 0 is [`NONE_GROUP`].
    groups: HashMap<Arc<str>, u32>,
    /// By code, from 1.
    names: Vec<Arc<str>>,
    none: bool,
}

impl<'a> Values<'a> {
    pub(crate) fn new(budget: &'a Budget<'a>) -> Self {
        Self { budget, met: Mutex::default() }
    }

    fn met(&self) -> MutexGuard<'_, Met> {
        // A thread that panics ends the whole question, so a poisoned map is never used for an answer.
        self.met.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Groups so far, that of missing values included.
    pub(crate) fn count(&self) -> usize {
        self.met().groups.len() + 1
    }

    /// All values by their codes; that of missing values is empty.
    pub(crate) fn names(&self) -> Vec<Arc<str>> {
        std::iter::once("".into()).chain(self.met().names.iter().cloned()).collect()
    }

    /// Calls `with` with the value of a code; `None`: it was not met. Codes are looked up one by one.
    pub(crate) fn with_name<T>(&self, code: u32, with: impl FnOnce(&str) -> T) -> Option<T> {
        let met = self.met();
        met.names.get((code as usize).checked_sub(1)?).map(|name| with(name))
    }

    pub(crate) fn group_of(&self, value: Option<&str>) -> Result<u32, QueryError> {
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
        let value: Arc<str> = value.into();
        met.names.push(value.clone());
        met.groups.insert(value, group);
        Ok(group)
    }
}

/// The values of an insight over persons that have a row: the first by rank, then `(none)`, then `(other)`.
pub(crate) struct Shown {
    /// Row of each code.
    rows: Vec<u32>,
    names: Vec<String>,
    none: bool,
    other: bool,
    hide_other: bool,
}

impl Shown {
    /// Ranks codes by `rank`, greatest first, then by value, ascending in bytes; codes without rank have no row.
    pub(crate) fn ranked(
        values: &Values<'_>,
        (limit, hide_other): (usize, bool),
        rank: impl Fn(usize) -> Option<Vec<f64>>,
    ) -> Shown {
        let met = values.met();
        let ranks = met.groups.iter().filter_map(|(value, code)| Some((rank(*code as usize)?, value.clone(), *code)));
        let mut ranked: Vec<_> = ranks.collect();
        let order = |a: &[f64], b: &[f64]| {
            a.iter()
                .zip(b)
                .map(|(a, b)| b.total_cmp(a))
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        };
        ranked.sort_unstable_by(|a, b| order(&a.0, &b.0).then_with(|| a.1.cmp(&b.1)));
        let other = ranked.len() > limit;
        ranked.truncate(limit);
        let mut rows = vec![ranked.len() as u32 + 1; met.groups.len() + 1];
        rows[NONE_GROUP as usize] = ranked.len() as u32;
        ranked.iter().enumerate().for_each(|(row, (_, _, code))| rows[*code as usize] = row as u32);
        let names = ranked.into_iter().map(|(_, value, _)| value.to_string()).collect();
        Shown { rows, names, none: rank(NONE_GROUP as usize).is_some(), other, hide_other }
    }

    /// Rows at most: all values, `(none)` and `(other)`.
    pub(crate) fn rows_max(&self) -> usize {
        self.names.len() + 2
    }

    /// Whether values share the row `(other)`, so that they must be counted together.
    pub(crate) fn shares(&self) -> bool {
        self.other && !self.hide_other
    }

    /// The row of a code; `None`: it has none.
    pub(crate) fn group_of(&self, code: u32) -> Option<u32> {
        let row = self.rows.get(code as usize).copied().unwrap_or(self.names.len() as u32 + 1);
        (row as usize <= self.names.len() || !self.hide_other).then_some(row)
    }

    /// The number of the row with this name; `(none)` and `(other)` before values of that name.
    pub(crate) fn row_named(&self, name: &str) -> Option<u32> {
        self.rows().into_iter().rev().find(|(_, row)| row == name).map(|(row, _)| row as u32)
    }

    /// The rows of the answer: number and name.
    pub(crate) fn rows(&self) -> Vec<(usize, String)> {
        let mut rows: Vec<_> = self.names.iter().cloned().enumerate().collect();
        if self.none {
            rows.push((self.names.len(), NONE_LABEL.to_owned()));
        }
        if self.shares() {
            rows.push((self.names.len() + 1, OTHER_LABEL.to_owned()));
        }
        rows
    }
}

/// The values that are shown. Groups: the values by rank, then `(none)`, then `(other)`.
pub(crate) struct Kept {
    groups: HashMap<Arc<str>, u32>,
    none: bool,
    other: bool,
    hide_other: bool,
}

impl Kept {
    /// Ranks by `rank_of` a group of the first pass, descending, then by value, ascending in bytes.
    pub(crate) fn new(values: Values<'_>, rank_of: impl Fn(usize) -> f64, breakdown: &BoundBreakdown) -> Kept {
        let met = values.met.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut ranked: Vec<_> =
            met.groups.into_iter().map(|(value, group)| (rank_of(group as usize), value)).collect();
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let other = ranked.len() > breakdown.limit;
        ranked.truncate(breakdown.limit);
        let groups = ranked.into_iter().enumerate().map(|(rank, (_, value))| (value, rank as u32)).collect();
        Kept { groups, none: met.none, other, hide_other: breakdown.hide_other }
    }

    /// The values that were met, in a given order; every other one has no row.
    pub(crate) fn in_order(values: Values<'_>, names: impl Iterator<Item = String>) -> Kept {
        let met = values.met.into_inner().unwrap_or_else(PoisonError::into_inner);
        let met_ones = names.map(Arc::from).filter(|name: &Arc<str>| met.groups.contains_key(name));
        let groups = met_ones.enumerate().map(|(rank, name)| (name, rank as u32)).collect();
        Kept { groups, none: met.none, other: false, hide_other: true }
    }

    /// Room for all values, `(none)` and `(other)`, whether they occur or not.
    pub(crate) fn count(&self) -> usize {
        self.groups.len() + 2
    }

    pub(crate) fn group_of(&self, value: Option<&str>) -> u32 {
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
    pub(crate) fn rows(&self) -> Vec<(usize, Option<String>)> {
        let mut rows: Vec<_> =
            self.groups.iter().map(|(value, group)| (*group as usize, Some(value.to_string()))).collect();
        rows.sort_unstable();
        if self.none {
            rows.push((self.groups.len(), Some(NONE_LABEL.to_owned())));
        }
        if self.other && !self.hide_other {
            rows.push((self.groups.len() + 1, Some(OTHER_LABEL.to_owned())));
        }
        rows
    }
}
