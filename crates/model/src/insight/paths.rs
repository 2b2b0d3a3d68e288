//! Paths: what people do one after another. Definition: docs/semantics/paths.md.

use super::Explain;
use super::funnel::FunnelQuestion;
use crate::filter::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which events make the items of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PathKind {
    /// Pages: `$pageview` by `$current_url` without one trailing slash; `IMPRESSION` by `edata.uri` where that is a path or
    /// an address, else by `edata.pageid`.
    Pages,
    /// `$screen` by `$screen_name`.
    Screens,
    /// Events whose name does not begin with `$`, by name.
    Events,
}

/// Rewrites items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cleaning {
    /// RE2 pattern; every match is replaced.
    pub regex: String,
    /// By this text.
    pub alias: String,
}

/// On which side of a funnel's step paths lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PathSide {
    /// They lead to it.
    #[default]
    Before,
    /// They lead away from it.
    After,
    /// They lie between the step that was done before it and itself.
    Between,
}

/// Paths of those who did a step of a funnel: one each, beside that step of their run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FunnelPaths {
    /// The funnel, in its view `steps` and without breakdown; its dates are those of the paths.
    pub funnel: FunnelQuestion,
    /// The step from 1; from 2 for `between`.
    pub step: u32,
    /// Where the paths lie.
    pub side: PathSide,
}

/// Paths of the range.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PathsQuestion {
    /// Which events; pages when empty.
    pub kinds: Vec<PathKind>,
    /// Applied in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cleaning: Vec<Cleaning>,
    /// Patterns with `*` for any text; the first that fits a whole item replaces it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Items that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// Only those beside a step of a funnel; then without `start`, `end` and dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub funnel: Option<FunnelPaths>,
    /// Paths begin at this item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Paths end at this item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// Items of one path, at most; 5 when absent, 2 to 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u32>,
    /// How many edges are shown; 50 when absent, at most 1 000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Edges with fewer occurrences are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edges_min: Option<u64>,
    /// Edges with more occurrences are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edges_max: Option<u64>,
    /// As in trends; default `-7d`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_from: Option<String>,
    /// As in trends; default now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_to: Option<String>,
    /// Conditions; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

/// One way from an item to the next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Edge {
    /// `1_/home`: position from 1, item.
    pub source: String,
    /// `2_/fees`.
    pub target: String,
    /// How often.
    pub count: u64,
    /// By how many persons.
    pub persons: u64,
    /// Mean seconds between the two.
    pub average_s: f64,
}

/// Paths that end at a node although they could go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DropOff {
    /// As in edges.
    pub node: String,
    /// Paths whose last item it is.
    pub count: u64,
}

/// The answer of paths.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PathsAnswer {
    /// Most frequent first, then by source and target.
    pub edges: Vec<Edge>,
    /// One per node of the edges, by node.
    pub drop_offs: Vec<DropOff>,
    /// How it was made.
    pub explain: Explain,
}
