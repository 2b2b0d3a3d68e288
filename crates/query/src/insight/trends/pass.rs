//! One pass over the segments of a trend: rows become cells, cells are tallied. Threads split the segments.

use super::tally::{Tally, TallyPlan};
use super::{Lines, Trend, persons};
use crate::bind::filter::Target;
use crate::bind::trends::BoundSeries;
use crate::kernels::{NO_CELL, buckets, cells};
use crate::limits::QueryError;
use crate::scan::{Mask, Scan};
use crate::split::Split;
use crate::values::{Kept, Values};
use model::Micros;
use std::sync::Arc;
use store::Segment;

/// How the rows of a pass are split into groups.
pub(super) enum Grouping<'a> {
    /// All rows are one group.
    Single,
    /// Each value is a group; they are numbered as they are met.
    Every(&'a Split<'a>, &'a Values<'a>),
    /// The shown values, `(none)` and `(other)`.
    Shown(&'a Split<'a>, &'a Kept),
}

impl Grouping<'_> {
    /// How many groups there can be now.
    pub(super) fn count(&self) -> usize {
        match self {
            Grouping::Single => 1,
            Grouping::Every(_, values) => values.count(),
            Grouping::Shown(_, kept) => kept.count(),
        }
    }

    /// What splits the rows.
    pub(super) fn split(&self) -> Option<&Split<'_>> {
        match self {
            Grouping::Single => None,
            Grouping::Every(split, _) | Grouping::Shown(split, _) => Some(split),
        }
    }

    /// The group of one value, [`NO_CELL`] of a hidden one.
    pub(super) fn group_of(&self, value: Option<&str>) -> Result<u32, QueryError> {
        match self {
            Grouping::Single => Ok(0),
            Grouping::Every(_, values) => values.group_of(value),
            Grouping::Shown(_, kept) => Ok(kept.group_of(value)),
        }
    }

    /// The group of each wanted row; `None`: all rows are group 0.
    fn of(&self, scan: &Scan<'_>, wanted: &[bool]) -> Result<Option<Vec<u32>>, QueryError> {
        Ok(match self {
            Grouping::Single => None,
            Grouping::Every(split, values) => Some(split.groups(scan, wanted, |value| values.group_of(value))?),
            Grouping::Shown(split, kept) => Some(split.groups(scan, wanted, |value| Ok(kept.group_of(value)))?),
        })
    }
}

impl Trend<'_> {
    /// Counts every series over the buckets between `edges`.
    pub(super) fn pass(&self, edges: &[Micros], grouping: &Grouping<'_>) -> Result<Vec<Lines>, QueryError> {
        // Persons and sessions first: a value that only they meet is a group of all series.
        let mut apart = Vec::with_capacity(self.bound.series.len());
        for series in &self.bound.series {
            apart.push(match series {
                series if persons::counts(series.math) => Some(self.persons(series, edges, grouping)?),
                series if series.of_sessions() => Some(self.durations(series, edges, grouping)?),
                _ => None,
            });
        }
        let tallies = if self.bound.series.iter().all(|series| persons::counts(series.math)) {
            self.run(&[], edges, grouping)?
        } else {
            self.tallies(edges, grouping)?
        };
        let (groups, buckets) = (grouping.count(), edges.len() - 1);
        let finish = |((tally, series), apart): ((Tally<'_>, _), Option<Lines>)| match apart {
            Some(mut lines) => {
                lines.cells.resize(groups * buckets, Some(0.0));
                lines.totals.resize(groups, Some(0.0));
                Ok(lines)
            }
            None => tally.finish((series, self.bound.cumulative), groups, buckets),
        };
        tallies.into_iter().zip(&self.bound.series).zip(apart).map(finish).collect()
    }

    fn tallies(&self, edges: &[Micros], grouping: &Grouping<'_>) -> Result<Vec<Tally<'_>>, QueryError> {
        let runs = self.plan.split(self.budget.threads());
        if let [first, second] = runs[..] {
            return std::thread::scope(|scope| {
                let other = scope.spawn(|| self.run(second, edges, grouping));
                let mine = self.run(first, edges, grouping);
                let other = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                merged(mine?, other?)
            });
        }
        self.run(runs.first().copied().unwrap_or_default(), edges, grouping)
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
        self.budget.pass_of(segments.iter().map(|segment| segment.rows() as u64).sum());
        for segment in segments {
            self.budget.check()?;
            // A first pass and a second read the same rows; they count once.
            if !matches!(grouping, Grouping::Shown(..)) {
                self.budget.count_rows(segment.rows());
            }
            self.segment(segment, edges, grouping, &mut tallies)?;
            self.budget.passed(segment.rows());
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
        let scan = Scan::new(segment, self.snapshot, self.budget);
        let base = scan.mask(&self.filter)?;
        if base == Mask::None {
            return Ok(());
        }
        let range = (self.bound.span.from, self.bound.span.to);
        // A segment is one UTC day: where that is one bucket no row needs to be looked at.
        let shared = buckets::shared(segment.event_at_range(), range, edges);
        let mut bucket_of = vec![shared.unwrap_or(NO_CELL); rows];
        if shared.is_none() {
            buckets::assign(&segment.event_at()?, range, edges, &mut bucket_of);
        }
        // Durations of sessions are counted apart, but a value that only events without a session have is met here.
        let selected = self.selected(&scan, &base, |series| !persons::counts(series.math))?;
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

impl Trend<'_> {
    /// Per series the rows that it takes, if `which` takes the series.
    fn selected(
        &self,
        scan: &Scan<'_>,
        base: &Mask,
        which: impl Fn(&BoundSeries) -> bool,
    ) -> Result<Vec<Option<Vec<bool>>>, QueryError> {
        let mut selected = Vec::with_capacity(self.bound.series.len());
        for (series, filter) in self.bound.series.iter().zip(&self.series_filters) {
            self.budget.check()?;
            let named = match &series.event {
                Some(name) => scan.named(name)?,
                None => Mask::All,
            };
            let mask = match named {
                _ if !which(series) => Mask::None,
                Mask::None => Mask::None,
                named => named.and(base.clone()).and(scan.mask(filter)?),
            };
            selected
                .push(Some(mask).filter(|mask| *mask != Mask::None).map(|mask| mask.into_rows(scan.segment.rows())));
        }
        Ok(selected)
    }

    /// The least and the greatest number of each target, where there is one, over all events of the range that some
    /// series takes.
    pub(super) fn extremes(&self, targets: &[Option<&Target>]) -> Result<Vec<Option<(f64, f64)>>, QueryError> {
        let span = &self.bound.span;
        let whole = [span.edges[0], span.edges[span.edges.len() - 1]];
        let mut extremes: Vec<Option<(f64, f64)>> = vec![None; targets.len()];
        for segment in &self.plan.segments {
            self.budget.check()?;
            let scan = Scan::new(segment, self.snapshot, self.budget);
            let base = scan.mask(&self.filter)?;
            if base == Mask::None {
                continue;
            }
            let mut bucket_of = vec![NO_CELL; segment.rows()];
            buckets::assign(&segment.event_at()?, (span.from, span.to), &whole, &mut bucket_of);
            let wanted = wanted(&self.selected(&scan, &base, |_| true)?, &bucket_of);
            for (extremes, target) in extremes.iter_mut().zip(targets) {
                let Some(target) = target else { continue };
                let numbers = scan.numbers(target)?;
                let (values, present) = numbers.slices();
                let numbers =
                    values.iter().zip(present).zip(&wanted).filter(|((_, present), wanted)| **present && **wanted);
                for ((number, _), _) in numbers {
                    let (low, high) = extremes.get_or_insert((*number, *number));
                    (*low, *high) = (low.min(*number), high.max(*number));
                }
            }
        }
        Ok(extremes)
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
