use crate::Limits;
use crate::sunbird::{Item, decode};
use model::Micros;
use model::project::SunbirdValidation;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value as Sent, json};

const NOW: Micros = 1_767_582_156_000_000;

fn samples() -> Vec<Sent> {
    let samples: Sent =
        serde_json::from_str(include_str!("../../../tests/sunbird-samples.json")).expect("the samples are JSON");
    samples["request"]["events"].as_array().expect("a list").clone()
}

fn items(texts: &[String], validation: SunbirdValidation) -> Vec<Item> {
    let body = format!("[{}]", texts.join(","));
    decode(body.as_bytes(), NOW, &|_| validation, &Limits::default()).expect("readable").items
}

/// Together they must be what each is alone.
fn together_as_alone(events: &[Sent], validation: SunbirdValidation) -> Result<(), TestCaseError> {
    let texts: Vec<String> = events.iter().map(Sent::to_string).collect();
    let together = items(&texts, validation);
    prop_assert_eq!(together.len(), texts.len());
    for (item, text) in together.iter().zip(&texts) {
        let alone = &items(std::slice::from_ref(text), validation)[0];
        prop_assert_eq!(item, alone, "{}", text);
    }
    Ok(())
}

/// The JSON pointers of a value and of all that is in it.
fn pointers(value: &Sent, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Sent::Object(members) => members.iter().for_each(|(key, member)| {
            pointers(member, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), out);
        }),
        Sent::Array(elements) => {
            elements.iter().enumerate().for_each(|(index, element)| pointers(element, &format!("{at}/{index}"), out));
        }
        _ => {}
    }
}

/// What may stand in a changed place: right and wrong kinds, escapes, words that mean something, odd times.
fn value() -> impl Strategy<Value = Sent> {
    prop_oneof![
        "[a-z]{0,6}".prop_map(Sent::from),
        select(vec!["", "anonymous", "f:1:x", "3.1", "INTERACT", "3", "\"", "\n", "नमस्ते", "qr", " "])
            .prop_map(Sent::from),
        any::<i64>().prop_map(Sent::from),
        (1_700_000_000_000_i64..1_800_000_000_000).prop_map(Sent::from),
        any::<f64>().prop_map(Sent::from),
        any::<bool>().prop_map(Sent::from),
        Just(Sent::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{"type": "a", "id": "b"}])),
        Just(json!([{"objid": "a", "objtype": "b", "index": 2}, null])),
        Just(json!(["a", 1])),
        Just(json!({"id": "a", "more": [1]})),
    ]
}

proptest! {
    #[test]
    fn a_batch_of_events_that_differ_in_some_values_is_read_as_each_alone(
        base in select(samples()),
        changes in proptest::collection::vec((any::<Index>(), value(), any::<bool>()), 1..24),
        strict in any::<bool>(),
    ) {
        let validation = if strict { SunbirdValidation::Strict } else { SunbirdValidation::Lenient };
        let mut events = vec![base.clone(), base.clone()];
        let mut now = base;
        for (place, value, keep) in changes {
            let mut all = Vec::new();
            pointers(&now, "", &mut all);
            let mut next = now.clone();
            if let Some(found) = next.pointer_mut(place.get::<String>(&all)) {
                *found = value;
            }
            // Some changes are seen once, others stay for the events that follow.
            if keep && next.is_object() {
                now = next.clone();
            }
            events.push(next);
            events.push(now.clone());
        }
        together_as_alone(&events, validation)?;
    }
}

#[test]
fn the_values_of_one_phone_are_one_text_in_memory() {
    let text = samples().iter().find(|event| event["eid"] == "INTERACT").expect("a sample").to_string();
    let other = text.replacen("\"mid\":\"", "\"mid\":\"another-", 1);
    assert_ne!(text, other);
    let events: Vec<_> =
        items(&[text, other], SunbirdValidation::Lenient).into_iter().map(|item| item.result.expect("valid")).collect();
    assert_ne!(events[0].uuid, events[1].uuid);
    assert!(events[0].distinct_id.is_same(&events[1].distinct_id));
    assert!(events[0].properties.keys().is_same(events[1].properties.keys()));
}
