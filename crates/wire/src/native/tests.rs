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

/// What is written is read back equal but for what import decides: received_at and level.
fn round_trip(event: &Event) {
    let mut line = Vec::new();
    write_line(event, &mut line);
    assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
    let limits = Limits { event_bytes_max: usize::MAX, ..Limits::default() };
    let mut back = decode_line(&line, NOW, &limits, &mut fresh()).expect("an event");
    (back.received_at, back.level) = (event.received_at, event.level);
    assert_eq!(&back, event, "{}", String::from_utf8_lossy(&line));
    // PartialEq holds -0 and 0 for equal.
    for ((key, value), (_, came)) in event.properties.iter().zip(back.properties.iter()) {
        if let (Value::Number(value), Value::Number(came)) = (value, came) {
            assert_eq!(value.to_bits(), came.to_bits(), "{key}");
        }
    }
}

fn with(properties: Vec<(String, Value)>) -> Event {
    Event {
        uuid: Uuid::from_u128(7),
        event: "a \"b\"\n".into(),
        event_at: 1_767_582_000_123_456,
        received_at: NOW,
        distinct_id: "p\u{2028}1".into(),
        session_id: Some("s".into()),
        window_id: Some("w".into()),
        level: Level::Full,
        dialect: Dialect::Sunbird,
        properties: properties.into_iter().map(|(key, value)| (key.into(), value)).collect(),
    }
}

#[test]
fn every_kind_of_value_is_written_as_it_was() {
    let numbers = [0.0, -0.0, 1.0, -1.5, 0.1 + 0.2, 1e300, 5e-324, f64::MAX, f64::MIN, 9_007_199_254_740_992.0, 1e16];
    let texts = ["", " ", "\0", "\u{1}\t\r\n\"\\/", "नमस्ते 🙏", "\u{fffd}", "1", "true", "null", "{}"];
    let json = [
        "[]",
        "{}",
        "9007199254740993",
        "-18446744073709551615",
        "[1,{\"b\":0.30000000000000004,\"a\":[null]}]",
        "[-0.0,1e+300]",
    ];
    let mut properties = Vec::new();
    properties.extend(numbers.iter().enumerate().map(|(n, value)| (format!("n{n}"), Value::Number(*value))));
    properties.extend(texts.iter().enumerate().map(|(n, value)| (format!("t{n}"), Value::Text((*value).into()))));
    properties.extend(
        json.iter()
            .enumerate()
            .filter(|(n, _)| *n != 3)
            .map(|(n, value)| (format!("j{n}"), Value::Json((*value).into()))),
    );
    properties.extend([("".to_owned(), Value::Bool(true)), ("a.b~2".to_owned(), Value::Bool(false))]);
    round_trip(&with(properties));
}

#[test]
fn an_event_at_the_limits_is_written_as_it_was() {
    let mut properties: Vec<_> = (0..1_000).map(|n| (format!("{n:0200}"), Value::Bool(true))).collect();
    properties[0].0.push_str("~2");
    properties.push(("_repairs".to_owned(), Value::Json(r#"["x"]"#.into())));
    properties.push((OVERFLOW_KEY.to_owned(), Value::Json(r#"{"z":{"y":[1]},"a":1}"#.into())));
    round_trip(&with(properties));
}

#[test]
fn instants_outside_the_calendar_are_numbers() {
    for at in [0, -1, i64::MIN, i64::MAX, 253_402_300_800_000_000] {
        round_trip(&Event { event_at: at, ..with(Vec::new()) });
    }
}

#[test]
fn what_overflows_joins_the_overflow_that_came() {
    let mut properties: Vec<_> = (0..1_100).map(|n| (format!("k{n:04}"), Value::Bool(true))).collect();
    properties.push((OVERFLOW_KEY.to_owned(), Value::Json(r#"{"z":1}"#.into())));
    let mut line = Vec::new();
    write_line(&with(properties), &mut line);
    let event = decode_line(&line, NOW, &Limits::default(), &mut fresh()).expect("an event");
    let Some(Value::Json(overflow)) = event.properties.get(OVERFLOW_KEY) else { panic!("an overflow") };
    let overflow: serde_json::Map<String, serde_json::Value> = serde_json::from_str(overflow).expect("an object");
    assert_eq!((overflow.len(), &overflow["z"]), (1_100 - 1_008 + 1, &json!(1)));
}

proptest::proptest! {
    #[test]
    fn any_number_and_any_text_come_back(bits in proptest::prelude::any::<u64>(), text in ".*", key in ".{0,40}") {
        let number = f64::from_bits(bits);
        let number = if number.is_finite() { number } else { 0.5 };
        let list = format!("[{}]", serde_json::Value::from(number));
        if key != OVERFLOW_KEY && key != "n" && key != "l" {
            round_trip(&with(vec![
                ("n".to_owned(), Value::Number(number)),
                ("l".to_owned(), Value::Json(list.into())),
                (key, Value::Text(text.into())),
            ]));
        }
    }
}
