//! Random questions: right ones, over the names and keys of [`crate::events`].

pub mod cohorts;
pub mod items;
pub mod persons;
pub mod sessions;
pub mod workflow;

use crate::events::{IDS, KEYS, NAMES, PERSON_KEYS};
use model::action::ActionRef;
use model::filter::{Filter, Operator, Scope};
use model::insight::events::EventsQuestion;
use model::insight::trends::{Breakdown, BreakdownBy, Compare, Math, Series, TrendsQuestion};
use model::time::Interval;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Filters: single conditions on every operator, and groups of them.
pub fn filters() -> impl Strategy<Value = Filter> {
    let leaf = condition();
    leaf.prop_recursive(3, 12, 3, |inner| {
        (any::<bool>(), proptest::collection::vec(inner, 0..3)).prop_map(|(or, values)| Filter {
            kind: Some(if or { "OR" } else { "AND" }.to_owned()),
            values: Some(values),
            ..Filter::default()
        })
    })
}

/// One condition with a value that its operator takes; now and then incomplete.
pub fn condition() -> impl Strategy<Value = Filter> {
    use Operator::*;
    let negatable =
        |positive: Operator, negative: Operator| any::<bool>().prop_map(move |no| if no { negative } else { positive });
    let text_or_list = prop_oneof![text_value(), proptest::collection::vec(text_value(), 1..3).prop_map(Json::Array),];
    let number = proptest::sample::select(vec![json!(5), json!("5"), json!(0), json!(12.5), json!(-2.25), json!(1e21)]);
    let pair =
        (-10..40_i32, 0..30_i32).prop_map(|(low, width)| json!([f64::from(low) / 2.0, f64::from(low + width) / 2.0]));
    let date = proptest::sample::select(vec![
        json!("2026-03-08"),
        json!("2026-03-08T02:30:00"),
        json!("2026-03-08T07:00:00Z"),
        json!("-1d"),
        json!("-3h"),
        json!(1_772_953_200),
        json!(1_772_953_200_250_i64),
        json!("mStart"),
    ]);
    let version =
        proptest::sample::select(vec![json!("1.2.3"), json!("1.2"), json!("0.3"), json!(1), json!("2.0.0-rc")]);
    let wildcard = proptest::sample::select(vec![json!("1.2.*"), json!("1.*"), json!("*"), json!("1.2.3")]);
    let pattern = proptest::sample::select(vec![
        json!("^$"),
        json!("a"),
        json!("^[A-Z]"),
        json!("\\d$"),
        json!(["b$", "^t"]),
        json!("."),
        json!("(?i)HOME"),
    ]);
    let of = |key: &'static str| {
        prop_oneof![
            5 => Just(key.to_owned()),
            2 => proptest::sample::select(&KEYS[..]).prop_map(str::to_owned),
            1 => proptest::sample::select(vec!["distinct_id", "event", "session_id", "absent"]).prop_map(str::to_owned),
        ]
    };
    let made = move |(property, operator, value): (String, Operator, Option<Json>)| Filter {
        property: Some(property),
        operator: (operator != Exact).then_some(operator),
        value,
        ..Filter::default()
    };
    prop_oneof![
        4 => (of("k"), prop_oneof![negatable(Exact, IsNot), negatable(Icontains, NotIcontains),
                proptest::sample::select(vec![StartsWith, EndsWith, IsCleanedPathExact])], text_or_list.prop_map(Some)).prop_map(made),
        1 => (of("page"), negatable(In, NotIn), proptest::collection::vec(text_value(), 1..4).prop_map(|list| Some(Json::Array(list)))).prop_map(made),
        2 => (of("k"), negatable(Regex, NotRegex), pattern.prop_map(Some)).prop_map(made),
        2 => (of("amount"), proptest::sample::select(vec![Gt, Gte, Lt, Lte, Min, Max]), number.prop_map(Some)).prop_map(made),
        2 => (of("amount"), negatable(Between, NotBetween), pair.prop_map(Some)).prop_map(made),
        2 => (of("k"), negatable(IsSet, IsNotSet), Just(None)).prop_map(made),
        2 => (of("when"), proptest::sample::select(vec![IsDateExact, IsDateBefore, IsDateAfter]), date.prop_map(Some)).prop_map(made),
        2 => (of("version"), proptest::sample::select(vec![SemverEq, SemverNeq, SemverGt, SemverGte, SemverLt, SemverLte, SemverTilde, SemverCaret]), version.prop_map(Some)).prop_map(made),
        1 => (of("version"), Just(SemverWildcard), wildcard.prop_map(Some)).prop_map(made),
        1 => Just(Filter { value: Some(json!("x")), ..Filter::default() }),
    ]
    .prop_flat_map(|filter| (Just(filter), scope(), proptest::sample::select(&PERSON_KEYS[..])))
    .prop_map(|(mut filter, scope, key)| {
        if let (Scope::Person, Some(property)) = (scope, &mut filter.property) {
            *property = key.to_owned();
            filter.kind = Some("person".to_owned());
        }
        filter
    })
}

/// One or two more properties of a breakdown; some with bins.
fn more_properties() -> impl Strategy<Value = Vec<BreakdownBy>> {
    let by = (proptest::sample::select(vec!["k", "page", "amount", "event"]), scope());
    let by = (by, proptest::option::weighted(0.3, 1..4_u32));
    let by = by.prop_map(|((property, scope), bins)| BreakdownBy { property: property.to_owned(), scope, bins });
    proptest::collection::vec(by, 1..3)
}

/// The same without bins, which only trends have.
pub fn plain_properties() -> impl Strategy<Value = Vec<BreakdownBy>> {
    let plain = |list: Vec<BreakdownBy>| list.into_iter().map(|by| BreakdownBy { bins: None, ..by }).collect();
    prop_oneof![3 => Just(Vec::new()), 1 => more_properties().prop_map(plain)]
}

/// Now and then a built-in action in place of an event name.
pub fn action() -> impl Strategy<Value = Option<ActionRef>> {
    let names = proptest::sample::select(vec!["page_view", "page_view", "click"]);
    proptest::option::weighted(0.15, names.prop_map(|name| ActionRef::BuiltIn(name.to_owned())))
}

/// The event's mostly.
pub fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![3 => Just(Scope::Event), 1 => Just(Scope::Person)]
}

fn text_value() -> impl Strategy<Value = Json> {
    proptest::sample::select(vec![
        json!("Ab"),
        json!("a"),
        json!(""),
        json!("5"),
        json!(5),
        json!(5.0),
        json!(true),
        json!("true"),
        json!("äb"),
        json!("STRASSE"),
        json!("Σ"),
        json!("k"),
        json!("home"),
        json!("view"),
        json!("s1"),
        json!("0"),
        json!(1e3),
        json!("1e3"),
        json!(9_007_199_254_740_993_u64),
        json!("b"),
    ])
}

/// A formula as text, and what it means for a function that gives the numbers of the series.
pub type Formula = (&'static str, fn(&dyn Fn(usize) -> f64) -> f64);

fn over(above: f64, below: f64) -> f64 {
    if below == 0.0 { 0.0 } else { above / below }
}

/// The formulas that questions have; with one series only the first two.
pub const FORMULAS: [Formula; 6] = [
    ("A * 2 - 1", |n| n(0) * 2.0 - 1.0),
    ("-(a + 1) ** 2", |n| -((n(0) + 1.0) * (n(0) + 1.0))),
    ("A + 2 * B", |n| n(0) + 2.0 * n(1)),
    ("A / B + 1", |n| over(n(0), n(1)) + 1.0),
    ("(A + B) / (A - B)", |n| over(n(0) + n(1), n(0) - n(1))),
    ("100 * B / (A + B) % 7", |n| {
        let share = over(100.0 * n(1), n(0) + n(1));
        share % 7.0
    }),
];

/// Trends over every math, interval, range and breakdown, with few buckets.
pub fn trends() -> impl Strategy<Value = TrendsQuestion> {
    let wide = (
        proptest::sample::select(vec![Interval::Day, Interval::Week, Interval::Month]),
        proptest::sample::select(vec![
            None,
            Some("-3d"),
            Some("-14d"),
            Some("-1w"),
            Some("-2m"),
            Some("-1q"),
            Some("-90h"),
            Some("all"),
            Some("dStart"),
            Some("wStart"),
            Some("mStart"),
            Some("qStart"),
            Some("yStart"),
            Some("-2dStart"),
            Some("-1wStart"),
            Some("-4dEnd"),
        ]),
        proptest::sample::select(vec![
            None,
            None,
            Some("-1d"),
            Some("-30h"),
            Some("-1dEnd"),
            Some("wStart"),
            Some("mEnd"),
        ]),
    );
    let narrow = (
        proptest::sample::select(vec![Interval::Minute, Interval::Hour]),
        proptest::sample::select(vec![Some("-5h"), Some("-1d"), Some("dStart"), Some("-1dStart"), Some("-30h")]),
        proptest::sample::select(vec![None, Some("-2h"), Some("-1d"), Some("-1dEnd"), Some("dEnd"), Some("dStart")]),
    );
    let breakdown = (
        proptest::sample::select(vec!["k", "page", "amount", "event", "distinct_id", "session_id", "absent"]),
        prop_oneof![2 => Just(None), 3 => (1..4_u32).prop_map(Some)],
        any::<bool>(),
        scope(),
        proptest::option::weighted(0.2, 1..6_u32),
        prop_oneof![3 => Just(Vec::new()), 1 => more_properties()],
    )
        .prop_map(|(property, limit, hide_other, scope, bins, and)| Breakdown {
            property: if bins.is_some() { "amount" } else { property }.to_owned(),
            scope,
            bins,
            and,
            limit,
            hide_other,
            ..Breakdown::default()
        });
    let more = (
        proptest::option::weighted(0.2, 0..FORMULAS.len()),
        compare(),
        proptest::bool::weighted(0.2),
        proptest::option::weighted(0.2, 1..5_u32),
    );
    (
        proptest::collection::vec(series(), 1..4),
        prop_oneof![3 => wide.boxed(), 1 => narrow.boxed()],
        any::<bool>(),
        proptest::option::of(breakdown),
        prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::vec(filters(), 1..3)],
        more,
    )
        .prop_map(|(mut series, (interval, from, to), explicit_date, breakdown, filters, more)| {
            let (formula, compare, cumulative, smoothing) = more;
            let fits = |index: &usize| *index < 2 || series.len() > 1;
            let formula = formula.filter(fits).map(|index| FORMULAS[index].0.to_owned());
            if cumulative {
                // Only some maths run.
                series.iter_mut().for_each(|series| {
                    let runs = [Math::Total, Math::Sum, Math::Dau, Math::UniqueSession, Math::UniqueGroup];
                    if !runs.contains(&series.math) {
                        (series.math, series.property) = (Math::Dau, None);
                    }
                    // A running sum of durations has each session once per bucket, which the oracle does not say.
                    series.property = series.property.take().map(|_| "amount".to_owned());
                });
            }
            TrendsQuestion {
                series,
                date_from: from.map(str::to_owned),
                date_to: to.map(str::to_owned),
                explicit_date,
                interval,
                formula,
                compare,
                cumulative,
                smoothing: smoothing.filter(|_| !cumulative),
                breakdown,
                filters,
                ..TrendsQuestion::default()
            }
        })
}

/// Now and then an earlier period.
pub fn compare() -> impl Strategy<Value = Option<Compare>> {
    let to = proptest::option::of(proptest::sample::select(vec!["-1w", "-2d", "-1m", "-1y", "-5h"]));
    proptest::option::weighted(0.25, to.prop_map(|to| Compare { to: to.map(str::to_owned) }))
}

fn series() -> impl Strategy<Value = Series> {
    use Math::*;
    let math = prop_oneof![
        2 => Just(Total),
        3 => Just(Dau),
        2 => Just(UniqueSession),
        1 => Just(UniqueGroup),
        2 => proptest::sample::select(vec![WeeklyActive, MonthlyActive]),
        2 => proptest::sample::select(vec![FirstTimeForUser, FirstMatchingEventForUser]),
        2 => proptest::sample::select(vec![
            AvgCountPerActor, MinCountPerActor, MaxCountPerActor, MedianCountPerActor, P75CountPerActor, P90CountPerActor,
            P95CountPerActor, P99CountPerActor,
        ]),
        3 => proptest::sample::select(vec![Sum, Avg, Min, Max, Median, P75, P90, P95, P99]),
    ];
    let event =
        prop_oneof![1 => Just(None), 2 => proptest::sample::select(&NAMES[..]).prop_map(|name| Some(name.to_owned()))];
    let filters = prop_oneof![3 => Just(Vec::new()), 1 => proptest::collection::vec(filters(), 1..2)];
    let property = prop_oneof![4 => Just("amount"), 1 => Just("$session_duration")];
    (math, event, filters, property, action()).prop_map(|(math, event, filters, property, action)| Series {
        event: event.filter(|_| action.is_none()),
        action,
        math,
        property: math.needs_property().then(|| property.to_owned()),
        group: (math == UniqueGroup).then_some(1),
        filters,
        label: None,
    })
}

/// Pages of events.
pub fn events() -> impl Strategy<Value = EventsQuestion> {
    let some = |list: &'static [&'static str]| proptest::sample::select(list).prop_map(|text| Some(text.to_owned()));
    (
        prop_oneof![2 => Just(None), 1 => some(&NAMES)],
        prop_oneof![2 => Just(None), 1 => some(&IDS), 1 => Just(Some("nobody".to_owned()))],
        prop_oneof![1 => Just(None), 4 => some(&["all", "-2d", "-30d", "-50h", "wStart"])],
        prop_oneof![3 => Just(None), 1 => some(&["-1d", "-10h"])],
        prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::vec(filters(), 1..3)],
        prop_oneof![1 => Just(None), 4 => (1..8_u32).prop_map(Some)],
        action(),
    )
        .prop_map(|(event, person, date_from, date_to, filters, limit, action)| EventsQuestion {
            event: event.filter(|_| action.is_none()),
            action,
            person,
            date_from,
            date_to,
            filters,
            limit,
            after: None,
        })
}
