//! Web analytics: a site or app at a glance. Definition: docs/semantics/web.md.

use super::Explain;
use super::trends::Compare;
use crate::filter::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the rows of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebTable {
    /// Pages and screens that were seen.
    Pages,
    /// The first of each session.
    EntryPages,
    /// The last of each session.
    ExitPages,
    /// Where sessions came from, by kind.
    Channels,
    /// `utm_source`, else the referring domain.
    Sources,
    /// The domain that linked here.
    ReferringDomains,
    /// `utm_source`.
    UtmSources,
    /// `utm_medium`.
    UtmMedia,
    /// `utm_campaign`.
    UtmCampaigns,
    /// `utm_term`.
    UtmTerms,
    /// `utm_content`.
    UtmContents,
    /// Kinds of devices.
    Devices,
    /// Browsers.
    Browsers,
    /// Operating systems.
    Os,
    /// Countries.
    Countries,
    /// Languages.
    Languages,
}

impl WebTable {
    /// All of them.
    pub const ALL: [WebTable; 16] = [
        WebTable::Pages,
        WebTable::EntryPages,
        WebTable::ExitPages,
        WebTable::Channels,
        WebTable::Sources,
        WebTable::ReferringDomains,
        WebTable::UtmSources,
        WebTable::UtmMedia,
        WebTable::UtmCampaigns,
        WebTable::UtmTerms,
        WebTable::UtmContents,
        WebTable::Devices,
        WebTable::Browsers,
        WebTable::Os,
        WebTable::Countries,
        WebTable::Languages,
    ];
}

/// A row of a table, as a condition on sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebRowFilter {
    /// Which table.
    pub table: WebTable,
    /// The value of the row as the answer shows it; `(none)` for sessions without.
    pub value: String,
}

/// The sessions of a range, counted and split.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WebQuestion {
    /// As in trends; default `-7d`. A session belongs to the range in which it starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_from: Option<String>,
    /// As in trends; default now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_to: Option<String>,
    /// Beside all numbers those of another period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare: Option<Compare>,
    /// Events that came without a session are cut into sessions, too; without it they are in none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub infer_sessions: bool,
    /// Which tables; none when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<WebTable>,
    /// Rows of one table, at most; 10 when absent, at most 1 000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Rows that a session must be in, all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<WebRowFilter>,
    /// Conditions that one page view of the session must pass, all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

/// The numbers of some sessions.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct WebNumbers {
    /// Distinct persons of their events; of a page those who saw it.
    pub visitors: u64,
    /// Pages and screens that they saw within the range; of a page how often it was seen.
    pub views: u64,
    /// How many there are.
    pub sessions: u64,
    /// Mean seconds from first event to last; null when there are none.
    pub duration_s: Option<f64>,
    /// Percent that bounced; of a page of the sessions that entered there; null when there are none.
    pub bounce_rate: Option<f64>,
}

/// By how many percent the numbers changed, rounded; null where the other period has nothing to compare to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct WebChange {
    /// Of visitors.
    pub visitors: Option<i64>,
    /// Of views.
    pub views: Option<i64>,
    /// Of sessions.
    pub sessions: Option<i64>,
    /// Of the mean duration.
    pub duration_s: Option<i64>,
    /// Of the bounce rate.
    pub bounce_rate: Option<i64>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WebRow {
    /// What it is the row of; `(none)` for sessions without.
    pub value: String,
    /// Its numbers.
    pub current: WebNumbers,
    /// Those of the other period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<WebNumbers>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WebTableAnswer {
    /// Which.
    pub table: WebTable,
    /// By visitors, then by views, most first, then by value; `(none)` last.
    pub rows: Vec<WebRow>,
    /// How many rows there are, shown or not.
    pub count: u64,
}

/// The answer of web analytics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WebAnswer {
    /// Of all sessions.
    pub current: WebNumbers,
    /// Of the other period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<WebNumbers>,
    /// From the other period to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<WebChange>,
    /// The other period, both ends inclusive, RFC 3339 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_range: Option<(String, String)>,
    /// As asked.
    pub tables: Vec<WebTableAnswer>,
    /// The version of the table of domains and media behind channels.
    pub channels_version: u32,
    /// How it was made.
    pub explain: Explain,
}
