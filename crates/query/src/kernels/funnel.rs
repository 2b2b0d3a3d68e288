//! The funnel of one person: how far their best run through the steps goes.
//!
//! A *run* begins at an event of step 1 and takes later events for later steps, each event once, all within the window.
//! Definition: docs/semantics/funnel.md. The plain twin is the oracle in `testkit`, which tests compare it to.

/// Steps of a funnel, at most.
pub const STEPS_MAX: usize = 20;

/// One event that matters, in the order (event_at, uuid).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Candidate {
    /// event_at, µs.
    pub at: i64,
    /// The steps it matches, a bit each from step 1.
    pub steps: u32,
    /// The steps that it must not precede; counts only if it matches no step.
    pub guards: u32,
    /// The code of its breakdown value.
    pub value: u32,
}

impl Candidate {
    /// Steps, or else guarded steps.
    fn entries(&self) -> u32 {
        if self.steps != 0 { self.steps } else { self.guards }
    }
}

/// What a funnel demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Number of steps, 2 to 20; of trends also 1 less than asked.
    pub steps: usize,
    /// From the first to the last event of a run, inclusive; µs.
    pub window: i64,
    /// Optional steps, a bit each; never the first or last.
    pub optional: u32,
    /// Whether nothing may lie between.
    pub strict: bool,
}

/// A way through the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// event_at of step 1.
    pub start: i64,
    /// The steps done, a bit each.
    pub done: u32,
    /// Whether an excluded event came between.
    pub tainted: bool,
    /// Per step that is done: which candidate fills it.
    pub used: [u32; STEPS_MAX],
}

impl Run {
    const NONE: Run = Run { start: 0, done: 0, tainted: false, used: [u32::MAX; STEPS_MAX] };

    /// Number of the last step that is done, from 1; 0 for none.
    pub fn depth(&self) -> usize {
        (u32::BITS - self.done.leading_zeros()) as usize
    }
}

/// The state machine; reused from person to person.
pub struct Machine {
    rules: Rules,
    /// Per step the run that got exactly so far; `done` 0: none.
    slots: [Run; STEPS_MAX],
    best: Run,
}

impl Machine {
    pub fn new(rules: Rules) -> Machine {
        debug_assert!((1..=STEPS_MAX).contains(&rules.steps) && rules.optional & 1 == 0);
        Machine { rules, slots: [Run::NONE; STEPS_MAX], best: Run::NONE }
    }

    /// The best run; `None`: not even step 1, or the best is spoilt by an exclusion.
    ///
    /// O(candidates × steps) time, no allocation.
    pub fn run(&mut self, candidates: &[Candidate]) -> Option<Run> {
        self.slots[..self.rules.steps].fill(Run::NONE);
        self.best = Run::NONE;
        let mut next = 0;
        while next < candidates.len() {
            let first = candidates[next];
            let mut end = next + 1;
            let mut mixed = false;
            while end < candidates.len() && candidates[end].at == first.at {
                let other = &candidates[end];
                mixed |= other.steps != first.steps || other.entries() != first.entries();
                end += 1;
            }
            let finished = if mixed {
                self.mixed_tie(&candidates[next..end], next)
            } else {
                (next..end).any(|index| self.one(&candidates[index], index))
            };
            if finished {
                break;
            }
            next = end;
        }
        (self.best.done != 0 && !self.best.tainted).then_some(self.best)
    }

    /// Takes in one event. True: the last step is reached.
    fn one(&mut self, candidate: &Candidate, index: usize) -> bool {
        let mut entries = candidate.entries();
        while entries != 0 {
            let step = (u32::BITS - 1 - entries.leading_zeros()) as usize;
            entries &= !(1 << step);
            if self.entry(candidate, index, step, candidate.steps != 0, false) {
                return true;
            }
        }
        if self.rules.strict {
            for step in 0..self.rules.steps {
                if candidate.steps >> step & 1 == 0 {
                    self.slots[step].done = 0;
                }
            }
        }
        false
    }

    /// Events of one instant that differ: whatever order converts, exclusions and strictness aside.
    fn mixed_tie(&mut self, tie: &[Candidate], offset: usize) -> bool {
        for step in 0..self.rules.steps {
            for (index, candidate) in tie.iter().enumerate() {
                if candidate.steps >> step & 1 == 1 && self.entry(candidate, offset + index, step, true, true) {
                    return true;
                }
            }
        }
        false
    }

    /// One event as one step or as what must not precede it. `once`: the source may not have used the event.
    fn entry(&mut self, candidate: &Candidate, index: usize, step: usize, is_step: bool, once: bool) -> bool {
        let mut run = Run { start: candidate.at, ..Run::NONE };
        let mut source = None;
        if step > 0 {
            let Some(found) = self.source(candidate.at, step) else { return false };
            run = self.slots[found];
            source = Some(found);
        }
        if self.slots[step].done != 0 && self.slots[step].start == run.start {
            return false;
        }
        if !is_step {
            if let Some(source) = source.filter(|_| !run.tainted) {
                self.slots[source].tainted = true;
                // The best run holds the window open from its own start.
                if self.best.depth() == source + 1 && candidate.at - self.best.start <= self.rules.window {
                    self.best.tainted = true;
                }
            }
            return false;
        }
        if once && run.used[..step].contains(&(index as u32)) {
            return false;
        }
        run.done |= 1 << step;
        run.used[step] = index as u32;
        if step + 1 > self.best.depth() || (step + 1 == self.best.depth() && self.best.tainted) {
            self.best = run;
        }
        if run.tainted {
            return false;
        }
        self.slots[step] = run;
        step + 1 == self.rules.steps
    }

    /// The slot that a run reaches `step` from: the one before it, or before optional steps between.
    fn source(&self, at: i64, step: usize) -> Option<usize> {
        let mut slot = step - 1;
        loop {
            let run = &self.slots[slot];
            if run.done != 0 && at - run.start <= self.rules.window {
                return Some(slot);
            }
            if slot == 0 || self.rules.optional >> slot & 1 == 0 {
                return None;
            }
            slot -= 1;
        }
    }
}
