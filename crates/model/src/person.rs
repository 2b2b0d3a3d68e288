//! Who it is after merging: what an event claims about identity, and which ids never count.
//!
//! Rules: docs/semantics/persons.md. The store decides on claims; this file only reads them.

use crate::{Event, Value};

/// A client's claim that two ids are one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What kind of claim.
    pub kind: ClaimKind,
    /// The id that goes into the event's own distinct_id: `$anon_distinct_id` or `alias`.
    pub other: Option<Box<str>>,
}

/// The three claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// `$identify`: an anonymous visitor said who they are.
    Identify,
    /// `$create_alias`: two ids of one person.
    Alias,
    /// `$merge_dangerously`: merges also identified persons; needs a secret key.
    MergeDangerously,
}

/// The claim an event makes, if it makes one.
pub fn claim_of(event: &Event) -> Option<Claim> {
    let (kind, key) = match &*event.event {
        "$identify" => (ClaimKind::Identify, "$anon_distinct_id"),
        "$create_alias" => (ClaimKind::Alias, "alias"),
        "$merge_dangerously" => (ClaimKind::MergeDangerously, "alias"),
        _ => return None,
    };
    let other = event.properties.get(key).map(|value| value.canonical().into_boxed_str());
    Some(Claim { kind, other })
}

/// Whether an event creates or updates a person profile (`$process_person_profile` is not false).
pub fn has_profile(event: &Event) -> bool {
    event.properties.get("$process_person_profile") != Some(&Value::Bool(false))
}

/// What an event does to person properties, in the order in which it applies.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PersonUpdate {
    /// Set only if missing.
    pub set_once: Vec<(Box<str>, Value)>,
    /// Overwrite, if the event is newer than the last set.
    pub set: Vec<(Box<str>, Value)>,
    /// Remove.
    pub unset: Vec<Box<str>>,
}

impl PersonUpdate {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.set_once.is_empty() && self.set.is_empty() && self.unset.is_empty()
    }
}

/// Reads `$set`, `$set_once` and `$unset` of an event; empty for personless events and for
/// `$exception` and `$$heatmap`, which never update persons.
pub fn update_of(event: &Event) -> PersonUpdate {
    let mut update = PersonUpdate::default();
    if !has_profile(event) || matches!(&*event.event, "$exception" | "$$heatmap") {
        return update;
    }
    for (key, value) in event.properties.iter() {
        if let Some(name) = key.strip_prefix("$set.") {
            update.set.push((name.into(), value.clone()));
        } else if let Some(name) = key.strip_prefix("$set_once.") {
            update.set_once.push((name.into(), value.clone()));
        } else if let Some(name) = key.strip_prefix("$unset.") {
            update.unset.push(name.into());
        } else if key == "$unset"
            && let Value::Json(text) = value
            && let Ok(names) = serde_json::from_str::<Vec<String>>(text)
        {
            update.unset.extend(names.into_iter().map(String::into_boxed_str));
        }
    }
    update
}

/// Ids that never take part in a merge: they stand for "nobody", not for one person.
pub fn is_illegal_id(id: &str) -> bool {
    let bare = id.trim();
    let bare = ['"', '\''].into_iter().find_map(|quote| bare.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(bare);
    const ANY_CASE: [&str; 10] = [
        "anonymous",
        "guest",
        "distinctid",
        "distinct_id",
        "id",
        "not_authenticated",
        "email",
        "undefined",
        "true",
        "false",
    ];
    const EXACT: [&str; 6] = ["[object Object]", "NaN", "None", "none", "null", "0"];
    bare.trim().is_empty() || EXACT.contains(&bare) || ANY_CASE.iter().any(|word| bare.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::is_illegal_id;

    #[test]
    fn ids_that_stand_for_nobody_are_illegal() {
        for id in ["", "  ", "null", "'null'", "\"none\"", "ANONYMOUS", "Guest", "0", "[object Object]", " id "] {
            assert!(is_illegal_id(id), "{id:?}");
        }
        // Insights.md 19.8 I3: the exact-case entries are allowed in other cases.
        for id in ["NULL", "u1", "00", "nan", "'a\"", "nobody@example.org"] {
            assert!(!is_illegal_id(id), "{id:?}");
        }
    }
}
