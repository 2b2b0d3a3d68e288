//! Whether one event passes one filter, by the operator table.

use super::cohort::cohort_key;
use super::dates::Wall;
use super::identity::person_key;
use model::filter::{Filter, Operator, Scope};
use model::time::SECOND;
use model::{Event, Micros, Value};
use regex::Regex;
use serde_json::Value as Json;

/// Whether an event passes all filters.
pub fn all_hold(filters: &[Filter], event: &Event, wall: &Wall, now: Micros) -> bool {
    filters.iter().all(|filter| holds(filter, event, wall, now))
}

/// Whether an event passes a filter; an incomplete one lets everything pass where all must hold.
pub fn holds(filter: &Filter, event: &Event, wall: &Wall, now: Micros) -> bool {
    if let Some(values) = &filter.values {
        let complete: Vec<&Filter> = values.iter().filter(|value| !is_incomplete(value)).collect();
        let mut members = complete.iter().map(|member| holds(member, event, wall, now));
        return match filter.kind.as_deref() {
            Some("OR") => complete.is_empty() || members.any(|held| held),
            _ => members.all(|held| held),
        };
    }
    if let Some(operator @ (Operator::InCohort | Operator::NotInCohort)) = filter.operator {
        let given = filter.value.clone().unwrap_or(Json::Null);
        let ids = given.as_array().cloned().unwrap_or_else(|| vec![given]);
        let is_in = |id: &Json| event.properties.get(&cohort_key(id.as_i64().expect("a number"))).is_some();
        return ids.iter().any(is_in) == (operator == Operator::InCohort);
    }
    let Some(property) = &filter.property else { return true };
    let value = match filter.kind.as_deref() {
        Some("person") => scoped_value_of(event, Scope::Person, property),
        _ => value_of(event, property),
    };
    let operator = filter.operator.unwrap_or_default();
    let given = filter.value.clone().unwrap_or(Json::Null);
    match opposite(operator) {
        Some(positive) => !positive_holds(positive, value.as_ref(), &given, wall, now),
        None => positive_holds(operator, value.as_ref(), &given, wall, now),
    }
}

fn is_incomplete(filter: &Filter) -> bool {
    let of_cohorts = matches!(filter.operator, Some(Operator::InCohort | Operator::NotInCohort));
    filter.values.is_none() && filter.property.is_none() && !of_cohorts
}

/// The value of a property or column of an event.
pub fn value_of(event: &Event, property: &str) -> Option<Value> {
    match property {
        "event" => Some(Value::Text(event.event.clone())),
        "distinct_id" => Some(Value::Text(event.distinct_id.clone())),
        "session_id" => event.session_id.clone().map(Value::Text),
        key => event.properties.get(key).cloned(),
    }
}

/// The value of a property in a scope; of persons only on told events.
pub fn scoped_value_of(event: &Event, scope: Scope, property: &str) -> Option<Value> {
    match scope {
        Scope::Event => value_of(event, property),
        Scope::Person => event.properties.get(&person_key(property)).cloned(),
    }
}

fn opposite(operator: Operator) -> Option<Operator> {
    use Operator::*;
    Some(match operator {
        IsNot => Exact,
        NotIcontains => Icontains,
        NotRegex => Regex,
        NotBetween => Between,
        NotIn => In,
        IsNotSet => IsSet,
        SemverNeq => SemverEq,
        _ => return None,
    })
}

fn positive_holds(operator: Operator, value: Option<&Value>, given: &Json, wall: &Wall, now: Micros) -> bool {
    use Operator::*;
    // Missing fails every positive.
    let Some(value) = value else { return false };
    let text = value.canonical();
    let list: Vec<&Json> = given.as_array().map_or_else(|| vec![given], |list| list.iter().collect());
    let texts = || list.iter().map(|given| canonical(given));
    let number = |json: &Json| canonical(json).parse::<f64>().expect("generators give numbers");
    match operator {
        IsSet => true,
        Exact | In | IsCleanedPathExact => texts().any(|given| given == text),
        Icontains => texts().any(|given| folded(&text).contains(&folded(&given))),
        StartsWith => texts().any(|given| text.starts_with(&given)),
        EndsWith => texts().any(|given| text.ends_with(&given)),
        Operator::Regex => {
            texts().any(|given| self::Regex::new(&given).expect("generators give patterns").is_match(&text))
        }
        Gt => value.number().is_some_and(|x| x > number(given)),
        Gte | Min => value.number().is_some_and(|x| x >= number(given)),
        Lt => value.number().is_some_and(|x| x < number(given)),
        Lte | Max => value.number().is_some_and(|x| x <= number(given)),
        Between => value.number().is_some_and(|x| number(list[0]) <= x && x <= number(list[1])),
        IsDateExact | IsDateBefore | IsDateAfter => date_holds(operator, value, given, wall, now),
        _ => version_holds(operator, &text, &canonical(given)),
    }
}

fn canonical(json: &Json) -> String {
    Value::from_json(json).expect("generators give no null").canonical()
}

/// Simple case folding, for the letters that generators use: a letter is its small letter, after its capital.
fn folded(text: &str) -> String {
    let one = |mut letters: Box<dyn Iterator<Item = char>>, else_: char| match (letters.next(), letters.next()) {
        (Some(letter), None) => letter,
        _ => else_,
    };
    text.chars()
        .map(|letter| {
            let upper = one(Box::new(letter.to_uppercase()), letter);
            one(Box::new(upper.to_lowercase()), upper)
        })
        .collect()
}

fn date_holds(operator: Operator, value: &Value, given: &Json, wall: &Wall, now: Micros) -> bool {
    let unix = |number: f64| (if number >= 1e11 { number / 1e3 } else { number } * SECOND as f64).round() as Micros;
    // Years of four digits, in seconds and in milliseconds.
    let sane = |number: &f64| (-3.7e11..2.5e14).contains(number);
    let at = match value {
        Value::Number(number) => Some(*number).filter(sane).map(unix),
        Value::Text(text) | Value::Json(text) => {
            wall.iso(text).map(|(at, _)| at).or_else(|| value.number().filter(sane).map(unix))
        }
        Value::Bool(_) => None,
    };
    let Some(at) = at else { return false };
    let (named, has_time) = match given {
        Json::String(text) => wall.iso(text).or_else(|| wall.relative(text, now)).expect("generators give dates"),
        number => (unix(number.as_f64().expect("a number")), true),
    };
    let same_day = wall.at(at).date() == wall.at(named).date();
    match (operator, has_time) {
        (Operator::IsDateExact, true) => at.div_euclid(SECOND) == named.div_euclid(SECOND),
        (Operator::IsDateExact, false) => same_day,
        (Operator::IsDateBefore, true) => at < named,
        (Operator::IsDateBefore, false) => wall.at(at).date() < wall.at(named).date(),
        (_, true) => at > named,
        (_, false) => wall.at(at).date() > wall.at(named).date(),
    }
}

/// Major, minor and patch.
type Version = (u64, u64, u64);

fn version(text: &str) -> Option<Version> {
    let shape = Regex::new(r"^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$").expect("a pattern");
    let found = shape.captures(text)?;
    let part = |index| found.get(index).map_or(Some(0), |part| part.as_str().parse().ok());
    Some((part(1)?, part(2)?, part(3)?))
}

fn version_holds(operator: Operator, text: &str, given: &str) -> bool {
    use Operator::*;
    let Some(at) = version(text) else { return false };
    if operator == SemverWildcard {
        let fixed = given.trim_end_matches('*').trim_end_matches('.');
        let (shown, wanted) = ([at.0, at.1, at.2], fixed.split('.').filter(|part| !part.is_empty()));
        return shown.iter().zip(wanted).all(|(shown, wanted)| wanted.parse() == Ok(*shown));
    }
    let base = version(given).expect("generators give versions");
    match operator {
        SemverEq => at == base,
        SemverGt => at > base,
        SemverGte => at >= base,
        SemverLt => at < base,
        SemverLte => at <= base,
        SemverTilde => at >= base && (at.0, at.1) == (base.0, base.1),
        SemverCaret if base.0 > 0 => at >= base && at.0 == base.0,
        SemverCaret if base.1 > 0 => at >= base && (at.0, at.1) == (base.0, base.1),
        SemverCaret => at == base,
        _ => unreachable!("all operators are above"),
    }
}
