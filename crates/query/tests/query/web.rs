//! Web analytics against the oracle, and every number opened.

use crate::differential::{Case, cases, near_option, several};
use crate::people::people;
use crate::sessions::visited;
use crate::stored::Stored;
use model::insight::people::Cell;
use model::insight::trends::NONE_LABEL;
use model::insight::web::{WebNumbers, WebQuestion};
use model::insight::{Answer, Question};
use proptest::prelude::*;
use std::collections::BTreeMap;
use testkit::oracle;
use testkit::oracle::identity::Persons;
use testkit::oracle::web::Numbers;
use testkit::questions::sessions as questions;

fn same(shown: &WebNumbers, expected: &Numbers) -> Result<(), TestCaseError> {
    let counts = (shown.visitors, shown.views, shown.sessions);
    prop_assert_eq!(counts, (expected.visitors.len() as u64, expected.views, expected.sessions));
    prop_assert!(near_option(shown.duration_s, expected.duration_s), "{:?} {:?}", shown, expected);
    prop_assert!(near_option(shown.bounce_rate, expected.bounce_rate), "{:?} {:?}", shown, expected);
    Ok(())
}

/// The list behind a number is who the oracle says, as often as it says.
fn opens(
    (stored, case, persons): (&Stored, &Case, &Persons),
    question: &Question,
    cell: &Cell,
    expected: &Numbers,
) -> Result<(), TestCaseError> {
    let (list, _) = people(stored, case, question, cell)?;
    let listed: BTreeMap<String, u64> = list.iter().map(|row| (persons.name_of(&row.person), row.count)).collect();
    prop_assert_eq!(&listed, &expected.visitors, "{:?}", cell);
    Ok(())
}

fn check(stored: &Stored, case: &Case, persons: &Persons, question: &WebQuestion) -> Result<(), TestCaseError> {
    let asked = Question::Web(question.clone());
    let answer = stored.ask(&asked, &case.world.clock);
    let ranges = oracle::web::ranges(&case.events, question, &case.world);
    let (Some(Answer::Web(answer)), Some([range, before])) = (&answer, ranges) else {
        prop_assert!(answer.is_none() && ranges.is_none());
        return Ok(());
    };
    let of = |range| oracle::web::period(&case.events, persons, question, &case.world, range);
    let current = of(range);
    let previous = question.compare.is_some().then(|| of(before));
    same(&answer.current, &current.whole)?;
    opens((stored, case, persons), &asked, &Cell::default(), &current.whole)?;
    prop_assert_eq!(answer.previous.is_some(), previous.is_some());
    if let (Some(shown), Some(expected)) = (&answer.previous, &previous) {
        same(shown, &expected.whole)?;
        let change = answer.change.expect("beside the previous numbers");
        let expected = (expected.whole.views > 0).then(|| {
            let (now, then) = (current.whole.views as f64, expected.whole.views as f64);
            (100.0 * (now - then) / then).round() as i64
        });
        prop_assert_eq!(change.views, expected);
    }
    prop_assert_eq!(answer.tables.len(), current.tables.len());
    for (index, (shown, (table, rows))) in answer.tables.iter().zip(&current.tables).enumerate() {
        prop_assert_eq!((shown.table, shown.count), (*table, rows.len() as u64));
        let mut ranked: Vec<_> = rows.iter().collect();
        ranked.sort_by_key(|(value, numbers)| {
            let rank = (numbers.visitors.len(), numbers.views);
            (value.is_none(), std::cmp::Reverse(rank), value.as_ref())
        });
        let limit = question.limit.unwrap_or(10) as usize;
        let place = |(place, (value, _)): &(usize, &(&Option<String>, _))| *place < limit || value.is_none();
        let wanted: Vec<_> = ranked.iter().enumerate().filter(place).map(|(_, row)| *row).collect();
        let names: Vec<_> = shown.rows.iter().map(|row| row.value.clone()).collect();
        let expected: Vec<_> =
            wanted.iter().map(|(value, _)| value.as_deref().unwrap_or(NONE_LABEL).to_owned()).collect();
        prop_assert_eq!(names, expected);
        for (row, (value, numbers)) in shown.rows.iter().zip(wanted) {
            same(&row.current, numbers)?;
            let cell = Cell { table: Some(*table), breakdown_value: Some(row.value.clone()), ..Cell::default() };
            opens((stored, case, persons), &asked, &cell, numbers)?;
            if let (Some(shown), Some(previous)) = (&row.previous, &previous) {
                same(shown, previous.tables[index].1.get(value).unwrap_or(&Numbers::default()))?;
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn web_analytics_agree_with_the_oracle(case in visited(120), asked in several(questions::webs())) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let persons = Persons::after(&case.events);
        let case = case.told(&persons);
        for question in &asked {
            check(&stored, &case, &persons, question)
                .map_err(|error| TestCaseError::fail(format!("{error}\nfor {question:?}")))?;
        }
    }
}
