//! Insights over persons against the oracle: random events, cuts and merges, as in `differential`.

use crate::differential::{Case, case, cases, near, near_option, several};
use crate::stored::Stored;
use model::insight::correlation::{CorrelationQuestion, Factor};
use model::insight::funnel::{FunnelAnswer, FunnelQuestion, FunnelView};
use model::insight::paths::PathsQuestion;
use model::insight::retention::{AggregateMath, Reference, RetentionQuestion};
use model::insight::{Answer, Question};
use model::{Event, Micros, Value};
use proptest::prelude::*;
use std::collections::BTreeSet;
use testkit::oracle;
use testkit::oracle::funnel::{Funnel, Run};
use testkit::oracle::identity::Persons;
use testkit::questions::persons as questions;

type Checked = Result<(), TestCaseError>;

/// Cases whose events lie so dense that windows of seconds and sessions of minutes have several.
pub fn dense(most: usize) -> impl Strategy<Value = Case> {
    (case(most), proptest::sample::select(vec![1, 15, 200])).prop_map(|(mut case, by)| {
        let now = case.world.now;
        case.events.iter_mut().for_each(|event| event.event_at = now - (now - event.event_at) / by);
        case
    })
}

/// The same with pages of both worlds.
pub fn with_pages(mut case: Case) -> Case {
    for (index, event) in case.events.iter_mut().enumerate() {
        let page = event.properties.get("page").map(|page| page.canonical()).unwrap_or_default();
        let address = ["/fees/", "/fees/12", "https://school.example/home/", "/"][index % 4];
        match &*event.event {
            "$pageview" => event.properties.set("$current_url", Value::Text(address.into())),
            "view" if index % 3 != 0 => {
                event.event = if index % 5 == 0 { "$screen" } else { "IMPRESSION" }.into();
                event.properties.set("$screen_name", Value::Text(page.clone().into()));
                event.properties.set("edata.pageid", Value::Text(page.into()));
                if index % 2 == 0 {
                    let uri = if index % 4 == 0 { address } else { "no-address" };
                    event.properties.set("edata.uri", Value::Text(uri.into()));
                }
            }
            _ => {}
        }
    }
    case
}

fn share(count: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { count as f64 / of as f64 }
}

fn average(times: &[Micros]) -> Option<f64> {
    (!times.is_empty()).then(|| times.iter().map(|time| *time as f64 / 1e6).sum::<f64>() / times.len() as f64)
}

fn median(mut times: Vec<Micros>) -> Option<f64> {
    times.sort_unstable();
    let half = times.len() / 2;
    let upper = *times.get(half)? as f64 / 1e6;
    if times.len() % 2 == 1 { Some(upper) } else { Some((times[half - 1] as f64 / 1e6 + upper) / 2.0) }
}

fn at(run: &Run, step: usize) -> Option<Micros> {
    run.done.iter().find(|done| done.0 == step).map(|done| done.1)
}

fn check_rows(answer: &FunnelAnswer, question: &FunnelQuestion, funnel: &Funnel<'_>) -> Checked {
    let rows = answer.rows.as_ref().expect("the view of steps has rows");
    let expected = funnel.rows();
    let names: Vec<_> = rows.iter().map(|row| row.breakdown_value.clone()).collect();
    prop_assert_eq!(names, expected.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
    for (row, (_, people)) in rows.iter().zip(&expected) {
        let did = |step: usize| people.iter().filter(|(_, run)| at(run, step).is_some()).count();
        for (index, numbers) in row.steps.iter().enumerate() {
            let step = index + 1;
            let before = (1..step).rev().find(|before| !question.steps[before - 1].optional);
            prop_assert_eq!(numbers.count, did(step) as u64, "step {}", step);
            prop_assert!(near(numbers.conversion, share(did(step), did(1))));
            prop_assert!(near(numbers.conversion_of_previous, share(did(step), did(before.unwrap_or(1)))));
            let dropped = people
                .iter()
                .filter(|(_, run)| before.is_some_and(|before| at(run, before).is_some()) && at(run, step).is_none());
            prop_assert_eq!(numbers.dropped, dropped.count() as u64);
            let between = |run: &Run| Some(at(run, step)? - at(run, before?)?);
            let optional = question.steps[index].optional;
            let times: Vec<Micros> = people.iter().filter_map(|(_, run)| between(run)).filter(|_| !optional).collect();
            prop_assert!(near_option(numbers.average_s, average(&times)), "{:?} {:?}", numbers, times);
            prop_assert!(near_option(numbers.median_s, median(times.clone())), "{:?} {:?}", numbers, times);
        }
    }
    Ok(())
}

fn check_times(answer: &FunnelAnswer, question: &FunnelQuestion, funnel: &Funnel<'_>) -> Checked {
    let shown = answer.time_to_convert.as_ref().expect("the view has times");
    let times: Vec<Micros> = funnel.times().into_values().collect();
    prop_assert!(near_option(shown.average_s, average(&times)));
    if times.is_empty() {
        prop_assert!(shown.bins.is_empty());
        return Ok(());
    }
    let seconds: Vec<f64> = times.iter().map(|time| *time as f64 / 1e6).collect();
    let bins = match question.bins {
        Some(bins) => bins.clamp(1, 90),
        None => (1..=60).find(|bins: &u32| bins.pow(3) as usize >= times.len()).unwrap_or(60),
    };
    let low = seconds.iter().copied().fold(f64::MAX, f64::min).floor();
    let high = seconds.iter().copied().fold(f64::MIN, f64::max).ceil();
    let width = ((high - low) / f64::from(bins)).ceil();
    let width = if width == 0.0 { 60.0 } else { width };
    let expected: Vec<(i64, u64)> = (0..=bins)
        .map(|bin| {
            let inside = |second: &&f64| ((**second - low) / width).floor() == f64::from(bin);
            ((low + f64::from(bin) * width) as i64, seconds.iter().filter(inside).count() as u64)
        })
        .collect();
    prop_assert_eq!(shown.bins.iter().map(|bin| (bin.from_s, bin.count)).collect::<Vec<_>>(), expected);
    Ok(())
}

fn check_trend(answer: &FunnelAnswer, question: &FunnelQuestion, funnel: &Funnel<'_>, now: Micros) -> Checked {
    let buckets = answer.trend.as_ref().expect("the view has buckets");
    let expected = funnel.trend();
    prop_assert_eq!(buckets.len(), expected.len());
    let window =
        question.window.map_or(14 * 86_400, |window| i64::from(window.count) * window.unit.seconds()) * 1_000_000;
    for (index, (bucket, people)) in buckets.iter().zip(&expected).enumerate() {
        prop_assert_eq!(&bucket.bucket.start_utc, &query::rfc3339(funnel.starts[index]));
        let converted = people.values().filter(|converted| **converted).count();
        prop_assert_eq!(
            (bucket.entered, bucket.converted),
            (people.len() as u64, converted as u64),
            "bucket {}",
            index
        );
        prop_assert!(near(bucket.rate, (share(converted, people.len()) * 10_000.0).round() / 100.0));
        if let Some(next) = funnel.starts.get(index + 1) {
            prop_assert_eq!(bucket.bucket.incomplete, next + window > now);
        }
    }
    Ok(())
}

fn check_funnel(stored: &Stored, case: &Case, persons: &Persons, question: &FunnelQuestion) -> Checked {
    let answer = stored.ask(&Question::Funnel(question.clone()), &case.world.clock);
    let funnel = Funnel::new(&case.events, persons, question, &case.world);
    let (Some(Answer::Funnel(answer)), Some(funnel)) = (&answer, &funnel) else {
        prop_assert!(answer.is_none() && funnel.is_none(), "{:?}", answer);
        return Ok(());
    };
    match question.view {
        FunnelView::Steps => check_rows(answer, question, funnel),
        FunnelView::TimeToConvert => check_times(answer, question, funnel),
        FunnelView::Trend => check_trend(answer, question, funnel, case.world.now),
    }
}

fn check_correlation(stored: &Stored, case: &Case, persons: &Persons, question: &CorrelationQuestion) -> Checked {
    let answer = stored.ask(&Question::Correlation(question.clone()), &case.world.clock);
    let expected = oracle::correlation::correlation(&case.events, persons, question, &case.world);
    let (Some(Answer::Correlation(answer)), Some(expected)) = (&answer, &expected) else {
        prop_assert!(answer.is_none() && expected.is_none(), "{:?}", answer);
        return Ok(());
    };
    let both = (expected.converted.len() as u64, expected.dropped.len() as u64);
    prop_assert_eq!((answer.converted, answer.dropped, answer.skewed), (both.0, both.1, expected.skewed));
    for (shown, wanted) in [(&answer.success, &expected.success), (&answer.failure, &expected.failure)] {
        let named = |factor: &Factor| (factor.property.clone(), factor.value.clone(), factor.converted, factor.dropped);
        let names: Vec<_> = wanted
            .iter()
            .map(|one| (one.property.clone(), one.value.clone(), one.converted.len() as u64, one.dropped.len() as u64))
            .collect();
        prop_assert_eq!(shown.iter().map(named).collect::<Vec<_>>(), names);
        for (factor, one) in shown.iter().zip(wanted) {
            prop_assert!(near(factor.odds_ratio, one.odds), "{:?}", factor);
            let (low, high) = one.interval;
            prop_assert!(near(factor.odds_ratio_low, low) && near(factor.odds_ratio_high, high), "{:?}", factor);
        }
    }
    Ok(())
}

fn check_retention(stored: &Stored, case: &Case, persons: &Persons, question: &RetentionQuestion) -> Checked {
    let answer = stored.ask(&Question::Retention(question.clone()), &case.world.clock);
    let expected = oracle::retention::retention(&case.events, persons, question, &case.world);
    let (Some(Answer::Retention(answer)), Some(expected)) = (answer, expected) else {
        return Err(TestCaseError::fail("a right question has an answer"));
    };
    let now = case.world.now;
    let starts: Vec<_> = answer.intervals.iter().map(|interval| interval.start_utc.clone()).collect();
    prop_assert_eq!(starts, expected.starts.iter().map(|start| query::rfc3339(*start)).collect::<Vec<_>>());
    let holds_now = |index: usize| answer.intervals[index].incomplete;
    let begun = |index: usize| expected.starts[index] <= now;
    prop_assert_eq!(answer.rows.len(), expected.rows.len() * expected.starts.len());
    for ((chunk, means), (name, cells)) in
        answer.rows.chunks(expected.starts.len()).zip(&answer.means).zip(&expected.rows)
    {
        let numbers = &cells.numbers;
        let cells = &cells.persons;
        let count = |i: usize, j: usize| begun(i + j).then(|| cells[i][j].len() as u64);
        let value = |i: usize, j: usize, math: AggregateMath| {
            let (sum, many) = (numbers[i][j].iter().sum::<f64>(), numbers[i][j].len() as f64);
            match math {
                AggregateMath::Count => Some(many),
                AggregateMath::Sum => Some(sum),
                AggregateMath::Avg => (many > 0.0).then_some(sum / many),
            }
        };
        for (i, row) in chunk.iter().enumerate() {
            prop_assert_eq!((&row.breakdown_value, row.row as usize), (name, i));
            prop_assert_eq!(&row.cells, &(0..cells[i].len()).map(|j| count(i, j)).collect::<Vec<_>>());
            prop_assert_eq!(row.values.is_some(), question.aggregate.is_some());
            for (j, shown) in row.values.iter().flatten().enumerate() {
                let math = question.aggregate.as_ref().expect("just checked").math;
                let expected = value(i, j, math).filter(|_| begun(i + j));
                // A sum of numbers that cancel out is known no better than its parts.
                let scale = numbers[i][j].iter().map(|number| number.abs()).fold(1.0, f64::max);
                let scaled = |value: Option<f64>| value.map(|value| value / scale);
                prop_assert!(near_option(scaled(*shown), scaled(expected)), "{:?} {:?}", shown, expected);
            }
            for (j, percent) in row.percents.iter().enumerate() {
                let of = if question.reference == Reference::Previous && j > 0 { j - 1 } else { 0 };
                let expected = count(i, j).map(|here| 100.0 * share(here as usize, count(i, of).unwrap_or(0) as usize));
                prop_assert!(near_option(*percent, expected), "{:?} {:?}", percent, expected);
            }
        }
        for j in 0..cells.len() {
            let rows: Vec<usize> = (0..cells.len() - j)
                .filter(|i| begun(i + j) && !holds_now(i + j) && !cells[*i][0].is_empty())
                .collect();
            let size: usize = rows.iter().map(|i| cells[*i][0].len()).sum();
            let sum: usize = rows.iter().map(|i| cells[*i][j].len()).sum();
            prop_assert!(near_option(means.weighted[j], (size > 0).then(|| 100.0 * share(sum, size))));
            let percents: f64 = rows.iter().filter_map(|i| chunk[*i].percents[j]).sum();
            prop_assert!(near_option(means.simple[j], (!rows.is_empty()).then(|| percents / rows.len() as f64)));
        }
    }
    Ok(())
}

fn check_paths(stored: &Stored, case: &Case, persons: &Persons, question: &PathsQuestion) -> Checked {
    let answer = stored.ask(&Question::Paths(question.clone()), &case.world.clock);
    let expected = oracle::paths::paths(&case.events, persons, question, &case.world);
    let (Some(Answer::Paths(answer)), Some(expected)) = (&answer, &expected) else {
        prop_assert!(answer.is_none() && expected.is_none());
        return Ok(());
    };
    let edges: Vec<_> =
        answer.edges.iter().map(|edge| (edge.source.clone(), edge.target.clone(), edge.count, edge.persons)).collect();
    let wanted: Vec<_> = expected
        .edges
        .iter()
        .map(|(source, target, edge)| (source.clone(), target.clone(), edge.count, edge.persons.len() as u64))
        .collect();
    prop_assert_eq!(edges, wanted);
    for (edge, (_, _, expected)) in answer.edges.iter().zip(&expected.edges) {
        prop_assert!(near(edge.average_s, expected.micros as f64 / 1e6 / expected.count as f64));
    }
    let ends: Vec<_> = answer.drop_offs.iter().map(|end| (end.node.clone(), end.count)).collect();
    prop_assert_eq!(ends, expected.ends.clone().into_iter().collect::<Vec<_>>());
    Ok(())
}

fn sizes(sets: &[BTreeSet<String>]) -> Vec<u64> {
    sets.iter().map(|set| set.len() as u64).collect()
}

/// The store, the persons, and the case as the oracle wants it.
fn prepared(case: &Case) -> (Stored, Persons, Case) {
    let persons = Persons::after(&case.events);
    let told = case.told(&persons);
    (Stored::cut(&case.events, &case.cuts, case.world.now), persons, told)
}

/// Adds the question to a failure.
fn asked<Q: std::fmt::Debug>(checked: Checked, question: &Q) -> Checked {
    checked.map_err(|error| TestCaseError::fail(format!("{error}\nfor {question:?}")))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn funnels_agree_with_the_oracle(case in dense(120), questions in several(questions::funnels())) {
        let (stored, persons, case) = prepared(&case);
        for question in &questions {
            asked(check_funnel(&stored, &case, &persons, question), question)?;
        }
    }

    #[test]
    fn correlations_agree_with_the_oracle(case in dense(120), questions in several(questions::correlations())) {
        let (stored, persons, case) = prepared(&case);
        for question in &questions {
            asked(check_correlation(&stored, &case, &persons, question), question)?;
        }
    }

    #[test]
    fn retentions_agree_with_the_oracle(case in dense(120), questions in several(questions::retentions())) {
        let (stored, persons, case) = prepared(&case);
        for question in &questions {
            asked(check_retention(&stored, &case, &persons, question), question)?;
        }
    }

    #[test]
    fn stickinesses_agree_with_the_oracle(case in dense(120), questions in several(questions::stickinesses())) {
        let (stored, persons, case) = prepared(&case);
        for question in &questions {
            let answer = stored.ask(&Question::Stickiness(question.clone()), &case.world.clock);
            let expected = oracle::stickiness::stickiness(&case.events, &persons, question, &case.world);
            let (Some(Answer::Stickiness(answer)), Some(expected)) = (&answer, &expected) else {
                prop_assert!(answer.is_none() && expected.is_none());
                continue;
            };
            prop_assert_eq!(answer.lines.len(), expected.len());
            for (line, columns) in answer.lines.iter().zip(expected) {
                prop_assert_eq!(&line.counts, &sizes(columns), "for {:?}", question);
                let everybody: BTreeSet<&String> = columns.iter().flatten().collect();
                prop_assert_eq!(line.persons, everybody.len() as u64);
                for (share_shown, column) in line.shares.iter().zip(columns) {
                    prop_assert!(near(*share_shown, share(column.len(), everybody.len())));
                }
            }
        }
    }

    #[test]
    fn lifecycles_agree_with_the_oracle(case in dense(120), questions in several(questions::lifecycles())) {
        let (stored, persons, case) = prepared(&case);
        for question in &questions {
            let answer = stored.ask(&Question::Lifecycle(question.clone()), &case.world.clock);
            let expected = oracle::lifecycle::lifecycle(&case.events, &persons, question, &case.world);
            let (Some(Answer::Lifecycle(answer)), Some(expected)) = (&answer, &expected) else {
                prop_assert!(answer.is_none() && expected.is_none());
                continue;
            };
            prop_assert_eq!(answer.buckets.len(), expected.len());
            for (index, (start, lives)) in expected.iter().enumerate() {
                prop_assert_eq!(&answer.buckets[index].start_utc, &query::rfc3339(*start));
                let shown = [answer.new[index], answer.returning[index], answer.resurrecting[index], -answer.dormant[index]];
                let wanted = [&lives.new, &lives.returning, &lives.resurrecting, &lives.dormant];
                prop_assert_eq!(shown, wanted.map(|people| people.len() as i64), "bucket {} for {:?}", index, question);
            }
        }
    }

    #[test]
    fn paths_agree_with_the_oracle(case in dense(120).prop_map(with_pages), questions in several(questions::paths())) {
        let (stored, persons, case) = prepared(&case);
        for question in &questions {
            asked(check_paths(&stored, &case, &persons, question), question)?;
        }
    }
}

#[test]
fn passes_over_ranges_of_persons_change_no_number() {
    // With little memory the rows are read in several passes; one thread and two, little memory and much agree.
    let world = testkit::events::World {
        clock: model::project::ProjectClock { time_zone: "UTC".into(), week_start: Default::default() },
        now: 1_772_000_000_000_000,
    };
    let mut events: Vec<Event> = testkit::events::sample(world.now, 3_000);
    for (index, event) in events.iter_mut().enumerate() {
        event.distinct_id = format!("{}{}", event.distinct_id, index % 97).into();
    }
    let stored =
        Stored::cut(&events, &[testkit::cuts::Cut { length: 400, then: testkit::cuts::Then::Flush }], world.now);
    let snapshot = stored.snapshot();
    let funnel = r#"{"kind":"funnel","date_from":"all","steps":[{"event":"view"},{"event":"pay"},{}],
        "window":{"count":12,"unit":"month"},"breakdown":{"property":"page","attribution":"all_events","limit":2}}"#;
    let retention = r#"{"kind":"retention","start_event":{},"intervals":12,"start":"first_time"}"#;
    let lifecycle = r#"{"kind":"lifecycle","series":{},"date_from":"-2m","interval":"week"}"#;
    for json in [funnel, retention, lifecycle] {
        let question = query::parse(json.as_bytes()).expect("a question");
        let known = query::Known::of(&snapshot);
        let bound = query::bind(&question, &world.clock, world.now, &known).expect("a right question");
        let answers =
            [(1, 256 << 20), (2, 256 << 20), (1, 128 << 10), (2, 128 << 10)].map(|(threads, memory_bytes)| {
                let limits = query::QueryLimits { threads, memory_bytes, ..Default::default() };
                let answer = query::answer(&snapshot, &bound, &limits).expect("within limits");
                let mut json = serde_json::to_value(answer).expect("answers are JSON");
                json.as_object_mut().expect("an object").remove("explain");
                json
            });
        assert!(answers[1..].iter().all(|answer| *answer == answers[0]), "{json}");
    }
}
