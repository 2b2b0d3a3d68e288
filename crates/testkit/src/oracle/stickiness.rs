//! Stickiness: for every person count the buckets.

use super::dates::Wall;
use super::identity::Persons;
use super::journey::{by_person, matches};
use super::trends::{Period, compared};
use crate::events::World;
use model::Event;
use model::insight::step::EventMatch;
use model::insight::stickiness::{CountIs, StickinessQuestion};
use model::time::Interval;
use std::collections::BTreeSet;

/// Per series and column the persons; where the question compares, those of the other period behind them. `None`: the range
/// starts after it ends.
pub fn stickiness(
    all: &[Event],
    persons: &Persons,
    question: &StickinessQuestion,
    world: &World,
) -> Option<Vec<Vec<BTreeSet<String>>>> {
    let wall = Wall::new(&world.clock);
    let earliest = all.iter().map(|event| event.event_at).min();
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let (mut from, to) = wall.range(dates, question.interval, world.now, earliest)?;
    if matches!(question.interval, Interval::Week | Interval::Month) && !question.explicit_date {
        from = wall.bucket_start(from, question.interval);
    }
    let starts = wall.buckets(from, to, question.interval);
    let people = by_person(all, persons);
    let current = Period { from, to, starts };
    let other = question.compare.as_ref().map(|compare| {
        let dates = (question.date_from.as_deref(), question.date_to.as_deref());
        compared(compare, dates, &current, question.interval, &wall, world.now).expect("a period like the other")
    });
    let line = |Period { from, to, starts }: &Period, series: &EventMatch| {
        let mut columns = vec![BTreeSet::new(); starts.len()];
        for (person, events) in &people {
            let mut active = 0;
            for bucket in 0..starts.len() {
                let times = events
                    .iter()
                    .filter(|event| *from <= event.event_at && event.event_at <= *to)
                    .filter(|event| starts.iter().rposition(|start| *start <= event.event_at) == Some(bucket))
                    .filter(|event| {
                        let lists = [&question.filters[..], &series.filters];
                        matches(event, (&series.event, &series.action), lists, &wall, world.now)
                    })
                    .count() as u32;
                let is_active = match question.criterion {
                    None => times > 0,
                    Some(criterion) => match criterion.operator {
                        CountIs::Gte => times >= criterion.value,
                        CountIs::Lte => times > 0 && times <= criterion.value,
                        CountIs::Exact => times == criterion.value,
                    },
                };
                active += usize::from(is_active);
            }
            for column in 1..=starts.len() {
                if column == active || (question.cumulative && active >= column) {
                    columns[column - 1].insert(person.clone());
                }
            }
        }
        columns
    };
    let periods = std::iter::once(&current).chain(&other);
    Some(periods.flat_map(|period| question.series.iter().map(|series| line(period, series))).collect())
}
