//! PostHog's capture protocols: v0 (`/e/`, `/batch/` and their kin), v1 (`/i/v1/analytics/events`), flags and the
//! remote configuration that its SDKs ask for. Reference for app developers: docs/ingest/posthog.md.

mod event;
mod exported;
mod flags;
mod packing;
mod remote;
mod token;
mod v0;
mod v1;

pub use event::UUID_NAMESPACE;
pub use exported::{EXPORT_COLUMNS, decode_exported};
pub use flags::{FlagsKind, FlagsPath, FlagsRequest, flags_answer, flags_get_answer, flags_kind, flags_request};
pub use remote::{
    EARLY_ACCESS_BODY, LOCAL_EVALUATION_BODY, PRODUCT_TOURS_BODY, SURVEYS_BODY, WEB_EXPERIMENTS_BODY, remote_config,
    remote_config_script,
};
pub use token::is_token;
pub use v0::{PathFamily, V0Request, decode_v0};
pub use v1::{V1Batch, V1Error, V1Headers, V1Item, Verdict, decode_v1, v1_answer};

use model::{Event, NotStored};

/// One event of a v0 request, in the order in which it was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The event's own token, else the request's.
    pub token: Option<String>,
    /// The event in our words, or why it is not one.
    pub result: Result<Event, NotStored>,
}

/// A decoded v0 request.
#[derive(Debug, Clone, PartialEq)]
pub struct PosthogBatch {
    /// The one token of the request; always valid in form.
    pub token: Option<String>,
    /// Its events; at least one.
    pub items: Vec<Item>,
    /// Old events: accept their times, run no live-only effects.
    pub historical_migration: bool,
    /// Answer 204 with no body instead of 200.
    pub beacon: bool,
}

/// Why a whole request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum V0ErrorKind {
    /// 400: cannot be read, or holds no event.
    BadRequest,
    /// 401: no token, several tokens, or one that cannot be a token.
    Unauthorized,
    /// 413: above a limit; send less.
    TooLarge,
    /// 415: packed in a way that is not read here.
    UnsupportedEncoding,
}

/// Why a whole request is refused, and a sentence for the one who reads the SDK's log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct V0Error {
    /// What to answer.
    pub kind: V0ErrorKind,
    /// What was wrong; never a value of the request.
    pub message: String,
}

impl V0Error {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self.kind {
            V0ErrorKind::BadRequest => 400,
            V0ErrorKind::Unauthorized => 401,
            V0ErrorKind::TooLarge => 413,
            V0ErrorKind::UnsupportedEncoding => 415,
        }
    }

    fn bad(message: impl Into<String>) -> V0Error {
        V0Error { kind: V0ErrorKind::BadRequest, message: message.into() }
    }

    fn unauthorized(message: impl Into<String>) -> V0Error {
        V0Error { kind: V0ErrorKind::Unauthorized, message: message.into() }
    }
}

impl From<crate::EnvelopeError> for V0Error {
    fn from(error: crate::EnvelopeError) -> Self {
        let kind = match error.status() {
            413 => V0ErrorKind::TooLarge,
            415 => V0ErrorKind::UnsupportedEncoding,
            _ => V0ErrorKind::BadRequest,
        };
        V0Error { kind, message: error.to_string() }
    }
}

impl From<crate::JsonError> for V0Error {
    fn from(error: crate::JsonError) -> Self {
        let kind = if error.status() == 413 { V0ErrorKind::TooLarge } else { V0ErrorKind::BadRequest };
        V0Error { kind, message: error.to_string() }
    }
}

#[cfg(test)]
mod tests;
