//! distinct_id → person: who it is after merging.

pub(crate) mod entry;
pub(crate) mod fold;
pub(crate) mod log;
pub(crate) mod properties;
#[cfg(test)]
mod tests;

use model::person::ClaimKind;
use model::{Micros, Properties, Uuid};

/// A person as of now.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The id that stands for the person: the one that others were merged into.
    pub distinct_id: String,
    /// All ids of the person, the root first, then in the order in which they were first seen.
    pub distinct_ids: Vec<String>,
    /// Whether a claim (`$identify`, `$create_alias`, `$merge_dangerously`) named them.
    pub identified: bool,
    /// event_at of the first event that came; the least of all merged ids.
    pub created_at: Micros,
    /// Whether any event allowed a profile; `false` for visitors known from personless events only.
    pub has_profile: bool,
    /// Person properties.
    pub properties: Properties,
}

/// A merge that was done: all ids of `other` went to the person of `target`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Number within the project, from 1.
    pub seq: u64,
    /// Which claim asked for it.
    pub kind: ClaimKind,
    /// The event's distinct_id.
    pub target: String,
    /// The id in the claim.
    pub other: String,
    /// event_at of the event that claimed it.
    pub at: Micros,
    /// The event that claimed it.
    pub event: Uuid,
    /// Who undid it, if someone did.
    pub undone: Option<Undone>,
}

/// Who undid a merge, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// Whom the caller named.
    pub by: String,
    /// When.
    pub at: Micros,
}

/// Why a claim was refused. The event itself is stored all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum IdentityWarningCode {
    /// One of the ids stands for nobody.
    CannotMergeWithIllegalDistinctId = 0,
    /// The other id belongs to a person who is identified already.
    CannotMergeAlreadyIdentified = 1,
    /// `$merge_dangerously` came without a secret key.
    MergeNeedsSecretKey = 2,
}

impl IdentityWarningCode {
    /// The stable code, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CannotMergeWithIllegalDistinctId => "cannot_merge_with_illegal_distinct_id",
            Self::CannotMergeAlreadyIdentified => "cannot_merge_already_identified",
            Self::MergeNeedsSecretKey => "merge_needs_secret_key",
        }
    }
}

/// A claim that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityWarning {
    /// Why.
    pub code: IdentityWarningCode,
    /// Which claim.
    pub kind: ClaimKind,
    /// The event's distinct_id.
    pub target: String,
    /// The id in the claim.
    pub other: String,
    /// event_at of the event.
    pub at: Micros,
    /// The event.
    pub event: Uuid,
}
