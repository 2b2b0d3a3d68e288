//! Funnels by the rules as they are written, with lists for everything.

use super::dates::Wall;
use super::identity::Persons;
use super::journey::{by_person, is_of, matches, split_value};
use crate::events::World;
use model::filter::Scope;
use model::insight::funnel::{Attribution, FunnelOrder, FunnelQuestion, FunnelView};
use model::insight::step::Occurrence;
use model::insight::trends::{NONE_LABEL, OTHER_LABEL};
use model::time::Interval;
use model::{Event, Micros};
use std::collections::{BTreeMap, BTreeSet};

/// One event of a person as a funnel sees it; steps from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// event_at.
    pub at: Micros,
    /// Steps that it matches.
    pub steps: BTreeSet<usize>,
    /// Steps that it must not precede.
    pub guards: BTreeSet<usize>,
    /// Value of the breakdown.
    pub value: Option<String>,
    /// Which event it is.
    pub id: usize,
}

/// A run: the event and the time of each step that is done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// Time of step 1.
    pub t1: Micros,
    /// Step, time and event, in order.
    pub done: Vec<(usize, Micros, usize)>,
    /// Whether it is spoilt.
    pub tainted: bool,
}

/// What a funnel demands.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Number of steps.
    pub steps: usize,
    /// µs.
    pub window: Micros,
    /// Optional steps.
    pub optional: BTreeSet<usize>,
    /// Kind.
    pub order: FunnelOrder,
}

/// The best run of one person; `None`: none, or spoilt. `head` says which first events of an unordered run count.
pub fn best_run(events: &[Seen], rules: &Rules, head: &dyn Fn(&Seen) -> bool) -> Option<Run> {
    if rules.order == FunnelOrder::Unordered { unordered(events, rules, head) } else { ordered(events, rules) }
}

fn ordered(events: &[Seen], rules: &Rules) -> Option<Run> {
    let mut slots: BTreeMap<usize, Run> = BTreeMap::new();
    let mut best: (usize, Run) = (0, Run::default());
    let mut rest = events;
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|event| event.at == first.at).count();
        let (tie, after) = rest.split_at(count);
        rest = after;
        let guards_of = |event: &Seen| if event.steps.is_empty() { event.guards.clone() } else { BTreeSet::new() };
        let alike = tie.iter().all(|event| event.steps == first.steps && guards_of(event) == guards_of(first));
        // (step, event, whether it is a step, whether it may not be in the source).
        type Entry<'e> = (usize, &'e Seen, bool, bool);
        let mut groups: Vec<(Vec<Entry<'_>>, Option<&Seen>)> = Vec::new();
        if alike {
            for event in tie {
                let is_step = !event.steps.is_empty();
                let entries = if is_step { &event.steps } else { &event.guards };
                groups.push((entries.iter().rev().map(|step| (*step, event, is_step, false)).collect(), Some(event)));
            }
        } else {
            let mut entries = Vec::new();
            for step in 1..=rules.steps {
                let here = tie.iter().filter(|event| event.steps.contains(&step));
                entries.extend(here.map(|event| (step, event, true, true)));
            }
            groups.push((entries, None));
        }
        for (entries, event_alone) in groups {
            for (step, event, is_step, not_used) in entries {
                let source = if step == 1 {
                    Some((0, Run { t1: event.at, ..Run::default() }))
                } else {
                    let mut from = step - 1;
                    loop {
                        let usable = slots.get(&from).filter(|run| event.at - run.t1 <= rules.window);
                        if let Some(run) = usable {
                            break Some((from, run.clone()));
                        }
                        if !rules.optional.contains(&from) {
                            break None;
                        }
                        from -= 1;
                    }
                };
                let Some((from, source)) = source else { continue };
                if slots.get(&step).is_some_and(|run| run.t1 == source.t1) {
                    continue;
                }
                if not_used && source.done.iter().any(|(_, _, id)| *id == event.id) {
                    continue;
                }
                if !is_step {
                    if !source.tainted {
                        slots.get_mut(&from).expect("the source is a slot").tainted = true;
                        if best.0 == from && event.at - best.1.t1 <= rules.window {
                            best.1.tainted = true;
                        }
                    }
                    continue;
                }
                let mut run = source.clone();
                run.done.push((step, event.at, event.id));
                if !source.tainted {
                    slots.insert(step, run.clone());
                }
                if step > best.0 || (step == best.0 && best.1.tainted) {
                    best = (step, run);
                }
                if slots.contains_key(&rules.steps) {
                    return Some(best.1).filter(|run| !run.tainted);
                }
            }
            if let (FunnelOrder::Strict, Some(event)) = (rules.order, event_alone) {
                slots.retain(|step, _| event.steps.contains(step));
            }
        }
    }
    (best.0 > 0 && !best.1.tainted).then_some(best.1)
}

fn unordered(events: &[Seen], rules: &Rules, head: &dyn Fn(&Seen) -> bool) -> Option<Run> {
    let mut queues: BTreeMap<usize, Vec<&Seen>> = (1..=rules.steps).map(|step| (step, Vec::new())).collect();
    let mut best: Vec<(Micros, usize)> = Vec::new();
    let place = |event: &Seen| events.iter().position(|other| other.id == event.id).unwrap_or(usize::MAX);
    let oldest = |queues: &BTreeMap<usize, Vec<&Seen>>| {
        let heads = queues.iter().filter_map(|(step, queue)| Some((place(queue.first()?), *step)));
        heads.min().map(|(index, step)| (step, events[index].clone()))
    };
    let credit = |queues: &BTreeMap<usize, Vec<&Seen>>, best: &mut Vec<(Micros, usize)>, first: &Seen| {
        let mut heads: Vec<_> = queues.values().filter_map(|queue| queue.first()).collect();
        heads.sort_by_key(|event| place(event));
        if heads.len() > best.len() && head(first) {
            *best = heads.iter().map(|event| (event.at, event.id)).collect();
        }
    };
    for event in events {
        while let Some((step, first)) = oldest(&queues) {
            let filled = queues.values().filter(|queue| !queue.is_empty()).count();
            if filled < rules.steps && event.at - first.at <= rules.window {
                break;
            }
            credit(&queues, &mut best, &first);
            queues.get_mut(&step).expect("a step").remove(0);
        }
        if best.len() == rules.steps {
            break;
        }
        if event.steps.is_empty() {
            if !event.guards.is_empty() {
                queues.values_mut().for_each(Vec::clear);
            }
            continue;
        }
        let newest = |step: &usize| queues[step].last().map_or(-1, |last| place(last) as i64);
        let step = event.steps.iter().copied().min_by_key(|step| (newest(step), *step)).expect("not empty");
        queues.get_mut(&step).expect("a step").push(event);
    }
    if let Some((_, first)) = oldest(&queues) {
        credit(&queues, &mut best, &first);
    }
    let done: Vec<_> = best.iter().enumerate().map(|(index, (at, id))| (index + 1, *at, *id)).collect();
    done.first().map(|first| Run { t1: first.1, done: done.clone(), tainted: false })
}

/// The runs of one person, each with the value of its row.
pub type Runs = Vec<(Option<String>, Run)>;

/// A breakdown value and the persons of its row, each with their run.
pub type Row = (Option<String>, Vec<(String, Run)>);

/// A funnel asked of events: what each person sees of it.
pub struct Funnel<'a> {
    question: &'a FunnelQuestion,
    /// Start and end, inclusive.
    pub range: (Micros, Micros),
    /// Starts of the trend's buckets.
    pub starts: Vec<Micros>,
    wall: Wall,
    now: Micros,
    /// Events by person.
    pub people: BTreeMap<String, Vec<&'a Event>>,
}

impl<'a> Funnel<'a> {
    /// `None`: the range starts after it ends.
    pub fn new(all: &'a [Event], persons: &Persons, question: &'a FunnelQuestion, world: &World) -> Option<Self> {
        let wall = Wall::new(&world.clock);
        let interval = if question.view == FunnelView::Trend { question.interval } else { Interval::Day };
        let earliest = all.iter().map(|event| event.event_at).min();
        let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
        let (mut from, to) = wall.range(dates, interval, world.now, earliest)?;
        if matches!(interval, Interval::Week | Interval::Month) && !question.explicit_date {
            from = wall.bucket_start(from, interval);
        }
        let starts = if question.view == FunnelView::Trend { wall.buckets(from, to, interval) } else { Vec::new() };
        Some(Funnel { question, range: (from, to), starts, wall, now: world.now, people: by_person(all, persons) })
    }

    fn rules(&self, steps: usize) -> Rules {
        let window = self.question.window.map_or(14 * 86_400, |window| i64::from(window.count) * window.unit.seconds());
        let optional = (1..=steps).filter(|step| self.question.steps[step - 1].optional).collect();
        Rules { steps, window: window * 1_000_000, optional, order: self.question.order }
    }

    /// One person's events as the first `steps` steps see them.
    pub fn seen(&self, events: &[&Event], steps: usize) -> Vec<Seen> {
        let q = self.question;
        let within = |event: &Event| self.range.0 <= event.event_at && event.event_at <= self.range.1;
        let is_step = |index: usize, event: &Event| {
            let step = &q.steps[index];
            matches(event, (&step.event, &step.action), [&q.filters, &step.filters], &self.wall, self.now)
        };
        let mut seen = Vec::new();
        for (id, event) in events.iter().enumerate().filter(|(_, event)| within(event)) {
            let mut of_steps = BTreeSet::new();
            for index in 0..steps {
                let until_now = events.iter().filter(|other| other.event_at <= self.range.1);
                let first = match q.steps[index].occurrence {
                    Occurrence::Any => None,
                    Occurrence::FirstMatching => until_now.clone().find(|other| is_step(index, other)),
                    Occurrence::FirstEver => {
                        let step = &q.steps[index];
                        until_now.clone().find(|other| is_of(other, (&step.event, &step.action)))
                    }
                };
                let counts =
                    q.steps[index].occurrence == Occurrence::Any || first.is_some_and(|first| first.uuid == event.uuid);
                if counts && is_step(index, event) {
                    of_steps.insert(index + 1);
                }
            }
            let mut guards = BTreeSet::new();
            for exclusion in &q.exclusions {
                if matches(
                    event,
                    (&exclusion.event, &exclusion.action),
                    [&q.filters, &exclusion.filters],
                    &self.wall,
                    self.now,
                ) {
                    let (from, to) =
                        (exclusion.from_step.unwrap_or(1), exclusion.to_step.unwrap_or(q.steps.len() as u32));
                    guards.extend((from as usize + 1..=to as usize).filter(|step| *step <= steps));
                }
            }
            let all = q.order == FunnelOrder::Strict
                && matches(event, (&None, &None), [&q.filters, &[]], &self.wall, self.now);
            if all || !of_steps.is_empty() || !guards.is_empty() {
                let value = q
                    .breakdown
                    .as_ref()
                    .and_then(|breakdown| split_value(event, (breakdown.scope, &breakdown.property), &breakdown.and));
                seen.push(Seen { at: event.event_at, steps: of_steps, guards, value, id });
            }
        }
        seen
    }

    /// The runs of one person; `row` says which row a value belongs to, `None` leaves it out.
    pub fn runs(&self, events: &[&Event], row: &dyn Fn(Option<&str>) -> Option<Option<String>>) -> Runs {
        let rules = self.rules(self.question.steps.len());
        let seen = self.seen(events, rules.steps);
        let any = |_: &Seen| true;
        let Some(breakdown) = &self.question.breakdown else {
            return best_run(&seen, &rules, &any).map(|run| (None, run)).into_iter().collect();
        };
        let rows_of = |seen: &[&Seen]| -> BTreeSet<Option<String>> {
            seen.iter().filter_map(|event| row(event.value.as_deref())).collect()
        };
        // A person's property is the same on all events.
        let of_person = breakdown.scope == Scope::Person && breakdown.and.iter().all(|by| by.scope == Scope::Person);
        let attribution = if of_person { Attribution::FirstTouch } else { breakdown.attribution };
        match attribution {
            Attribution::FirstTouch | Attribution::LastTouch => {
                let mut valued: Vec<_> = seen.iter().filter_map(|event| event.value.as_deref()).collect();
                if attribution == Attribution::LastTouch {
                    valued.reverse();
                }
                let Some(value) = row(valued.first().copied()) else { return Vec::new() };
                best_run(&seen, &rules, &any).map(|run| (value, run)).into_iter().collect()
            }
            Attribution::AllEvents => {
                let mut runs = Vec::new();
                for value in rows_of(&seen.iter().collect::<Vec<_>>()) {
                    let own: Vec<Seen> = seen
                        .iter()
                        .filter(|event| row(event.value.as_deref()).as_ref() == Some(&value))
                        .cloned()
                        .collect();
                    runs.extend(best_run(&own, &rules, &any).map(|run| (value.clone(), run)));
                }
                runs
            }
            Attribution::Step => {
                let step = breakdown.step.unwrap_or(1) as usize;
                let unordered = self.question.order == FunnelOrder::Unordered;
                let touching: Vec<_> = seen.iter().filter(|event| unordered || event.steps.contains(&step)).collect();
                let mut runs = Vec::new();
                for value in rows_of(&touching) {
                    let fits = |event: &Seen| row(event.value.as_deref()).as_ref() == Some(&value);
                    let mut own = seen.clone();
                    if !unordered {
                        own.iter_mut().filter(|event| !fits(event)).for_each(|event| {
                            event.steps.remove(&step);
                        });
                    }
                    runs.extend(best_run(&own, &rules, &fits).map(|run| (value.clone(), run)));
                }
                runs
            }
        }
    }

    /// The rows of the steps view: value, persons with their runs.
    pub fn rows(&self) -> Vec<Row> {
        let collect = |row: &dyn Fn(Option<&str>) -> Option<Option<String>>| {
            let mut rows: BTreeMap<Option<String>, Vec<(String, Run)>> = BTreeMap::new();
            for (person, events) in &self.people {
                for (value, run) in self.runs(events, row) {
                    rows.entry(value).or_default().push((person.clone(), run));
                }
            }
            rows
        };
        let Some(breakdown) = &self.question.breakdown else {
            let mut rows = collect(&|_| Some(None));
            return vec![(None, rows.remove(&None).unwrap_or_default())];
        };
        // Values as they are; `None` stands for missing ones.
        let raw = collect(&|value| Some(value.map(str::to_owned)));
        let mut ranked: Vec<(Vec<i64>, String)> = Vec::new();
        for (value, people) in raw.iter().filter_map(|(value, people)| Some((value.clone()?, people))) {
            let count =
                |step: usize| people.iter().filter(|(_, run)| run.done.iter().any(|done| done.0 == step)).count();
            ranked.push(((1..=self.question.steps.len()).rev().map(|step| -(count(step) as i64)).collect(), value));
        }
        ranked.sort();
        let limit = breakdown.limit.unwrap_or(25) as usize;
        let kept: Vec<String> = ranked.iter().take(limit).map(|(_, value)| value.clone()).collect();
        let mut named = collect(&|value| match value {
            None => Some(Some(NONE_LABEL.to_owned() + "\u{0}")),
            Some(value) if kept.iter().any(|kept| kept == value) => Some(Some(value.to_owned())),
            Some(_) if breakdown.hide_other => None,
            Some(_) => Some(Some(OTHER_LABEL.to_owned() + "\u{0}")),
        });
        let mut rows = Vec::new();
        for value in kept {
            let people = named.remove(&Some(value.clone())).unwrap_or_default();
            rows.push((Some(value), people));
        }
        let behind = [(NONE_LABEL, true), (OTHER_LABEL, ranked.len() > limit)];
        for (label, shown) in behind {
            if let Some(people) = named.remove(&Some(label.to_owned() + "\u{0}")).filter(|_| shown) {
                rows.push((Some(label.to_owned()), people));
            }
        }
        rows
    }

    /// Of each bucket the persons who entered, and whether they converted.
    pub fn trend(&self) -> Vec<BTreeMap<String, bool>> {
        let steps = self.question.to_step.unwrap_or(self.question.steps.len() as u32) as usize;
        let from = self.question.from_step.unwrap_or(1) as usize;
        let bucket_of = |at: Micros| self.starts.iter().rposition(|start| *start <= at);
        let mut buckets = vec![BTreeMap::new(); self.starts.len()];
        for (person, events) in &self.people {
            let seen = self.seen(events, steps);
            for (bucket, entered) in buckets.iter_mut().enumerate() {
                let mut own = seen.clone();
                for event in own.iter_mut().filter(|event| bucket_of(event.at) != Some(bucket)) {
                    event.steps.remove(&1);
                }
                if !own.iter().any(|event| event.steps.contains(&1)) {
                    continue;
                }
                let Some(run) = best_run(&own, &self.rules(steps), &|_| true) else { continue };
                let depth = run.done.last().map_or(0, |done| done.0);
                if depth >= from {
                    entered.insert(person.clone(), depth >= steps);
                }
            }
        }
        buckets
    }

    /// µs from the first step that matters to the last, by person.
    pub fn times(&self) -> BTreeMap<String, Micros> {
        let to = self.question.to_step.unwrap_or(self.question.steps.len() as u32) as usize;
        let from = self.question.from_step.unwrap_or(1) as usize;
        let mut times = BTreeMap::new();
        for (person, events) in &self.people {
            for (_, run) in self.runs(events, &|_| Some(None)) {
                let at = |step: usize| run.done.iter().find(|done| done.0 == step).map(|done| done.1);
                if let (Some(start), Some(end)) = (at(from), at(to)) {
                    times.insert(person.clone(), end - start);
                }
            }
        }
        times
    }
}
