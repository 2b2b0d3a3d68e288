//! Sessions against the oracle: random events, cuts and merges, as in `differential`.

use crate::differential::{Case, cases, several};
use crate::persons::dense;
use crate::stored::Stored;
use model::insight::sessions::{SessionRow, SessionsQuestion};
use model::insight::{Answer, Question};
use proptest::prelude::*;
use query::{Known, QueryLimits};
use testkit::events::World;
use testkit::oracle;
use testkit::oracle::identity::Persons;
use testkit::questions::sessions as questions;

/// Cases with pages, campaigns and devices; sessions of seconds, and of days.
pub fn visited(most: usize) -> impl Strategy<Value = Case> {
    (dense(most), proptest::collection::vec(any::<u16>(), 1..200)).prop_map(|(mut case, seeds)| {
        case.events = questions::with_visits(case.events, &seeds, case.world.now);
        case
    })
}

/// Every page in turn. `None`: binding refused the question.
fn all_pages(stored: &Stored, question: &SessionsQuestion, world: &World) -> Option<Vec<SessionRow>> {
    let mut rows = Vec::new();
    let mut question = question.clone();
    loop {
        let Answer::Sessions(page) = stored.ask(&Question::Sessions(question.clone()), &world.clock)? else {
            panic!("sessions were asked");
        };
        assert!(page.sessions.len() <= question.limit.unwrap_or(100) as usize);
        rows.extend(page.sessions);
        match page.next {
            Some(next) => question.after = Some(next),
            None => {
                assert_eq!(page.count as usize, rows.len());
                return Some(rows);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn sessions_agree_with_the_oracle(case in visited(120), asked in several(questions::sessions())) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let persons = Persons::after(&case.events);
        let case = case.told(&persons);
        for question in &asked {
            let rows = all_pages(&stored, question, &case.world);
            let expected = oracle::sessions::sessions(&case.events, &persons, question, &case.world);
            prop_assert_eq!(rows.is_some(), expected.is_some(), "for {:?}", question);
            let (Some(rows), Some(expected)) = (rows, expected) else { continue };
            let shown: Vec<_> = rows
                .into_iter()
                .map(|row| SessionRow { person: persons.name_of(&row.person), ..row })
                .collect();
            let wanted: Vec<_> = expected
                .into_iter()
                .map(|((start, end, _), row)| SessionRow { start: query::rfc3339(start), end: query::rfc3339(end), ..row })
                .collect();
            prop_assert_eq!(shown, wanted, "for {:?}", question);
        }
    }
}

#[test]
fn passes_over_shares_of_sessions_change_no_number() {
    let now = 1_772_000_000_000_000;
    let world =
        World { clock: model::project::ProjectClock { time_zone: "UTC".into(), week_start: Default::default() }, now };
    let seeds: Vec<u16> = (0..997).map(|index| (index * 7_919 % 1_000) as u16).collect();
    let mut events = questions::with_visits(testkit::events::sample(now, 8_000), &seeds, now);
    for (index, event) in events.iter_mut().enumerate() {
        event.distinct_id = format!("{}{}", event.distinct_id, index % 97).into();
        event.session_id = event.session_id.take().map(|id| format!("{id}{}", index % 31).into());
    }
    let cut = testkit::cuts::Cut { length: 400, then: testkit::cuts::Then::Flush };
    let stored = Stored::cut(&events, &[cut], now);
    let snapshot = stored.snapshot();
    let question = SessionsQuestion {
        date_from: Some("all".into()),
        infer_sessions: true,
        limit: Some(20),
        ..SessionsQuestion::default()
    };
    let bound = query::bind(&Question::Sessions(question), &world.clock, now, &Known::of(&snapshot)).expect("right");
    let answers = [(1, 256 << 20), (2, 256 << 20), (1, 480 << 10), (2, 480 << 10)].map(|(threads, memory_bytes)| {
        let limits = QueryLimits { threads, memory_bytes, ..QueryLimits::default() };
        match query::answer(&snapshot, &bound, &limits) {
            Ok(Answer::Sessions(answer)) => (answer.sessions, answer.count),
            other => panic!("{other:?}"),
        }
    });
    assert!(answers[0].1 > 100);
    assert!(answers[1..].iter().all(|answer| *answer == answers[0]));
}
