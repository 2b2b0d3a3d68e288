//! Second phase: blocks of persons, each person's rows in order.

use super::collect::{Hit, Hits};
use super::{Journeys, Row, Times};
use crate::limits::QueryError;
use model::Uuid;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

/// Marks a row of a merged id in [`Row::segment`].
pub(super) const MOVED: u32 = 1 << 31;

/// Rows of one block, about: they fit the cache.
const BLOCK_ROWS: u64 = 32_768;

/// How many ordinals make a block, so that it has about [`BLOCK_ROWS`] rows.
fn block_persons(persons: &Range<u32>, hits: &Hits) -> u32 {
    let rows = hits.segments.iter().map(Vec::len).sum::<usize>() + hits.moved.len();
    let share = persons.len() as u64 * BLOCK_ROWS / (rows as u64).max(1);
    share.clamp(64, 65_536) as u32
}

/// The rows of one block, side by side by person.
#[derive(Default)]
struct Block {
    /// Per person of the block where the rows start; one more than there are persons.
    starts: Vec<u32>,
    /// Where the next row of each person goes.
    next: Vec<u32>,
    rows: Vec<Row>,
}

impl Journeys<'_> {
    pub(super) fn visit<S: Send>(
        &self,
        hits: &Hits,
        persons: Range<u32>,
        states: &mut [S],
        visit: &(impl Fn(&mut S, u32, &[Row]) -> Result<(), QueryError> + Sync),
    ) -> Result<(), QueryError> {
        let next = AtomicU32::new(0);
        let block_persons = block_persons(&persons, hits);
        Self::threads(states, |state| {
            let mut block = Block::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(first) = number.checked_mul(block_persons).and_then(|first| first.checked_add(persons.start))
                else {
                    break;
                };
                if first >= persons.end {
                    break;
                }
                self.budget.check()?;
                let last = first.saturating_add(block_persons).min(persons.end);
                self.fill(&mut block, hits, first..last)?;
                for person in first..last {
                    let index = (person - first) as usize;
                    let rows = block.starts[index] as usize..block.starts[index + 1] as usize;
                    if rows.is_empty() {
                        continue;
                    }
                    let rows = &mut block.rows[rows];
                    self.order(rows)?;
                    visit(state, person, rows)?;
                }
            }
            self.budget.give(block.rows.capacity() * size_of::<Row>());
            Ok(())
        })
    }

    fn fill(&self, block: &mut Block, hits: &Hits, persons: Range<u32>) -> Result<(), QueryError> {
        let within = |list: &[Hit]| {
            let start = list.partition_point(|hit| hit.person < persons.start);
            start..start + list[start..].partition_point(|hit| hit.person < persons.end)
        };
        let ranges: Vec<Range<usize>> = hits.segments.iter().map(|list| within(list)).collect();
        let start = hits.moved.partition_point(|(_, hit)| hit.person < persons.start);
        let end = start + hits.moved[start..].partition_point(|(_, hit)| hit.person < persons.end);
        let moved = &hits.moved[start..end];
        let place = |hit: &Hit| (hit.person - persons.start) as usize;

        block.starts.clear();
        block.starts.resize(persons.len() + 1, 0);
        for (list, range) in hits.segments.iter().zip(&ranges) {
            list[range.clone()].iter().for_each(|hit| block.starts[place(hit) + 1] += 1);
        }
        moved.iter().for_each(|(_, hit)| block.starts[place(hit) + 1] += 1);
        let mut total = 0;
        for start in &mut block.starts {
            total += *start;
            *start = total;
        }
        block.next.clear();
        block.next.extend_from_slice(&block.starts[..persons.len()]);
        let more = (total as usize).saturating_sub(block.rows.capacity());
        if more > 0 {
            self.budget.take(more * size_of::<Row>(), "rows of persons")?;
            block.rows.reserve_exact(total as usize - block.rows.len());
        }
        block.rows.clear();
        block.rows.resize(total as usize, Row::default());
        let mut put = |segment: u32, hit: &Hit| {
            let next = &mut block.next[place(hit)];
            block.rows[*next as usize] = Row { at: hit.at, bits: hit.bits, value: hit.value, segment, row: hit.row };
            *next += 1;
        };
        for (index, (list, range)) in hits.segments.iter().zip(ranges).enumerate() {
            list[range].iter().for_each(|hit| put(index as u32, hit));
        }
        moved.iter().for_each(|(segment, hit)| put(segment | MOVED, hit));
        Ok(())
    }

    /// Puts one person's rows into the order (event_at, uuid). Days ascend already, so mostly there is nothing to do.
    fn order(&self, rows: &mut [Row]) -> Result<(), QueryError> {
        let exact = matches!(self.reading.times, Times::Exact);
        // Within one segment the rows of one ordinal are in the order of the uuids.
        let follows = |a: &Row, b: &Row| {
            a.at < b.at || (a.at == b.at && (!exact || (a.segment == b.segment && a.segment & MOVED == 0)))
        };
        if rows.windows(2).all(|pair| follows(&pair[0], &pair[1])) {
            return Ok(());
        }
        rows.sort_by_key(|row| row.at);
        if exact {
            for tie in rows.chunk_by_mut(|a, b| a.at == b.at).filter(|tie| tie.len() > 1) {
                let mut keyed =
                    tie.iter().map(|row| Ok((self.uuid(row)?, *row))).collect::<Result<Vec<_>, QueryError>>()?;
                keyed.sort_unstable_by_key(|(uuid, _)| *uuid);
                tie.iter_mut().zip(keyed).for_each(|(row, (_, sorted))| *row = sorted);
            }
        }
        Ok(())
    }

    /// The uuid of a row's event.
    pub(crate) fn uuid(&self, row: &Row) -> Result<Uuid, QueryError> {
        let segment = self.segments[(row.segment & !MOVED) as usize];
        Ok(Uuid::from_bytes(segment.uuids()?[row.row as usize]))
    }
}
