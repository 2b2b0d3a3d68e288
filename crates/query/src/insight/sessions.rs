//! Sessions: one visit each, newest first. Definition: docs/semantics/sessions.md.

use crate::bind::events::{EventKey, cursor};
use crate::bind::sessions::BoundSessions;
use crate::calendar::rfc3339;
use crate::insight::events::person_name;
use crate::limits::{Budget, QueryError};
use crate::sessions::facts::{Fact, Facts, PASSES};
use crate::sessions::summary::{Summary, position};
use crate::sessions::{Key, Sessions, Visit, channel};
use crate::values::Values;
use model::insight::sessions::{SessionRow, SessionsAnswer};
use model::time::SECOND;
use std::cmp::Reverse;
use store::Snapshot;

/// All that a session's row shows.
const FACTS: [Fact; 14] = [
    Fact::Url,
    Fact::Page,
    Fact::Channel,
    Fact::ReferringDomain,
    Fact::UtmSource,
    Fact::UtmMedium,
    Fact::UtmCampaign,
    Fact::UtmTerm,
    Fact::UtmContent,
    Fact::Device,
    Fact::Browser,
    Fact::Os,
    Fact::Country,
    Fact::Language,
];

/// One session that may stand on the page.
struct Candidate {
    key: EventKey,
    id: String,
    summary: Summary,
}

/// What one thread has found.
#[derive(Default)]
struct Found {
    newest: Vec<Candidate>,
    count: u64,
    summary: Summary,
}

pub(crate) fn answer(
    snapshot: &Snapshot,
    bound: &BoundSessions,
    budget: &Budget<'_>,
) -> Result<SessionsAnswer, QueryError> {
    // One more than the page shows whether there is a next one.
    let wanted = bound.limit + 1;
    let values = Values::new(budget);
    let facts = Facts::new(&FACTS, &bound.filter, &values, (snapshot, budget))?;
    let root = |id: &String| snapshot.person_of().get(snapshot.ordinal_of(id)? as usize);
    let person = bound.person.as_ref().map(root);
    let sessions = Sessions::plan(snapshot, budget, (bound.from, bound.to), Key::Session { infer: bound.infer })?;
    let found = sessions.fold(
        &facts,
        || Ok(Found::default()),
        |found, visit| {
            let (first, last) = (visit.rows[0], visit.rows[visit.rows.len() - 1]);
            let is_in = (bound.from..=bound.to).contains(&first.at)
                && person.is_none_or(|person| person == Some(&last.person))
                && visit.rows.iter().any(|row| row.bits & PASSES != 0);
            if is_in { found.add(visit, &facts, (bound, wanted), budget) } else { Ok(()) }
        },
    )?;
    let count = found.iter().map(|found| found.count).sum();
    let mut newest: Vec<Candidate> = found.into_iter().flat_map(|found| found.newest).collect();
    newest.sort_unstable_by_key(|candidate| Reverse(candidate.key));
    let more = newest.len() > bound.limit;
    newest.truncate(bound.limit);
    Ok(SessionsAnswer {
        next: newest.last().filter(|_| more).map(|last| cursor(last.key)),
        sessions: newest.into_iter().map(|candidate| row(snapshot, candidate, &values)).collect(),
        count,
        channels_version: channel::VERSION,
        explain: crate::explain(snapshot, (&bound.definition, bound.from, bound.to), &bound.warnings, budget),
    })
}

impl Found {
    fn add(
        &mut self,
        visit: &Visit<'_>,
        facts: &Facts<'_>,
        (bound, wanted): (&BoundSessions, usize),
        budget: &Budget<'_>,
    ) -> Result<(), QueryError> {
        self.count += 1;
        let at = visit.rows[0].at;
        if bound.after.is_some_and(|after| at > after.0) {
            return Ok(());
        }
        let key = (at, visit.first_uuid()?);
        if bound.after.is_some_and(|after| key >= after) {
            return Ok(());
        }
        self.summary.read(visit.rows, facts, FACTS.len());
        if self.newest.len() == self.newest.capacity() {
            let more = self.newest.len().max(64);
            budget.take(more * (size_of::<Candidate>() + 200), "sessions of a page")?;
            self.newest.reserve_exact(more);
        }
        self.newest.push(Candidate { key, id: visit.id()?, summary: self.summary.clone() });
        if self.newest.len() >= 2 * wanted {
            self.newest.select_nth_unstable_by_key(wanted, |candidate| Reverse(candidate.key));
            self.newest.truncate(wanted);
        }
        Ok(())
    }
}

fn row(snapshot: &Snapshot, candidate: Candidate, values: &Values<'_>) -> SessionRow {
    let Candidate { id, summary, .. } = candidate;
    let text = |codes: &[u32], fact: Fact| {
        let code = position(&FACTS, fact).and_then(|position| codes.get(position).copied())?;
        values.with_name(code, str::to_owned)
    };
    let first = |fact: Fact| text(&summary.first, fact);
    SessionRow {
        session_id: id,
        person: person_name(snapshot, summary.person),
        start: rfc3339(summary.start),
        end: rfc3339(summary.end),
        duration_s: (summary.duration() / SECOND) as u64,
        too_long: summary.too_long(),
        events: summary.events,
        pageviews: summary.pageviews,
        screens: summary.screens,
        clicks: summary.clicks,
        bounce: summary.bounce(),
        entry_url: first(Fact::Url),
        entry_page: first(Fact::Page),
        exit_url: text(&summary.last, Fact::Url),
        exit_page: text(&summary.last, Fact::Page),
        channel: first(Fact::Channel).unwrap_or_else(|| channel::UNKNOWN.to_owned()),
        referring_domain: first(Fact::ReferringDomain),
        utm_source: first(Fact::UtmSource),
        utm_medium: first(Fact::UtmMedium),
        utm_campaign: first(Fact::UtmCampaign),
        utm_term: first(Fact::UtmTerm),
        utm_content: first(Fact::UtmContent),
        device: first(Fact::Device),
        browser: first(Fact::Browser),
        os: first(Fact::Os),
        country: first(Fact::Country),
        language: first(Fact::Language),
    }
}
