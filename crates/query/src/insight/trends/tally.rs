//! What one series counts: partial answers that merge in any order.

use super::{Lines, finite};
use crate::bind::filter::Target;
use crate::bind::trends::BoundSeries;
use crate::kernels::numeric::{self, Moments};
use crate::kernels::{NO_CELL, count, distinct};
use crate::limits::{Budget, QueryError};
use crate::scan::Scan;
use model::insight::trends::Math;
use std::collections::HashMap;
use store::Snapshot;

/// What a tally needs to know before the first row.
#[derive(Clone, Copy)]
pub(super) struct TallyPlan<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) budget: &'a Budget<'a>,
    /// The number of cells, if it cannot grow.
    pub(super) fixed_cells: Option<usize>,
}

/// The counts of one series so far.
pub(super) struct Tally<'a> {
    plan: TallyPlan<'a>,
    counts: Counts,
    property: Option<&'a Target>,
}

enum Counts {
    /// Rows per cell.
    Rows(Vec<u64>),
    /// A bit per (cell, person); `words` u64 per cell.
    PersonBits { words: usize, bits: Vec<u64> },
    /// Pairs `cell << 32 | person`.
    PersonPairs(Pairs),
    /// Nothing: `persons.rs` counts the series.
    Elsewhere,
    /// Pairs `cell << 32 | number`, and the numbers of sessions or groups by their id.
    IdPairs(Pairs, HashMap<Box<str>, u32>),
    /// Sum, count and extremes per cell.
    Moments(Vec<Moments>),
    /// Every number with its cell, for quantiles.
    Numbers(Vec<(u32, f64)>),
}

impl<'a> Tally<'a> {
    pub(super) fn new(series: &'a BoundSeries, plan: TallyPlan<'a>) -> Result<Self, QueryError> {
        let counts = match series.math {
            Math::Total => Counts::Rows(Vec::new()),
            Math::Dau => persons(plan)?,
            Math::UniqueSession | Math::UniqueGroup => Counts::IdPairs(Pairs::default(), HashMap::new()),
            Math::Sum | Math::Avg | Math::Min | Math::Max => Counts::Moments(Vec::new()),
            Math::Median | Math::P75 | Math::P90 | Math::P95 | Math::P99 => Counts::Numbers(Vec::new()),
            _ => Counts::Elsewhere,
        };
        Ok(Self { plan, counts, property: series.property.as_ref() })
    }

    /// Takes in the rows of one segment. `cell_of` has one entry per row, each below `cells` or [`NO_CELL`].
    pub(super) fn add(&mut self, scan: &Scan<'_>, cell_of: &[u32], cells: usize) -> Result<(), QueryError> {
        let (budget, snapshot) = (self.plan.budget, self.plan.snapshot);
        match &mut self.counts {
            Counts::Elsewhere => {}
            Counts::Rows(counts) => {
                grow(counts, cells, "breakdown values", budget)?;
                count::count(cell_of, counts);
            }
            Counts::PersonBits { words, bits } => {
                distinct::mark(cell_of, &scan.segment.ordinals()?, snapshot.person_of(), *words, bits);
            }
            Counts::PersonPairs(pairs) => {
                let person_of = snapshot.person_of();
                let persons: Vec<u32> =
                    scan.segment.ordinals()?.iter().map(|ordinal| person_of[*ordinal as usize]).collect();
                pairs.add(cell_of, &persons, "persons", budget)?;
            }
            Counts::IdPairs(pairs, numbers) => {
                let ids = match self.property {
                    Some(target) => group_numbers(scan, target, cell_of, numbers, budget)?,
                    None => session_numbers(scan, cell_of, numbers, budget)?,
                };
                pairs.add(cell_of, &ids, "sessions", budget)?;
            }
            Counts::Moments(moments) => {
                grow(moments, cells, "breakdown values", budget)?;
                if let Some(target) = self.property {
                    let numbers = scan.numbers(target)?;
                    let (values, present) = numbers.slices();
                    if !values.is_empty() {
                        numeric::accumulate(cell_of, values, present, moments);
                    }
                }
            }
            Counts::Numbers(collected) => {
                if let Some(target) = self.property {
                    let numbers = scan.numbers(target)?;
                    let (values, present) = numbers.slices();
                    if !values.is_empty() {
                        reserve(collected, values.len(), "values of a quantile", budget)?;
                        numeric::collect(cell_of, values, present, collected);
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes in the counts of other segments.
    pub(super) fn merge(&mut self, other: Tally<'a>) -> Result<(), QueryError> {
        let budget = self.plan.budget;
        match (&mut self.counts, other.counts) {
            (Counts::Rows(mine), Counts::Rows(others)) => {
                grow(mine, others.len(), "breakdown values", budget)?;
                mine.iter_mut().zip(others).for_each(|(mine, other)| *mine += other);
            }
            (Counts::PersonBits { bits: mine, .. }, Counts::PersonBits { bits: others, .. }) => {
                mine.iter_mut().zip(others).for_each(|(mine, other)| *mine |= other);
            }
            (Counts::PersonPairs(mine), Counts::PersonPairs(others)) => mine.extend(others.0, "persons", budget)?,
            (Counts::IdPairs(mine, numbers), Counts::IdPairs(others, other_numbers)) => {
                // The same session has another number on the other side.
                let mut number_of = vec![NO_CELL; other_numbers.len()];
                for (session, number) in other_numbers {
                    let next = numbers.len() as u32;
                    number_of[number as usize] = *numbers.entry(session).or_insert(next);
                }
                let renumber = |pair: u64| pair >> 32 << 32 | u64::from(number_of[pair as u32 as usize]);
                mine.extend(others.0.into_iter().map(renumber).collect(), "sessions", budget)?;
            }
            (Counts::Moments(mine), Counts::Moments(others)) => {
                grow(mine, others.len(), "breakdown values", budget)?;
                mine.iter_mut().zip(&others).for_each(|(mine, other)| mine.merge(other));
            }
            (Counts::Numbers(mine), Counts::Numbers(others)) => {
                reserve(mine, others.len(), "values of a quantile", budget)?;
                mine.extend(others);
            }
            (Counts::Elsewhere, Counts::Elsewhere) => {}
            // Both sides were made for one series by one plan.
            _ => debug_assert!(false, "tallies of two series were merged"),
        }
        Ok(())
    }

    /// The numbers per cell and per group, as the math of `series` wants them. `cumulative`: each person, session or group
    /// counts only in its first bucket.
    pub(super) fn finish(
        self,
        (series, cumulative): (&BoundSeries, bool),
        groups: usize,
        buckets: usize,
    ) -> Result<Lines, QueryError> {
        self.plan.budget.check()?;
        let cells = groups * buckets;
        Ok(match self.counts {
            Counts::Elsewhere => Lines { cells: vec![None; cells], totals: vec![None; groups] },
            Counts::Rows(mut counts) => {
                counts.resize(cells, 0);
                let totals = counts.chunks(buckets).map(|group| group.iter().sum()).collect();
                lines_of_counts(counts, totals)
            }
            Counts::PersonBits { words, mut bits } => {
                if cumulative {
                    bits.chunks_mut(words * buckets).for_each(|group| distinct::only_first(group, words));
                }
                let ones = |words: &[u64]| words.iter().map(|word| u64::from(word.count_ones())).sum();
                let counts = bits.chunks(words).map(ones).collect();
                let union = |group: &[u64]| {
                    let mut all = vec![0; words];
                    for cell in group.chunks(words) {
                        all.iter_mut().zip(cell).for_each(|(all, word)| *all |= word);
                    }
                    ones(&all)
                };
                let totals = bits.chunks(words * buckets).map(union).collect();
                lines_of_counts(counts, totals)
            }
            Counts::PersonPairs(pairs) | Counts::IdPairs(pairs, _) => {
                let mut pairs = pairs.sorted();
                if cumulative {
                    distinct::only_first_pairs(&mut pairs, buckets as u32);
                }
                let (mut counts, mut totals, mut scratch) = (vec![0; cells], vec![0; groups], Vec::new());
                distinct::per_cell(&pairs, 1, &mut counts, &mut scratch);
                distinct::per_cell(&pairs, buckets as u32, &mut totals, &mut scratch);
                lines_of_counts(counts, totals)
            }
            Counts::Moments(mut moments) => {
                moments.resize(cells, Moments::default());
                let total = |group: &[Moments]| {
                    let mut all = Moments::default();
                    group.iter().for_each(|cell| all.merge(cell));
                    number(series.math, &all)
                };
                let totals = moments.chunks(buckets).map(total).collect();
                Lines { cells: moments.iter().map(|cell| number(series.math, cell)).collect(), totals }
            }
            Counts::Numbers(mut numbers) => {
                let mut lines = Lines { cells: vec![None; cells], totals: vec![None; groups] };
                quantiles(&mut numbers, 1, series.math, &mut lines.cells);
                quantiles(&mut numbers, buckets as u32, series.math, &mut lines.totals);
                lines
            }
        })
    }
}

/// A set of persons per cell: as bits where a quarter of the memory is enough for them, else as pairs.
fn persons(plan: TallyPlan<'_>) -> Result<Counts, QueryError> {
    let words = plan.snapshot.person_of().len().div_ceil(64).max(1);
    let bytes = plan.fixed_cells.and_then(|cells| cells.checked_mul(words)?.checked_mul(8));
    match bytes.filter(|bytes| *bytes <= plan.budget.memory_limit() / 4 / 2) {
        Some(bytes) => {
            plan.budget.take(bytes, "persons")?;
            Ok(Counts::PersonBits { words, bits: vec![0; bytes / 8] })
        }
        None => Ok(Counts::PersonPairs(Pairs::default())),
    }
}

/// The number of each row's group key; missing and empty keys have none.
fn group_numbers(
    scan: &Scan<'_>,
    target: &Target,
    cell_of: &[u32],
    numbers: &mut HashMap<Box<str>, u32>,
    budget: &Budget<'_>,
) -> Result<Vec<u32>, QueryError> {
    let wanted: Vec<bool> = cell_of.iter().map(|cell| *cell != NO_CELL).collect();
    scan.groups(target, &wanted, |key| {
        let Some(key) = key else { return Ok(NO_CELL) };
        if let Some(number) = numbers.get(key) {
            return Ok(*number);
        }
        // The key, its number and the table's share of one entry.
        budget.take(key.len() + 48, "groups")?;
        let next = numbers.len() as u32;
        numbers.insert(key.into(), next);
        Ok(next)
    })
}

/// The number of each row's session; only sessions of rows that count are numbered.
fn session_numbers(
    scan: &Scan<'_>,
    cell_of: &[u32],
    numbers: &mut HashMap<Box<str>, u32>,
    budget: &Budget<'_>,
) -> Result<Vec<u32>, QueryError> {
    let column = scan.segment.session_ids()?;
    let mut number_of = vec![NO_CELL; column.dictionary.len()];
    let mut sessions = vec![NO_CELL; cell_of.len()];
    for ((cell, code), session) in cell_of.iter().zip(&column.codes).zip(&mut sessions) {
        let (true, Some(id)) = (*cell != NO_CELL, column.dictionary.get(*code as usize)) else { continue };
        let number = &mut number_of[*code as usize];
        if *number == NO_CELL {
            *number = match numbers.get(id) {
                Some(number) => *number,
                None => {
                    // The id, its number and the table's share of one entry.
                    budget.take(id.len() + 48, "sessions")?;
                    let next = numbers.len() as u32;
                    numbers.insert(id.clone(), next);
                    next
                }
            };
        }
        *session = *number;
    }
    Ok(sessions)
}

fn grow<T: Clone + Default>(
    cells: &mut Vec<T>,
    length: usize,
    what: &'static str,
    budget: &Budget<'_>,
) -> Result<(), QueryError> {
    if length > cells.len() {
        let capacity = cells.capacity();
        if length > capacity {
            let wanted = length.max(capacity + capacity / 2);
            budget.take((wanted - capacity) * size_of::<T>(), what)?;
            cells.reserve_exact(wanted - cells.len());
        }
        cells.resize(length, T::default());
    }
    Ok(())
}

fn reserve<T>(list: &mut Vec<T>, more: usize, what: &'static str, budget: &Budget<'_>) -> Result<(), QueryError> {
    if list.capacity() - list.len() < more {
        let wanted = (list.len() + more).max(list.capacity() + list.capacity() / 2);
        budget.take((wanted - list.capacity()) * size_of::<T>(), what)?;
        list.reserve_exact(wanted - list.len());
    }
    Ok(())
}

/// Pairs `cell << 32 | id`; repeats are removed when room runs out, so memory follows the distinct pairs.
#[derive(Default)]
struct Pairs(Vec<u64>);

impl Pairs {
    fn add(&mut self, cells: &[u32], ids: &[u32], what: &'static str, budget: &Budget<'_>) -> Result<(), QueryError> {
        self.make_room(cells.len(), what, budget)?;
        distinct::pair(cells, ids, &mut self.0);
        Ok(())
    }

    fn extend(&mut self, others: Vec<u64>, what: &'static str, budget: &Budget<'_>) -> Result<(), QueryError> {
        self.make_room(others.len(), what, budget)?;
        self.0.extend(others);
        Ok(())
    }

    fn make_room(&mut self, more: usize, what: &'static str, budget: &Budget<'_>) -> Result<(), QueryError> {
        if self.0.capacity() - self.0.len() < more {
            self.0.sort_unstable();
            self.0.dedup();
            reserve(&mut self.0, more, what, budget)?;
        }
        Ok(())
    }

    fn sorted(mut self) -> Vec<u64> {
        self.0.sort_unstable();
        self.0.dedup();
        self.0
    }
}

fn lines_of_counts(cells: Vec<u64>, totals: Vec<u64>) -> Lines {
    let numbers = |counts: Vec<u64>| counts.into_iter().map(|count| Some(count as f64)).collect();
    Lines { cells: numbers(cells), totals: numbers(totals) }
}

fn number(math: Math, moments: &Moments) -> Option<f64> {
    let any = (moments.count > 0).then_some(moments);
    match math {
        Math::Sum => finite(moments.sum()),
        Math::Avg => any.and_then(|all| finite(all.sum() / all.count as f64)),
        Math::Min => any.and_then(|all| finite(all.min)),
        Math::Max => any.and_then(|all| finite(all.max)),
        // No other math is tallied as moments.
        _ => None,
    }
}

/// Writes the quantile of each group of `width` neighbouring cells that has numbers.
fn quantiles(numbers: &mut [(u32, f64)], width: u32, math: Math, out: &mut [Option<f64>]) {
    numbers.sort_unstable_by(|a, b| (a.0 / width).cmp(&(b.0 / width)).then(a.1.total_cmp(&b.1)));
    let mut sorted = Vec::new();
    for run in numbers.chunk_by(|a, b| a.0 / width == b.0 / width) {
        sorted.clear();
        sorted.extend(run.iter().map(|(_, number)| *number));
        out[(run[0].0 / width) as usize] = numeric::quantile(&sorted, probability(math)).and_then(finite);
    }
}

/// One number out of sorted ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stat {
    Sum,
    Mean,
    /// By linear interpolation; 0 is the least, 1 the greatest.
    Quantile(f64),
}

/// `None`: there are no numbers.
pub(super) fn stat_of(stat: Stat, sorted: &[f64]) -> Option<f64> {
    match stat {
        Stat::Sum => Some(sorted.iter().sum()),
        Stat::Mean => (!sorted.is_empty()).then(|| sorted.iter().sum::<f64>() / sorted.len() as f64),
        Stat::Quantile(probability) => numeric::quantile(sorted, probability),
    }
}

pub(super) fn probability(math: Math) -> f64 {
    match math {
        Math::P75 => 0.75,
        Math::P90 => 0.9,
        Math::P95 => 0.95,
        Math::P99 => 0.99,
        _ => 0.5,
    }
}
