//! Binds a correlation. Definition: docs/semantics/correlation.md.

use super::Known;
use super::filter::{BoundFilter, Target};
use super::funnel::{self, BITS_MAX, BoundFunnel};
use super::steps::{BoundMatch, BoundPart, BoundSplit};
use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::Micros;
use model::filter::Scope;
use model::insight::correlation::{CorrelationBy, CorrelationQuestion};
use serde::Serialize;

const PROPERTIES_MAX: usize = 10;
const EXCLUDED_MAX: usize = 1_000;
/// Factors of either list, when the question does not say, and at most.
const LIMIT_DEFAULT: u32 = 10;
const LIMIT_MAX: u32 = 100;
/// Bits of a row beside the funnel's: events that may be factors, and those of the steps.
const BITS: usize = 2;

/// A correlation, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundCorrelation {
    /// Whose persons are compared.
    pub funnel: BoundFunnel,
    /// What is looked at: events, or one or more properties.
    pub factors: Vec<BoundFactor>,
    /// Events and values that are left out.
    pub exclude: Vec<String>,
    /// Factors of fewer persons are left out; `None`: 25, or 2 % of all persons if that is less.
    pub persons_min: Option<u64>,
    /// Factors of either list, at most.
    pub limit: usize,
    /// The definition in one sentence.
    pub definition: String,
    /// What was ignored.
    pub warnings: Vec<String>,
}

/// What has one value per factor.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundFactor {
    /// Whose values.
    pub of: FactorOf,
    /// The values.
    pub split: BoundSplit,
    /// The key; `None`: the values are names of events.
    pub property: Option<String>,
}

/// Whose values are factors.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorOf {
    /// Those of such events on the way.
    Events(BoundMatch),
    /// That of the person.
    Person,
}

pub(super) fn bind(
    question: &CorrelationQuestion,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
) -> Result<BoundCorrelation, QuestionError> {
    if question.exclude.len() > EXCLUDED_MAX {
        return Err(QuestionError::new("exclude", format!("at most {EXCLUDED_MAX} are left out")));
    }
    let limit = question.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(QuestionError::new("limit", format!("must be 1 to {LIMIT_MAX}, not {limit}")));
    }
    let funnel = funnel::of_steps(&question.funnel, calendar, now, known)?;
    if funnel.bits() + BITS > BITS_MAX {
        return Err(QuestionError::new("funnel.exclusions", "too many steps, first-ever steps and exclusions"));
    }
    let factors = factors(question)?;
    let what = match question.by {
        CorrelationBy::Events => "other events on the way".to_owned(),
        CorrelationBy::EventProperties => {
            format!("{} of {} on the way", question.properties.join(", "), question.event.as_deref().unwrap_or(""))
        }
        CorrelationBy::PersonProperties => format!("the person's {}", question.properties.join(", ")),
    };
    Ok(BoundCorrelation {
        factors,
        exclude: question.exclude.clone(),
        persons_min: question.persons_min,
        limit: limit as usize,
        definition: format!("{what}, with the odds of doing the last step: {}", funnel.definition),
        warnings: funnel.warnings.clone(),
        funnel,
    })
}

fn factors(question: &CorrelationQuestion) -> Result<Vec<BoundFactor>, QuestionError> {
    let by_properties = question.by != CorrelationBy::Events;
    if !by_properties && !question.properties.is_empty() {
        let message = "are only of `event_properties` and `person_properties`; leave them out";
        return Err(QuestionError::new("properties", message));
    }
    if by_properties && !(1..=PROPERTIES_MAX).contains(&question.properties.len()) {
        let message = format!("must be 1 to {PROPERTIES_MAX} properties, not {}", question.properties.len());
        return Err(QuestionError::new("properties", message));
    }
    match (&question.event, question.by) {
        (Some(_), CorrelationBy::Events | CorrelationBy::PersonProperties) => {
            return Err(QuestionError::new("event", "is only of `event_properties`; leave it out"));
        }
        (None, CorrelationBy::EventProperties) => {
            return Err(QuestionError::new("event", "is missing: whose properties?"));
        }
        (Some(event), _) if question.funnel.steps.iter().any(|step| step.event.as_ref() == Some(event)) => {
            return Err(QuestionError::new("event", "is a step of the funnel; choose another"));
        }
        _ => {}
    }
    let on_the_way =
        BoundMatch { event: question.event.clone(), action: None, filter: BoundFilter::All(vec![]), label: "".into() };
    let split = |target| BoundSplit { parts: vec![BoundPart { target, bins: None }] };
    let (of, scope) = match question.by {
        CorrelationBy::Events => {
            let of = FactorOf::Events(on_the_way);
            return Ok(vec![BoundFactor { of, split: split(Target::Event), property: None }]);
        }
        CorrelationBy::EventProperties => (FactorOf::Events(on_the_way), Scope::Event),
        CorrelationBy::PersonProperties => (FactorOf::Person, Scope::Person),
    };
    let mut bound: Vec<BoundFactor> = Vec::with_capacity(question.properties.len());
    for (index, key) in question.properties.iter().enumerate() {
        let path = format!("properties[{index}]");
        if key.is_empty() {
            return Err(QuestionError::new(path, "is empty; name a property"));
        }
        if bound.iter().any(|other| other.property.as_ref() == Some(key)) {
            return Err(QuestionError::new(path, "is named twice"));
        }
        let property = Some(key.clone());
        bound.push(BoundFactor { of: of.clone(), split: split(Target::within(scope, key)), property });
    }
    Ok(bound)
}
