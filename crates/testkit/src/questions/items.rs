//! Random questions about items, and events that answer some.

use super::filters;
use model::insight::items::ItemsQuestion;
use model::{Event, Value};
use proptest::prelude::*;

/// Turns events into attempts and responses on few items, some of them careless.
pub fn with_attempts(mut events: Vec<Event>, seeds: &[u16]) -> Vec<Event> {
    for (index, event) in events.iter_mut().enumerate() {
        let seed = usize::from(seeds[index % seeds.len()]) + index;
        if !["view", "pay", "$pageview"].contains(&&*event.event) || seed % 9 == 0 {
            continue;
        }
        let mut set = |key: &str, value: Value| event.properties.set(key, value);
        let text = |text: &str| Value::Text(text.into());
        let item = ["q1", "q2", "q3", "q4", ""][seed % 5];
        let answers = [r#"[{"1":"a"}]"#, r#"[{"1":"b"}]"#, r#"[{"1":"c"}]"#, "[]"];
        let answer = Value::Json(answers[seed / 2 % 4].into());
        if seed % 4 == 0 {
            event.event = "RESPONSE".into();
            set("edata.target.id", text(item));
            if seed % 8 > 0 {
                set("edata.values", answer);
            }
            continue;
        }
        event.event = "ASSESS".into();
        set("edata.item.id", text(item));
        set("edata.pass", text(["Yes", "No", "yes", "No", ""][seed / 3 % 5]));
        set("edata.score", [Value::Number(1.0), Value::Number(0.5), text("0"), text("none")][seed / 5 % 4].clone());
        if seed % 7 > 0 {
            set("edata.item.maxscore", Value::Number([1.0, 2.0, 0.0][seed / 7 % 3]));
            set("edata.resvalues", answer);
            set("edata.duration", Value::Number([2.0, 0.0, -1.0, 12.5][seed / 11 % 4]));
        }
    }
    events
}

/// Item analysis.
pub fn items() -> impl Strategy<Value = ItemsQuestion> {
    let some = |list: &'static [&'static str]| proptest::sample::select(list).prop_map(|text| Some(text.to_owned()));
    (
        prop_oneof![1 => Just(None), 6 => some(&["-3d", "-30d", "all", "all", "-90h"])],
        prop_oneof![4 => Just(None), 1 => some(&["-1d", "-30h"])],
        (1..6_u32, proptest::option::of(1..4_u32)),
        prop_oneof![3 => Just(Vec::new()), 1 => proptest::collection::vec(filters(), 1..2)],
    )
        .prop_map(|(date_from, date_to, (limit, answers), filters)| ItemsQuestion {
            date_from,
            date_to,
            limit: Some(limit),
            answers,
            filters,
        })
}
