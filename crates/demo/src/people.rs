//! Who uses the app: how often, from when until when, on which phone, with which child at which school.

use crate::random::{Random, hash, mix, mix_u32, unit};
use crate::words::{BLOCKS_MAX, DISTRICTS, FIRST_NAMES, LAST_NAMES, PHONES};
use crate::{Demo, Settings, calendar};

/// How a person uses the app; days are indices in the period.
#[derive(Debug, Clone, Copy)]
pub struct Habit {
    /// Probability of a visit on a plain day.
    pub eager: f32,
    pub first_day: u16,
    /// The first day on which they do not come any more; may lie behind the period.
    pub last_day: u16,
    /// Whether the person began in the period; the others had the app before it.
    pub begins: bool,
}

const HABIT: u64 = 3;
const PERSON: u64 = 4;
const SHARED: u64 = 5;
const DEVICE: u64 = 6;
const HOUSEHOLD: u64 = 7;

/// Zipf's exponent of eagerness over persons, and the least eager one's probability.
const EAGER_EXPONENT: f64 = 0.58;
const EAGER_LEAST: f64 = 0.0184;
/// Nobody looks every single day.
const EAGER_MOST: f64 = 0.93;
/// Persons who had the app before the period; the rest begins in it.
const HAD_IT: f64 = 0.42;
/// Parts of those who begin: on two days of campaign.
const CAMPAIGNS: [(f64, f64); 2] = [(0.30, 0.07), (0.71, 0.10)];

impl Habit {
    pub fn of(settings: &Settings, start: i64, person: u32) -> Habit {
        let mut random = Random::new(hash(settings.seed, HABIT, u64::from(person), 0));
        let eager = (EAGER_LEAST * random.unit().max(1e-9).powf(-EAGER_EXPONENT)).min(EAGER_MOST);
        let days = f64::from(settings.days);
        // By yesterday everybody has come once.
        let latest = i64::from(settings.days) - 2;
        let begins = !random.chance(HAD_IT);
        let first = if begins { begin_day(&mut random, days) } else { seen_day(&mut random, days, eager) };
        let mut first = first.min(latest);
        // Few begin on a Sunday or holiday; most of these wait for the next day.
        let day = calendar::day(settings.seed, start + first);
        if (day.sunday || day.holiday) && random.chance(0.62) {
            first = (first + 1).min(latest);
        }
        // Weibull with a shape below 1: many leave soon, who stays stays long. The eager stay longest.
        let scale = (28.0 + 900.0 * eager) * if begins { 1.0 } else { 3.0 };
        let stay = 1.0 + scale * (-random.unit().max(1e-9).ln()).powf(1.0 / 0.62);
        let last = (first as f64 + stay).min(f64::from(u16::MAX));
        Habit { eager: eager as f32, first_day: first as u16, last_day: last as u16, begins }
    }
}

/// The first visit in the period of a person who had the app before it: the eager ones' at once.
fn seen_day(random: &mut Random, days: f64, eager: f64) -> i64 {
    let day = -random.unit().max(1e-9).ln() / eager;
    // A seldom guest, who is one of our persons because they came once.
    (if day < days - 1.0 { day } else { random.unit() * days }) as i64
}

/// The first day of a person who begins in the period.
fn begin_day(random: &mut Random, days: f64) -> i64 {
    let (chosen, when) = (random.unit(), random.unit());
    let mut before = 0.0;
    for (at, part) in CAMPAIGNS {
        before += part;
        if chosen < before {
            return (at * days) as i64;
        }
    }
    // More begin each week than in the one before.
    (days * when.powf(0.78)) as i64
}

/// The language of a person's phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Hindi,
    English,
}

/// A person, as far as events tell of them.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// `actor.id` behind its prefix; different for each person of a demo.
    pub id: u32,
    /// The person whose phone it is: themself, or the one of the family.
    pub device: u32,
    pub device_id: (u64, u64),
    pub language: Language,
    /// Index in [`DISTRICTS`].
    pub district: usize,
    /// Number of the block in its district.
    pub block: u32,
    /// Number of the school in its block.
    pub school: u32,
    /// Index in [`PHONES`].
    pub phone: usize,
    /// The child.
    pub student: u32,
    pub class: u32,
    pub section: u8,
    /// Indices in [`FIRST_NAMES`] and [`LAST_NAMES`].
    pub name: (usize, usize),
}

impl Person {
    pub fn of(demo: &Demo, person: u32) -> Person {
        let seed = demo.settings.seed;
        let device = device_of(seed, person);
        let mut random = Random::new(hash(seed, PERSON, u64::from(person), 0));
        // What a family shares.
        let mut house = Random::new(hash(seed, HOUSEHOLD, u64::from(device), 0));
        let weights: [u32; DISTRICTS.len()] = DISTRICTS.map(|district| district.weight);
        let district = house.weighted(&weights);
        let (block, school) = (house.between(1, BLOCKS_MAX), house.between(1, 9));
        let phone = house.weighted(&PHONES.map(|phone| phone.weight));
        let last_name = house.below(LAST_NAMES.len() as u32) as usize;
        let hindi = DISTRICTS[district].hindi;
        let one = hash(seed, DEVICE, u64::from(device), 0);
        Person {
            id: mix_u32(person ^ mix(seed) as u32),
            device,
            device_id: (one, mix(one ^ seed)),
            language: if random.chance(hindi) { Language::Hindi } else { Language::English },
            district,
            block,
            school,
            phone,
            student: person,
            class: random.between(1, 12),
            section: b'a' + random.below(3) as u8,
            name: (random.below(FIRST_NAMES.len() as u32) as usize, last_name),
        }
    }
}

/// One phone in six is shared: by two, seldom by three or four.
pub fn device_of(seed: u64, person: u32) -> u32 {
    let mut device = person;
    for _ in 0..3 {
        if device == 0 || unit(hash(seed, SHARED, u64::from(device), 0)) >= 0.16 {
            break;
        }
        device -= 1;
    }
    device
}
