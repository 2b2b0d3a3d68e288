//! Who is behind a number, a page at a time. Definition: docs/semantics/people.md.
//!
//! Each insight says of one person which numbers they are in; the answer counts them and this list collects them, so both
//! have the same rule. Persons come in the order of their ordinals, which no later event changes.

mod correlation;
mod funnel;
mod items;
mod others;
mod trends;
mod web;

use crate::bind::BoundQuestion;
use crate::bind::cohort::BoundCohort;
use crate::bind::people::{BoundCell, BoundPeople};
use crate::cohort;
use crate::insight::events::person_name;
use crate::limits::{Budget, QueryError};
use model::insight::people::{PeopleAnswer, PersonRow};
use std::sync::Arc;
use store::Snapshot;

/// One person of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    person: u32,
    count: u64,
}

/// The members that one thread has found.
struct List<'a> {
    members: Vec<Member>,
    budget: &'a Budget<'a>,
}

impl<'a> List<'a> {
    fn new(budget: &'a Budget<'a>) -> List<'a> {
        List { members: Vec::new(), budget }
    }

    /// Adds a person, if anything of theirs counts.
    fn add(&mut self, person: u32, count: u64) -> Result<(), QueryError> {
        if count == 0 {
            return Ok(());
        }
        if self.members.len() == self.members.capacity() {
            let more = self.members.len().max(1_024);
            self.budget.take(more * size_of::<Member>(), "people of a list")?;
            self.members.reserve_exact(more);
        }
        self.members.push(Member { person, count });
        Ok(())
    }
}

pub(crate) fn answer(
    snapshot: &Snapshot,
    bound: &BoundPeople,
    budget: &Budget<'_>,
) -> Result<PeopleAnswer, QueryError> {
    let (definition, from_utc, to_utc, warnings) = said(&bound.question);
    let of_row = bound.of_row();
    let mut members = match &of_row {
        Some(bound) => members(snapshot, bound, budget)?,
        None => Vec::new(),
    };
    members.sort_unstable();
    let bound = of_row.as_ref().unwrap_or(bound);
    let from = bound.after.map_or(0, |after| members.partition_point(|member| member.person <= after));
    let page = &members[from..members.len().min(from + bound.limit)];
    let mut people: Vec<PersonRow> = page
        .iter()
        .map(|member| PersonRow {
            person: person_name(snapshot, member.person),
            count: member.count,
            events: Vec::new(),
        })
        .collect();
    if let (BoundQuestion::Funnel(funnel), BoundCell::Step { .. }) = (&bound.question, &bound.cell) {
        funnel::add_events(snapshot, (funnel, &bound.cell), budget, page, &mut people)?;
    }
    Ok(PeopleAnswer {
        next: page.last().filter(|_| from + page.len() < members.len()).map(|last| last.person.to_string()),
        people,
        persons: members.len() as u64,
        count: members.iter().map(|member| member.count).sum(),
        explain: crate::explain(snapshot, (definition, from_utc, to_utc), warnings, budget),
    })
}

/// A page of the people of a cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CohortPage {
    /// The distinct_ids that stand for them, in the order in which the store first met them.
    pub people: Vec<String>,
    /// How many there are on all pages.
    pub persons: u64,
    /// The ordinal that the page ends with; `None`: it is the last.
    pub next: Option<u32>,
}

pub(crate) fn of_cohort(
    snapshot: &Snapshot,
    cohort: &Arc<BoundCohort>,
    (limit, after): (usize, Option<u32>),
    budget: &Budget<'_>,
) -> Result<CohortPage, QueryError> {
    let marks = cohort::members(snapshot, cohort, budget)?;
    let roots = snapshot.person_of().iter().enumerate().filter(|(ordinal, root)| *ordinal == **root as usize);
    let members = || roots.clone().map(|(_, root)| *root).filter(|root| marks[*root as usize]);
    let mut page = members().filter(|root| after.is_none_or(|after| *root > after));
    let ordinals: Vec<u32> = page.by_ref().take(limit).collect();
    let next = ordinals.last().copied().filter(|_| page.next().is_some());
    let people = ordinals.iter().map(|ordinal| person_name(snapshot, *ordinal)).collect();
    Ok(CohortPage { people, persons: members().count() as u64, next })
}

pub(crate) fn all(
    snapshot: &Snapshot,
    bound: &BoundPeople,
    most: usize,
    budget: &Budget<'_>,
) -> Result<Vec<String>, QueryError> {
    let Some(bound) = bound.of_row() else { return Ok(Vec::new()) };
    let mut members = members(snapshot, &bound, budget)?;
    if members.len() > most {
        return Err(QueryError::TooManyPeople { people: members.len(), limit: most });
    }
    members.sort_unstable();
    Ok(members.iter().map(|member| person_name(snapshot, member.person)).collect())
}

fn members(snapshot: &Snapshot, bound: &BoundPeople, budget: &Budget<'_>) -> Result<Vec<Member>, QueryError> {
    let cell = &bound.cell;
    match &bound.question {
        BoundQuestion::Trends(question) => trends::members(snapshot, question, cell, budget),
        BoundQuestion::Funnel(question) => funnel::members(snapshot, question, cell, budget),
        BoundQuestion::Retention(question) => others::retained(snapshot, question, cell, budget),
        BoundQuestion::Stickiness(question) => others::active(snapshot, question, cell, budget),
        BoundQuestion::Lifecycle(question) => others::with_status(snapshot, question, cell, budget),
        BoundQuestion::Correlation(question) => correlation::members(snapshot, question, cell, budget),
        BoundQuestion::Paths(question) => others::on_the_way(snapshot, question, cell, budget),
        BoundQuestion::Web(question) => web::members(snapshot, question, cell, budget),
        BoundQuestion::Items(question) => items::members(snapshot, question, cell, budget),
        // Binding refuses it.
        BoundQuestion::Events(_) | BoundQuestion::Sessions(_) | BoundQuestion::Workflow(_) => Ok(Vec::new()),
    }
}

/// Definition, range and warnings of a question.
fn said(question: &BoundQuestion) -> (&str, i64, i64, &[String]) {
    match question {
        BoundQuestion::Trends(bound) => (&bound.definition, bound.span.from, bound.span.to, &bound.warnings),
        BoundQuestion::Funnel(bound) => (&bound.definition, bound.span.from, bound.span.to, &bound.warnings),
        BoundQuestion::Retention(bound) => (&bound.definition, bound.span.from, bound.span.to, &bound.warnings),
        BoundQuestion::Stickiness(bound) => (&bound.definition, bound.span.from, bound.span.to, &bound.warnings),
        BoundQuestion::Lifecycle(bound) => (&bound.definition, bound.span.from, bound.span.to, &bound.warnings),
        BoundQuestion::Correlation(bound) => {
            (&bound.definition, bound.funnel.span.from, bound.funnel.span.to, &bound.warnings)
        }
        BoundQuestion::Paths(bound) => (&bound.definition, bound.from, bound.to, &bound.warnings),
        BoundQuestion::Web(bound) => (&bound.definition, bound.range.0, bound.range.1, &bound.warnings),
        BoundQuestion::Items(bound) => (&bound.definition, bound.from, bound.to, &bound.warnings),
        BoundQuestion::Workflow(bound) => (&bound.definition, bound.from, bound.to, &bound.warnings),
        BoundQuestion::Sessions(bound) => (&bound.definition, bound.from, bound.to, &bound.warnings),
        BoundQuestion::Events(bound) => (&bound.definition, bound.from, bound.to, &bound.warnings),
    }
}

fn joined(lists: Vec<List<'_>>) -> Vec<Member> {
    lists.into_iter().flat_map(|list| list.members).collect()
}
