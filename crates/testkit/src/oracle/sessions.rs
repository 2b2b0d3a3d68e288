//! Sessions: every event put to its session, each session then read from end to end.

use super::dates::Wall;
use super::filter::{self, value_of};
use super::identity::Persons;
use crate::events::World;
use model::insight::sessions::{SessionRow, SessionsQuestion};
use model::time::{DAY, Interval, SECOND};
use model::{Event, Micros, Uuid};
use std::collections::BTreeMap;

/// The events of each session, in their order, by what it is called.
///
/// Events more than 24 hours from the range are not looked at.
pub fn visits<'a>(
    all: &'a [Event],
    persons: &Persons,
    (from, to): (Micros, Micros),
    infer: bool,
) -> Vec<(String, Vec<&'a Event>)> {
    let mut sent: BTreeMap<String, Vec<&Event>> = BTreeMap::new();
    let mut without: BTreeMap<String, Vec<&Event>> = BTreeMap::new();
    for event in all.iter().filter(|event| from - DAY <= event.event_at && event.event_at <= to + DAY) {
        match event.session_id.as_deref() {
            Some(id) if !id.is_empty() => sent.entry(id.to_owned()).or_default().push(event),
            _ => without.entry(persons.name_of(&event.distinct_id)).or_default().push(event),
        }
    }
    let sorted = |mut events: Vec<&'a Event>| {
        events.sort_by_key(|event| (event.event_at, event.uuid));
        events
    };
    let mut visits: Vec<(String, Vec<&Event>)> = sent.into_iter().map(|(id, events)| (id, sorted(events))).collect();
    for events in without.into_values().map(sorted).filter(|_| infer) {
        let mut visit: Vec<&Event> = Vec::new();
        let named = |visit: Vec<&'a Event>| (format!("i-{}", visit[0].uuid), visit);
        for event in events {
            let is_over = |visit: &[&Event]| {
                let pause = event.event_at - visit[visit.len() - 1].event_at;
                pause > 30 * 60 * SECOND || event.event_at - visit[0].event_at > DAY
            };
            if !visit.is_empty() && is_over(&visit) {
                visits.push(named(std::mem::take(&mut visit)));
            }
            visit.push(event);
        }
        visits.push(named(visit));
    }
    visits
}

/// Whether an event shows a page or a screen.
pub fn is_seen(event: &Event) -> bool {
    ["$pageview", "IMPRESSION", "$screen"].contains(&&*event.event)
}

fn said(event: &Event, keys: &[&str]) -> Option<String> {
    let texts = keys.iter().filter_map(|key| Some(value_of(event, key)?.canonical()));
    texts.into_iter().find(|text| !text.is_empty() && text != "null")
}

fn path(address: &str) -> String {
    let behind_host = match address.find("://") {
        Some(at) => {
            let rest = &address[at + 3..];
            rest[rest.find(|c| "/?#".contains(c)).unwrap_or(rest.len())..].to_owned()
        }
        None => address.to_owned(),
    };
    let path: String = behind_host.chars().take_while(|c| !"?#".contains(*c)).collect();
    if path.is_empty() { "/".to_owned() } else { path }
}

/// The page that an event shows.
pub fn page(event: &Event) -> Option<String> {
    let text = |key: &str| Some(value_of(event, key)?.canonical()).filter(|text| !text.is_empty());
    match &*event.event {
        "$pageview" => text("$pathname").or_else(|| Some(path(&text("$current_url")?))),
        "$screen" => text("$screen_name"),
        "IMPRESSION" => address(event).map(|uri| path(&uri)).or_else(|| text("edata.pageid")),
        _ => None,
    }
}

fn address(event: &Event) -> Option<String> {
    let key = match &*event.event {
        "$pageview" => return Some(value_of(event, "$current_url")?.canonical()).filter(|text| !text.is_empty()),
        "IMPRESSION" => "edata.uri",
        _ => return None,
    };
    Some(value_of(event, key)?.canonical()).filter(|uri| uri.starts_with('/') || uri.contains("://"))
}

/// The channel of an event that says anything about it; over the few names that generators use.
fn channel(event: &Event) -> Option<&'static str> {
    let lower = |key: &str| said(event, &[key]).map(|text| text.to_lowercase());
    let (domain, source, medium) = (lower("$referring_domain"), lower("utm_source"), lower("utm_medium"));
    let (campaign, gclid) = (lower("utm_campaign"), lower("gclid").is_some());
    let (gad, fbclid) = (lower("gad_source"), lower("fbclid").is_some());
    if [&domain, &source, &medium, &campaign, &gad].iter().all(|hint| hint.is_none()) && !gclid && !fbclid {
        return None;
    }
    let is = |text: &Option<String>, wanted: &str| text.as_deref() == Some(wanted);
    if campaign.as_deref().is_some_and(|campaign| campaign.contains("cross-network")) {
        return Some("Cross Network");
    }
    let google = is(&domain, "www.google.com");
    let shop = is(&campaign, "shopping days");
    let video = is(&campaign, "a video");
    let facebook = is(&source, "facebook");
    let social = is(&medium, "paid-social");
    if is(&medium, "cpc") || social || gclid || gad.is_some() {
        let order = [
            (facebook, "Paid Social"),
            (shop, "Paid Shopping"),
            (social, "Paid Social"),
            (google, "Paid Search"),
            (is(&gad, "1"), "Paid Search"),
            (video, "Paid Video"),
            (fbclid, "Paid Social"),
        ];
        return Some(order.iter().find(|(holds, _)| *holds).map_or("Paid Unknown", |(_, name)| name));
    }
    let direct = is(&domain, "$direct");
    if direct && medium.is_none() && (source.is_none() || is(&source, "direct")) && !fbclid {
        return Some("Direct");
    }
    let order = [
        (facebook, "Organic Social"),
        (shop, "Organic Shopping"),
        (is(&medium, "email"), "Email"),
        (google, "Organic Search"),
        (video, "Organic Video"),
        (is(&medium, "web-push"), "Push"),
        (fbclid, "Organic Social"),
        (direct, "Direct"),
        (domain.is_some(), "Referral"),
    ];
    Some(order.iter().find(|(holds, _)| *holds).map_or("Unknown", |(_, name)| name))
}

/// All that is known of one session; its person by the name that the oracle has for them.
pub fn summary(id: &str, events: &[&Event], persons: &Persons) -> SessionRow {
    let (first, last) = (events[0], events[events.len() - 1]);
    let length = last.event_at - first.event_at;
    let count = |names: &[&str]| events.iter().filter(|event| names.contains(&&*event.event)).count() as u64;
    let any = |keys: &[&str]| events.iter().find_map(|event| said(event, keys));
    // Best key first, within one event.
    let (pageviews, screens) = (count(&["$pageview", "IMPRESSION"]), count(&["$screen"]));
    let clicks = count(&["$autocapture", "INTERACT"]);
    SessionRow {
        session_id: id.to_owned(),
        person: persons.name_of(&last.distinct_id),
        start: String::new(),
        end: String::new(),
        duration_s: (length / SECOND) as u64,
        too_long: length > DAY,
        events: events.len() as u64,
        pageviews,
        screens,
        clicks,
        bounce: (pageviews + screens > 0).then_some(pageviews + screens == 1 && clicks == 0 && length < 10 * SECOND),
        entry_url: events.iter().find_map(|event| address(event)),
        entry_page: events.iter().find_map(|event| page(event)),
        exit_url: events.iter().rev().find_map(|event| address(event)),
        exit_page: events.iter().rev().find_map(|event| page(event)),
        channel: events.iter().find_map(|event| channel(event)).unwrap_or("Unknown").to_owned(),
        referring_domain: any(&["$referring_domain"]),
        utm_source: any(&["utm_source"]),
        utm_medium: any(&["utm_medium"]),
        utm_campaign: any(&["utm_campaign"]),
        utm_term: any(&["utm_term"]),
        utm_content: any(&["utm_content"]),
        device: any(&["$device_type"]),
        browser: any(&["$browser", "edata.uaspec.agent"]),
        os: any(&["$os", "edata.uaspec.system"]),
        country: any(&["$geoip_country_code"]),
        language: any(&["$browser_language", "context.lang"]),
    }
}

/// Start, end, first uuid and what is known of each session, newest first. `None`: the range starts after it ends.
pub type Listed = Vec<((Micros, Micros, Uuid), SessionRow)>;

/// Answers a sessions question, not cut into pages.
pub fn sessions(all: &[Event], persons: &Persons, question: &SessionsQuestion, world: &World) -> Option<Listed> {
    let wall = Wall::new(&world.clock);
    let earliest = all.iter().map(|event| event.event_at).min();
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let (from, to) = wall.range(dates, Interval::Day, world.now, earliest)?;
    let mut listed: Listed = visits(all, persons, (from, to), question.infer_sessions)
        .into_iter()
        .filter(|(_, events)| from <= events[0].event_at && events[0].event_at <= to)
        .filter(|(_, events)| {
            let last = &events[events.len() - 1].distinct_id;
            question.person.as_deref().is_none_or(|id| persons.ids_of(id).contains(&**last))
        })
        .filter(|(_, events)| events.iter().any(|event| filter::all_hold(&question.filters, event, &wall, world.now)))
        .map(|(id, events)| {
            let key = (events[0].event_at, events[events.len() - 1].event_at, events[0].uuid);
            (key, summary(&id, &events, persons))
        })
        .collect();
    listed.sort_by_key(|((start, _, uuid), _)| std::cmp::Reverse((*start, *uuid)));
    Some(listed)
}
