//! Lifecycle: for every person and bucket ask the definition.

use super::dates::Wall;
use super::identity::Persons;
use super::journey::{by_person, matches};
use crate::events::World;
use model::insight::lifecycle::LifecycleQuestion;
use model::person::has_profile;
use model::{Event, Micros};
use std::collections::BTreeSet;

/// The persons of one bucket.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lives {
    /// Seen for the first time.
    pub new: BTreeSet<String>,
    /// Also active in the bucket before.
    pub returning: BTreeSet<String>,
    /// Not active in the bucket before.
    pub resurrecting: BTreeSet<String>,
    /// Active only in the bucket before.
    pub dormant: BTreeSet<String>,
}

/// Start and persons of each bucket. `None`: the range starts after it ends.
pub fn lifecycle(
    all: &[Event],
    persons: &Persons,
    question: &LifecycleQuestion,
    world: &World,
) -> Option<Vec<(Micros, Lives)>> {
    let wall = Wall::new(&world.clock);
    let earliest = all.iter().map(|event| event.event_at).min();
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let (from, to) = wall.range(dates, question.interval, world.now, earliest)?;
    let mut starts = wall.buckets(from, to, question.interval);
    let shown = starts.clone();
    starts.insert(0, wall.bucket_start(starts[0] - 1, question.interval));
    let bucket_of = |at: Micros| starts.iter().rposition(|start| *start <= at);
    let mut lives: Vec<Lives> = vec![Lives::default(); starts.len()];
    for (person, events) in by_person(all, persons) {
        let active: BTreeSet<usize> = events
            .iter()
            .filter(|event| event.event_at <= to && has_profile(event))
            .filter(|event| {
                let lists = [&question.filters[..], &question.series.filters];
                matches(event, (&question.series.event, &question.series.action), lists, &wall, world.now)
            })
            .filter_map(|event| bucket_of(event.event_at))
            .collect();
        // A first event behind the last bucket is in none.
        let seen = events[0].event_at;
        let next = wall.bucket_start(to, question.interval);
        let seen = bucket_of(seen).filter(|_| wall.bucket_start(seen, question.interval) <= next);
        for (bucket, lives) in lives.iter_mut().enumerate().skip(1) {
            let before = active.contains(&(bucket - 1));
            if !active.contains(&bucket) {
                if before {
                    lives.dormant.insert(person.clone());
                }
            } else if active.first() == Some(&bucket) && seen == Some(bucket) {
                lives.new.insert(person.clone());
            } else if before {
                lives.returning.insert(person.clone());
            } else {
                lives.resurrecting.insert(person.clone());
            }
        }
    }
    Some(shown.into_iter().zip(lives.into_iter().skip(1)).collect())
}
