//! One fact at an instant.

use crate::{Level, Micros, Properties, Text, Uuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The protocol an event came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Dialect {
    /// Sunbird telemetry v3.
    Sunbird = 0,
    /// PostHog's capture protocols.
    Posthog = 1,
    /// Our own export format.
    Native = 2,
}

impl Dialect {
    /// From the byte on disk.
    pub fn from_u8(byte: u8) -> Option<Dialect> {
        [Dialect::Sunbird, Dialect::Posthog, Dialect::Native].into_iter().find(|dialect| *dialect as u8 == byte)
    }

    /// The word used in JSON and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Dialect::Sunbird => "sunbird",
            Dialect::Posthog => "posthog",
            Dialect::Native => "native",
        }
    }
}

/// An accepted event, in our words. Total order everywhere: `(event_at, uuid)`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// Identity for dedup, within one project.
    pub uuid: Uuid,
    /// Name: `IMPRESSION`, `$pageview`, or the app's own.
    pub event: Text,
    /// The client's instant, skew-corrected by its dialect; µs UTC.
    pub event_at: Micros,
    /// Our clock at receipt; µs UTC. The store raises it so that it never falls within a data directory.
    pub received_at: Micros,
    /// The id a client sent for its visitor.
    pub distinct_id: Text,
    /// The session as sent; `None` when the client sent none.
    pub session_id: Option<Text>,
    /// The tab within the session, as sent.
    pub window_id: Option<Text>,
    /// The level under which it was kept; the gate stamps it.
    pub level: Level,
    /// The protocol it came in.
    pub dialect: Dialect,
    /// All else.
    pub properties: Properties,
}

/// Longest event name, characters, as PostHog's v1 protocol has it.
pub const EVENT_NAME_CHARS_MAX: usize = 200;
/// Longest distinct_id, characters; longer ones are truncated by the dialects that say so.
pub const DISTINCT_ID_CHARS_MAX: usize = 200;
