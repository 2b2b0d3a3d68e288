//! Item analysis: each item's attempts written down, then looked at one by one.

use super::dates::Wall;
use super::filter::{self, value_of};
use super::identity::Persons;
use super::journey::by_person;
use crate::events::World;
use model::insight::items::{ItemAnswer, ItemRow, ItemsQuestion};
use model::time::Interval;
use model::{Event, Micros};
use std::collections::{BTreeMap, BTreeSet};

/// The items of a question, and who attempted each how often, and how often right.
pub type Items = Vec<(ItemRow, BTreeMap<String, (u64, u64)>)>;

fn text(event: &Event, key: &str) -> Option<String> {
    value_of(event, key).map(|value| value.canonical()).filter(|text| !text.is_empty())
}

fn number(event: &Event, key: &str) -> Option<f64> {
    value_of(event, key)?.number()
}

fn item_of(event: &Event) -> Option<String> {
    match &*event.event {
        "ASSESS" => text(event, "edata.item.id"),
        "RESPONSE" => text(event, "edata.target.id"),
        _ => None,
    }
}

fn is_right(event: &Event) -> bool {
    text(event, "edata.pass").is_some_and(|pass| pass.to_lowercase() == "yes")
}

fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}

fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    let upper = *numbers.get(half)?;
    Some(if numbers.len() % 2 == 1 { upper } else { (numbers[half - 1] + upper) / 2.0 })
}

/// The product-moment correlation; `None` where one of the two does not vary.
fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let first = pairs.first()?;
    if pairs.iter().all(|pair| pair.0 == first.0) || pairs.iter().all(|pair| pair.1 == first.1) {
        return None;
    }
    let x = mean(&pairs.iter().map(|pair| pair.0).collect::<Vec<_>>())?;
    let y = mean(&pairs.iter().map(|pair| pair.1).collect::<Vec<_>>())?;
    let sum = |of: fn(f64, f64) -> f64| pairs.iter().map(|pair| of(pair.0 - x, pair.1 - y)).sum::<f64>();
    Some(sum(|x, y| x * y) / (sum(|x, _| x * x) * sum(|_, y| y * y)).sqrt())
}

fn answers(events: &[&Event], key: &str, judged: bool, limit: usize) -> Vec<ItemAnswer> {
    let values: BTreeSet<Option<String>> = events.iter().map(|event| text(event, key)).collect();
    let mut answers: Vec<(Option<String>, u64, u64)> = values
        .into_iter()
        .map(|value| {
            let own: Vec<_> = events.iter().filter(|event| text(event, key) == value).collect();
            (value, own.len() as u64, own.iter().filter(|event| is_right(event)).count() as u64)
        })
        .collect();
    // Stable: equal ones stay in the order of their texts.
    answers.sort_by_key(|answer| std::cmp::Reverse(answer.1));
    answers.truncate(limit);
    let shown = |(value, count, correct): (Option<String>, u64, u64)| ItemAnswer {
        value: value.unwrap_or_else(|| "(none)".to_owned()),
        count,
        share: count as f64 / events.len() as f64,
        correct: judged.then_some(correct),
    };
    answers.into_iter().map(shown).collect()
}

/// Answers a question; `None`: the range starts after it ends. All items, not only the first.
pub fn items(all: &[Event], persons: &Persons, question: &ItemsQuestion, world: &World) -> Option<Items> {
    let wall = Wall::new(&world.clock);
    let earliest = all.iter().map(|event| event.event_at).min();
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let (from, to): (Micros, Micros) = wall.range(dates, Interval::Day, world.now, earliest)?;
    let journeys: BTreeMap<String, Vec<&Event>> = by_person(all, persons)
        .into_iter()
        .map(|(person, events)| {
            let own = events.into_iter().filter(|event| {
                from <= event.event_at
                    && event.event_at <= to
                    && item_of(event).is_some()
                    && filter::all_hold(&question.filters, event, &wall, world.now)
            });
            (person, own.collect())
        })
        .collect();
    let names: BTreeSet<String> = journeys.values().flatten().filter_map(|event| item_of(event)).collect();
    let is_attempt = |event: &&&Event| &*event.event == "ASSESS";
    let first = |events: &[&Event], item: &str| {
        let attempt = events.iter().filter(is_attempt).find(|event| item_of(event).as_deref() == Some(item))?;
        Some(f64::from(u8::from(is_right(attempt))))
    };
    let mut rows: Items = Vec::new();
    for item in &names {
        let of_item: Vec<&Event> =
            journeys.values().flatten().copied().filter(|event| item_of(event).as_ref() == Some(item)).collect();
        let (attempts, responses): (Vec<&Event>, Vec<&Event>) =
            of_item.into_iter().partition(|event| &*event.event == "ASSESS");
        let mut pairs = Vec::new();
        let mut people: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for (person, events) in &journeys {
            let Some(own) = first(events, item) else { continue };
            let others: Vec<f64> =
                names.iter().filter(|other| *other != item).filter_map(|other| first(events, other)).collect();
            pairs.extend(mean(&others).map(|rest| (own, rest)));
            let mine: Vec<_> =
                events.iter().filter(is_attempt).filter(|event| item_of(event).as_ref() == Some(item)).collect();
            let right = mine.iter().filter(|event| is_right(event)).count();
            people.insert(person.clone(), (mine.len() as u64, right as u64));
        }
        let correct = attempts.iter().filter(|event| is_right(event)).count() as u64;
        let scores: Vec<f64> = attempts
            .iter()
            .filter_map(|event| {
                let most = number(event, "edata.item.maxscore").filter(|most| *most > 0.0).unwrap_or(1.0);
                Some(number(event, "edata.score")? / most)
            })
            .collect();
        let seconds: Vec<f64> =
            attempts.iter().filter_map(|event| number(event, "edata.duration")).filter(|s| *s >= 0.0).collect();
        let limit = question.answers.unwrap_or(10) as usize;
        let row = ItemRow {
            item: item.clone(),
            persons: people.len() as u64,
            attempts: attempts.len() as u64,
            correct,
            share_correct: (!attempts.is_empty()).then(|| correct as f64 / attempts.len() as f64),
            difficulty: mean(&scores),
            discrimination: correlation(&pairs),
            average_s: mean(&seconds),
            median_s: median(seconds),
            answers: answers(&attempts, "edata.resvalues", true, limit),
            responses: responses.len() as u64,
            choices: answers(&responses, "edata.values", false, limit),
        };
        rows.push((row, people));
    }
    rows.sort_by_key(|(row, _)| std::cmp::Reverse((row.attempts, row.responses)));
    Some(rows)
}
