//! Who is in a cohort: a mark per ordinal. Definition: docs/semantics/cohorts.md.
//!
//! Each rule is answered for all persons at once and then combined. What was answered for a snapshot is kept in a
//! [`CohortCache`], so that a dashboard asks each rule once.

use crate::bind::cohort::{BoundCohort, BoundRule};
use crate::bind::filter::{BoundCondition, BoundFilter, Target};
use crate::bind::steps::BoundMatch;
use crate::journeys::conditions::Conditions;
use crate::journeys::{Journeys, Reading, Row, Times};
use crate::limits::{Budget, QueryError};
use crate::{predicate, scan};
use model::Micros;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::Snapshot;

/// Marks that one cache keeps, bytes.
const CACHE_BYTES_MAX: usize = 64 << 20;

/// Bits of a row.
const FIRST: u32 = 1;
const SECOND: u32 = 2;

/// One mark per ordinal: whether the person that it stands for is in.
pub(crate) type Marks = Arc<[bool]>;

/// The cohorts that were answered last, by snapshot. Cheap to share.
#[derive(Debug, Default)]
pub struct CohortCache {
    /// Most recent last.
    entries: Mutex<Vec<Entry>>,
}

#[derive(Debug)]
struct Entry {
    project: model::ProjectId,
    snapshot: u64,
    cohort: Arc<BoundCohort>,
    marks: Marks,
}

impl CohortCache {
    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        // What a thread that panicked has left is whole: entries are put in and taken out in one step.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, snapshot: &Snapshot, cohort: &BoundCohort) -> Option<Marks> {
        let mut entries = self.entries();
        let is_it = |entry: &Entry| {
            entry.snapshot == snapshot.id() && entry.project == snapshot.project() && *entry.cohort == *cohort
        };
        let at = entries.iter().rposition(is_it)?;
        let entry = entries.remove(at);
        let marks = entry.marks.clone();
        entries.push(entry);
        Some(marks)
    }

    fn put(&self, snapshot: &Snapshot, cohort: &Arc<BoundCohort>, marks: &Marks) {
        let mut entries = self.entries();
        // An older snapshot of the project is not asked again.
        entries.retain(|entry| entry.project != snapshot.project() || entry.snapshot >= snapshot.id());
        let (project, snapshot) = (snapshot.project(), snapshot.id());
        entries.push(Entry { project, snapshot, cohort: cohort.clone(), marks: marks.clone() });
        let mut bytes: usize = entries.iter().map(|entry| entry.marks.len()).sum();
        while bytes > CACHE_BYTES_MAX && entries.len() > 1 {
            bytes -= entries.remove(0).marks.len();
        }
    }
}

/// Who is in a cohort.
pub(crate) fn members(
    snapshot: &Snapshot,
    cohort: &Arc<BoundCohort>,
    budget: &Budget<'_>,
) -> Result<Marks, QueryError> {
    if let Some(marks) = budget.cohorts().get(snapshot, cohort) {
        return Ok(marks);
    }
    let person_of = snapshot.person_of();
    budget.take(person_of.len(), "cohorts")?;
    let marks: Marks = match &**cohort {
        BoundCohort::All => vec![true; person_of.len()].into(),
        BoundCohort::Listed(ids) => {
            let mut roots = vec![false; person_of.len()];
            let ordinals = ids.iter().filter_map(|id| snapshot.ordinal_of(id));
            ordinals.for_each(|ordinal| roots[person_of[ordinal as usize] as usize] = true);
            of_all_ids(&roots, person_of)
        }
        BoundCohort::Rule(rule) => of_all_ids(&of_rule(snapshot, rule, budget)?, person_of),
    };
    budget.cohorts().put(snapshot, cohort, &marks);
    Ok(marks)
}

/// From marks that are right for the ordinals that stand for persons to marks of all.
fn of_all_ids(roots: &[bool], person_of: &[u32]) -> Marks {
    person_of.iter().map(|root| roots[*root as usize]).collect()
}

/// Whom a rule takes; right for the ordinals that stand for persons.
fn of_rule(snapshot: &Snapshot, rule: &BoundRule, budget: &Budget<'_>) -> Result<Vec<bool>, QueryError> {
    budget.check()?;
    let persons = snapshot.person_of().len();
    let did = |matching: &[&BoundMatch], named: bool, times, range, is_in: &(dyn Fn(&[Row]) -> bool + Sync)| {
        who(snapshot, budget, &Asked { matching, named, times, range }, is_in)
    };
    Ok(match rule {
        BoundRule::All(rules) | BoundRule::Any(rules) => {
            let is_all = matches!(rule, BoundRule::All(_));
            // Nobody is in an empty list, of either kind.
            let mut marks = vec![is_all && !rules.is_empty(); persons];
            for rule in rules {
                let more = of_rule(snapshot, rule, budget)?;
                let both = marks.iter_mut().zip(more);
                both.for_each(|(mark, more)| if is_all { *mark &= more } else { *mark |= more });
            }
            marks
        }
        BoundRule::Not(rule) => of_rule(snapshot, rule, budget)?.into_iter().map(|mark| !mark).collect(),
        BoundRule::Cohort(cohort) => members(snapshot, cohort, budget)?.to_vec(),
        BoundRule::Person(condition) => with_property(snapshot, condition, budget)?,
        BoundRule::Performed(of, range, times) => {
            let enough = |rows: &[Row]| times.is_none_or(|times| times.holds(rows.len() as u64));
            // Of whoever did it once it is enough to know on which side of the range it was.
            let whole = [range.0, range.1.saturating_add(1)];
            let kind = if times.is_some() { Times::CountedBuckets(&whole) } else { Times::Buckets(&whole) };
            did(&[of], false, kind, *range, &enough)?
        }
        BoundRule::FirstTime(of, range) => did(&[of], true, Times::Exact, *range, &|rows| {
            let first = rows.iter().find(|row| row.bits & SECOND != 0);
            first.is_some_and(|row| row.bits & FIRST != 0 && row.at >= range.0)
        })?,
        BoundRule::Sequence(both, window, range) => {
            did(&[&both[0], &both[1]], false, Times::Exact, *range, &|rows| follows(rows, *window))?
        }
        BoundRule::Regularly(of, times, edges, at_least) => {
            let range = (edges[0], edges[edges.len() - 1] - 1);
            did(&[of], false, Times::CountedBuckets(edges), range, &|rows| {
                let periods = rows.chunk_by(|a, b| a.at == b.at);
                let right = periods.filter(|rows| times.is_none_or(|times| times.holds(rows.len() as u64)));
                right.count() >= *at_least as usize
            })?
        }
    })
}

/// What is asked of the rows of each person.
struct Asked<'a> {
    /// The first has the bit [`FIRST`], the second [`SECOND`].
    matching: &'a [&'a BoundMatch],
    /// Whether all events of the first's name have the bit [`SECOND`], in all history.
    named: bool,
    times: Times<'a>,
    range: (Micros, Micros),
}

/// Marks whose rows pass; a person without rows does not.
fn who(
    snapshot: &Snapshot,
    budget: &Budget<'_>,
    asked: &Asked<'_>,
    is_in: &(dyn Fn(&[Row]) -> bool + Sync),
) -> Result<Vec<bool>, QueryError> {
    let everything = BoundFilter::All(Vec::new());
    let mut conditions = Conditions::new(snapshot, budget, &everything)?;
    for (matching, bit) in asked.matching.iter().zip([FIRST, SECOND]) {
        conditions.matching(matching, bit)?;
    }
    if asked.named {
        let first = asked.matching[0];
        conditions.named((&first.event, &first.action), SECOND)?;
    }
    let history = if asked.named { SECOND } else { 0 };
    let reading =
        Reading { range: asked.range, history, names: conditions.names(), times: asked.times, repeats: false };
    let journeys = Journeys::plan(snapshot, budget, reading)?;
    let lists = journeys.fold(
        &conditions,
        || Ok(Vec::new()),
        |list: &mut Vec<u32>, person, rows| {
            if is_in(rows) {
                list.push(person);
            }
            Ok(())
        },
    )?;
    let mut marks = vec![false; snapshot.person_of().len()];
    lists.into_iter().flatten().for_each(|person| marks[person as usize] = true);
    Ok(marks)
}

/// Whether some event of the second kind lies at most `window` behind another one of the first; of events at one instant
/// either may be the first.
fn follows(rows: &[Row], window: Micros) -> bool {
    let mut last = None;
    for same in rows.chunk_by(|a, b| a.at == b.at) {
        let count = |bit: u32| same.iter().filter(|row| row.bits & bit != 0).count();
        let (first, second) = (count(FIRST), count(SECOND));
        let one_is_both = first == 1 && second == 1 && same.iter().any(|row| row.bits == FIRST | SECOND);
        if second > 0 && last.is_some_and(|last| same[0].at - last <= window) {
            return true;
        }
        if first > 0 && second > 0 && !one_is_both {
            return true;
        }
        if first > 0 {
            last = Some(same[0].at);
        }
    }
    false
}

fn with_property(
    snapshot: &Snapshot,
    condition: &BoundCondition,
    budget: &Budget<'_>,
) -> Result<Vec<bool>, QueryError> {
    let Target::Person(key) = &condition.target else { return Ok(vec![false; snapshot.person_of().len()]) };
    let matcher = predicate::matcher(&condition.test).map_err(QueryError::Pattern)?;
    let column = snapshot.person_property(key);
    scan::rows_that_hold(&column, snapshot.person_of().len(), (condition.negated, &matcher), budget)
}
