//! Web analytics: the sessions that count, written down with their rows, then counted by going through them again.

use super::dates::Wall;
use super::filter;
use super::identity::Persons;
use super::sessions::{is_seen, page, summary, visits};
use crate::events::World;
use model::insight::sessions::SessionRow;
use model::insight::web::{WebQuestion, WebTable};
use model::time::{DAY, Interval};
use model::{Event, Micros};
use std::collections::{BTreeMap, BTreeSet};

/// One session that counts.
struct Visit<'a> {
    events: Vec<&'a Event>,
    row: SessionRow,
    /// Who saw which page, within the range.
    views: Vec<(String, Option<String>)>,
}

/// The numbers of some sessions, and who they are of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Numbers {
    /// By person how many of the sessions; of a page how many views.
    pub visitors: BTreeMap<String, u64>,
    /// Views.
    pub views: u64,
    /// Sessions.
    pub sessions: u64,
    /// Mean seconds.
    pub duration_s: Option<f64>,
    /// Percent.
    pub bounce_rate: Option<f64>,
}

/// One period: of all, and by row of each table; without a value: `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// Of all sessions.
    pub whole: Numbers,
    /// In the order of the question, each table once.
    pub tables: Vec<(WebTable, BTreeMap<Option<String>, Numbers>)>,
}

/// The row of a table in which a session is.
fn row_of(table: WebTable, row: &SessionRow) -> Option<String> {
    match table {
        WebTable::Pages | WebTable::EntryPages => row.entry_page.clone(),
        WebTable::ExitPages => row.exit_page.clone(),
        WebTable::Channels => Some(row.channel.clone()),
        WebTable::Sources => row.utm_source.clone().or_else(|| row.referring_domain.clone()),
        WebTable::ReferringDomains => row.referring_domain.clone(),
        WebTable::UtmSources => row.utm_source.clone(),
        WebTable::UtmMedia => row.utm_medium.clone(),
        WebTable::UtmCampaigns => row.utm_campaign.clone(),
        WebTable::UtmTerms => row.utm_term.clone(),
        WebTable::UtmContents => row.utm_content.clone(),
        WebTable::Devices => row.device.clone(),
        WebTable::Browsers => row.browser.clone(),
        WebTable::Os => row.os.clone(),
        WebTable::Countries => row.country.clone(),
        WebTable::Languages => row.language.clone(),
    }
}

fn mean_duration(visits: &[&Visit<'_>]) -> Option<f64> {
    let length = |visit: &&&Visit<'_>| visit.events[visit.events.len() - 1].event_at - visit.events[0].event_at;
    let lengths: Vec<Micros> = visits.iter().map(|visit| length(&visit)).filter(|length| *length <= DAY).collect();
    (!lengths.is_empty()).then(|| lengths.iter().sum::<Micros>() as f64 / 1e6 / lengths.len() as f64)
}

fn bounces(visits: &[&Visit<'_>]) -> Option<f64> {
    let bounced = visits.iter().filter(|visit| visit.row.bounce == Some(true)).count();
    (!visits.is_empty()).then(|| 100.0 * bounced as f64 / visits.len() as f64)
}

fn numbers(visits: &[&Visit<'_>], persons: &Persons) -> Numbers {
    let mut visitors: BTreeMap<String, u64> = BTreeMap::new();
    for visit in visits {
        let names: BTreeSet<_> = visit.events.iter().map(|event| persons.name_of(&event.distinct_id)).collect();
        names.into_iter().for_each(|name| *visitors.entry(name).or_default() += 1);
    }
    Numbers {
        visitors,
        views: visits.iter().map(|visit| visit.views.len() as u64).sum(),
        sessions: visits.len() as u64,
        duration_s: mean_duration(visits),
        bounce_rate: bounces(visits),
    }
}

fn of_page(visits: &[Visit<'_>], page: &Option<String>) -> Numbers {
    let sees = |visit: &&Visit<'_>| visit.views.iter().any(|(_, seen)| seen == page);
    let seeing: Vec<&Visit<'_>> = visits.iter().filter(sees).collect();
    let entering: Vec<&Visit<'_>> = visits.iter().filter(|visit| visit.row.entry_page == *page).collect();
    let mut visitors: BTreeMap<String, u64> = BTreeMap::new();
    for (person, _) in visits.iter().flat_map(|visit| &visit.views).filter(|(_, seen)| seen == page) {
        *visitors.entry(person.clone()).or_default() += 1;
    }
    Numbers {
        views: visitors.values().sum(),
        visitors,
        sessions: seeing.len() as u64,
        duration_s: mean_duration(&seeing),
        bounce_rate: bounces(&entering),
    }
}

/// The numbers of the sessions that start between two instants, both inclusive.
pub fn period(
    all: &[Event],
    persons: &Persons,
    question: &WebQuestion,
    world: &World,
    (from, to): (Micros, Micros),
) -> Period {
    let wall = Wall::new(&world.clock);
    let within = |event: &Event| from <= event.event_at && event.event_at <= to;
    let counted: Vec<Visit<'_>> = visits(all, persons, (from, to), question.infer_sessions)
        .into_iter()
        .filter(|(_, events)| within(events[0]))
        .filter(|(_, events)| {
            let mut seen = events.iter().filter(|event| within(event) && is_seen(event));
            seen.any(|event| filter::all_hold(&question.filters, event, &wall, world.now))
        })
        .map(|(id, events)| {
            let seen = events.iter().filter(|event| within(event) && is_seen(event));
            let views = seen.map(|event| (persons.name_of(&event.distinct_id), page(event))).collect();
            Visit { row: summary(&id, &events, persons), views, events }
        })
        .filter(|visit: &Visit<'_>| {
            question.rows.iter().all(|row| {
                let value = Some(row.value.clone()).filter(|value| value != "(none)");
                match row.table {
                    WebTable::Pages => visit.views.iter().any(|(_, page)| *page == value),
                    table => row_of(table, &visit.row) == value,
                }
            })
        })
        .collect();
    let everything: Vec<&Visit<'_>> = counted.iter().collect();
    let mut tables: Vec<(WebTable, BTreeMap<Option<String>, Numbers>)> = Vec::new();
    for table in &question.tables {
        if tables.iter().any(|(other, _)| other == table) {
            continue;
        }
        let mut values: BTreeSet<Option<String>> = counted.iter().map(|visit| row_of(*table, &visit.row)).collect();
        if *table == WebTable::Pages {
            values.extend(counted.iter().flat_map(|visit| visit.views.iter().map(|(_, page)| page.clone())));
        }
        let numbers_of = |value: &Option<String>| match table {
            WebTable::Pages => of_page(&counted, value),
            table => {
                let own: Vec<_> = everything.iter().copied().filter(|v| row_of(*table, &v.row) == *value).collect();
                numbers(&own, persons)
            }
        };
        tables.push((*table, values.into_iter().map(|value| (value.clone(), numbers_of(&value))).collect()));
    }
    Period { whole: numbers(&everything, persons), tables }
}

/// The ranges of a question: its own, and that of as many days before it. `None`: the range starts after it ends.
pub fn ranges(all: &[Event], question: &WebQuestion, world: &World) -> Option<[(Micros, Micros); 2]> {
    let wall = Wall::new(&world.clock);
    let earliest = all.iter().map(|event| event.event_at).min();
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let (from, to) = wall.range(dates, Interval::Day, world.now, earliest)?;
    let starts = wall.buckets(from, to, Interval::Day);
    let mut before = starts[0];
    for _ in &starts {
        before = wall.bucket_start(before - 1, Interval::Day);
    }
    Some([(from, to), (before, starts[0] - 1)])
}
