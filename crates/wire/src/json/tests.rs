use super::gate::{JsonError, depth_of, gate, string_end};
use super::split::{Members, Top, Unread, cut, elements, elements_of_valid, is_json};
use super::tree::Json;
use crate::Limits;
use proptest::prelude::*;

fn gated(bytes: &[u8]) -> (String, bool) {
    let gated = gate(bytes, &Limits::default()).expect("passes the gate");
    (gated.text.into_owned(), gated.replaced)
}

#[test]
fn clean_json_is_borrowed() {
    let text = r#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",null,true]}"#;
    let gated = gate(text.as_bytes(), &Limits::default()).expect("clean");
    assert!(matches!(gated.text, std::borrow::Cow::Borrowed(_)));
    assert_eq!((gated.depth, gated.replaced), (2, false));
}

#[test]
fn lenient_input_becomes_json() {
    for (sent, read, replaced) in [
        (&b"\xef\xbb\xbf{}"[..], "{}", false),
        (b"{\"a\":NaN,\"b\":[Infinity,-Infinity]}", r#"{"a":null,"b":[null,null]}"#, false),
        (b"{\"a\":\"NaN, -Infinity\"}", r#"{"a":"NaN, -Infinity"}"#, false),
        (b"{\"a\":\"\\ud800\"}", r#"{"a":"\ufffd"}"#, true),
        (b"{\"a\":\"\\udc00\\ud83d\"}", r#"{"a":"\ufffd\ufffd"}"#, true),
        (b"{\"a\":\"\\ud800\\ud83d\\ude00\"}", r#"{"a":"\ufffd\ud83d\ude00"}"#, true),
        (b"{\"a\":\"\\\\ud800\"}", r#"{"a":"\\ud800"}"#, false),
        (b"{\"a\":\"x\xffy\"}", "{\"a\":\"x\u{fffd}y\"}", true),
        (b"{\"a\":\"x\xc0\xafy\"}", "{\"a\":\"x\u{fffd}\u{fffd}y\"}", true),
        (b"{\"a\":\"line\nbreak\0\"}", r#"{"a":"line\u000abreak\u0000"}"#, false),
        (b"{\"a\":123456789012345678901234567890}", r#"{"a":"123456789012345678901234567890"}"#, false),
        (
            b"{\"a\":[-9223372036854775808,18446744073709551615]}",
            r#"{"a":[-9223372036854775808,18446744073709551615]}"#,
            false,
        ),
        (b"{\"a\":0.1234567890123456789012345}", r#"{"a":0.1234567890123456789012345}"#, false),
    ] {
        assert_eq!(gated(sent), (read.to_owned(), replaced), "{}", String::from_utf8_lossy(sent));
        serde_json::from_str::<serde_json::Value>(read).expect("is JSON");
    }
}

#[test]
fn a_million_brackets_are_refused_at_the_limit() {
    for opener in ["[", "{\"a\":"] {
        let body = opener.repeat(1_000_000);
        let started = std::time::Instant::now();
        let refused = gate(body.as_bytes(), &Limits::default()).map(|_| ());
        assert_eq!(refused, Err(JsonError::TooDeep { depth_max: 200 }));
        // Goal H-04 is 5 ms, for UTF-8 checking of the body is all that remains of it; a busy machine may take longer.
        assert!(started.elapsed().as_secs() < 2, "{:?}", started.elapsed());
    }
    let flat = format!("[{}[]]", "[],".repeat(1_000_001));
    let refused = gate(flat.as_bytes(), &Limits::default()).map(|_| ());
    assert_eq!(refused, Err(JsonError::TooManyBrackets { brackets_max: 1_000_000 }));
}

#[test]
fn brackets_in_strings_do_not_count() {
    assert_eq!(depth_of(r#"{"a":"[[[[\"[[[","b":[1]}"#), 2);
    assert_eq!(gate(br#"{"a":"[[[[\"[[[","b":[1]}"#, &Limits::default()).expect("clean").depth, 2);
}

#[test]
fn a_cut_keeps_every_event_as_its_own_text() {
    let Ok(Top::Array(events)) = cut(r#" [ {"a":1} , 2,"x",[3] ] "#, 10) else { panic!("an array") };
    assert_eq!(events, [r#"{"a":1}"#, "2", "\"x\"", "[3]"]);
    assert!(matches!(cut("[1,2,3]", 2), Err(JsonError::TooManyEvents { events_max: 2 })));
    assert!(matches!(cut("[1,2", 9), Err(JsonError::Syntax { .. })));
    assert!(matches!(cut("[1] [2]", 9), Err(JsonError::Syntax { .. })));
    assert!(matches!(cut("true", 9), Ok(Top::Scalar)));
}

#[test]
fn of_equal_keys_the_last_counts() {
    let many: Vec<String> = (0..40).map(|index| format!("\"k{index}\":{index}")).collect();
    let text = format!("{{{},\"k3\":\"last\"}}", many.join(","));
    let Ok(Json::Object(object)) = Json::parse(&text) else { panic!("an object") };
    assert_eq!(object.0.len(), 40);
    assert_eq!(object.text("k3"), Some("last"));
    let Ok(Json::Object(object)) = Json::parse(r#"{"a":1,"b":2,"a":3}"#) else { panic!("an object") };
    assert_eq!(object.0.len(), 2);
    assert_eq!(object.get("a").and_then(Json::number), Some(3.0));
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_map(|number| serde_json::json!(number)),
        ".*".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
            prop::collection::vec((".*", inner), 0..8)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    /// The gate changes no valid JSON and the tree reads it as serde_json does: i64, u64 and f64 exact.
    #[test]
    fn valid_json_comes_through_unchanged(json in any_json()) {
        let text = json.to_string();
        let gated = gate(text.as_bytes(), &Limits::default()).expect("not deep");
        prop_assert_eq!(&*gated.text, &text);
        let tree = Json::parse(&gated.text).expect("valid");
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&tree.to_text()).expect("valid"), json);
    }

    #[test]
    fn the_gate_never_panics_and_what_it_passes_is_text(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(gated) = gate(&bytes, &Limits::default()) {
            prop_assert_eq!(gated.depth, depth_of(&gated.text));
            let _ = cut(&gated.text, 10);
        }
    }

    /// JSON-shaped noise reaches the corners that random bytes miss.
    #[test]
    fn json_shaped_noise_never_panics(pieces in prop::collection::vec(
        prop::sample::select(vec!["{", "}", "[", "]", "\"", "\\", "\\u", "d800", "dc00", ":", ",", "NaN", "-", "Infinity",
            "1e999", "0", "999999999999999999999", "é", "\u{0}", " ", "true", "null", "\"a\":"]), 0..60)) {
        if let Ok(gated) = gate(pieces.concat().as_bytes(), &Limits::default()) {
            let _ = Json::parse(&gated.text);
            let _ = cut(&gated.text, 10);
        }
    }
}

#[test]
fn a_valid_array_is_cut_as_a_parser_cuts_it() {
    let arrays = [
        "[]",
        "[ ]",
        "[1]",
        r#"[1,-2.5e3 , "a,]\"}" ,true,null]"#,
        r#"[{"a":[1,{"b":"]}"}]},[],{} , [[["x"]]]
    ]"#,
        r#"["\\","\\\"",""]"#,
    ];
    for array in arrays {
        assert_eq!(elements_of_valid(array, 9), elements(array, 9), "{array}");
    }
    assert_eq!(elements_of_valid("[1,2,3]", 2), Err(JsonError::TooManyEvents { events_max: 2 }));
}

proptest! {
    #[test]
    fn the_end_of_a_string_is_its_first_bare_quote(text in "[a-z\\\\\"\u{1}é]{0,40}") {
        let bytes = format!("\"{text}");
        let bytes = bytes.as_bytes();
        let mut plain = 1;
        while plain < bytes.len() && bytes[plain] != b'"' {
            plain += if bytes[plain] == b'\\' { 2 } else { 1 };
        }
        prop_assert_eq!(string_end(bytes, 0), plain.min(bytes.len()));
    }
}

fn gate_of(text: &str) -> super::gate::Gated<'_> {
    gate(text.as_bytes(), &Limits::default()).expect("passes the gate")
}

proptest! {
    /// What is cut without a parser is JSON as a whole if its pieces are, and is cut where a parser cuts.
    #[test]
    fn an_unread_cut_is_that_of_the_parser(text in r#"[{\[ ][\[\]{}:,"a1\\ \n-]{0,12}[}\] ]"#) {
        let gated = gate_of(&text);
        let pieces = Unread::new(&gated, 0).elements(100).filter(|(_, all)| *all);
        if let Some((pieces, _)) = pieces.filter(|(pieces, _)| pieces.iter().all(|piece| is_json(piece))) {
            prop_assert_eq!(elements(&gated.text, 100), Ok(pieces));
        }
        let members = Unread::new(&gated, 0).members();
        if let Some(members) = members.filter(|members| members.iter().all(|(_, value, _)| is_json(value))) {
            let unread = Members::of_valid(members.into_iter().map(|(key, value, _)| (key, value)));
            match cut(&gated.text, 0) {
                Ok(Top::Object(parsed)) => prop_assert_eq!(parsed, unread),
                _ => prop_assert!(false, "no object: {}", text),
            }
        }
    }
}

#[test]
fn plain_texts_are_cut_unread() {
    let gated = gate_of("{ \"a\" : [1, {\"b\":\"]\"} ,\"x\"] ,\"c\":-1.5 }\n");
    let members = Unread::new(&gated, 0).members().expect("an object");
    let [("a", array, at), ("c", "-1.5", _)] = members[..] else { panic!("{members:?}") };
    assert_eq!(array, r#"[1, {"b":"]"} ,"x"]"#);
    assert_eq!(Unread::new(&gated, at).elements(3), Some((vec!["1", r#"{"b":"]"}"#, "\"x\""], false)));
    assert_eq!(Unread::new(&gated, at).elements(2), None);
    assert_eq!(Unread::new(&gate_of("[]"), 0).elements(0), Some((vec![], true)));
    for wrong in ["[1,]", "[,1]", "[1 2]", "[1", "1]"] {
        let cut = |text| {
            Unread::new(&gate_of(text), 0).elements(9).map(|(pieces, _)| pieces.iter().all(|piece| is_json(piece)))
        };
        assert_ne!(cut(wrong), Some(true), "{wrong}");
    }
    for wrong in [r#"{"a":1,}"#, r#"{"a"}"#, r#"{"a":}"#, r#"{a:1}"#, r#"{"a":1 "b":2}"#, r#"{"\u0061":1}"#, "{}}"] {
        assert!(Unread::new(&gate_of(wrong), 0).members().is_none(), "{wrong}");
    }
}
