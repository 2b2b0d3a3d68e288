//! Filters on properties (docs/semantics/filters.md), as they stand in a question. `query` binds and checks them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a property is compared. `not_*` is always the exact complement of its positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the operator table of docs/semantics/filters.md describes each")]
pub enum Operator {
    #[default]
    Exact,
    IsNot,
    Icontains,
    NotIcontains,
    StartsWith,
    EndsWith,
    Regex,
    NotRegex,
    Gt,
    Gte,
    Lt,
    Lte,
    Between,
    NotBetween,
    Min,
    Max,
    In,
    NotIn,
    IsSet,
    IsNotSet,
    IsDateExact,
    IsDateBefore,
    IsDateAfter,
    SemverEq,
    SemverNeq,
    SemverGt,
    SemverGte,
    SemverLt,
    SemverLte,
    SemverTilde,
    SemverCaret,
    SemverWildcard,
    IsCleanedPathExact,
    InCohort,
    NotInCohort,
}

/// The type a property was declared to have; decides how values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum DeclaredType {
    /// Compare text.
    String,
    /// Compare numbers.
    Numeric,
    /// Compare truth.
    Boolean,
    /// Compare instants.
    DateTime,
}

/// Whose property it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The event's, or one of the columns `event`, `distinct_id`, `session_id`.
    #[default]
    Event,
    /// The person's, as it is now.
    Person,
}

impl Scope {
    /// For leaving out what is said by default.
    pub fn is_event(&self) -> bool {
        *self == Scope::Event
    }
}

/// One condition or a group of them: either `property` with `operator` and `value`, or `type` with `values`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Filter {
    /// The flattened key of a property, or one of the columns `event`, `distinct_id`, `session_id`.
    #[serde(alias = "key", skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// How it is compared; `exact` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// What it is compared to: text, number, boolean, or a list where the operator takes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub value: Option<serde_json::Value>,
    /// Of a group: `AND` or `OR`. Of a condition: whose property it is, `event` (also when absent) or
    /// `person`; of `in_cohort` and `not_in_cohort` it may say `cohort`, and `value` has the cohort's number or several.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Of a group: its members. An empty group is true.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub values: Option<Vec<Filter>>,
}
