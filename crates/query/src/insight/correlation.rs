//! Correlation: what goes along with getting through a funnel. Definition: docs/semantics/correlation.md.
//!
//! The funnel finds each person's best run; the rows between its first step and its end carry the codes of the factors'
//! values. One pass per property.

mod odds;

use crate::bind::correlation::{BoundCorrelation, BoundFactor, FactorOf};
use crate::insight::funnel::{Funnel, Runs};
use crate::journeys::Row;
use crate::limits::{Budget, QueryError};
use crate::split::Split;
use crate::values::{NONE_GROUP, Values};
use model::insight::correlation::{CorrelationAnswer, Factor};
use odds::Sides;
use std::cmp::Ordering;
use std::sync::Arc;
use store::Snapshot;

/// The persons of a funnel with their values of one factor.
pub(super) struct Correlation<'a> {
    pub(super) funnel: Funnel<'a>,
    factor: &'a BoundFactor,
    /// Bits of rows: an event that may be a factor; one of a step, which is none.
    on_the_way: u32,
    of_step: u32,
}

impl<'a> Correlation<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        bound: &'a BoundCorrelation,
        factor: &'a BoundFactor,
        budget: &'a Budget<'a>,
        values: &'a Values<'a>,
    ) -> Result<Self, QueryError> {
        let (mut on_the_way, mut of_step) = (0, 0);
        let funnel = Funnel::with(snapshot, &bound.funnel, budget, |conditions, next| {
            if let FactorOf::Events(matching) = &factor.of {
                (on_the_way, of_step) = (1 << next, 1 << (next + 1));
                conditions.matching(matching, on_the_way)?;
                for step in &bound.funnel.steps {
                    if step.matching.event.is_some() || step.matching.action.is_some() {
                        conditions.named((&step.matching.event, &step.matching.action), of_step)?;
                    }
                }
            }
            conditions.with_values(Split::plain(&factor.split), values);
            Ok(())
        })?;
        Ok(Self { funnel, factor, on_the_way, of_step })
    }

    pub(super) fn runs(&self) -> Runs<'_> {
        self.funnel.runs(self.funnel.bound.steps.len())
    }

    /// Whether a person converted, and into `codes` their values, each once; `None`: they are not in the funnel.
    pub(super) fn person(&self, runs: &mut Runs<'_>, rows: &[Row], codes: &mut Vec<u32>) -> Option<bool> {
        codes.clear();
        runs.read(rows);
        let run = runs.best()?;
        let last = self.funnel.bound.steps.len() - 1;
        let converted = run.done >> last & 1 == 1;
        match self.factor.of {
            FactorOf::Events(_) => {
                let given_up = run.start.saturating_add(self.funnel.bound.window).min(self.funnel.bound.span.to);
                let end = if converted { runs.at(&run, last) } else { given_up };
                let between = rows.iter().filter(|row| run.start < row.at && row.at < end);
                let factors = between.filter(|row| row.bits & (self.on_the_way | self.of_step) == self.on_the_way);
                codes.extend(factors.map(|row| row.value).filter(|code| *code != NONE_GROUP));
                codes.sort_unstable();
                codes.dedup();
            }
            FactorOf::Person => {
                codes.extend(runs.candidates.iter().map(|one| one.value).find(|code| *code != NONE_GROUP));
            }
        }
        Some(converted)
    }

    /// All persons, and those of each code.
    fn count(&self) -> Result<(Sides, Vec<Sides>), QueryError> {
        let make = || Ok((self.runs(), Vec::new(), Sides::default(), Vec::new()));
        type State<'a> = (Runs<'a>, Vec<u32>, Sides, Vec<Sides>);
        let states = self.funnel.journeys.fold(
            &self.funnel.conditions,
            make,
            |(runs, codes, all, of_code): &mut State<'_>, _, rows| {
                let Some(converted) = self.person(runs, rows, codes) else { return Ok(()) };
                all.add(converted);
                let wanted = codes.last().map_or(0, |last| *last as usize + 1);
                if wanted > of_code.len() {
                    self.funnel.budget.take((wanted - of_code.len()) * size_of::<Sides>(), "breakdown values")?;
                    of_code.resize(wanted, Sides::default());
                }
                codes.iter().for_each(|code| of_code[*code as usize].add(converted));
                Ok(())
            },
        )?;
        let (mut all, mut of_code) = (Sides::default(), Vec::new());
        for (_, _, own, own_of_code) in states {
            all.merge(own);
            of_code.resize(of_code.len().max(own_of_code.len()), Sides::default());
            of_code.iter_mut().zip(own_of_code).for_each(|(all, own)| all.merge(own));
        }
        Ok((all, of_code))
    }
}

pub(crate) fn answer(
    snapshot: &Snapshot,
    bound: &BoundCorrelation,
    budget: &Budget<'_>,
) -> Result<CorrelationAnswer, QueryError> {
    let mut all = Sides::default();
    let (mut success, mut failure) = (Vec::new(), Vec::new());
    for factor in &bound.factors {
        let mark = budget.memory_mark();
        let values = Values::new(budget);
        let (persons, of_code) = Correlation::new(snapshot, bound, factor, budget, &values)?.count()?;
        all = persons;
        if all.converted > 0 && all.dropped > 0 {
            let names = values.names();
            for (list, side) in [(&mut success, Ordering::Greater), (&mut failure, Ordering::Less)] {
                list.extend(strongest(bound, factor, (all, &of_code), &names, side));
            }
        }
        budget.return_to(mark);
    }
    for (list, side) in [(&mut success, Ordering::Greater), (&mut failure, Ordering::Less)] {
        list.sort_unstable_by(|a: &Factor, b| {
            let order = by_odds(a.odds_ratio, b.odds_ratio, side);
            order.then_with(|| (&a.property, &a.value).cmp(&(&b.property, &b.value)))
        });
        list.truncate(bound.limit);
    }
    let range = (bound.definition.as_str(), bound.funnel.span.from, bound.funnel.span.to);
    Ok(CorrelationAnswer {
        converted: all.converted,
        dropped: all.dropped,
        skewed: all.is_skewed(),
        success,
        failure,
        explain: crate::explain(snapshot, range, &bound.warnings, budget),
    })
}

/// The values of a factor on one side, strongest first; not more than are shown.
fn strongest(
    bound: &BoundCorrelation,
    factor: &BoundFactor,
    (all, of_code): (Sides, &[Sides]),
    names: &[Arc<str>],
    side: Ordering,
) -> Vec<Factor> {
    let counted = names.iter().zip(of_code).filter(|(name, own)| {
        own.compared(all) == side
            && own.is_enough(all, bound.persons_min)
            && !bound.exclude.iter().any(|out| **out == ***name)
    });
    let mut ranked: Vec<(f64, &str, Sides)> = counted.map(|(name, own)| (own.odds_ratio(all), &**name, *own)).collect();
    ranked.sort_unstable_by(|a, b| by_odds(a.0, b.0, side).then_with(|| a.1.cmp(b.1)));
    ranked.truncate(bound.limit);
    ranked.into_iter().map(|(_, name, own)| own.factor(all, factor.property.clone(), name)).collect()
}

/// Farther from 1 first.
fn by_odds(a: f64, b: f64, side: Ordering) -> Ordering {
    if side.is_gt() { b.total_cmp(&a) } else { a.total_cmp(&b) }
}
