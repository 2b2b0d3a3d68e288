//! Cuts the events of one device into nested workflows and sums each up, as Sunbird's summariser does.
//!
//! Pure: steps in, summaries out. Rules and their oddities: docs/semantics/workflow.md. Seconds are kept as hundredths, so
//! that sums of rounded times are exact.

use super::node::{Node, Step, Summary, like_step};
use model::Micros;
use std::collections::HashMap;

/// A pause of more than this between two events ends the open workflows, µs.
const BREAK: Micros = 1_800_000_000;

/// Workflows within workflows, at most; a START below that is an event like any other.
const DEPTH_MAX: usize = 64;

/// The tree of one device's workflows.
#[derive(Default)]
struct Tree {
    nodes: Vec<Node>,
    root: Option<usize>,
    current: Option<usize>,
    out: Vec<Summary>,
}

/// The summaries of one device's events, which come in their order, each once.
pub(crate) fn summaries(steps: &[Step]) -> Vec<Summary> {
    let mut tree = Tree::default();
    for (index, step) in steps.iter().enumerate() {
        let pause = step.at - steps[index.saturating_sub(1)].at;
        if pause > BREAK && !step.kind_is("app") {
            tree.break_off();
        }
        match &*step.name {
            "START" => tree.start(steps, index),
            "END" => tree.end(steps, index),
            _ => tree.other(steps, index),
        }
    }
    tree.finish()
}

impl Tree {
    fn new_node(&mut self, steps: &[Step], index: usize, (kind, mode): (String, String)) -> usize {
        self.nodes.push(Node::new(&steps[index], index, kind, mode));
        self.nodes.len() - 1
    }

    fn is_open(&self, node: Option<usize>) -> bool {
        node.is_some_and(|node| self.nodes[node].open)
    }

    /// A node, its parent, that one's parent and so on.
    fn upwards(&self, node: Option<usize>) -> impl Iterator<Item = usize> {
        std::iter::successors(node, |node| self.nodes[*node].parent)
    }

    fn top_of(&self, node: usize) -> usize {
        self.upwards(Some(node)).last().unwrap_or(node)
    }

    /// Counts a step for a node and all above it.
    fn add(&mut self, node: usize, step: &Step, index: usize) {
        let mut at = Some(node);
        while let Some(node) = at {
            self.nodes[node].add(step, index);
            at = self.nodes[node].parent;
        }
    }

    fn attach(&mut self, child: usize, parent: usize, steps: &[Step]) {
        self.nodes[parent].children.push(child);
        self.nodes[child].parent = Some(parent);
        let first = self.nodes[child].first;
        self.add(parent, &steps[first], first);
    }

    /// Closes a node and all open below it; what it says stays with it until it is told.
    fn close(&mut self, node: usize) -> Vec<Summary> {
        let mut told = Vec::new();
        for child in self.nodes[node].children.clone() {
            if self.nodes[child].open {
                told.extend(self.close(child));
            }
        }
        let own = &mut self.nodes[node];
        own.open = false;
        if own.spent > 0 {
            told.push(own.summary());
        } else {
            // A workflow without time says nothing, and swallows what those below it would have said.
            told.clear();
        }
        own.told.clone_from(&told);
        told
    }

    /// Tells what a closed node said.
    fn tell(&mut self, node: usize) {
        self.out.extend(self.nodes[node].told.iter().cloned());
    }

    /// Ends the open workflows, and begins them anew.
    fn break_off(&mut self) {
        let Some(current) = self.current.filter(|node| self.nodes[*node].open) else { return };
        let top = self.top_of(current);
        self.close(top);
        self.tell(top);
        // What is not on the way to the current one stays closed: no event reaches it any more.
        let mut child = None;
        for node in self.upwards(Some(current)).collect::<Vec<_>>() {
            self.nodes[node].reset(child);
            child = Some(node);
        }
        self.root = Some(top);
    }

    fn start(&mut self, steps: &[Step], index: usize) {
        let step = &steps[index];
        if self.upwards(self.current).count() >= DEPTH_MAX {
            return self.other(steps, index);
        }
        let own = (step.kind_or_app(), step.mode.clone());
        if !self.is_open(self.root) {
            let is_app = own.0 == "app";
            let node = if is_app {
                let node = self.new_node(steps, index, own);
                self.root = Some(node);
                node
            } else {
                let root = self.new_node(steps, index, ("app".to_owned(), String::new()));
                self.root = Some(root);
                let node = self.new_node(steps, index, own);
                self.attach(node, root, steps);
                node
            };
            self.current = Some(node);
            return;
        }
        let found = self.upwards(self.current).find(|node| like_step(&self.nodes[*node], step));
        let node = self.new_node(steps, index, own);
        match found {
            None => {
                if let Some(current) = self.current.filter(|current| self.nodes[*current].open) {
                    self.attach(node, current, steps);
                }
            }
            Some(found) => {
                self.close(found);
                match self.nodes[found].parent {
                    Some(parent) => {
                        self.tell(found);
                        self.attach(node, parent, steps);
                    }
                    None => {
                        let current = self.current.unwrap_or(found);
                        let teller = self.nodes[current].parent.unwrap_or(current);
                        self.tell(teller);
                        if let Some(root) = self.root.filter(|root| !self.nodes[*root].open) {
                            self.tell(root);
                            self.root = Some(node);
                        }
                    }
                }
            }
        }
        self.current = Some(node);
    }

    fn end(&mut self, steps: &[Step], index: usize) {
        let step = &steps[index];
        let Some(current) = self.current else { return };
        let near = |node: &Node| node.kind == step.kind_or_app() && node.mode.eq_ignore_ascii_case(&step.mode);
        if !self.upwards(Some(current)).any(|node| near(&self.nodes[node])) {
            return;
        }
        let found = self.upwards(Some(current)).find(|node| like_step(&self.nodes[*node], step));
        let matching = found.unwrap_or_else(|| self.top_of(current));
        let up = match found {
            Some(found) => self.nodes[found].parent.unwrap_or(found),
            None => matching,
        };
        let same = |tree: &Tree, a: usize, b: usize| tree.nodes[a].is_same(&tree.nodes[b]);
        let own_parent = self.nodes[current].parent.is_some_and(|parent| same(self, parent, up));
        if own_parent {
            if self.nodes[current].open {
                self.end_node(current, steps, index);
                self.current = Some(up);
            }
        } else if self.root.is_some_and(|root| same(self, root, up)) {
            let root = self.root.unwrap_or(up);
            if same(self, matching, root) {
                self.end_node(root, steps, index);
                self.current = Some(root);
            } else if self.nodes[matching].open {
                self.end_node(matching, steps, index);
                self.current = Some(up);
            }
        } else {
            if self.nodes[current].open {
                self.end_node(current, steps, index);
            }
            self.current = Some(up);
        }
    }

    /// Counts the END, closes and tells.
    fn end_node(&mut self, node: usize, steps: &[Step], index: usize) {
        self.add(node, &steps[index], index);
        self.close(node);
        self.tell(node);
    }

    fn other(&mut self, steps: &[Step], index: usize) {
        match self.current.filter(|current| self.nodes[*current].open) {
            Some(current) => self.add(current, &steps[index], index),
            None => {
                let node = self.new_node(steps, index, ("app".to_owned(), steps[index].mode.clone()));
                self.current = Some(node);
                if !self.is_open(self.root) {
                    self.root = Some(node);
                }
            }
        }
    }

    fn finish(mut self) -> Vec<Summary> {
        for node in [self.current, self.root].into_iter().flatten() {
            if self.nodes[node].open {
                self.close(node);
                self.tell(node);
            }
        }
        // Closing can tell one twice.
        let mut seen: HashMap<(usize, Micros, Micros), Vec<Summary>> = HashMap::new();
        self.out.retain(|summary| {
            let alike = seen.entry((summary.first, summary.start, summary.end)).or_default();
            let is_new = !alike.contains(summary);
            if is_new {
                alike.push(summary.clone());
            }
            is_new
        });
        self.out
    }
}
