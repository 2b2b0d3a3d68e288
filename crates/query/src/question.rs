//! From JSON to a [`Question`]: what is wrong is told with its path and what is allowed.

use crate::bind::dates::{Iso, iso};
use model::Micros;
use model::insight::people::PeopleQuestion;
use model::insight::{KINDS, Question};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A question that cannot be answered as it stands. The asker must change the field at `path`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}{message}", path, if path.is_empty() { "" } else { ": " })]
pub struct QuestionError {
    /// The field, `series[0].math`; empty when the question as a whole is wrong.
    pub path: String,
    /// What is wrong with it and what to do, one sentence in lower case.
    pub message: String,
    /// The values that would be right, when they can be listed.
    pub allowed: Vec<String>,
}

impl QuestionError {
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), allowed: Vec::new() }
    }

    /// The same error of a field below `name`.
    pub fn under(mut self, name: &str) -> Self {
        self.path = if self.path.is_empty() { name.to_owned() } else { format!("{name}.{}", self.path) };
        self
    }

    pub(crate) fn allowing<I: IntoIterator<Item = S>, S: Into<String>>(mut self, allowed: I) -> Self {
        self.allowed = allowed.into_iter().map(Into::into).collect();
        self
    }
}

/// Reads a question from JSON text.
///
/// # Errors
/// Text that is not JSON, an unknown kind, an unknown field, a value of the wrong type.
pub fn parse(json: &[u8]) -> Result<Question, QuestionError> {
    let value = serde_json::from_slice(json)
        .map_err(|error| QuestionError::new("", format!("the question is not JSON: {error}")))?;
    parse_value(value)
}

/// Reads a question from parsed JSON. Errors as [`parse`].
///
/// The kind is read first, so that a wrong field is judged by the one kind that was meant.
pub fn parse_value(json: Value) -> Result<Question, QuestionError> {
    let Value::Object(mut fields) = json else {
        return Err(QuestionError::new("", "a question is a JSON object with a field `kind`"));
    };
    let kind = match fields.remove("kind") {
        Some(Value::String(kind)) => kind,
        Some(_) => return Err(QuestionError::new("kind", "must be text").allowing(KINDS)),
        None => return Err(QuestionError::new("kind", "is missing").allowing(KINDS)),
    };
    match kind.as_str() {
        "trends" => typed(fields).map(Question::Trends),
        "funnel" => typed(fields).map(Question::Funnel),
        "retention" => typed(fields).map(Question::Retention),
        "stickiness" => typed(fields).map(Question::Stickiness),
        "lifecycle" => typed(fields).map(Question::Lifecycle),
        "correlation" => typed(fields).map(Question::Correlation),
        "paths" => typed(fields).map(Question::Paths),
        "web" => typed(fields).map(Question::Web),
        "items" => typed(fields).map(Question::Items),
        "workflow" => typed(fields).map(Question::Workflow),
        "sessions" => typed(fields).map(Question::Sessions),
        "events" => typed(fields).map(Question::Events),
        _ => Err(QuestionError::new("kind", format!("unknown kind `{kind}`")).allowing(KINDS)),
    }
}

/// A question for people, read: as it was asked, the question within, and the now that it names, µs.
pub type PeopleAsked = (PeopleQuestion, Question, Option<Micros>);

/// Reads a question for people from JSON text.
///
/// # Errors
/// As [`parse`], also of the question within; an `asked_at` that is no instant.
pub fn parse_people(json: &[u8]) -> Result<PeopleAsked, QuestionError> {
    let value: Value = serde_json::from_slice(json)
        .map_err(|error| QuestionError::new("", format!("the question is not JSON: {error}")))?;
    let Value::Object(fields) = value else {
        return Err(QuestionError::new("", "a question for people is a JSON object with `question` and `cell`"));
    };
    let people: PeopleQuestion = typed(fields)?;
    let question = parse_value(people.question.clone()).map_err(|error| error.under("question"))?;
    let asked_at = match people.asked_at.as_deref() {
        None => None,
        Some(text) => match iso(text) {
            Some(Iso::Instant(at)) => Some(at),
            _ => return Err(QuestionError::new("asked_at", "is not an instant like 2026-01-31T18:30:00Z")),
        },
    };
    Ok((people, question, asked_at))
}

fn typed<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, QuestionError> {
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        let message = error.into_inner().to_string();
        let allowed = allowed_of(&message);
        QuestionError::new(path, message).allowing(allowed)
    })
}

/// The words in backticks behind "expected" in serde's message.
fn allowed_of(message: &str) -> Vec<String> {
    let Some((_, list)) = message.split_once("expected ") else { return Vec::new() };
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wrong(json: Value) -> QuestionError {
        parse_value(json).expect_err("this question is wrong")
    }

    #[test]
    fn a_right_question_is_read() {
        let question =
            parse(br#"{"kind":"trends","series":[{"event":"IMPRESSION","math":"total"}],"date_from":"-30d"}"#);
        assert!(matches!(question, Ok(Question::Trends(trends)) if trends.series.len() == 1));
        assert!(matches!(parse(br#"{"kind":"events","limit":5}"#), Ok(Question::Events(_))));
    }

    #[test]
    fn an_unknown_kind_names_the_kinds() {
        let error = wrong(json!({"kind": "funnels"}));
        assert_eq!((error.path.as_str(), error.allowed), ("kind", KINDS.map(str::to_owned).to_vec()));
        assert_eq!(wrong(json!({})).path, "kind");
        assert_eq!(wrong(json!({"kind": 1})).path, "kind");
        assert_eq!(wrong(json!([])).path, "");
        assert_eq!(parse(b"{").expect_err("not JSON").path, "");
    }

    #[test]
    fn the_path_leads_to_the_wrong_field() {
        let error = wrong(json!({"kind": "trends", "series": [{"math": "mode"}]}));
        assert_eq!(error.path, "series[0].math");
        assert!(error.allowed.contains(&"median".to_owned()));
        let error = wrong(json!({"kind": "trends", "series": [{}, {"evnt": "x"}]}));
        assert_eq!(error.path, "series[1].evnt");
        assert!(error.allowed.contains(&"event".to_owned()));
        let error = wrong(json!({"kind": "trends", "filters": [{"type": "OR", "values": [{"property": 7}]}]}));
        assert_eq!(error.path, "filters[0].values[0].property");
        let error = wrong(json!({"kind": "trends", "interval": "year"}));
        assert_eq!((error.path.as_str(), error.allowed.len()), ("interval", 5));
        assert_eq!(wrong(json!({"kind": "events", "limit": -1})).path, "limit");
        assert_eq!(wrong(json!({"kind": "trends", "breakdown": 7})).path, "breakdown");
    }
}
