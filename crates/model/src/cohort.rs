//! Cohorts: sets of persons, listed or by rule. Definition: docs/semantics/cohorts.md.

use crate::filter::Filter;
use crate::insight::funnel::Window;
use crate::insight::step::EventMatch;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The number of a cohort.
pub type CohortId = i64;

/// Where a list of cohorts means everybody.
pub const ALL_PERSONS: CohortId = 0;

/// Who is in a dynamic cohort. An empty `all` or `any` is nobody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CohortRule {
    /// Whoever is in all of these.
    #[schema(no_recursion)]
    All(Vec<CohortRule>),
    /// Whoever is in one of these.
    #[schema(no_recursion)]
    Any(Vec<CohortRule>),
    /// Everybody else.
    #[schema(no_recursion)]
    Not(Box<CohortRule>),
    /// Who has this person property, as it is now.
    Person(Filter),
    /// Who is in another cohort.
    Cohort(CohortId),
    /// Who did something, perhaps several times.
    Performed(Performed),
    /// Who did something for the first time in all history, within the period.
    FirstTime(FirstTime),
    /// Who did one thing and then another.
    Sequence(Sequence),
    /// Who did something in most of the last days, weeks or months.
    Regularly(Regularly),
    /// Who did something in the longer period, and not in the recent one.
    Stopped(Lapse),
    /// Who did something in the recent period, not in the rest of the longer one, but had done it before.
    Restarted(Lapse),
}

/// How a number of events compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum CountOperator {
    Exact,
    Gte,
    Gt,
    Lte,
    Lt,
}

/// A number of events; who has none does not count, whatever the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// How it compares.
    pub operator: CountOperator,
    /// At least 1.
    pub value: u32,
}

impl Times {
    /// Whether so many events are right.
    pub fn holds(&self, count: u64) -> bool {
        let value = u64::from(self.value);
        count > 0
            && match self.operator {
                CountOperator::Exact => count == value,
                CountOperator::Gte => count >= value,
                CountOperator::Gt => count > value,
                CountOperator::Lte => count <= value,
                CountOperator::Lt => count < value,
            }
    }
}

/// Unit of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the words say it")]
pub enum PeriodUnit {
    Hour,
    #[default]
    Day,
    Week,
    Month,
}

/// The last `count` units, to now, on the project's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Last {
    /// At least 1.
    pub count: u32,
    /// Of which length.
    #[serde(default)]
    pub unit: PeriodUnit,
}

/// When: `last`, or dates as in a question; nothing: ever.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct When {
    /// The last so many units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Last>,
    /// As in trends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_from: Option<String>,
    /// As in trends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_to: Option<String>,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Performed {
    /// What.
    pub event: EventMatch,
    /// When.
    pub when: When,
    /// How often; at least once when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<Times>,
}

/// Who did something for the first time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FirstTime {
    /// What. The first event of that name must pass the filters.
    pub event: EventMatch,
    /// When.
    pub when: When,
}

/// Who did one thing and then another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// What first.
    pub event: EventMatch,
    /// What then.
    pub then: EventMatch,
    /// Within how long, inclusive.
    pub within: Window,
    /// When both.
    #[serde(default)]
    pub when: When,
}

/// Who did something in at least `at_least` of the last `periods` periods that are over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Regularly {
    /// What.
    pub event: EventMatch,
    /// How often in each; at least once when absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub times: Option<Times>,
    /// Length of one period; the last ends yesterday.
    pub period: Last,
    /// How many periods, 1 to 100.
    pub periods: u32,
    /// In how many of them.
    pub at_least: u32,
}

/// Who did something in one period and not in another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lapse {
    /// What.
    pub event: EventMatch,
    /// The longer period.
    pub longer: Last,
    /// The recent one, which must be shorter.
    pub recent: Last,
}
