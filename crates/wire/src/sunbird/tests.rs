use super::*;
use crate::Limits;
use model::{Uuid, Value as Property};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A minute after the last sample.
const NOW: Micros = 1_767_582_156_000_000;

fn samples() -> Value {
    serde_json::from_str(include_str!("../../tests/sunbird-samples.json")).expect("the samples are JSON")
}

fn decoded(body: &Value, validation: SunbirdValidation) -> SunbirdBatch {
    decode(body.to_string().as_bytes(), NOW, &|_| validation, &Limits::default()).expect("readable")
}

fn one(event: &Value, validation: SunbirdValidation) -> Result<Event, NotStored> {
    let batch = decoded(&json!({"events": [event]}), validation);
    assert_eq!(batch.items.len(), 1);
    batch.items.into_iter().next().expect("one item").result
}

fn lenient(event: &Value) -> Event {
    one(event, SunbirdValidation::Lenient).unwrap_or_else(|failed| panic!("{failed:?}"))
}

fn reason(event: &Value, validation: SunbirdValidation) -> Reason {
    one(event, validation).expect_err("fails").reason
}

fn repairs(event: &Event) -> String {
    event.properties.get("_repairs").map(Property::canonical).unwrap_or_default()
}

fn sample(eid: &str) -> Value {
    let samples = samples();
    let events = samples["request"]["events"].as_array().expect("a list").clone();
    events.into_iter().find(|event| event["eid"] == eid).expect("a sample of this type")
}

fn with(eid: &str, edata: Value) -> Value {
    let mut event = sample("START");
    event["eid"] = eid.into();
    event["edata"] = edata;
    event
}

#[test]
fn a_summary_is_a_valid_event_and_the_same_when_asked_for_again() {
    use model::insight::workflow::{WorkflowPage, WorkflowRow};
    let page = |page: &str, visits| WorkflowPage {
        page: page.into(),
        kind: "view".into(),
        env: "home".into(),
        time_spent_s: 12.5,
        visits,
    };
    let mut row = WorkflowRow {
        kind: "app".into(),
        mode: "play".into(),
        device_id: "d1".into(),
        session_id: Some("s1".into()),
        person: "p1".into(),
        channel: "c1".into(),
        producer: "prod.app".into(),
        object: None,
        start: "2026-01-05T03:00:00.000000Z".into(),
        end: "2026-01-05T03:01:13.000000Z".into(),
        time_diff_s: 73.0,
        time_spent_s: 72.25,
        interactions: 2,
        interactions_per_minute: 1.66,
        events: Default::default(),
        pages: vec![page("home", 2), page("fees", 1)],
        envs: Vec::new(),
        items: Vec::new(),
    };
    let told = |row: &WorkflowRow| {
        let mut line = Vec::new();
        write_summary(row, &mut line);
        assert_eq!(line.pop(), Some(b'\n'));
        serde_json::from_slice::<Value>(&line).expect("one event")
    };
    let event = told(&row);
    assert_eq!(event["edata"]["starttime"], 1_767_582_000_000_i64);
    assert_eq!(event["edata"]["timespent"], 72.25);
    assert_eq!((&event["edata"]["pageviews"], &event["edata"]["interactions"]), (&json!(3), &json!(2)));
    for validation in [SunbirdValidation::Strict, SunbirdValidation::Lenient] {
        let read = one(&event, validation).expect("valid");
        assert_eq!((&*read.event, &*read.distinct_id, read.session_id.as_deref()), ("SUMMARY", "p1", Some("s1")));
        assert_eq!(repairs(&read), "");
    }
    row.end = "2026-01-05T03:02:00.000000Z".into();
    assert_eq!(told(&row)["mid"], event["mid"]);
    row.kind = "content".into();
    assert_ne!(told(&row)["mid"], event["mid"]);
}

#[test]
fn the_sample_batch_is_kept_whole_in_both_modes() {
    for validation in [SunbirdValidation::Lenient, SunbirdValidation::Strict] {
        let batch = decoded(&samples()["request"], validation);
        assert_eq!(batch.items.len(), 11);
        assert_eq!(batch.msgid.as_deref(), Some("b0f6287698ab012eb6e8331a76ec5ba5"));
        assert!(!batch.eventless);
        for item in &batch.items {
            let event = item.result.as_ref().expect("valid");
            assert_eq!(item.channel.as_deref(), Some("hp-education"));
            assert_eq!(&*event.distinct_id, "p-5d2e81c4");
            assert_eq!(event.session_id.as_deref(), Some("3f0f7a52-6b1e-4d0e-9c1a-2f4b6a0d9e11"));
            assert_eq!(event.properties.text("$device_id"), Some("7f3b1c0e9a4d4b6c8e21d5a90c77f412"));
            assert_eq!(event.properties.get("_repairs"), None);
        }
    }
}

#[test]
fn every_sample_gets_its_outcome_in_both_modes() {
    let samples = samples();
    for (name, event) in samples["accept"].as_object().expect("named events") {
        for validation in [SunbirdValidation::Lenient, SunbirdValidation::Strict] {
            assert!(one(event, validation).is_ok(), "{name} {validation:?}");
        }
    }
    let expected = [
        ("ver 3.1", Reason::UnsupportedVersion, None),
        ("START stageid", Reason::ExtraField, None),
        ("IMPRESSION no uri", Reason::MissingField, None),
        ("visits as object", Reason::InvalidField, None),
        ("FEEDBACK contentId", Reason::ExtraField, None),
        ("channel empty", Reason::MissingField, Some(Reason::MissingField)),
        ("no pdata", Reason::MissingField, Some(Reason::MissingField)),
        ("mid empty", Reason::MissingField, Some(Reason::MissingField)),
        ("INTERACT id object", Reason::InvalidField, Some(Reason::InvalidField)),
        ("edata missing", Reason::MissingField, Some(Reason::MissingField)),
        ("plugin no ver", Reason::MissingField, Some(Reason::MissingField)),
        ("summary object", Reason::InvalidField, None),
        ("SEARCH size string", Reason::InvalidField, None),
    ];
    assert_eq!(samples["reject"].as_object().map(serde_json::Map::len), Some(expected.len()));
    for (name, strict, in_lenient) in expected {
        let event = &samples["reject"][name];
        assert_eq!(reason(event, SunbirdValidation::Strict), strict, "{name}");
        let kept = one(event, SunbirdValidation::Lenient).map(|_| ()).map_err(|failed| failed.reason);
        assert_eq!(kept, in_lenient.map_or(Ok(()), Err), "{name}");
    }
}

#[test]
fn a_failed_event_says_where_and_what_and_keeps_its_mates() {
    let mut bad = sample("IMPRESSION");
    bad["edata"]["visits"] = json!([{"objtype": "Secret Value"}]);
    let body = json!({"events": [sample("START"), bad, 7, "x", null, sample("END")]});
    let batch = decoded(&body, SunbirdValidation::Lenient);
    let outcomes: Vec<_> =
        batch.items.iter().map(|item| item.result.as_ref().map(|_| ()).map_err(|failed| failed.reason)).collect();
    let not_an_object = Err(Reason::NotAnObject);
    assert_eq!(outcomes, [Ok(()), Err(Reason::MissingField), not_an_object, not_an_object, not_an_object, Ok(())]);
    let failed = batch.items[1].result.as_ref().expect_err("fails");
    assert_eq!(failed.detail, "edata.visits[0].objid: required, string");
    assert_eq!(failed.event, "IMPRESSION");
    assert_eq!(failed.payload.as_deref(), Some(bad.to_string().as_str()));
    assert_eq!(batch.items[1].channel.as_deref(), Some("hp-education"));
}

#[test]
fn every_form_of_body_is_taken() {
    let event = sample("START").to_string();
    let limits = Limits::default();
    let read = |body: &str| {
        let batch = decode(body.as_bytes(), NOW, &|_| SunbirdValidation::Lenient, &limits).expect("readable");
        (batch.items.iter().filter(|item| item.result.is_ok()).count(), batch.items.len(), batch.eventless)
    };
    assert_eq!(read(&format!(r#"{{"id":"ekstep.telemetry","ver":"3.0","events":[{event},{event}]}}"#)), (2, 2, false));
    assert_eq!(read(&format!("[{event}]")), (1, 1, false));
    assert_eq!(read(&event), (1, 1, false));
    assert_eq!(read(&format!("\u{feff} {event} ")), (1, 1, false));
    assert_eq!(read(&format!(r#"{{"events":{event}}}"#)), (1, 1, false));
    for eventless in
        ["", "  ", "{}", "[]", r#"{"events":[]}"#, r#"{"events":null}"#, r#"{"id":"x","params":{"msgid":"m"}}"#]
    {
        assert_eq!(read(eventless), (0, 0, true), "{eventless:?}");
    }
    for unreadable in ["hello", "{", "7", "\"x\"", "[1,", "null", "{}{}"] {
        let refused = decode(unreadable.as_bytes(), NOW, &|_| SunbirdValidation::Lenient, &limits);
        assert!(matches!(refused, Err(JsonError::Syntax { .. })), "{unreadable:?}");
    }
}

#[test]
fn a_deep_a_large_and_a_boundless_event_fail_alone() {
    let start = sample("START").to_string();
    let extra =
        |value: &str| sample("INTERACT").to_string().replace(r#""extra":{"#, &format!(r#""extra":{{"more":{value},"#));
    let deep = extra(&format!("{}1{}", "[".repeat(40), "]".repeat(40)));
    let boundless = extra("1e999");
    let digits = extra(&"9".repeat(400));
    let large = extra(&format!("\"{}\"", "x".repeat(1 << 20)));
    let body = format!("[{start},{deep},{boundless},{digits},{large},{start}]");
    let batch = decode(body.as_bytes(), NOW, &|_| SunbirdValidation::Strict, &Limits::default()).expect("readable");
    let reasons: Vec<_> =
        batch.items.iter().map(|item| item.result.as_ref().err().map(|failed| failed.reason)).collect();
    assert_eq!(
        reasons,
        [
            None,
            Some(Reason::TooDeep),
            Some(Reason::NumberOutOfRange),
            Some(Reason::NumberOutOfRange),
            Some(Reason::EventTooLarge),
            None
        ]
    );
}

#[test]
fn text_that_no_database_takes_is_replaced_and_flagged() {
    let body = sample("FEEDBACK").to_string().replace("हाज़िरी", "a\\ud800b");
    let batch = decode(body.as_bytes(), NOW, &|_| SunbirdValidation::Strict, &Limits::default()).expect("readable");
    let event = batch.items[0].result.as_ref().expect("kept");
    assert!(event.properties.text("edata.comments").is_some_and(|text| text.starts_with("a\u{fffd}b")));
    assert_eq!(repairs(event), r#"["invalid-text"]"#);
}

#[test]
fn the_envelope_becomes_our_words_and_nothing_else_is_dropped() {
    let event = lenient(&sample("INTERACT"));
    assert_eq!(event.uuid, Uuid::new_v5(&MID_NAMESPACE, b"INTERACT:71ca0cdd88c2c39e735125ea498752cd"));
    assert_eq!(&*event.event, "INTERACT");
    assert_eq!(event.event_at, 1_767_582_006_900_000);
    assert_eq!((event.received_at, event.dialect), (NOW, Dialect::Sunbird));
    let keys: Vec<_> = event.properties.iter().map(|(key, _)| key).collect();
    assert_eq!(
        keys,
        [
            "$device_id",
            "actor.type",
            "context.cdata",
            "context.channel",
            "context.did",
            "context.env",
            "context.pdata.id",
            "context.pdata.pid",
            "context.pdata.ver",
            "context.rollup.l1",
            "context.rollup.l2",
            "context.rollup.l3",
            "context.rollup.l4",
            "context.sid",
            "edata.extra.pos",
            "edata.extra.values",
            "edata.id",
            "edata.pageid",
            "edata.subtype",
            "edata.type",
            "object",
            "tags",
            "ver",
        ]
    );
    assert_eq!(event.properties.get("edata.extra.pos"), Some(&Property::Json(r#"[{"x":180,"y":412}]"#.into())));
}

#[test]
fn a_mid_that_is_a_uuid_is_the_uuid() {
    let mut event = sample("START");
    event["mid"] = "01890a5d-ac96-774b-bcce-b302099a8057".into();
    assert_eq!(lenient(&event).uuid.to_string(), "01890a5d-ac96-774b-bcce-b302099a8057");
}

#[test]
fn exdata_carries_an_apps_own_events() {
    let data = json!({"leave": {"days": 2}, "kind": "sick", "none": null, "ver": "own"}).to_string();
    let event = lenient(&with("EXDATA", json!({"type": "leave requested", "data": data})));
    assert_eq!(&*event.event, "leave requested");
    assert_eq!(event.properties.get("leave.days"), Some(&Property::Number(2.0)));
    assert_eq!(event.properties.text("kind"), Some("sick"));
    assert_eq!(event.properties.text("eid"), Some("EXDATA"));
    // A member that would hide one of the envelope stands beside it.
    assert_eq!((event.properties.text("ver"), event.properties.text("ver~2")), (Some("3.0"), Some("own")));
    assert_eq!(event.properties.get("edata.data"), None);
    for opaque in ["c2VjcmV0", "[1,2]", "{broken", "", &format!("{{\"a\":{}{}}}", "[".repeat(50), "]".repeat(50))] {
        let event = lenient(&with("EXDATA", json!({"type": "x", "data": opaque})));
        assert_eq!(event.properties.text("edata.data"), Some(opaque));
    }
    assert_eq!(&*lenient(&with("EXDATA", json!({}))).event, "EXDATA");
    let long = with("EXDATA", json!({"type": "x".repeat(201)}));
    assert_eq!(reason(&long, SunbirdValidation::Lenient), Reason::EventNameTooLong);
}

#[test]
fn the_person_is_the_actor_else_the_device_else_the_session() {
    let who = |actor: &str, did: &str, sid: &str| {
        let mut event = sample("START");
        event["actor"]["id"] = actor.into();
        event["context"]["did"] = did.into();
        event["context"]["sid"] = sid.into();
        one(&event, SunbirdValidation::Lenient)
            .map(|event| (event.distinct_id.to_string(), event.properties.text("actor.id").map(str::to_owned)))
            .map_err(|failed| failed.reason)
    };
    let plain = |id: &str| Ok((id.to_owned(), None));
    assert_eq!(who("u1", "d1", "s1"), plain("u1"));
    assert_eq!(who("f:cassandra:u1", "d1", "s1"), Ok(("u1".into(), Some("f:cassandra:u1".into()))));
    assert_eq!(who("anonymous", "d1", "s1"), Ok(("d1".into(), Some("anonymous".into()))));
    assert_eq!(who("", "d1", "s1"), Ok(("d1".into(), Some(String::new()))));
    assert_eq!(who("", "", "s1"), Ok(("s1".into(), Some(String::new()))));
    assert_eq!(who("", "", ""), Err(Reason::MissingDistinctId));
}

#[test]
fn lenient_mends_what_producers_get_wrong_and_says_so() {
    let with_edata = |eid: &str, change: &dyn Fn(&mut Value)| {
        let mut event = sample(eid);
        change(&mut event);
        lenient(&event)
    };
    let cases: [(Event, &str, &str, &str); 9] = [
        (
            with_edata("START", &|e| {
                e["edata"]["stageid"] = "s1".into();
                e["edata"]["pageid"] = Value::Null;
            }),
            "stageid-as-pageid",
            "edata.pageid",
            "s1",
        ),
        (
            with_edata("END", &|e| e["edata"]["summary"] = json!({"a": 1})),
            "summary-wrapped",
            "edata.summary",
            r#"[{"a":1}]"#,
        ),
        (with_edata("SEARCH", &|e| e["edata"]["size"] = "3".into()), "number-from-text", "edata.size", "3"),
        (with_edata("START", &|e| e["ver"] = json!(3)), "ver-from-number", "ver", "3.0"),
        (with_edata("START", &|e| e["eid"] = "start".into()), "eid-upper-cased", "edata.type", "app"),
        (with_edata("START", &|e| e["tags"] = json!({})), "tags-replaced", "tags", "[]"),
        (with_edata("END", &|e| e["edata"]["contentId"] = "c1".into()), "contentid-as-object-id", "object.id", "c1"),
        (
            with_edata("START", &|e| e["object"] = json!({"id": "o", "version": "2"})),
            "object-version-as-ver",
            "object.ver",
            "2",
        ),
        (
            with_edata("IMPRESSION", &|e| e["edata"]["visits"] = json!({"objid": "1", "objtype": "x"})),
            "visits-wrapped",
            "edata.visits",
            r#"[{"objid":"1","objtype":"x"}]"#,
        ),
    ];
    for (event, code, key, value) in cases {
        assert_eq!(repairs(&event), format!("[\"{code}\"]"), "{code}");
        assert_eq!(event.properties.get(key).map(Property::canonical).as_deref(), Some(value), "{code}");
    }
    let share = lenient(&with("SHARE", json!({"items": [{"obj": {"id": "i", "type": "t", "ver": "1"}}]})));
    assert_eq!(repairs(&share), r#"["share-obj-flattened"]"#);
    assert_eq!(
        share.properties.get("edata.items").map(Property::canonical).as_deref(),
        Some(r#"[{"id":"i","type":"t","ver":"1"}]"#)
    );
    let metrics = lenient(&with("METRICS", json!({"cpu": 0.5, "rss": 7})));
    assert_eq!(repairs(&metrics), r#"["metrics-from-members"]"#);
    assert_eq!(
        metrics.properties.get("edata.metrics").map(Property::canonical).as_deref(),
        Some(r#"[{"metric":"cpu","value":0.5},{"metric":"rss","value":7}]"#)
    );
    let extra = lenient(&with("INTERRUPT", json!({"type": "background", "eventid": "e1", "other": 1})));
    assert_eq!(repairs(&extra), r#"["extra-member"]"#);
    assert_eq!(extra.properties.text("edata.eventid"), Some("e1"));
}

#[test]
fn odd_times_are_kept_and_flagged() {
    let at = |ets: Value| {
        let mut event = sample("END");
        event["ets"] = ets;
        one(&event, SunbirdValidation::Lenient)
            .map(|event| (event.event_at, repairs(&event)))
            .map_err(|failed| failed.reason)
    };
    assert_eq!(at(json!(1_767_582_000_123.5)), Ok((1_767_582_000_123_500, String::new())));
    assert_eq!(at(json!("1767582000000")), Ok((1_767_582_000_000_000, r#"["number-from-text"]"#.into())));
    assert_eq!(
        at(json!(1_767_582_000)),
        Ok((1_767_582_000_000, r#"["event-time-before-2000","event-time-looks-like-seconds"]"#.into()))
    );
    assert_eq!(at(json!(2_000_000_000_000u64)), Ok((2_000_000_000_000_000, r#"["event-time-in-future"]"#.into())));
    for unusable in [json!(1e300), json!(-1e300), json!("soon"), json!({}), json!(u64::MAX), json!(i64::MIN)] {
        assert_eq!(at(unusable.clone()), Err(Reason::InvalidTimestamp), "{unusable}");
    }
    let mut event = sample("START");
    event["edata"]["duration"] = json!(1_767_582_000);
    let event = lenient(&event);
    assert_eq!(
        (event.properties.get("edata.duration"), repairs(&event).as_str()),
        (None, r#"["start-duration-implausible"]"#)
    );
}

#[test]
fn dial_codes_are_in_capitals() {
    let mut event = sample("START");
    event["object"] = json!({"id": "ab12cd", "type": "dialcode"});
    assert_eq!(lenient(&event).properties.text("object.id"), Some("AB12CD"));
}

#[test]
fn channels_choose_the_validation_and_words_for_nothing_are_nothing() {
    let mut strict = samples()["reject"]["START stageid"].clone();
    strict["context"]["channel"] = "strict-state".into();
    let lenient = samples()["reject"]["START stageid"].clone();
    let mut blank = sample("START");
    blank["context"]["channel"] = "undefined".into();
    let body = json!({"channel": "null", "events": [strict, lenient, blank]}).to_string();
    let choose = |channel: Option<&str>| match channel {
        Some("strict-state") => SunbirdValidation::Strict,
        _ => SunbirdValidation::Lenient,
    };
    let batch = decode(body.as_bytes(), NOW, &choose, &Limits::default()).expect("readable");
    assert_eq!(batch.channel, None);
    let items: Vec<_> = batch.items.iter().map(|item| (item.channel.as_deref(), item.result.is_ok())).collect();
    assert_eq!(items, [(Some("strict-state"), false), (Some("hp-education"), true), (None, true)]);
}

#[test]
fn answers_are_the_envelopes_that_gateways_know() {
    assert_eq!(success_body(5), r#"{"id":"api.telemetry","ver":"1.0","ets":5,"params":{},"responseCode":"SUCCESS"}"#);
    let refused: Value = serde_json::from_str(&error_body(5, 400, "Bad \"request\"", "why")).expect("JSON");
    assert_eq!(refused["responseCode"], "CLIENT_ERROR");
    assert_eq!(refused["params"], json!({"err": "Bad \"request\"", "errmsg": "why"}));
    assert!(error_body(5, 503, "e", "m").contains("SERVER_ERROR"));
}

#[test]
fn an_event_is_decoded_in_microseconds() {
    let body = samples()["request"].to_string();
    let rounds = 200;
    let started = std::time::Instant::now();
    for _ in 0..rounds {
        decode(body.as_bytes(), NOW, &|_| SunbirdValidation::Lenient, &Limits::default()).expect("readable");
    }
    let per_event = started.elapsed() / (rounds * 11);
    println!("decode of one event of {} bytes: {per_event:?}", body.len() / 11);
    assert!(per_event.as_micros() < 200, "{per_event:?}");
}

proptest! {
    /// Whatever stands in a batch, each of its elements has exactly one item, and the good ones stay good.
    #[test]
    fn no_batch_mate_is_ever_lost(noise in prop::collection::vec("[ -~]{0,40}", 0..12)) {
        let good = sample("START");
        let mut events = vec![good.clone()];
        for text in &noise {
            events.push(serde_json::from_str(text).unwrap_or_else(|_| json!({"eid": text, "edata": {"x": text}})));
            events.push(good.clone());
        }
        let batch = decoded(&json!({ "events": events }), SunbirdValidation::Lenient);
        prop_assert_eq!(batch.items.len(), events.len());
        for item in batch.items.iter().step_by(2) {
            prop_assert!(item.result.is_ok());
        }
    }

    #[test]
    fn damaged_bodies_never_panic(at in any::<prop::sample::Index>(), bytes in prop::collection::vec(any::<u8>(), 0..6)) {
        let mut body = samples()["request"].to_string().into_bytes();
        let at = at.index(body.len());
        let end = (at + bytes.len()).min(body.len());
        body.splice(at..end, bytes);
        let _ = decode(&body, NOW, &|_| SunbirdValidation::Lenient, &Limits::default());
        let _ = decode(&body, NOW, &|_| SunbirdValidation::Strict, &Limits::default());
    }
}
