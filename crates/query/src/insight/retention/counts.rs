//! What is counted in each cell of each group.

use crate::kernels::numeric::Moments;
use crate::limits::{Budget, QueryError};

/// Group, row and column of a cell.
type Place = (u32, usize, usize);

/// Persons, and numbers of return events, by group, row and column; both lists reach as far as they have to.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    intervals: usize,
    persons: Vec<u64>,
    numbers: Vec<Moments>,
}

impl Counts {
    pub(super) fn new(intervals: usize) -> Counts {
        Counts { intervals, persons: Vec::new(), numbers: Vec::new() }
    }

    pub(super) fn intervals(&self) -> usize {
        self.intervals
    }

    /// Cells of one group.
    fn cells(&self) -> usize {
        self.intervals * self.intervals
    }

    pub(super) fn add_person(&mut self, place: Place, budget: &Budget<'_>) -> Result<(), QueryError> {
        let (index, cells) = (self.index(place), self.cells());
        *slot(&mut self.persons, (index, cells), budget)? += 1;
        Ok(())
    }

    pub(super) fn add_number(&mut self, place: Place, number: f64, budget: &Budget<'_>) -> Result<(), QueryError> {
        let (index, cells) = (self.index(place), self.cells());
        slot(&mut self.numbers, (index, cells), budget)?.add(number);
        Ok(())
    }

    fn index(&self, (group, row, column): Place) -> usize {
        group as usize * self.cells() + row * self.intervals + column
    }

    pub(super) fn merge(&mut self, other: Counts) {
        self.persons.resize(self.persons.len().max(other.persons.len()), 0);
        self.persons.iter_mut().zip(other.persons).for_each(|(all, more)| *all += more);
        self.numbers.resize(self.numbers.len().max(other.numbers.len()), Moments::default());
        self.numbers.iter_mut().zip(&other.numbers).for_each(|(all, more)| all.merge(more));
    }

    /// The sizes of all rows of a group together.
    pub(super) fn size(&self, group: usize) -> u64 {
        part(&self.persons, group, self.cells()).iter().step_by(self.intervals).sum()
    }

    /// One group alone, as group 0.
    pub(super) fn of(&self, group: usize) -> Counts {
        let persons = part(&self.persons, group, self.cells()).to_vec();
        Counts { intervals: self.intervals, persons, numbers: part(&self.numbers, group, self.cells()).to_vec() }
    }

    /// Persons of a cell of group 0.
    pub(super) fn persons(&self, row: usize, column: usize) -> u64 {
        self.persons.get(row * self.intervals + column).copied().unwrap_or(0)
    }

    /// Numbers of a cell of group 0.
    pub(super) fn numbers(&self, row: usize, column: usize) -> Moments {
        self.numbers.get(row * self.intervals + column).copied().unwrap_or_default()
    }
}

/// What a list has of one group; nothing, where it does not reach so far.
fn part<T>(list: &[T], group: usize, cells: usize) -> &[T] {
    list.get(group * cells..(group + 1) * cells).unwrap_or_default()
}

/// The entry at an index; the list grows by whole groups of so many cells.
fn slot<'a, T: Clone + Default>(
    list: &'a mut Vec<T>,
    (index, cells): (usize, usize),
    budget: &Budget<'_>,
) -> Result<&'a mut T, QueryError> {
    if index >= list.len() {
        let wanted = (index / cells + 1) * cells;
        budget.take((wanted - list.len()) * size_of::<T>(), "breakdown values")?;
        list.resize(wanted, T::default());
    }
    Ok(&mut list[index])
}
