//! Visits gathered into request bodies.

use crate::schedule::Deliveries;
use crate::visit::{Step, Visit};
use crate::{Delivery, Demo, Micros, render};

/// A request body: the SDK's envelope with the events of whole visits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// JSON text.
    pub body: Vec<u8>,
    /// Its events.
    pub events: u32,
    /// When its last visit arrives: whoever goes on from here loses nothing and repeats at most this visit.
    pub until: Micros,
}

/// The batches of a demo that arrive from one instant up to, not with, another.
#[derive(Debug, Clone)]
pub struct Batches {
    demo: Demo,
    deliveries: std::iter::Peekable<Deliveries>,
    until: Micros,
    events_min: u32,
    steps: Vec<Step>,
}

impl Batches {
    /// Batches of at least `events_min` events each, but the last; one visit is never cut, and has at most some tens
    /// of events. 1 makes one batch of each visit, as phones send them.
    pub fn new(demo: &Demo, from: Micros, until: Micros, events_min: u32) -> Batches {
        let deliveries = demo.deliveries(from).peekable();
        Batches { demo: demo.clone(), deliveries, until, events_min, steps: Vec::new() }
    }

    /// When the next batch begins to arrive; `None` when nothing is left.
    pub fn next_at(&mut self) -> Option<Micros> {
        self.deliveries.peek().map(|delivery| delivery.at).filter(|at| *at < self.until)
    }

    /// Moves the end: a demo that keeps up with the clock does so again and again.
    pub fn extend(&mut self, until: Micros) {
        self.until = until;
    }

    fn write(&mut self, delivery: &Delivery, out: &mut Vec<u8>) {
        let visit = Visit::of(&self.demo, delivery);
        visit.steps(&mut self.steps);
        // Persons below 2^20, visits of a person on a day below 4, days of the period below 2^17: 39 bits.
        let day = (delivery.day - self.demo.first_day).unsigned_abs();
        let unique = day << 22 | u64::from(delivery.person) << 2 | u64::from(delivery.number);
        render::events(&visit, unique, self.demo.settings.seed, &self.steps, out);
    }
}

impl Iterator for Batches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let first = self.next_at()?;
        let mut batch =
            Batch { body: Vec::with_capacity(900 * (self.events_min as usize + 30)), events: 0, until: first };
        render::envelope_begin(
            first.unsigned_abs() ^ self.demo.settings.seed,
            first.unsigned_abs() / 1_000,
            &mut batch.body,
        );
        while batch.events < self.events_min {
            let until = self.until;
            let Some(delivery) = self.deliveries.next_if(|delivery| delivery.at < until) else { break };
            if batch.events > 0 {
                batch.body.push(b',');
            }
            self.write(&delivery, &mut batch.body);
            batch.events += delivery.events;
            batch.until = delivery.at;
        }
        render::envelope_end(&mut batch.body);
        Some(batch)
    }
}
