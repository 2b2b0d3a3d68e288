//! Paths: what people do one after another. Definition: docs/semantics/paths.md.
//!
//! `items` gives each row the code of its item, `walk` cuts a person's rows into paths; here edges are counted.

mod items;
mod walk;

use crate::bind::paths::{BoundFunnelPaths, BoundPaths};
use crate::insight::funnel::Funnel;
use crate::journeys::{Journeys, Marker, Reading, Row, Times};
use crate::limits::{Budget, QueryError};
use crate::values::Values;
use items::{Codes, Items};
use model::insight::paths::{DropOff, Edge, PathKind, PathsAnswer};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use store::Snapshot;
use walk::{Beside, Stop, Walk};

/// Paths under way.
pub(super) struct Paths<'a> {
    bound: &'a BoundPaths,
    source: Source<'a>,
    codes: Codes,
}

/// Where rows come from.
enum Source<'a> {
    /// Items alone.
    Items(Journeys<'a>, Items<'a>),
    /// Items, each with this bit, among the rows of a funnel.
    Funnel(Funnel<'a>, u32),
}

/// Position from 0 and item of a node, packed with the item after it: 5, 29 and 29 bits.
type EdgeKey = u64;
/// Items of one question, at most, so that two fit in a key.
const ITEMS_MAX: usize = 1 << 29;

/// Keys are dense small numbers: one multiplication spreads them.
#[derive(Default)]
pub(super) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, key: u64) {
        let spread = (self.0 ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = spread ^ (spread >> 32);
    }
}

type Keyed<T> = HashMap<EdgeKey, T, BuildHasherDefault<KeyHasher>>;

/// One edge so far.
#[derive(Clone, Copy)]
struct Count {
    count: u64,
    persons: u64,
    /// µs between its two items, all occurrences together.
    micros: i128,
    last_person: u32,
}

#[derive(Default)]
struct Counts {
    edges: Keyed<Count>,
    ends: Keyed<u64>,
}

impl<'a> Paths<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        bound: &'a BoundPaths,
        budget: &'a Budget<'a>,
        values: &'a Values<'a>,
    ) -> Result<Self, QueryError> {
        let names = (!bound.kinds.contains(&PathKind::Events)).then(|| {
            let of = |kind: &PathKind| match kind {
                PathKind::Pages => ["$pageview", "IMPRESSION"].as_slice(),
                PathKind::Screens => &["$screen"],
                PathKind::Events => &[],
            };
            bound.kinds.iter().flat_map(of).copied().collect()
        });
        let items = Items::new((snapshot, budget), bound, values)?;
        let codes = items.codes;
        let source = match &bound.funnel {
            None => {
                let range = (bound.from, bound.to);
                let reading = Reading { range, history: 0, names, times: Times::Exact, repeats: false };
                Source::Items(Journeys::plan(snapshot, budget, reading)?, items)
            }
            Some(BoundFunnelPaths { funnel, .. }) => {
                let mut bit = 0;
                let funnel = Funnel::with(snapshot, funnel, budget, |conditions, next| {
                    bit = 1 << next;
                    conditions.also(items, names, bit);
                    Ok(())
                })?;
                Source::Funnel(funnel, bit)
            }
        };
        Ok(Self { bound, source, codes })
    }

    pub(super) fn journeys(&self) -> &Journeys<'a> {
        match &self.source {
            Source::Items(journeys, _) => journeys,
            Source::Funnel(funnel, _) => &funnel.journeys,
        }
    }

    pub(super) fn marker(&self) -> &dyn Marker {
        match &self.source {
            Source::Items(_, items) => items,
            Source::Funnel(funnel, _) => &funnel.conditions,
        }
    }

    pub(super) fn walk(&self) -> Walk<'_> {
        let beside = match (&self.source, &self.bound.funnel) {
            (Source::Funnel(funnel, bit), Some(bound)) => Some(Beside {
                runs: funnel.runs(bound.funnel.steps.len()),
                step: bound.step,
                side: bound.side,
                bit: *bit,
                pause: bound.funnel.window,
            }),
            _ => None,
        };
        Walk::new(self.bound, self.codes, beside)
    }

    /// The key of the edge out of `stop` at a position.
    pub(super) fn key(position: usize, source: &Stop, target: &Stop) -> EdgeKey {
        (position as u64) << 58 | u64::from(source.item) << 29 | u64::from(target.item)
    }
}

impl Counts {
    fn path(&mut self, person: u32, path: &[Stop], budget: &Budget<'_>) -> Result<(), QueryError> {
        for (position, pair) in path.windows(2).enumerate() {
            let key = Paths::key(position, &pair[0], &pair[1]);
            let new = Count { count: 0, persons: 0, micros: 0, last_person: u32::MAX };
            if !self.edges.contains_key(&key) {
                budget.take(2 * size_of::<(EdgeKey, Count)>(), "edges of paths")?;
            }
            let edge = self.edges.entry(key).or_insert(new);
            edge.count += 1;
            edge.micros += i128::from(pair[1].at - pair[0].at);
            edge.persons += u64::from(edge.last_person != person);
            edge.last_person = person;
        }
        if let Some(last) = path.last() {
            *self.ends.entry((path.len() as u64 - 1) << 58 | u64::from(last.item)).or_insert(0) += 1;
        }
        Ok(())
    }

    fn merge(&mut self, other: Counts) {
        for (key, more) in other.edges {
            let all = self.edges.entry(key).or_insert(Count { count: 0, persons: 0, micros: 0, last_person: u32::MAX });
            all.count += more.count;
            // Each person was counted by one thread.
            all.persons += more.persons;
            all.micros += more.micros;
        }
        for (key, more) in other.ends {
            *self.ends.entry(key).or_insert(0) += more;
        }
    }
}

pub(crate) fn answer(snapshot: &Snapshot, bound: &BoundPaths, budget: &Budget<'_>) -> Result<PathsAnswer, QueryError> {
    let values = Values::new(budget);
    let paths = Paths::new(snapshot, bound, budget, &values)?;
    let make = || Ok((paths.walk(), Counts::default()));
    let states = paths.journeys().fold(paths.marker(), make, |(walk, counts), person, rows: &[Row]| {
        walk.person(rows, |path| counts.path(person, path, budget))
    })?;
    let mut counts = Counts::default();
    states.into_iter().for_each(|(_, more)| counts.merge(more));
    if values.count() >= ITEMS_MAX {
        return Err(QueryError::TooMuchMemory { what: "items of paths", limit_bytes: budget.memory_limit() });
    }
    let names = values.names();
    let edges = kept(bound, &counts, &names);
    let nodes: HashSet<&str> = edges.iter().flat_map(|edge| [edge.source.as_str(), edge.target.as_str()]).collect();
    let mut drop_offs: Vec<DropOff> = counts
        .ends
        .iter()
        .map(|(key, count)| DropOff { node: node(key >> 58, (key & 0x1fff_ffff) as u32, &names), count: *count })
        .filter(|end| nodes.contains(end.node.as_str()))
        .collect();
    drop_offs.sort_unstable_by(|a, b| a.node.cmp(&b.node));
    Ok(PathsAnswer {
        drop_offs,
        edges,
        explain: crate::explain(snapshot, (&bound.definition, bound.from, bound.to), &bound.warnings, budget),
    })
}

/// `1_/home`.
fn node(position: u64, item: u32, names: &[Arc<str>]) -> String {
    format!("{}_{}", position + 1, names[item as usize])
}

/// The edges that are shown, in their order.
fn kept(bound: &BoundPaths, counts: &Counts, names: &[Arc<str>]) -> Vec<Edge> {
    let (least, most) = bound.edges;
    let within = |(_, edge): &(&EdgeKey, &Count)| (least..=most).contains(&edge.count);
    let mut all: Vec<(u64, Edge)> = counts
        .edges
        .iter()
        .filter(within)
        .map(|(key, edge)| {
            let position = key >> 58;
            let shown = Edge {
                source: node(position, (key >> 29 & 0x1fff_ffff) as u32, names),
                target: node(position + 1, (key & 0x1fff_ffff) as u32, names),
                count: edge.count,
                persons: edge.persons,
                average_s: edge.micros as f64 / edge.count as f64 / 1e6,
            };
            (position, shown)
        })
        .collect();
    all.sort_unstable_by(|(_, a), (_, b)| {
        (std::cmp::Reverse(a.count), &a.source, &a.target).cmp(&(std::cmp::Reverse(b.count), &b.source, &b.target))
    });
    all.truncate(bound.limit);
    // Edges go from one position to the next: what position 0 reaches is found position by position.
    let mut reached: HashSet<String> = HashSet::new();
    for position in 0..bound.steps as u64 {
        let out = all.iter().filter(|(at, edge)| *at == position && (position == 0 || reached.contains(&edge.source)));
        let targets: Vec<String> = out.map(|(_, edge)| edge.target.clone()).collect();
        reached.extend(targets);
    }
    all.into_iter().filter(|(at, edge)| *at == 0 || reached.contains(&edge.source)).map(|(_, edge)| edge).collect()
}
