//! Kept answers are those that would be reckoned, whatever happened since.

use crate::differential::{Case, case, cases};
use crate::persons::with_pages;
use crate::stored::Stored;
use model::insight::step::EventMatch;
use model::insight::stickiness::StickinessQuestion;
use model::insight::{Answer, Question};
use model::time::DAY;
use proptest::prelude::*;
use query::{AnswerCache, Known, QueryLimits};
use std::sync::Arc;
use testkit::questions;
use testkit::questions::persons as of_persons;

const NOW: i64 = 20_000 * DAY;

fn keeping(bytes: usize) -> QueryLimits {
    QueryLimits { answers: Some(Arc::new(AnswerCache::new(bytes))), ..QueryLimits::default() }
}

fn counts(limits: &QueryLimits) -> query::AnswerCounts {
    limits.answers.as_ref().expect("it keeps answers").counts()
}

/// Everything but how it came about; and whether it was kept.
fn told(mut answer: Answer) -> (serde_json::Value, bool) {
    let explain = answer.explain_mut();
    let cached = std::mem::take(&mut explain.cached);
    explain.milliseconds = 0.0;
    (serde_json::to_value(answer).expect("answers are JSON"), cached)
}

fn any_question() -> impl Strategy<Value = Question> {
    prop_oneof![
        questions::trends().prop_map(Question::Trends),
        of_persons::funnels().prop_map(Question::Funnel),
        of_persons::retentions().prop_map(Question::Retention),
        of_persons::stickinesses().prop_map(Question::Stickiness),
        of_persons::lifecycles().prop_map(Question::Lifecycle),
        of_persons::correlations().prop_map(Question::Correlation),
        of_persons::paths().prop_map(Question::Paths),
    ]
}

/// Asks with and without kept answers; returns whether it was kept, `None` if binding refused.
fn check(
    stored: &Stored,
    case: &Case,
    question: &Question,
    limits: &QueryLimits,
) -> Result<Option<bool>, TestCaseError> {
    let snapshot = stored.snapshot();
    let bound = query::bind(question, &case.world.clock, case.world.now, &Known::of(&snapshot));
    let Ok(bound) = bound else { return Ok(None) };
    let (kept, cached) = told(query::answer(&snapshot, &bound, limits).expect("within limits"));
    let (anew, never) = told(query::answer(&snapshot, &bound, &QueryLimits::default()).expect("within limits"));
    prop_assert!(!never);
    prop_assert_eq!(kept, anew, "{:?}", question);
    Ok(Some(cached))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn kept_answers_agree_with_new_ones(
        case in case(90).prop_map(with_pages),
        asked in proptest::collection::vec(any_question(), 2),
        flushes in proptest::collection::vec(any::<bool>(), 3),
    ) {
        // Events that link ids are among them, so persons merge between two questions.
        let stored = Stored::new(case.world.now);
        let limits = keeping(1 << 30);
        for (part, flush) in case.events.chunks(case.events.len().div_ceil(3).max(1)).zip(flushes) {
            prop_assert_eq!(stored.append(part), part.len());
            for question in &asked {
                check(&stored, &case, question, &limits)?;
                let again = check(&stored, &case, question, &limits)?;
                prop_assert!(again != Some(false), "nothing happened since {:?}", question);
            }
            if flush {
                stored.compact();
            }
            for question in &asked {
                check(&stored, &case, question, &limits)?;
            }
        }
    }
}

fn stickiness(event: &str) -> Question {
    let series = vec![EventMatch { event: Some(event.to_owned()), ..EventMatch::default() }];
    Question::Stickiness(StickinessQuestion { series, date_from: Some("all".to_owned()), ..Default::default() })
}

fn asked(stored: &Stored, event: &str, limits: &QueryLimits) -> (serde_json::Value, bool) {
    let clock = model::project::ProjectClock { time_zone: "UTC".into(), week_start: Default::default() };
    let snapshot = stored.snapshot();
    let bound = query::bind(&stickiness(event), &clock, NOW, &Known::of(&snapshot)).expect("a right question");
    told(query::answer(&snapshot, &bound, limits).expect("within limits"))
}

#[test]
fn an_undone_merge_is_asked_anew() {
    let stored = Stored::new(NOW);
    stored.append(&testkit::events::sample(NOW, 200));
    let limits = keeping(1 << 20);
    let merged = asked(&stored, "view", &limits);
    assert!(asked(&stored, "view", &limits).1);
    stored.undo();
    let (apart, cached) = asked(&stored, "view", &limits);
    assert!(!cached && apart != merged.0, "{apart}");
}

#[test]
fn what_is_kept_stays_within_its_bytes_and_is_counted() {
    let stored = Stored::new(NOW);
    stored.append(&testkit::events::sample(NOW, 50));
    let one = keeping(1 << 20);
    asked(&stored, "name 0", &one);
    let each = counts(&one).bytes;
    let limits = keeping(each * 5);
    for index in 0..10 {
        assert!(!asked(&stored, &format!("name {index}"), &limits).1);
        assert!(counts(&limits).bytes <= each * 5);
    }
    let full = counts(&limits);
    assert!((4..=5).contains(&full.answers), "{full:?}");
    assert_eq!((full.hits, full.misses), (0, 10));
    // The last ones are there, the first ones have gone; using one keeps it.
    assert!(asked(&stored, "name 9", &limits).1 && asked(&stored, "name 7", &limits).1);
    assert!(!asked(&stored, "name 0", &limits).1);
    assert!(!asked(&stored, "name 1", &limits).1);
    assert!(asked(&stored, "name 7", &limits).1);
    // Of a new snapshot no older answer is kept.
    stored.append(&testkit::events::sample(NOW, 60));
    assert!(!asked(&stored, "name 9", &limits).1);
    assert_eq!(counts(&limits).answers, 1);
}

#[test]
fn nothing_is_kept_where_there_is_no_room() {
    let stored = Stored::new(NOW);
    stored.append(&testkit::events::sample(NOW, 50));
    for bytes in [0, 100] {
        let limits = keeping(bytes);
        assert!(!asked(&stored, "view", &limits).1 && !asked(&stored, "view", &limits).1);
        assert_eq!((counts(&limits).answers, counts(&limits).bytes), (0, 0));
    }
}
