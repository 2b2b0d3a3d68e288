//! The four collection levels, and from which level an event type is kept.
//!
//! The table is made from `policy/levels.toml` by `cargo xtask policy`; docs/levels.md is made from it too.

mod table;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How much an organisation chose to keep. Unknown means lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Level {
    /// Keep the service safe; measure nothing about people.
    #[default]
    Security = 0,
    /// Is it working and used, in numbers.
    Basic = 1,
    /// How is it used, pseudonymously.
    Enhanced = 2,
    /// Who, why, and see it.
    Full = 3,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Level; 4] = [Level::Security, Level::Basic, Level::Enhanced, Level::Full];

    /// From the byte on disk; unknown bytes read as the lowest.
    pub fn from_u8(byte: u8) -> Level {
        Self::ALL.into_iter().find(|level| *level as u8 == byte).unwrap_or(Level::Security)
    }

    /// The word used in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Security => "security",
            Level::Basic => "basic",
            Level::Enhanced => "enhanced",
            Level::Full => "full",
        }
    }
}

impl std::str::FromStr for Level {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|level| level.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| format!("unknown level {text:?}: security, basic, enhanced or full"))
    }
}

/// The version of the policy that made the table; stands beside every kept event.
pub const POLICY_VERSION: u32 = table::POLICY_VERSION;

/// The level from which events of this name are kept.
///
/// Names that start with `$` or stand in capitals and are not listed need Full: not listed means the highest.
/// Other names are an app's own events.
pub fn kept_from(event: &str) -> Level {
    if let Ok(index) = table::EVENTS.binary_search_by(|(name, _)| (*name).cmp(event)) {
        return table::EVENTS[index].1;
    }
    if let Some((_, level)) = table::PREFIXES.iter().find(|(prefix, _)| event.starts_with(prefix)) {
        return *level;
    }
    if event.starts_with('$') { Level::Full } else { table::CUSTOM }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_for_the_search() {
        assert!(table::EVENTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn the_levels_follow_the_policy() {
        assert_eq!(kept_from("IMPRESSION"), Level::Basic);
        assert_eq!(kept_from("INTERACT"), Level::Enhanced);
        assert_eq!(kept_from("$snapshot"), Level::Full);
        assert_eq!(kept_from("$ai_generation"), Level::Basic);
        assert_eq!(kept_from("leave requested"), Level::Enhanced);
        assert_eq!(kept_from("$never_heard_of"), Level::Full);
    }

    #[test]
    fn an_unknown_byte_is_the_lowest_level() {
        assert_eq!(Level::from_u8(9), Level::Security);
    }
}
