//! A project: one app, apart from all others.

use crate::Level;
use crate::time::WeekStart;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The number of a project; isolates everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct ProjectId(pub u32);

impl std::fmt::Display for ProjectId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// How strictly Sunbird events are held to their schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SunbirdValidation {
    /// Repairs what producers are known to get wrong, and keeps what is harmless; each repair is recorded on the event.
    #[default]
    Lenient,
    /// What the SDK's JSON schemas refuse becomes a failed event.
    Strict,
}

/// What a question needs to know of its project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectClock {
    /// IANA name, `Asia/Kolkata`.
    pub time_zone: String,
    /// First day of a week bucket.
    pub week_start: WeekStart,
}

/// What the gate needs to know of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectRules {
    /// Which project.
    pub id: ProjectId,
    /// What may be kept.
    pub level: Level,
    /// How strictly Sunbird events are checked.
    pub sunbird_validation: SunbirdValidation,
}
