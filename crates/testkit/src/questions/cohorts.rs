//! Random cohorts.

use super::condition;
use super::persons::event_match;
use crate::events::{IDS, PERSON_KEYS};
use crate::oracle::cohort::Said;
use model::cohort::{
    CohortId, CohortRule, CountOperator, FirstTime, Lapse, Last, Performed, PeriodUnit, Regularly, Sequence, Times,
    When,
};
use model::filter::{Filter, Operator};
use model::insight::funnel::{Window, WindowUnit};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A listed cohort, 1, and two by rules, 2 and 3; rules may name 1, and that of 3 also 2.
pub fn cohorts() -> impl Strategy<Value = BTreeMap<CohortId, Said>> {
    let listed = proptest::sample::subsequence(&IDS[..], 0..4);
    let listed = listed.prop_map(|ids| Said::Listed(ids.into_iter().chain(["nobody"]).map(str::to_owned).collect()));
    (listed, rule(&[1]), rule(&[1, 2]))
        .prop_map(|(listed, two, three)| BTreeMap::from([(1, listed), (2, Said::Rule(two)), (3, Said::Rule(three))]))
}

/// A condition on the membership in some of them.
pub fn membership() -> impl Strategy<Value = Filter> {
    let ids = prop_oneof![
        3 => (1..4_i64).prop_map(|id| serde_json::json!(id)),
        1 => proptest::sample::subsequence(vec![1, 2, 3], 1..4).prop_map(|ids| serde_json::json!(ids)),
    ];
    (ids, any::<bool>()).prop_map(|(ids, is_in)| Filter {
        operator: Some(if is_in { Operator::InCohort } else { Operator::NotInCohort }),
        value: Some(ids),
        ..Filter::default()
    })
}

fn last() -> impl Strategy<Value = Last> {
    let unit = proptest::sample::select(vec![PeriodUnit::Hour, PeriodUnit::Day, PeriodUnit::Week, PeriodUnit::Month]);
    (1..9_u32, unit).prop_map(|(count, unit)| Last { count, unit })
}

fn when() -> impl Strategy<Value = When> {
    let dates = proptest::sample::select(vec![("-3d", None), ("-9d", Some("-2d")), ("all", None), ("wStart", None)]);
    prop_oneof![
        2 => Just(When::default()),
        3 => last().prop_map(|last| When { last: Some(last), ..When::default() }),
        1 => dates.prop_map(|(from, to)| When {
            date_from: Some(from.to_owned()),
            date_to: to.map(str::to_owned),
            last: None,
        }),
    ]
}

fn times() -> impl Strategy<Value = Option<Times>> {
    use CountOperator::{Exact, Gt, Gte, Lt, Lte};
    let operator = proptest::sample::select(vec![Exact, Gte, Gt, Lte, Lt]);
    proptest::option::of((operator, 1..5_u32).prop_map(|(operator, value)| Times { operator, value }))
}

fn person() -> impl Strategy<Value = Filter> {
    (condition(), proptest::sample::select(&PERSON_KEYS[..]))
        .prop_filter("an incomplete one", |(filter, _)| filter.property.is_some())
        .prop_map(|(filter, key)| Filter { property: Some(key.to_owned()), kind: None, ..filter })
}

fn rule(others: &'static [CohortId]) -> impl Strategy<Value = CohortRule> {
    let unit = proptest::sample::select(vec![WindowUnit::Minute, WindowUnit::Hour, WindowUnit::Day]);
    let window = (1..40_u32, unit).prop_map(|(count, unit)| Window { count, unit });
    let unit = proptest::sample::select(vec![PeriodUnit::Day, PeriodUnit::Week, PeriodUnit::Month]);
    let period = (1..3_u32, unit).prop_map(|(count, unit)| Last { count, unit });
    let regularly = (event_match(), times(), period, 1..6_u32, 1..6_u32);
    let regularly = regularly.prop_map(|(event, times, period, periods, least)| {
        CohortRule::Regularly(Regularly { event, times, period, periods, at_least: least.min(periods) })
    });
    let sequence = (event_match(), event_match(), window, when());
    let lapse = (event_match(), 2..20_u32, 1..5_u32, any::<bool>()).prop_map(|(event, longer, recent, stopped)| {
        let days = |count| Last { count, unit: PeriodUnit::Day };
        let lapse = Lapse { event, longer: days(longer), recent: days(recent.min(longer - 1)) };
        if stopped { CohortRule::Stopped(lapse) } else { CohortRule::Restarted(lapse) }
    });
    let leaf = prop_oneof![
        2 => person().prop_map(CohortRule::Person),
        1 => proptest::sample::select(others).prop_map(CohortRule::Cohort),
        3 => (event_match(), when(), times())
            .prop_map(|(event, when, times)| CohortRule::Performed(Performed { event, when, times })),
        1 => (event_match(), when()).prop_map(|(event, when)| CohortRule::FirstTime(FirstTime { event, when })),
        2 => sequence.prop_map(|(event, then, within, when)| {
            CohortRule::Sequence(Sequence { event, then, within, when })
        }),
        1 => regularly,
        2 => lapse,
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            2 => proptest::collection::vec(inner.clone(), 0..3).prop_map(CohortRule::All),
            2 => proptest::collection::vec(inner.clone(), 0..3).prop_map(CohortRule::Any),
            1 => inner.prop_map(|rule| CohortRule::Not(Box::new(rule))),
        ]
    })
}
