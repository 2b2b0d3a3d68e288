//! What is added up of attempts and responses without looking at persons. Merging does not depend on the order.

use super::attempts::{ATTEMPT, Attempts, CORRECT, NAMES, RESPONSE};
use crate::bind::filter::Target;
use crate::bind::items::BoundItems;
use crate::journeys::{Journeys, Marker, Marks};
use crate::kernels::numeric::{self, Moments};
use crate::limits::{Budget, QueryError};
use crate::plan::plan;
use crate::scan::Scan;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Segment, Snapshot};

/// How often each answer was given, and how often it was right, by code.
pub(super) type Answers = HashMap<u32, (u64, u64)>;

/// The counts of one item.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) attempts: u64,
    pub(super) correct: u64,
    pub(super) responses: u64,
    pub(super) answers: Answers,
    pub(super) choices: Answers,
    /// Score by greatest score.
    scores: Moments,
    /// Seconds of the attempts.
    seconds: Vec<f64>,
}

impl Counts {
    pub(super) fn difficulty(&self) -> Option<f64> {
        (self.scores.count > 0).then(|| self.scores.sum() / self.scores.count as f64)
    }

    pub(super) fn average_s(&self) -> Option<f64> {
        let mut all = Moments::default();
        self.seconds.iter().for_each(|seconds| all.add(*seconds));
        (all.count > 0).then(|| all.sum() / all.count as f64)
    }

    pub(super) fn median_s(&self) -> Option<f64> {
        let mut sorted = self.seconds.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        numeric::quantile(&sorted, 0.5)
    }

    fn merge(&mut self, other: Counts) {
        self.attempts += other.attempts;
        self.correct += other.correct;
        self.responses += other.responses;
        for (mine, others) in [(&mut self.answers, other.answers), (&mut self.choices, other.choices)] {
            for (code, (count, correct)) in others {
                let answer = mine.entry(code).or_default();
                answer.0 += count;
                answer.1 += correct;
            }
        }
        self.scores.merge(&other.scores);
        self.seconds.extend(other.seconds);
    }
}

/// All items by their code.
pub(super) struct Tally<'a> {
    items: HashMap<u32, Counts>,
    snapshot: &'a Snapshot,
    budget: &'a Budget<'a>,
}

impl<'a> Tally<'a> {
    pub(super) fn count(
        snapshot: &'a Snapshot,
        bound: &BoundItems,
        attempts: &Attempts<'_>,
        budget: &'a Budget<'a>,
    ) -> Result<Tally<'a>, QueryError> {
        let plan = plan(snapshot, bound.from, bound.to, Some(&NAMES));
        budget.check_rows(plan.rows, bound.from)?;
        budget.count_rows(plan.rows as usize);
        budget.pass_of(plan.rows);
        let next = AtomicUsize::new(0);
        let mut tallies: Vec<Tally<'a>> =
            (0..budget.threads()).map(|_| Tally { items: HashMap::new(), snapshot, budget }).collect();
        Journeys::threads(&mut tallies, |tally| {
            while let Some(segment) = plan.segments.get(next.fetch_add(1, Ordering::Relaxed)) {
                budget.check()?;
                tally.segment(segment, bound, attempts)?;
                budget.passed(segment.rows());
            }
            Ok(())
        })?;
        let mut all = Tally { items: HashMap::new(), snapshot, budget };
        for (code, counts) in tallies.into_iter().flat_map(|tally| tally.items) {
            all.items.entry(code).or_default().merge(counts);
        }
        Ok(all)
    }

    fn segment(&mut self, segment: &Segment, bound: &BoundItems, attempts: &Attempts<'_>) -> Result<(), QueryError> {
        let scan = Scan::new(segment, self.snapshot, self.budget);
        let Some(Marks { mut bits, values: Some(items) }) = attempts.mark(&scan)? else { return Ok(()) };
        for (bits, at) in bits.iter_mut().zip(segment.event_at()?.iter()) {
            if *at < bound.from || *at > bound.to {
                *bits = 0;
            }
        }
        let answers = attempts.codes(&scan, "edata.resvalues", (&bits, ATTEMPT))?;
        let choices = attempts.codes(&scan, "edata.values", (&bits, RESPONSE))?;
        let numbers = |key: &str| scan.numbers(&Target::Property(key.to_owned()));
        let [score, most, duration] = ["edata.score", "edata.item.maxscore", "edata.duration"].map(numbers);
        let (score, most, duration) = (score?, most?, duration?);
        let number = |(values, present): (&[f64], &[bool]), row: usize| {
            present.get(row).is_some_and(|present| *present).then(|| values[row])
        };
        for row in (0..bits.len()).filter(|row| bits[*row] != 0) {
            let counts = match self.items.entry(items[row]) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    self.budget.take(2 * size_of::<(u32, Counts)>(), "items")?;
                    entry.insert(Counts::default())
                }
            };
            let is_attempt = bits[row] & ATTEMPT != 0;
            let (list, code) =
                if is_attempt { (&mut counts.answers, answers[row]) } else { (&mut counts.choices, choices[row]) };
            let correct = u64::from(bits[row] & CORRECT != 0);
            if !list.contains_key(&code) {
                self.budget.take(2 * size_of::<(u32, (u64, u64))>(), "answers of items")?;
            }
            let answer = list.entry(code).or_default();
            answer.0 += 1;
            answer.1 += correct;
            if !is_attempt {
                counts.responses += 1;
                continue;
            }
            counts.attempts += 1;
            counts.correct += correct;
            if let Some(score) = number(score.slices(), row) {
                let most = number(most.slices(), row).filter(|most| *most > 0.0).unwrap_or(1.0);
                if (score / most).is_finite() {
                    counts.scores.add(score / most);
                }
            }
            if let Some(seconds) = number(duration.slices(), row).filter(|seconds| *seconds >= 0.0) {
                if counts.seconds.len() == counts.seconds.capacity() {
                    let more = counts.seconds.len().max(16);
                    // Once more when two threads' lists are joined.
                    self.budget.take(2 * more * size_of::<f64>(), "durations of attempts")?;
                    counts.seconds.reserve_exact(more);
                }
                counts.seconds.push(seconds);
            }
        }
        Ok(())
    }

    /// The items that are shown, in their order, and how many there are.
    pub(super) fn finish(self, limit: usize, names: &[Arc<str>]) -> (Vec<(u32, Counts)>, u64) {
        let mut items: Vec<(u32, Counts)> = self.items.into_iter().collect();
        let count = items.len() as u64;
        items.sort_unstable_by(|(a, x), (b, y)| {
            (y.attempts, y.responses)
                .cmp(&(x.attempts, x.responses))
                .then_with(|| names[*a as usize].cmp(&names[*b as usize]))
        });
        items.truncate(limit);
        (items, count)
    }
}
