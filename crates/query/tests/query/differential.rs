//! Random events, random ways into the store, random merges: the engine and the oracle must agree.
//!
//! `QUERY_CASES` raises the number of cases per insight. Each case asks several questions of one store.

use crate::stored::Stored;
use model::Event;
use model::insight::events::{EventRow, EventsQuestion};
use model::insight::trends::{Math, PeriodLabel, TrendsAnswer, TrendsQuestion};
use model::insight::{Answer, Question};
use model::time::{DAY, Interval};
use proptest::prelude::*;
use query::{BoundQuestion, Known};
use testkit::cuts::{Cut, cuts};
use testkit::events::{World, events, worlds};
use testkit::oracle::dates::Wall;
use testkit::oracle::identity::Persons;
use testkit::{oracle, questions};

/// Questions asked of one store.
const QUESTIONS: usize = 4;

pub fn cases() -> ProptestConfig {
    let asked = std::env::var("QUERY_CASES").ok().and_then(|cases| cases.parse::<u32>().ok()).unwrap_or(320);
    ProptestConfig { cases: asked.div_ceil(QUESTIONS as u32), max_shrink_iters: 2_000, ..ProptestConfig::default() }
}

#[derive(Debug, Clone)]
pub struct Case {
    pub world: World,
    pub events: Vec<Event>,
    pub cuts: Vec<Cut>,
}

impl Case {
    /// The same with what is known of persons written on their events, as the oracle wants it.
    pub fn told(&self, persons: &Persons) -> Case {
        Case { events: persons.told(&self.events), ..self.clone() }
    }
}

pub fn case(most: usize) -> impl Strategy<Value = Case> {
    (worlds(), cuts()).prop_flat_map(move |(world, cuts)| {
        events(world.now, most).prop_map(move |events| Case { world: world.clone(), events, cuts: cuts.clone() })
    })
}

pub fn several<Q: std::fmt::Debug>(question: impl Strategy<Value = Q>) -> impl Strategy<Value = Vec<Q>> {
    proptest::collection::vec(question, QUESTIONS)
}

pub fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

pub fn near_option(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => near(a, b),
        (a, b) => a == b,
    }
}

/// What differs, in words; `None`: nothing.
fn difference(answer: &TrendsAnswer, trend: &oracle::trends::Trend) -> Option<String> {
    let shown = |buckets: &[model::insight::trends::Bucket]| -> Vec<_> {
        buckets.iter().map(|bucket| (bucket.label.clone(), bucket.start_utc.clone(), bucket.incomplete)).collect()
    };
    let wanted = |buckets: &[oracle::trends::Bucket]| -> Vec<_> {
        buckets.iter().map(|(label, start, now)| (label.clone(), query::rfc3339(*start), *now)).collect()
    };
    let buckets = (shown(&answer.buckets), answer.previous_buckets.as_deref().map(shown));
    let expected = (wanted(&trend.buckets), trend.previous.as_deref().map(wanted));
    if buckets != expected {
        return Some(format!("buckets\n engine {buckets:?}\n oracle {expected:?}"));
    }
    let is_previous = |line: &model::insight::trends::SeriesAnswer| line.compare_label == Some(PeriodLabel::Previous);
    let names: Vec<_> =
        answer.series.iter().map(|line| (line.series, line.breakdown_value.clone(), is_previous(line))).collect();
    let expected: Vec<_> = trend.lines.iter().map(|line| (line.series, line.value.clone(), line.previous)).collect();
    if names != expected {
        return Some(format!("lines\n engine {names:?}\n oracle {expected:?}"));
    }
    answer.series.iter().zip(&trend.lines).find_map(|(line, expected)| {
        let equal = line.data.len() == expected.data.len()
            && line.data.iter().zip(&expected.data).all(|(a, b)| near_option(*a, *b))
            && near(line.sum, expected.sum)
            && near_option(line.total, expected.total);
        (!equal).then(|| format!("numbers\n engine {line:?}\n oracle {expected:?}"))
    })
}

fn check_trend(
    stored: &Stored,
    case: &Case,
    persons: &Persons,
    question: &TrendsQuestion,
) -> Result<(), TestCaseError> {
    let expected = oracle::trends::trends(&case.events, persons, question, &case.world);
    let answer = stored.ask(&Question::Trends(question.clone()), &case.world.clock);
    match (answer, expected) {
        (Some(Answer::Trends(answer)), Some(expected)) => {
            if let Some(difference) = difference(&answer, &expected) {
                return Err(TestCaseError::fail(format!("{difference}\nfor {question:?}")));
            }
        }
        (None, None) => {}
        (answer, expected) => return Err(TestCaseError::fail(format!("{answer:?} or {expected:?} for {question:?}"))),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases().cases * QUESTIONS as u32, ..cases() })]

    #[test]
    fn ranges_and_buckets_agree_with_the_wall_clock(
        world in worlds(),
        question in questions::trends(),
        earliest in proptest::option::of(0..60 * DAY),
    ) {
        let earliest = earliest.map(|before| world.now - before);
        let known = Known { earliest, ..Known::default() };
        let bound = query::bind(&Question::Trends(question.clone()), &world.clock, world.now, &known);
        let wall = Wall::new(&world.clock);
        let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
        match (bound, wall.range(dates, question.interval, world.now, earliest)) {
            (Ok(BoundQuestion::Trends(bound)), Some((mut from, to))) => {
                if matches!(question.interval, Interval::Week | Interval::Month) && !question.explicit_date {
                    from = wall.bucket_start(from, question.interval);
                }
                prop_assert_eq!((bound.span.from, bound.span.to), (from, to));
                let starts = wall.buckets(from, to, question.interval);
                prop_assert_eq!(&bound.span.edges[..bound.span.edges.len() - 1], &starts[..]);
                let labels: Vec<_> = starts.iter().map(|start| wall.label(*start, question.interval)).collect();
                prop_assert_eq!(bound.span.labels, labels);
            }
            (Err(error), None) => prop_assert_eq!(error.path, "date_from"),
            (bound, range) => return Err(TestCaseError::fail(format!("{bound:?} or {range:?}"))),
        }
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn trends_agree_with_the_oracle(case in case(160), asked in several(questions::trends())) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let persons = Persons::after(&case.events);
        let case = case.told(&persons);
        for question in &asked {
            check_trend(&stored, &case, &persons, question)?;
        }
    }

    #[test]
    fn pages_of_events_agree_with_the_oracle(case in case(80), asked in several(questions::events())) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let persons = Persons::after(&case.events);
        let told = case.told(&persons);
        for question in &asked {
            let expected = oracle::events::events(&told.events, &persons, question, &case.world);
            let rows = all_pages(&stored, question, &case.world);
            prop_assert_eq!(rows.is_some(), expected.is_some(), "for {:?}", question);
            let (Some(rows), Some(expected)) = (rows, expected) else { continue };
            let shown: Vec<_> = rows.iter().map(|row| row.uuid.clone()).collect();
            let wanted: Vec<_> = expected.iter().map(|event| event.uuid.to_string()).collect();
            prop_assert_eq!(shown, wanted, "for {:?}", question);
            for (row, event) in rows.iter().zip(expected) {
                let event = case.events.iter().find(|sent| sent.uuid == event.uuid).expect("it was sent");
                prop_assert_eq!(row, &query::event_row(&Event { received_at: case.world.now, ..event.clone() }, &row.person));
                let ids = persons.ids_of(&event.distinct_id);
                prop_assert!(ids.contains(&row.person), "{} is not one of {:?}", row.person, ids);
            }
        }
    }

    #[test]
    fn filters_agree_with_the_oracle(case in case(60), asked in several(questions::filters())) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let wall = Wall::new(&case.world.clock);
        let case = case.told(&Persons::after(&case.events));
        for filter in asked {
            let passing: Vec<_> = case.events.iter()
                .filter(|event| oracle::filter::holds(&filter, event, &wall, case.world.now))
                .map(|event| event.uuid.to_string())
                .collect();
            let question = EventsQuestion {
                date_from: Some("all".to_owned()),
                date_to: Some("2030-01-01".to_owned()),
                filters: vec![filter],
                limit: Some(1_000),
                ..EventsQuestion::default()
            };
            let rows = all_pages(&stored, &question, &case.world).unwrap_or_default();
            let mut shown: Vec<_> = rows.into_iter().map(|row| row.uuid).collect();
            let mut passing = passing;
            shown.sort();
            passing.sort();
            prop_assert_eq!(shown, passing, "for {:?}", question.filters);
        }
    }
}

/// Every page in turn. `None`: binding refused the question.
fn all_pages(stored: &Stored, question: &EventsQuestion, world: &World) -> Option<Vec<EventRow>> {
    let mut rows = Vec::new();
    let mut question = question.clone();
    loop {
        let Answer::Events(page) = stored.ask(&Question::Events(question.clone()), &world.clock)? else {
            panic!("events were asked");
        };
        assert!(page.events.len() <= question.limit.unwrap_or(100) as usize);
        rows.extend(page.events);
        match page.next {
            Some(next) => question.after = Some(next),
            None => return Some(rows),
        }
    }
}

#[test]
fn two_threads_and_little_memory_change_no_number() {
    // Bits need a quarter of the memory; with less, persons are counted by pairs. Both ways and one thread agree.
    let world = World {
        clock: model::project::ProjectClock { time_zone: "Asia/Kolkata".into(), week_start: Default::default() },
        now: 1_772_000_000_000_000,
    };
    let events = testkit::events::sample(world.now, 400);
    let stored = Stored::cut(&events, &[Cut { length: 30, then: testkit::cuts::Then::Flush }], world.now);
    let snapshot = stored.snapshot();
    for math in [Math::Total, Math::Dau, Math::UniqueSession, Math::Sum, Math::Median] {
        let series = model::insight::trends::Series {
            math,
            property: math.needs_property().then(|| "amount".to_owned()),
            ..Default::default()
        };
        let breakdown =
            model::insight::trends::Breakdown { property: "k".into(), limit: Some(3), ..Default::default() };
        let question = TrendsQuestion {
            series: vec![series],
            date_from: Some("all".into()),
            breakdown: Some(breakdown),
            ..Default::default()
        };
        let known = query::Known::of(&snapshot);
        let bound =
            query::bind(&Question::Trends(question), &world.clock, world.now, &known).expect("a right question");
        let answers = [(1, 256 << 20), (2, 256 << 20), (2, 1 << 20)].map(|(threads, memory_bytes)| {
            let limits = query::QueryLimits { threads, memory_bytes, ..Default::default() };
            match query::answer(&snapshot, &bound, &limits) {
                Ok(Answer::Trends(answer)) => answer.series,
                other => panic!("{other:?}"),
            }
        });
        assert_eq!(answers[0], answers[1], "{math:?}");
        assert_eq!(answers[0], answers[2], "{math:?}");
    }
}
