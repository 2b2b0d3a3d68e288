//! The table against the schema files: over the samples, and over thousands of random changes to them, both must
//! give the same verdict.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// A schema file with every reference replaced by what it names, so that no resolver is needed.
fn expanded(name: &str, server: bool) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sunbird-schemas");
    let own = folder.join("server").join(name);
    let path = if server && own.exists() { own } else { folder.join(name) };
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    expand(serde_json::from_str(&text).expect("a schema file is JSON"), server)
}

fn expand(schema: Value, server: bool) -> Value {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let name = reference.rsplit('/').next().unwrap_or("").trim_end_matches(".json");
                return expanded(&format!("{name}.json"), server);
            }
            let kept = members.into_iter().filter(|(key, value)| {
                !(matches!(key.as_str(), "$id" | "$schema") || key == "id" && value.is_string())
            });
            Value::Object(kept.map(|(key, value)| (key, expand(value, server))).collect())
        }
        Value::Array(elements) => elements.into_iter().map(|element| expand(element, server)).collect(),
        other => other,
    }
}

const SDK: [&str; 15] = [
    "START",
    "END",
    "IMPRESSION",
    "INTERACT",
    "ASSESS",
    "RESPONSE",
    "INTERRUPT",
    "FEEDBACK",
    "SHARE",
    "AUDIT",
    "ERROR",
    "HEARTBEAT",
    "LOG",
    "SEARCH",
    "EXDATA",
];
const SERVER_ONLY: [&str; 2] = ["METRICS", "SUMMARY"];

type Validators = BTreeMap<&'static str, jsonschema::Validator>;

fn validators(eids: &[&'static str], server: bool) -> Validators {
    let compile = |eid: &&'static str| {
        let schema = expanded(&format!("{}.json", eid.to_lowercase()), server);
        (*eid, jsonschema::validator_for(&schema).expect("a valid schema"))
    };
    eids.iter().map(compile).collect()
}

/// What the strict mode promises: the SDK's schemas, and the collector's where the SDK has none.
fn strict_schemas() -> Validators {
    let mut all = validators(&SDK, false);
    all.extend(validators(&SERVER_ONLY, true));
    all
}

fn server_schemas() -> Validators {
    validators(&[&SDK[..], &SERVER_ONLY[..]].concat(), true)
}

fn schema_accepts(schemas: &Validators, event: &Value) -> bool {
    let eid = event.get("eid").and_then(Value::as_str).unwrap_or("");
    schemas.get(eid).is_some_and(|schema| schema.is_valid(event))
}

fn strict_accepts(event: &Value) -> bool {
    let text = event.to_string();
    match Json::parse(&text) {
        Ok(Json::Object(mut event)) => strict(&mut event).is_ok(),
        _ => false,
    }
}

fn lenient_accepts(event: &Value) -> bool {
    let text = event.to_string();
    match Json::parse(&text) {
        Ok(Json::Object(mut event)) => lenient(&mut event, &mut Repairs::default()).is_ok(),
        _ => false,
    }
}

fn samples() -> Value {
    serde_json::from_str(include_str!("../../../tests/sunbird-samples.json")).expect("the samples are JSON")
}

/// The samples, and a full event of each type that they do not have.
fn events() -> Vec<Value> {
    let samples = samples();
    let mut all: Vec<Value> = samples["request"]["events"].as_array().expect("a list").clone();
    let envelope = all[0].clone();
    let with = |eid: &str, edata: Value| {
        let mut event = envelope.clone();
        event["eid"] = eid.into();
        event["edata"] = edata;
        event
    };
    let more = [
        with(
            "ASSESS",
            json!({"item": {"id": "q1", "maxscore": 2, "exlength": 0, "params": [{"a": 1}], "uri": "", "desc": "",
            "title": "t", "mmc": ["m"], "mc": ["c"]}, "pass": "Yes", "score": 1.5, "resvalues": [{"ans": "1"}],
            "duration": 12, "index": 1}),
        ),
        with(
            "RESPONSE",
            json!({"target": {"id": "t", "ver": "1", "type": "x", "parent": {"id": "p", "type": "y"}},
            "type": "CHOOSE", "values": [{"lhs": "1"}]}),
        ),
        with(
            "SHARE",
            json!({"dir": "Out", "type": "Link", "items": [{"id": "i", "type": "t", "ver": "1",
            "params": [{"transfers": 0}], "origin": {"id": "o", "type": "t"}, "to": {"id": "o", "type": "t"}}]}),
        ),
        with("LOG", json!({"type": "api_call", "level": "INFO", "message": "m", "pageid": "p", "params": [{"a": 1}]})),
        with("EXDATA", json!({"type": "own", "data": "{}"})),
        with("HEARTBEAT", json!({"any": {"thing": [1]}})),
        with("METRICS", json!({"system": "s", "subsystem": "t", "metrics": [{"metric": "m", "value": 1}]})),
        with(
            "SUMMARY",
            json!({"type": "app", "mode": "play", "starttime": 1, "endtime": 2, "timespent": 1.5,
            "pageviews": 3, "interactions": 4, "extra": [{"id": "a", "value": "b"}]}),
        ),
        with(
            "START",
            json!({"type": "app", "dspec": {"os": "Android", "make": "m", "id": "x", "mem": -1, "idisk": 1.5,
            "edisk": 0, "scrn": 5, "camera": "", "cpu": "", "sims": 2, "cap": ["a"]}, "uaspec": {"agent": "a"}}),
        ),
    ];
    all.extend(more);
    all
}

#[test]
fn every_full_event_is_valid_by_both() {
    let schemas = strict_schemas();
    for event in events() {
        assert!(schema_accepts(&schemas, &event), "schema: {event}");
        assert!(strict_accepts(&event), "table: {event}");
        assert!(lenient_accepts(&event), "lenient: {event}");
    }
}

#[test]
fn the_samples_get_the_verdict_that_they_are_filed_under() {
    let (samples, schemas) = (samples(), strict_schemas());
    for (list, verdict) in [("accept", true), ("reject", false)] {
        for (name, event) in samples[list].as_object().expect("named events") {
            assert_eq!(schema_accepts(&schemas, event), verdict, "schema on {name}");
            assert_eq!(strict_accepts(event), verdict, "table on {name}");
        }
    }
}

#[test]
fn every_field_of_every_schema_is_in_the_table_with_its_type() {
    // One wrong type at every path of every event, one missing member, one extra member: no luck needed.
    let (strict_schemas, server_schemas) = (strict_schemas(), server_schemas());
    let mut compared = 0;
    for event in events() {
        for path in paths(&event) {
            for change in 0..CHANGES {
                let mut changed = event.clone();
                apply(&mut changed, &path, change);
                check_agreement(&changed, &strict_schemas, &server_schemas);
                compared += 1;
            }
        }
    }
    assert!(compared > 3_000, "{compared}");
}

/// Strict is exactly the schemas; lenient takes at least what either schema set takes.
fn check_agreement(event: &Value, strict_schemas: &Validators, server_schemas: &Validators) {
    let by_schema = schema_accepts(strict_schemas, event);
    assert_eq!(strict_accepts(event), by_schema, "{event}");
    if by_schema || schema_accepts(server_schemas, event) {
        assert!(lenient_accepts(event), "{event}");
    }
}

/// Pointers to every value inside, the top excluded.
fn paths(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((path, value)) = open.pop() {
        if !path.is_empty() {
            found.push(path.clone());
        }
        match value {
            Value::Object(members) => open.extend(members.iter().map(|(key, value)| (format!("{path}/{key}"), value))),
            Value::Array(all) => open.extend(all.iter().enumerate().map(|(at, value)| (format!("{path}/{at}"), value))),
            _ => {}
        }
    }
    found
}

const CHANGES: usize = 13;

fn apply(event: &mut Value, path: &str, change: usize) {
    let (parent, last) = path.rsplit_once('/').expect("not the top");
    if change == 0 {
        match event.pointer_mut(parent) {
            Some(Value::Object(members)) => drop(members.remove(last)),
            Some(Value::Array(all)) => drop(all.remove(last.parse().expect("an index"))),
            _ => {}
        }
        return;
    }
    let Some(value) = event.pointer_mut(path) else { return };
    let replacement = match change {
        1 => Value::Null,
        2 => json!(""),
        3 => json!("3.1"),
        4 => json!(7),
        5 => json!(-1.5),
        6 => json!(true),
        7 => json!([]),
        8 => json!({}),
        9 => json!([1, "a"]),
        10 => json!([{"unknown": 1}]),
        11 => json!(["a"]),
        _ => {
            if let Value::Object(members) = value {
                for name in ["unknown", "type", "commentid", "traceid"] {
                    members.entry(name).or_insert_with(|| "x".into());
                }
            }
            return;
        }
    };
    *value = replacement;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    /// Several changes at once, 100 events a case.
    #[test]
    fn the_table_and_the_schemas_agree_on_random_events(
        recipes in prop::collection::vec(
            (any::<prop::sample::Index>(), prop::collection::vec((any::<prop::sample::Index>(), 0..CHANGES), 1..4)), 100))
    {
        let (strict_schemas, server_schemas, events) = (strict_schemas(), server_schemas(), events());
        for (which, changes) in recipes {
            let mut event = which.get(&events).clone();
            for (place, change) in changes {
                let places = paths(&event);
                if !places.is_empty() {
                    let path = place.get(&places).clone();
                    apply(&mut event, &path, change);
                }
            }
            check_agreement(&event, &strict_schemas, &server_schemas);
        }
    }
}
