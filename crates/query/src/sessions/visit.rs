//! Second phase: blocks of sessions, each session's events in order.

use super::collect::{Collected, SESSIONS};
use super::{INFERRED, Key, SessionRow, Sessions};
use crate::journeys::Journeys;
use crate::kernels::visits;
use crate::limits::QueryError;
use model::Uuid;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::Segment;

/// Rows of one block, about: they fit the cache.
const BLOCK_ROWS: u64 = 32_768;

/// One session.
pub(crate) struct Visit<'a> {
    /// Its events in the order (event_at, uuid); never empty.
    pub(crate) rows: &'a [SessionRow],
    /// `None`: inferred.
    name: Option<&'a Arc<str>>,
    sessions: &'a Sessions<'a>,
}

impl Visit<'_> {
    /// What the session is called.
    pub(crate) fn id(&self) -> Result<String, QueryError> {
        Ok(match self.name {
            Some(name) => name.to_string(),
            None => format!("i-{}", self.first_uuid()?),
        })
    }

    /// The segment of one of its events, and the row there.
    pub(crate) fn place(&self, row: &SessionRow) -> (&Segment, usize) {
        (self.sessions.segments[row.segment as usize], row.row as usize)
    }

    /// The uuid of its first event.
    pub(crate) fn first_uuid(&self) -> Result<Uuid, QueryError> {
        self.sessions.uuid(&self.rows[0])
    }
}

impl Sessions<'_> {
    pub(super) fn visit<S: Send>(
        &self,
        collected: &Collected,
        states: &mut [S],
        visit: &(impl Fn(&mut S, &Visit<'_>) -> Result<(), QueryError> + Sync),
    ) -> Result<(), QueryError> {
        let rows: u64 = collected.segments.iter().map(|list| list.len() as u64).sum();
        let (named, persons) = (collected.names.len() as u64, self.snapshot.person_of().len() as u64);
        let inferred = self.key == (Key::Session { infer: true });
        let counts = [named, if inferred { persons } else { 0 }];
        // Blocks of named sessions first, then those of persons.
        let width = ((counts[0] + counts[1]) * BLOCK_ROWS / rows.max(1)).clamp(64, 65_536);
        let blocks = counts.map(|count| count.div_ceil(width));
        let next = AtomicU64::new(0);
        Journeys::threads(states, |state| {
            let (mut block, mut at, mut ends) = (Vec::new(), Vec::new(), Vec::new());
            let mut taken = 0;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let (base, first, end) = match number.checked_sub(blocks[0]) {
                    None => (0, number * width, counts[0]),
                    Some(behind) if behind < blocks[1] => (INFERRED, behind * width, counts[1]),
                    Some(_) => break,
                };
                self.budget.check()?;
                let last = (first + width).min(end);
                self.fill(&mut block, &mut taken, collected, base | first as u32..base | last as u32)?;
                for rows in block.chunk_by_mut(|a, b| a.session == b.session) {
                    self.order(rows)?;
                    let name = collected.names.get(rows[0].session as usize).filter(|_| base == 0);
                    ends.clear();
                    match name {
                        Some(_) => ends.push(rows.len()),
                        None => {
                            at.clear();
                            at.extend(rows.iter().map(|row| row.at));
                            visits::ends(&at, &mut ends);
                        }
                    }
                    let mut start = 0;
                    for end in &ends {
                        visit(state, &Visit { rows: &rows[start..*end], name, sessions: self })?;
                        start = *end;
                    }
                }
            }
            self.budget.give(taken);
            Ok(())
        })
    }

    /// The rows of these sessions, by session and instant.
    fn fill(
        &self,
        block: &mut Vec<SessionRow>,
        taken: &mut usize,
        collected: &Collected,
        sessions: Range<u32>,
    ) -> Result<(), QueryError> {
        block.clear();
        for list in &collected.segments {
            let start = list.partition_point(|row| row.session < sessions.start);
            let end = start + list[start..].partition_point(|row| row.session < sessions.end);
            let more = (block.len() + end - start).saturating_sub(block.capacity());
            if more > 0 {
                // Sorting needs half as much again.
                let bytes = (more + more / 2) * size_of::<SessionRow>();
                self.budget.take(bytes, SESSIONS)?;
                *taken += bytes;
                block.reserve_exact(end - start);
            }
            block.extend_from_slice(&list[start..end]);
        }
        block.sort_by_key(|row| (row.session, row.at));
        Ok(())
    }

    /// Puts events of one session at one instant into the order of their uuids.
    fn order(&self, rows: &mut [SessionRow]) -> Result<(), QueryError> {
        for tie in rows.chunk_by_mut(|a, b| a.at == b.at).filter(|tie| tie.len() > 1) {
            let mut keyed =
                tie.iter().map(|row| Ok((self.uuid(row)?, *row))).collect::<Result<Vec<_>, QueryError>>()?;
            keyed.sort_unstable_by_key(|(uuid, _)| *uuid);
            tie.iter_mut().zip(keyed).for_each(|(row, (_, sorted))| *row = sorted);
        }
        Ok(())
    }

    fn uuid(&self, row: &SessionRow) -> Result<Uuid, QueryError> {
        Ok(Uuid::from_bytes(self.segments[row.segment as usize].uuids()?[row.row as usize]))
    }
}
