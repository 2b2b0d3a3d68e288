//! One segment read for one question: columns, filter masks, numbers and breakdown groups of its rows.
//!
//! A test on text is asked once per dictionary value and then looked up by code; numbers and booleans are asked per
//! row, where the column says that there is a value. A property may have all four kinds in one segment.

use crate::bind::filter::Target;
use crate::kernels::{NO_CELL, select};
use crate::limits::{Budget, QueryError};
use crate::person_column;
use crate::predicate::{Matcher, Ready, ValueRef, bits};
use model::property::{canonical_number, decimal};
use std::collections::HashMap;
use std::sync::Arc;
use store::{BoolColumn, NumberColumn, PropertyColumn, Segment, Snapshot, TextColumn};

/// Values or rows between two looks at the limits.
const BLOCK: usize = 16_384;
/// Different numbers whose answer is remembered within one column.
const REMEMBERED_MAX: usize = 65_536;

/// A segment under a question's limits.
pub(crate) struct Scan<'a> {
    pub(crate) segment: &'a Segment,
    snapshot: &'a Snapshot,
    budget: &'a Budget<'a>,
}

/// Which rows pass.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mask {
    All,
    None,
    Rows(Vec<bool>),
}

/// A column, whatever its target.
enum Column {
    Text(Arc<TextColumn>),
    Property(Arc<PropertyColumn>),
}

impl Column {
    fn text(&self) -> Option<&TextColumn> {
        match self {
            Column::Text(column) => Some(column),
            Column::Property(column) => column.text.as_ref(),
        }
    }

    fn property(&self) -> Option<&PropertyColumn> {
        match self {
            Column::Text(_) => None,
            Column::Property(column) => Some(column),
        }
    }

    fn json(&self) -> Option<&TextColumn> {
        self.property()?.json.as_ref()
    }

    fn number(&self) -> Option<&NumberColumn> {
        self.property()?.number.as_ref()
    }

    fn boolean(&self) -> Option<&BoolColumn> {
        self.property()?.boolean.as_ref()
    }

    fn is_empty(&self) -> bool {
        self.text().is_none() && self.json().is_none() && self.number().is_none() && self.boolean().is_none()
    }
}

/// The numbers of all rows; either a column as stored or one made of several kinds.
pub(crate) enum NumberRows {
    Stored(Arc<PropertyColumn>),
    Made(NumberColumn),
}

impl NumberRows {
    /// Bytes that are held for it; numbers as stored are the store's.
    pub(crate) fn bytes(&self) -> usize {
        let (values, present) = self.slices();
        match self {
            NumberRows::Stored(_) => present.len(),
            NumberRows::Made(_) => present.len() + size_of_val(values),
        }
    }

    /// Values, and whether each is present. Empty slices: no row has a number.
    pub(crate) fn slices(&self) -> (&[f64], &[bool]) {
        match self {
            NumberRows::Stored(column) => {
                column.number.as_ref().map_or((&[], &[]), |column| (&column.values, &column.present))
            }
            NumberRows::Made(column) => (&column.values, &column.present),
        }
    }
}

impl<'a> Scan<'a> {
    pub(crate) fn new(segment: &'a Segment, snapshot: &'a Snapshot, budget: &'a Budget<'a>) -> Self {
        Self { segment, snapshot, budget }
    }

    fn rows(&self) -> usize {
        self.segment.rows()
    }

    fn column(&self, target: &Target) -> Result<Column, QueryError> {
        self.budget.check()?;
        Ok(match target {
            Target::Event => Column::Text(self.segment.events()?),
            Target::DistinctId => Column::Text(self.segment.distinct_ids()?),
            Target::SessionId => Column::Text(self.segment.session_ids()?),
            Target::Property(key) => Column::Property(self.segment.property(key)?),
            Target::Person(key) => {
                let persons = self.snapshot.person_property(key);
                Column::Property(Arc::new(person_column::gathered(&persons, self.segment)?))
            }
        })
    }

    /// The rows that pass a filter. Members after one that decides are not read.
    pub(crate) fn mask(&self, filter: &Ready) -> Result<Mask, QueryError> {
        match filter {
            Ready::Condition { target, negated, matcher } => self.condition(target, *negated, matcher),
            Ready::Member { marks, negated } => self.members(marks, *negated),
            Ready::All(members) => members.iter().try_fold(Mask::All, |mask, member| match mask {
                Mask::None => Ok(Mask::None),
                mask => Ok(mask.and(self.mask(member)?)),
            }),
            Ready::Any(members) => members.iter().try_fold(Mask::None, |mask, member| match mask {
                Mask::All => Ok(Mask::All),
                mask => Ok(mask.or(self.mask(member)?)),
            }),
        }
    }

    fn condition(&self, target: &Target, negated: bool, matcher: &Matcher) -> Result<Mask, QueryError> {
        let column = self.column(target)?;
        if column.is_empty() {
            return Ok(if negated { Mask::All } else { Mask::None });
        }
        column.rows_that_hold(self.rows(), (negated, matcher), self.budget).map(Mask::Rows)
    }

    /// The rows of persons with a mark, or of all others and of events without a person profile.
    fn members(&self, marks: &[bool], negated: bool) -> Result<Mask, QueryError> {
        self.budget.check()?;
        let ordinals = self.segment.ordinals()?;
        let mut rows: Vec<bool> = ordinals.iter().map(|ordinal| marks[*ordinal as usize]).collect();
        if let Some(without) = person_column::without_profile(self.segment)? {
            rows.iter_mut().zip(without).for_each(|(row, without)| *row &= !without);
        }
        if negated {
            rows.iter_mut().for_each(|row| *row = !*row);
        }
        Ok(Mask::Rows(rows))
    }

    /// The rows with this event name.
    pub(crate) fn named(&self, name: &str) -> Result<Mask, QueryError> {
        match self.segment.stats().events.get(name) {
            None if !self.segment.stats().more_events => return Ok(Mask::None),
            Some(stats) if stats.count == self.rows() as u64 => return Ok(Mask::All),
            None | Some(_) => self.budget.check()?,
        }
        let events = self.segment.events()?;
        let Some(code) = events.dictionary.iter().position(|value| **value == *name) else { return Ok(Mask::None) };
        Ok(Mask::Rows(events.codes.iter().map(|row| *row as usize == code).collect()))
    }

    /// The numbers of a target: JSON numbers, and text that is wholly a decimal.
    pub(crate) fn numbers(&self, target: &Target) -> Result<NumberRows, QueryError> {
        let column = self.column(target)?;
        if let Column::Property(property) = &column
            && property.text.is_none()
            && property.json.is_none()
        {
            return Ok(NumberRows::Stored(property.clone()));
        }
        let (mut values, mut present) = match column.number() {
            Some(column) => (column.values.to_vec(), column.present.clone()),
            None => (vec![0.0; self.rows()], vec![false; self.rows()]),
        };
        for text in [column.text(), column.json()].into_iter().flatten() {
            let table = table(text, self.budget, decimal)?;
            for (row, code) in text.codes.iter().enumerate() {
                if let Some(Some(number)) = table.get(*code as usize) {
                    (values[row], present[row]) = (*number, true);
                }
            }
        }
        Ok(NumberRows::Made(NumberColumn { values: values.into(), present }))
    }

    /// The group of each wanted row, [`NO_CELL`] for the others.
    ///
    /// `group_of` is asked with the canonical text, at most once per dictionary value and number; with `None` for
    /// missing and empty values.
    pub(crate) fn groups(
        &self,
        target: &Target,
        wanted: &[bool],
        mut group_of: impl FnMut(Option<&str>) -> Result<u32, QueryError>,
    ) -> Result<Vec<u32>, QueryError> {
        let column = self.column(target)?;
        let mut groups = vec![NO_CELL; self.rows()];
        let mut found = vec![false; self.rows()];
        for text in [column.text(), column.json()].into_iter().flatten() {
            let mut table: Vec<Option<u32>> = vec![None; text.dictionary.len()];
            for (row, code) in text.codes.iter().enumerate() {
                if row % BLOCK == 0 {
                    self.budget.check()?;
                }
                let (true, Some(value)) = (wanted[row], text.dictionary.get(*code as usize)) else { continue };
                found[row] = true;
                let known = &mut table[*code as usize];
                groups[row] = match *known {
                    Some(group) => group,
                    None => *known.insert(group_of(Some(&**value).filter(|value| !value.is_empty()))?),
                };
            }
        }
        if let Some(number) = column.number() {
            let mut known: HashMap<u64, u32> = HashMap::new();
            for (row, (value, present)) in number.values.iter().zip(&number.present).enumerate() {
                if !(wanted[row] && *present) {
                    continue;
                }
                found[row] = true;
                groups[row] = match known.get(&bits(*value)) {
                    Some(group) => *group,
                    None => {
                        self.budget.check()?;
                        let group = group_of(Some(&canonical_number(*value)))?;
                        known.insert(bits(*value), group);
                        group
                    }
                };
            }
        }
        if let Some(boolean) = column.boolean() {
            let mut known = [None, None];
            for row in 0..boolean.values.len() {
                if let (true, Some(flag)) = (wanted[row], boolean.get(row)) {
                    found[row] = true;
                    let known = &mut known[usize::from(flag)];
                    groups[row] = match *known {
                        Some(group) => group,
                        None => *known.insert(group_of(Some(if flag { "true" } else { "false" }))?),
                    };
                }
            }
        }
        let mut missing = None;
        for row in 0..groups.len() {
            if wanted[row] && !found[row] {
                groups[row] = match missing {
                    Some(group) => group,
                    None => *missing.insert(group_of(None)?),
                };
            }
        }
        Ok(groups)
    }
}

impl Column {
    /// Which rows pass a test, or its complement.
    fn rows_that_hold(
        &self,
        rows: usize,
        (negated, matcher): (bool, &Matcher),
        budget: &Budget<'_>,
    ) -> Result<Vec<bool>, QueryError> {
        let mut out = vec![false; rows];
        if let Some(text) = self.text() {
            let table = table(text, budget, |value| matcher.holds(ValueRef::Text(value)))?;
            select::or_codes(&text.codes, &table, &mut out);
        }
        if let Some(json) = self.json() {
            let table = table(json, budget, |value| matcher.holds(ValueRef::Json(value)))?;
            select::or_codes(&json.codes, &table, &mut out);
        }
        if let Some(number) = self.number() {
            numbers_that_hold(number, matcher, budget, &mut out)?;
        }
        if let Some(boolean) = self.boolean() {
            let passes = [matcher.holds(ValueRef::Bool(false)), matcher.holds(ValueRef::Bool(true))];
            for (value, out) in boolean.values.iter().zip(&mut out) {
                *out |= passes.get(usize::from(*value)).copied().unwrap_or(false);
            }
        }
        if negated {
            out.iter_mut().for_each(|row| *row = !*row);
        }
        Ok(out)
    }
}

/// Which rows of a column pass a test, or its complement; a column without rows has only missing values.
pub(crate) fn rows_that_hold(
    column: &Arc<PropertyColumn>,
    rows: usize,
    test: (bool, &Matcher),
    budget: &Budget<'_>,
) -> Result<Vec<bool>, QueryError> {
    Column::Property(column.clone()).rows_that_hold(rows, test, budget)
}

/// One answer per dictionary value.
fn table<T>(column: &TextColumn, budget: &Budget<'_>, mut ask: impl FnMut(&str) -> T) -> Result<Vec<T>, QueryError> {
    let mut table = Vec::with_capacity(column.dictionary.len());
    for block in column.dictionary.chunks(BLOCK) {
        budget.check()?;
        table.extend(block.iter().map(|value| ask(value)));
    }
    Ok(table)
}

fn numbers_that_hold(
    column: &NumberColumn,
    matcher: &Matcher,
    budget: &Budget<'_>,
    out: &mut [bool],
) -> Result<(), QueryError> {
    let cheap = matcher.is_cheap_on_numbers();
    let mut remembered: HashMap<u64, bool> = HashMap::new();
    for (row, (value, present)) in column.values.iter().zip(&column.present).enumerate() {
        if row % BLOCK == 0 {
            budget.check()?;
        }
        if !present {
            continue;
        }
        let mut ask = || matcher.holds(ValueRef::Number(*value));
        out[row] |= if cheap {
            ask()
        } else {
            if remembered.len() >= REMEMBERED_MAX {
                remembered.clear();
            }
            *remembered.entry(bits(*value)).or_insert_with(&mut ask)
        };
    }
    Ok(())
}

impl Mask {
    pub(crate) fn and(self, other: Mask) -> Mask {
        match (self, other) {
            (Mask::None, _) | (_, Mask::None) => Mask::None,
            (Mask::All, mask) | (mask, Mask::All) => mask,
            (Mask::Rows(mut rows), Mask::Rows(others)) => {
                rows.iter_mut().zip(others).for_each(|(row, other)| *row &= other);
                Mask::Rows(rows)
            }
        }
    }

    pub(crate) fn or(self, other: Mask) -> Mask {
        match (self, other) {
            (Mask::All, _) | (_, Mask::All) => Mask::All,
            (Mask::None, mask) | (mask, Mask::None) => mask,
            (Mask::Rows(mut rows), Mask::Rows(others)) => {
                rows.iter_mut().zip(others).for_each(|(row, other)| *row |= other);
                Mask::Rows(rows)
            }
        }
    }

    /// The rows that pass; `None`: all of them.
    pub(crate) fn as_rows(&self) -> Option<&[bool]> {
        match self {
            Mask::All => None,
            Mask::None => Some(&[]),
            Mask::Rows(mask) => Some(mask),
        }
    }

    /// One entry per row.
    pub(crate) fn into_rows(self, rows: usize) -> Vec<bool> {
        match self {
            Mask::All => vec![true; rows],
            Mask::None => vec![false; rows],
            Mask::Rows(mask) => mask,
        }
    }
}
