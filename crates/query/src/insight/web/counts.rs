//! Sessions added up: of the whole, and by row of each table. Merging does not depend on the order.

use super::seen::{Scratch, Web};
use crate::limits::{Budget, QueryError};
use crate::sessions::SessionRow;
use model::Micros;
use model::insight::web::{WebNumbers, WebTable};
use std::collections::HashMap;

/// The numbers of some sessions so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Numbers {
    visitors: u64,
    views: u64,
    sessions: u64,
    /// µs of the sessions that are not too long, and how many these are.
    micros: i128,
    timed: u64,
    /// Sessions that entered here, and how many of them bounced.
    entered: u64,
    bounced: u64,
}

impl Numbers {
    fn add(&mut self, other: &Numbers) {
        self.views += other.views;
        self.sessions += other.sessions;
        self.micros += other.micros;
        self.timed += other.timed;
        self.entered += other.entered;
        self.bounced += other.bounced;
    }

    pub(super) fn shown(&self) -> WebNumbers {
        WebNumbers {
            visitors: self.visitors,
            views: self.views,
            sessions: self.sessions,
            duration_s: (self.timed > 0).then(|| self.micros as f64 / 1e6 / self.timed as f64),
            bounce_rate: (self.entered > 0).then(|| 100.0 * self.bounced as f64 / self.entered as f64),
        }
    }
}

/// Numbers by code, and who they are of.
#[derive(Default)]
struct Table {
    rows: HashMap<u32, Numbers>,
    /// `code << 32 | person`; repeats are removed when room runs out.
    persons: Vec<u64>,
}

/// What one thread has counted.
pub(super) struct Counts<'a> {
    budget: &'a Budget<'a>,
    /// The whole is a table of one row.
    whole: Table,
    tables: Vec<Table>,
    /// Pages of one session with the number of views, and its persons.
    pages: Vec<u32>,
    persons: Vec<u32>,
}

impl Table {
    fn row(&mut self, code: u32, budget: &Budget<'_>) -> Result<&mut Numbers, QueryError> {
        if !self.rows.contains_key(&code) {
            budget.take(2 * size_of::<(u32, Numbers)>(), "rows of tables")?;
        }
        Ok(self.rows.entry(code).or_default())
    }

    fn persons(&mut self, code: u32, persons: &[u32], budget: &Budget<'_>) -> Result<(), QueryError> {
        if self.persons.capacity() - self.persons.len() < persons.len() {
            self.persons.sort_unstable();
            self.persons.dedup();
            let more = persons.len().max(self.persons.len()).max(1_024);
            budget.take(more * size_of::<u64>(), "persons")?;
            self.persons.reserve_exact(more);
        }
        self.persons.extend(persons.iter().map(|person| u64::from(code) << 32 | u64::from(*person)));
        Ok(())
    }

    fn finish(mut self) -> Vec<(u32, Numbers)> {
        self.persons.sort_unstable();
        self.persons.dedup();
        for own in self.persons.chunk_by(|a, b| a >> 32 == b >> 32) {
            if let Some(row) = self.rows.get_mut(&((own[0] >> 32) as u32)) {
                row.visitors = own.len() as u64;
            }
        }
        self.rows.into_iter().collect()
    }
}

impl<'a> Counts<'a> {
    pub(super) fn new(tables: usize, budget: &'a Budget<'a>) -> Counts<'a> {
        let tables = (0..tables).map(|_| Table::default()).collect();
        Counts { budget, whole: Table::default(), tables, pages: Vec::new(), persons: Vec::new() }
    }

    /// Adds a session that counts.
    pub(super) fn add(&mut self, web: &Web<'_>, rows: &[SessionRow], scratch: &Scratch) -> Result<(), QueryError> {
        let summary = scratch.summary();
        let (micros, timed): (Micros, u64) = if summary.too_long() { (0, 0) } else { (summary.duration(), 1) };
        let session = Numbers { sessions: 1, micros: i128::from(micros), timed, ..Numbers::default() };
        let entry = Numbers { entered: 1, bounced: u64::from(summary.bounce() == Some(true)), ..Numbers::default() };
        let mut all = Numbers { views: scratch.views.len() as u64, ..session };
        all.add(&entry);
        self.persons.clear();
        self.persons.extend(rows.iter().map(|row| row.person));
        self.persons.sort_unstable();
        self.persons.dedup();
        self.whole.row(0, self.budget)?.add(&all);
        self.whole.persons(0, &self.persons, self.budget)?;
        for (table, counts) in web.bound.tables.iter().zip(&mut self.tables) {
            let code = web.row_of(*table, summary);
            if *table != WebTable::Pages {
                counts.row(code, self.budget)?.add(&all);
                counts.persons(code, &self.persons, self.budget)?;
                continue;
            }
            counts.row(code, self.budget)?.add(&entry);
            self.pages.clear();
            for (person, page) in &scratch.views {
                let row = counts.row(*page, self.budget)?;
                row.views += 1;
                if !self.pages.contains(page) {
                    self.pages.push(*page);
                    row.add(&session);
                }
                counts.persons(*page, std::slice::from_ref(person), self.budget)?;
            }
        }
        Ok(())
    }

    pub(super) fn merge(&mut self, other: Counts<'a>) -> Result<(), QueryError> {
        let tables = self.tables.iter_mut().zip(other.tables);
        for (mine, others) in tables.chain([(&mut self.whole, other.whole)]) {
            for (code, numbers) in others.rows {
                mine.row(code, self.budget)?.add(&numbers);
            }
            self.budget.take(others.persons.len() * size_of::<u64>(), "persons")?;
            mine.persons.extend(others.persons);
        }
        Ok(())
    }

    /// The whole, and the rows of each table.
    pub(super) fn finish(self) -> (Numbers, Vec<Vec<(u32, Numbers)>>) {
        let whole = self.whole.finish().first().map_or_else(Numbers::default, |(_, numbers)| *numbers);
        (whole, self.tables.into_iter().map(Table::finish).collect())
    }
}
