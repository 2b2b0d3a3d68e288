//! Item analysis against the oracle, and every number opened.

use crate::differential::{Case, cases, near_option, several};
use crate::people::people;
use crate::persons::dense;
use crate::stored::Stored;
use model::insight::items::{ItemRow, ItemsQuestion};
use model::insight::people::Cell;
use model::insight::{Answer, Question};
use proptest::prelude::*;
use std::collections::BTreeMap;
use testkit::oracle;
use testkit::oracle::identity::Persons;
use testkit::questions::items as questions;

fn answered(most: usize) -> impl Strategy<Value = Case> {
    (dense(most), proptest::collection::vec(any::<u16>(), 1..200)).prop_map(|(mut case, seeds)| {
        case.events = questions::with_attempts(case.events, &seeds);
        case
    })
}

/// Means may differ in the last digits; all else is equal.
fn same(shown: &ItemRow, expected: &ItemRow) -> Result<(), TestCaseError> {
    let means = |row: &ItemRow| [row.share_correct, row.difficulty, row.discrimination, row.average_s, row.median_s];
    for (a, b) in means(shown).into_iter().zip(means(expected)) {
        prop_assert!(near_option(a, b), "{:?} {:?}", shown, expected);
    }
    let [share_correct, difficulty, discrimination, average_s, median_s] = means(expected);
    let shown = ItemRow { share_correct, difficulty, discrimination, average_s, median_s, ..shown.clone() };
    prop_assert_eq!(&shown, expected);
    Ok(())
}

fn check(stored: &Stored, case: &Case, persons: &Persons, question: &ItemsQuestion) -> Result<(), TestCaseError> {
    let asked = Question::Items(question.clone());
    let answer = stored.ask(&asked, &case.world.clock);
    let expected = oracle::items::items(&case.events, persons, question, &case.world);
    let (Some(Answer::Items(answer)), Some(expected)) = (&answer, &expected) else {
        prop_assert!(answer.is_none() && expected.is_none());
        return Ok(());
    };
    prop_assert_eq!(answer.count, expected.len() as u64);
    let limit = question.limit.unwrap_or(50) as usize;
    prop_assert_eq!(answer.items.len(), expected.len().min(limit));
    for (row, (expected, who)) in answer.items.iter().zip(expected) {
        same(row, expected)?;
        for (converted, right) in [(None, false), (Some(true), true)] {
            let cell = Cell { breakdown_value: Some(row.item.clone()), converted, ..Cell::default() };
            let (list, count) = people(stored, case, &asked, &cell)?;
            let number = |counts: &(u64, u64)| if right { counts.1 } else { counts.0 };
            prop_assert_eq!(count, if right { row.correct } else { row.attempts });
            let listed: BTreeMap<String, u64> =
                list.iter().map(|person| (persons.name_of(&person.person), person.count)).collect();
            let wanted: BTreeMap<String, u64> =
                who.iter().map(|(name, counts)| (name.clone(), number(counts))).filter(|(_, n)| *n > 0).collect();
            prop_assert_eq!(listed, wanted);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn items_agree_with_the_oracle(case in answered(120), asked in several(questions::items())) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let persons = Persons::after(&case.events);
        let case = case.told(&persons);
        for question in &asked {
            check(&stored, &case, &persons, question)
                .map_err(|error| TestCaseError::fail(format!("{error}\nfor {question:?}")))?;
        }
    }
}
