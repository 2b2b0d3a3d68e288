//! What is known of one session when all of its events are.

use super::facts::{CLICK, Fact, Facts, PAGE, SCREEN};
use super::{LONGEST, SessionRow};
use crate::values::NONE_GROUP;
use model::Micros;

/// A visit shorter than this can be a bounce, µs.
const BOUNCE: Micros = 10_000_000;

/// One session.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Summary {
    pub(crate) start: Micros,
    pub(crate) end: Micros,
    /// The person of its last event.
    pub(crate) person: u32,
    pub(crate) events: u64,
    pub(crate) pageviews: u64,
    pub(crate) screens: u64,
    pub(crate) clicks: u64,
    /// The first code of each wanted fact, in their order.
    pub(crate) first: Vec<u32>,
    /// The last code of each.
    pub(crate) last: Vec<u32>,
}

impl Summary {
    /// Reads a session's events, in their order; there is at least one.
    pub(crate) fn read(&mut self, rows: &[SessionRow], facts: &Facts<'_>, wanted: usize) {
        let (first, last) = (&rows[0], &rows[rows.len() - 1]);
        (self.start, self.end, self.person, self.events) = (first.at, last.at, last.person, rows.len() as u64);
        let count = |bit: u32| rows.iter().filter(|row| row.bits & bit != 0).count() as u64;
        (self.pageviews, self.screens, self.clicks) = (count(PAGE), count(SCREEN), count(CLICK));
        self.first.clear();
        self.first.resize(wanted, NONE_GROUP);
        self.last.clear();
        self.last.resize(wanted, NONE_GROUP);
        let mut before = 0;
        for row in rows {
            // The same again says nothing new.
            if row.value == before {
                continue;
            }
            before = row.value;
            facts.with(row.value, |codes| {
                for (code, (first, last)) in codes.iter().zip(self.first.iter_mut().zip(&mut self.last)) {
                    if *code != NONE_GROUP {
                        *last = *code;
                        if *first == NONE_GROUP {
                            *first = *code;
                        }
                    }
                }
            });
        }
    }

    pub(crate) fn duration(&self) -> Micros {
        self.end - self.start
    }

    /// Whether no good client makes it.
    pub(crate) fn too_long(&self) -> bool {
        self.duration() > LONGEST
    }

    /// `None`: it saw neither page nor screen.
    pub(crate) fn bounce(&self) -> Option<bool> {
        let seen = self.pageviews + self.screens;
        (seen > 0).then(|| seen == 1 && self.clicks == 0 && self.duration() < BOUNCE)
    }
}

/// Where a fact stands among those wanted.
pub(crate) fn position(wanted: &[Fact], fact: Fact) -> Option<usize> {
    wanted.iter().position(|wanted| *wanted == fact)
}
