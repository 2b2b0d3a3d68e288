use super::*;
use serde_json::json;

const NOW: Micros = 1_767_582_100_000_000;

fn fresh() -> impl FnMut() -> Uuid {
    let mut next = 0;
    move || {
        next += 1;
        Uuid::from_u128(next)
    }
}

fn one(line: &str) -> Result<Event, NotStored> {
    decode_line(line.as_bytes(), NOW, &Limits::default(), &mut fresh())
}

#[test]
fn an_exported_event_comes_back_equal() {
    let properties = [
        ("a.b", Value::Text("x".into())),
        ("n", Value::Number(1.5)),
        ("big", Value::Json("9007199254740993".into())),
        ("list", Value::Json(r#"[1,{"a":2}]"#.into())),
        ("none", Value::Json("{}".into())),
        (OVERFLOW_KEY, Value::Json(r#"{"c":{"d":1}}"#.into())),
        ("yes", Value::Bool(true)),
    ];
    let event = Event {
        uuid: Uuid::from_u128(7),
        event: "leave requested".into(),
        event_at: 1_767_582_000_123_456,
        received_at: NOW,
        distinct_id: "p-1".into(),
        session_id: Some("s-1".into()),
        window_id: None,
        level: Level::default(),
        dialect: Dialect::Posthog,
        properties: properties.into_iter().map(|(key, value)| (key.into(), value)).collect(),
    };
    let line = serde_json::to_string(&event).expect("serializes");
    assert_eq!(one(&line), Ok(event));
}

#[test]
fn rfc_3339_times_and_missing_uuids_are_taken() {
    let event = one(r#"{"event":"e","event_at":"2026-01-05T03:00:00.5Z","distinct_id":"d"}"#).expect("an event");
    assert_eq!(event.event_at, 1_767_582_000_500_000);
    assert_eq!(event.uuid, Uuid::from_u128(1));
    assert_eq!(event.dialect, Dialect::Native);
}

#[test]
fn a_bad_line_fails_with_its_reason_and_its_mates_are_kept() {
    let lines = [
        json!({"event": "e", "event_at": 1, "distinct_id": "d"}).to_string(),
        "not json".into(),
        "".into(),
        json!({"event": "", "event_at": 1, "distinct_id": "d"}).to_string(),
        json!({"event": "e", "event_at": 1, "distinct_id": ""}).to_string(),
        json!({"event": "e", "event_at": "soon", "distinct_id": "d"}).to_string(),
        json!({"event": "e", "event_at": 1, "distinct_id": "d", "uuid": "x"}).to_string(),
        json!({"event": "e", "event_at": 1, "distinct_id": "d", "properties": []}).to_string(),
        r#"{"event":"e","event_at":1,"distinct_id":"d","properties":{"n":1e999}}"#.into(),
        format!(r#"{{"event":"e","event_at":1,"distinct_id":"d","properties":{}1{}}}"#, "[".repeat(40), "]".repeat(40)),
        json!([1]).to_string(),
        json!({"event": "last", "event_at": 1, "distinct_id": "d"}).to_string(),
    ];
    let limits = Limits::default();
    let mut new_uuid = fresh();
    let text = lines.join("\n");
    let results: Vec<_> = decode(text.as_bytes(), NOW, &limits, &mut new_uuid).collect();
    let reasons: Vec<_> = results.iter().map(|result| result.as_ref().err().map(|failed| failed.reason)).collect();
    assert_eq!(
        reasons,
        [
            None,
            Some(Reason::UnreadableBatch),
            Some(Reason::MissingEventName),
            Some(Reason::MissingDistinctId),
            Some(Reason::InvalidTimestamp),
            Some(Reason::InvalidUuid),
            Some(Reason::InvalidProperties),
            Some(Reason::NumberOutOfRange),
            Some(Reason::TooDeep),
            Some(Reason::NotAnObject),
            None,
        ]
    );
    assert!(results.iter().filter_map(|result| result.as_ref().err()).all(|failed| failed.payload.is_some()));
}
