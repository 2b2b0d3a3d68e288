//! Random questions about visits, and events that say something about theirs.

use super::filters;
use crate::events::IDS;
use model::filter::Filter;
use model::insight::sessions::SessionsQuestion;
use model::insight::trends::Compare;
use model::insight::web::{WebQuestion, WebRowFilter, WebTable};
use model::time::{DAY, SECOND};
use model::{Event, Micros, Value};
use proptest::prelude::*;

/// Values that tell where a visit came from, by key; few of each.
const SAID: [(&str, &[&str]); 16] = [
    ("$referring_domain", &["www.google.com", "$direct", "school.example", ""]),
    ("utm_source", &["Facebook", "direct", "null", "letter"]),
    ("utm_medium", &["cpc", "email", "paid-social", "web-push", ""]),
    ("utm_campaign", &["shopping days", "a video", "cross-network", "june"]),
    ("utm_term", &["fees"]),
    ("utm_content", &["top"]),
    ("gclid", &["g1", "null"]),
    ("gad_source", &["1", "2"]),
    ("fbclid", &["f1"]),
    ("$device_type", &["Mobile", "Desktop"]),
    ("$browser", &["Chrome"]),
    ("edata.uaspec.agent", &["chrome", "safari"]),
    ("$os", &["Android"]),
    ("edata.uaspec.system", &["Windows"]),
    ("$geoip_country_code", &["IN", "NP"]),
    ("context.lang", &["hi", "en"]),
];

/// Gives the events pages, campaigns and devices of both dialects, and brings some close to others.
pub fn with_visits(mut events: Vec<Event>, seeds: &[u16], now: Micros) -> Vec<Event> {
    let seed = |index: usize| usize::from(seeds[index % seeds.len()]) + index;
    for (index, event) in events.iter_mut().enumerate() {
        let seed = seed(index);
        let mut set = |key: &str, value: &str| event.properties.set(key, Value::Text(value.into()));
        if seed % 3 == 0 {
            let (key, values) = SAID[seed / 3 % SAID.len()];
            set(key, values[seed / 5 % values.len()]);
            let (key, values) = SAID[seed / 7 % SAID.len()];
            set(key, values[seed / 2 % values.len()]);
        }
        if seed % 4 > 0 {
            let addresses = ["https://school.example/fees?a=b", "https://school.example", "/home#top", ""];
            set("$current_url", addresses[seed / 4 % 4]);
            set("edata.uri", ["no-address", "/marks?x", "https://school.example/fees/", ""][seed / 3 % 4]);
            set("edata.pageid", ["home", "leave"][seed / 6 % 2]);
            set("$screen_name", ["home", "Fees", ""][seed / 2 % 3]);
            if seed % 7 == 0 {
                set("$pathname", ["/fees", "/exam"][seed / 7 % 2]);
            }
        }
        match &*event.event {
            "view" => event.event = ["IMPRESSION", "view", "$screen", "INTERACT"][seed % 4].into(),
            "pay" => event.event = ["pay", "$autocapture", "IMPRESSION"][seed % 3].into(),
            _ => {}
        }
        if seed % 11 == 0 {
            event.session_id = Some("".into());
        }
        // Pauses of exactly half an hour, of a little more, and visits of a few seconds.
        let step = [0, 1, 5 * SECOND, 1_800 * SECOND, 1_800 * SECOND + 1, DAY][seed % 6];
        if seed % 5 > 0 {
            event.event_at = now - 3 * DAY + step * (seed as Micros / 6 % 5);
        }
    }
    events
}

fn dates() -> impl Strategy<Value = (Option<String>, Option<String>)> {
    let some = |list: &'static [&'static str]| proptest::sample::select(list).prop_map(|text| Some(text.to_owned()));
    (
        prop_oneof![1 => Just(None), 6 => some(&["-3d", "-30d", "-2m", "all", "all", "-4d", "-90h"])],
        prop_oneof![4 => Just(None), 1 => some(&["-1d", "-30h", "-2dEnd", "-3d"])],
    )
}

fn few_filters() -> impl Strategy<Value = Vec<Filter>> {
    prop_oneof![3 => Just(Vec::new()), 1 => proptest::collection::vec(filters(), 1..2)]
}

/// Lists of sessions.
pub fn sessions() -> impl Strategy<Value = SessionsQuestion> {
    let person = prop_oneof![
        3 => Just(None),
        1 => proptest::sample::select(&IDS[..]).prop_map(|id| Some(id.to_owned())),
        1 => Just(Some("nobody".to_owned())),
    ];
    (person, dates(), any::<bool>(), few_filters(), prop_oneof![1 => Just(None), 4 => (1..6_u32).prop_map(Some)])
        .prop_map(|(person, (date_from, date_to), infer_sessions, filters, limit)| SessionsQuestion {
            person,
            date_from,
            date_to,
            infer_sessions,
            filters,
            limit,
            after: None,
        })
}

/// Web analytics: some tables, now and then within some rows.
pub fn webs() -> impl Strategy<Value = WebQuestion> {
    let values: &[&str] =
        &["(none)", "/fees", "/home", "home", "Unknown", "Direct", "Facebook", "email", "Chrome", "hi", "nothing"];
    let row = (proptest::sample::select(&WebTable::ALL[..]), proptest::sample::select(values))
        .prop_map(|(table, value)| WebRowFilter { table, value: value.to_owned() });
    (
        dates(),
        any::<bool>(),
        any::<bool>(),
        proptest::collection::vec(proptest::sample::select(&WebTable::ALL[..]), 0..6),
        (1..5_u32, prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::vec(row, 1..3)]),
        few_filters(),
    )
        .prop_map(|((date_from, date_to), compare, infer_sessions, tables, (limit, rows), filters)| WebQuestion {
            date_from,
            date_to,
            compare: compare.then(Compare::default),
            infer_sessions,
            tables,
            limit: Some(limit),
            rows,
            filters,
        })
}
