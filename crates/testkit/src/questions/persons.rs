//! Random questions about what persons do one after another.

use super::{action, compare, filters, plain_properties, scope};
use crate::events::{KEYS, NAMES, PERSON_KEYS};
use model::filter::{Filter, Scope};
use model::insight::correlation::{CorrelationBy, CorrelationQuestion};
use model::insight::funnel::{
    Attribution, Exclusion, FunnelBreakdown, FunnelOrder, FunnelQuestion, FunnelStep, FunnelView, Window, WindowUnit,
};
use model::insight::lifecycle::LifecycleQuestion;
use model::insight::paths::{Cleaning, FunnelPaths, PathKind, PathSide, PathsQuestion};
use model::insight::retention::{Aggregate, AggregateMath, Period, Reference, RetentionQuestion, Start};
use model::insight::step::{EventMatch, Occurrence};
use model::insight::stickiness::{CountIs, Criterion, StickinessQuestion};
use model::insight::trends::{Breakdown, BreakdownBy};
use model::time::Interval;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        1 => Just(None),
        6 => proptest::sample::select(&NAMES[..]).prop_map(|name| Some(name.to_owned())),
    ]
}

fn few_filters() -> impl Strategy<Value = Vec<Filter>> {
    prop_oneof![5 => Just(Vec::new()), 1 => proptest::collection::vec(filters(), 1..2)]
}

/// Whose property, and which others beside it.
fn by() -> impl Strategy<Value = (Scope, Vec<BreakdownBy>)> {
    (scope(), plain_properties())
}

fn dates() -> impl Strategy<Value = (Option<String>, Option<String>)> {
    let some = |list: &'static [&'static str]| proptest::sample::select(list).prop_map(|text| Some(text.to_owned()));
    (
        prop_oneof![1 => Just(None), 6 => some(&["-3d", "-30d", "-2m", "all", "all", "wStart", "-90h", "mStart"])],
        prop_oneof![4 => Just(None), 1 => some(&["-1d", "-30h", "-1dEnd", "dStart", "mEnd"])],
    )
}

fn wide() -> impl Strategy<Value = Interval> {
    proptest::sample::select(vec![Interval::Day, Interval::Day, Interval::Week, Interval::Month])
}

/// Events by name or built-in action, now and then with filters.
pub fn event_match() -> impl Strategy<Value = EventMatch> {
    (name(), few_filters(), action()).prop_map(|(event, filters, action)| {
        let event = event.filter(|_| action.is_none());
        EventMatch { event, action, filters, label: None }
    })
}

fn step() -> impl Strategy<Value = FunnelStep> {
    let occurrence = prop_oneof![
        8 => Just(Occurrence::Any),
        1 => Just(Occurrence::FirstEver),
        1 => Just(Occurrence::FirstMatching),
    ];
    (event_match(), any::<bool>(), occurrence).prop_map(|(of, optional, occurrence)| FunnelStep {
        event: of.event,
        action: of.action,
        filters: of.filters,
        label: None,
        optional,
        occurrence,
    })
}

/// Funnels of every order, view, window and attribution; right ones.
pub fn funnels() -> impl Strategy<Value = FunnelQuestion> {
    let order = proptest::sample::select(vec![
        FunnelOrder::Ordered,
        FunnelOrder::Ordered,
        FunnelOrder::Strict,
        FunnelOrder::Unordered,
    ]);
    let unit = proptest::sample::select(vec![
        WindowUnit::Second,
        WindowUnit::Minute,
        WindowUnit::Hour,
        WindowUnit::Day,
        WindowUnit::Week,
        WindowUnit::Month,
    ]);
    let window = proptest::option::of((1..40_u32, unit).prop_map(|(count, unit)| Window { count, unit }));
    let exclusion = (event_match(), any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let attribution = proptest::sample::select(vec![
        Attribution::FirstTouch,
        Attribution::LastTouch,
        Attribution::AllEvents,
        Attribution::Step,
    ]);
    let property = proptest::sample::select(vec!["k", "page", "event", "amount"]);
    let breakdown =
        proptest::option::of((property, 1..4_u32, any::<bool>(), attribution, any::<prop::sample::Index>(), by()));
    let view = prop_oneof![
        4 => Just(FunnelView::Steps),
        1 => Just(FunnelView::TimeToConvert),
        2 => Just(FunnelView::Trend),
    ];
    let ends = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), proptest::option::of(0..100_u32));
    (
        proptest::collection::vec(step(), 2..5),
        (order, window, view, wide(), ends),
        prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::vec(exclusion, 1..3)],
        breakdown,
        (dates(), any::<bool>(), few_filters()),
    )
        .prop_map(
            |(steps, (order, window, view, interval, ends), exclusions, breakdown, (dates, explicit, filters))| {
                let count = steps.len();
                let pair = |a: &prop::sample::Index, b: &prop::sample::Index| {
                    let from = a.index(count - 1);
                    (from as u32 + 1, (from + 1 + b.index(count - 1 - from)) as u32 + 1)
                };
                let mut question =
                    FunnelQuestion { steps, order, window, view, interval, filters, ..Default::default() };
                (question.date_from, question.date_to) = dates;
                question.explicit_date = explicit;
                for (index, step) in question.steps.iter_mut().enumerate() {
                    step.optional &= order == FunnelOrder::Ordered && index > 0 && index + 1 < count;
                }
                if order != FunnelOrder::Strict {
                    question.exclusions = exclusions
                        .into_iter()
                        .map(|(of, a, b)| {
                            let (from, to) =
                                if order == FunnelOrder::Unordered { (1, count as u32) } else { pair(&a, &b) };
                            let EventMatch { event, action, filters, .. } = of;
                            Exclusion { event, action, filters, from_step: Some(from), to_step: Some(to) }
                        })
                        .collect();
                }
                if view == FunnelView::Steps {
                    question.breakdown =
                        breakdown.map(|(property, limit, hide_other, attribution, step, (scope, and))| {
                            FunnelBreakdown {
                                property: property.to_owned(),
                                scope,
                                and,
                                cohorts: Vec::new(),
                                limit: Some(limit),
                                hide_other,
                                attribution,
                                step: (attribution == Attribution::Step).then(|| match order {
                                    FunnelOrder::Unordered => 1,
                                    _ => step.index(count) as u32 + 1,
                                }),
                            }
                        });
                } else {
                    let (from, to) = pair(&ends.0, &ends.1);
                    let required = |step: u32| !question.steps[step as usize - 1].optional;
                    if required(from) && required(to) {
                        (question.from_step, question.to_step) = (Some(from), Some(to));
                    }
                    question.bins = ends.2;
                }
                question
            },
        )
}

/// Funnels that another question looks at.
fn whole_funnels() -> impl Strategy<Value = FunnelQuestion> {
    funnels().prop_map(|mut funnel| {
        (funnel.view, funnel.breakdown) = (FunnelView::Steps, None);
        (funnel.from_step, funnel.to_step, funnel.bins) = (None, None, None);
        funnel
    })
}

/// Correlations of such funnels by all that there is.
pub fn correlations() -> impl Strategy<Value = CorrelationQuestion> {
    let by = proptest::sample::select(vec![
        CorrelationBy::Events,
        CorrelationBy::EventProperties,
        CorrelationBy::PersonProperties,
    ]);
    let some = |list: &'static [&'static str], count| {
        proptest::sample::subsequence(list, count).prop_map(|keys| keys.into_iter().map(str::to_owned).collect())
    };
    let keys = (some(&KEYS, 1..3), some(&PERSON_KEYS, 1..3));
    let event = proptest::sample::select(vec!["$identify", "view", "pay", "$pageview"]);
    let exclude = prop_oneof![3 => Just(Vec::new()), 1 => some(&["pay", "a", "true", "5"], 1..3)];
    (whole_funnels(), by, event, keys, exclude, (proptest::option::of(0..4_u64), proptest::option::of(1..5_u32)))
        .prop_map(|(funnel, by, event, (of_events, of_persons), exclude, (persons_min, limit))| {
            let is_step = funnel.steps.iter().any(|step| step.event.as_deref() == Some(event));
            let by = if is_step && by == CorrelationBy::EventProperties { CorrelationBy::Events } else { by };
            let properties: Vec<String> = match by {
                CorrelationBy::Events => Vec::new(),
                CorrelationBy::EventProperties => of_events,
                CorrelationBy::PersonProperties => of_persons,
            };
            let event = (by == CorrelationBy::EventProperties).then(|| event.to_owned());
            CorrelationQuestion { funnel, by, event, properties, exclude, persons_min, limit }
        })
}

/// Retentions of every kind.
pub fn retentions() -> impl Strategy<Value = RetentionQuestion> {
    let start = proptest::sample::select(vec![Start::Recurring, Start::Recurring, Start::FirstTime, Start::FirstEver]);
    let period = proptest::sample::select(vec![Period::Hour, Period::Day, Period::Day, Period::Week, Period::Month]);
    let breakdown = proptest::option::of(
        (proptest::sample::select(vec!["k", "page", "event"]), 1..4_u32, any::<bool>(), by()).prop_map(
            |(property, limit, hide_other, (scope, and))| Breakdown {
                property: property.to_owned(),
                scope,
                and,
                limit: Some(limit),
                hide_other,
                ..Breakdown::default()
            },
        ),
    );
    let date_to = prop_oneof![
        3 => Just(None),
        1 => proptest::sample::select(vec!["-1d", "-30h", "-1dEnd", "dStart", "mEnd"]).prop_map(|text| Some(text.to_owned())),
    ];
    let aggregate = proptest::sample::select(vec![AggregateMath::Count, AggregateMath::Sum, AggregateMath::Avg]);
    let aggregate = (aggregate, proptest::sample::select(vec!["amount", "k"]))
        .prop_map(|(math, key)| Aggregate { math, property: (math != AggregateMath::Count).then(|| key.to_owned()) });
    (
        (event_match(), proptest::option::of(event_match()), few_filters()),
        (start, period, 1..12_u32, date_to),
        (any::<bool>(), any::<bool>(), 1..4_u32, any::<bool>()),
        (breakdown, proptest::option::of(aggregate)),
    )
        .prop_map(
            |(
                (start_event, return_event, filters),
                (start, period, intervals, date_to),
                (rolling, cumulative, minimum, previous),
                (breakdown, aggregate),
            )| RetentionQuestion {
                start_event,
                return_event,
                start,
                period,
                // The oracle walks through months by quarters of an hour.
                intervals: Some(if period == Period::Month { intervals.min(3) } else { intervals }),
                date_to,
                rolling,
                cumulative,
                minimum_occurrences: (!rolling).then_some(minimum),
                aggregate,
                reference: if previous { Reference::Previous } else { Reference::Total },
                breakdown,
                filters,
            },
        )
}

/// Stickiness of one or two series.
pub fn stickinesses() -> impl Strategy<Value = StickinessQuestion> {
    let operator = proptest::sample::select(vec![CountIs::Gte, CountIs::Lte, CountIs::Exact]);
    let criterion =
        proptest::option::of((operator, 1..4_u32).prop_map(|(operator, value)| Criterion { operator, value }));
    (
        proptest::collection::vec(event_match(), 1..3),
        (dates(), any::<bool>(), wide()),
        (criterion, any::<bool>(), compare()),
        few_filters(),
    )
        .prop_map(
            |(series, ((date_from, date_to), explicit_date, interval), (criterion, cumulative, compare), filters)| {
                StickinessQuestion {
                    series,
                    date_from,
                    date_to,
                    explicit_date,
                    interval,
                    criterion,
                    cumulative,
                    compare,
                    filters,
                }
            },
        )
}

/// Lifecycles.
pub fn lifecycles() -> impl Strategy<Value = LifecycleQuestion> {
    (event_match(), dates(), any::<bool>(), wide(), few_filters()).prop_map(
        |(series, (date_from, date_to), explicit_date, interval, filters)| LifecycleQuestion {
            series,
            date_from,
            date_to,
            explicit_date,
            interval,
            filters,
        },
    )
}

/// Paths over addresses, page ids and event names.
pub fn paths() -> impl Strategy<Value = PathsQuestion> {
    let kinds = proptest::collection::vec(
        proptest::sample::select(vec![PathKind::Pages, PathKind::Screens, PathKind::Events]),
        0..3,
    );
    let cleaning =
        (proptest::sample::select(vec!["[0-9]+", "^h", "a|e", "$"]), proptest::sample::select(vec!["N", "", "$0"]))
            .prop_map(|(regex, alias)| Cleaning { regex: regex.to_owned(), alias: alias.to_owned() });
    let some = |list: &'static [&'static str]| proptest::sample::select(list).prop_map(str::to_owned);
    let side = proptest::sample::select(vec![PathSide::Before, PathSide::After, PathSide::Between]);
    let beside = (whole_funnels(), side, any::<prop::sample::Index>()).prop_map(|(funnel, side, step)| {
        let first = usize::from(side == PathSide::Between);
        let step = (first + step.index(funnel.steps.len() - first) + 1) as u32;
        FunnelPaths { funnel, step, side }
    });
    let item = || proptest::option::weighted(0.3, some(&["/fees", "view", "pay", "home", "/fees/N", "/"]));
    (
        kinds,
        prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::vec(cleaning, 1..3)],
        prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::vec(some(&["/fees/*", "*e*", "p*", "pay"]), 1..3)],
        prop_oneof![3 => Just(Vec::new()), 1 => proptest::collection::vec(some(&["pay", "/fees", "home"]), 1..3)],
        (item(), item()),
        (2..7_u32, 1..12_u32, proptest::option::weighted(0.2, 0..3_u64), proptest::option::weighted(0.2, 1..5_u64)),
        (dates(), few_filters(), proptest::option::weighted(0.4, beside)),
    )
        .prop_map(
            |(kinds, cleaning, groups, exclude, ends, (steps, limit, least, most), (dates, filters, funnel))| {
                let ((start, end), dates) = if funnel.is_some() { Default::default() } else { (ends, dates) };
                PathsQuestion {
                    funnel,
                    kinds,
                    cleaning,
                    groups,
                    exclude,
                    start,
                    end,
                    steps: Some(steps),
                    limit: Some(limit),
                    edges_min: least.filter(|least| most.is_none_or(|most| *least <= most)),
                    edges_max: most,
                    date_from: dates.0,
                    date_to: dates.1,
                    filters,
                }
            },
        )
}
