//! Correlation: write down for every person what they have, then count.

use super::dates::Wall;
use super::funnel::Funnel;
use super::identity::Persons;
use super::journey::{is_of, matches, shown_value};
use crate::events::World;
use model::Event;
use model::filter::Scope;
use model::insight::correlation::{CorrelationBy, CorrelationQuestion};
use std::collections::{BTreeMap, BTreeSet};

/// One factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// The key of the property.
    pub property: Option<String>,
    /// Event or value.
    pub value: String,
    /// Who has it and converted.
    pub converted: BTreeSet<String>,
    /// Who has it and did not.
    pub dropped: BTreeSet<String>,
    /// Odds ratio.
    pub odds: f64,
    /// Of 95 %.
    pub interval: (f64, f64),
}

/// Everybody, and the factors of both sides in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    /// Who did the last step.
    pub converted: BTreeSet<String>,
    /// Who did the first and not the last.
    pub dropped: BTreeSet<String>,
    /// Too few on one side.
    pub skewed: bool,
    /// Odds above 1.
    pub success: Vec<Factor>,
    /// Odds below 1.
    pub failure: Vec<Factor>,
}

/// Answers a correlation question. `None`: the range starts after it ends.
pub fn correlation(
    all: &[Event],
    persons: &Persons,
    question: &CorrelationQuestion,
    world: &World,
) -> Option<Correlation> {
    let asked = &question.funnel;
    let funnel = Funnel::new(all, persons, asked, world)?;
    let wall = Wall::new(&world.clock);
    let window_s = asked.window.map_or(14 * 86_400, |window| i64::from(window.count) * window.unit.seconds());
    let (mut converted, mut dropped) = (BTreeSet::new(), BTreeSet::new());
    let mut of_person: BTreeMap<String, BTreeSet<(Option<String>, String)>> = BTreeMap::new();
    for (person, events) in &funnel.people {
        let Some((_, run)) = funnel.runs(events, &|_| Some(None)).pop() else { continue };
        let last = run.done.iter().find(|done| done.0 == asked.steps.len()).map(|done| done.1);
        if last.is_some() { &mut converted } else { &mut dropped }.insert(person.clone());
        let end = last.unwrap_or((run.t1 + window_s * 1_000_000).min(funnel.range.1));
        let is_step = |event: &Event| {
            let named = asked.steps.iter().filter(|step| step.event.is_some() || step.action.is_some());
            named.into_iter().any(|step| is_of(event, (&step.event, &step.action)))
        };
        let on_the_way = events
            .iter()
            .filter(|event| run.t1 < event.event_at && event.event_at < end)
            .filter(|event| matches(event, (&None, &None), [&asked.filters, &[]], &wall, world.now) && !is_step(event));
        let own = of_person.entry(person.clone()).or_default();
        match question.by {
            CorrelationBy::Events => own.extend(on_the_way.map(|event| (None, event.event.to_string()))),
            CorrelationBy::EventProperties => {
                for event in on_the_way.filter(|event| Some(&*event.event) == question.event.as_deref()) {
                    let values = question.properties.iter();
                    own.extend(
                        values.filter_map(|key| Some((Some(key.clone()), shown_value(event, Scope::Event, key)?))),
                    );
                }
            }
            CorrelationBy::PersonProperties => {
                let seen = funnel.seen(events, asked.steps.len());
                for key in &question.properties {
                    let mut values = seen.iter().filter_map(|seen| shown_value(events[seen.id], Scope::Person, key));
                    own.extend(values.next().map(|value| (Some(key.clone()), value)));
                }
            }
        }
    }
    let (all_converted, all_dropped) = (converted.len() as f64, dropped.len() as f64);
    let (less, more) = (all_converted.min(all_dropped), all_converted.max(all_dropped));
    let mut found: Vec<Factor> = Vec::new();
    let every: BTreeSet<(Option<String>, String)> = of_person.values().flatten().cloned().collect();
    for factor in every {
        let have = |side: &BTreeSet<String>| -> BTreeSet<String> {
            side.iter().filter(|person| of_person[*person].contains(&factor)).cloned().collect()
        };
        let (own_converted, own_dropped) = (have(&converted), have(&dropped));
        let (s, f) = (own_converted.len() as f64, own_dropped.len() as f64);
        let least = question.persons_min.map_or((0.02 * (all_converted + all_dropped)).min(25.0), |least| least as f64);
        if s + f < least || question.exclude.contains(&factor.1) || less == 0.0 {
            continue;
        }
        let odds = ((s + 1.0) * (all_dropped - f + 1.0)) / ((all_converted - s + 1.0) * (f + 1.0));
        let fields = [s + 1.0, f + 1.0, all_converted - s + 1.0, all_dropped - f + 1.0];
        let error = fields.iter().map(|field| 1.0 / field).sum::<f64>().sqrt();
        let at = |errors: f64| (odds.ln() + errors * error).exp();
        let interval = (at(-1.959_963_984_540_054), at(1.959_963_984_540_054));
        let (property, value) = factor;
        found.push(Factor { property, value, converted: own_converted, dropped: own_dropped, odds, interval });
    }
    let limit = question.limit.unwrap_or(10) as usize;
    // They are in the order of their names, which a stable sort leaves to equals.
    let mut success: Vec<Factor> = found.iter().filter(|factor| factor.odds > 1.0).cloned().collect();
    success.sort_by(|a, b| b.odds.total_cmp(&a.odds));
    success.truncate(limit);
    let mut failure: Vec<Factor> = found.into_iter().filter(|factor| factor.odds < 1.0).collect();
    failure.sort_by(|a, b| a.odds.total_cmp(&b.odds));
    failure.truncate(limit);
    Some(Correlation { converted, dropped, skewed: less == 0.0 || more > 10.0 * less, success, failure })
}
