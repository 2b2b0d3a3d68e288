//! Random filters on random events, value by value, against the operator table as the oracle reads it.

use super::*;
use crate::bind::{BoundQuestion, Known, bind};
use model::insight::Question;
use model::insight::events::EventsQuestion;
use model::{Event, Value};
use proptest::prelude::*;
use testkit::oracle;
use testkit::oracle::dates::Wall;

fn passes(filter: &Ready, event: &Event) -> bool {
    match filter {
        Ready::All(members) => members.iter().all(|member| passes(member, event)),
        Ready::Any(members) => members.iter().any(|member| passes(member, event)),
        Ready::Member { .. } => panic!("no cohort was asked"),
        Ready::Condition { target, negated, matcher } => {
            let property = |key: &str| event.properties.get(key).cloned();
            let value = match target {
                Target::Event => Some(Value::Text(event.event.clone())),
                Target::DistinctId => Some(Value::Text(event.distinct_id.clone())),
                Target::SessionId => event.session_id.clone().map(Value::Text),
                Target::Property(key) => property(key),
                // Nobody has told these events anything of their persons.
                Target::Person(_) => None,
            };
            let holds = value.is_some_and(|value| {
                matcher.holds(match &value {
                    Value::Text(text) => ValueRef::Text(text),
                    Value::Number(number) => ValueRef::Number(*number),
                    Value::Bool(flag) => ValueRef::Bool(*flag),
                    Value::Json(text) => ValueRef::Json(text),
                })
            });
            holds != *negated
        }
    }
}

fn ready_without_cohorts(filter: &BoundFilter) -> Ready {
    let all = |list: &[BoundFilter]| list.iter().map(ready_without_cohorts).collect();
    match filter {
        BoundFilter::All(list) => Ready::All(all(list)),
        BoundFilter::Any(list) => Ready::Any(all(list)),
        BoundFilter::Condition(condition) => ready_condition(condition).expect("binding has checked it"),
        BoundFilter::Member { .. } => panic!("no cohort was asked"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn filters_hold_where_the_oracle_says(
        (world, events) in testkit::events::worlds().prop_flat_map(|world| {
            let events = testkit::events::events(world.now, 40);
            (Just(world), events)
        }),
        filter in testkit::questions::filters(),
    ) {
        let question = Question::Events(EventsQuestion { filters: vec![filter.clone()], ..EventsQuestion::default() });
        let bound = bind(&question, &world.clock, world.now, &Known::default());
        let Ok(BoundQuestion::Events(bound)) = bound else { panic!("{bound:?}") };
        let ready = ready_without_cohorts(&bound.filter);
        let wall = Wall::new(&world.clock);
        for event in &events {
            let expected = oracle::filter::holds(&filter, event, &wall, world.now);
            prop_assert_eq!(passes(&ready, event), expected, "{:?}", event.properties);
        }
    }
}
