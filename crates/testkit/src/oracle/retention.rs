//! Retention: for every cell, go through all persons and ask.

use super::dates::Wall;
use super::filter;
use super::identity::Persons;
use super::journey::{by_person, is_of, matches, split_value};
use crate::events::World;
use model::insight::retention::{Period, RetentionQuestion, Start};
use model::insight::step::EventMatch;
use model::insight::trends::{NONE_LABEL, OTHER_LABEL};
use model::time::{DAY, Interval};
use model::{Event, Micros};
use std::collections::{BTreeMap, BTreeSet};

/// The persons of each cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Retention {
    /// Start of each interval, µs.
    pub starts: Vec<Micros>,
    /// Value, and the persons by row and column.
    pub rows: Vec<(Option<String>, Cells)>,
}

/// The persons of each row and column, and the numbers of their return events.
#[derive(Debug, Clone, PartialEq)]
pub struct Cells {
    /// By row and column.
    pub persons: Vec<Vec<BTreeSet<String>>>,
    /// By row and column; filled where an aggregate is asked for.
    pub numbers: Vec<Vec<Vec<f64>>>,
}

impl Cells {
    fn empty(count: usize) -> Cells {
        Cells {
            persons: (0..count).map(|row| vec![BTreeSet::new(); count - row]).collect(),
            numbers: (0..count).map(|row| vec![Vec::new(); count - row]).collect(),
        }
    }
}

/// Answers a retention question.
pub fn retention(all: &[Event], persons: &Persons, question: &RetentionQuestion, world: &World) -> Option<Retention> {
    let wall = Wall::new(&world.clock);
    let (interval, hours) = match question.period {
        Period::Hour => (Interval::Hour, 1),
        Period::Day => (Interval::Day, 24),
        Period::Week => (Interval::Week, 7 * 24),
        Period::Month => (Interval::Month, 30 * 24),
    };
    let count = question.intervals.unwrap_or(8) as usize;
    let (_, mut to) = wall.range(("2000-01-01", question.date_to.as_deref()), interval, world.now, None)?;
    let length = hours * 3_600_000_000;
    let starts: Vec<Micros> = if question.rolling {
        (0..count).map(|index| to + 1 - (count - index) as i64 * length).collect()
    } else {
        let mut starts = vec![wall.bucket_start(to, interval)];
        while starts.len() < count {
            starts.insert(0, wall.bucket_start(starts[0] - 1, interval));
        }
        // To the end of the bucket that holds `date_to`.
        let bucket = wall.bucket_start(to, interval);
        // Buckets follow each other, so the coarse steps leave out none.
        for step in [DAY, DAY / 24, DAY / 96] {
            while wall.bucket_start(to + step, interval) == bucket {
                to += step;
            }
        }
        to = wall.bucket_start(to + 900_000_000, interval) - 1;
        starts
    };
    let is = |what: &EventMatch, event: &Event| {
        matches(event, (&what.event, &what.action), [&question.filters, &what.filters], &wall, world.now)
    };
    let returning = question.return_event.as_ref().unwrap_or(&question.start_event);
    let people = by_person(all, persons);
    let value_of = |event: &Event| {
        question
            .breakdown
            .as_ref()
            .and_then(|breakdown| split_value(event, (breakdown.scope, &breakdown.property), &breakdown.and))
    };
    let number_of = |event: &Event| {
        let aggregate = question.aggregate.as_ref()?;
        match &aggregate.property {
            None => Some(1.0),
            Some(key) => filter::value_of(event, key)?.number(),
        }
    };
    let interval_of = |at: Micros| starts.iter().rposition(|start| *start <= at).filter(|_| at <= to);

    // The cells of the units that `row` names: a unit is a person with one name.
    let cells = |row: &dyn Fn(Option<String>) -> Option<String>| -> BTreeMap<String, Cells> {
        let mut found: BTreeMap<String, Cells> = BTreeMap::new();
        for (person, events) in &people {
            let past: Vec<&Event> = events.iter().copied().filter(|event| event.event_at <= to).collect();
            let first = match question.start {
                Start::Recurring => None,
                Start::FirstTime => past.iter().copied().find(|event| is(&question.start_event, event)),
                Start::FirstEver => past
                    .iter()
                    .copied()
                    .find(|event| is_of(event, (&question.start_event.event, &question.start_event.action)))
                    .filter(|event| is(&question.start_event, event)),
            };
            let starting: Vec<&Event> = if question.start == Start::Recurring {
                past.iter()
                    .copied()
                    .filter(|event| event.event_at >= starts[0] && is(&question.start_event, event))
                    .collect()
            } else {
                first.into_iter().filter(|event| event.event_at >= starts[0]).collect()
            };
            let names: BTreeSet<String> = starting.iter().filter_map(|event| row(value_of(event))).collect();
            for name in names {
                let own = |event: &&Event| row(value_of(event)).as_ref() == Some(&name);
                let starting: Vec<&Event> = starting.iter().copied().filter(own).collect();
                let back: Vec<&Event> = past
                    .iter()
                    .copied()
                    .filter(|event| event.event_at >= starts[0] && is(returning, event))
                    .filter(own)
                    .collect();
                let started: BTreeSet<usize> =
                    starting.iter().filter_map(|event| interval_of(event.event_at)).collect();
                let back_in: Vec<usize> = back.iter().filter_map(|event| interval_of(event.event_at)).collect();
                let t0 = starting.first().map(|event| event.event_at);
                let columns: BTreeSet<i64> = back
                    .iter()
                    .filter_map(|event| Some(event.event_at - t0?).filter(|elapsed| *elapsed >= 0))
                    .map(|elapsed| elapsed / length)
                    .collect();
                let is_in = |i: usize, j: usize| -> bool {
                    if question.rolling {
                        let row = t0.map(|t0| (t0 - starts[0]) / length);
                        return row == Some(i as i64) && (j == 0 || columns.contains(&(j as i64)));
                    }
                    let times = back_in.iter().filter(|interval| **interval == i + j).count();
                    started.contains(&i) && (j == 0 || times >= question.minimum_occurrences.unwrap_or(1) as usize)
                };
                let cells = found.entry(name).or_insert_with(|| Cells::empty(count));
                for (i, row) in cells.numbers.iter_mut().enumerate() {
                    for (j, numbers) in row.iter_mut().enumerate() {
                        for event in &back {
                            let elapsed = t0.map(|t0| event.event_at - t0).filter(|elapsed| *elapsed >= 0);
                            let column = if question.rolling {
                                let is_row = t0.map(|t0| (t0 - starts[0]) / length) == Some(i as i64);
                                elapsed.map(|elapsed| (elapsed / length) as usize).filter(|_| is_row)
                            } else {
                                let interval = interval_of(event.event_at).filter(|_| started.contains(&i));
                                interval.and_then(|interval| interval.checked_sub(i))
                            };
                            let is_in = column.is_some_and(|k| k == j || (question.cumulative && k > j));
                            numbers.extend(number_of(event).filter(|_| is_in));
                        }
                    }
                }
                for (i, row) in cells.persons.iter_mut().enumerate() {
                    for (j, cell) in row.iter_mut().enumerate() {
                        let later = |k: usize| is_in(i, k);
                        let is_in = if question.cumulative && j > 0 { (j..count - i).any(later) } else { later(j) };
                        if is_in {
                            cell.insert(person.clone());
                        }
                    }
                }
            }
        }
        found
    };
    let empty = || Cells::empty(count);
    let Some(breakdown) = &question.breakdown else {
        let whole = cells(&|_| Some(String::new())).remove("").unwrap_or_else(empty);
        return Some(Retention { starts, rows: vec![(None, whole)] });
    };
    // A leading letter keeps values apart from what stands for missing and other ones.
    let raw = cells(&|value| Some(value.map_or("n".to_owned(), |value| format!("v{value}"))));
    let size = |cells: &Cells| cells.persons.iter().map(|row| row[0].len()).sum::<usize>();
    let mut ranked: Vec<_> = raw
        .iter()
        .filter_map(|(name, cells)| Some((std::cmp::Reverse(size(cells)), name.strip_prefix('v')?.to_owned())))
        .collect();
    ranked.sort();
    let limit = breakdown.limit.unwrap_or(25) as usize;
    let kept: Vec<String> = ranked.iter().take(limit).map(|(_, value)| value.clone()).collect();
    let mut named = cells(&|value| match value {
        None => Some("n".to_owned()),
        Some(value) if kept.contains(&value) => Some(format!("v{value}")),
        Some(_) if breakdown.hide_other => None,
        Some(_) => Some("o".to_owned()),
    });
    let mut rows: Vec<(Option<String>, Cells)> = Vec::new();
    for value in kept {
        let cells = named.remove(&format!("v{value}")).unwrap_or_else(empty);
        rows.push((Some(value), cells));
    }
    if let Some(cells) = named.remove("n") {
        rows.push((Some(NONE_LABEL.to_owned()), cells));
    }
    if ranked.len() > limit && !breakdown.hide_other {
        rows.push((Some(OTHER_LABEL.to_owned()), named.remove("o").unwrap_or_else(empty)));
    }
    Some(Retention { starts, rows })
}
