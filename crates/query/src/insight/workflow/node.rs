//! One workflow while it goes on, and what is said of it.

use model::Micros;
use std::collections::BTreeMap;

/// Time between two events past which nobody was there, µs.
const IDLE: Micros = 600_000_000;

/// Kinds of INTERACT that count as interactions.
const COUNTED: [&str; 23] = [
    "touch", "drag", "drop", "pinch", "zoom", "shake", "rotate", "speak", "listen", "write", "draw", "start", "end",
    "choose", "activate", "scroll", "click", "edit", "submit", "search", "dnd", "added", "removed",
];

/// One event, as far as it matters here.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Step {
    pub(crate) at: Micros,
    pub(crate) name: String,
    pub(crate) kind: Option<String>,
    pub(crate) mode: String,
    pub(crate) page: String,
    pub(crate) env: String,
}

impl Step {
    pub(super) fn kind_is(&self, kind: &str) -> bool {
        self.kind.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(kind))
    }

    /// Its kind in small letters.
    pub(super) fn kind_or_app(&self) -> String {
        self.kind.as_deref().unwrap_or("app").to_lowercase()
    }

    fn is_interaction(&self) -> bool {
        let kind = self.kind.as_deref().map(str::to_lowercase);
        self.name == "INTERACT" && kind.is_some_and(|kind| kind == "selected" || COUNTED.contains(&&*kind))
    }
}

/// One page within a workflow.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Page {
    pub(crate) page: String,
    pub(crate) kind: String,
    pub(crate) env: String,
    pub(crate) micros: Micros,
    pub(crate) visits: u64,
}

/// What is said of a workflow that has ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Summary {
    /// Position of the event that says who and where.
    pub(crate) first: usize,
    pub(crate) kind: String,
    pub(crate) mode: String,
    pub(crate) start: Micros,
    pub(crate) end: Micros,
    /// Hundredths of a second.
    pub(crate) spent: i64,
    pub(crate) interactions: u64,
    pub(crate) events: BTreeMap<String, u64>,
    /// In the order of their first visits.
    pub(crate) pages: Vec<Page>,
    /// Positions of the ASSESS events.
    pub(crate) items: Vec<usize>,
}

/// One workflow.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) first: usize,
    pub(super) kind: String,
    pub(super) mode: String,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
    pub(super) open: bool,
    /// What it said when it was closed.
    pub(super) told: Vec<Summary>,
    pub(super) spent: i64,
    start: Micros,
    end: Micros,
    before: Micros,
    interactions: u64,
    events: BTreeMap<String, u64>,
    pages: Vec<Page>,
    page: Option<usize>,
    items: Vec<usize>,
}

/// Hundredths of a second, half up.
pub(crate) fn hundredths(micros: Micros) -> i64 {
    (micros + 5_000).div_euclid(10_000)
}

/// Whether a node has the step's kind and mode.
pub(super) fn like_step(node: &Node, step: &Step) -> bool {
    node.kind == step.kind_or_app() && node.mode == step.mode
}

impl Node {
    /// What its first event shows or answers is not read: only the event is counted.
    pub(super) fn new(step: &Step, first: usize, kind: String, mode: String) -> Node {
        Node {
            first,
            kind,
            mode,
            parent: None,
            children: Vec::new(),
            open: true,
            told: Vec::new(),
            spent: 0,
            start: step.at,
            end: 0,
            before: step.at,
            interactions: u64::from(step.is_interaction()),
            events: BTreeMap::from([(step.name.clone(), 1)]),
            pages: Vec::new(),
            page: None,
            items: Vec::new(),
        }
    }

    pub(super) fn is_same(&self, other: &Node) -> bool {
        (&self.kind, &self.mode, self.start) == (&other.kind, &other.mode, other.start)
    }

    pub(super) fn add(&mut self, step: &Step, index: usize) {
        if self.start == 0 {
            self.start = step.at;
        }
        let passed = step.at - self.before;
        self.before = step.at;
        self.spent += if passed > IDLE { 0 } else { hundredths(passed) };
        self.interactions += u64::from(step.is_interaction());
        *self.events.entry(step.name.clone()).or_default() += 1;
        if let Some(page) = self.page {
            self.pages[page].micros += passed;
        }
        if step.name == "IMPRESSION" {
            // The time up to the next page counts once more.
            if let Some(page) = self.page {
                self.pages[page].micros += passed;
            }
            self.page = Some(self.visit(step));
        }
        self.end = step.at;
        if step.name == "ASSESS" {
            self.items.push(index);
        }
    }

    /// The position of the step's page, visited once more.
    fn visit(&mut self, step: &Step) -> usize {
        let known = self.pages.iter().position(|page| page.page == step.page);
        let position = known.unwrap_or_else(|| {
            let kind = step.kind.clone().unwrap_or_default();
            self.pages.push(Page { page: step.page.clone(), kind, env: step.env.clone(), micros: 0, visits: 0 });
            self.pages.len() - 1
        });
        self.pages[position].visits += 1;
        position
    }

    /// Begins anew as it was, with one child left, without what has happened.
    pub(super) fn reset(&mut self, child: Option<usize>) {
        (self.start, self.end, self.spent, self.interactions) = (0, 0, 0, 0);
        (self.events, self.pages, self.page, self.items) = Default::default();
        (self.told, self.open) = (Vec::new(), true);
        self.children = child.into_iter().collect();
    }

    pub(super) fn summary(&self) -> Summary {
        Summary {
            first: self.first,
            kind: self.kind.clone(),
            mode: self.mode.clone(),
            start: self.start,
            end: self.end,
            spent: self.spent,
            interactions: self.interactions,
            events: self.events.clone(),
            pages: self.pages.clone(),
            items: self.items.clone(),
        }
    }
}

/// Interactions per minute of the time spent, two decimals; within the first minute their number.
pub(crate) fn per_minute(interactions: u64, spent: i64) -> f64 {
    if interactions == 0 || spent == 0 {
        return 0.0;
    }
    if spent < 6_000 {
        return interactions as f64;
    }
    // Half up on the shortest decimal text, not on the binary value behind it.
    let text = (interactions as f64 / (spent as f64 / 100.0 / 60.0)).to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digit = |place: usize| fraction.as_bytes().get(place).map_or(0, |digit| u64::from(digit - b'0'));
    let whole: u64 = whole.parse().unwrap_or(u64::MAX / 1_000);
    (whole * 100 + digit(0) * 10 + digit(1) + u64::from(digit(2) >= 5)) as f64 / 100.0
}
