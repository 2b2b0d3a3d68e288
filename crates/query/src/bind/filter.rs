//! Filters of a question become conditions without defaults: each a positive test, perhaps negated.
//!
//! A negative operator is the exact complement of its positive, so `negated` is all that tells them apart, and a
//! missing value satisfies every negated test. Definition: docs/semantics/filters.md.

use super::Known;
use super::action::BoundElement;
use super::cohort::BoundCohort;
use super::dates::{self, Moment, Unit};
use super::given::{Given, canonical, sorted};
use super::version::{self, Version};
use crate::calendar::{self, Calendar};
use crate::question::QuestionError;
use model::Micros;
use model::cohort::CohortId;
use model::filter::{DeclaredType, Filter, Operator, Scope};
use model::property::decimal;
use model::time::SECOND;
use serde::Serialize;
use std::ops::Bound;
use std::sync::Arc;

/// Groups within groups, at most.
const DEPTH_MAX: usize = 16;
/// Conditions in one question, at most.
const CONDITIONS_MAX: usize = 200;

/// What a condition looks at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The event's name.
    Event,
    /// The distinct_id as sent.
    DistinctId,
    /// The session as sent; missing when none was.
    SessionId,
    /// A property of the event by its flattened key.
    Property(String),
    /// A property of the person by its flattened key, as it is now.
    Person(String),
}

impl Target {
    /// What a name means in a scope.
    pub(crate) fn within(scope: Scope, name: &str) -> Target {
        match scope {
            Scope::Event => Target::of(name),
            Scope::Person => Target::Person(name.to_owned()),
        }
    }

    /// The three columns by their names; every other word is a property of the event.
    pub(crate) fn of(name: &str) -> Target {
        match name {
            "event" => Target::Event,
            "distinct_id" => Target::DistinctId,
            "session_id" => Target::SessionId,
            key => Target::Property(key.to_owned()),
        }
    }
}

/// A finite number that can be compared and hashed; `-0` is stored as `0`.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(transparent)]
pub struct Number(f64);

impl Number {
    pub(crate) fn new(number: f64) -> Number {
        Number(if number == 0.0 { 0.0 } else { number })
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Number {}

impl std::hash::Hash for Number {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// A bound filter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BoundFilter {
    /// Every member holds; an empty list is true.
    All(Vec<BoundFilter>),
    /// Some member holds; an empty list is false.
    Any(Vec<BoundFilter>),
    /// One condition.
    Condition(BoundCondition),
    /// The person behind the event is in one of these cohorts; an event without a person profile is in none.
    Member {
        /// Which.
        any_of: Vec<Arc<BoundCohort>>,
        /// Whether the complement is asked.
        negated: bool,
    },
}

impl BoundFilter {
    /// No event passes.
    pub(crate) fn nothing() -> BoundFilter {
        BoundFilter::Any(Vec::new())
    }

    /// The same, of persons in a cohort only.
    pub(crate) fn of_cohort(&self, cohort: &Arc<BoundCohort>) -> BoundFilter {
        if **cohort == BoundCohort::All {
            return self.clone();
        }
        BoundFilter::All(vec![BoundFilter::Member { any_of: vec![cohort.clone()], negated: false }, self.clone()])
    }
}

/// One bound condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundCondition {
    /// What it looks at.
    pub target: Target,
    /// Whether the complement of `test` is asked; a missing value fails `test`.
    pub negated: bool,
    /// The positive test.
    pub test: Test,
}

/// A positive test on a present value. Values that it cannot compare fail it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Present at all.
    IsSet,
    /// Canonical text is one of these.
    TextIn(Vec<String>),
    /// Canonical text contains one of these, under Unicode simple case folding.
    Contains(Vec<String>),
    /// Canonical text contains this, in its case.
    Has(String),
    /// The elements of a click are as an action wants them.
    Element(BoundElement),
    /// Canonical text starts with one of these.
    StartsWith(Vec<String>),
    /// Canonical text ends with one of these.
    EndsWith(Vec<String>),
    /// One of these patterns matches somewhere in the canonical text; all compile.
    Matches(Vec<String>),
    /// The number is one of these.
    NumberIn(Vec<Number>),
    /// The number lies within.
    NumberWithin(Bound<Number>, Bound<Number>),
    /// The truth value is one of those marked.
    TruthIn {
        /// `true` passes.
        yes: bool,
        /// `false` passes.
        no: bool,
    },
    /// The instant lies in one of the ranges, both ends inclusive, µs UTC.
    TimeWithin {
        /// The ranges.
        ranges: Vec<(Micros, Micros)>,
        /// Where times without an offset are, IANA.
        time_zone: String,
    },
    /// The version is at least the first and below the second.
    VersionWithin(Version, Option<Version>),
}

/// Binds filters one question at a time: counts conditions, collects warnings.
pub(crate) struct FilterBinder<'a> {
    pub(super) calendar: &'a Calendar,
    pub(super) now: Micros,
    known: &'a Known,
    conditions: usize,
    /// The cohorts whose rules are being bound, outermost first.
    pub(super) within: Vec<CohortId>,
    /// Rules of cohorts bound so far.
    pub(super) rules: usize,
    /// What was ignored.
    pub(crate) warnings: Vec<String>,
}

impl<'a> FilterBinder<'a> {
    pub(crate) fn new(calendar: &'a Calendar, now: Micros, known: &'a Known) -> Self {
        Self { calendar, now, known, conditions: 0, within: Vec::new(), rules: 0, warnings: Vec::new() }
    }

    /// What is known of the project.
    pub(super) fn known(&self) -> &'a Known {
        self.known
    }

    /// How the conditions bound so far stand in a definition: `, filtered by 2 conditions`.
    pub(crate) fn clause(&self) -> String {
        match self.conditions {
            0 => String::new(),
            1 => ", filtered by 1 condition".to_owned(),
            count => format!(", filtered by {count} conditions"),
        }
    }

    /// Binds a list whose members must all hold.
    pub(crate) fn all(&mut self, filters: &[Filter], path: &str) -> Result<BoundFilter, QuestionError> {
        Ok(BoundFilter::All(self.members(filters, path, 1)?))
    }

    fn members(&mut self, filters: &[Filter], path: &str, depth: usize) -> Result<Vec<BoundFilter>, QuestionError> {
        let mut members = Vec::new();
        for (index, filter) in filters.iter().enumerate() {
            members.extend(self.one(filter, &format!("{path}[{index}]"), depth)?);
        }
        Ok(members)
    }

    /// `None`: incomplete, ignored with a warning.
    pub(super) fn one(
        &mut self,
        filter: &Filter,
        path: &str,
        depth: usize,
    ) -> Result<Option<BoundFilter>, QuestionError> {
        let group = filter.kind.as_deref().filter(|kind| matches!(*kind, "AND" | "OR"));
        if group.is_some() || filter.values.is_some() {
            return self.group(filter, group, path, depth).map(Some);
        }
        if matches!(filter.operator, Some(Operator::InCohort | Operator::NotInCohort)) {
            return self.member(filter, path).map(Some);
        }
        let scope = match filter.kind.as_deref() {
            None | Some("event") => Scope::Event,
            Some("person") => Scope::Person,
            Some("cohort") => {
                let message = "a filter of type `cohort` has the operator in_cohort or not_in_cohort";
                let allowed = ["in_cohort", "not_in_cohort"];
                return Err(QuestionError::new(format!("{path}.operator"), message).allowing(allowed));
            }
            Some(other) => {
                let message = format!("filters of type `{other}` are not offered");
                let allowed = ["event", "person", "cohort", "AND", "OR"];
                return Err(QuestionError::new(format!("{path}.type"), message).allowing(allowed));
            }
        };
        let Some(name) = filter.property.as_deref().filter(|name| !name.is_empty()) else {
            self.warnings.push(format!("{path} has no property and was ignored"));
            return Ok(None);
        };
        self.count(path)?;
        let operator = filter.operator.unwrap_or_default();
        let target = Target::within(scope, name);
        let (negated, test) = self.test(&target, operator, filter.value.as_ref(), path)?;
        Ok(Some(BoundFilter::Condition(BoundCondition { target, negated, test })))
    }

    /// `in_cohort` and `not_in_cohort`.
    fn member(&mut self, filter: &Filter, path: &str) -> Result<BoundFilter, QuestionError> {
        self.count(path)?;
        let given = Given { value: filter.value.as_ref(), path: format!("{path}.value") };
        if !matches!(filter.kind.as_deref(), None | Some("cohort")) {
            return Err(QuestionError::new(format!("{path}.type"), "is `cohort` with this operator"));
        }
        let number = |value: &serde_json::Value| {
            value.as_i64().ok_or_else(|| given.wrong("must be the number of a cohort, or a list of them"))
        };
        let ids = given.values()?.iter().map(number).collect::<Result<Vec<_>, _>>()?;
        let cohorts = self.cohorts(&ids, &given.path)?;
        let negated = filter.operator == Some(Operator::NotInCohort);
        Ok(BoundFilter::Member { any_of: cohorts.into_iter().map(|(_, cohort)| cohort).collect(), negated })
    }

    fn count(&mut self, path: &str) -> Result<(), QuestionError> {
        self.conditions += 1;
        if self.conditions > CONDITIONS_MAX {
            return Err(QuestionError::new(path, format!("more than {CONDITIONS_MAX} conditions in one question")));
        }
        Ok(())
    }

    fn group(
        &mut self,
        filter: &Filter,
        group: Option<&str>,
        path: &str,
        depth: usize,
    ) -> Result<BoundFilter, QuestionError> {
        let Some(group) = group else {
            return Err(QuestionError::new(format!("{path}.type"), "a group needs its type").allowing(["AND", "OR"]));
        };
        if filter.property.is_some() || filter.operator.is_some() || filter.value.is_some() {
            return Err(QuestionError::new(path, "is both a group (`values`) and a condition (`property`); give one"));
        }
        if depth >= DEPTH_MAX {
            return Err(QuestionError::new(path, format!("groups nest deeper than {DEPTH_MAX}")));
        }
        let members =
            self.members(filter.values.as_deref().unwrap_or_default(), &format!("{path}.values"), depth + 1)?;
        // An empty group is true, also an OR.
        Ok(if group == "OR" && !members.is_empty() { BoundFilter::Any(members) } else { BoundFilter::All(members) })
    }

    /// Whether it is negated, and the positive test.
    fn test(
        &self,
        target: &Target,
        operator: Operator,
        value: Option<&serde_json::Value>,
        path: &str,
    ) -> Result<(bool, Test), QuestionError> {
        use Operator::*;
        if matches!(operator, IsSet | IsNotSet) {
            return Ok((operator == IsNotSet, Test::IsSet));
        }
        let given = Given { value, path: format!("{path}.value") };
        Ok(match operator {
            Exact | IsNot => (operator == IsNot, self.equal(target, &given, given.values()?)?),
            In | NotIn => (operator == NotIn, self.equal(target, &given, given.list()?)?),
            Icontains | NotIcontains => (operator == NotIcontains, Test::Contains(given.patterns(true)?)),
            Regex | NotRegex => (operator == NotRegex, Test::Matches(given.patterns(false)?)),
            StartsWith => (false, Test::StartsWith(given.texts()?)),
            EndsWith => (false, Test::EndsWith(given.texts()?)),
            // A project has no rules for path cleaning yet, so a clean path is the path.
            IsCleanedPathExact => (false, Test::TextIn(given.texts()?)),
            Gt => (false, Test::NumberWithin(Bound::Excluded(given.number()?), Bound::Unbounded)),
            Gte | Min => (false, Test::NumberWithin(Bound::Included(given.number()?), Bound::Unbounded)),
            Lt => (false, Test::NumberWithin(Bound::Unbounded, Bound::Excluded(given.number()?))),
            Lte | Max => (false, Test::NumberWithin(Bound::Unbounded, Bound::Included(given.number()?))),
            Between | NotBetween => {
                let (low, high) = given.number_pair()?;
                (operator == NotBetween, Test::NumberWithin(Bound::Included(low), Bound::Included(high)))
            }
            IsDateExact | IsDateBefore | IsDateAfter => (false, self.date(operator, &given)?),
            SemverEq | SemverNeq | SemverGt | SemverGte | SemverLt | SemverLte | SemverTilde | SemverCaret
            | SemverWildcard => {
                let text = canonical(given.single()?);
                let (from, below) = version::within(operator, &text).ok_or_else(|| {
                    given.wrong(format!("`{text}` is not a version")).allowing(["1.2.3", "1.2", "1.2.*"])
                })?;
                (operator == SemverNeq, Test::VersionWithin(from, below))
            }
            IsSet | IsNotSet => (operator == IsNotSet, Test::IsSet),
            InCohort | NotInCohort => return Err(QuestionError::new(path, "is no condition on a property")),
        })
    }

    /// Equality under the declared type; undeclared compares canonical text.
    fn equal(&self, target: &Target, given: &Given<'_>, values: &[serde_json::Value]) -> Result<Test, QuestionError> {
        let declared = match target {
            Target::Property(key) => self.known.declared.get(key),
            _ => None,
        };
        let test = match declared {
            None | Some(DeclaredType::String) => Test::TextIn(sorted(values.iter().map(canonical).collect())),
            Some(DeclaredType::Numeric) => {
                let numbers = values.iter().map(|value| given.as_number(value)).collect::<Result<_, _>>()?;
                Test::NumberIn(numbers)
            }
            Some(DeclaredType::Boolean) => {
                let (mut yes, mut no) = (false, false);
                for value in values {
                    match canonical(value).as_str() {
                        "true" => yes = true,
                        "false" => no = true,
                        other => {
                            let message = format!("`{other}` is neither true nor false");
                            return Err(given.wrong(message).allowing(["true", "false"]));
                        }
                    }
                }
                Test::TruthIn { yes, no }
            }
            Some(DeclaredType::DateTime) => {
                let ranges = values.iter().map(|value| {
                    let text = canonical(value);
                    let at = time_of(&text, value.as_f64(), self.calendar);
                    at.map(|at| (at, at)).ok_or_else(|| given.wrong(format!("`{text}` is not a date-time")))
                });
                Test::TimeWithin { ranges: ranges.collect::<Result<_, _>>()?, time_zone: self.calendar.name.clone() }
            }
        };
        Ok(test)
    }

    fn date(&self, operator: Operator, given: &Given<'_>) -> Result<Test, QuestionError> {
        let value = given.single()?;
        let text = canonical(value);
        // Each date is the range of instants that it names; before and after are strict on both of its ends.
        let (first, last) = self.named(&text, value).ok_or_else(|| {
            given.wrong(format!("`{text}` is not a date")).allowing(["2026-01-31", "2026-01-31T10:00:00Z", "-7d"])
        })?;
        let range = match operator {
            Operator::IsDateBefore => (Micros::MIN, first.start.saturating_sub(1)),
            Operator::IsDateAfter => (last.saturating_add(1), Micros::MAX),
            _ => first.exact,
        };
        Ok(Test::TimeWithin { ranges: vec![range], time_zone: self.calendar.name.clone() })
    }

    fn named(&self, text: &str, value: &serde_json::Value) -> Option<(Named, Micros)> {
        let day = |date| {
            let (start, end) = (self.calendar.day_start(date), self.calendar.day_end(date));
            (Named { start, exact: (start, end) }, end)
        };
        let instant = |at: Micros| {
            let second = at - at.rem_euclid(SECOND);
            (Named { start: at, exact: (second, second + SECOND - 1) }, at)
        };
        if value.is_number() {
            return unix(value.as_f64()?).map(instant);
        }
        Some(match dates::moment(text, self.calendar)? {
            Moment::All => return None,
            Moment::Date(date) => day(date),
            Moment::Instant(at) => instant(at),
            moment @ Moment::Back { unit: Unit::Hour, .. } => instant(dates::start(moment, self.now, self.calendar)),
            moment => day(self.calendar.local(dates::start(moment, self.now, self.calendar)).date()),
        })
    }
}

/// What a date in a filter names: where it starts, and what equals it.
struct Named {
    start: Micros,
    exact: (Micros, Micros),
}

/// The instant in a value of a DateTime property: ISO 8601, or Unix seconds (from 1e11 on milliseconds).
/// `None`: not comparable.
pub(crate) fn time_of(text: &str, number: Option<f64>, calendar: &Calendar) -> Option<Micros> {
    if let Some(number) = number {
        return unix(number);
    }
    match dates::iso(text) {
        Some(dates::Iso::Date(date)) => Some(calendar.day_start(date)),
        Some(dates::Iso::Local(local)) => Some(calendar.instant(local)),
        Some(dates::Iso::Instant(at)) => Some(at),
        None => unix(decimal(text)?),
    }
}

/// `None` beyond the years -9999 to 9999: that is no date.
fn unix(number: f64) -> Option<Micros> {
    let seconds = if number >= 1e11 { number / 1e3 } else { number };
    let at = (seconds * SECOND as f64).round();
    (at.abs() < i64::MAX as f64).then_some(at as Micros).filter(|at| calendar::timestamp(*at).as_microsecond() == *at)
}
