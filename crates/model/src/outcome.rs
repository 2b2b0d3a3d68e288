//! What became of an event that did not become a row. Every such event has exactly one outcome.
//!
//! Invariant: received = stored + duplicate + failed + not kept, to the unit, per project.

use crate::Dialect;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The two ways of not being stored, besides being a duplicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was wrong: kept for 7 days as a failed event, readable and re-tryable.
    Failed,
    /// It was right but must or can not be kept: counted only.
    NotKept,
}

/// Why. The code is stable: it stands in metrics, the API and the docs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The event is not a JSON object.
    NotAnObject,
    /// No event name (`eid`, `event`), or an empty one.
    MissingEventName,
    /// An event name longer than 200 characters.
    EventNameTooLong,
    /// A Sunbird `eid` that no schema knows.
    UnknownEventType,
    /// No distinct_id, or an empty one.
    MissingDistinctId,
    /// A required field is absent or empty.
    MissingField,
    /// A field has the wrong type or form.
    InvalidField,
    /// A field that the schema does not allow (strict validation).
    ExtraField,
    /// A version that the dialect does not know.
    UnsupportedVersion,
    /// A time that cannot be read.
    InvalidTimestamp,
    /// A uuid that is not one, where the protocol demands it.
    InvalidUuid,
    /// `properties` is not an object.
    InvalidProperties,
    /// A protocol option has the wrong type.
    InvalidOptions,
    /// One event larger than the limit.
    EventTooLarge,
    /// Nested deeper than the limit.
    TooDeep,
    /// A number beyond what can be kept.
    NumberOutOfRange,
    /// The batch could not be read as JSON at all; counts as one event.
    UnreadableBatch,
    /// The project's level forbids this event type.
    BelowLevel,
    /// Session replay is off in this project.
    ReplayOff,
    /// The key or channel names another project than the batch was accepted for.
    ForeignKey,
    /// A cookieless event, which needs the level's daily id.
    CookielessOff,
    /// Dropped by the dialect's own rule (`$performance_event`).
    Unsupported,
    /// An identity event in mode "no person profile".
    PersonlessIdentity,
}

impl Reason {
    /// Which of the two ways.
    pub fn outcome(self) -> Outcome {
        match self {
            Reason::BelowLevel
            | Reason::ReplayOff
            | Reason::CookielessOff
            | Reason::Unsupported
            | Reason::PersonlessIdentity => Outcome::NotKept,
            Reason::NotAnObject
            | Reason::MissingEventName
            | Reason::EventNameTooLong
            | Reason::UnknownEventType
            | Reason::MissingDistinctId
            | Reason::MissingField
            | Reason::InvalidField
            | Reason::ExtraField
            | Reason::UnsupportedVersion
            | Reason::InvalidTimestamp
            | Reason::InvalidUuid
            | Reason::InvalidProperties
            | Reason::InvalidOptions
            | Reason::EventTooLarge
            | Reason::TooDeep
            | Reason::NumberOutOfRange
            | Reason::UnreadableBatch
            | Reason::ForeignKey => Outcome::Failed,
        }
    }

    /// The stable code, as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Reason::NotAnObject => "not_an_object",
            Reason::MissingEventName => "missing_event_name",
            Reason::EventNameTooLong => "event_name_too_long",
            Reason::UnknownEventType => "unknown_event_type",
            Reason::MissingDistinctId => "missing_distinct_id",
            Reason::MissingField => "missing_field",
            Reason::InvalidField => "invalid_field",
            Reason::ExtraField => "extra_field",
            Reason::UnsupportedVersion => "unsupported_version",
            Reason::InvalidTimestamp => "invalid_timestamp",
            Reason::InvalidUuid => "invalid_uuid",
            Reason::InvalidProperties => "invalid_properties",
            Reason::InvalidOptions => "invalid_options",
            Reason::EventTooLarge => "event_too_large",
            Reason::TooDeep => "too_deep",
            Reason::NumberOutOfRange => "number_out_of_range",
            Reason::UnreadableBatch => "unreadable_batch",
            Reason::BelowLevel => "below_level",
            Reason::ReplayOff => "replay_off",
            Reason::ForeignKey => "foreign_key",
            Reason::CookielessOff => "cookieless_off",
            Reason::Unsupported => "unsupported",
            Reason::PersonlessIdentity => "personless_identity",
        }
    }
}

/// An event that is not stored: failed (with its payload) or not kept (counted only).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotStored {
    /// Why.
    pub reason: Reason,
    /// The event's name as far as it could be read; empty when not. At most 200 characters.
    pub event: String,
    /// What exactly: the path of the field and what is allowed. Never a value from the event.
    pub detail: String,
    /// The event as it was sent, compact JSON or raw text; `None` when the level or the reason forbids keeping it.
    pub payload: Option<String>,
    /// The protocol it came in.
    pub dialect: Dialect,
}
