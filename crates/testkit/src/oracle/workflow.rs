//! Workflow summaries by the steps of their definition, over one device's events at a time.

use super::dates::Wall;
use super::filter::{self, value_of};
use super::identity::Persons;
use crate::events::World;
use model::insight::workflow::{WorkflowEnv, WorkflowItem, WorkflowPage, WorkflowQuestion, WorkflowRow};
use model::time::Interval;
use model::{Event, Micros};
use std::collections::{BTreeMap, BTreeSet};

/// A workflow as it stands.
#[derive(Clone, Default)]
struct Node<'a> {
    kind: String,
    mode: String,
    first: Option<&'a Event>,
    above: Option<usize>,
    below: Vec<usize>,
    closed: bool,
    start: Micros,
    last: Micros,
    end: Micros,
    /// Hundredths of a second.
    spent: i64,
    interactions: u64,
    events: BTreeMap<String, u64>,
    /// Every visit of a page: event that shows it, µs.
    visits: Vec<(&'a Event, Micros)>,
    items: Vec<&'a Event>,
    emitted: Vec<Told<'a>>,
}

/// A node at the moment when it was closed.
type Told<'a> = Box<Node<'a>>;

fn text(event: &Event, key: &str) -> String {
    value_of(event, key).map(|value| value.canonical()).unwrap_or_default()
}

fn name(event: &Event) -> String {
    match text(event, "eid") {
        own if own.is_empty() => event.event.to_string(),
        eid => eid,
    }
}

fn kind(event: &Event) -> String {
    match value_of(event, "edata.type") {
        None => "app".to_owned(),
        Some(kind) => kind.canonical().to_lowercase(),
    }
}

/// Rounds µs to hundredths of a second.
fn round(micros: Micros) -> i64 {
    let whole = micros / 10_000;
    if micros % 10_000 >= 5_000 { whole + 1 } else { whole }
}

fn interacts(event: &Event) -> bool {
    let counted = "touch drag drop pinch zoom shake rotate speak listen write draw start end choose activate scroll \
                   click edit submit search dnd added removed selected";
    name(event) == "INTERACT"
        && value_of(event, "edata.type").is_some()
        && counted.split(' ').any(|counted| counted == kind(event))
}

struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    root: Option<usize>,
    cur: Option<usize>,
    out: Vec<Told<'a>>,
}

impl<'a> Tree<'a> {
    fn node(&mut self, event: &'a Event, kind: String, mode: String) -> usize {
        self.nodes.push(Node {
            kind,
            mode,
            first: Some(event),
            start: event.event_at,
            last: event.event_at,
            interactions: u64::from(interacts(event)),
            events: BTreeMap::from([(name(event), 1)]),
            ..Node::default()
        });
        self.nodes.len() - 1
    }

    fn add(&mut self, at: usize, event: &'a Event) {
        let node = &mut self.nodes[at];
        if node.start == 0 {
            node.start = event.event_at;
        }
        let passed = event.event_at - node.last;
        node.last = event.event_at;
        if passed <= 600_000_000 {
            node.spent += round(passed);
        }
        node.interactions += u64::from(interacts(event));
        *node.events.entry(name(event)).or_default() += 1;
        let shows = name(event) == "IMPRESSION";
        if let Some((_, micros)) = node.visits.last_mut() {
            *micros += if shows { 2 * passed } else { passed };
        }
        if shows {
            node.visits.push((event, 0));
        }
        node.end = event.event_at;
        if name(event) == "ASSESS" {
            node.items.push(event);
        }
        if let Some(above) = node.above {
            self.add(above, event);
        }
    }

    fn attach(&mut self, child: usize, above: usize) {
        self.nodes[above].below.push(child);
        self.nodes[child].above = Some(above);
        let first = self.nodes[child].first.expect("every node has a first event");
        self.add(above, first);
    }

    fn close(&mut self, at: usize) -> Vec<Told<'a>> {
        let mut gathered = Vec::new();
        for child in self.nodes[at].below.clone() {
            if !self.nodes[child].closed {
                gathered.extend(self.close(child));
            }
        }
        self.nodes[at].closed = true;
        if self.nodes[at].spent == 0 {
            gathered.clear();
        } else {
            let own = Node { emitted: Vec::new(), ..self.nodes[at].clone() };
            gathered.push(Box::new(own));
        }
        self.nodes[at].emitted = gathered.clone();
        gathered
    }

    fn emit(&mut self, at: usize) {
        self.out.extend(self.nodes[at].emitted.clone());
    }

    /// The current node and all above it.
    fn line(&self) -> Vec<usize> {
        let mut line = Vec::new();
        let mut at = self.cur;
        while let Some(node) = at {
            line.push(node);
            at = self.nodes[node].above;
        }
        line
    }

    fn open(&self, at: Option<usize>) -> bool {
        at.is_some_and(|at| !self.nodes[at].closed)
    }

    fn same(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.nodes[a], &self.nodes[b]);
        a.kind == b.kind && a.mode == b.mode && a.start == b.start
    }

    fn cut(&mut self) {
        if !self.open(self.cur) {
            return;
        }
        let top = *self.line().last().expect("there is a current node");
        self.close(top);
        self.emit(top);
        let mut all = vec![top];
        while let Some(at) = all.pop() {
            all.extend(self.nodes[at].below.clone());
            let old = self.nodes[at].clone();
            let (kind, mode, first, above, below, last) =
                (old.kind, old.mode, old.first, old.above, old.below, old.last);
            self.nodes[at] = Node { kind, mode, first, above, below, last, ..Node::default() };
        }
        self.root = Some(top);
    }

    fn start(&mut self, event: &'a Event) {
        let (kind, mode) = (kind(event), text(event, "edata.mode"));
        if !self.open(self.root) {
            if kind == "app" {
                let node = self.node(event, kind, mode);
                (self.root, self.cur) = (Some(node), Some(node));
            } else {
                let root = self.node(event, "app".to_owned(), String::new());
                let node = self.node(event, kind, mode);
                (self.root, self.cur) = (Some(root), Some(node));
                self.attach(node, root);
            }
            return;
        }
        let like = |tree: &Self, at: &usize| tree.nodes[*at].kind == kind && tree.nodes[*at].mode == mode;
        let found = self.line().into_iter().find(|at| like(self, at));
        let node = self.node(event, kind.clone(), mode.clone());
        match found {
            None if self.open(self.cur) => self.attach(node, self.cur.expect("it is open")),
            None => {}
            Some(found) => {
                self.close(found);
                if let Some(above) = self.nodes[found].above {
                    self.emit(found);
                    self.attach(node, above);
                } else {
                    let cur = self.cur.expect("something was found from it");
                    self.emit(self.nodes[cur].above.unwrap_or(cur));
                    let root = self.root.expect("it was open");
                    if self.nodes[root].closed {
                        self.emit(root);
                        self.root = Some(node);
                    }
                }
            }
        }
        self.cur = Some(node);
    }

    fn end(&mut self, event: &'a Event) {
        let (kind, mode) = (kind(event), text(event, "edata.mode"));
        let line = self.line();
        let loosely = |at: &&usize| {
            let node = &self.nodes[**at];
            node.kind == kind && node.mode.to_lowercase() == mode.to_lowercase()
        };
        let Some(cur) = self.cur.filter(|_| line.iter().any(|at| loosely(&at))) else { return };
        let exactly = line.iter().copied().find(|at| self.nodes[*at].kind == kind && self.nodes[*at].mode == mode);
        let top = *line.last().expect("there is a current node");
        let matching = exactly.unwrap_or(top);
        let p = exactly.map_or(top, |at| self.nodes[at].above.unwrap_or(at));
        let finish = |tree: &mut Self, at: usize| {
            tree.add(at, event);
            tree.close(at);
            tree.emit(at);
        };
        if self.nodes[cur].above.is_some_and(|above| self.same(above, p)) {
            if !self.nodes[cur].closed {
                finish(self, cur);
                self.cur = Some(p);
            }
        } else if let Some(root) = self.root.filter(|root| self.same(*root, p)) {
            if self.same(matching, root) {
                finish(self, root);
                self.cur = Some(root);
            } else if !self.nodes[matching].closed {
                finish(self, matching);
                self.cur = Some(p);
            }
        } else {
            if !self.nodes[cur].closed {
                finish(self, cur);
            }
            self.cur = Some(p);
        }
    }

    fn other(&mut self, event: &'a Event) {
        if self.open(self.cur) {
            self.add(self.cur.expect("it is open"), event);
            return;
        }
        let node = self.node(event, "app".to_owned(), text(event, "edata.mode"));
        self.cur = Some(node);
        if !self.open(self.root) {
            self.root = Some(node);
        }
    }
}

fn row(node: &Node<'_>, persons: &Persons) -> WorkflowRow {
    let first = node.first.expect("every node has a first event");
    let mut pages: Vec<WorkflowPage> = Vec::new();
    let ids: Vec<String> = node.visits.iter().map(|(event, _)| text(event, "edata.pageid")).collect();
    let mut envs: Vec<WorkflowEnv> = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        if ids[..index].contains(id) {
            continue;
        }
        let own: Vec<Micros> = node.visits.iter().zip(&ids).filter(|(_, own)| *own == id).map(|(v, _)| v.1).collect();
        let shown = node.visits[index].0;
        pages.push(WorkflowPage {
            page: id.clone(),
            kind: text(shown, "edata.type"),
            env: text(shown, "context.env"),
            time_spent_s: round(own.iter().sum()) as f64 / 100.0,
            visits: own.len() as u64,
        });
    }
    for page in &pages {
        if envs.iter().any(|env| env.env == page.env) {
            continue;
        }
        let own: Vec<&WorkflowPage> = pages.iter().filter(|other| other.env == page.env).collect();
        let hundredths: i64 = own.iter().map(|page| (page.time_spent_s * 100.0).round() as i64).sum();
        envs.push(WorkflowEnv {
            env: page.env.clone(),
            time_spent_s: hundredths as f64 / 100.0,
            visits: own.iter().map(|page| page.visits).max().unwrap_or(0),
        });
    }
    let whole = |event: &Event, key: &str| {
        value_of(event, key).and_then(|value| value.number()).map_or(0, |number| number as i64)
    };
    let filled = |key: &str| Some(text(first, key)).filter(|text| !text.is_empty());
    let (count, spent) = (node.interactions as i64, node.spent);
    WorkflowRow {
        kind: node.kind.clone(),
        mode: node.mode.clone(),
        device_id: text(first, "context.did"),
        session_id: first.session_id.as_deref().map(str::to_owned),
        person: persons.name_of(&first.distinct_id),
        channel: text(first, "context.channel"),
        producer: text(first, "context.pdata.id"),
        object: filled("object.id"),
        start: String::new(),
        end: String::new(),
        time_diff_s: round(node.end - node.start) as f64 / 100.0,
        time_spent_s: spent as f64 / 100.0,
        interactions: node.interactions,
        interactions_per_minute: match (count, spent) {
            (0, _) | (_, 0) => 0.0,
            (count, ..6_000) => count as f64,
            // Half up of the exact ratio.
            (count, spent) => ((2 * count * 600_000 + spent) / (2 * spent)) as f64 / 100.0,
        },
        events: node.events.clone(),
        pages,
        envs,
        items: node
            .items
            .iter()
            .map(|event| WorkflowItem {
                item: text(event, "edata.item.id"),
                at: String::new(),
                duration_s: whole(event, "edata.duration"),
                score: whole(event, "edata.score"),
                max_score: whole(event, "edata.item.maxscore"),
                pass: text(event, "edata.pass"),
                answer: value_of(event, "edata.resvalues").map(|value| value.canonical()),
            })
            .collect(),
    }
}

/// Start, end and what is shown, in no order. `None`: the range starts after it ends.
pub fn workflows(
    all: &[Event],
    persons: &Persons,
    question: &WorkflowQuestion,
    world: &World,
) -> Option<Vec<(Micros, Micros, WorkflowRow)>> {
    let wall = Wall::new(&world.clock);
    let earliest = all.iter().map(|event| event.event_at).min();
    let dates = (question.date_from.as_deref().unwrap_or("-7d"), question.date_to.as_deref());
    let (from, to) = wall.range(dates, Interval::Day, world.now, earliest)?;
    let mut devices: BTreeMap<[String; 3], Vec<&Event>> = BTreeMap::new();
    for event in all {
        let is_in = from <= event.event_at
            && event.event_at <= to
            && value_of(event, "context.channel").is_some()
            && !["LOG", "AUDIT", "SEARCH", "SUMMARY", "ME_WORKFLOW_SUMMARY"].contains(&&*event.event)
            && filter::all_hold(&question.filters, event, &wall, world.now);
        if is_in {
            let producer = match text(event, "context.pdata.id") {
                none if none.is_empty() => "genie".to_owned(),
                producer => producer,
            };
            devices
                .entry([text(event, "context.did"), text(event, "context.channel"), producer])
                .or_default()
                .push(event);
        }
    }
    let mut shown = Vec::new();
    for mut events in devices.into_values() {
        events.sort_by_key(|event| (event.event_at, event.uuid));
        let mut tree = Tree { nodes: Vec::new(), root: None, cur: None, out: Vec::new() };
        let mut before = events[0].event_at;
        for event in events {
            if event.event_at - before > 1_800_000_000 && text(event, "edata.type").to_lowercase() != "app" {
                tree.cut();
            }
            before = event.event_at;
            match &*name(event) {
                "START" => tree.start(event),
                "END" => tree.end(event),
                _ => tree.other(event),
            }
        }
        for at in [tree.cur, tree.root].into_iter().flatten() {
            if !tree.nodes[at].closed {
                tree.close(at);
                tree.emit(at);
            }
        }
        let mut seen = BTreeSet::new();
        for node in &tree.out {
            let row = row(node, persons);
            let key = serde_json::to_string(&(node.start, node.end, &row)).expect("rows are JSON");
            let first = node.first.expect("every node has a first event").uuid;
            if seen.insert((first, key)) {
                shown.push((node.start, node.end, row));
            }
        }
    }
    Some(shown)
}
