//! Bound tests made ready to run: patterns compiled, lists turned into sets.
//!
//! [`Matcher::holds`] is the one place that says when a value passes a test; `scan` only decides how often it asks.

use crate::bind::filter::{BoundCondition, BoundFilter, Target, Test};
use crate::bind::{filter, version};
use crate::calendar::{self, Calendar};
use crate::question::QuestionError;
use model::Micros;
use model::project::ProjectClock;
use model::property::{canonical_number, decimal};
use model::time::WeekStart;
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use std::collections::HashSet;
use std::ops::{Bound, RangeBounds};

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
    Condition { target: Target, negated: bool, matcher: Matcher },
}

/// A test made ready.
pub(crate) enum Matcher {
    IsSet,
    /// `numbers` are the bits of those f64 whose canonical text is in the list.
    TextIn {
        texts: HashSet<String>,
        numbers: HashSet<u64>,
    },
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

/// Makes a bound filter ready. Errors only if a pattern no longer compiles, which binding has checked.
pub(crate) fn ready(bound: &BoundFilter) -> Result<Ready, QuestionError> {
    let members = |members: &[BoundFilter]| members.iter().map(ready).collect::<Result<Vec<_>, _>>();
    Ok(match bound {
        BoundFilter::All(list) => Ready::All(members(list)?),
        BoundFilter::Any(list) => Ready::Any(members(list)?),
        BoundFilter::Condition(BoundCondition { target, negated, test }) => {
            Ready::Condition { target: target.clone(), negated: *negated, matcher: matcher(test)? }
        }
    })
}

fn matcher(test: &Test) -> Result<Matcher, QuestionError> {
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
        !matches!(self, Matcher::Prefixes(_) | Matcher::Suffixes(_) | Matcher::Patterns(_) | Matcher::VersionWithin(..))
    }
}

#[cfg(test)]
mod tests;
