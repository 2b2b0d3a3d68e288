//! The demo as its receivers see it: valid, believable, the same again for the same seed.

use demo::{Batches, Demo, Micros, Settings, SettingsError};
use model::Reason;
use model::project::SunbirdValidation;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// 2026-11-27 14:00 in Asia/Kolkata, a Friday.
const NOW: Micros = 1_795_768_200_000_000;
const DAY_MS: i64 = 86_400_000;
const IST_MS: i64 = 19_800_000;

fn laid_out(seed: u64, persons: u32, days: u32) -> Demo {
    Demo::new(Settings { seed, persons, days, ends_at: NOW }).expect("settings within bounds")
}

fn bodies(demo: &Demo, events_min: u32) -> Vec<Vec<u8>> {
    Batches::new(demo, Micros::MIN, NOW + 1, events_min).map(|batch| batch.body).collect()
}

/// All events up to now, parsed, in the order in which they arrive.
fn events(demo: &Demo) -> Vec<Value> {
    let parse = |body: Vec<u8>| serde_json::from_slice::<Value>(&body).expect("a batch is JSON");
    let list = |batch: Value| batch["events"].as_array().expect("a list").clone();
    bodies(demo, 200).into_iter().map(parse).flat_map(list).collect()
}

fn text<'v>(event: &'v Value, path: &str) -> &'v str {
    event.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("no {path} in {event}"))
}

fn at_ms(event: &Value) -> i64 {
    event["ets"].as_i64().expect("whole milliseconds")
}

/// Days since 1970 in Asia/Kolkata.
fn day(event: &Value) -> i64 {
    (at_ms(event) + IST_MS).div_euclid(DAY_MS)
}

fn is(event: &Value, eid: &str) -> bool {
    event["eid"] == eid
}

fn is_click(event: &Value, id: &str) -> bool {
    is(event, "INTERACT") && event["edata"]["id"] == id
}

#[test]
fn the_first_events_of_a_seed_are_these() {
    let first = bodies(&laid_out(1, 1_000, 30), 12).swap_remove(0);
    let kept = include_str!("golden/first-batch.json");
    assert_eq!(String::from_utf8(first).expect("UTF-8"), kept.trim_end());
}

#[test]
fn a_whole_demo_passes_strict_validation_and_nothing_in_it_is_a_secret() {
    let demo = laid_out(2, 1_500, 90);
    let mut seen = BTreeMap::new();
    let mut scrubber = wire::scrub::Scrubber::default();
    let mut count = 0;
    for batch in Batches::new(&demo, Micros::MIN, NOW + 1, 140) {
        let decoded = wire::sunbird::decode(&batch.body, NOW, &|_| SunbirdValidation::Strict, &wire::Limits::default())
            .expect("a batch is readable");
        assert_eq!(decoded.items.len(), batch.events as usize);
        for item in decoded.items {
            let mut event = item.result.unwrap_or_else(|refused| panic!("{refused:?}"));
            assert_eq!(event.properties.get("_repairs"), None);
            assert!(event.event_at <= batch.until, "an event arrives before it happens");
            assert_eq!(scrubber.scrub(&mut event), [], "{event:?}");
            *seen.entry(event.event.to_string()).or_insert(0) += 1;
            count += 1;
        }
    }
    assert_eq!(count, demo.amount_before(NOW + 1).events);
    let all = [
        "ASSESS",
        "AUDIT",
        "END",
        "ERROR",
        "FEEDBACK",
        "IMPRESSION",
        "INTERACT",
        "INTERRUPT",
        "LOG",
        "RESPONSE",
        "SEARCH",
        "SHARE",
        "START",
        "homework_done",
        "leave_requested",
        "meeting_booked",
    ];
    assert_eq!(seen.keys().map(String::as_str).collect::<Vec<_>>(), all);
}

#[test]
fn every_kind_of_event_passes_the_schemas_of_the_sdk_and_the_collector() {
    let mut schemas: HashMap<(String, bool), jsonschema::Validator> = HashMap::new();
    for event in events(&laid_out(3, 300, 40)) {
        let eid = text(&event, "/eid").to_lowercase();
        for server in [false, true] {
            let schema = schemas.entry((eid.clone(), server)).or_insert_with(|| {
                jsonschema::validator_for(&schema(&format!("{eid}.json"), server)).expect("a valid schema")
            });
            let faults: Vec<String> = schema.iter_errors(&event).map(|error| error.to_string()).collect();
            assert!(faults.is_empty(), "{faults:?} in {event}");
        }
    }
    assert_eq!(schemas.len(), 2 * 14);
}

/// A schema file with each reference replaced by what it names.
fn schema(name: &str, server: bool) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wire/tests/sunbird-schemas");
    let own = folder.join("server").join(name);
    let path = if server && own.exists() { own } else { folder.join(name) };
    let file = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    expand(serde_json::from_str(&file).expect("a schema file is JSON"), server)
}

fn expand(part: Value, server: bool) -> Value {
    match part {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let name = reference.rsplit('/').next().unwrap_or("").trim_end_matches(".json");
                return schema(&format!("{name}.json"), server);
            }
            // Their ids repeat from file to file, and only references need them.
            let kept = members.into_iter().filter(|(key, value)| {
                !(matches!(key.as_str(), "$id" | "$schema") || key == "id" && value.is_string())
            });
            Value::Object(kept.map(|(key, value)| (key, expand(value, server))).collect())
        }
        Value::Array(elements) => elements.into_iter().map(|element| expand(element, server)).collect(),
        other => other,
    }
}

#[test]
fn the_default_is_about_three_million_events_of_a_hundred_thousand_persons() {
    let amount = laid_out(2_026, 100_000, 90).amount_before(NOW + 1);
    assert!((2_750_000..3_250_000).contains(&amount.events), "{amount:?}");
    assert!(amount.visits > 200_000, "{amount:?}");
}

#[test]
fn every_person_comes_once_and_ids_never_repeat() {
    let events = events(&laid_out(4, 2_000, 60));
    let persons: BTreeSet<&str> = events.iter().map(|event| text(event, "/actor/id")).collect();
    assert_eq!(persons.len(), 2_000);
    let mids: BTreeSet<&str> = events.iter().map(|event| text(event, "/mid")).collect();
    assert_eq!(mids.len(), events.len());
}

#[test]
fn some_phones_are_shared() {
    let events = events(&laid_out(4, 2_000, 10));
    let mut of_device: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for event in &events {
        of_device.entry(text(event, "/context/did")).or_default().insert(text(event, "/actor/id"));
    }
    let shared = of_device.values().filter(|persons| persons.len() > 1).count();
    assert!((150..400).contains(&shared), "{shared}");
    assert!(of_device.values().all(|persons| persons.len() <= 5));
    assert!(of_device.values().any(|persons| persons.len() >= 3));
}

#[test]
fn sundays_are_quiet_and_mornings_and_evenings_busy() {
    let events = events(&laid_out(5, 3_000, 60));
    let (mut by_weekday, mut by_hour) = ([0_u32; 7], [0_u32; 24]);
    for event in events.iter().filter(|event| is(event, "START")) {
        by_weekday[(day(event) + 4).rem_euclid(7) as usize] += 1;
        by_hour[((at_ms(event) + IST_MS).rem_euclid(DAY_MS) / 3_600_000) as usize] += 1;
    }
    let weekdays: u32 = by_weekday[1..6].iter().sum();
    assert!(by_weekday[0] * 5 < weekdays * 55 / 100, "{by_weekday:?}");
    assert!(by_hour[7] > 3 * by_hour[11] && by_hour[20] > 3 * by_hour[15], "{by_hour:?}");
    assert_eq!(by_hour[2], 0, "{by_hour:?}");
}

#[test]
fn diwali_is_quiet_and_exam_dates_are_looked_up_before_examinations() {
    let events = events(&laid_out(6, 4_000, 40));
    let starts = |wanted: i64| events.iter().filter(|event| is(event, "START") && day(event) == wanted).count();
    // 2026-11-24, Guru Nanak's birthday, a Tuesday, against the Wednesday after it.
    assert!(starts(20_781) * 10 < starts(20_782) * 7, "{} {}", starts(20_781), starts(20_782));
    let share = |days: std::ops::Range<i64>| {
        let pages = events.iter().filter(|event| is(event, "IMPRESSION") && days.contains(&day(event)));
        let (mut exam_dates, mut all) = (0.0, 0.0);
        for event in pages {
            all += 1.0;
            exam_dates += f64::from(u8::from(event["edata"]["pageid"] == "exam-dates"));
        }
        exam_dates / all
    };
    // 20 to 27 November are examinations, 9 to 17 November are not.
    assert!(share(20_777..20_784) > 2.0 * share(20_766..20_775));
}

#[test]
fn the_leave_funnel_loses_people_at_each_step_and_more_on_the_broken_version() {
    let events = events(&laid_out(7, 8_000, 90));
    let funnel = |broken: bool| {
        let of = |event: &&Value| (event["context"]["pdata"]["ver"] == "2.4.0") == broken;
        let count =
            |wanted: &dyn Fn(&Value) -> bool| events.iter().filter(of).filter(|event| wanted(event)).count() as f64;
        [
            count(&|event| is(event, "IMPRESSION") && event["edata"]["pageid"] == "leave"),
            count(&|event| is_click(event, "leave-dates")),
            count(&|event| is_click(event, "leave-submit")),
            count(&|event| is(event, "EXDATA") && event["edata"]["type"] == "leave_requested"),
        ]
    };
    let (good, bad) = (funnel(false), funnel(true));
    let steps = |funnel: [f64; 4]| [funnel[1] / funnel[0], funnel[2] / funnel[1], funnel[3] / funnel[2]];
    let [filled, submitted, accepted] = steps(good);
    assert!((0.58..0.70).contains(&filled), "{good:?}");
    assert!((0.68..0.78).contains(&submitted), "{good:?}");
    assert!((0.95..1.0).contains(&accepted), "{good:?}");
    assert!((0.30..0.58).contains(&steps(bad)[2]), "{bad:?}");

    let errors = |broken: bool| {
        let of = |event: &&Value| (event["context"]["pdata"]["ver"] == "2.4.0") == broken;
        let errors = events.iter().filter(of).filter(|event| is(event, "ERROR")).count() as f64;
        errors / events.iter().filter(of).filter(|event| is(event, "START")).count() as f64
    };
    assert!(errors(false) < 0.03, "{}", errors(false));
    assert!(errors(true) > 5.0 * errors(false), "{} {}", errors(true), errors(false));
}

#[test]
fn people_stay_as_people_do_and_the_eager_make_most_of_it() {
    let events = events(&laid_out(8, 3_000, 90));
    let mut days: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    let mut count: HashMap<&str, u32> = HashMap::new();
    for event in &events {
        days.entry(text(event, "/actor/id")).or_default().insert(day(event));
        *count.entry(text(event, "/actor/id")).or_default() += 1;
    }
    let last_day = 20_784;
    // Of those who began at least four weeks before the end: who came again in the first, second and fourth week?
    let cohort: Vec<&BTreeSet<i64>> =
        days.values().filter(|days| days.first().is_some_and(|first| *first <= last_day - 28)).collect();
    let came_in = |week: i64| {
        let in_week = |days: &&&BTreeSet<i64>| {
            let first = days.first().copied().unwrap_or_default();
            days.range(first + 1 + 7 * week..first + 8 + 7 * week).next().is_some()
        };
        cohort.iter().filter(in_week).count() as f64 / cohort.len() as f64
    };
    let (first, second, fourth) = (came_in(0), came_in(1), came_in(3));
    assert!(first > second && second > fourth && fourth > 0.3 * first, "{first} {second} {fourth}");
    assert!((0.1..0.6).contains(&first), "{first}");
    let mut counts: Vec<u32> = count.into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let tenth: u32 = counts[..counts.len() / 10].iter().sum();
    let part = f64::from(tenth) / f64::from(counts.iter().sum::<u32>());
    assert!((0.30..0.65).contains(&part), "the most eager tenth makes {part} of all events");
}

#[test]
fn more_come_at_the_end_than_at_the_beginning() {
    let events = events(&laid_out(9, 3_000, 90));
    let persons = |days: std::ops::Range<i64>| {
        let in_days = events.iter().filter(|event| days.contains(&day(event)));
        in_days.map(|event| text(event, "/actor/id")).collect::<BTreeSet<_>>().len()
    };
    // Weeks without examinations: from 1 September and from 9 November.
    let (early, late) = (persons(20_697..20_704), persons(20_766..20_773));
    assert!(late * 10 > early * 11, "{early} {late}");
}

#[test]
fn both_languages_are_spoken_and_searched_in() {
    let events = events(&laid_out(10, 1_500, 60));
    let of = |language: &str| events.iter().filter(|event| event["context"]["lang"] == language).count();
    assert!(of("hi") > of("en") && of("en") * 4 > of("hi"));
    let searches = events.iter().filter(|event| is(event, "SEARCH"));
    let devanagari = |event: &Value| text(event, "/edata/query").chars().any(|c| ('\u{900}'..'\u{980}').contains(&c));
    for event in searches {
        assert_eq!(devanagari(event), event["context"]["lang"] == "hi", "{event}");
    }
    let districts: BTreeSet<&str> = events.iter().map(|event| text(event, "/context/rollup/l2")).collect();
    assert_eq!(districts.len(), 12);
}

#[test]
fn some_visits_arrive_hours_or_days_late() {
    let demo = laid_out(11, 4_000, 60);
    let (mut all, mut hours, mut days) = (0.0, 0.0, 0.0);
    for batch in Batches::new(&demo, Micros::MIN, NOW + 1, 1) {
        let body: Value = serde_json::from_slice(&batch.body).expect("JSON");
        let newest = body["events"].as_array().expect("a list").iter().map(at_ms).max().expect("events");
        let late_ms = batch.until / 1_000 - newest;
        assert!(late_ms > 0);
        all += 1.0;
        hours += f64::from(u8::from(late_ms > 3_600_000));
        days += f64::from(u8::from(late_ms > DAY_MS));
    }
    assert!((0.03..0.09).contains(&(hours / all)), "{}", hours / all);
    assert!((0.004..0.03).contains(&(days / all)), "{}", days / all);
}

#[test]
fn settings_outside_their_bounds_are_refused() {
    let settings = Settings { seed: 1, persons: 10, days: 10, ends_at: NOW };
    let refused = |settings| Demo::new(settings).map(drop).expect_err("out of bounds");
    assert_eq!(refused(Settings { persons: 0, ..settings }), SettingsError::Persons(0));
    assert_eq!(refused(Settings { persons: 1_000_001, ..settings }), SettingsError::Persons(1_000_001));
    assert_eq!(refused(Settings { days: 1, ..settings }), SettingsError::Days(1));
    assert_eq!(refused(Settings { days: 401, ..settings }), SettingsError::Days(401));
    assert_eq!(refused(Settings { ends_at: i64::MIN, ..settings }), SettingsError::EndsAt);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_same_settings_give_the_same_bytes_and_another_seed_others(
        seed in any::<u64>(), persons in 1_u32..200, days in 2_u32..60, ends_at in 1_000_000_000_000_000_i64..4_000_000_000_000_000,
    ) {
        let settings = Settings { seed, persons, days, ends_at };
        let all = |settings| {
            let demo = Demo::new(settings).expect("within bounds");
            Batches::new(&demo, Micros::MIN, ends_at + 1, 50).collect::<Vec<_>>()
        };
        let once = all(settings);
        prop_assert_eq!(&once, &all(settings));
        prop_assert_ne!(&once, &all(Settings { seed: seed ^ 1, ..settings }));
    }

    #[test]
    fn every_event_of_any_demo_is_valid_and_in_time(
        seed in any::<u64>(), persons in 1_u32..300, days in 2_u32..30, ends_at in 1_000_000_000_000_000_i64..4_000_000_000_000_000,
    ) {
        let demo = Demo::new(Settings { seed, persons, days, ends_at }).expect("within bounds");
        let mut sent_until = Micros::MIN;
        for batch in Batches::new(&demo, Micros::MIN, ends_at + 1, 100) {
            prop_assert!(batch.until >= sent_until && batch.until <= ends_at);
            sent_until = batch.until;
            let decoded = wire::sunbird::decode(&batch.body, ends_at, &|_| SunbirdValidation::Strict, &wire::Limits::default())
                .expect("readable");
            let refused: Vec<Reason> = decoded.items.iter().filter_map(|item| item.result.as_ref().err()).map(|one| one.reason).collect();
            prop_assert_eq!(refused, []);
        }
    }

    #[test]
    fn whoever_goes_on_from_any_batch_gets_exactly_the_rest(seed in any::<u64>(), cut in 0.0..1.0_f64) {
        let demo = laid_out(seed, 300, 20);
        let mids = |batches: Batches| -> Vec<String> {
            batches
                .flat_map(|batch| {
                    let body: Value = serde_json::from_slice(&batch.body).expect("JSON");
                    body["events"].as_array().expect("a list").iter().map(|event| text(event, "/mid").to_owned()).collect::<Vec<_>>()
                })
                .collect()
        };
        let all = mids(Batches::new(&demo, Micros::MIN, NOW + 1, 60));
        let batches: Vec<_> = Batches::new(&demo, Micros::MIN, NOW + 1, 60).collect();
        let until = batches[(batches.len() as f64 * cut) as usize].until;
        let sent = demo.amount_before(until).events as usize;
        let rest = mids(Batches::new(&demo, until, NOW + 1, 60));
        prop_assert_eq!(&all[sent..], &rest[..]);
    }
}
