//! Workflow summaries of Sunbird's events. Definition: docs/semantics/workflow.md.
//!
//! `machine` cuts the events of one device into workflows; here they are read, and what it says is shown.

mod machine;
mod node;

use crate::bind::workflow::BoundWorkflow;
use crate::calendar::rfc3339;
use crate::insight::events::person_name;
use crate::journeys::conditions::Conditions;
use crate::limits::{Budget, QueryError};
use crate::sessions::{Key, Sessions, Visit};
use model::Micros;
use model::insight::workflow::{WorkflowAnswer, WorkflowEnv, WorkflowItem, WorkflowPage, WorkflowRow};
use node::{Step, Summary, hundredths, per_minute};
use std::cmp::{Ordering, Reverse};
use std::sync::Arc;
use store::{PropertyColumn, Segment, Snapshot, TextColumn};

/// One event and its short texts.
const STEP_BYTES: usize = size_of::<Step>() + 64;

/// What one thread has found.
#[derive(Default)]
struct Found {
    newest: Vec<Candidate>,
    count: u64,
}

/// A workflow that may be shown.
struct Candidate {
    start: Micros,
    end: Micros,
    row: WorkflowRow,
}

impl Candidate {
    fn order(&self, other: &Candidate) -> Ordering {
        fn key(one: &Candidate) -> (Reverse<Micros>, Reverse<Micros>, [&str; 5]) {
            let row = &one.row;
            let texts = [&row.device_id, &row.kind, &row.mode, &row.channel, &row.producer].map(String::as_str);
            (Reverse(one.start), Reverse(one.end), texts)
        }
        key(self).cmp(&key(other))
    }
}

/// What the steps of one segment are read from.
struct Columns {
    events: Arc<TextColumn>,
    /// Name before it was an app's own, kind, mode, page, area.
    texts: [Arc<PropertyColumn>; 5],
}

fn text(column: &PropertyColumn, row: usize) -> Option<String> {
    column.get(row).map(|value| value.canonical())
}

impl Columns {
    fn of(segment: &Segment) -> Result<Columns, QueryError> {
        let [eid, kind, mode, page, env] =
            ["eid", "edata.type", "edata.mode", "edata.pageid", "context.env"].map(|key| segment.property(key));
        Ok(Columns { events: segment.events()?, texts: [eid?, kind?, mode?, page?, env?] })
    }

    fn step(&self, at: Micros, row: usize) -> Step {
        let [eid, kind, mode, page, env] = self.texts.each_ref().map(|column| text(column, row));
        Step {
            at,
            name: eid.unwrap_or_else(|| self.events.get(row).unwrap_or_default().to_owned()),
            kind,
            mode: mode.unwrap_or_default(),
            page: page.unwrap_or_default(),
            env: env.unwrap_or_default(),
        }
    }
}

pub(crate) fn answer(
    snapshot: &Snapshot,
    bound: &BoundWorkflow,
    budget: &Budget<'_>,
) -> Result<WorkflowAnswer, QueryError> {
    let mut conditions = Conditions::new(snapshot, budget, &bound.filter)?;
    conditions.any(1);
    let sessions = Sessions::plan(snapshot, budget, (bound.from, bound.to), Key::Device)?;
    let found = sessions.fold(
        &conditions,
        || Ok(Found::default()),
        |found, visit| {
            budget.check()?;
            found.device(snapshot, visit, bound.limit, budget)
        },
    )?;
    let count = found.iter().map(|found| found.count).sum();
    let mut newest: Vec<Candidate> = found.into_iter().flat_map(|found| found.newest).collect();
    newest.sort_unstable_by(Candidate::order);
    newest.truncate(bound.limit);
    Ok(WorkflowAnswer {
        workflows: newest.into_iter().map(|candidate| candidate.row).collect(),
        count,
        explain: crate::explain(snapshot, (&bound.definition, bound.from, bound.to), &bound.warnings, budget),
    })
}

impl Found {
    fn device(
        &mut self,
        snapshot: &Snapshot,
        visit: &Visit<'_>,
        limit: usize,
        budget: &Budget<'_>,
    ) -> Result<(), QueryError> {
        // Devices that send no id are one, so there may be many.
        let bytes = visit.rows.len() * STEP_BYTES;
        budget.take(bytes, "events of one device")?;
        let mut steps = Vec::with_capacity(visit.rows.len());
        // A device's events of one day lie in one segment, side by side.
        let mut columns: Option<(*const Segment, Columns)> = None;
        for row in visit.rows {
            let (segment, place) = visit.place(row);
            let own = match &mut columns {
                Some((known, columns)) if std::ptr::eq(*known, segment) => columns,
                columns => &mut columns.insert((segment, Columns::of(segment)?)).1,
            };
            steps.push(own.step(row.at, place));
        }
        for summary in machine::summaries(&steps) {
            self.count += 1;
            if self.newest.len() == self.newest.capacity() {
                let more = self.newest.len().max(64);
                budget.take(more * (size_of::<Candidate>() + 1_000), "workflows that are shown")?;
                self.newest.reserve_exact(more);
            }
            budget.check()?;
            let row = shown(snapshot, visit, &summary)?;
            self.newest.push(Candidate { start: summary.start, end: summary.end, row });
            if self.newest.len() > 2 * limit {
                self.newest.select_nth_unstable_by(limit, Candidate::order);
                self.newest.truncate(limit);
            }
        }
        budget.give(bytes);
        Ok(())
    }
}

fn seconds(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

fn shown(snapshot: &Snapshot, visit: &Visit<'_>, summary: &Summary) -> Result<WorkflowRow, QueryError> {
    let first = &visit.rows[summary.first];
    let (segment, place) = visit.place(first);
    let said = |key: &str| -> Result<Option<String>, QueryError> {
        Ok(text(&*segment.property(key)?, place).filter(|text| !text.is_empty()))
    };
    let pages: Vec<WorkflowPage> = summary
        .pages
        .iter()
        .map(|page| WorkflowPage {
            page: page.page.clone(),
            kind: page.kind.clone(),
            env: page.env.clone(),
            time_spent_s: seconds(hundredths(page.micros)),
            visits: page.visits,
        })
        .collect();
    Ok(WorkflowRow {
        kind: summary.kind.clone(),
        mode: summary.mode.clone(),
        device_id: said("context.did")?.unwrap_or_default(),
        session_id: segment.session_ids()?.get(place).map(str::to_owned),
        person: person_name(snapshot, first.person),
        channel: said("context.channel")?.unwrap_or_default(),
        producer: said("context.pdata.id")?.unwrap_or_default(),
        object: said("object.id")?,
        start: rfc3339(summary.start),
        end: rfc3339(summary.end),
        time_diff_s: seconds(hundredths(summary.end - summary.start)),
        time_spent_s: seconds(summary.spent),
        interactions: summary.interactions,
        interactions_per_minute: per_minute(summary.interactions, summary.spent),
        events: summary.events.clone(),
        envs: envs(summary),
        pages,
        items: summary.items.iter().map(|index| item(visit, *index)).collect::<Result<_, _>>()?,
    })
}

/// Pages by their area: their times together, and the most visits of one.
fn envs(summary: &Summary) -> Vec<WorkflowEnv> {
    let mut envs: Vec<(&str, i64, u64)> = Vec::new();
    for page in &summary.pages {
        let spent = hundredths(page.micros);
        match envs.iter_mut().find(|(env, ..)| *env == page.env) {
            Some((_, all, visits)) => (*all, *visits) = (*all + spent, page.visits.max(*visits)),
            None => envs.push((&page.env, spent, page.visits)),
        }
    }
    let shown = |(env, spent, visits): (&str, i64, u64)| WorkflowEnv {
        env: env.to_owned(),
        time_spent_s: seconds(spent),
        visits,
    };
    envs.into_iter().map(shown).collect()
}

fn item(visit: &Visit<'_>, index: usize) -> Result<WorkflowItem, QueryError> {
    let row = &visit.rows[index];
    let (segment, place) = visit.place(row);
    let said = |key: &str| -> Result<Option<String>, QueryError> { Ok(text(&*segment.property(key)?, place)) };
    let whole = |key: &str| -> Result<i64, QueryError> {
        let number = segment.property(key)?.get(place).and_then(|value| value.number());
        Ok(number.map_or(0, |number| number.trunc() as i64))
    };
    Ok(WorkflowItem {
        item: said("edata.item.id")?.unwrap_or_default(),
        at: rfc3339(row.at),
        duration_s: whole("edata.duration")?,
        score: whole("edata.score")?,
        max_score: whole("edata.item.maxscore")?,
        pass: said("edata.pass")?.unwrap_or_default(),
        answer: said("edata.resvalues")?,
    })
}
