//! Each number of each answer opens into as many people as it says.

use crate::differential::{Case, cases, several};
use crate::persons::{dense, with_pages};
use crate::stored::Stored;
use model::insight::funnel::{FunnelQuestion, FunnelView};
use model::insight::lifecycle::Status;
use model::insight::people::{Cell, PeopleQuestion, PersonRow};
use model::insight::trends::{Math, SeriesAnswer, TrendsQuestion};
use model::insight::{Answer, Question};
use proptest::prelude::*;
use query::{Known, QueryLimits};
use std::collections::BTreeSet;
use testkit::oracle::funnel::Funnel;
use testkit::oracle::identity::Persons;
use testkit::{oracle, questions};

/// Numbers of one answer that are opened.
const OPENED: usize = 12;

/// All pages of the people behind a number; pages are of three, so that there are several.
pub fn people(
    stored: &Stored,
    case: &Case,
    question: &Question,
    cell: &Cell,
) -> Result<(Vec<PersonRow>, u64), TestCaseError> {
    let snapshot = stored.snapshot();
    let mut asked = PeopleQuestion {
        question: serde_json::to_value(question).expect("questions are JSON"),
        cell: cell.clone(),
        asked_at: None,
        limit: Some(3),
        after: None,
    };
    let mut rows: Vec<PersonRow> = Vec::new();
    loop {
        let known = Known::of(&snapshot);
        let bound = query::bind_people((&asked, question), &case.world.clock, case.world.now, &known)
            .map_err(|error| TestCaseError::fail(format!("{error} for {cell:?} of {question:?}")))?;
        let page = query::people(&snapshot, &bound, &QueryLimits::default()).expect("within limits");
        prop_assert!(page.people.len() <= 3);
        rows.extend(page.people);
        let Some(next) = page.next else {
            prop_assert_eq!(page.persons as usize, rows.len());
            let names: BTreeSet<_> = rows.iter().map(|row| &row.person).collect();
            prop_assert_eq!(names.len(), rows.len(), "somebody is listed twice");
            prop_assert_eq!(page.count, rows.iter().map(|row| row.count).sum::<u64>());
            return Ok((rows, page.count));
        };
        asked.after = Some(next);
    }
}

/// The names of a list, as the oracle calls persons.
fn names(rows: &[PersonRow], persons: &Persons) -> BTreeSet<String> {
    rows.iter().map(|row| persons.name_of(&row.person)).collect()
}

fn check_trends(stored: &Stored, case: &Case, question: &TrendsQuestion) -> Result<(), TestCaseError> {
    if question.formula.is_some() || question.cumulative || question.smoothing > Some(1) {
        return Ok(());
    }
    let asked = Question::Trends(question.clone());
    let Some(Answer::Trends(answer)) = stored.ask(&asked, &case.world.clock) else { return Ok(()) };
    let key = |line: &SeriesAnswer| (line.series, line.breakdown_value.clone(), line.compare_label);
    let values: BTreeSet<_> = answer.series.iter().map(key).collect();
    if values.len() < answer.series.len() {
        // A value that is called like what stands for missing ones cannot be told apart by its name.
        return Ok(());
    }
    let mut opened = 0;
    for line in &answer.series {
        let math = question.series[line.series as usize].math;
        use Math::{Dau, FirstMatchingEventForUser, FirstTimeForUser, MonthlyActive, Total, WeeklyActive};
        let listed = [Total, Dau, WeeklyActive, MonthlyActive, FirstTimeForUser, FirstMatchingEventForUser];
        if !listed.contains(&math) {
            continue;
        }
        let buckets = line.data.iter().enumerate().map(|(bucket, number)| (Some(bucket as u32), *number));
        for (bucket, number) in buckets.filter(|(_, number)| *number > Some(0.0)).chain([(None, line.total)]) {
            opened += 1;
            if opened > OPENED {
                return Ok(());
            }
            let breakdown_value = line.breakdown_value.clone();
            let (series, period) = (Some(line.series), line.compare_label);
            let cell = Cell { series, period, bucket, breakdown_value, ..Cell::default() };
            let (rows, count) = people(stored, case, &asked, &cell)?;
            let listed = if math == Total { count } else { rows.len() as u64 };
            prop_assert_eq!(Some(listed as f64), number, "{:?} of {:?}", cell, question);
        }
    }
    Ok(())
}

fn check_funnel(
    stored: &Stored,
    case: &Case,
    persons: &Persons,
    question: &FunnelQuestion,
) -> Result<(), TestCaseError> {
    let asked = Question::Funnel(question.clone());
    let Some(Answer::Funnel(answer)) = stored.ask(&asked, &case.world.clock) else { return Ok(()) };
    let funnel = Funnel::new(&case.events, persons, question, &case.world).expect("it has an answer");
    let oracle_rows = if question.view == FunnelView::Steps { funnel.rows() } else { Vec::new() };
    let rows = answer.rows.unwrap_or_default();
    let values: BTreeSet<_> = rows.iter().map(|row| &row.breakdown_value).collect();
    for (row, (_, runs)) in rows.iter().zip(&oracle_rows).filter(|_| values.len() == rows.len()) {
        for (index, numbers) in row.steps.iter().enumerate() {
            let step = index as i32 + 1;
            let cell =
                |step| Cell { step: Some(step), breakdown_value: row.breakdown_value.clone(), ..Cell::default() };
            let (list, _) = people(stored, case, &asked, &cell(step))?;
            prop_assert_eq!(list.len() as u64, numbers.count);
            let did = |done: &[(usize, i64, usize)]| done.iter().any(|done| done.0 == index + 1);
            let expected: BTreeSet<String> =
                runs.iter().filter(|(_, run)| did(&run.done)).map(|(person, _)| person.clone()).collect();
            prop_assert_eq!(names(&list, persons), expected);
            for person in &list {
                let name = persons.name_of(&person.person);
                let (_, run) = runs.iter().find(|(person, run)| *person == name && did(&run.done)).expect("listed");
                let events = &funnel.people[&name];
                let filled: Vec<_> = run.done.iter().map(|(_, _, id)| events[*id].uuid.to_string()).collect();
                prop_assert_eq!(&person.events, &filled);
            }
            if step > 1 {
                let (list, _) = people(stored, case, &asked, &cell(-step))?;
                prop_assert_eq!(list.len() as u64, numbers.dropped);
            }
        }
    }
    for (index, bucket) in
        answer.trend.unwrap_or_default().iter().enumerate().filter(|(_, b)| b.entered > 0).take(OPENED)
    {
        for (converted, number) in [(None, bucket.entered), (Some(true), bucket.converted)] {
            let cell = Cell { bucket: Some(index as u32), converted, ..Cell::default() };
            prop_assert_eq!(people(stored, case, &asked, &cell)?.0.len() as u64, number);
        }
    }
    for (index, bin) in answer.time_to_convert.iter().flat_map(|times| &times.bins).enumerate().take(OPENED) {
        let cell = Cell { bucket: Some(index as u32), ..Cell::default() };
        prop_assert_eq!(people(stored, case, &asked, &cell)?.0.len() as u64, bin.count);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn numbers_of_trends_open(case in dense(80), asked in several(questions::trends())) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        for question in &asked {
            check_trends(&stored, &case, question)?;
        }
    }

    #[test]
    fn numbers_of_funnels_open(case in dense(80), asked in several(questions::persons::funnels())) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let persons = Persons::after(&case.events);
        let case = case.told(&persons);
        for question in &asked {
            check_funnel(&stored, &case, &persons, question)?;
        }
    }

    #[test]
    fn numbers_of_correlations_open(case in dense(80), asked in several(questions::persons::correlations())) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let persons = Persons::after(&case.events);
        let case = case.told(&persons);
        for question in &asked {
            let question_asked = Question::Correlation(question.clone());
            if stored.ask(&question_asked, &case.world.clock).is_none() {
                continue;
            }
            let expected = oracle::correlation::correlation(&case.events, &persons, question, &case.world);
            let expected = expected.expect("answered");
            let whole = (None, None, &expected.converted, &expected.dropped);
            let factors = expected.success.iter().chain(&expected.failure).take(OPENED);
            let factors = factors.map(|one| (one.property.clone(), Some(one.value.clone()), &one.converted, &one.dropped));
            for (property, breakdown_value, converted, dropped) in std::iter::once(whole).chain(factors) {
                let both = converted.union(dropped).cloned().collect();
                for (side, who) in [(Some(true), converted), (Some(false), dropped), (None, &both)] {
                    let (property, breakdown_value) = (property.clone(), breakdown_value.clone());
                    let cell = Cell { property, breakdown_value, converted: side, ..Cell::default() };
                    let (list, _) = people(&stored, &case, &question_asked, &cell)?;
                    prop_assert_eq!(&names(&list, &persons), who, "{:?} of {:?}", cell, question);
                }
            }
        }
    }

    #[test]
    fn numbers_of_retentions_open(case in dense(80), asked in several(questions::persons::retentions())) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let persons = Persons::after(&case.events);
        let case = case.told(&persons);
        for question in &asked {
            let question_asked = Question::Retention(question.clone());
            let Some(Answer::Retention(answer)) = stored.ask(&question_asked, &case.world.clock) else { continue };
            let values: BTreeSet<_> = answer.rows.iter().map(|row| (row.row, &row.breakdown_value)).collect();
            if values.len() < answer.rows.len() {
                continue;
            }
            let expected = oracle::retention::retention(&case.events, &persons, question, &case.world).expect("answered");
            let all = expected.rows.iter().flat_map(|(_, cells)| &cells.persons);
            let full = answer.rows.iter().zip(all).filter(|(row, _)| row.cells[0] > Some(0)).take(2);
            for (row, expected) in full {
                for (column, number) in row.cells.iter().enumerate().filter_map(|(column, cell)| Some((column, (*cell)?))) {
                    let breakdown_value = row.breakdown_value.clone();
                    let (row, column) = (Some(row.row), Some(column as u32));
                    let cell = Cell { row, column, breakdown_value, ..Cell::default() };
                    let (list, _) = people(&stored, &case, &question_asked, &cell)?;
                    prop_assert_eq!(list.len() as u64, number, "{:?} of {:?}", cell, question);
                    prop_assert_eq!(&names(&list, &persons), &expected[cell.column.unwrap_or(0) as usize]);
                }
            }
        }
    }

    #[test]
    fn numbers_of_stickiness_lifecycle_and_paths_open(
        case in dense(80).prop_map(with_pages),
        sticky in questions::persons::stickinesses(),
        lives in questions::persons::lifecycles(),
        ways in questions::persons::paths(),
    ) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let persons = Persons::after(&case.events);
        let case = case.told(&persons);
        let asked = Question::Stickiness(sticky.clone());
        if let Some(Answer::Stickiness(answer)) = stored.ask(&asked, &case.world.clock) {
            let expected = oracle::stickiness::stickiness(&case.events, &persons, &sticky, &case.world).expect("answered");
            for (position, line) in answer.lines.iter().enumerate() {
                let series = position % sticky.series.len();
                for (index, count) in line.counts.iter().enumerate().filter(|(_, count)| **count > 0).take(OPENED) {
                    let (series, column) = (Some(series as u32), Some(index as u32 + 1));
                    let cell = Cell { series, column, period: line.compare_label, ..Cell::default() };
                    let (list, _) = people(&stored, &case, &asked, &cell)?;
                    prop_assert_eq!(list.len() as u64, *count);
                    prop_assert_eq!(&names(&list, &persons), &expected[position][index]);
                }
            }
        }
        let asked = Question::Lifecycle(lives.clone());
        if let Some(Answer::Lifecycle(answer)) = stored.ask(&asked, &case.world.clock) {
            let expected = oracle::lifecycle::lifecycle(&case.events, &persons, &lives, &case.world).expect("answered");
            for (bucket, (_, lives)) in expected.iter().enumerate().filter(|(_, (_, lives))| *lives != Default::default()).take(OPENED) {
                for (status, number, who) in [
                    (Status::New, answer.new[bucket], &lives.new),
                    (Status::Returning, answer.returning[bucket], &lives.returning),
                    (Status::Resurrecting, answer.resurrecting[bucket], &lives.resurrecting),
                    (Status::Dormant, -answer.dormant[bucket], &lives.dormant),
                ] {
                    let cell = Cell { bucket: Some(bucket as u32), status: Some(status), ..Cell::default() };
                    let (list, _) = people(&stored, &case, &asked, &cell)?;
                    prop_assert_eq!(list.len() as i64, number);
                    prop_assert_eq!(&names(&list, &persons), who);
                }
            }
        }
        let asked = Question::Paths(ways);
        if let Some(Answer::Paths(answer)) = stored.ask(&asked, &case.world.clock) {
            for edge in answer.edges.iter().take(OPENED) {
                let (source, target) = (Some(edge.source.clone()), Some(edge.target.clone()));
                let (list, count) = people(&stored, &case, &asked, &Cell { source, target, ..Cell::default() })?;
                prop_assert_eq!((list.len() as u64, count), (edge.persons, edge.count));
            }
            for end in answer.drop_offs.iter().take(OPENED) {
                let (_, count) = people(&stored, &case, &asked, &Cell { source: Some(end.node.clone()), ..Cell::default() })?;
                prop_assert_eq!(count, end.count);
            }
        }
    }
}

#[test]
fn a_wrong_cell_names_its_field() {
    let stored = Stored::new(1_772_000_000_000_000);
    let known = Known::of(&stored.snapshot());
    let clock = model::project::ProjectClock { time_zone: "UTC".into(), week_start: Default::default() };
    let wrong = |question: &str, cell: &str| {
        let json = format!(r#"{{"question":{question},"cell":{cell}}}"#);
        let bound = query::parse_people(json.as_bytes()).and_then(|(asked, question, _)| {
            query::bind_people((&asked, &question), &clock, 1_772_000_000_000_000, &known)
        });
        bound.expect_err("it is wrong").to_string()
    };
    let trend = r#"{"kind":"trends","series":[{"event":"a"}],"date_from":"-2d"}"#;
    let funnel = r#"{"kind":"funnel","steps":[{"event":"a"},{"event":"b"}]}"#;
    let paths = r#"{"kind":"paths"}"#;
    assert_eq!(wrong(trend, "{}"), "cell.series: is missing");
    assert_eq!(wrong(trend, r#"{"series":1}"#), "cell.series: the answer has positions 0 to 0, not 1");
    assert_eq!(wrong(trend, r#"{"series":0,"bucket":3}"#), "cell.bucket: the answer has positions 0 to 2, not 3");
    assert_eq!(wrong(trend, r#"{"series":0,"step":1}"#), "cell.step: does not belong to a number of this question");
    assert_eq!(wrong(funnel, r#"{"step":-1}"#), "cell.step: must be 1 to 2, or -2 to -2 for those who dropped, not -1");
    assert_eq!(wrong(paths, r#"{"source":"home"}"#), "cell.source: is not a node like `2_/fees`");
    assert_eq!(
        wrong(paths, r#"{"source":"1_a","target":"3_b"}"#),
        "cell.target: must be at the position after the source's"
    );
    assert_eq!(wrong(r#"{"kind":"events"}"#, "{}"), "question.kind: a list has no numbers to open");
    assert_eq!(
        wrong(r#"{"kind":"trends","series":[{"math":"sum"}]}"#, "{}"),
        "question.series[0].property: the math `sum` needs a numeric property"
    );
}
