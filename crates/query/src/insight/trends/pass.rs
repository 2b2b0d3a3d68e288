//! One pass over the segments of a trend: rows become cells, cells are tallied. Threads split the segments.

use super::tally::{Tally, TallyPlan};
use super::{Lines, Trend};
use crate::bind::filter::Target;
use crate::kernels::{NO_CELL, buckets, cells};
use crate::limits::QueryError;
use crate::scan::{Mask, Scan};
use crate::values::{Kept, Values};
use model::Micros;
use std::sync::Arc;
use store::Segment;

/// How the rows of a pass are split into groups.
pub(super) enum Grouping<'a> {
    /// All rows are one group.
    Single,
    /// Each value is a group; they are numbered as they are met.
    Every(&'a Target, &'a Values<'a>),
    /// The shown values, `(none)` and `(other)`.
    Shown(&'a Target, &'a Kept),
}

impl Grouping<'_> {
    /// How many groups there can be now.
    fn count(&self) -> usize {
        match self {
            Grouping::Single => 1,
            Grouping::Every(_, values) => values.count(),
            Grouping::Shown(_, kept) => kept.count(),
        }
    }

    /// The group of each wanted row; `None`: all rows are group 0.
    fn of(&self, scan: &Scan<'_>, wanted: &[bool]) -> Result<Option<Vec<u32>>, QueryError> {
        Ok(match self {
            Grouping::Single => None,
            Grouping::Every(target, values) => Some(scan.groups(target, wanted, |value| values.group_of(value))?),
            Grouping::Shown(target, kept) => Some(scan.groups(target, wanted, |value| Ok(kept.group_of(value)))?),
        })
    }
}

impl Trend<'_> {
    /// Counts every series over the buckets between `edges`.
    pub(super) fn pass(&self, edges: &[Micros], grouping: &Grouping<'_>) -> Result<Vec<Lines>, QueryError> {
        let runs = self.plan.split(self.budget.threads());
        let tallies = if let [first, second] = runs[..] {
            std::thread::scope(|scope| {
                let other = scope.spawn(|| self.run(second, edges, grouping));
                let mine = self.run(first, edges, grouping);
                let other = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                merged(mine?, other?)
            })?
        } else {
            self.run(runs.first().copied().unwrap_or_default(), edges, grouping)?
        };
        let (groups, buckets) = (grouping.count(), edges.len() - 1);
        let finish = |(tally, series): (Tally<'_>, _)| tally.finish(series, groups, buckets);
        tallies.into_iter().zip(&self.bound.series).map(finish).collect()
    }

    fn run(
        &self,
        segments: &[&Arc<Segment>],
        edges: &[Micros],
        grouping: &Grouping<'_>,
    ) -> Result<Vec<Tally<'_>>, QueryError> {
        // Groups of a first pass are not known before it ends, so their sets cannot be laid out as bits.
        let fixed_cells = (!matches!(grouping, Grouping::Every(..))).then(|| grouping.count() * (edges.len() - 1));
        let plan = TallyPlan { snapshot: self.snapshot, budget: self.budget, fixed_cells };
        let mut tallies = Vec::with_capacity(self.bound.series.len());
        for series in &self.bound.series {
            tallies.push(Tally::new(series, plan)?);
        }
        for segment in segments {
            self.budget.check()?;
            // A first pass and a second read the same rows; they count once.
            if !matches!(grouping, Grouping::Shown(..)) {
                self.budget.count_rows(segment.rows());
            }
            self.segment(segment, edges, grouping, &mut tallies)?;
        }
        Ok(tallies)
    }

    fn segment(
        &self,
        segment: &Segment,
        edges: &[Micros],
        grouping: &Grouping<'_>,
        tallies: &mut [Tally<'_>],
    ) -> Result<(), QueryError> {
        let rows = segment.rows();
        let scan = Scan::new(segment, self.budget);
        let base = scan.mask(&self.filter)?;
        if base == Mask::None {
            return Ok(());
        }
        let mut bucket_of = vec![NO_CELL; rows];
        buckets::assign(&segment.event_at()?, (self.bound.span.from, self.bound.span.to), edges, &mut bucket_of);
        let mut selected = Vec::with_capacity(tallies.len());
        for (series, filter) in self.bound.series.iter().zip(&self.series_filters) {
            self.budget.check()?;
            let named = match &series.event {
                Some(name) => scan.named(name)?,
                None => Mask::All,
            };
            selected.push(match named {
                Mask::None => None,
                named => Some(named.and(base.clone()).and(scan.mask(filter)?)).filter(|mask| *mask != Mask::None),
            });
        }
        let selected: Vec<_> = selected.into_iter().map(|mask| mask.map(|mask| mask.into_rows(rows))).collect();
        let groups = match grouping {
            Grouping::Single => None,
            grouping => grouping.of(&scan, &wanted(&selected, &bucket_of))?,
        };
        let buckets = (edges.len() - 1) as u32;
        let mut cell_of = vec![NO_CELL; rows];
        for (tally, selected) in tallies.iter_mut().zip(selected) {
            let Some(selected) = selected else { continue };
            self.budget.check()?;
            cells::compose(&selected, &bucket_of, groups.as_deref(), buckets, &mut cell_of);
            tally.add(&scan, &cell_of, grouping.count() * buckets as usize)?;
        }
        Ok(())
    }
}

/// Rows that count in some series: only their breakdown values matter.
fn wanted(selected: &[Option<Vec<bool>>], bucket_of: &[u32]) -> Vec<bool> {
    let mut wanted = vec![false; bucket_of.len()];
    for selected in selected.iter().flatten() {
        wanted.iter_mut().zip(selected).for_each(|(wanted, selected)| *wanted |= selected);
    }
    wanted.iter_mut().zip(bucket_of).for_each(|(wanted, bucket)| *wanted &= *bucket != NO_CELL);
    wanted
}

fn merged<'a>(mut into: Vec<Tally<'a>>, from: Vec<Tally<'a>>) -> Result<Vec<Tally<'a>>, QueryError> {
    for (into, from) in into.iter_mut().zip(from) {
        into.merge(from)?;
    }
    Ok(into)
}
