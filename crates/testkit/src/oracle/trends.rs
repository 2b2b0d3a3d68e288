//! Trends by going through all events again for every number.

use super::dates::Wall;
use super::filter::{self, scoped_value_of, value_of};
use super::identity::Persons;
use super::journey::{by_person, is_of, joined, shown_value};
use super::sessions::visits;
use crate::events::World;
use crate::questions::FORMULAS;
use model::insight::trends::{BreakdownBy, Compare, Math, NONE_LABEL, OTHER_LABEL, Series, TrendsQuestion};
use model::time::{DAY, Interval, SECOND};
use model::{Event, Micros, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Local start, start in µs, and whether it holds now.
pub type Bucket = (String, Micros, bool);

/// The answer of a trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Of the period that was asked for.
    pub buckets: Vec<Bucket>,
    /// Of the period that it is compared to.
    pub previous: Option<Vec<Bucket>>,
    /// By period, series, then by rank of the value.
    pub lines: Vec<Line>,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Position of the series.
    pub series: u32,
    /// Value of the breakdown.
    pub value: Option<String>,
    /// Whether it is of the other period.
    pub previous: bool,
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

/// One period.
pub(super) struct Period {
    pub(super) from: Micros,
    pub(super) to: Micros,
    pub(super) starts: Vec<Micros>,
}

/// What all numbers need.
struct Asked<'a> {
    all: &'a [Event],
    persons: &'a Persons,
    question: &'a TrendsQuestion,
    wall: Wall,
    now: Micros,
    /// Least and greatest number of each property of the breakdown that has bins, with how many.
    bins: Vec<Option<(f64, f64, u32)>>,
}

/// Answers a trends question. `None`: the range starts after it ends.
pub fn trends(all: &[Event], persons: &Persons, question: &TrendsQuestion, world: &World) -> Option<Trend> {
    let mut asked = Asked { all, persons, question, wall: Wall::new(&world.clock), now: world.now, bins: Vec::new() };
    let interval = question.interval;
    let earliest = all.iter().map(|event| event.event_at).min();
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let (mut from, to) = asked.wall.range(dates, interval, world.now, earliest)?;
    if matches!(interval, Interval::Week | Interval::Month) && !question.explicit_date {
        from = asked.wall.bucket_start(from, interval);
    }
    let current = Period { from, to, starts: asked.wall.buckets(from, to, interval) };
    asked.bins = asked.bins(&current);
    let slices = asked.slices(&current);
    let mut lines = asked.lines(&current, &slices, false);
    let previous = asked.previous(&current);
    if let Some(previous) = &previous {
        lines.extend(asked.lines(previous, &slices, true));
    }
    let buckets = asked.buckets(&current);
    Some(Trend { buckets, previous: previous.map(|previous| asked.buckets(&previous)), lines })
}

impl Asked<'_> {
    fn buckets(&self, period: &Period) -> Vec<Bucket> {
        let interval = self.question.interval;
        let starts = &period.starts;
        let after_last = |start: Micros| match interval {
            Interval::Minute => self.now - start < 60_000_000,
            Interval::Hour => self.now - start < 3_600_000_000,
            _ => self.wall.label(start, interval) == self.wall.label(self.now, interval),
        };
        let holds_now = |index: usize| match starts.get(index + 1) {
            Some(next) => starts[index] <= self.now && self.now < *next,
            None => starts[index] <= self.now && after_last(starts[index]),
        };
        (0..starts.len())
            .map(|index| (self.wall.label(starts[index], interval), starts[index], holds_now(index)))
            .collect()
    }

    /// The period that is compared to.
    fn previous(&self, current: &Period) -> Option<Period> {
        let question = self.question;
        let dates = (question.date_from.as_deref(), question.date_to.as_deref());
        compared(question.compare.as_ref()?, dates, current, question.interval, &self.wall, self.now)
    }

    /// The properties of the breakdown.
    fn parts(&self) -> Vec<BreakdownBy> {
        let Some(first) = &self.question.breakdown else { return Vec::new() };
        let only = BreakdownBy { property: first.property.clone(), scope: first.scope, bins: first.bins };
        std::iter::once(only).chain(first.and.iter().cloned()).collect()
    }

    fn bins(&self, period: &Period) -> Vec<Option<(f64, f64, u32)>> {
        let taken = |event: &&Event| {
            let in_range = period.from <= event.event_at && event.event_at <= period.to;
            in_range && self.question.series.iter().any(|series| self.passes(series, event))
        };
        let of_part = |part: &BreakdownBy| {
            let numbers = self.all.iter().filter(taken);
            let numbers: Vec<f64> =
                numbers.filter_map(|event| scoped_value_of(event, part.scope, &part.property)?.number()).collect();
            let low = numbers.iter().copied().reduce(f64::min).unwrap_or(0.0);
            let high = numbers.iter().copied().reduce(f64::max).unwrap_or(0.0);
            part.bins.map(|bins| (low, high, bins))
        };
        self.parts().iter().map(of_part).collect()
    }

    /// The number of a value's bin and what it is called; `None`: it is in none.
    fn bin(number: f64, (low, high, bins): (f64, f64, u32)) -> Option<(u32, String)> {
        let text = |number: f64| Value::Number(number).canonical();
        if low == high {
            return (number == low).then(|| (0, format!("[{0}, {0}]", text(low))));
        }
        let edge = |bin: u32| if bin == bins { high } else { low + f64::from(bin) * ((high - low) / f64::from(bins)) };
        (0..bins).find_map(|bin| {
            let is_last = bin + 1 == bins;
            let (start, end) = (edge(bin), edge(bin + 1));
            let is_in = start <= number && (number < end || (is_last && number <= end));
            is_in.then(|| (bin, format!("[{}, {}{}", text(start), text(end), if is_last { ']' } else { ')' })))
        })
    }

    /// Whether a number of the event lies in no bin, so that the event is in no row.
    fn is_outside(&self, event: &Event) -> bool {
        let number = |part: &BreakdownBy| scoped_value_of(event, part.scope, &part.property)?.number();
        let parts = self.parts();
        let mut binned = parts.iter().zip(&self.bins).filter_map(|(part, bins)| Some((number(part)?, (*bins)?)));
        binned.any(|(number, bins)| Asked::bin(number, bins).is_none())
    }

    fn shown_value(&self, event: &Event) -> Option<String> {
        let of_part = |(part, bins): (&BreakdownBy, &Option<(f64, f64, u32)>)| match bins {
            None => shown_value(event, part.scope, &part.property),
            Some(bins) => {
                let number = scoped_value_of(event, part.scope, &part.property)?.number()?;
                Asked::bin(number, *bins).map(|(_, name)| name)
            }
        };
        joined(self.parts().iter().zip(&self.bins).map(of_part).collect())
    }

    /// The place of a shown bin, where bins alone split.
    fn place(&self, value: &str) -> Option<u32> {
        let [Some((low, high, bins))] = self.bins[..] else { return None };
        let middle = |bin: u32| low + (f64::from(bin) + 0.5) * ((high - low) / f64::from(bins));
        (0..bins).find(|bin| Asked::bin(middle(*bin), (low, high, bins)).is_some_and(|(_, name)| name == value))
    }

    fn passes(&self, series: &Series, event: &Event) -> bool {
        is_of(event, (&series.event, &series.action))
            && filter::all_hold(&self.question.filters, event, &self.wall, self.now)
            && filter::all_hold(&series.filters, event, &self.wall, self.now)
    }

    /// First and last instant that count in a bucket of weekly or monthly active persons.
    fn window(&self, series: &Series, period: &Period, bucket: usize) -> (Micros, Micros) {
        let start = period.starts[bucket];
        let end = match period.starts.get(bucket + 1) {
            Some(next) => next - 1,
            None => period.to,
        };
        let end = end.min(period.to);
        let days = if series.math == Math::WeeklyActive { 7 } else { 30 };
        match (series.math, self.question.interval) {
            (Math::WeeklyActive, Interval::Week) | (Math::MonthlyActive, Interval::Month) => {
                (start.max(period.from), end)
            }
            (_, Interval::Minute) => (start + 60_000_000 - days * 86_400_000_000, end),
            (_, Interval::Hour) => (start + 3_600_000_000 - days * 86_400_000_000, end),
            _ => {
                let mut date = self.wall.at(end).date();
                for _ in 1..days {
                    date = date.yesterday().expect("in range");
                }
                (self.wall.midnight(date), end)
            }
        }
    }

    /// The events that a series looks at.
    fn pool(&self, series: &Series, period: &Period) -> Vec<&Event> {
        let first_of = |all_of_name: bool| {
            let journeys = by_person(self.all, self.persons);
            let firsts = journeys.values().filter_map(|events| {
                let until = events.iter().filter(|event| event.event_at <= period.to);
                let named = |event: &&&Event| is_of(event, (&series.event, &series.action));
                let first = if all_of_name {
                    until.clone().find(named)?
                } else {
                    until.clone().find(|event| self.passes(series, event))?
                };
                Some(*first)
            });
            firsts.map(|event| event.uuid).collect::<BTreeSet<_>>()
        };
        let from = match series.math {
            Math::WeeklyActive | Math::MonthlyActive => self.window(series, period, 0).0.min(period.from),
            _ => period.from,
        };
        let firsts = match series.math {
            Math::FirstTimeForUser => Some(first_of(true)),
            Math::FirstMatchingEventForUser => Some(first_of(false)),
            _ => None,
        };
        self.all
            .iter()
            .filter(|event| from <= event.event_at && event.event_at <= period.to)
            .filter(|event| firsts.as_ref().is_none_or(|firsts| firsts.contains(&event.uuid)))
            .filter(|event| self.passes(series, event))
            .collect()
    }

    /// The numbers of one series over some of its events: per bucket, and in all.
    fn numbers(&self, series: &Series, events: &[&Event], period: &Period) -> (Vec<Option<f64>>, Option<f64>) {
        let bucket_of = |at: Micros| period.starts.iter().rposition(|start| *start <= at);
        let in_range: Vec<&Event> = events.iter().copied().filter(|event| event.event_at >= period.from).collect();
        let of_bucket = |bucket: usize| -> Vec<&Event> {
            match series.math {
                Math::WeeklyActive | Math::MonthlyActive => {
                    let (first, last) = self.window(series, period, bucket);
                    events.iter().copied().filter(|event| first <= event.event_at && event.event_at <= last).collect()
                }
                // A running number is that of all buckets so far.
                _ if self.question.cumulative => {
                    in_range.iter().copied().filter(|event| bucket_of(event.event_at) <= Some(bucket)).collect()
                }
                _ => in_range.iter().copied().filter(|event| bucket_of(event.event_at) == Some(bucket)).collect(),
            }
        };
        let of = |events: &[&Event]| number(series, events, self.persons, &|events| self.durations(events, period));
        ((0..period.starts.len()).map(|bucket| of(&of_bucket(bucket))).collect(), of(&in_range))
    }

    /// Seconds of the sessions of these events, each once.
    fn durations(&self, events: &[&Event], period: &Period) -> Vec<f64> {
        let ids: BTreeSet<&str> = events.iter().filter_map(|event| event.session_id.as_deref()).collect();
        let lengths = visits(self.all, self.persons, (period.from, period.to), false).into_iter();
        let lengths = lengths.filter(|(id, _)| ids.contains(&**id)).map(|(_, events)| {
            let [first, .., last] = &events[..] else { return 0 };
            last.event_at - first.event_at
        });
        lengths.filter(|length| *length <= DAY).map(|length| (length / SECOND) as f64).collect()
    }

    fn slices(&self, period: &Period) -> Vec<Slice> {
        let Some(breakdown) = &self.question.breakdown else { return vec![Slice::Everything] };
        let pools: Vec<_> = self.question.series.iter().map(|series| self.pool(series, period)).collect();
        let inside = pools.iter().flatten().filter(|event| !self.is_outside(event));
        let met: BTreeSet<Option<String>> = inside.map(|event| self.shown_value(event)).collect();
        let mut ranked: Vec<(f64, String)> = Vec::new();
        for value in met.iter().flatten() {
            let mut rank = 0.0;
            for (series, events) in self.question.series.iter().zip(&pools) {
                let own: Vec<&Event> =
                    events.iter().copied().filter(|event| self.shown_value(event).as_ref() == Some(value)).collect();
                rank += self.numbers(series, &own, period).1.unwrap_or(0.0);
            }
            ranked.push((rank, value.clone()));
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut limit = breakdown.limit.unwrap_or(25) as usize;
        if let [Some(_)] = self.bins[..] {
            ranked.sort_by_key(|(_, value)| self.place(value));
            limit = usize::MAX;
        }
        let mut slices: Vec<Slice> = ranked.iter().take(limit).map(|(_, value)| Slice::Value(value.clone())).collect();
        if met.contains(&None) {
            slices.push(Slice::None);
        }
        if ranked.len() > limit && !breakdown.hide_other {
            slices.push(Slice::Other);
        }
        slices
    }

    fn lines(&self, period: &Period, slices: &[Slice], previous: bool) -> Vec<Line> {
        let kept = |value: &String| slices.contains(&Slice::Value(value.clone()));
        let pools: Vec<_> = self.question.series.iter().map(|series| self.pool(series, period)).collect();
        // Per slice and series.
        let numbers: Vec<Vec<_>> = slices
            .iter()
            .map(|slice| {
                let is_in = |event: &&Event| match (slice, self.shown_value(event)) {
                    (Slice::Everything, _) => true,
                    _ if self.is_outside(event) => false,
                    (Slice::Value(value), shown) => shown.as_ref() == Some(value),
                    (Slice::None, shown) => shown.is_none(),
                    (Slice::Other, shown) => shown.is_some_and(|value| !kept(&value)),
                };
                let of = |(series, pool): (&Series, &Vec<&Event>)| {
                    let own: Vec<&Event> = pool.iter().copied().filter(is_in).collect();
                    self.numbers(series, &own, period)
                };
                self.question.series.iter().zip(&pools).map(of).collect()
            })
            .collect();
        let count = if self.question.formula.is_some() { 1 } else { self.question.series.len() };
        let mut lines = Vec::new();
        for series in 0..count {
            for (slice, numbers) in slices.iter().zip(&numbers) {
                let (mut data, total) = match &self.question.formula {
                    None => numbers[series].clone(),
                    Some(text) => {
                        let formula = FORMULAS.iter().find(|(known, _)| known == text).expect("a known formula").1;
                        let of_bucket = |bucket: usize| {
                            formula(&|series| numbers.get(series).map_or(0.0, |n| n.0[bucket].unwrap_or(0.0)))
                        };
                        let total = formula(&|series| numbers.get(series).map_or(0.0, |n| n.1.unwrap_or(0.0)));
                        ((0..period.starts.len()).map(|bucket| Some(of_bucket(bucket))).collect(), Some(total))
                    }
                };
                if let Some(width) = self.question.smoothing.filter(|width| *width > 1) {
                    let plain = data.clone();
                    for (index, number) in data.iter_mut().enumerate() {
                        let count = (index + 1).min(width as usize);
                        let sum: f64 =
                            plain[index + 1 - count..=index].iter().map(|number| number.unwrap_or(0.0)).sum();
                        *number = Some(sum / count as f64);
                    }
                }
                lines.push(Line {
                    series: series as u32,
                    value: match slice {
                        Slice::Everything => None,
                        Slice::Value(value) => Some(value.clone()),
                        Slice::None => Some(NONE_LABEL.to_owned()),
                        Slice::Other => Some(OTHER_LABEL.to_owned()),
                    },
                    previous,
                    sum: data.iter().flatten().sum(),
                    data,
                    total,
                });
            }
        }
        lines
    }
}

/// The math over some events.
fn number(
    series: &Series,
    events: &[&Event],
    persons: &Persons,
    durations: &dyn Fn(&[&Event]) -> Vec<f64>,
) -> Option<f64> {
    let distinct = |names: BTreeSet<String>| Some(names.len() as f64);
    let mut numbers: Vec<f64> = match series.property.as_deref() {
        Some("$session_duration") => durations(events),
        key => events.iter().filter_map(|event| value_of(event, key?)?.number()).collect(),
    };
    let mut of_person: BTreeMap<String, f64> = BTreeMap::new();
    for event in events {
        *of_person.entry(persons.name_of(&event.distinct_id)).or_default() += 1.0;
    }
    let mut counts: Vec<f64> = of_person.values().copied().collect();
    counts.sort_by(f64::total_cmp);
    numbers.sort_by(f64::total_cmp);
    let sum: f64 = numbers.iter().sum();
    match series.math {
        Math::Total => Some(events.len() as f64),
        Math::Dau
        | Math::WeeklyActive
        | Math::MonthlyActive
        | Math::FirstTimeForUser
        | Math::FirstMatchingEventForUser => Some(of_person.len() as f64),
        Math::UniqueSession => {
            distinct(events.iter().filter_map(|event| Some(event.session_id.as_deref()?.to_owned())).collect())
        }
        Math::UniqueGroup => {
            let key = format!("$group_{}", series.group.unwrap_or(0));
            let keys = events.iter().filter_map(|event| Some(value_of(event, &key)?.canonical()));
            distinct(keys.filter(|key| !key.is_empty()).collect())
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
        Math::AvgCountPerActor => (!counts.is_empty()).then(|| counts.iter().sum::<f64>() / counts.len() as f64),
        Math::MinCountPerActor => counts.first().copied(),
        Math::MaxCountPerActor => counts.last().copied(),
        Math::MedianCountPerActor => quantile(&counts, 0.5),
        Math::P75CountPerActor => quantile(&counts, 0.75),
        Math::P90CountPerActor => quantile(&counts, 0.9),
        Math::P95CountPerActor => quantile(&counts, 0.95),
        Math::P99CountPerActor => quantile(&counts, 0.99),
    }
}

/// Linear interpolation between the two ranks around `p × (n − 1)`.
fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let h = p * (sorted.len() as f64 - 1.0);
    let below = *sorted.get(h.floor() as usize)?;
    let above = sorted.get(h.floor() as usize + 1).copied().unwrap_or(below);
    Some(below + h.fract() * (above - below))
}

/// The period that a question of these dates is compared to.
pub(super) fn compared(
    compare: &Compare,
    (date_from, date_to): (Option<&str>, Option<&str>),
    current: &Period,
    interval: Interval,
    wall: &Wall,
    now: Micros,
) -> Option<Period> {
    if let Some(text) = &compare.to {
        let (from, to) = (wall.earlier(current.from, text), wall.earlier(current.to, text));
        let to = to.max(from);
        return Some(Period { from, to, starts: wall.buckets(from, to, interval) });
    }
    let unit = date_from.filter(|from| ["wStart", "mStart", "qStart", "yStart"].contains(from) && date_to.is_none());
    if let Some(unit) = unit {
        let (start, end) = (format!("-1{unit}"), format!("-1{}End", &unit[..1]));
        let (from, to) = wall.range((&start, Some(&end)), interval, now, None)?;
        return Some(Period { from, to, starts: wall.buckets(from, to, interval) });
    }
    let mut starts = vec![current.starts[0]];
    for _ in 0..current.starts.len() {
        starts.insert(0, wall.bucket_start(starts[0] - 1, interval));
    }
    let to = starts.pop()? - 1;
    Some(Period { from: starts[0], to, starts })
}
