//! Binds cohorts: periods become instants, other cohorts their rules. Definition: docs/semantics/cohorts.md.
//!
//! Periods are measured from the quarter of an hour in which is asked, so that a cohort that was counted for one question
//! serves the next ones on the same snapshot.

use super::dates::{self, Range, Unit};
use super::filter::{BoundCondition, BoundFilter, FilterBinder};
use super::steps::{self, BoundMatch};
use crate::question::QuestionError;
use model::Micros;
use model::cohort::{
    ALL_PERSONS, CohortId, CohortRule, FirstTime, Lapse, Last, Performed, PeriodUnit, Regularly, Sequence, Times, When,
};
use model::insight::step::EventMatch;
use model::time::{Interval, SECOND};
use serde::Serialize;
use std::sync::Arc;

/// How long the end of a period holds, µs.
const QUARTER: Micros = 15 * 60 * SECOND;
/// Rules within rules, cohorts within cohorts included, at most.
const DEPTH_MAX: usize = 16;
/// Rules in one question, at most.
const RULES_MAX: usize = 200;
/// Units of a period, and periods, at most.
const LAST_MAX: u32 = 10_000;
const PERIODS_MAX: u32 = 100;
/// Cohorts in one condition or breakdown, at most.
const COHORTS_MAX: usize = 50;

/// What binding knows of a cohort.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownCohort {
    /// What it is called.
    pub name: String,
    /// Who is in it.
    pub members: KnownMembers,
}

/// Who is in a cohort.
#[derive(Debug, Clone, PartialEq)]
pub enum KnownMembers {
    /// The persons behind these distinct_ids.
    Listed(Arc<[Box<str>]>),
    /// Whom a rule takes.
    Rule(Arc<CohortRule>),
}

/// Who is in a cohort, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BoundCohort {
    /// Everybody.
    All,
    /// The persons behind these distinct_ids.
    Listed(Arc<[Box<str>]>),
    /// Whom a rule takes.
    Rule(BoundRule),
}

/// A rule, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BoundRule {
    /// Whoever is in all; nobody if there are none.
    All(Vec<BoundRule>),
    /// Whoever is in one.
    Any(Vec<BoundRule>),
    /// Everybody else.
    Not(Box<BoundRule>),
    /// Whose property passes.
    Person(BoundCondition),
    /// Who is in another cohort.
    Cohort(Arc<BoundCohort>),
    /// Who did something within a period, so many times.
    Performed(BoundMatch, (Micros, Micros), Option<Times>),
    /// Whose first event of that name, or action, lies within a period and passes.
    FirstTime(BoundMatch, (Micros, Micros)),
    /// Who did one thing and then another, so many µs apart at most.
    Sequence(Box<[BoundMatch; 2]>, Micros, (Micros, Micros)),
    /// Who did something so many times in at least so many of the periods between these edges.
    Regularly(BoundMatch, Option<Times>, Vec<Micros>, u32),
}

impl FilterBinder<'_> {
    /// The cohorts of these numbers, by their names.
    pub(super) fn cohorts(
        &mut self,
        ids: &[CohortId],
        path: &str,
    ) -> Result<Vec<(String, Arc<BoundCohort>)>, QuestionError> {
        if ids.is_empty() || ids.len() > COHORTS_MAX {
            return Err(QuestionError::new(path, format!("needs 1 to {COHORTS_MAX} cohorts, it has {}", ids.len())));
        }
        ids.iter().map(|id| self.cohort(*id, path)).collect()
    }

    fn cohort(&mut self, id: CohortId, path: &str) -> Result<(String, Arc<BoundCohort>), QuestionError> {
        if id == ALL_PERSONS {
            return Ok(("All persons".to_owned(), Arc::new(BoundCohort::All)));
        }
        let known = self.known();
        let found = known.cohorts.get(&id);
        let cohort = found.ok_or_else(|| QuestionError::new(path, format!("there is no cohort {id}")))?;
        if self.within.contains(&id) {
            return Err(QuestionError::new(path, format!("cohort {id} ({}) would be within itself", cohort.name)));
        }
        let bound = match &cohort.members {
            KnownMembers::Listed(ids) => BoundCohort::Listed(ids.clone()),
            KnownMembers::Rule(rule) => {
                self.within.push(id);
                let bound = self.rule(rule, path, 1);
                self.within.pop();
                BoundCohort::Rule(bound?)
            }
        };
        Ok((cohort.name.clone(), Arc::new(bound)))
    }

    /// Binds the rule of cohort `id`, which may be a new one (0).
    pub(super) fn rule_of(&mut self, id: CohortId, rule: &CohortRule) -> Result<BoundRule, QuestionError> {
        self.within.push(id);
        let bound = self.rule(rule, "rule", 1);
        self.within.pop();
        bound
    }

    fn rule(&mut self, rule: &CohortRule, path: &str, depth: usize) -> Result<BoundRule, QuestionError> {
        self.rules += 1;
        if depth > DEPTH_MAX || self.within.len() > DEPTH_MAX || self.rules > RULES_MAX {
            let message = format!("cohorts nest deeper than {DEPTH_MAX}, or have more than {RULES_MAX} rules in all");
            return Err(QuestionError::new(path, message));
        }
        Ok(match rule {
            CohortRule::All(list) => BoundRule::All(self.rules(list, &format!("{path}.all"), depth)?),
            CohortRule::Any(list) => BoundRule::Any(self.rules(list, &format!("{path}.any"), depth)?),
            CohortRule::Not(rule) => BoundRule::Not(Box::new(self.rule(rule, &format!("{path}.not"), depth + 1)?)),
            CohortRule::Person(filter) => {
                let path = format!("{path}.person");
                let mut filter = filter.clone();
                if filter.values.is_some() || !matches!(filter.kind.as_deref(), None | Some("person")) {
                    return Err(QuestionError::new(path, "is one condition on a person property"));
                }
                filter.kind = Some("person".to_owned());
                match self.one(&filter, &path, 1)? {
                    Some(BoundFilter::Condition(condition)) => BoundRule::Person(condition),
                    _ => return Err(QuestionError::new(format!("{path}.property"), "is missing")),
                }
            }
            CohortRule::Cohort(id) => BoundRule::Cohort(self.cohort(*id, &format!("{path}.cohort"))?.1),
            CohortRule::Performed(Performed { event, when, times }) => {
                let path = format!("{path}.performed");
                let period = self.period(when, &path)?;
                BoundRule::Performed(self.matching(event, &path)?, period, checked(*times, &path)?)
            }
            CohortRule::FirstTime(FirstTime { event, when }) => {
                let path = format!("{path}.first_time");
                let period = self.period(when, &path)?;
                BoundRule::FirstTime(self.matching(event, &path)?, period)
            }
            CohortRule::Sequence(Sequence { event, then, within, when }) => {
                let path = format!("{path}.sequence");
                let window = i64::from(within.count) * within.unit.seconds();
                if window < 1 {
                    return Err(QuestionError::new(format!("{path}.within.count"), "must be at least 1"));
                }
                let first = self.matching(event, &path)?;
                let then = steps::bind(then, &format!("{path}.then"), self)?;
                BoundRule::Sequence(Box::new([first, then]), window * SECOND, self.period(when, &path)?)
            }
            CohortRule::Regularly(asked) => self.regularly(asked, &format!("{path}.regularly"))?,
            CohortRule::Stopped(lapse) => {
                let (of, [longer, recent]) = self.lapse(lapse, &format!("{path}.stopped"))?;
                BoundRule::All(vec![performed(&of, longer), not(performed(&of, recent))])
            }
            CohortRule::Restarted(lapse) => {
                let (of, [longer, recent]) = self.lapse(lapse, &format!("{path}.restarted"))?;
                let between = (longer.0, recent.0 - 1);
                let before = (Micros::MIN, longer.0 - 1);
                BoundRule::All(vec![performed(&of, recent), not(performed(&of, between)), performed(&of, before)])
            }
        })
    }

    fn rules(&mut self, list: &[CohortRule], path: &str, depth: usize) -> Result<Vec<BoundRule>, QuestionError> {
        let one = |(index, rule)| self.rule(rule, &format!("{path}[{index}]"), depth + 1);
        list.iter().enumerate().map(one).collect()
    }

    fn matching(&mut self, event: &EventMatch, path: &str) -> Result<BoundMatch, QuestionError> {
        steps::bind(event, &format!("{path}.event"), self)
    }

    /// The end of the quarter of an hour that holds now.
    fn quarter_end(&self) -> Micros {
        self.now - self.now.rem_euclid(QUARTER) + QUARTER - 1
    }

    /// The last so many units: to the end of this quarter of an hour, from as long before its start.
    fn last(&self, last: Last, path: &str) -> Result<(Micros, Micros), QuestionError> {
        if !(1..=LAST_MAX).contains(&last.count) {
            return Err(QuestionError::new(format!("{path}.count"), format!("must be 1 to {LAST_MAX}")));
        }
        let end = self.quarter_end();
        Ok((dates::before(end + 1 - QUARTER, i64::from(last.count), unit(last.unit), self.calendar), end))
    }

    fn period(&self, when: &When, path: &str) -> Result<(Micros, Micros), QuestionError> {
        let path = format!("{path}.when");
        match (when.last, &when.date_from, &when.date_to) {
            (Some(last), None, None) => self.last(last, &format!("{path}.last")),
            (Some(_), ..) => Err(QuestionError::new(path, "has `last` and dates; give one of them")),
            (None, None, None) => Ok((Micros::MIN, self.quarter_end())),
            (None, from, to) => {
                let asked = (from.as_deref().unwrap_or("all"), to.as_deref());
                let range = dates::range(asked, Interval::Day, self.calendar, self.now, self.known().earliest);
                range.map(|Range { from, to }| (from, to)).map_err(|error| error.under(&path))
            }
        }
    }

    fn regularly(&mut self, asked: &Regularly, path: &str) -> Result<BoundRule, QuestionError> {
        let Regularly { event, times, period, periods, at_least } = asked;
        if period.unit == PeriodUnit::Hour || !(1..=366).contains(&period.count) {
            let message = "must be 1 to 366 days, weeks or months";
            return Err(QuestionError::new(format!("{path}.period"), message));
        }
        if !(1..=PERIODS_MAX).contains(periods) || !(1..=*periods).contains(at_least) {
            let message = format!("must be 1 to {PERIODS_MAX}, and `at_least` no more than it");
            return Err(QuestionError::new(format!("{path}.periods"), message));
        }
        let today = self.calendar.day_start(self.calendar.local(self.now).date());
        let edge = |back: u32| {
            dates::before(today, i64::from(back) * i64::from(period.count), unit(period.unit), self.calendar)
        };
        let edges = (0..=*periods).rev().map(edge).collect();
        Ok(BoundRule::Regularly(self.matching(event, path)?, checked(*times, path)?, edges, *at_least))
    }

    /// Its events, the longer period and the recent one.
    fn lapse(&mut self, lapse: &Lapse, path: &str) -> Result<(BoundMatch, [(Micros, Micros); 2]), QuestionError> {
        let longer = self.last(lapse.longer, &format!("{path}.longer"))?;
        let recent = self.last(lapse.recent, &format!("{path}.recent"))?;
        // By their names, not by their instants: a day that the calendar leaves out makes no cohort wrong.
        if hours(lapse.recent) >= hours(lapse.longer) {
            return Err(QuestionError::new(format!("{path}.recent"), "must be shorter than `longer`"));
        }
        Ok((self.matching(&lapse.event, path)?, [longer, recent]))
    }
}

fn performed(of: &BoundMatch, period: (Micros, Micros)) -> BoundRule {
    BoundRule::Performed(of.clone(), period, None)
}

fn not(rule: BoundRule) -> BoundRule {
    BoundRule::Not(Box::new(rule))
}

/// About how long, for telling which of two periods is longer.
fn hours(last: Last) -> u64 {
    let unit = match last.unit {
        PeriodUnit::Hour => 1,
        PeriodUnit::Day => 24,
        PeriodUnit::Week => 7 * 24,
        PeriodUnit::Month => 30 * 24,
    };
    u64::from(last.count) * unit
}

fn unit(unit: PeriodUnit) -> Unit {
    match unit {
        PeriodUnit::Hour => Unit::Hour,
        PeriodUnit::Day => Unit::Day,
        PeriodUnit::Week => Unit::Week,
        PeriodUnit::Month => Unit::Month,
    }
}

fn checked(times: Option<Times>, path: &str) -> Result<Option<Times>, QuestionError> {
    match times {
        Some(Times { value: 0, .. }) => {
            let message = "must be at least 1; for `never` negate the rule with `not`";
            Err(QuestionError::new(format!("{path}.times.value"), message))
        }
        times => Ok(times),
    }
}
