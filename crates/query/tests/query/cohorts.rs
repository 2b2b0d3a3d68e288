//! Cohorts against the oracle: as filters, and as rows of the questions that they split.

use crate::differential::{Case, cases};
use crate::persons::dense;
use crate::stored::Stored;
use model::cohort::{CohortId, CohortRule};
use model::filter::{Filter, Operator};
use model::insight::events::EventsQuestion;
use model::insight::people::{Cell, PeopleQuestion};
use model::insight::trends::{Breakdown, Math, TrendsQuestion};
use model::insight::{Answer, Question};
use proptest::prelude::*;
use query::{CohortCache, Known, KnownCohort, KnownMembers, QueryLimits};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use testkit::oracle::cohort::{Cohorts, Said};
use testkit::oracle::identity::Persons;
use testkit::{oracle, questions};

fn known(stored: &Stored, said: &BTreeMap<CohortId, Said>) -> Known {
    let members = |said: &Said| match said {
        Said::Listed(ids) => KnownMembers::Listed(ids.iter().map(|id| id.as_str().into()).collect()),
        Said::Rule(rule) => KnownMembers::Rule(Arc::new(rule.clone())),
    };
    let one = |(id, said): (&CohortId, &Said)| (*id, KnownCohort { name: format!("c{id}"), members: members(said) });
    Known { cohorts: said.iter().map(one).collect(), ..Known::of(&stored.snapshot()) }
}

fn asked(question: &Question, stored: &Stored, case: &Case, known: &Known) -> Result<Answer, TestCaseError> {
    let bound = query::bind(question, &case.world.clock, case.world.now, known)
        .map_err(|error| TestCaseError::fail(format!("{error} for {question:?}")))?;
    Ok(query::answer(&stored.snapshot(), &bound, &QueryLimits::default()).expect("within limits"))
}

fn trends_of(answer: Answer) -> model::insight::trends::TrendsAnswer {
    let Answer::Trends(answer) = answer else { panic!("a trend was asked") };
    answer
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4 * cases().cases, ..cases() })]

    #[test]
    fn cohorts_agree_with_the_oracle(
        case in dense(100),
        said in questions::cohorts::cohorts(),
        filters in proptest::collection::vec(questions::cohorts::membership(), 1..3),
    ) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let persons = Persons::after(&case.events);
        let told = persons.told(&case.events);
        let told = Cohorts::new(&told, &persons, &said, &case.world).told(&told);
        let known = known(&stored, &said);
        // Which events pass.
        let (date_from, date_to) = (Some("all".to_owned()), Some("2030-01-01".to_owned()));
        let question =
            EventsQuestion { date_from, date_to, filters, limit: Some(1_000), ..EventsQuestion::default() };
        let answer = asked(&Question::Events(question.clone()), &stored, &case, &known)?;
        let Answer::Events(page) = answer else { panic!("events were asked") };
        let shown: BTreeSet<String> = page.events.into_iter().map(|row| row.uuid).collect();
        let expected = oracle::events::events(&told, &persons, &question, &case.world).expect("a range");
        let expected: BTreeSet<String> = expected.iter().map(|event| event.uuid.to_string()).collect();
        prop_assert_eq!(shown, expected, "{:?} of {:?}", question.filters, said);
    }

    #[test]
    fn rows_of_cohorts_are_the_question_of_their_persons(
        case in dense(80),
        said in questions::cohorts::cohorts(),
        trend in questions::trends(),
    ) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let known = known(&stored, &said);
        let trend = TrendsQuestion { breakdown: None, ..trend };
        let breakdown = Breakdown { cohorts: vec![3, 0, 1], ..Breakdown::default() };
        let split = Question::Trends(TrendsQuestion { breakdown: Some(breakdown), ..trend.clone() });
        let Ok(bound) = query::bind(&split, &case.world.clock, case.world.now, &known) else { return Ok(()) };
        let limits = QueryLimits { cohorts: Some(Arc::new(CohortCache::default())), ..QueryLimits::default() };
        let rows = trends_of(query::answer(&stored.snapshot(), &bound, &limits).expect("within limits"));
        for (row, id) in [(0, Some(3)), (1, None), (2, Some(1))] {
            let mut one = trend.clone();
            one.filters.extend(id.map(|id| Filter {
                kind: Some("cohort".to_owned()),
                operator: Some(Operator::InCohort),
                value: Some(serde_json::json!(id)),
                ..Default::default()
            }));
            let alone = trends_of(asked(&Question::Trends(one), &stored, &case, &known)?);
            let lines: Vec<_> = rows.series.iter().skip(row).step_by(3).collect();
            prop_assert_eq!(lines.len(), alone.series.len());
            for (line, alone) in lines.iter().zip(&alone.series) {
                let name = id.map_or("All persons".to_owned(), |id| format!("c{id}"));
                prop_assert_eq!(line.breakdown_value.as_ref(), Some(&name));
                prop_assert_eq!((line.series, &line.data, line.total), (alone.series, &alone.data, alone.total));
            }
        }
        // A number opens into as many people.
        let plain = trend.formula.is_none() && !trend.cumulative && trend.smoothing.unwrap_or(1) == 1;
        if plain && trend.series[0].math == Math::Dau {
            let cell = Cell { series: Some(0), breakdown_value: Some("c3".to_owned()), ..Cell::default() };
            let question = serde_json::to_value(&split).expect("JSON");
            let people = PeopleQuestion { question, cell, asked_at: None, limit: Some(1_000), after: None };
            let bound = query::bind_people((&people, &split), &case.world.clock, case.world.now, &known).expect("right");
            let page = query::people(&stored.snapshot(), &bound, &limits).expect("within limits");
            prop_assert_eq!(Some(page.persons as f64), rows.series[0].total);
            let all = query::all_people(&stored.snapshot(), &bound, 1_000, &limits).expect("within limits");
            prop_assert_eq!(all.len() as u64, page.persons);
        }
    }
}

#[test]
fn a_cohort_within_itself_is_refused() {
    let stored = Stored::new(1_772_000_000_000_000);
    let rule = |id: CohortId| KnownMembers::Rule(Arc::new(CohortRule::Cohort(id)));
    let one = |id: CohortId, of: CohortId| (id, KnownCohort { name: format!("c{id}"), members: rule(of) });
    let known = Known { cohorts: BTreeMap::from([one(1, 2), one(2, 1), one(3, 9)]), ..Known::of(&stored.snapshot()) };
    let clock = model::project::ProjectClock { time_zone: "UTC".into(), week_start: Default::default() };
    let wrong = |id: CohortId| {
        let rule = CohortRule::All(vec![CohortRule::Cohort(id)]);
        query::bind_cohort((7, &rule), &clock, 1_772_000_000_000_000, &known).expect_err("it is wrong").to_string()
    };
    assert_eq!(wrong(1), "rule.all[0].cohort.cohort.cohort: cohort 1 (c1) would be within itself");
    assert_eq!(wrong(3), "rule.all[0].cohort.cohort: there is no cohort 9");
    assert_eq!(wrong(8), "rule.all[0].cohort: there is no cohort 8");
}
