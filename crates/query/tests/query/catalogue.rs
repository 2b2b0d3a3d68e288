//! What the catalogue says of a project is what a walk through its events says.

use crate::stored::Stored;
use model::Value;
use model::filter::Scope;
use model::property::Kind;
use model::time::DAY;
use query::{QueryLimits, catalogue};
use std::collections::BTreeMap;

const NOW: i64 = 20_000 * DAY;

#[test]
fn names_counts_kinds_and_samples_are_those_of_the_events() {
    let mut events = testkit::events::sample(NOW, 300);
    let long = "ध".repeat(150);
    events[0].properties.set("long", Value::Text(long.as_str().into()));
    let stored = Stored::new(NOW);
    stored.append(&events[..100]);
    stored.flush();
    stored.append(&events[100..]);
    let snapshot = stored.snapshot();

    let catalogue = catalogue::catalogue(&snapshot, &QueryLimits::default()).expect("within limits");
    for entry in &catalogue.events {
        let named: Vec<_> =
            events.iter().filter(|event| *event.event == *entry.name).map(|event| event.event_at).collect();
        assert_eq!(entry.count, named.len() as u64);
        assert_eq!(entry.first_seen, query::rfc3339(named.iter().copied().min().expect("at least one")));
        assert_eq!(entry.last_seen, query::rfc3339(named.iter().copied().max().expect("at least one")));
    }
    assert!(catalogue.events.is_sorted_by_key(|entry| std::cmp::Reverse(entry.count)));
    assert_eq!(catalogue.events.iter().map(|entry| entry.count).sum::<u64>(), events.len() as u64);

    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (key, _) in events.iter().flat_map(|event| event.properties.iter()) {
        *counts.entry(key).or_default() += 1;
    }
    let listed: BTreeMap<&str, u64> = catalogue.properties.iter().map(|entry| (&*entry.name, entry.count)).collect();
    assert_eq!(listed, counts);
    let entry = |name: &str| catalogue.properties.iter().find(|entry| entry.name == name).expect("it is listed");
    assert_eq!(entry("k").types.len(), 4);
    assert_eq!(entry("long").types, [Kind::Text]);
    assert_eq!(entry("long").samples, ["ध".repeat(100)]);
    for sample in &entry("page").samples {
        assert!(events.iter().any(|event| event.properties.text("page") == Some(sample)), "{sample}");
    }
}

#[test]
fn values_are_the_most_frequent_ones_that_are_searched_for() {
    let events = testkit::events::sample(NOW, 300);
    let stored = Stored::new(NOW);
    stored.append(&events);
    let snapshot = stored.snapshot();
    let values = |property, search, limit| {
        catalogue::values(&snapshot, (Scope::Event, property), search, limit, &QueryLimits::default())
            .expect("within limits")
    };
    let counted = |wanted: &dyn Fn(&str) -> bool| {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for value in events.iter().filter_map(|event| event.properties.get("k")) {
            let text = value.canonical();
            if !text.is_empty() && wanted(&text) {
                *counts.entry(text).or_default() += 1;
            }
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        counts
    };
    let all: Vec<_> = values("k", "", 100).into_iter().map(|value| (value.value, value.count)).collect();
    assert_eq!(all, counted(&|_| true));
    assert_eq!(values("k", "", 2).len(), 2);
    let found: Vec<_> = values("k", "AB", 100).into_iter().map(|value| (value.value, value.count)).collect();
    assert_eq!(found, counted(&|text| text.to_lowercase().contains("ab")));
    assert!(values("absent", "", 10).is_empty());
    assert!(values("event", "view", 10).iter().any(|value| value.value == "view"));
}
