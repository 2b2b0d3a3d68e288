//! Web analytics: a site or app at a glance. Definition: docs/semantics/web.md.
//!
//! `seen` says of one session whether it counts and in which rows of which tables it is; here they are added up, and in
//! `people/web.rs` listed.

mod counts;
pub(super) mod seen;

use crate::bind::web::BoundWeb;
use crate::calendar::rfc3339;
use crate::limits::{Budget, QueryError};
use crate::sessions::channel;
use crate::values::{NONE_GROUP, Values};
use counts::{Counts, Numbers};
use model::Micros;
use model::insight::trends::NONE_LABEL;
use model::insight::web::{WebAnswer, WebChange, WebNumbers, WebRow, WebTable, WebTableAnswer};
use seen::Web;
use std::cmp::Reverse;
use store::Snapshot;

/// The numbers of one period: of all sessions, and of the rows of each table by code.
struct Period {
    whole: WebNumbers,
    tables: Vec<Vec<(u32, WebNumbers)>>,
}

pub(crate) fn answer(snapshot: &Snapshot, bound: &BoundWeb, budget: &Budget<'_>) -> Result<WebAnswer, QueryError> {
    let values = Values::new(budget);
    let current = period(snapshot, bound, bound.range, budget, &values)?;
    let previous = match bound.previous {
        Some(range) => Some(period(snapshot, bound, range, budget, &values)?),
        None => None,
    };
    let names = values.names();
    let name = |code: u32| names.get(code as usize).map_or("", |name| &**name);
    let tables = bound.tables.iter().enumerate().map(|(index, table)| {
        let before = previous.as_ref().map(|previous| &previous.tables[index][..]);
        shaped(*table, &current.tables[index], before, bound.limit, &name)
    });
    let tables = tables.collect();
    let before = previous.map(|previous| previous.whole);
    Ok(WebAnswer {
        current: current.whole,
        change: before.map(|before| change(&current.whole, &before)),
        previous: before,
        previous_range: bound.previous.map(|(from, to)| (rfc3339(from), rfc3339(to))),
        tables,
        channels_version: channel::VERSION,
        explain: crate::explain(snapshot, (&bound.definition, bound.range.0, bound.range.1), &bound.warnings, budget),
    })
}

fn period(
    snapshot: &Snapshot,
    bound: &BoundWeb,
    range: (Micros, Micros),
    budget: &Budget<'_>,
    values: &Values<'_>,
) -> Result<Period, QueryError> {
    let wanted = seen::facts_of(bound);
    let web = Web::new(snapshot, bound, range, &wanted, values, budget)?;
    let make = || Ok((seen::Scratch::default(), Counts::new(bound.tables.len(), budget)));
    let states = web.sessions.fold(&web.facts, make, |(scratch, counts), visit| {
        if web.counts(visit.rows, scratch) { counts.add(&web, visit.rows, scratch) } else { Ok(()) }
    })?;
    let mut all: Option<Counts<'_>> = None;
    for (_, counts) in states {
        match &mut all {
            None => all = Some(counts),
            Some(all) => all.merge(counts)?,
        }
    }
    let (whole, tables) = all.map_or_else(Default::default, Counts::finish);
    let numbers = |rows: Vec<(u32, Numbers)>| rows.into_iter().map(|(code, row)| (code, row.shown())).collect();
    let mut tables: Vec<Vec<(u32, WebNumbers)>> = tables.into_iter().map(numbers).collect();
    tables.resize(bound.tables.len(), Vec::new());
    Ok(Period { whole: whole.shown(), tables })
}

/// The rows that are shown, with what they were before.
fn shaped<'n>(
    table: WebTable,
    current: &[(u32, WebNumbers)],
    previous: Option<&[(u32, WebNumbers)]>,
    limit: usize,
    name: &impl Fn(u32) -> &'n str,
) -> WebTableAnswer {
    let mut ranked: Vec<&(u32, WebNumbers)> = current.iter().collect();
    ranked.sort_unstable_by(|(a, x), (b, y)| {
        let rank = |code: u32, numbers: &WebNumbers| (code == NONE_GROUP, Reverse((numbers.visitors, numbers.views)));
        rank(*a, x).cmp(&rank(*b, y)).then_with(|| name(*a).cmp(name(*b)))
    });
    let none = ranked.last().filter(|last| last.0 == NONE_GROUP).copied();
    ranked.truncate(limit);
    if let Some(none) = none.filter(|none| ranked.last() != Some(none)) {
        // Sessions without a value are a row beside those with one.
        ranked.push(none);
    }
    let row = |(code, numbers): &(u32, WebNumbers)| WebRow {
        value: if *code == NONE_GROUP { NONE_LABEL.to_owned() } else { name(*code).to_owned() },
        current: *numbers,
        previous: previous.map(|previous| {
            previous.iter().find(|(other, _)| other == code).map_or_else(WebNumbers::default, |(_, numbers)| *numbers)
        }),
    };
    WebTableAnswer { table, rows: ranked.into_iter().map(row).collect(), count: current.len() as u64 }
}

fn change(current: &WebNumbers, previous: &WebNumbers) -> WebChange {
    let percent = |current: f64, previous: f64| {
        (previous != 0.0).then(|| (100.0 * (current - previous) / previous).round() as i64)
    };
    let of_counts = |current: u64, previous: u64| percent(current as f64, previous as f64);
    WebChange {
        visitors: of_counts(current.visitors, previous.visitors),
        views: of_counts(current.views, previous.views),
        sessions: of_counts(current.sessions, previous.sessions),
        duration_s: current.duration_s.zip(previous.duration_s).and_then(|(a, b)| percent(a, b)),
        bounce_rate: current.bounce_rate.zip(previous.bounce_rate).and_then(|(a, b)| percent(a, b)),
    }
}
