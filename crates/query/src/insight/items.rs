//! Item analysis: how questions of assessments did. Definition: docs/semantics/items.md.
//!
//! `attempts` says which rows are attempts and responses, and of which item. `tally` adds up what needs no person; who
//! attempted what first, and whether they knew the rest, is read person by person here.

pub(super) mod attempts;
mod tally;

use crate::bind::items::BoundItems;
use crate::journeys::{Journeys, Reading, Row, Times};
use crate::kernels::biserial::Biserial;
use crate::limits::{Budget, QueryError};
use crate::values::Values;
use attempts::{ATTEMPT, Attempts, CORRECT, NAMES};
use model::insight::items::{ItemAnswer, ItemRow, ItemsAnswer};
use model::insight::trends::NONE_LABEL;
use std::collections::HashMap;
use store::Snapshot;
use tally::{Answers, Tally};

/// What one item needs of persons.
#[derive(Default)]
struct Item {
    persons: u64,
    biserial: Biserial,
}

/// One thread's items, and the first attempts of one person.
struct State<'a> {
    budget: &'a Budget<'a>,
    items: HashMap<u32, Item>,
    firsts: Vec<(u32, bool)>,
}

impl State<'_> {
    fn person(&mut self, rows: &[Row]) -> Result<(), QueryError> {
        self.firsts.clear();
        self.firsts
            .extend(rows.iter().filter(|row| row.bits & ATTEMPT != 0).map(|row| (row.value, row.bits & CORRECT != 0)));
        // Stable: of one item the first attempt stays the first.
        self.firsts.sort_by_key(|first| first.0);
        self.firsts.dedup_by_key(|first| first.0);
        let right = self.firsts.iter().filter(|first| first.1).count() as f64;
        let others = self.firsts.len() as f64 - 1.0;
        for (code, correct) in &self.firsts {
            if !self.items.contains_key(code) {
                self.budget.take(2 * size_of::<(u32, Item)>(), "items")?;
            }
            let item = self.items.entry(*code).or_default();
            item.persons += 1;
            if others > 0.0 {
                item.biserial.add(*correct, (right - f64::from(u8::from(*correct))) / others);
            }
        }
        Ok(())
    }
}

/// The rows of item analysis, person by person.
pub(super) fn journeys<'a>(
    snapshot: &'a Snapshot,
    bound: &BoundItems,
    budget: &'a Budget<'a>,
    repeats: bool,
) -> Result<Journeys<'a>, QueryError> {
    let (range, names) = ((bound.from, bound.to), Some(NAMES.to_vec()));
    Journeys::plan(snapshot, budget, Reading { range, history: 0, names, times: Times::Exact, repeats })
}

pub(crate) fn answer(snapshot: &Snapshot, bound: &BoundItems, budget: &Budget<'_>) -> Result<ItemsAnswer, QueryError> {
    let values = Values::new(budget);
    let attempts = Attempts::new((snapshot, budget), &bound.filter, &values)?;
    let tally = Tally::count(snapshot, bound, &attempts, budget)?;
    let make = || {
        let (items, firsts) = Default::default();
        Ok(State { budget, items, firsts })
    };
    let states = journeys(snapshot, bound, budget, true)?.fold(&attempts, make, |state, _, rows| state.person(rows))?;
    let mut items: HashMap<u32, Item> = HashMap::new();
    for (code, more) in states.into_iter().flat_map(|state| state.items) {
        let item = items.entry(code).or_default();
        item.persons += more.persons;
        item.biserial.merge(&more.biserial);
    }
    let names = values.names();
    let (rows, count) = tally.finish(bound.limit, &names);
    let nobody = Item::default();
    let row = |(code, counts): (u32, tally::Counts)| {
        let item = items.get(&code).unwrap_or(&nobody);
        let shown = |answers: &Answers, judged: bool| shown(answers, bound.answers, judged, &names);
        ItemRow {
            item: names[code as usize].to_string(),
            persons: item.persons,
            attempts: counts.attempts,
            correct: counts.correct,
            share_correct: (counts.attempts > 0).then(|| counts.correct as f64 / counts.attempts as f64),
            difficulty: counts.difficulty(),
            discrimination: item.biserial.correlation(),
            average_s: counts.average_s(),
            median_s: counts.median_s(),
            answers: shown(&counts.answers, true),
            responses: counts.responses,
            choices: shown(&counts.choices, false),
        }
    };
    Ok(ItemsAnswer {
        items: rows.into_iter().map(row).collect(),
        count,
        explain: crate::explain(snapshot, (&bound.definition, bound.from, bound.to), &bound.warnings, budget),
    })
}

/// The most frequent answers; equal ones in the order of bytes, `(none)` by its empty text.
fn shown(answers: &Answers, limit: usize, judged: bool, names: &[std::sync::Arc<str>]) -> Vec<ItemAnswer> {
    let all: u64 = answers.values().map(|(count, _)| count).sum();
    let mut ranked: Vec<_> = answers.iter().map(|(code, counts)| (&*names[*code as usize], *counts)).collect();
    ranked.sort_unstable_by(|(a, x), (b, y)| y.0.cmp(&x.0).then_with(|| a.cmp(b)));
    let answer = |(value, (count, correct)): (&str, (u64, u64))| ItemAnswer {
        value: if value.is_empty() { NONE_LABEL } else { value }.to_owned(),
        count,
        share: count as f64 / all as f64,
        correct: judged.then_some(correct),
    };
    ranked.into_iter().take(limit).map(answer).collect()
}
