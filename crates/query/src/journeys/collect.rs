//! First phase: the rows that matter, segment by segment.

use super::{Journeys, Marker, Marks, Times};
use crate::kernels::hits;
use crate::limits::QueryError;
use crate::scan::Scan;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::Segment;

/// What this phase needs memory for, in errors.
pub(super) const ROWS: &str = "rows of persons";

/// A row that matters, as it lies in its segment's list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hit {
    pub(crate) at: i64,
    pub(crate) person: u32,
    pub(crate) bits: u32,
    pub(crate) value: u32,
    pub(crate) row: u32,
}

/// All rows that matter of a range of ordinals.
pub(super) struct Hits {
    /// One list per segment, each ascending by person.
    pub(super) segments: Vec<Vec<Hit>>,
    /// Those of merged ids with their segment, ascending by person.
    pub(super) moved: Vec<(u32, Hit)>,
    /// What they take of the budget.
    pub(super) bytes: usize,
}

/// What one thread has read.
#[derive(Default)]
struct Part {
    segments: Vec<(usize, Vec<Hit>)>,
    moved: Vec<(u32, Hit)>,
    bytes: usize,
}

impl Journeys<'_> {
    pub(super) fn collect(&self, marker: &dyn Marker, persons: Range<u32>) -> Result<Hits, QueryError> {
        let next = AtomicUsize::new(0);
        let mut parts: Vec<Part> = (0..self.budget.threads()).map(|_| Part::default()).collect();
        Self::threads(&mut parts, |part| {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(segment) = self.segments.get(index) else { return Ok(()) };
                self.budget.check()?;
                self.collect_segment(marker, (index, segment), &persons, part)?;
                self.budget.passed(segment.rows());
            }
        })?;
        let mut hits = Hits { segments: vec![Vec::new(); self.segments.len()], moved: Vec::new(), bytes: 0 };
        for part in parts {
            hits.bytes += part.bytes;
            hits.moved.extend(part.moved);
            for (index, list) in part.segments {
                hits.segments[index] = list;
            }
        }
        hits.moved.sort_unstable_by_key(|(segment, hit)| (hit.person, *segment, hit.row));
        Ok(hits)
    }

    fn collect_segment(
        &self,
        marker: &dyn Marker,
        (index, segment): (usize, &Segment),
        persons: &Range<u32>,
        part: &mut Part,
    ) -> Result<(), QueryError> {
        let scan = Scan::new(segment, self.snapshot, self.budget);
        let Some(Marks { mut bits, values }) = marker.mark(&scan)? else { return Ok(()) };
        self.budget.check()?;
        let event_at = segment.event_at()?;
        let range = self.reading.range;
        let (first, last) = segment.event_at_range();
        if first < range.0 || last > range.1 {
            hits::outside(&event_at, range, self.reading.history, &mut bits);
        }
        let ordinals = segment.ordinals()?;
        let person_of = self.snapshot.person_of();
        let count = hits::count(&bits);
        let mut list: Vec<Hit> = Vec::new();
        let bytes = count * size_of::<Hit>();
        self.budget.take(bytes, ROWS)?;
        list.reserve_exact(count);
        let moved_before = part.moved.len();
        let mut bucket = Bucket::of(self.reading.times);
        let collapse = matches!(self.reading.times, Times::Buckets(_));
        for (row, bits) in bits.iter().enumerate() {
            if *bits == 0 {
                continue;
            }
            let ordinal = ordinals[row];
            let person = person_of[ordinal as usize];
            if !persons.contains(&person) {
                continue;
            }
            let value = values.as_ref().map_or(0, |values| values[row]);
            let hit = Hit { at: bucket.at(event_at[row]), person, bits: *bits, value, row: row as u32 };
            if person != ordinal {
                part.moved.push((index as u32, hit));
                continue;
            }
            let repeats =
                |last: &Hit| last.person == person && last.at == hit.at && last.bits == hit.bits && last.value == value;
            if collapse && list.last().is_some_and(repeats) {
                continue;
            }
            list.push(hit);
        }
        list.shrink_to_fit();
        let moved_bytes = (part.moved.len() - moved_before) * size_of::<(u32, Hit)>();
        self.budget.take(moved_bytes, ROWS)?;
        let kept = list.len() * size_of::<Hit>();
        self.budget.give(bytes - kept);
        part.bytes += kept + moved_bytes;
        part.segments.push((index, list));
        Ok(())
    }
}

/// The bucket of an instant; remembers the last, for neighbours mostly share it.
struct Bucket<'a> {
    edges: Option<&'a [i64]>,
    start: i64,
    end: i64,
    number: i64,
}

impl<'a> Bucket<'a> {
    fn of(times: Times<'a>) -> Self {
        let edges = match times {
            Times::Exact => None,
            Times::Buckets(edges) | Times::CountedBuckets(edges) => Some(edges),
        };
        Self { edges, start: 0, end: 0, number: -1 }
    }

    fn at(&mut self, at: i64) -> i64 {
        let Some(edges) = self.edges else { return at };
        if at < self.start || at >= self.end {
            let after = edges.partition_point(|edge| *edge <= at);
            self.number = after as i64 - 1;
            self.start = if after == 0 { i64::MIN } else { edges[after - 1] };
            self.end = edges.get(after).copied().unwrap_or(i64::MAX);
        }
        self.number
    }
}
