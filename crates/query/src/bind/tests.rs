//! Dates, filters and limits as they are bound.

use super::*;
use crate::calendar::rfc3339;
use crate::question::parse_value;
use model::time::WeekStart;
use serde_json::{Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Thursday, 15 January 2026, 14:30:45 in Kolkata.
const NOW: &str = "2026-01-15T09:00:45Z";

fn clock(zone: &str) -> ProjectClock {
    ProjectClock { time_zone: zone.to_owned(), week_start: WeekStart::Monday }
}

fn instant(text: &str) -> Micros {
    text.parse::<jiff::Timestamp>().expect("an instant").as_microsecond()
}

fn bound(question: Value) -> Result<BoundQuestion, QuestionError> {
    bind(&parse_value(question)?, &clock("Asia/Kolkata"), instant(NOW), &Known::default())
}

fn trends(question: Value) -> trends::BoundTrends {
    match bound(question) {
        Ok(BoundQuestion::Trends(trends)) => trends,
        other => panic!("{other:?}"),
    }
}

fn wrong(question: Value) -> QuestionError {
    bound(question).expect_err("this question is wrong")
}

fn filtered(filter: Value) -> Value {
    json!({"kind": "trends", "series": [{}], "filters": [filter]})
}

#[test]
fn every_kind_of_date_is_resolved() {
    // From and to are local midnights and last microseconds in Kolkata, 5:30 ahead of UTC.
    for (from, to, expected_from, expected_to) in [
        ("2026-01-10", None, "2026-01-09T18:30:00Z", "2026-01-15T18:29:59.999999Z"),
        ("2026-01-10", Some("2026-01-11"), "2026-01-09T18:30:00Z", "2026-01-11T18:29:59.999999Z"),
        ("2026-01-10T10:00", Some("2026-01-11T10:00:00Z"), "2026-01-10T04:30:00Z", "2026-01-11T10:00:00Z"),
        ("2026-01-10T10:00:00.5+01:00", None, "2026-01-10T09:00:00.5Z", "2026-01-15T18:29:59.999999Z"),
        ("-7d", Some("-1d"), "2026-01-07T18:30:00Z", "2026-01-14T18:29:59.999999Z"),
        ("-24h", None, "2026-01-14T08:30:00Z", "2026-01-15T18:29:59.999999Z"),
        ("-2w", Some("-1dEnd"), "2025-12-31T18:30:00Z", "2026-01-14T18:29:59.999999Z"),
        ("-1m", None, "2025-12-14T18:30:00Z", "2026-01-15T18:29:59.999999Z"),
        ("-1q", Some("-20h"), "2025-10-14T18:30:00Z", "2026-01-14T18:29:59.999999Z"),
        ("-1y", None, "2025-01-14T18:30:00Z", "2026-01-15T18:29:59.999999Z"),
        ("dStart", None, "2026-01-14T18:30:00Z", "2026-01-15T18:29:59.999999Z"),
        ("wStart", Some("mEnd"), "2026-01-11T18:30:00Z", "2026-01-31T18:29:59.999999Z"),
        ("-1mStart", Some("-1mEnd"), "2025-11-30T18:30:00Z", "2025-12-31T18:29:59.999999Z"),
        ("-1qStart", Some("-1qEnd"), "2025-09-30T18:30:00Z", "2025-12-31T18:29:59.999999Z"),
        ("yStart", Some("wStart"), "2025-12-31T18:30:00Z", "2026-01-12T18:29:59.999999Z"),
        ("all", None, "2026-01-14T18:30:00Z", "2026-01-15T18:29:59.999999Z"),
    ] {
        let mut question = json!({"kind": "trends", "series": [{}], "date_from": from});
        if let Some(to) = to {
            question["date_to"] = json!(to);
        }
        let trends = trends(question);
        assert_eq!((trends.span.from, trends.span.to), (instant(expected_from), instant(expected_to)), "{from} {to:?}");
    }
}

#[test]
fn fine_intervals_end_with_the_current_hour_or_minute() {
    for (interval, to, expected) in [
        ("hour", None, "2026-01-15T09:29:59.999999Z"),
        ("minute", None, "2026-01-15T09:00:59.999999Z"),
        ("hour", Some("-2h"), "2026-01-15T07:29:59.999999Z"),
        ("hour", Some("-1d"), "2026-01-14T09:29:59.999999Z"),
        ("hour", Some("dStart"), "2026-01-14T19:29:59.999999Z"),
        ("hour", Some("-1dEnd"), "2026-01-14T18:29:59.999999Z"),
        ("hour", Some("2026-01-15"), "2026-01-15T18:29:59.999999Z"),
    ] {
        let mut question = json!({"kind": "trends", "series": [{}], "date_from": "-2d", "interval": interval});
        if let Some(to) = to {
            question["date_to"] = json!(to);
        }
        assert_eq!(rfc3339(trends(question).span.to), rfc3339(instant(expected)), "{interval} {to:?}");
    }
}

#[test]
fn what_is_no_date_is_refused_without_a_panic() {
    for date in [
        "",
        "-",
        "-7",
        "7d",
        "-7x",
        "d",
        "-hStart",
        "-99999999d",
        "-60001y",
        "2026-13-01",
        "2026-01-32",
        "2026-1-1",
        "2026-01-01T25:00",
        "2026-01-01T10:00+99:00",
        "2026-01-01Z",
        "2026-01-01T10:00[Asia/Kolkata]",
        "now",
        "-1dEnds",
        "२०२६-०१-०१",
    ] {
        let error = wrong(json!({"kind": "trends", "series": [{}], "date_from": date}));
        assert_eq!(error.path, "date_from", "{date}");
        assert!(error.allowed.contains(&"-7d".to_owned()));
    }
    assert_eq!(wrong(json!({"kind": "trends", "series": [{}], "date_to": "all"})).path, "date_to");
    // The far past is a date, but has too many days in it.
    for date in ["-60000y", "-60000q", "0001-01-01"] {
        assert_eq!(wrong(json!({"kind": "trends", "series": [{}], "date_from": date})).path, "interval", "{date}");
    }
}

#[test]
fn the_same_question_bound_twice_is_the_same_key() {
    let hash = |question: &BoundQuestion| {
        let mut hasher = DefaultHasher::new();
        question.hash(&mut hasher);
        hasher.finish()
    };
    let question = filtered(json!({"property": "n", "operator": "between", "value": [1, "2.5"]}));
    let first = bound(question.clone()).expect("right");
    // A moment later on the same day, nothing in the bound question has changed.
    let later =
        bind(&parse_value(question).expect("right"), &clock("Asia/Kolkata"), instant(NOW) + 1, &Known::default());
    let later = later.expect("right");
    assert_eq!((&first, hash(&first)), (&later, hash(&later)));
    assert_eq!(serde_json::to_value(&first).expect("serializable")["kind"], "trends");
    let other = bound(json!({"kind": "trends", "series": [{"math": "dau"}]})).expect("right");
    assert_ne!(first, other);
}

#[test]
fn the_current_bucket_is_marked_and_buckets_have_labels() {
    let trends = trends(json!({"kind": "trends", "series": [{}], "date_from": "-1d", "date_to": "2026-01-17"}));
    assert_eq!(trends.span.labels, ["2026-01-14", "2026-01-15", "2026-01-16", "2026-01-17"]);
    assert_eq!(trends.span.incomplete, Some(1));
    assert_eq!(trends.definition, "number of events: any event, Asia/Kolkata days");
}

#[test]
fn limits_name_what_to_narrow() {
    let many: Vec<_> = (0..27).map(|_| json!({})).collect();
    assert_eq!(wrong(json!({"kind": "trends", "series": many})).path, "series");
    let breakdown =
        |limit: u32| json!({"kind": "trends", "series": [{}], "breakdown": {"property": "k", "limit": limit}});
    assert_eq!(wrong(breakdown(0)).path, "breakdown.limit");
    assert_eq!(wrong(breakdown(1_001)).path, "breakdown.limit");
    assert!(bound(breakdown(1_000)).is_ok());
    let wide = json!({"kind": "trends", "series": [{}], "interval": "minute", "date_from": "-6d",
        "breakdown": {"property": "k", "limit": 1_000}});
    assert_eq!(wrong(wide).path, "interval");
    assert_eq!(
        wrong(json!({"kind": "trends", "series": [{}], "breakdown": {"property": ""}})).path,
        "breakdown.property"
    );
    assert_eq!(wrong(json!({"kind": "trends", "series": [{"property": "n"}]})).path, "series[0].property");
    for limit in [0, 1_001] {
        assert_eq!(wrong(json!({"kind": "events", "limit": limit})).path, "limit");
    }
}

#[test]
fn wrong_filters_name_their_field() {
    for (filter, path) in [
        (json!({"property": "k"}), "filters[0].value"),
        (json!({"property": "k", "value": null}), "filters[0].value"),
        (json!({"property": "k", "value": []}), "filters[0].value"),
        (json!({"property": "k", "value": ["a", null]}), "filters[0].value[1]"),
        (json!({"property": "k", "operator": "in", "value": "a"}), "filters[0].value"),
        (json!({"property": "k", "operator": "gt", "value": "x"}), "filters[0].value"),
        (json!({"property": "k", "operator": "gt", "value": [1]}), "filters[0].value"),
        (json!({"property": "k", "operator": "gt", "value": true}), "filters[0].value"),
        (json!({"property": "k", "operator": "between", "value": [1]}), "filters[0].value"),
        (json!({"property": "k", "operator": "between", "value": [2, 1]}), "filters[0].value"),
        (json!({"property": "k", "operator": "regex", "value": "("}), "filters[0].value"),
        (json!({"property": "k", "operator": "regex", "value": "(?=a)"}), "filters[0].value"),
        (json!({"property": "k", "operator": "regex", "value": r"((\w{50}){50}){50}"}), "filters[0].value"),
        (json!({"property": "k", "operator": "regex", "value": "a".repeat(1_001)}), "filters[0].value"),
        (json!({"property": "k", "operator": "is_date_exact", "value": "soon"}), "filters[0].value"),
        (json!({"property": "k", "operator": "is_date_exact", "value": "all"}), "filters[0].value"),
        (json!({"property": "k", "operator": "semver_caret", "value": "v1"}), "filters[0].value"),
        (json!({"property": "k", "type": "group", "value": 1}), "filters[0].type"),
        (json!({"type": "cohort", "value": 1}), "filters[0].operator"),
        (json!({"type": "person", "operator": "in_cohort", "value": 1}), "filters[0].type"),
        (json!({"operator": "in_cohort", "value": "friends"}), "filters[0].value"),
        (json!({"operator": "not_in_cohort", "value": [7]}), "filters[0].value"),
        (json!({"type": "XOR", "values": []}), "filters[0].type"),
        (json!({"values": []}), "filters[0].type"),
        (json!({"type": "AND", "values": [], "property": "k"}), "filters[0]"),
        (json!({"type": "OR", "values": [{"property": "k"}]}), "filters[0].values[0].value"),
    ] {
        assert_eq!(wrong(filtered(filter.clone())).path, path, "{filter}");
    }
    let series = json!({"kind": "trends", "series": [{}, {"filters": [{"property": "k"}]}]});
    assert_eq!(wrong(series).path, "series[1].filters[0].value");
}

#[test]
fn groups_nest_to_a_depth_of_sixteen() {
    let nested = |depth: usize| {
        (1..depth).fold(json!({"property": "k", "value": 1}), |inner, _| json!({"type": "OR", "values": [inner]}))
    };
    assert!(bound(filtered(nested(16))).is_ok());
    assert!(wrong(filtered(nested(17))).message.contains("deeper than 16"));
    let many: Vec<_> = (0..201).map(|index| json!({"property": "k", "value": index})).collect();
    assert!(wrong(json!({"kind": "trends", "series": [{}], "filters": many})).message.contains("200 conditions"));
}

#[test]
fn declared_types_decide_how_values_compare() {
    let known = Known {
        declared: [
            ("n".to_owned(), DeclaredType::Numeric),
            ("b".to_owned(), DeclaredType::Boolean),
            ("t".to_owned(), DeclaredType::DateTime),
            ("s".to_owned(), DeclaredType::String),
        ]
        .into(),
        ..Known::default()
    };
    let test_of = |property: &str, value: Value| {
        let question = parse_value(filtered(json!({"property": property, "value": value}))).expect("readable");
        bind(&question, &clock("UTC"), instant(NOW), &known).map(|bound| {
            let BoundQuestion::Trends(trends) = bound else { panic!("a trend") };
            let filter::BoundFilter::All(members) = trends.filter else { panic!("a list") };
            let filter::BoundFilter::Condition(condition) = members[0].clone() else { panic!("a condition") };
            condition.test
        })
    };
    use filter::{Number, Test};
    assert_eq!(test_of("n", json!("5.0")), Ok(Test::NumberIn(vec![Number::new(5.0)])));
    assert_eq!(test_of("b", json!(["true"])), Ok(Test::TruthIn { yes: true, no: false }));
    let at = instant("2026-01-01T00:00:00Z");
    let day = Test::TimeWithin { ranges: vec![(at, at)], time_zone: "UTC".to_owned() };
    assert_eq!(test_of("t", json!("2026-01-01")), Ok(day));
    assert_eq!(test_of("s", json!(5.0)), Ok(Test::TextIn(vec!["5".to_owned()])));
    for (property, value) in [("n", json!("x")), ("b", json!(1)), ("t", json!("soon"))] {
        assert_eq!(test_of(property, value).expect_err("wrong type").path, "filters[0].value");
    }
}

#[test]
fn an_unknown_time_zone_is_an_answer() {
    let question = parse_value(json!({"kind": "events"})).expect("right");
    let error = bind(&question, &clock("Mars/Olympus"), 0, &Known::default()).expect_err("unknown");
    assert_eq!(error.path, "time_zone");
}
