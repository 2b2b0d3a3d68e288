//! Actions: named sets of events, usable wherever a question takes an event. Definition: docs/semantics/actions.md.

use crate::filter::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The number of a project's action.
pub type ActionId = i64;

/// Which action a question means: the number of one of the project's, or the name of a built-in one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ActionRef {
    /// One of the project's.
    Id(ActionId),
    /// A built-in one: `page_view`, `click`, …
    BuiltIn(String),
}

/// How a text is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Matching {
    /// It is the value.
    #[default]
    Exact,
    /// The value is somewhere in it, in its case.
    Contains,
    /// The pattern (RE2 syntax) matches somewhere in it.
    Regex,
}

/// A text that must match.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextMatch {
    /// What it is compared to.
    pub value: String,
    /// How.
    #[serde(default)]
    pub matching: Matching,
}

/// One way to be of the action: all that is set must hold. Nothing set: no event.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ActionStep {
    /// Event name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// `$current_url`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<TextMatch>,
    /// Tag of the element or of one around it: `button`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_name: Option<String>,
    /// Text of the same element, without blanks around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<TextMatch>,
    /// Address of the same element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<TextMatch>,
    /// CSS selector that the element, or one around it, passes: types, ids, classes, attributes, descendants, children.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// Conditions; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

/// A built-in action: one name for what several protocols call differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// As a question writes it.
    pub name: &'static str,
    /// As people read it.
    pub label: &'static str,
    /// Its event names.
    pub events: &'static [&'static str],
    /// Whether only events count whose `edata.type` is `app` or `session`.
    pub of_sessions: bool,
}

const fn built_in(name: &'static str, label: &'static str, events: &'static [&'static str]) -> BuiltIn {
    BuiltIn { name, label, events, of_sessions: false }
}

/// All built-in actions.
pub const BUILT_IN: [BuiltIn; 10] = [
    built_in("page_view", "Page view", &["$pageview", "$screen", "IMPRESSION"]),
    built_in("click", "Click", &["$autocapture", "INTERACT"]),
    built_in("search", "Search", &["SEARCH"]),
    built_in("share", "Share", &["SHARE"]),
    built_in("feedback", "Feedback", &["FEEDBACK"]),
    built_in("answer", "Answer", &["RESPONSE", "ASSESS", "survey sent"]),
    built_in("app_to_background", "App to background", &["INTERRUPT", "Application Backgrounded"]),
    built_in("error", "Error", &["ERROR", "$exception"]),
    BuiltIn { of_sessions: true, ..built_in("session_start", "Session start", &["START"]) },
    BuiltIn { of_sessions: true, ..built_in("session_end", "Session end", &["END"]) },
];

impl BuiltIn {
    /// The action of this name.
    pub fn named(name: &str) -> Option<BuiltIn> {
        BUILT_IN.into_iter().find(|action| action.name == name)
    }

    /// What it is made of.
    pub fn steps(&self) -> Vec<ActionStep> {
        let of_sessions = Filter {
            property: Some("edata.type".to_owned()),
            value: Some(serde_json::json!(["app", "session"])),
            ..Filter::default()
        };
        let filters = if self.of_sessions { vec![of_sessions] } else { Vec::new() };
        let step = |name: &&str| ActionStep {
            event: Some((*name).to_owned()),
            filters: filters.clone(),
            ..ActionStep::default()
        };
        self.events.iter().map(step).collect()
    }
}
