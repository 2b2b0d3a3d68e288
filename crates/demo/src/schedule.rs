//! Which visits happen and when each arrives: day by day, in memory only what is on its way.

use crate::calendar::{self, Day};
use crate::people::Person;
use crate::random::{Random, hash, unit};
use crate::visit::{self, Visit};
use crate::words::DISTRICTS;
use crate::{Demo, Micros};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A visit that arrives, as its phone sends it: whole, with its events in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delivery {
    /// When it arrives, µs UTC, whole milliseconds; never before its last event.
    pub at: Micros,
    pub(crate) person: u32,
    /// The day on which it took place, from 1970-01-01 in Asia/Kolkata.
    pub(crate) day: i64,
    /// The number of the visit among the person's of that day.
    pub(crate) number: u8,
    /// When it began.
    pub(crate) begun_at: Micros,
    /// How many events it has.
    pub events: u32,
}

const ACTIVE: u64 = 8;
const VISIT: u64 = 9;
const LATE: u64 = 10;

/// Visits of one person on one day, at most.
const VISITS_MAX: u8 = 3;
/// The latest delivery: a week in a valley without network.
const LATE_DAYS_MAX: i64 = 7;
/// The part of visits that arrive late.
const LATE_PART: f64 = 0.055;

/// Visits in the order in which they arrive. Endless.
#[derive(Debug, Clone)]
pub struct Deliveries {
    demo: Demo,
    from: Micros,
    /// The next day whose visits are not on their way yet.
    next_day: i64,
    on_their_way: BinaryHeap<Reverse<Delivery>>,
    steps: Vec<visit::Step>,
}

impl Deliveries {
    pub(crate) fn new(demo: Demo, from: Micros) -> Deliveries {
        // What arrives from then on may have begun a while before.
        let next_day = (calendar::day_of(from) - LATE_DAYS_MAX - 1).max(demo.first_day);
        Deliveries { demo, from, next_day, on_their_way: BinaryHeap::new(), steps: Vec::new() }
    }

    fn send_off(&mut self, number: i64) {
        let demo = &self.demo;
        let index = number - demo.first_day;
        let day = calendar::day(demo.settings.seed, number);
        for (person, habit) in (0_u32..).zip(demo.habits.iter()) {
            if index < i64::from(habit.first_day) || index >= i64::from(habit.last_day) {
                continue;
            }
            let first = index == i64::from(habit.first_day);
            let key = hash(demo.settings.seed, ACTIVE, u64::from(person), number.unsigned_abs());
            if !first && unit(key) >= f64::from(habit.eager) * day.busy {
                continue;
            }
            let mut random = Random::new(key);
            let again = 0.13 + 0.35 * f64::from(habit.eager);
            let mut visits = 1;
            while visits < VISITS_MAX && random.chance(again) {
                visits += 1;
            }
            for visit in 0..visits {
                let delivery = delivery(demo, person, (number, &day), visit, first, &mut random, &mut self.steps);
                if delivery.at >= self.from {
                    self.on_their_way.push(Reverse(delivery));
                }
            }
        }
    }
}

fn delivery(
    demo: &Demo,
    person: u32,
    (number, day): (i64, &Day),
    visit: u8,
    first: bool,
    random: &mut Random,
    steps: &mut Vec<visit::Step>,
) -> Delivery {
    let begun_at = calendar::begin_of(number) + calendar::time_of_day(day, random);
    let mut delivery = Delivery { at: 0, person, day: number, number: visit, begun_at, events: 0 };
    Visit::of(demo, &delivery).steps(steps);
    let lasted = steps.last().map_or(0, |step| Micros::from(step.after_ms) * 1_000);
    delivery.events = steps.len() as u32;
    let mut chance = Random::new(hash(
        demo.settings.seed,
        LATE,
        u64::from(person),
        number.unsigned_abs() * u64::from(VISITS_MAX) + u64::from(visit),
    ));
    // The first visit of a person arrives at once: a new app is set up where there is network.
    let late = if first { 0 } else { late_ms(DISTRICTS[Person::of(demo, person).district].remote, &mut chance) };
    delivery.at = begun_at + lasted + (late + Micros::from(chance.between(400, 4_000))) * 1_000;
    delivery
}

/// How late, ms: mostly hours, sometimes days.
fn late_ms(remote: bool, random: &mut Random) -> Micros {
    const HOUR_MS: u32 = 3_600_000;
    let part = if remote { 3.0 * LATE_PART } else { LATE_PART };
    if !random.chance(part) {
        return 0;
    }
    let hours = match random.weighted(&[70, 22, 8]) {
        0 => random.between(1, 8),
        1 => random.between(8, 36),
        _ => random.between(36, (LATE_DAYS_MAX as u32 - 1) * 24),
    };
    Micros::from(hours * HOUR_MS + random.below(HOUR_MS))
}

impl Iterator for Deliveries {
    type Item = Delivery;

    fn next(&mut self) -> Option<Delivery> {
        loop {
            // All that could come before it is on its way already.
            if let Some(Reverse(first)) = self.on_their_way.peek()
                && first.at < calendar::begin_of(self.next_day)
            {
                return self.on_their_way.pop().map(|Reverse(delivery)| delivery);
            }
            // When the last person has left nothing will come any more; u16 days bound that.
            if self.next_day - self.demo.first_day > i64::from(u16::MAX) {
                return self.on_their_way.pop().map(|Reverse(delivery)| delivery);
            }
            let day = self.next_day;
            self.next_day += 1;
            self.send_off(day);
        }
    }
}

/// The seed of what happens in a visit.
pub fn visit_seed(demo: &Demo, delivery: &Delivery) -> u64 {
    let visit = delivery.day.unsigned_abs() * u64::from(VISITS_MAX) + u64::from(delivery.number);
    hash(demo.settings.seed, VISIT, u64::from(delivery.person), visit)
}
