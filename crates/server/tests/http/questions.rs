//! Questions over HTTP: answers, and errors that say where.

use crate::running::{Running, TOKEN, impression};
use serde_json::{Value, json};

const DAY_MS: i64 = 86_400_000;
/// 2026-01-05T06:00:00Z, a Monday.
const MONDAY_MS: i64 = 1_767_592_800_000;

#[test]
fn a_trend_is_counted_from_what_was_sent() {
    let server = Running::start();
    let events: Vec<Value> = (0..10)
        .map(|n| {
            impression(
                &format!("m{n}"),
                &format!("p{}", n % 3),
                if n % 2 == 0 { "home" } else { "marks" },
                MONDAY_MS + n / 5 * DAY_MS,
            )
        })
        .collect();
    assert_eq!(server.sunbird(&events).status, 200);
    let question = json!({
        "kind": "trends", "date_from": "2026-01-05", "date_to": "2026-01-06", "interval": "day",
        "series": [{"event": "IMPRESSION"}, {"event": "IMPRESSION", "math": "dau"}],
        "breakdown": {"property": "edata.pageid"},
    });
    let answer = server.api("POST", "/api/projects/1/query", question).body;
    assert_eq!(answer["buckets"][0]["label"], "2026-01-05");
    let series = answer["series"].as_array().expect("series");
    let of = |index: u64, value: &str| {
        let found = series.iter().find(|s| s["series"] == index && s["breakdown_value"] == value);
        found.map(|s| s["data"].clone()).expect("a series")
    };
    // Day one has n = 0..4: home 0, 2, 4 and marks 1, 3; day two n = 5..9: home 6, 8 and marks 5, 7, 9.
    assert_eq!(of(0, "home"), json!([3.0, 2.0]));
    assert_eq!(of(0, "marks"), json!([2.0, 3.0]));
    // Persons n % 3: home on day one 0, 2, 1.
    assert_eq!(of(1, "home"), json!([3.0, 2.0]));
    assert!(answer["explain"]["rows_read"].as_u64().is_some_and(|rows| rows >= 10));
}

/// Three parents: p0 goes home, fees, pay; p1 home, fees; p2 home. A day apart, p0 comes home again.
fn school(server: &Running) {
    let visits = [
        ("p0", "home", 0),
        ("p0", "fees", 60),
        ("p0", "pay", 120),
        ("p1", "home", 0),
        ("p1", "fees", 90),
        ("p2", "home", 0),
    ];
    let event = |(n, (person, page, second)): (usize, &(&str, &str, i64))| {
        let mut event = impression(&format!("m{n}"), person, page, MONDAY_MS + second * 1_000);
        event["edata"]["uri"] = json!(format!("/{page}"));
        event
    };
    let mut events: Vec<Value> = visits.iter().enumerate().map(event).collect();
    events.push(impression("m9", "p0", "home", MONDAY_MS + DAY_MS));
    assert_eq!(server.sunbird(&events).status, 200);
}

#[test]
fn insights_over_persons_are_answered_and_open() {
    let server = Running::start();
    school(&server);
    let ask = |question: &Value| server.api("POST", "/api/projects/1/query", question.clone());
    let open = |question: &Value, cell: Value| {
        let people = server.api("POST", "/api/projects/1/people", json!({"question": question, "cell": cell}));
        assert_eq!(people.status, 200, "{}", people.body);
        people.body
    };
    let page = |page: &str| json!({"event": "IMPRESSION", "filters": [{"property": "edata.pageid", "value": page}]});
    let range = |mut question: Value| {
        question["date_from"] = json!("2026-01-05");
        question["date_to"] = json!("2026-01-06");
        question
    };
    let funnel = range(json!({"kind": "funnel", "steps": [page("home"), page("fees"), page("pay")]}));
    let answer = ask(&funnel);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let steps = answer.body["rows"][0]["steps"].as_array().expect("steps");
    assert_eq!(steps.iter().map(|step| step["count"].clone()).collect::<Vec<_>>(), [json!(3), json!(2), json!(1)]);
    assert_eq!(steps[1]["average_s"], json!(75.0));
    let dropped = open(&funnel, json!({"step": -2}));
    assert_eq!((&dropped["persons"], &dropped["people"][0]["person"]), (&json!(1), &json!("p2")));
    assert_eq!(open(&funnel, json!({"step": 3}))["people"][0]["events"].as_array().map(Vec::len), Some(3));

    let whole = json!({"steps": funnel["steps"], "date_from": "2026-01-05", "date_to": "2026-01-06"});
    let correlation = json!({"kind": "correlation", "funnel": whole});
    let answer = ask(&correlation);
    assert_eq!((&answer.body["converted"], &answer.body["dropped"]), (&json!(1), &json!(2)), "{}", answer.body);
    assert_eq!(open(&correlation, json!({"converted": false}))["persons"], 2);

    let retention = json!({"kind": "retention", "start_event": page("home"), "intervals": 2, "date_to": "2026-01-06"});
    assert_eq!(ask(&retention).body["rows"][0]["cells"], json!([3, 1]));
    assert_eq!(open(&retention, json!({"row": 0, "column": 1}))["people"][0]["person"], "p0");

    let stickiness = range(json!({"kind": "stickiness", "series": [page("home")]}));
    assert_eq!(ask(&stickiness).body["lines"][0]["counts"], json!([2, 1]));
    let lifecycle = range(json!({"kind": "lifecycle", "series": page("home")}));
    let answer = ask(&lifecycle).body;
    assert_eq!(
        (&answer["new"], &answer["returning"], &answer["dormant"]),
        (&json!([3, 0]), &json!([0, 1]), &json!([0, -2]))
    );
    assert_eq!(open(&lifecycle, json!({"bucket": 1, "status": "dormant"}))["persons"], 2);

    let paths = range(json!({"kind": "paths"}));
    let answer = ask(&paths).body;
    assert_eq!((&answer["edges"][0]["source"], &answer["edges"][0]["count"]), (&json!("1_/home"), &json!(2)));
    let trend = range(json!({"kind": "trends", "series": [{"event": "IMPRESSION"}]}));
    let asked_at = ask(&trend).body["explain"]["asked_at"].clone();
    assert!(asked_at.is_string());
    let list = server.api(
        "POST",
        "/api/projects/1/people",
        json!({"question": trend, "cell": {"series": 0, "bucket": 0}, "asked_at": asked_at, "limit": 2}),
    );
    assert_eq!((&list.body["persons"], &list.body["count"]), (&json!(3), &json!(6)));
    assert_eq!(list.body["people"].as_array().map(Vec::len), Some(2));
    let after = list.body["next"].clone();
    let rest = server.api(
        "POST",
        "/api/projects/1/people",
        json!({"question": trend, "cell": {"series": 0, "bucket": 0}, "limit": 2, "after": after}),
    );
    assert_eq!(rest.body["people"].as_array().map(Vec::len), Some(1));
    assert_eq!(rest.body["next"], Value::Null);
}

#[test]
fn the_same_question_is_reckoned_once_until_something_happens() {
    let question = json!({"kind": "trends", "series": [{"event": "IMPRESSION"}], "date_from": "2026-01-05"});
    let ask = |server: &Running| {
        let answer = server.api("POST", "/api/projects/1/query", question.clone());
        let body = &answer.body;
        (body["series"][0]["total"].clone(), body["explain"]["cached"] == true, body["explain"]["asked_at"].clone())
    };
    let server = Running::start();
    school(&server);
    let (total, cached, asked_at) = ask(&server);
    assert!(!cached);
    let again = ask(&server);
    assert_eq!((&again.0, again.1), (&total, true));
    assert_ne!(again.2, asked_at, "each says when it was asked");
    assert_eq!(server.sunbird(&[impression("m10", "p9", "home", MONDAY_MS)]).status, 200);
    let more = ask(&server);
    assert_eq!((more.0.as_f64(), more.1), (total.as_f64().map(|total| total + 1.0), false));
    let metrics = server.send("GET", "/metrics", &[], &[]).body.to_string();
    assert!(metrics.contains("telemetry_answer_cache_hits_total 1"), "{metrics}");

    let server = Running::start_with(&[("TELEMETRY_ANSWER_CACHE_BYTES", "0")]);
    school(&server);
    assert_eq!([ask(&server).1, ask(&server).1], [false; 2]);
}

#[test]
fn an_answer_comes_as_an_event_where_that_is_wanted() {
    let server = Running::start();
    school(&server);
    let ask = |question: Value| {
        let bearer = format!("Bearer {TOKEN}");
        let headers = [("Authorization", bearer.as_str()), ("Accept", "text/event-stream")];
        server.send("POST", "/api/projects/1/query", &headers, question.to_string().as_bytes())
    };
    let answer = ask(json!({"kind": "trends", "series": [{"event": "IMPRESSION"}], "date_from": "2026-01-05"}));
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/event-stream")));
    let events = answer.body.as_str().unwrap_or_default();
    let (_, data) = events.split_once("event: answer\ndata: ").unwrap_or_else(|| panic!("{events}"));
    let data: Value = serde_json::from_str(data.trim()).expect("JSON");
    assert_eq!(data["kind"], "trends");
    assert!(data["series"][0]["total"].as_f64() > Some(0.0) && data["explain"]["asked_at"].is_string());
    let wrong = ask(json!({"kind": "trends", "series": []}));
    assert_eq!((wrong.status, &wrong.body["error"]["path"]), (400, &json!("series")));
}

#[test]
fn a_wrong_cell_or_a_stranger_gets_no_people() {
    let server = Running::start();
    let people = |body: Value| server.api("POST", "/api/projects/1/people", body);
    let question = json!({"kind": "trends", "series": [{}]});
    let wrong = people(json!({"question": question, "cell": {"series": 4}}));
    assert_eq!((wrong.status, wrong.body["error"]["path"].as_str()), (400, Some("cell.series")));
    let wrong = people(json!({"question": {"kind": "funnel", "steps": []}, "cell": {"step": 1}}));
    assert_eq!((wrong.status, wrong.body["error"]["path"].as_str()), (400, Some("question.steps")));
    let wrong = people(json!({"question": question, "cell": {"series": 0}, "asked_at": "yesterday"}));
    assert_eq!((wrong.status, wrong.body["error"]["path"].as_str()), (400, Some("asked_at")));
    let elsewhere = server.api("POST", "/api/projects/99/people", json!({"question": question, "cell": {"series": 0}}));
    assert_eq!(elsewhere.status, 404);
}

#[test]
fn a_wrong_question_says_where_and_what_is_allowed() {
    let server = Running::start();
    let ask = |question: Value| server.api("POST", "/api/projects/1/query", question);
    let wrong = ask(json!({"kind": "trends", "series": [{"math": "mode"}]}));
    assert_eq!((wrong.status, wrong.body["error"]["path"].as_str()), (400, Some("series[0].math")));
    assert!(wrong.body["error"]["allowed"].as_array().is_some_and(|allowed| allowed.contains(&json!("median"))));
    assert_eq!(ask(json!({"kind": "funnels"})).body["error"]["path"], "kind");
    let wrong = ask(
        json!({"kind": "trends", "series": [{}], "filters": [{"property": "a", "operator": "regex", "value": "("}]}),
    );
    assert_eq!(wrong.status, 400);
    assert!(wrong.body["error"]["path"].as_str().is_some_and(|path| path.starts_with("filters[0]")), "{}", wrong.body);
    assert_eq!(ask(json!({"kind": "trends", "series": [{}], "date_from": "soon"})).body["error"]["path"], "date_from");
}

#[test]
fn an_empty_project_answers_with_zeros() {
    let server = Running::start();
    let answer = server.api("POST", "/api/projects/1/query", json!({"kind": "trends", "series": [{}]}));
    assert_eq!(answer.status, 200);
    // `-7d` to now is eight day buckets, the last in progress (docs/semantics/trends.md).
    assert_eq!(answer.body["series"][0]["data"], json!([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]));
    assert_eq!(answer.body["buckets"][7]["incomplete"], true);
    let answer = server.api("POST", "/api/projects/1/query", json!({"kind": "events"}));
    assert_eq!(answer.body["events"], json!([]));
    assert_eq!(server.api("GET", "/api/projects/1/catalogue", Value::Null).body["events"], json!([]));
}

#[test]
fn saved_insights_and_dashboards_come_back_after_deletion() {
    let server = Running::start();
    let question = json!({"kind": "trends", "series": [{"event": "IMPRESSION"}]});
    let made = server.api("POST", "/api/projects/1/insights", json!({"name": "Pages", "question": question}));
    assert_eq!(made.status, 201, "{}", made.body);
    let wrong = server.api(
        "POST",
        "/api/projects/1/insights",
        json!({"name": "Bad", "question": {"kind": "trends", "series": [{"math": "x"}]}}),
    );
    assert_eq!(wrong.body["error"]["path"], "question.series[0].math");
    // How it is drawn is kept with the question, and none of the numbers.
    let drawn = json!({"question": {"kind": "trends", "series": [{"event": "IMPRESSION"}], "display": "area"}});
    let drawn = server.api("PATCH", "/api/projects/1/insights/1", drawn);
    assert_eq!((drawn.status, &drawn.body["question"]["display"]), (200, &json!("area")), "{}", drawn.body);
    let pie = json!({"question": {"kind": "trends", "series": [{}], "display": "pie"}});
    let pie = server.api("PATCH", "/api/projects/1/insights/1", pie);
    assert_eq!((pie.status, &pie.body["error"]["path"]), (400, &json!("question.display")), "{}", pie.body);
    let tile = json!({"insight_id": 1, "x": 0, "y": 0, "w": 6, "h": 4});
    let dashboard = server.api("POST", "/api/projects/1/dashboards", json!({"name": "Home", "tiles": [tile]}));
    assert_eq!(dashboard.body["tiles"][0]["insight_id"], 1, "{}", dashboard.body);
    assert_eq!(server.api("DELETE", "/api/projects/1/insights/1", Value::Null).status, 204);
    assert_eq!(server.api("GET", "/api/projects/1/insights", Value::Null).body["insights"], json!([]));
    assert_eq!(server.api("PATCH", "/api/projects/1/insights/1", json!({"deleted": false})).status, 200);
    assert_eq!(server.api("GET", "/api/projects/1/insights", Value::Null).body["insights"][0]["name"], "Pages");
}

#[test]
fn events_are_paged_newest_first() {
    let server = Running::start();
    let events: Vec<Value> = (0..7).map(|n| impression(&format!("e{n}"), "p", "home", MONDAY_MS + n)).collect();
    server.sunbird(&events);
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let mut question = json!({"kind": "events", "date_from": "2026-01-01", "limit": 3});
        if !after.is_null() {
            question["after"] = after;
        }
        let page = server.api("POST", "/api/projects/1/query", question).body;
        seen.extend(
            page["events"]
                .as_array()
                .expect("events")
                .iter()
                .map(|event| event["event_at"].as_str().expect("a time").to_owned()),
        );
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    let mut sorted = seen.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    assert_eq!((seen.len(), &seen), (7, &sorted));
}

#[test]
fn visits_are_answered_open_and_come_as_summaries() {
    let server = Running::start();
    school(&server);
    let range = |mut question: Value| {
        question["date_from"] = json!("2026-01-05");
        question["date_to"] = json!("2026-01-06");
        question
    };
    let ask = |question: &Value| {
        let answer = server.api("POST", "/api/projects/1/query", question.clone());
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    };
    // One phone with one session, on which three parents look after one another; the last page comes 24 hours later.
    let sessions = ask(&range(json!({"kind": "sessions"})));
    let session = &sessions["sessions"][0];
    assert_eq!(
        (&sessions["count"], &session["session_id"], &session["person"]),
        (&json!(1), &json!("s1"), &json!("p0"))
    );
    assert_eq!((&session["duration_s"], &session["pageviews"]), (&json!(86_400), &json!(7)));
    assert_eq!((&session["entry_page"], &session["channel"]), (&json!("/home"), &json!("Unknown")));
    let web = range(json!({"kind": "web", "tables": ["pages"], "compare": {}}));
    let answer = ask(&web);
    assert_eq!((&answer["current"]["visitors"], &answer["current"]["views"]), (&json!(3), &json!(7)));
    assert_eq!((&answer["previous"]["views"], &answer["change"]["views"]), (&json!(0), &Value::Null));
    let row = &answer["tables"][0]["rows"][1];
    assert_eq!((&row["value"], &row["current"]["visitors"]), (&json!("/fees"), &json!(2)));
    let cell = json!({"table": "pages", "breakdown_value": "/fees"});
    let people = server.api("POST", "/api/projects/1/people", json!({"question": web, "cell": cell})).body;
    assert_eq!((&people["persons"], &people["count"]), (&json!(2), &json!(2)));
    assert_eq!(ask(&range(json!({"kind": "items"})))["count"], json!(0));
    let workflow = &ask(&range(json!({"kind": "workflow"})))["workflows"][0];
    assert_eq!((&workflow["type"], &workflow["time_spent_s"]), (&json!("app"), &json!(120.0)));
    let told = server.api("GET", "/api/projects/1/summaries?from=2026-01-05&to=2026-01-06", Value::Null);
    assert_eq!(told.header("content-type"), Some("application/x-ndjson"));
    assert_eq!((&told.body["eid"], &told.body["edata"]["timespent"]), (&json!("SUMMARY"), &json!(120.0)));
    // What was told is an event like any other, and the same when it is told again.
    for _ in 0..2 {
        assert_eq!(server.sunbird(std::slice::from_ref(&told.body)).status, 200);
    }
    assert_eq!(server.total("SUMMARY", "total"), 1.0);
    let wrong = server.api("GET", "/api/projects/1/summaries?from=soon", Value::Null);
    assert_eq!(wrong.status, 400, "{}", wrong.body);
}
