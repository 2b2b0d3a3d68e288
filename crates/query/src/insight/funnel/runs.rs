//! From one person's rows to their best runs, one per row of the answer that they are in.

use super::Layout;
use crate::bind::funnel::{BoundAttribution, BoundFunnel};
use crate::journeys::Row;
use crate::kernels::funnel::{Candidate, Machine, Rules, Run};
use crate::kernels::unordered::Queues;
use crate::limits::{Budget, QueryError};
use crate::values::NONE_GROUP;
use model::insight::funnel::FunnelOrder;
use model::insight::step::Occurrence;

/// Finds runs; keeps its memory from person to person.
pub(in crate::insight) struct Runs<'a> {
    bound: &'a BoundFunnel,
    layout: &'a Layout,
    budget: &'a Budget<'a>,
    steps: usize,
    /// Whether every event is a candidate.
    all: bool,
    engine: Engine,
    /// The person's candidates, and the row of each.
    pub(in crate::insight) candidates: Vec<Candidate>,
    pub(in crate::insight) rows: Vec<u32>,
    /// A changed copy of the candidates.
    changed: Vec<Candidate>,
}

enum Engine {
    Machine(Machine),
    Queues(Queues),
}

impl Engine {
    fn run(&mut self, candidates: &[Candidate]) -> Option<Run> {
        match self {
            Engine::Machine(machine) => machine.run(candidates),
            Engine::Queues(queues) => queues.run(candidates, |_| true),
        }
    }
}

impl<'a> Runs<'a> {
    pub(in crate::insight) fn new(
        bound: &'a BoundFunnel,
        layout: &'a Layout,
        budget: &'a Budget<'a>,
        steps: usize,
    ) -> Self {
        let optional = bound.steps.iter().enumerate().filter(|(_, step)| step.optional);
        let rules = Rules {
            steps,
            window: bound.window,
            optional: optional.fold(0, |bits, (index, _)| bits | 1 << index),
            strict: bound.order == FunnelOrder::Strict,
        };
        let engine = match bound.order {
            FunnelOrder::Unordered => Engine::Queues(Queues::new(steps, bound.window)),
            FunnelOrder::Ordered | FunnelOrder::Strict => Engine::Machine(Machine::new(rules)),
        };
        let (candidates, rows, changed) = Default::default();
        Self { bound, layout, budget, steps, all: rules.strict, engine, candidates, rows, changed }
    }

    /// Takes in one person's rows, in order.
    pub(in crate::insight) fn read(&mut self, rows: &[Row]) {
        self.candidates.clear();
        self.rows.clear();
        let of_steps = (1_u32 << self.steps) - 1;
        let mut only = [None; crate::kernels::funnel::STEPS_MAX];
        for (step, occurrence, bit) in &self.layout.firsts {
            let first = rows.iter().position(|row| row.bits & bit != 0);
            let within = |index: &usize| rows[*index].at >= self.bound.span.from;
            // The first of its name counts only if it passes the filters, which is what the bit of the step says.
            let counts = |index: &usize| *occurrence == Occurrence::FirstMatching || rows[*index].bits >> step & 1 == 1;
            only[*step] = Some(first.filter(within).filter(counts).unwrap_or(usize::MAX));
        }
        for (index, row) in rows.iter().enumerate() {
            if row.at < self.bound.span.from {
                continue;
            }
            let mut steps = row.bits & of_steps;
            for (step, _, _) in &self.layout.firsts {
                if only[*step].is_some_and(|only| only != index) {
                    steps &= !(1 << step);
                }
            }
            let excluded = self.layout.exclusions.iter().filter(|(bit, _)| row.bits & bit != 0);
            let guards = excluded.fold(0, |all, (_, guards)| all | guards) & of_steps;
            let counts = if self.all { row.bits & self.layout.any != 0 } else { steps | guards != 0 };
            if counts {
                self.candidates.push(Candidate { at: row.at, steps, guards, value: row.value });
                self.rows.push(index as u32);
            }
        }
    }

    /// The best run over all candidates.
    pub(in crate::insight) fn best(&mut self) -> Option<Run> {
        self.engine.run(&self.candidates)
    }

    /// The best run that begins in the bucket; with `steps` and guards as they are.
    pub(in crate::insight) fn best_in(&mut self, bucket: std::ops::Range<i64>) -> Option<Run> {
        self.changed.clear();
        self.changed.extend(self.candidates.iter().map(|candidate| {
            let begins = bucket.contains(&candidate.at);
            Candidate { steps: if begins { candidate.steps } else { candidate.steps & !1 }, ..*candidate }
        }));
        self.engine.run(&self.changed)
    }

    /// Calls `found` with the code of a value and the best run that belongs to it; `map` turns values into codes, `None`
    /// leaves a value out.
    pub(in crate::insight) fn by_value(
        &mut self,
        attribution: BoundAttribution,
        map: &impl Fn(u32) -> Option<u32>,
        mut found: impl FnMut(u32, &Run),
    ) -> Result<(), QueryError> {
        match attribution {
            BoundAttribution::FirstTouch | BoundAttribution::LastTouch => {
                let has_value = |candidate: &&Candidate| candidate.value != NONE_GROUP;
                let touch = match attribution {
                    BoundAttribution::FirstTouch => self.candidates.iter().find(has_value),
                    _ => self.candidates.iter().rev().find(has_value),
                };
                let Some(code) = map(touch.map_or(NONE_GROUP, |touch| touch.value)) else { return Ok(()) };
                if let Some(run) = self.best() {
                    found(code, &run);
                }
                Ok(())
            }
            BoundAttribution::AllEvents => {
                self.of_all_events(map, found);
                Ok(())
            }
            BoundAttribution::Step(step) => self.of_step(step, map, found),
        }
    }

    /// One run per value, over the candidates with it.
    fn of_all_events(&mut self, map: &impl Fn(u32) -> Option<u32>, mut found: impl FnMut(u32, &Run)) {
        let coded = self.candidates.iter().enumerate();
        let mut coded: Vec<(u32, u32)> =
            coded.filter_map(|(index, candidate)| Some((map(candidate.value)?, index as u32))).collect();
        coded.sort_unstable();
        for own in coded.chunk_by(|a, b| a.0 == b.0) {
            self.changed.clear();
            self.changed.extend(own.iter().map(|(_, index)| self.candidates[*index as usize]));
            if let Some(mut run) = self.engine.run(&self.changed) {
                // Places among these become places among all.
                run.used.iter_mut().filter(|used| **used != u32::MAX).for_each(|used| *used = own[*used as usize].1);
                found(own[0].0, &run);
            }
        }
    }

    /// One run per value that an event of the step has: only such an event may fill it.
    fn of_step(
        &mut self,
        step: usize,
        map: &impl Fn(u32) -> Option<u32>,
        mut found: impl FnMut(u32, &Run),
    ) -> Result<(), QueryError> {
        let unordered = matches!(self.engine, Engine::Queues(_));
        let touching = self.candidates.iter().filter(|candidate| unordered || candidate.steps >> step & 1 == 1);
        let mut codes: Vec<u32> = touching.filter_map(|candidate| map(candidate.value)).collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            self.budget.check()?;
            let run = match &mut self.engine {
                Engine::Queues(queues) => queues.run(&self.candidates, |first| map(first.value) == Some(code)),
                Engine::Machine(machine) => {
                    self.changed.clear();
                    self.changed.extend(self.candidates.iter().map(|candidate| {
                        let fits = map(candidate.value) == Some(code);
                        let steps = if fits { candidate.steps } else { candidate.steps & !(1 << step) };
                        Candidate { steps, ..*candidate }
                    }));
                    machine.run(&self.changed)
                }
            };
            if let Some(run) = run {
                found(code, &run);
            }
        }
        Ok(())
    }

    /// event_at of the candidate that fills a step of a run.
    pub(in crate::insight) fn at(&self, run: &Run, step: usize) -> i64 {
        self.candidates[run.used[step] as usize].at
    }
}
