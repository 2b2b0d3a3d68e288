//! Who is in a cohort, person by person.

use super::dates::Wall;
use super::filter::holds;
use super::identity::{Persons, person_key};
use super::journey::{by_person, is_of, matches};
use crate::events::World;
use model::cohort::{CohortId, CohortRule, Lapse, Last, PeriodUnit, When};
use model::insight::step::EventMatch;
use model::time::Interval;
use model::{Event, Micros, Value};
use std::collections::{BTreeMap, BTreeSet};

const QUARTER: Micros = 900_000_000;

/// Who is in a cohort, as it is said.
#[derive(Debug, Clone)]
pub enum Said {
    /// The persons behind these ids.
    Listed(Vec<String>),
    /// Whom a rule takes.
    Rule(CohortRule),
}

/// Under which key a told event says that its person is in a cohort; no client sends such a key.
pub fn cohort_key(id: CohortId) -> String {
    format!("\u{0}cohort.{id}")
}

/// All cohorts of a project.
pub struct Cohorts<'a> {
    said: &'a BTreeMap<CohortId, Said>,
    persons: &'a Persons,
    journeys: BTreeMap<String, Vec<&'a Event>>,
    wall: Wall,
    now: Micros,
    earliest: Option<Micros>,
}

impl<'a> Cohorts<'a> {
    /// `told`: all events, with what is known of their persons.
    pub fn new(told: &'a [Event], persons: &'a Persons, said: &'a BTreeMap<CohortId, Said>, world: &World) -> Self {
        let earliest = told.iter().map(|event| event.event_at).min();
        let journeys = by_person(told, persons);
        Cohorts { said, persons, journeys, wall: Wall::new(&world.clock), now: world.now, earliest }
    }

    /// The names of the persons in a cohort.
    pub fn members(&self, id: CohortId) -> BTreeSet<String> {
        match &self.said[&id] {
            Said::Listed(ids) => ids.iter().map(|id| self.persons.name_of(id)).collect(),
            Said::Rule(rule) => self.journeys.keys().filter(|name| self.is_in(name, rule)).cloned().collect(),
        }
    }

    /// The events with what cohorts their persons are in; an event without a profile has no person.
    pub fn told(&self, events: &[Event]) -> Vec<Event> {
        let members: Vec<_> = self.said.keys().map(|id| (*id, self.members(*id))).collect();
        let mut events = events.to_vec();
        for event in events.iter_mut().filter(|event| model::person::has_profile(event)) {
            let name = self.persons.name_of(&event.distinct_id);
            for (id, _) in members.iter().filter(|(_, members)| members.contains(&name)) {
                event.properties.set(&cohort_key(*id), Value::Bool(true));
            }
        }
        events
    }

    fn is_in(&self, person: &str, rule: &CohortRule) -> bool {
        let done = |event: &EventMatch, period: (Micros, Micros)| self.done(person, event, period);
        match rule {
            CohortRule::All(rules) => !rules.is_empty() && rules.iter().all(|rule| self.is_in(person, rule)),
            CohortRule::Any(rules) => rules.iter().any(|rule| self.is_in(person, rule)),
            CohortRule::Not(rule) => !self.is_in(person, rule),
            CohortRule::Cohort(id) => self.members(*id).contains(person),
            CohortRule::Person(filter) => {
                let mut asked = filter.clone();
                asked.kind = Some("person".to_owned());
                let key = filter.property.as_deref().expect("generators name it");
                // An event that carries nothing but the one property.
                let mut event = (*self.journeys[person][0]).clone();
                event.properties = Default::default();
                if let Some(value) = self.persons.property(person, key) {
                    event.properties.set(&person_key(key), value.clone());
                }
                holds(&asked, &event, &self.wall, self.now)
            }
            CohortRule::Performed(asked) => {
                let count = done(&asked.event, self.period(&asked.when)).len() as u64;
                asked.times.map_or(count > 0, |times| times.holds(count))
            }
            CohortRule::FirstTime(asked) => {
                let (from, to) = self.period(&asked.when);
                let mut until = self.journeys[person].iter().filter(|event| event.event_at <= to);
                let first = until.find(|event| is_of(event, (&asked.event.event, &asked.event.action)));
                first.is_some_and(|event| event.event_at >= from && self.matches(event, &asked.event))
            }
            CohortRule::Sequence(asked) => {
                let period = self.period(&asked.when);
                let window = i64::from(asked.within.count) * asked.within.unit.seconds() * 1_000_000;
                let seconds = done(&asked.then, period);
                done(&asked.event, period).iter().any(|first| {
                    seconds.iter().any(|second| {
                        let apart = second.event_at - first.event_at;
                        first.uuid != second.uuid && (0..=window).contains(&apart)
                    })
                })
            }
            CohortRule::Regularly(asked) => {
                let today = self.wall.midnight(self.wall.at(self.now).date());
                let edge = |back: u32| self.before(today, Last { count: back * asked.period.count, ..asked.period });
                let right = (0..asked.periods).filter(|back| {
                    let count = done(&asked.event, (edge(back + 1), edge(*back) - 1)).len() as u64;
                    asked.times.map_or(count > 0, |times| times.holds(count))
                });
                right.count() >= asked.at_least as usize
            }
            CohortRule::Stopped(Lapse { event, longer, recent }) => {
                !done(event, self.last(*longer)).is_empty() && done(event, self.last(*recent)).is_empty()
            }
            CohortRule::Restarted(Lapse { event, longer, recent }) => {
                let (longer, recent) = (self.last(*longer), self.last(*recent));
                let before = !done(event, (Micros::MIN, longer.0 - 1)).is_empty();
                before && done(event, (longer.0, recent.0 - 1)).is_empty() && !done(event, recent).is_empty()
            }
        }
    }

    fn matches(&self, event: &Event, what: &EventMatch) -> bool {
        matches(event, (&what.event, &what.action), [&[], &what.filters], &self.wall, self.now)
    }

    fn done(&self, person: &str, what: &EventMatch, (from, to): (Micros, Micros)) -> Vec<&'a Event> {
        let events = self.journeys[person].iter().copied();
        events.filter(|event| from <= event.event_at && event.event_at <= to && self.matches(event, what)).collect()
    }

    /// So much earlier on the wall.
    fn before(&self, at: Micros, last: Last) -> Micros {
        if last.count == 0 {
            return at;
        }
        let unit = match last.unit {
            PeriodUnit::Hour => "h",
            PeriodUnit::Day => "d",
            PeriodUnit::Week => "w",
            PeriodUnit::Month => "m",
        };
        self.wall.earlier(at, &format!("-{}{unit}", last.count))
    }

    fn last(&self, last: Last) -> (Micros, Micros) {
        let quarter = self.now.div_euclid(QUARTER) * QUARTER;
        (self.before(quarter, last), quarter + QUARTER - 1)
    }

    fn period(&self, when: &When) -> (Micros, Micros) {
        if let Some(last) = when.last {
            return self.last(last);
        }
        if when.date_from.is_none() && when.date_to.is_none() {
            return (Micros::MIN, self.now.div_euclid(QUARTER) * QUARTER + QUARTER - 1);
        }
        let dates = (when.date_from.as_deref().unwrap_or("all"), when.date_to.as_deref());
        self.wall.range(dates, Interval::Day, self.now, self.earliest).expect("generators give ranges")
    }
}
