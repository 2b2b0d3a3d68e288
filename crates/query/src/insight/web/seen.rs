//! What one session is in web analytics: whether it counts, and its rows.

use crate::bind::web::BoundWeb;
use crate::limits::{Budget, QueryError};
use crate::sessions::facts::{Fact, Facts, PAGE, PASSES, SCREEN};
use crate::sessions::summary::{Summary, position};
use crate::sessions::{Key, SessionRow, Sessions, channel};
use crate::values::{NONE_GROUP, Values};
use model::Micros;
use model::insight::trends::NONE_LABEL;
use model::insight::web::WebTable;
use store::Snapshot;

/// Web analytics of one period, under way.
pub(in crate::insight) struct Web<'a> {
    pub(super) bound: &'a BoundWeb,
    range: (Micros, Micros),
    wanted: &'a [Fact],
    pub(in crate::insight) facts: Facts<'a>,
    pub(in crate::insight) sessions: Sessions<'a>,
    /// The rows that a session must be in, by code.
    rows: Vec<(WebTable, u32)>,
    unknown: u32,
}

/// One session at a time.
#[derive(Default)]
pub(in crate::insight) struct Scratch {
    summary: Summary,
    /// Person and page of each view in the range.
    pub(in crate::insight) views: Vec<(u32, u32)>,
}

impl Scratch {
    /// What is known of the session.
    pub(in crate::insight) fn summary(&self) -> &Summary {
        &self.summary
    }
}

/// What a table shows of a session; pages are read from its views.
fn fact_of(table: WebTable) -> Fact {
    match table {
        WebTable::Pages | WebTable::EntryPages | WebTable::ExitPages => Fact::Page,
        WebTable::Channels => Fact::Channel,
        WebTable::Sources | WebTable::UtmSources => Fact::UtmSource,
        WebTable::ReferringDomains => Fact::ReferringDomain,
        WebTable::UtmMedia => Fact::UtmMedium,
        WebTable::UtmCampaigns => Fact::UtmCampaign,
        WebTable::UtmTerms => Fact::UtmTerm,
        WebTable::UtmContents => Fact::UtmContent,
        WebTable::Devices => Fact::Device,
        WebTable::Browsers => Fact::Browser,
        WebTable::Os => Fact::Os,
        WebTable::Countries => Fact::Country,
        WebTable::Languages => Fact::Language,
    }
}

/// What must be read of the events.
pub(in crate::insight) fn facts_of(bound: &BoundWeb) -> Vec<Fact> {
    let mut wanted = Vec::new();
    for table in bound.tables.iter().chain(bound.rows.iter().map(|(table, _)| table)) {
        let other = (*table == WebTable::Sources).then_some(Fact::ReferringDomain);
        for fact in [Some(fact_of(*table)), other].into_iter().flatten() {
            if !wanted.contains(&fact) {
                wanted.push(fact);
            }
        }
    }
    wanted
}

impl<'a> Web<'a> {
    pub(in crate::insight) fn new(
        snapshot: &'a Snapshot,
        bound: &'a BoundWeb,
        range: (Micros, Micros),
        wanted: &'a [Fact],
        values: &'a Values<'a>,
        budget: &'a Budget<'a>,
    ) -> Result<Self, QueryError> {
        let code = |value: &str| if value == NONE_LABEL { Ok(NONE_GROUP) } else { values.group_of(Some(value)) };
        Ok(Self {
            bound,
            range,
            wanted,
            facts: Facts::new(wanted, &bound.filter, values, (snapshot, budget))?,
            sessions: Sessions::plan(snapshot, budget, range, Key::Session { infer: bound.infer })?,
            rows: bound
                .rows
                .iter()
                .map(|(table, value)| Ok((*table, code(value)?)))
                .collect::<Result<_, QueryError>>()?,
            unknown: values.group_of(Some(channel::UNKNOWN))?,
        })
    }

    /// Whether a session counts; if so it has been read into `scratch`.
    pub(in crate::insight) fn counts(&self, rows: &[SessionRow], scratch: &mut Scratch) -> bool {
        let within = |row: &&SessionRow| (self.range.0..=self.range.1).contains(&row.at);
        if !within(&&rows[0]) {
            return false;
        }
        let seen = || rows.iter().filter(within).filter(|row| row.bits & (PAGE | SCREEN) != 0);
        if !seen().any(|row| row.bits & PASSES != 0) {
            return false;
        }
        scratch.summary.read(rows, &self.facts, self.wanted.len());
        let page = position(self.wanted, Fact::Page);
        let page_of = |row: &SessionRow| {
            page.and_then(|page| self.facts.with(row.value, |codes| codes[page])).unwrap_or(NONE_GROUP)
        };
        scratch.views.clear();
        scratch.views.extend(seen().map(|row| (row.person, page_of(row))));
        self.rows.iter().all(|(table, code)| match table {
            WebTable::Pages => scratch.views.iter().any(|(_, page)| page == code),
            table => self.row_of(*table, &scratch.summary) == *code,
        })
    }

    /// The row of a table in which a session is; of pages the one where it enters.
    pub(in crate::insight) fn row_of(&self, table: WebTable, summary: &Summary) -> u32 {
        let code = |codes: &[u32], fact: Fact| {
            position(self.wanted, fact).and_then(|position| codes.get(position).copied()).unwrap_or(NONE_GROUP)
        };
        let said = match table {
            WebTable::ExitPages => code(&summary.last, Fact::Page),
            table => code(&summary.first, fact_of(table)),
        };
        match (table, said) {
            (WebTable::Sources, NONE_GROUP) => code(&summary.first, Fact::ReferringDomain),
            (WebTable::Channels, NONE_GROUP) => self.unknown,
            _ => said,
        }
    }
}
