//! Enumerations as words in columns: the same words as in JSON.

use crate::MetaError;
use model::Level;
use model::project::SunbirdValidation;
use model::time::WeekStart;

/// An enumeration that stands as one word in a column.
pub(crate) trait Word: Sized + Copy + 'static {
    /// All values.
    const ALL: &'static [Self];
    /// The word.
    fn word(self) -> &'static str;

    /// From the database.
    fn from_column(table: &'static str, column: &'static str, text: &str) -> Result<Self, MetaError> {
        Self::ALL.iter().copied().find(|value| value.word() == text).ok_or_else(|| MetaError::Damaged {
            table,
            column,
            value: text.to_owned(),
        })
    }
}

impl Word for Level {
    const ALL: &'static [Level] = &Level::ALL;
    fn word(self) -> &'static str {
        self.as_str()
    }
}

impl Word for WeekStart {
    const ALL: &'static [WeekStart] = &[WeekStart::Monday, WeekStart::Sunday];
    fn word(self) -> &'static str {
        match self {
            WeekStart::Monday => "monday",
            WeekStart::Sunday => "sunday",
        }
    }
}

impl Word for SunbirdValidation {
    const ALL: &'static [SunbirdValidation] = &[SunbirdValidation::Lenient, SunbirdValidation::Strict];
    fn word(self) -> &'static str {
        match self {
            SunbirdValidation::Lenient => "lenient",
            SunbirdValidation::Strict => "strict",
        }
    }
}
