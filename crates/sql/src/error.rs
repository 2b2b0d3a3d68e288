//! What can go wrong with a query, in words for whoever wrote it.
//!
//! No message names a file: what concerns files is `Internal`, whose text is for the server's log only.

use datafusion::arrow::error::ArrowError;
use datafusion::common::{DataFusionError, SchemaError};
use datafusion::sql::sqlparser::parser::ParserError;
use serde::Serialize;

/// Longest message; engines like to quote the whole query.
const MESSAGE_CHARS_MAX: usize = 600;

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What the caller can do about it.
    pub code: FailureCode,
    /// A sentence for whoever wrote the query.
    pub message: String,
    /// Where in the query, when known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// What kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The query is wrong; it must be changed.
    Invalid,
    /// The query asks for what no query may.
    Refused,
    /// It needs more memory than it may have.
    OutOfMemory,
    /// Our fault, or a damaged file; the message is for the log.
    Internal,
}

/// A place in the query; both numbers from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Line.
    pub line: u64,
    /// Column, in characters.
    pub column: u64,
}

impl Failure {
    /// A failure of this code.
    pub fn new(code: FailureCode, message: impl Into<String>) -> Failure {
        Failure { code, message: message.into(), position: None }
    }

    /// The query asks for what no query may.
    pub fn refused(what: &str) -> Failure {
        let message = format!("{what} not allowed here: write one SELECT on events, persons and distinct_ids");
        Failure::new(FailureCode::Refused, message)
    }

    /// A thread panicked. A length that no memory can hold is the query's fault, and so is a stack that finds none.
    pub fn of_panic(text: &str) -> Failure {
        if text.contains("capacity overflow") || text.contains("Cannot allocate memory") {
            return Failure::out_of_memory(crate::limits::MEMORY_BYTES);
        }
        Failure::new(FailureCode::Internal, text)
    }

    /// The memory limit of `bytes`.
    pub fn out_of_memory(bytes: u64) -> Failure {
        let message = format!(
            "the query needs more than {} MiB of memory: narrow the dates, select fewer columns or group first",
            bytes >> 20
        );
        Failure::new(FailureCode::OutOfMemory, message)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::new(FailureCode::Internal, format!("cannot write the result: {error}"))
    }
}

impl From<DataFusionError> for Failure {
    fn from(error: DataFusionError) -> Failure {
        let span = error.diagnostic().and_then(|diagnostic| diagnostic.span);
        let mut failure = of(error.find_root());
        if failure.position.is_none() {
            failure.position = span
                .filter(|span| span.start.line > 0)
                .map(|span| Position { line: span.start.line, column: span.start.column });
        }
        if failure.code != FailureCode::Internal && failure.message.chars().count() > MESSAGE_CHARS_MAX {
            failure.message = failure.message.chars().take(MESSAGE_CHARS_MAX).chain(['…']).collect();
        }
        failure
    }
}

fn of(error: &DataFusionError) -> Failure {
    let invalid = |message: &str| Failure::new(FailureCode::Invalid, message.trim().trim_end_matches('.'));
    match error {
        DataFusionError::Diagnostic(_, inner) | DataFusionError::Context(_, inner) => of(inner.find_root()),
        DataFusionError::Shared(inner) => of(inner.find_root()),
        DataFusionError::Collection(errors) => {
            errors.first().map_or_else(|| internal(error), |first| of(first.find_root()))
        }
        DataFusionError::SQL(parser, _) => match &**parser {
            ParserError::TokenizerError(message) | ParserError::ParserError(message) => {
                let (message, position) = split_position(message);
                Failure { position, ..invalid(message) }
            }
            ParserError::RecursionLimitExceeded => invalid("the query is nested too deeply"),
        },
        DataFusionError::SchemaError(schema, _) => invalid(&of_schema(schema)),
        DataFusionError::Plan(message) => invalid(&of_plan(message)),
        DataFusionError::NotImplemented(message) => invalid(&format!("not supported: {message}")),
        // Some functions ask whether there is room before they take it.
        DataFusionError::Execution(message) if message.contains("memory allocation failed") => {
            Failure::out_of_memory(crate::limits::MEMORY_BYTES)
        }
        DataFusionError::Execution(message) => invalid(message),
        DataFusionError::ResourcesExhausted(_) => Failure::out_of_memory(crate::limits::MEMORY_BYTES),
        DataFusionError::ArrowError(arrow, _) => match &**arrow {
            ArrowError::MemoryError(_) => Failure::out_of_memory(crate::limits::MEMORY_BYTES),
            ArrowError::CastError(message)
            | ArrowError::ParseError(message)
            | ArrowError::ComputeError(message)
            | ArrowError::InvalidArgumentError(message)
            | ArrowError::NotYetImplemented(message)
            | ArrowError::ArithmeticOverflow(message) => invalid(message),
            ArrowError::DivideByZero => invalid("division by zero; write x / nullif(y, 0)"),
            _ => internal(error),
        },
        // Only patterns come from the query; whatever else is outside of the engine is a file.
        DataFusionError::External(source) if source.to_string().starts_with("regex parse error") => {
            invalid(&source.to_string())
        }
        DataFusionError::ExecutionJoin(join) => Failure::of_panic(&join.to_string()),
        _ => internal(error),
    }
}

fn internal(error: &DataFusionError) -> Failure {
    Failure::new(FailureCode::Internal, error.to_string())
}

/// `Expected: … at Line: 1, Column: 8` → the sentence and the place.
fn split_position(message: &str) -> (&str, Option<Position>) {
    let place = |rest: &str| {
        let (line, column) = rest.split_once(", Column: ")?;
        let digits = column.find(|c: char| !c.is_ascii_digit()).unwrap_or(column.len());
        Some(Position { line: line.parse().ok()?, column: column[..digits].parse().ok()? })
    };
    match message.rsplit_once(" at Line: ") {
        Some((sentence, rest)) => (sentence, place(rest)),
        None => (message, None),
    }
}

/// Tables are named without the catalogue and schema that nobody chose.
fn of_plan(message: &str) -> String {
    let table = message.strip_prefix("table '").and_then(|rest| rest.strip_suffix("' not found"));
    match table {
        Some(name) => {
            let name = name.strip_prefix("telemetry.public.").unwrap_or(name);
            format!("there is no table {name}; there are events, persons and distinct_ids")
        }
        None => message.to_owned(),
    }
}

/// A table may have a thousand columns, so only those that resemble the wrong name are listed.
fn of_schema(error: &SchemaError) -> String {
    match error {
        SchemaError::FieldNotFound { field, valid_fields } => {
            let name = field.name();
            let folded = fold(name);
            let mut alike: Vec<&str> = valid_fields
                .iter()
                .map(|valid| valid.name())
                .filter(|valid| {
                    let valid = fold(valid);
                    valid == folded || valid.ends_with(&folded) || folded.ends_with(&valid)
                })
                .take(5)
                .collect();
            alike.dedup();
            let hint = if alike.is_empty() {
                "GET …/sql/schema lists all; a property with dots or capitals stands in double quotes, a text in \
                 single quotes"
                    .to_owned()
            } else {
                let quoted: Vec<String> = alike.iter().map(|name| format!("\"{name}\"")).collect();
                format!("did you mean {}?", quoted.join(" or "))
            };
            format!("there is no column {name} here; {hint}")
        }
        SchemaError::AmbiguousReference { field } => {
            format!("the column {} is in more than one table; write the table before it", field.name())
        }
        SchemaError::DuplicateQualifiedField { name, .. } | SchemaError::DuplicateUnqualifiedField { name } => {
            format!("the column {name} is there twice; name one of them with AS")
        }
    }
}

fn fold(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parser_error_gives_its_place() {
        let (sentence, position) = split_position("Expected: an expression, found: FROM at Line: 3, Column: 12");
        assert_eq!(sentence, "Expected: an expression, found: FROM");
        assert_eq!(position, Some(Position { line: 3, column: 12 }));
        assert_eq!(split_position("no place"), ("no place", None));
    }

    #[test]
    fn a_missing_table_is_named_as_it_was_written() {
        let failure = Failure::from(DataFusionError::Plan("table 'telemetry.public.foo' not found".into()));
        assert_eq!(failure.code, FailureCode::Invalid);
        assert_eq!(failure.message, "there is no table foo; there are events, persons and distinct_ids");
    }

    #[test]
    fn a_wrong_column_is_answered_with_those_alike() {
        let valid = ["event", "edata.pageid", "level"].map(datafusion::common::Column::from_name);
        let schema = SchemaError::FieldNotFound {
            field: Box::new(datafusion::common::Column::from_name("pageid")),
            valid_fields: valid.to_vec(),
        };
        assert_eq!(of_schema(&schema), "there is no column pageid here; did you mean \"edata.pageid\"?");
    }

    #[test]
    fn a_failed_read_never_reaches_the_asker() {
        let failure = Failure::from(DataFusionError::IoError(std::io::Error::other("/secret/path")));
        assert_eq!(failure.code, FailureCode::Internal);
    }
}
