//! Trends by going through all events again for every number.

use super::dates::Wall;
use super::filter::{self, value_of};
use super::identity::Persons;
use crate::events::World;
use model::insight::trends::{Math, NONE_LABEL, OTHER_LABEL, Series, TrendsQuestion};
use model::time::Interval;
use model::{Event, Micros};
use std::collections::BTreeSet;

/// The answer of a trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Local start, start in µs, and whether it holds now, of each bucket.
    pub buckets: Vec<(String, Micros, bool)>,
    /// By series, then by rank of the value.
    pub lines: Vec<Line>,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Position of the series.
    pub series: u32,
    /// Value of the breakdown.
    pub value: Option<String>,
    /// One per bucket.
    pub data: Vec<Option<f64>>,
    /// Sum of `data`.
    pub sum: f64,
    /// Over the whole range.
    pub total: Option<f64>,
}

/// Which values of the breakdown a line holds.
#[derive(Debug, Clone, PartialEq)]
enum Slice {
    Everything,
    Value(String),
    None,
    Other,
}

/// Answers a trends question. `None`: the range starts after it ends.
pub fn trends(all: &[Event], persons: &Persons, question: &TrendsQuestion, world: &World) -> Option<Trend> {
    let wall = Wall::new(&world.clock);
    let interval = question.interval;
    let earliest = all.iter().map(|event| event.event_at).min();
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let (mut from, to) = wall.range(dates, interval, world.now, earliest)?;
    if matches!(interval, Interval::Week | Interval::Month) && !question.explicit_date {
        from = wall.bucket_start(from, interval);
    }
    let starts = wall.buckets(from, to, interval);
    let bucket_of = |at: Micros| starts.iter().rposition(|start| *start <= at);
    let holds_now = |index: usize| {
        let after_last = |start: Micros| match interval {
            Interval::Minute | Interval::Hour => {
                world.now - start < if interval == Interval::Minute { 60_000_000 } else { 3_600_000_000 }
            }
            _ => wall.label(start, interval) == wall.label(world.now, interval),
        };
        match starts.get(index + 1) {
            Some(next) => starts[index] <= world.now && world.now < *next,
            None => starts[index] <= world.now && after_last(starts[index]),
        }
    };
    let matching: Vec<Vec<&Event>> = question
        .series
        .iter()
        .map(|series| {
            all.iter()
                .filter(|event| from <= event.event_at && event.event_at <= to)
                .filter(|event| series.event.as_deref().is_none_or(|name| *name == *event.event))
                .filter(|event| filter::all_hold(&question.filters, event, &wall, world.now))
                .filter(|event| filter::all_hold(&series.filters, event, &wall, world.now))
                .collect()
        })
        .collect();

    let shown_value = |event: &Event| {
        let property = &question.breakdown.as_ref()?.property;
        value_of(event, property).map(|value| value.canonical()).filter(|text| !text.is_empty())
    };
    let mut slices = vec![Slice::Everything];
    let mut kept: Vec<String> = Vec::new();
    if let Some(breakdown) = &question.breakdown {
        let met: BTreeSet<Option<String>> = matching.iter().flatten().map(|event| shown_value(event)).collect();
        let mut ranked: Vec<(f64, String)> = Vec::new();
        for value in met.iter().flatten() {
            let mut rank = 0.0;
            for (series, events) in question.series.iter().zip(&matching) {
                let of_value: Vec<&Event> =
                    events.iter().copied().filter(|event| shown_value(event).as_ref() == Some(value)).collect();
                rank += number(series, &of_value, persons).unwrap_or(0.0);
            }
            ranked.push((rank, value.clone()));
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let limit = breakdown.limit.unwrap_or(25) as usize;
        kept = ranked.iter().take(limit).map(|(_, value)| value.clone()).collect();
        slices = kept.iter().cloned().map(Slice::Value).collect();
        if met.contains(&None) {
            slices.push(Slice::None);
        }
        if ranked.len() > limit && !breakdown.hide_other {
            slices.push(Slice::Other);
        }
    }

    let mut lines = Vec::new();
    for (index, (series, events)) in question.series.iter().zip(&matching).enumerate() {
        for slice in &slices {
            let of_slice: Vec<&Event> = events
                .iter()
                .copied()
                .filter(|event| match (slice, shown_value(event)) {
                    (Slice::Everything, _) => true,
                    (Slice::Value(value), shown) => shown.as_ref() == Some(value),
                    (Slice::None, shown) => shown.is_none(),
                    (Slice::Other, shown) => shown.is_some_and(|value| !kept.contains(&value)),
                })
                .collect();
            let of_bucket = |bucket: usize| -> Vec<&Event> {
                of_slice.iter().copied().filter(|event| bucket_of(event.event_at) == Some(bucket)).collect()
            };
            let data: Vec<_> = (0..starts.len()).map(|bucket| number(series, &of_bucket(bucket), persons)).collect();
            lines.push(Line {
                series: index as u32,
                value: match slice {
                    Slice::Everything => None,
                    Slice::Value(value) => Some(value.clone()),
                    Slice::None => Some(NONE_LABEL.to_owned()),
                    Slice::Other => Some(OTHER_LABEL.to_owned()),
                },
                sum: data.iter().flatten().sum(),
                data,
                total: number(series, &of_slice, persons),
            });
        }
    }
    let buckets =
        (0..starts.len()).map(|index| (wall.label(starts[index], interval), starts[index], holds_now(index))).collect();
    Some(Trend { buckets, lines })
}

/// The math over some events.
fn number(series: &Series, events: &[&Event], persons: &Persons) -> Option<f64> {
    let distinct = |names: BTreeSet<String>| Some(names.len() as f64);
    let mut numbers: Vec<f64> =
        events.iter().filter_map(|event| value_of(event, series.property.as_deref()?)?.number()).collect();
    numbers.sort_by(f64::total_cmp);
    let sum: f64 = numbers.iter().sum();
    match series.math {
        Math::Total => Some(events.len() as f64),
        Math::Dau => distinct(events.iter().map(|event| persons.name_of(&event.distinct_id)).collect()),
        Math::UniqueSession => {
            distinct(events.iter().filter_map(|event| Some(event.session_id.as_deref()?.to_owned())).collect())
        }
        Math::Sum => Some(sum),
        Math::Avg => (!numbers.is_empty()).then(|| sum / numbers.len() as f64),
        Math::Min => numbers.first().copied(),
        Math::Max => numbers.last().copied(),
        Math::Median => quantile(&numbers, 0.5),
        Math::P75 => quantile(&numbers, 0.75),
        Math::P90 => quantile(&numbers, 0.9),
        Math::P95 => quantile(&numbers, 0.95),
        Math::P99 => quantile(&numbers, 0.99),
    }
}

/// Linear interpolation between the two ranks around `p × (n − 1)`.
fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let h = p * (sorted.len() as f64 - 1.0);
    let below = *sorted.get(h.floor() as usize)?;
    let above = sorted.get(h.floor() as usize + 1).copied().unwrap_or(below);
    Some(below + h.fract() * (above - below))
}
