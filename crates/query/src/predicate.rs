//! Bound tests made ready to run: patterns compiled, lists turned into sets.
//!
//! [`Matcher::holds`] is the one place that says when a value passes a test; `scan` only decides how often it asks.

use crate::bind::action::BoundElement;
use crate::bind::filter::{BoundCondition, BoundFilter, Target, Test};
use crate::bind::{filter, version};
use crate::calendar::{self, Calendar};
use crate::cohort::{self, Marks};
use crate::elements::{ElementTest, Selector, TextTest};
use crate::limits::{Budget, QueryError};
use crate::question::QuestionError;
use model::Micros;
use model::action::Matching;
use model::project::ProjectClock;
use model::property::{canonical_number, decimal};
use model::time::WeekStart;
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use std::collections::HashSet;
use std::ops::{Bound, RangeBounds};
use store::Snapshot;

/// A pattern may not compile to more bytes than this.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// A present value of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ValueRef<'a> {
    /// A JSON string, or one of the text columns.
    Text(&'a str),
    Number(f64),
    Bool(bool),
    /// Compact JSON text of all else.
    Json(&'a str),
}

impl ValueRef<'_> {
    /// Calls `ask` with the canonical text.
    fn with_text<T>(self, ask: impl FnOnce(&str) -> T) -> T {
        match self {
            ValueRef::Text(text) | ValueRef::Json(text) => ask(text),
            ValueRef::Number(number) => ask(&canonical_number(number)),
            ValueRef::Bool(flag) => ask(if flag { "true" } else { "false" }),
        }
    }

    /// The number in it, if it is comparable as one.
    pub(crate) fn number(self) -> Option<f64> {
        match self {
            ValueRef::Number(number) => Some(number),
            ValueRef::Text(text) | ValueRef::Json(text) => decimal(text),
            ValueRef::Bool(_) => None,
        }
    }
}

/// A filter made ready.
pub(crate) enum Ready {
    All(Vec<Ready>),
    Any(Vec<Ready>),
    Condition {
        target: Target,
        negated: bool,
        matcher: Matcher,
    },
    /// By a mark per ordinal.
    Member {
        marks: Marks,
        negated: bool,
    },
}

/// A test made ready.
pub(crate) enum Matcher {
    IsSet,
    /// `numbers` are the bits of those f64 whose canonical text is in the list.
    TextIn {
        texts: HashSet<String>,
        numbers: HashSet<u64>,
    },
    Has(String),
    Element(Box<ElementTest>),
    Prefixes(Vec<String>),
    Suffixes(Vec<String>),
    Patterns(RegexSet),
    NumberIn(HashSet<u64>),
    NumberWithin(Bound<f64>, Bound<f64>),
    TruthIn {
        yes: bool,
        no: bool,
    },
    TimeWithin {
        ranges: Vec<(Micros, Micros)>,
        calendar: Box<Calendar>,
    },
    VersionWithin(version::Version, Option<version::Version>),
}

/// Makes a bound filter ready for a snapshot: patterns compile, cohorts are answered.
///
/// # Errors
/// Those of the questions that cohorts ask; a pattern that no longer compiles, which binding has checked.
pub(crate) fn ready(snapshot: &Snapshot, budget: &Budget<'_>, bound: &BoundFilter) -> Result<Ready, QueryError> {
    let all =
        |list: &[BoundFilter]| list.iter().map(|member| ready(snapshot, budget, member)).collect::<Result<Vec<_>, _>>();
    Ok(match bound {
        BoundFilter::All(list) => Ready::All(all(list)?),
        BoundFilter::Any(list) => Ready::Any(all(list)?),
        BoundFilter::Condition(condition) => ready_condition(condition).map_err(QueryError::Pattern)?,
        BoundFilter::Member { any_of, negated } => {
            let mut marks = vec![false; snapshot.person_of().len()];
            for cohort in any_of {
                let more = cohort::members(snapshot, cohort, budget)?;
                if let [_] = any_of[..] {
                    return Ok(Ready::Member { marks: more, negated: *negated });
                }
                marks.iter_mut().zip(more.iter()).for_each(|(mark, more)| *mark |= more);
            }
            Ready::Member { marks: marks.into(), negated: *negated }
        }
    })
}

/// Makes one condition ready.
pub(crate) fn ready_condition(bound: &BoundCondition) -> Result<Ready, QuestionError> {
    let BoundCondition { target, negated, test } = bound;
    Ok(Ready::Condition { target: target.clone(), negated: *negated, matcher: matcher(test)? })
}

/// Makes a test ready.
pub(crate) fn matcher(test: &Test) -> Result<Matcher, QuestionError> {
    let compiled = |texts: &[String], literal| {
        patterns(texts, literal)
            .map(Matcher::Patterns)
            .map_err(|error| QuestionError::new("filters", error.to_string()))
    };
    Ok(match test {
        Test::IsSet => Matcher::IsSet,
        Test::TextIn(texts) => Matcher::TextIn {
            numbers: texts.iter().filter_map(|text| number_written(text)).collect(),
            texts: texts.iter().cloned().collect(),
        },
        Test::Contains(texts) => compiled(texts, true)?,
        Test::Matches(texts) => compiled(texts, false)?,
        Test::Has(text) => Matcher::Has(text.clone()),
        Test::Element(asked) => Matcher::Element(Box::new(element(asked)?)),
        Test::StartsWith(texts) => Matcher::Prefixes(texts.clone()),
        Test::EndsWith(texts) => Matcher::Suffixes(texts.clone()),
        Test::NumberIn(numbers) => Matcher::NumberIn(numbers.iter().map(|number| number.get().to_bits()).collect()),
        Test::NumberWithin(low, high) => {
            Matcher::NumberWithin(low.map(filter::Number::get), high.map(filter::Number::get))
        }
        Test::TruthIn { yes, no } => Matcher::TruthIn { yes: *yes, no: *no },
        Test::TimeWithin { ranges, time_zone } => {
            // The week start has no say in what an instant is.
            let clock = ProjectClock { time_zone: time_zone.clone(), week_start: WeekStart::Monday };
            Matcher::TimeWithin { ranges: ranges.clone(), calendar: Box::new(calendar::Calendar::new(&clock)?) }
        }
        Test::VersionWithin(from, below) => Matcher::VersionWithin(*from, *below),
    })
}

/// What an action asks of elements, made ready.
fn element(bound: &BoundElement) -> Result<ElementTest, QuestionError> {
    let text = |asked: &Option<(Matching, String)>| {
        asked.as_ref().map(|(matching, value)| {
            Ok(match matching {
                Matching::Exact => TextTest::Exact(value.clone()),
                Matching::Contains => TextTest::Contains(value.clone()),
                Matching::Regex => {
                    TextTest::Regex(pattern(value).map_err(|error| QuestionError::new("action", error.to_string()))?)
                }
            })
        })
    };
    Ok(ElementTest {
        tag: bound.tag.clone(),
        text: text(&bound.text).transpose()?,
        href: text(&bound.href).transpose()?,
        selector: bound.selector.as_deref().and_then(Selector::read),
    })
}

/// Compiles patterns of RE2 syntax within limits. `literal`: texts to find, under Unicode simple case folding.
pub(crate) fn patterns(texts: &[String], literal: bool) -> Result<RegexSet, regex::Error> {
    let sources = texts.iter().map(|text| if literal { regex::escape(text) } else { text.clone() });
    RegexSetBuilder::new(sources)
        .case_insensitive(literal)
        .size_limit(PATTERN_BYTES_MAX)
        .dfa_size_limit(PATTERN_BYTES_MAX)
        .build()
}

/// Compiles one pattern of RE2 syntax within limits.
pub(crate) fn pattern(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).size_limit(PATTERN_BYTES_MAX).dfa_size_limit(PATTERN_BYTES_MAX).build()
}

/// The bits of the number whose canonical text is exactly this one.
fn number_written(text: &str) -> Option<u64> {
    decimal(text).filter(|number| canonical_number(*number) == text).map(bits)
}

/// Bits that are equal for equal numbers: `-0` is `0`.
pub(crate) fn bits(number: f64) -> u64 {
    if number == 0.0 { 0 } else { number.to_bits() }
}

impl Matcher {
    /// Whether a present value passes the positive test; a value that cannot be compared does not.
    pub(crate) fn holds(&self, value: ValueRef<'_>) -> bool {
        match self {
            Matcher::IsSet => true,
            Matcher::TextIn { texts, numbers } => match value {
                ValueRef::Number(number) => numbers.contains(&bits(number)),
                other => other.with_text(|text| texts.contains(text)),
            },
            Matcher::Has(part) => value.with_text(|text| text.contains(part.as_str())),
            Matcher::Element(test) => value.with_text(|chain| test.holds(chain)),
            Matcher::Prefixes(texts) => value.with_text(|text| texts.iter().any(|prefix| text.starts_with(prefix))),
            Matcher::Suffixes(texts) => value.with_text(|text| texts.iter().any(|suffix| text.ends_with(suffix))),
            Matcher::Patterns(patterns) => value.with_text(|text| patterns.is_match(text)),
            Matcher::NumberIn(numbers) => value.number().is_some_and(|number| numbers.contains(&bits(number))),
            Matcher::NumberWithin(low, high) => value.number().is_some_and(|number| (*low, *high).contains(&number)),
            Matcher::TruthIn { yes, no } => match value {
                ValueRef::Bool(true) | ValueRef::Text("true") => *yes,
                ValueRef::Bool(false) | ValueRef::Text("false") => *no,
                _ => false,
            },
            Matcher::TimeWithin { ranges, calendar } => {
                let at = match value {
                    ValueRef::Number(number) => filter::time_of("", Some(number), calendar),
                    ValueRef::Text(text) | ValueRef::Json(text) => filter::time_of(text, None, calendar),
                    ValueRef::Bool(_) => None,
                };
                at.is_some_and(|at| ranges.iter().any(|(first, last)| (*first..=*last).contains(&at)))
            }
            Matcher::VersionWithin(from, below) => value
                .with_text(version::version)
                .is_some_and(|version| version >= *from && below.is_none_or(|below| version < below)),
        }
    }

    /// Whether asking about a number is cheap enough to ask in each row.
    pub(crate) fn is_cheap_on_numbers(&self) -> bool {
        use Matcher::{Element, Has, Patterns, Prefixes, Suffixes, VersionWithin};
        !matches!(self, Has(_) | Element(_) | Prefixes(_) | Suffixes(_) | Patterns(_) | VersionWithin(..))
    }
}

#[cfg(test)]
mod tests;
