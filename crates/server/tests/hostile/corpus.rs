//! Text and numbers as no client should send them: every one has an outcome, and its batch mates are stored.

use crate::load::{AT_MS, Neighbour};
use crate::running::{Running, WRITE_KEY, impression};
use serde_json::{Value, json};

/// Byte sequences that are no text, or text that plays tricks; each is put into many places of a body.
const PIECES: &[&[u8]] = &[
    b"\xff",
    b"\xfe\xff",
    b"\xc0\xaf",
    b"\xe0\x80\xaf",
    b"\xf0\x80\x80\xaf",
    b"\xf8\x88\x80\x80\x80",
    b"\xc3",
    b"\xe2\x82",
    b"\xf0\x9f\x98",
    b"\xed\xa0\x80",
    b"\xed\xbf\xbf",
    b"\xed\xa0\xbd\xed\xb8\x80",
    b"\xf4\x90\x80\x80",
    b"\x80",
    b"\xbf\xbf",
    b"\0",
    b"\x01\x02\x1f",
    b"\x7f",
    b"\xc2\x80",
    b"\xef\xbb\xbf",
    b"\xef\xbf\xbe",
    b"\xef\xbf\xbf",
    b"\\ud800",
    b"\\udc00",
    b"\\ud83d\\ud83d",
    b"\\udc00\\ud800",
    b"\\u0000",
    b"\\uD83D\\uDE00",
    b"\\u00",
    b"\\u12g4",
    b"\\x41",
    b"\\",
    b"\\\\ud800",
    b"\xe2\x80\xae",
    b"\xe2\x80\x8b",
    b"\xe2\x81\xa0",
    b"\xe2\x80\x8f",
    b"\xd8\x9c",
    b"\xe2\x80\xa8\xe2\x80\xa9",
    b"\xf3\xa0\x81\x81",
    "هاذا נגד".as_bytes(),
    "हाज़िरी".as_bytes(),
    "👩‍👩‍👧‍👦".as_bytes(),
    b"\r\n",
    b"\t",
    b"\x1b[31m",
    b"<script>",
    b"'; drop table",
    b"=cmd|' /C calc'!A0",
    b"${jndi:x}",
    b"%00",
    b"../..",
];

/// Where a piece may stand: `@` in an event of either protocol.
const SUNBIRD: &[&str] = &[
    r#"{"eid":"IMPRESSION","ets":1767592800000,"ver":"3.0","mid":"%MID","actor":{"id":"p","type":"User"},"context":{"channel":"c","pdata":{"id":"a"},"env":"e"},"edata":{"type":"view","pageid":"@","uri":"/"}}"#,
    r#"{"eid":"IMPRESSION","ets":1767592800000,"ver":"3.0","mid":"%MID","actor":{"id":"@x","type":"User"},"context":{"channel":"c","pdata":{"id":"a"},"env":"e"},"edata":{"type":"view","pageid":"x","uri":"/"}}"#,
    r#"{"eid":"IMPRESSION","ets":1767592800000,"ver":"3.0","mid":"%MID@","actor":{"id":"p","type":"User"},"context":{"channel":"c","pdata":{"id":"a"},"env":"e"},"edata":{"type":"view","pageid":"x","uri":"/"}}"#,
    r#"{"eid":"EXDATA","ets":1767592800000,"ver":"3.0","mid":"%MID","actor":{"id":"p"},"context":{"channel":"c","pdata":{"id":"a"},"env":"e"},"edata":{"type":"x@","data":"{\"@\":1}","@":"v"}}"#,
    r#"{"eid":"%MID@","ets":1767592800000,"mid":"%MID","actor":{"id":"p"},"edata":{}}"#,
    r#"{"eid":"IMPRESSION",@"ets":1767592800000}"#,
];
const POSTHOG: &[&str] = &[
    r#"{"event":"opened","distinct_id":"p","uuid":"%MID@","properties":{"a":"@"}}"#,
    r#"{"event":"opened@","distinct_id":"@","properties":{"@":"v","$set":{"@":"@"}}}"#,
    r#"{"event":"opened","distinct_id":"p","timestamp":"@","properties":{"$session_id":"@"}}"#,
];

fn filled(template: &str, piece: &[u8], id: &str) -> Vec<u8> {
    let template = template.replace("%MID", id);
    let mut bytes = Vec::new();
    for (index, part) in template.split('@').enumerate() {
        if index > 0 {
            bytes.extend_from_slice(piece);
        }
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

/// Whether a parser could tell the events of such a body apart: then its mates must be stored.
fn is_one_value(bytes: &[u8]) -> bool {
    // What a string may hold once it is mended; outside of strings a control character stays wrong.
    let text = String::from_utf8_lossy(bytes);
    let mended: String = text.chars().map(|character| if character < ' ' { 'x' } else { character }).collect();
    serde_json::from_str::<&serde_json::value::RawValue>(&mended).is_ok()
}

#[test]
fn bytes_that_are_no_text_are_never_a_500_and_their_mates_are_stored() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let neighbour = Neighbour::of(&server);
    let (mut bodies, mut mates, mut events) = (0, 0, 0);
    for (at, piece) in PIECES.iter().enumerate() {
        for (place, template) in SUNBIRD.iter().chain(POSTHOG).enumerate() {
            let id = format!("c{at}-{place}");
            let odd = filled(template, piece, &id);
            let is_posthog = place >= SUNBIRD.len();
            let readable = is_one_value(&odd);
            // First, in the middle and last in its batch.
            for (turn, order) in [[0, 1], [1, 0]].into_iter().enumerate() {
                let mate = if is_posthog {
                    json!({"event": "mate", "distinct_id": "mate", "uuid": uuid_of(at, place, turn)}).to_string()
                } else {
                    impression(&format!("mate-{id}-{turn}"), "mate", "mate", AT_MS).to_string()
                };
                let parts = [odd.as_slice(), mate.as_bytes()];
                let (head, key) = if is_posthog {
                    ("batch", format!("\"api_key\":\"{WRITE_KEY}\","))
                } else {
                    ("events", String::new())
                };
                let body =
                    [format!("{{{key}\"{head}\":[").as_bytes(), parts[order[0]], b",", parts[order[1]], b"]}"].concat();
                let path = if is_posthog { "/batch/".to_owned() } else { format!("/v1/telemetry?key={WRITE_KEY}") };
                let answer = server.send("POST", &path, &[("content-type", "application/json")], &body);
                bodies += 1;
                let what = format!("{piece:?} in place {place}, {order:?}: {}", answer.body);
                if readable {
                    assert_eq!(answer.status, 200, "{what}");
                    mates += 1;
                    events += 2;
                } else {
                    assert!(matches!(answer.status, 200 | 400), "{what}");
                    assert!(answer.body.is_object(), "{what}");
                }
            }
        }
    }
    assert!(bodies >= 500, "{bodies}");
    assert!(mates >= 400, "only {mates} of {bodies} bodies could be read");
    neighbour.all_stored(&server);
    let outcomes = server.outcomes();
    let failed = outcomes["failed"].as_u64().expect("a number");
    assert!(outcomes["received"].as_u64().expect("a number") >= events, "{outcomes}, {events} sent");
    assert!(failed > 0, "{outcomes}");
    let mates_stored = total_of(&server, "mate");
    assert!(mates_stored >= mates as f64, "{mates_stored} of {mates} batch mates are stored");
    // What is stored is text, and it says where it was changed.
    let rows =
        server.api("POST", "/api/projects/1/query", json!({"kind": "events", "date_from": "all", "limit": 100})).body;
    assert!(rows["events"].as_array().is_some_and(|rows| rows.len() == 100));
}

fn uuid_of(at: usize, place: usize, turn: usize) -> String {
    format!("0190a0a0-0000-7000-8000-{:012x}", at * 1000 + place * 10 + turn)
}

/// Events of the distinct_id `mate`.
fn total_of(server: &Running, distinct_id: &str) -> f64 {
    let filter = json!([{"property": "distinct_id", "operator": "exact", "value": distinct_id}]);
    let question = json!({"kind": "trends", "date_from": "all", "series": [{"math": "total", "filters": filter}]});
    let answer = server.api("POST", "/api/projects/1/query", question);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["series"][0]["total"].as_f64().expect("a total")
}

#[test]
fn replaced_text_is_marked_and_what_was_text_stays_as_it_was() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let send = |mid: &str, pageid: &[u8]| {
        let body = filled(&SUNBIRD[0].replace("%MID", mid), pageid, mid);
        let answer =
            server.send("POST", &format!("/v1/telemetry?key={WRITE_KEY}"), &[], &[b"[", &body[..], b"]"].concat());
        assert_eq!(answer.header("x-telemetry-outcome"), Some("stored=1, duplicate=0, failed=0, not_kept=0"));
    };
    let cases: [(&[u8], &str, bool); 8] = [
        (b"a\xffb", "a\u{fffd}b", true),
        (b"\\ud800", "\u{fffd}", true),
        (b"\xed\xa0\x80", "\u{fffd}\u{fffd}\u{fffd}", true),
        (b"\0", "\0", false),
        (b"\\u0000", "\0", false),
        ("\u{202e}rtl\u{200b}".as_bytes(), "\u{202e}rtl\u{200b}", false),
        ("\u{feff}bom".as_bytes(), "\u{feff}bom", false),
        ("👩‍👩‍👧‍👦".as_bytes(), "👩‍👩‍👧‍👦", false),
    ];
    for (index, (sent, _, _)) in cases.iter().enumerate() {
        send(&format!("t{index}"), sent);
    }
    let rows = server.api("POST", "/api/projects/1/query", json!({"kind": "events", "date_from": "all"})).body;
    let rows = rows["events"].as_array().expect("events").clone();
    assert_eq!(rows.len(), cases.len());
    for (sent, stored, marked) in cases {
        let has = |row: &&Value| row["properties"]["edata.pageid"] == stored;
        let row = rows.iter().find(has).unwrap_or_else(|| panic!("{sent:?} is not stored as {stored:?}"));
        let repairs = row["properties"]["_repairs"].to_string();
        if marked {
            assert!(repairs.contains("invalid-text"), "{sent:?}: {repairs}");
        }
    }
}

#[test]
fn every_number_is_stored_exactly_or_has_a_typed_outcome() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let exact = [
        "0",
        "-1",
        "9007199254740992",
        "9007199254740993",
        "-9007199254740993",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "0.1",
        "1e308",
        "5e-324",
        "-1.7976931348623157e308",
        "123456789.987654321",
    ];
    // Number as sent, as stored; `None`: a failed event.
    let mut cases: Vec<(String, Option<Value>)> =
        exact.iter().map(|text| ((*text).to_owned(), Some(serde_json::from_str(text).expect("a number")))).collect();
    let digits = "1".repeat(1 << 20);
    cases.extend([
        ("1e999".to_owned(), None),
        ("-1e999".to_owned(), None),
        ("-0".to_owned(), Some(json!(-0.0))),
        ("NaN".to_owned(), Some(Value::Null)),
        ("-Infinity".to_owned(), Some(Value::Null)),
        ("\"NaN\"".to_owned(), Some(json!("NaN"))),
        // Beyond 64 bits: its digits as text, so that none is lost.
        ("18446744073709551616".to_owned(), Some(json!("18446744073709551616"))),
        (format!("1{}", "0".repeat(300)), Some(json!(format!("1{}", "0".repeat(300))))),
        ("1".repeat(400), None),
        (digits[..900_000].to_owned(), None),
        ("0x10".to_owned(), None),
        ("01".to_owned(), None),
        ("1.".to_owned(), None),
        (".5".to_owned(), None),
        ("+1".to_owned(), None),
        ("--1".to_owned(), None),
    ]);
    let path = format!("/v1/telemetry?key={WRITE_KEY}");
    for (index, (sent, stored)) in cases.iter().enumerate() {
        let event = impression(&format!("n{index}"), "p", "home", AT_MS).to_string();
        let event = event.replacen("\"pageid\":\"home\"", &format!("\"pageid\":\"n{index}\",\"value\":{sent}"), 1);
        let mate = impression(&format!("mate{index}"), "mate", "mate", AT_MS);
        let body = format!("{{\"events\":[{event},{mate}]}}");
        let answer = server.send("POST", &path, &[], body.as_bytes());
        let told = answer.header("x-telemetry-outcome").map(str::to_owned);
        let short = &sent[..sent.len().min(30)];
        match (stored, answer.status) {
            (Some(_), 200) => {
                assert_eq!(told.as_deref(), Some("stored=2, duplicate=0, failed=0, not_kept=0"), "{short}")
            }
            // A number that is no JSON: the whole body cannot be read, and one failed event says so.
            (None, 400) => {}
            (None, 200) => assert_eq!(told.as_deref(), Some("stored=1, duplicate=0, failed=1, not_kept=0"), "{short}"),
            (_, status) => panic!("{short}: {status} {}", answer.body),
        }
    }
    let question = json!({"kind": "events", "date_from": "all", "limit": 100});
    let rows = server.api("POST", "/api/projects/1/query", question).body["events"].clone();
    for (index, (sent, stored)) in cases.iter().enumerate() {
        let Some(stored) = stored else { continue };
        let page = format!("n{index}");
        let is_it = |row: &&Value| row["properties"]["edata.pageid"] == page.as_str();
        let row = rows.as_array().expect("events").iter().find(is_it).expect("the event");
        let value = &row["properties"]["edata.value"];
        // A whole number may be written with a fraction of nothing; it is the same number.
        let written = value.to_string();
        assert_eq!(written.strip_suffix(".0").unwrap_or(&written), stored.to_string().trim_end_matches(".0"), "{sent}");
    }
    let outcomes = server.outcomes();
    assert!(outcomes["reasons"].to_string().contains("number_out_of_range"), "{outcomes}");
}
