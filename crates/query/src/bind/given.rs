//! The value of a condition as it was given, read as what its operator takes.

use super::filter::Number;
use crate::predicate;
use crate::question::QuestionError;
use model::property::{Value, canonical_number, decimal};

/// Values in one condition, at most.
const VALUES_MAX: usize = 10_000;
/// Characters of one pattern, at most; `predicate` caps the bytes of its compiled form.
const PATTERN_CHARS_MAX: usize = 1_000;

/// The value of a condition, and its path for errors.
pub(super) struct Given<'a> {
    pub(super) value: Option<&'a serde_json::Value>,
    pub(super) path: String,
}

impl Given<'_> {
    pub(super) fn wrong(&self, message: impl Into<String>) -> QuestionError {
        QuestionError::new(self.path.clone(), message)
    }

    fn present(&self) -> Result<&serde_json::Value, QuestionError> {
        self.value
            .filter(|value| !value.is_null())
            .ok_or_else(|| self.wrong("this operator needs a value; for missing properties use is_not_set"))
    }

    /// One value or a list of them.
    pub(super) fn values(&self) -> Result<&[serde_json::Value], QuestionError> {
        match self.present()? {
            serde_json::Value::Array(_) => self.list(),
            single => Ok(std::slice::from_ref(single)),
        }
    }

    pub(super) fn list(&self) -> Result<&[serde_json::Value], QuestionError> {
        let serde_json::Value::Array(list) = self.present()? else {
            return Err(self.wrong("this operator needs a list of values"));
        };
        if list.is_empty() || list.len() > VALUES_MAX {
            return Err(self.wrong(format!("the list needs 1 to {VALUES_MAX} values, it has {}", list.len())));
        }
        match list.iter().position(serde_json::Value::is_null) {
            Some(index) => {
                Err(QuestionError::new(format!("{}[{index}]", self.path), "null is no value; use is_not_set"))
            }
            None => Ok(list),
        }
    }

    pub(super) fn single(&self) -> Result<&serde_json::Value, QuestionError> {
        match self.present()? {
            serde_json::Value::Array(_) => Err(self.wrong("this operator needs a single value, not a list")),
            single => Ok(single),
        }
    }

    pub(super) fn texts(&self) -> Result<Vec<String>, QuestionError> {
        Ok(sorted(self.values()?.iter().map(canonical).collect()))
    }

    /// Texts that become patterns: they must compile within their limits.
    pub(super) fn patterns(&self, literal: bool) -> Result<Vec<String>, QuestionError> {
        let texts = self.texts()?;
        if let Some(long) = texts.iter().find(|text| text.chars().count() > PATTERN_CHARS_MAX) {
            let length = long.chars().count();
            return Err(self.wrong(format!("{length} characters; at most {PATTERN_CHARS_MAX} are matched")));
        }
        predicate::patterns(&texts, literal)
            .map_err(|error| self.wrong(format!("not a regular expression (RE2 syntax): {error}")))?;
        Ok(texts)
    }

    pub(super) fn as_number(&self, value: &serde_json::Value) -> Result<Number, QuestionError> {
        let number = match value {
            serde_json::Value::Number(number) => number.as_f64().filter(|number| number.is_finite()),
            serde_json::Value::String(text) => decimal(text),
            _ => None,
        };
        number.map(Number::new).ok_or_else(|| self.wrong(format!("`{}` is not a number", canonical(value))))
    }

    pub(super) fn number(&self) -> Result<Number, QuestionError> {
        self.as_number(self.single()?)
    }

    pub(super) fn number_pair(&self) -> Result<(Number, Number), QuestionError> {
        let [low, high] = self.list()? else {
            return Err(self.wrong("this operator needs a list of two numbers: [low, high]"));
        };
        let (low, high) = (self.as_number(low)?, self.as_number(high)?);
        if low.get() > high.get() {
            return Err(self.wrong("the low end is above the high end"));
        }
        Ok((low, high))
    }
}

/// The text that a filter's value compares as: the same rule as for a property's value.
pub(super) fn canonical(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Number(number) => match Value::from_json(value) {
            Some(Value::Number(float)) => canonical_number(float),
            _ => number.to_string(),
        },
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(super) fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable();
    texts.dedup();
    texts
}
