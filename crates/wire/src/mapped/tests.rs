use super::*;
use model::Value;

const NOW: Micros = 1_767_582_100_000_000;
const AT: Micros = 1_767_582_000_000_000;

fn pairs(map: &[&str]) -> Vec<(String, String)> {
    map.iter().filter_map(|pair| pair.split_once('=')).map(|(part, name)| (part.to_owned(), name.to_owned())).collect()
}

fn mapping(header: &[&str], map: &[&str], time: TimeFormat) -> Result<Mapping, MapError> {
    Mapping::new(header, &pairs(map), time)
}

fn decode(mapping: &Mapping, cells: &[&str]) -> Result<Event, NotStored> {
    mapping.decode(cells, NOW, &Limits::default(), &mut || Uuid::from_u128(9))
}

#[test]
fn columns_become_parts_and_typed_properties() {
    let header = ["who", "what", "when", "page", "price", "paid", "tags", "rest"];
    let map = [
        "event=what",
        "distinct_id=who",
        "event_at=when",
        "properties.page=page",
        "properties.price:number=price",
        "properties.paid:bool=paid",
        "properties.tags:json=tags",
    ];
    let mapping = mapping(&header, &map, TimeFormat::Auto).expect("a map");
    assert_eq!(mapping.unmapped(), ["rest"]);
    let cells = ["u1", "fee paid", "2026-01-05T03:00:00Z", "", "12.50", "Yes", "[1, {\"a\": 2}]", "x"];
    let event = decode(&mapping, &cells).expect("an event");
    assert_eq!((&*event.event, &*event.distinct_id, event.event_at), ("fee paid", "u1", AT));
    assert_eq!(event.uuid, Uuid::from_u128(9));
    let properties: Vec<_> = event.properties.iter().map(|(key, value)| (key.to_owned(), value.clone())).collect();
    let expected =
        [("paid", Value::Bool(true)), ("price", Value::Number(12.5)), ("tags", Value::Json(r#"[1,{"a":2}]"#.into()))];
    assert_eq!(properties, expected.map(|(key, value)| (key.to_owned(), value)));
}

#[test]
fn a_star_takes_all_other_columns() {
    let header = ["e", "d", "t", "a", "b"];
    let map = ["event=e", "distinct_id=d", "event_at=t", "properties=*"];
    let mapping = mapping(&header, &map, TimeFormat::Auto).expect("a map");
    let event = decode(&mapping, &["e", "d", "1767582000", "1", "x"]).expect("an event");
    assert_eq!((event.properties.text("a"), event.properties.text("b")), (Some("1"), Some("x")));
}

#[test]
fn each_time_format_reads_its_own_form_only() {
    let of = |time, text: &str| {
        let mapping = mapping(&["e", "d", "t"], &["event=e", "distinct_id=d", "event_at=t"], time).expect("a map");
        decode(&mapping, &["e", "d", text]).map(|event| event.event_at).map_err(|failed| failed.reason)
    };
    assert_eq!(of(TimeFormat::Seconds, "1767582000"), Ok(AT));
    assert_eq!(of(TimeFormat::Milliseconds, "1767582000000"), Ok(AT));
    assert_eq!(of(TimeFormat::Microseconds, "1767582000000000"), Ok(AT));
    assert_eq!(of(TimeFormat::Rfc3339, "2026-01-05T08:30:00+05:30"), Ok(AT));
    assert_eq!(of(TimeFormat::Auto, "2026-01-05 03:00:00"), Ok(AT));
    assert_eq!(of(TimeFormat::Rfc3339, "1767582000"), Err(Reason::InvalidTimestamp));
    assert_eq!(of(TimeFormat::Seconds, "2026-01-05T03:00:00Z"), Err(Reason::InvalidTimestamp));
    assert_eq!(of(TimeFormat::Auto, ""), Err(Reason::InvalidTimestamp));
}

#[test]
fn a_map_that_does_not_fit_says_why() {
    let header = ["e", "d", "t"];
    let all = ["event=e", "distinct_id=d", "event_at=t"];
    let error = |map: &[&str]| mapping(&header, map, TimeFormat::Auto).expect_err("wrong").to_string();
    assert!(error(&all[..2]).contains("--map event_at=COLUMN"));
    assert!(error(&[all[0], all[1], all[2], "nme=e"]).contains("\"nme\" is no part"));
    assert!(error(&[all[0], all[1], "event_at=when"]).contains("the header has e, d, t"));
    assert!(error(&[all[0], all[1], all[2], "properties.=e"]).contains("is no part"));
}

#[test]
fn wrong_cells_fail_and_can_be_tried_again() {
    let header = ["e", "d", "t", "n", "u", "p"];
    let map = ["event=e", "distinct_id=d", "event_at=t", "properties.n:number=n", "uuid=u", "properties=p"];
    let mapping = mapping(&header, &map, TimeFormat::Auto).expect("a map");
    let reason = |cells: &[&str]| decode(&mapping, cells).expect_err("wrong").reason;
    assert_eq!(reason(&["", "d", "1"]), Reason::MissingEventName);
    assert_eq!(reason(&["e"]), Reason::MissingDistinctId);
    assert_eq!(reason(&["e", "d", "1", "x"]), Reason::InvalidField);
    assert_eq!(reason(&["e", "d", "1", "1", "x"]), Reason::InvalidUuid);
    assert_eq!(reason(&["e", "d", "1", "", "", "[1]"]), Reason::InvalidProperties);
    assert_eq!(reason(&["e", "d", "1", "", "", "{\"a\":"]), Reason::InvalidProperties);
    assert_eq!(
        reason(&["e", "d", "1", "", "", &format!("{{\"a\":{}{}}}", "[".repeat(40), "]".repeat(40))]),
        Reason::TooDeep
    );
    assert_eq!(reason(&["e", "d", "1", &"1".repeat(2 << 20)]), Reason::EventTooLarge);
    let failed = decode(&mapping, &["e", "d", "soon", "5"]).expect_err("wrong");
    let payload = failed.payload.expect("kept");
    assert_eq!(payload, r#"{"distinct_id":"d","event":"e","event_at":"soon","properties":{"n":"5"}}"#);
}

#[test]
fn the_table_of_our_own_export_needs_no_map() {
    let header =
        ["uuid", "event", "event_at", "received_at", "distinct_id", "session_id", "level", "dialect", "properties"];
    let mapping = Mapping::of_export(&header).expect("ours");
    assert!(mapping.unmapped().is_empty());
    let uuid = Uuid::from_u128(5).to_string();
    let cells = [&uuid, "e", "2026-01-05T03:00:00.000000Z", "", "d", "s", "full", "sunbird", r#"{"a.b":1}"#];
    let event = decode(&mapping, &cells).expect("an event");
    assert_eq!((event.uuid, event.dialect), (Uuid::from_u128(5), Dialect::Sunbird));
    assert_eq!(event.properties.get("a.b"), Some(&Value::Number(1.0)));
    assert_eq!(Mapping::of_export(&["event", "event_at", "distinct_id"]), None);
}
