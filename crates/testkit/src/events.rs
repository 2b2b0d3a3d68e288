//! Random events: few of everything, so that they meet.

use jiff::Timestamp;
use model::event::{Dialect, Event};
use model::project::ProjectClock;
use model::time::{SECOND, WeekStart};
use model::{Level, Micros, Properties, Uuid, Value};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

/// Event names.
pub const NAMES: [&str; 3] = ["view", "pay", "$pageview"];
/// Property keys: any kind of value; numbers mostly; dates; versions; a page; the key of a group.
pub const KEYS: [&str; 6] = ["k", "amount", "when", "version", "page", "$group_1"];
/// Keys of person properties; the first is one of events too.
pub const PERSON_KEYS: [&str; 3] = ["k", "plan", "amount"];
/// Visitors; the last stands for nobody and never merges.
pub const IDS: [&str; 6] = ["a", "b", "c", "d", "e", "null"];

const HOUR: Micros = 3_600 * SECOND;

/// A project and the moment around which its events lie: days whose hours repeat or are missing are among them.
#[derive(Debug, Clone)]
pub struct World {
    /// The project's clock.
    pub clock: ProjectClock,
    /// When questions are asked; µs.
    pub now: Micros,
}

/// Zones with the instant of a change of their offset, or any other day.
const WORLDS: [(&str, &str); 8] = [
    ("UTC", "2026-01-15T12:00:00Z"),
    ("Asia/Kolkata", "2026-02-28T18:30:00Z"),
    ("America/New_York", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("Europe/London", "2026-10-25T01:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("America/Sao_Paulo", "2018-11-04T03:00:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
];

/// A zone, a week start, and a now from 3 days before to 3 days after the change.
pub fn worlds() -> impl Strategy<Value = World> {
    (0..WORLDS.len(), any::<bool>(), -6..=6_i64, 0..HOUR).prop_map(|(index, sunday, half_days, past)| {
        let (zone, change) = WORLDS[index];
        let week_start = if sunday { WeekStart::Sunday } else { WeekStart::Monday };
        World {
            clock: ProjectClock { time_zone: zone.to_owned(), week_start },
            now: instant(change) + half_days * 12 * HOUR + past,
        }
    })
}

fn instant(text: &str) -> Micros {
    text.parse::<Timestamp>().map_or(0, Timestamp::as_microsecond)
}

/// Up to `most` events within some days of `now`, in the order of their arrival; some link two ids.
pub fn events(now: Micros, most: usize) -> impl Strategy<Value = Vec<Event>> {
    proptest::collection::vec(seed(), 0..=most)
        .prop_map(move |seeds| seeds.into_iter().enumerate().map(|(index, seed)| made(seed, index, now)).collect())
}

/// The same events on each call, `count` of them.
pub fn sample(now: Micros, count: usize) -> Vec<Event> {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let seeds = proptest::collection::vec(seed(), count).new_tree(&mut runner);
    let seeds = seeds.map(|tree| tree.current()).unwrap_or_default();
    seeds.into_iter().enumerate().map(|(index, seed)| made(seed, index, now)).collect()
}

#[derive(Debug, Clone)]
struct Seed {
    name: usize,
    id: usize,
    other: usize,
    session: Option<u8>,
    quarter_hours: i64,
    jitter: Micros,
    profile: bool,
    values: Vec<(usize, Value)>,
    /// What it says of its person: `$set`, `$set_once` or `$unset`, of which key, with which value.
    said: Option<(usize, usize, Value)>,
}

fn seed() -> impl Strategy<Value = Seed> {
    let name = prop_oneof![20 => 0..NAMES.len(), 3 => NAMES.len()..NAMES.len() + 3];
    // Ties and edges of buckets are likely; one event in ten is months late.
    let quarter_hours = prop_oneof![9 => -700..300_i64, 1 => -9_000..300_i64];
    let jitter = prop_oneof![4 => Just(0), 1 => Just(-1), 1 => Just(1), 1 => 0..HOUR];
    let session = proptest::option::weighted(0.7, 0..4_u8);
    let profile = prop_oneof![9 => Just(true), 1 => Just(false)];
    let values = proptest::collection::vec(keyed_value(), 0..4);
    let said = proptest::option::weighted(0.3, (0..5_usize, 0..PERSON_KEYS.len(), any_kind()));
    (name, 0..IDS.len(), 0..IDS.len(), session, quarter_hours, jitter, profile, (values, said)).prop_map(
        |(name, id, other, session, quarter_hours, jitter, profile, (values, said))| Seed {
            name,
            id,
            other,
            session,
            quarter_hours,
            jitter,
            profile,
            values,
            said,
        },
    )
}

fn made(seed: Seed, index: usize, now: Micros) -> Event {
    let mut properties: Properties =
        seed.values.iter().map(|(key, value)| (KEYS[*key].into(), value.clone())).collect();
    let claim = seed.name.checked_sub(NAMES.len());
    let name = match claim {
        None => NAMES[seed.name],
        Some(0) => "$identify",
        Some(1) => "$create_alias",
        Some(_) => "$merge_dangerously",
    };
    match claim {
        None if !seed.profile => properties.set("$process_person_profile", Value::Bool(false)),
        None => {}
        Some(0) => properties.set("$anon_distinct_id", Value::Text(IDS[seed.other].into())),
        Some(_) => properties.set("alias", Value::Text(IDS[seed.other].into())),
    }
    if let Some((how, key, value)) = seed.said {
        let key = PERSON_KEYS[key];
        match how {
            0 => properties.set(&format!("$unset.{key}"), Value::Bool(true)),
            1 => properties.set(&format!("$set_once.{key}"), value),
            _ => properties.set(&format!("$set.{key}"), value),
        }
    }
    let quarter = HOUR / 4;
    let event_at = (now - now.rem_euclid(quarter)) + seed.quarter_hours * quarter + seed.jitter;
    Event {
        // Different for each index, and not in the order of arrival.
        uuid: Uuid::from_u128(u128::from((index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)) << 32),
        event: name.into(),
        event_at,
        received_at: now,
        distinct_id: IDS[seed.id].into(),
        session_id: seed.session.map(|session| format!("s{session}").into()),
        window_id: None,
        level: Level::Full,
        dialect: if index.is_multiple_of(2) { Dialect::Posthog } else { Dialect::Sunbird },
        properties,
    }
}

/// A key and a value as it often has.
fn keyed_value() -> impl Strategy<Value = (usize, Value)> {
    let of = |key: usize, values: BoxedStrategy<Value>| values.prop_map(move |value| (key, value));
    prop_oneof![
        3 => of(0, any_kind().boxed()),
        3 => of(1, amounts().boxed()),
        1 => of(2, dates().boxed()),
        1 => of(3, versions().boxed()),
        2 => of(4, pages().boxed()),
        1 => of(5, groups().boxed()),
    ]
}

/// Values of every kind; many whose canonical texts meet.
pub fn any_kind() -> impl Strategy<Value = Value> {
    prop_oneof![
        proptest::sample::select(vec![
            "",
            "Ab",
            "ab",
            "5",
            "05",
            "5.0",
            "true",
            "(none)",
            "ÄB",
            "straße",
            "σς",
            "a\nb",
            "K",
            "नमस्ते",
            "1e3",
        ])
        .prop_map(|text| Value::Text(text.into())),
        proptest::sample::select(vec![5.0, 0.0, -0.0, 1.5, 1000.0, 1e21, -2.25]).prop_map(Value::Number),
        any::<bool>().prop_map(Value::Bool),
        proptest::sample::select(vec!["[1,2]", "{}", "9007199254740993"]).prop_map(|text| Value::Json(text.into())),
    ]
}

/// Multiples of 1/8, so that sums are exact in any order; some as text, some no number.
fn amounts() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => (-80..400_i32).prop_map(|eighths| Value::Number(f64::from(eighths) / 8.0)),
        1 => proptest::sample::select(vec!["12.5", "-3", "12,5", "", " 1"]).prop_map(|text| Value::Text(text.into())),
        1 => any::<bool>().prop_map(Value::Bool),
    ]
}

fn dates() -> impl Strategy<Value = Value> {
    prop_oneof![
        proptest::sample::select(vec![
            "2026-03-08",
            "2026-03-08T02:30:00",
            "2026-03-08 07:00:00.25Z",
            "2026-03-08T12:30:00+05:30",
            "2026-11-01",
            "soon",
            "1772953200",
        ])
        .prop_map(|text| Value::Text(text.into())),
        proptest::sample::select(vec![1_772_953_200.0, 1_772_953_200_250.0, -1.0]).prop_map(Value::Number),
    ]
}

fn versions() -> impl Strategy<Value = Value> {
    prop_oneof![
        proptest::sample::select(vec!["1.2.3", "1.2", "1.10.0", "2.0.0-beta.1", "0.3.1", "1.2.3.4", "v1", ""])
            .prop_map(|text| Value::Text(text.into())),
        proptest::sample::select(vec![1.0, 1.2, 2.0]).prop_map(Value::Number),
    ]
}

fn pages() -> impl Strategy<Value = Value> {
    proptest::sample::select(vec!["home", "fees", "marks", "", "Home", "leave"])
        .prop_map(|text| Value::Text(text.into()))
}

fn groups() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => proptest::sample::select(vec!["", "north", "south", "7"]).prop_map(|text| Value::Text(text.into())),
        1 => Just(Value::Number(7.0)),
    ]
}
