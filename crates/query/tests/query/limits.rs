//! A question that asks too much says which limit it met; one that is cancelled stops.

use crate::stored::Stored;
use model::insight::{Answer, Question};
use model::project::ProjectClock;
use model::time::{DAY, WeekStart};
use query::{BoundQuestion, Known, QueryError, QueryLimits};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use store::Snapshot;

const NOW: i64 = 20_000 * DAY;

fn filled() -> Stored {
    let events = testkit::events::sample(NOW, 300);
    let stored = Stored::new(NOW);
    stored.append(&events);
    stored
}

fn bound(snapshot: &Snapshot, question: Value) -> BoundQuestion {
    let question: Question = query::parse_value(question).expect("a right question");
    let clock = ProjectClock { time_zone: "UTC".into(), week_start: WeekStart::Monday };
    query::bind(&question, &clock, NOW, &Known::of(snapshot)).expect("a right question")
}

fn refused(question: Value, limits: &QueryLimits) -> QueryError {
    let snapshot = filled().snapshot();
    query::answer(&snapshot, &bound(&snapshot, question), limits).expect_err("past a limit")
}

fn trend(math: &str) -> Value {
    json!({"kind": "trends", "date_from": "all", "series": [{"math": math}], "breakdown": {"property": "k"}})
}

#[test]
fn rows_time_and_memory_are_named() {
    let limits = QueryLimits { rows: 5, ..QueryLimits::default() };
    assert!(matches!(refused(trend("total"), &limits), QueryError::TooManyRows { limit: 5, .. }));
    let events = json!({"kind": "events", "date_from": "all"});
    assert!(matches!(refused(events.clone(), &limits), QueryError::TooManyRows { limit: 5, .. }));
    let limits = QueryLimits { time: Duration::ZERO, ..QueryLimits::default() };
    assert!(matches!(refused(trend("total"), &limits), QueryError::TooSlow { limit_ms: 0 }));
    let limits = QueryLimits { memory_bytes: 300, ..QueryLimits::default() };
    for math in ["total", "dau", "unique_session"] {
        assert!(matches!(refused(trend(math), &limits), QueryError::TooMuchMemory { limit_bytes: 300, .. }), "{math}");
    }
}

#[test]
fn a_cancelled_question_has_no_answer() {
    let limits = QueryLimits { cancel: Some(Arc::new(AtomicBool::new(true))), ..QueryLimits::default() };
    assert!(matches!(refused(trend("dau"), &limits), QueryError::Cancelled));
    assert!(matches!(refused(json!({"kind": "events", "date_from": "all"}), &limits), QueryError::Cancelled));
}

#[test]
fn an_empty_project_has_zeros_and_no_events() {
    let snapshot = Stored::new(NOW).snapshot();
    let limits = QueryLimits::default();
    let question =
        json!({"kind": "trends", "date_from": "all", "series": [{"math": "dau"}, {"math": "avg", "property": "x"}]});
    let Ok(Answer::Trends(answer)) = query::answer(&snapshot, &bound(&snapshot, question), &limits) else {
        panic!("a trend was asked");
    };
    assert_eq!(answer.series[0].data, [Some(0.0)]);
    assert_eq!((&answer.series[1].data[..], answer.series[1].total), (&[None][..], None));
    let question = bound(&snapshot, json!({"kind": "events", "person": "nobody"}));
    let Ok(Answer::Events(answer)) = query::answer(&snapshot, &question, &limits) else { panic!("events were asked") };
    assert!(answer.events.is_empty() && answer.next.is_none());
}

#[test]
fn a_page_reads_no_further_back_than_it_needs() {
    let stored = filled();
    let snapshot = stored.snapshot();
    let rows_of = |question| match query::answer(&snapshot, &bound(&snapshot, question), &QueryLimits::default()) {
        Ok(Answer::Events(answer)) => answer.explain.rows_read,
        other => panic!("{other:?}"),
    };
    let all = rows_of(json!({"kind": "events", "date_from": "all", "limit": 1000}));
    let newest = rows_of(json!({"kind": "events", "date_from": "all", "limit": 1}));
    assert!(newest * 2 < all, "{newest} of {all} rows");
}
