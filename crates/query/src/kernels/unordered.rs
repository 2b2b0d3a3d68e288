//! The unordered funnel of one person: how many different steps they did within a window. Definition: docs/semantics/funnel.md.

use super::funnel::{Candidate, Run, STEPS_MAX};
use std::collections::VecDeque;

/// A queue of events per step; reused from person to person.
pub struct Queues {
    steps: usize,
    window: i64,
    /// Per step the candidates that wait, oldest first.
    waiting: Vec<VecDeque<u32>>,
    best: Vec<u32>,
}

impl Queues {
    /// `steps` is 1 to 20; `window` in µs, inclusive.
    pub fn new(steps: usize, window: i64) -> Queues {
        Queues { steps, window, waiting: vec![VecDeque::new(); steps], best: Vec::new() }
    }

    /// The best run; its steps are in order of time. `None`: not one step was done.
    ///
    /// `counts` says of the first candidate of a run whether such a run counts.
    pub fn run(&mut self, candidates: &[Candidate], counts: impl Fn(&Candidate) -> bool) -> Option<Run> {
        self.waiting.iter_mut().for_each(VecDeque::clear);
        self.best.clear();
        for (index, candidate) in candidates.iter().enumerate() {
            while let Some((step, oldest)) = self.oldest() {
                let started = &candidates[oldest as usize];
                if self.filled() < self.steps && candidate.at - started.at <= self.window {
                    break;
                }
                self.credit(counts(started));
                self.waiting[step].pop_front();
            }
            if self.best.len() == self.steps {
                break;
            }
            if candidate.steps == 0 {
                if candidate.guards != 0 {
                    self.waiting.iter_mut().for_each(VecDeque::clear);
                }
                continue;
            }
            let matching = (0..self.steps).filter(|step| candidate.steps >> step & 1 == 1);
            // An empty queue comes before any newest element; the first of equals is taken.
            if let Some(step) = matching.min_by_key(|step| self.waiting[*step].back().map_or(0, |newest| newest + 1)) {
                self.waiting[step].push_back(index as u32);
            }
        }
        if let Some((_, oldest)) = self.oldest() {
            self.credit(counts(&candidates[oldest as usize]));
        }
        let first = *self.best.first()?;
        let mut used = [u32::MAX; STEPS_MAX];
        used[..self.best.len()].copy_from_slice(&self.best);
        let done = (1_u32 << self.best.len()) - 1;
        Some(Run { start: candidates[first as usize].at, done, tainted: false, used })
    }

    fn filled(&self) -> usize {
        self.waiting.iter().filter(|queue| !queue.is_empty()).count()
    }

    /// The step and the candidate that waits longest.
    fn oldest(&self) -> Option<(usize, u32)> {
        let heads = self.waiting.iter().enumerate().filter_map(|(step, queue)| Some((step, *queue.front()?)));
        heads.min_by_key(|(_, head)| *head)
    }

    fn credit(&mut self, counts: bool) {
        if counts && self.filled() > self.best.len() {
            self.best.clear();
            self.best.extend(self.waiting.iter().filter_map(|queue| queue.front().copied()));
            self.best.sort_unstable();
        }
    }
}
