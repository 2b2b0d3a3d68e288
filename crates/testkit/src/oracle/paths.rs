//! Paths: every person's items written down, then cut and counted.

use super::dates::Wall;
use super::filter::{self, value_of};
use super::funnel::Funnel;
use super::identity::Persons;
use super::journey::by_person;
use crate::events::World;
use model::insight::paths::{FunnelPaths, PathKind, PathSide, PathsQuestion};
use model::time::Interval;
use model::{Event, Micros};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// One edge: how often, by whom, and all its µs together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Edge {
    /// Occurrences.
    pub count: u64,
    /// Persons.
    pub persons: BTreeSet<String>,
    /// µs of all occurrences.
    pub micros: Micros,
}

/// Edges in their order, and how many paths end at each of their nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct Paths {
    /// Source, target, numbers.
    pub edges: Vec<(String, String, Edge)>,
    /// By node.
    pub ends: BTreeMap<String, u64>,
}

/// The item of an event before cleaning.
fn raw_item(event: &Event, kinds: &BTreeSet<PathKind>) -> Option<String> {
    let text = |key: &str| value_of(event, key).map(|value| value.canonical()).filter(|text| !text.is_empty());
    let trimmed =
        |text: String| if text.len() > 1 && text.ends_with('/') { text[..text.len() - 1].to_owned() } else { text };
    let name = &*event.event;
    if kinds.contains(&PathKind::Pages) && name == "$pageview" {
        return text("$current_url").map(trimmed);
    }
    if kinds.contains(&PathKind::Pages) && name == "IMPRESSION" {
        let uri = text("edata.uri").filter(|uri| uri.starts_with('/') || uri.contains("://")).map(trimmed);
        return uri.or_else(|| text("edata.pageid"));
    }
    if kinds.contains(&PathKind::Screens) && name == "$screen" {
        return text("$screen_name");
    }
    (kinds.contains(&PathKind::Events) && !name.starts_with('$') && !name.is_empty()).then(|| name.to_owned())
}

/// The patterns of a question, compiled: rules and groups.
struct Rules {
    cleaning: Vec<Regex>,
    groups: Vec<Regex>,
}

impl Rules {
    fn of(question: &PathsQuestion) -> Rules {
        let compiled = |text: &str| Regex::new(text).expect("generators write patterns");
        let group = |group: &String| {
            let pattern = group.split('*').map(regex::escape).collect::<Vec<_>>().join("(?s:.*)");
            compiled(&format!(r"\A{pattern}\z"))
        };
        Rules {
            cleaning: question.cleaning.iter().map(|rule| compiled(&rule.regex)).collect(),
            groups: question.groups.iter().map(group).collect(),
        }
    }

    /// The item as it is shown; `None`: dropped.
    fn item(&self, raw: String, question: &PathsQuestion) -> Option<String> {
        let mut item = raw;
        for (regex, rule) in self.cleaning.iter().zip(&question.cleaning) {
            item = regex.replace_all(&item, regex::NoExpand(&rule.alias)).into_owned();
        }
        if let Some(group) = self.groups.iter().position(|group| group.is_match(&item)) {
            item = question.groups[group].clone();
        }
        (!item.is_empty() && !question.exclude.contains(&item)).then_some(item)
    }
}

/// One session cut to what is shown; `None`: it does not pass the ends.
fn cut(session: &[(String, Micros)], question: &PathsQuestion) -> Option<Vec<(String, Micros)>> {
    let longest = question.steps.unwrap_or(5) as usize;
    let first = match &question.start {
        Some(start) => session.iter().position(|stop| stop.0 == *start)?,
        None => 0,
    };
    let rest = &session[first..];
    let Some(end) = &question.end else { return Some(rest.iter().take(longest).cloned().collect()) };
    let whole = &rest[..=rest.iter().position(|stop| stop.0 == *end)?];
    if whole.len() <= longest {
        return Some(whole.to_vec());
    }
    if question.start.is_none() {
        return Some(whole[whole.len() - longest..].to_vec());
    }
    Some(halves(whole.to_vec(), longest))
}

type Stops = Vec<(String, Micros)>;

/// Split where a pause is so long, µs, or longer.
fn sessions(stops: &[(String, Micros)], pause: Micros) -> Vec<Stops> {
    let mut sessions: Vec<Stops> = Vec::new();
    for stop in stops {
        let before = sessions.last().and_then(|session| session.last()).map(|last| last.1);
        if before.is_none_or(|before| stop.1 - before >= pause) {
            sessions.push(Vec::new());
        }
        sessions.last_mut().expect("just pushed").push(stop.clone());
    }
    sessions
}

/// Equal items that follow each other are one, with the time of the last.
fn collapsed(session: &[(String, Micros)]) -> Stops {
    let mut stops = Stops::new();
    for stop in session {
        if stops.last().is_some_and(|last| last.0 == stop.0) {
            stops.pop();
        }
        stops.push(stop.clone());
    }
    stops
}

/// The path of a person beside the step of their run; `None`: they have none.
fn beside_step(
    stops: &[(String, Micros)],
    beside: &FunnelPaths,
    funnel: &Funnel<'_>,
    person: &str,
    question: &PathsQuestion,
) -> Option<Stops> {
    let (_, run) = funnel.runs(&funnel.people[person], &|_| Some(None)).pop()?;
    let place = run.done.iter().position(|done| done.0 == beside.step as usize)?;
    let at = run.done[place].1;
    let window = beside.funnel.window.map_or(14 * 86_400, |window| i64::from(window.count) * window.unit.seconds());
    // The step itself stands among the items, so that a pause on either side of it splits too.
    let step = ("the step".to_owned(), at);
    let with_step = |before: Stops, after: Stops| {
        let all: Stops = before.into_iter().chain([step.clone()]).chain(after).collect();
        sessions(&all, window * 1_000_000).into_iter().find(|session| session.contains(&step)).expect("it is in one")
    };
    let until = stops.iter().filter(|stop| stop.1 <= at).cloned().collect::<Stops>();
    let since = stops.iter().filter(|stop| stop.1 >= at).cloned().collect::<Stops>();
    let longest = question.steps.unwrap_or(5) as usize;
    let path = match beside.side {
        PathSide::Before => {
            let mut session = with_step(until, Stops::new());
            session.pop();
            let path = collapsed(&session);
            path[path.len().saturating_sub(longest)..].to_vec()
        }
        PathSide::After => {
            let session = with_step(Stops::new(), since);
            collapsed(&session[1..]).into_iter().take(longest).collect()
        }
        PathSide::Between => {
            let from = run.done[place - 1].1;
            let path = collapsed(&until.into_iter().filter(|stop| stop.1 >= from).collect::<Stops>());
            halves(path, longest)
        }
    };
    (!path.is_empty()).then_some(path)
}

/// The first and last half of a path that is too long.
fn halves(whole: Stops, longest: usize) -> Stops {
    if whole.len() <= longest {
        return whole;
    }
    let half = longest / 2;
    let mut path = whole[..half].to_vec();
    path.push(("...".to_owned(), whole[half].1));
    path.extend_from_slice(&whole[whole.len() - half..]);
    path
}

/// Answers a paths question. `None`: the range starts after it ends.
pub fn paths(all: &[Event], persons: &Persons, question: &PathsQuestion, world: &World) -> Option<Paths> {
    let wall = Wall::new(&world.clock);
    let earliest = all.iter().map(|event| event.event_at).min();
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let funnel = match &question.funnel {
        Some(beside) => Some((beside, Funnel::new(all, persons, &beside.funnel, world)?)),
        None => None,
    };
    let (from, to) = match &funnel {
        Some((_, funnel)) => funnel.range,
        None => wall.range(dates, Interval::Day, world.now, earliest)?,
    };
    let mut kinds: BTreeSet<PathKind> = question.kinds.iter().copied().collect();
    if kinds.is_empty() {
        kinds.insert(PathKind::Pages);
    }
    let rules = Rules::of(question);
    let mut edges: BTreeMap<(usize, String, String), Edge> = BTreeMap::new();
    let mut ends: BTreeMap<String, u64> = BTreeMap::new();
    for (person, events) in by_person(all, persons) {
        let stops: Vec<(String, Micros)> = events
            .iter()
            .filter(|event| from <= event.event_at && event.event_at <= to)
            .filter(|event| filter::all_hold(&question.filters, event, &wall, world.now))
            .filter_map(|event| Some((rules.item(raw_item(event, &kinds)?, question)?, event.event_at)))
            .collect();
        let cut_paths: Vec<Vec<(String, Micros)>> = match &funnel {
            None => {
                let sessions = sessions(&stops, 1_800_000_000);
                sessions.iter().filter_map(|session| cut(&collapsed(session), question)).collect()
            }
            Some((beside, funnel)) => beside_step(&stops, beside, funnel, &person, question).into_iter().collect(),
        };
        for path in cut_paths {
            for (position, pair) in path.windows(2).enumerate() {
                let edge = edges.entry((position + 1, pair[0].0.clone(), pair[1].0.clone())).or_default();
                edge.count += 1;
                edge.persons.insert(person.clone());
                edge.micros += pair[1].1 - pair[0].1;
            }
            if let Some(last) = path.last() {
                *ends.entry(format!("{}_{}", path.len(), last.0)).or_default() += 1;
            }
        }
    }
    let mut kept: Vec<(String, String, Edge)> = edges
        .into_iter()
        .map(|((position, source, target), edge)| {
            (format!("{position}_{source}"), format!("{}_{target}", position + 1), edge)
        })
        .filter(|(_, _, edge)| edge.count >= question.edges_min.unwrap_or(0))
        .filter(|(_, _, edge)| question.edges_max.is_none_or(|most| edge.count <= most))
        .collect();
    kept.sort_by(|a, b| b.2.count.cmp(&a.2.count).then((&a.0, &a.1).cmp(&(&b.0, &b.1))));
    kept.truncate(question.limit.unwrap_or(50) as usize);
    // Take away what cannot be reached, until nothing is left to take away.
    loop {
        let targets: BTreeSet<String> = kept.iter().map(|edge| edge.1.clone()).collect();
        let before = kept.len();
        kept.retain(|edge| edge.0.starts_with("1_") || targets.contains(&edge.0));
        if kept.len() == before {
            break;
        }
    }
    let nodes: BTreeSet<&String> = kept.iter().flat_map(|edge| [&edge.0, &edge.1]).collect();
    ends.retain(|node, _| nodes.contains(node));
    Some(Paths { edges: kept, ends })
}
