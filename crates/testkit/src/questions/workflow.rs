//! Random questions about workflows, and events that make some.

use super::filters;
use model::insight::workflow::WorkflowQuestion;
use model::time::{DAY, SECOND};
use model::{Event, Micros, Value};
use proptest::prelude::*;

/// Turns events into Sunbird's: few devices, nested starts and ends, pages, interactions and answers, pauses of all sizes.
pub fn with_workflows(mut events: Vec<Event>, seeds: &[u16], now: Micros) -> Vec<Event> {
    let mut at = now - 3 * DAY;
    for (index, event) in events.iter_mut().enumerate() {
        let seed = usize::from(seeds[index % seeds.len()]) + index;
        if !["view", "pay", "$pageview"].contains(&&*event.event) || seed % 17 == 0 {
            continue;
        }
        let pauses = [
            0,
            1_234_000,
            5_004_999,
            5_005_000,
            59 * SECOND,
            600 * SECOND,
            601 * SECOND,
            1_800 * SECOND,
            1_900 * SECOND,
        ];
        at += pauses[seed / 3 % pauses.len()];
        event.event_at = at;
        let names =
            ["START", "IMPRESSION", "INTERACT", "END", "INTERACT", "IMPRESSION", "ASSESS", "START", "END", "LOG"];
        let name = names[seed % names.len()];
        event.event = name.into();
        let mut set = |key: &str, value: &str| event.properties.set(key, Value::Text(value.into()));
        set("context.channel", "c1");
        if seed % 5 > 0 {
            set("context.did", ["d1", "d1", "d2"][seed / 5 % 3]);
        }
        if seed % 6 > 0 {
            set("context.pdata.id", "p1");
        }
        set("context.env", ["home", "attendance"][seed / 2 % 2]);
        let kind = match name {
            "START" | "END" => ["app", "content", "App", "player"][seed / 7 % 4],
            "INTERACT" => ["TOUCH", "OTHER", "selected", "click"][seed / 7 % 4],
            _ => ["view", "detail", "app"][seed / 7 % 3],
        };
        if seed % 8 > 0 {
            set("edata.type", kind);
        }
        if seed % 3 == 0 {
            set("edata.mode", ["play", "Play", ""][seed / 11 % 3]);
        }
        match name {
            "IMPRESSION" if seed % 7 > 0 => set("edata.pageid", ["home", "fees", "marks"][seed / 4 % 3]),
            "ASSESS" => {
                set("edata.item.id", "q1");
                set("edata.pass", "Yes");
                event.properties.set("edata.score", Value::Number([0.5, 1.0, 2.75][seed % 3]));
                event.properties.set("edata.duration", Value::Number(3.9));
            }
            _ => {}
        }
    }
    events
}

/// Workflows.
pub fn workflows() -> impl Strategy<Value = WorkflowQuestion> {
    let some = |list: &'static [&'static str]| proptest::sample::select(list).prop_map(|text| Some(text.to_owned()));
    (
        prop_oneof![1 => Just(None), 4 => some(&["-3d", "-30d", "all", "-60h"])],
        prop_oneof![4 => Just(None), 1 => some(&["-1d", "-30h"])],
        prop_oneof![1 => 1..4_u32, 3 => Just(1_000)],
        prop_oneof![4 => Just(Vec::new()), 1 => proptest::collection::vec(filters(), 1..2)],
    )
        .prop_map(|(date_from, date_to, limit, filters)| WorkflowQuestion {
            date_from,
            date_to,
            limit: Some(limit),
            filters,
        })
}
