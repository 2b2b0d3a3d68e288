//! Sessions: one visit each, newest first, a page at a time. Definition: docs/semantics/sessions.md.

use super::Explain;
use crate::filter::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which sessions.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SessionsQuestion {
    /// Only sessions of the person behind this distinct_id, after merging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// As in trends; default `-7d`. A session belongs to the range in which it starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_from: Option<String>,
    /// As in trends; default now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_to: Option<String>,
    /// Events that came without a session are cut into sessions, too; without it they are in none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub infer_sessions: bool,
    /// Conditions that one event of the session must pass, all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// Page size; default 100, at most 1 000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct SessionRow {
    /// As sent; of an inferred session `i-` and the uuid of its first event.
    pub session_id: String,
    /// The person of its last event: the distinct_id that stands for them.
    pub person: String,
    /// Its first event, RFC 3339 UTC.
    pub start: String,
    /// Its last event, RFC 3339 UTC.
    pub end: String,
    /// Whole seconds from the first event to the last.
    pub duration_s: u64,
    /// Whether it is longer than 24 hours, which no good client makes; such sessions are in no mean duration.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub too_long: bool,
    /// All of its events.
    pub events: u64,
    /// `$pageview` and `IMPRESSION`.
    pub pageviews: u64,
    /// `$screen`.
    pub screens: u64,
    /// `$autocapture` and `INTERACT`.
    pub clicks: u64,
    /// Whether it saw one page or screen, without a click, in less than 10 seconds; absent when it saw none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounce: Option<bool>,
    /// Address of the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_url: Option<String>,
    /// Path of the first page, or the name of the first screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_page: Option<String>,
    /// Address of the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_url: Option<String>,
    /// Path of the last page, or the name of the last screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_page: Option<String>,
    /// Where it came from: `Organic Search`, `Direct`, `Referral` and so on.
    pub channel: String,
    /// The first of its events that has each of these says it: the domain that linked here,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referring_domain: Option<String>,
    /// `utm_source`,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_source: Option<String>,
    /// `utm_medium`,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_medium: Option<String>,
    /// `utm_campaign`,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_campaign: Option<String>,
    /// `utm_term`,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_term: Option<String>,
    /// `utm_content`,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm_content: Option<String>,
    /// the kind of device,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// the browser,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// the operating system,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// the country,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// the language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// A page of sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SessionsAnswer {
    /// By start, newest first; of equal starts by the uuid of the first event.
    pub sessions: Vec<SessionRow>,
    /// How many there are on all pages.
    pub count: u64,
    /// Pass as `after` for the next page; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The version of the table of domains and media behind `channel`.
    pub channels_version: u32,
    /// How it was made.
    pub explain: Explain,
}
