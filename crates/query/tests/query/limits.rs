//! A question that asks too much says which limit it met; one that is cancelled stops.

use crate::stored::Stored;
use model::insight::{Answer, Question};
use model::project::ProjectClock;
use model::time::{DAY, WeekStart};
use query::{BoundQuestion, Known, Progress, QueryError, QueryLimits};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
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

/// One of each kind that reads many rows.
fn heavy() -> Vec<Value> {
    let steps = json!([{"event": "view"}, {"event": "pay"}, {}]);
    let funnel = json!({"steps": steps, "date_from": "all"});
    vec![
        json!({"kind": "trends", "date_from": "all", "series": [{"math": "dau"}, {"math": "total"}], "breakdown": {"property": "k"}}),
        json!({"kind": "trends", "date_from": "all", "series": [{"math": "median", "property": "amount"}]}),
        json!({"kind": "funnel", "date_from": "all", "steps": steps, "breakdown": {"property": "k", "attribution": "all_events"}}),
        json!({"kind": "retention", "start_event": {}, "intervals": 90, "breakdown": {"property": "page"}}),
        json!({"kind": "stickiness", "date_from": "all", "series": [{}]}),
        json!({"kind": "lifecycle", "date_from": "all", "series": {}}),
        json!({"kind": "correlation", "funnel": funnel}),
        json!({"kind": "paths", "date_from": "all", "kinds": ["events"]}),
        json!({"kind": "web", "date_from": "-90d"}),
        json!({"kind": "sessions", "date_from": "-90d"}),
    ]
}

#[test]
fn a_running_question_says_how_far_it_is() {
    let stored = filled();
    stored.flush();
    let snapshot = stored.snapshot();
    for question in heavy() {
        let progress = Arc::new(Progress::default());
        let limits = QueryLimits { progress: Some(progress.clone()), ..QueryLimits::default() };
        let mut answer = query::answer(&snapshot, &bound(&snapshot, question.clone()), &limits).expect("within limits");
        let (read, planned) = (progress.read(), progress.planned());
        assert!(
            read == planned && read >= answer.explain_mut().rows_read && read > 0,
            "{read} of {planned}: {question}"
        );
    }
}

#[test]
fn a_question_that_is_cancelled_while_it_runs_ends_soon() {
    let stored = Stored::new(NOW);
    for part in 0..20 {
        // The same events under other uuids, by other persons.
        let mut events = testkit::events::sample(NOW, 2_000);
        for (index, event) in events.iter_mut().enumerate() {
            event.uuid = model::Uuid::from_u128(part * 2_000 + index as u128 + 1);
            event.distinct_id = format!("{}{part}", event.distinct_id).into();
        }
        stored.append(&events);
    }
    stored.flush();
    let snapshot = stored.snapshot();
    for question in heavy() {
        let bound = bound(&snapshot, question.clone());
        let took = |wait: Duration| {
            let (cancel, progress) = (Arc::new(AtomicBool::new(false)), Arc::new(Progress::default()));
            let limits = QueryLimits {
                cancel: Some(cancel.clone()),
                progress: Some(progress.clone()),
                ..QueryLimits::default()
            };
            std::thread::scope(|scope| {
                let running = scope.spawn(|| query::answer(&snapshot, &bound, &limits));
                while progress.planned() == 0 && !running.is_finished() {
                    std::thread::yield_now();
                }
                let begun = Instant::now();
                while begun.elapsed() < wait && !running.is_finished() {
                    std::thread::yield_now();
                }
                let cancelled = Instant::now();
                cancel.store(true, Ordering::Relaxed);
                let ended = running.join().expect("no panic");
                (cancelled.elapsed(), matches!(ended, Err(QueryError::Cancelled)))
            })
        };
        // Early and late; a machine with other work may be slow once.
        for wait in [Duration::ZERO, Duration::from_millis(20)] {
            let tries: Vec<_> = (0..3).map(|_| took(wait)).collect();
            let soon = tries.iter().any(|(took, _)| *took < Duration::from_millis(300));
            assert!(soon, "{tries:?} for {question}");
        }
        assert!((0..5).any(|_| took(Duration::ZERO).1), "it was always faster: {question}");
    }
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
