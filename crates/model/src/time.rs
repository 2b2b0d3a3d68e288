//! Instants and bucket widths.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
pub type Micros = i64;

/// Microseconds in one second.
pub const SECOND: Micros = 1_000_000;
/// Microseconds in one UTC day (UTC has no leap seconds here).
pub const DAY: Micros = 86_400 * SECOND;

/// The UTC day of an instant, as days since 1970-01-01; floor, so instants before 1970 work.
pub fn utc_day(at: Micros) -> i32 {
    // The clamp keeps hostile instants inside i32: ±5.8 million years.
    at.div_euclid(DAY).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

/// Width of a bucket of a trend, in the project's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    /// 60 seconds of absolute time.
    Minute,
    /// 3 600 seconds of absolute time.
    Hour,
    /// One local day: 23, 24 or 25 hours.
    #[default]
    Day,
    /// Seven local days from the project's week start.
    Week,
    /// One local calendar month.
    Month,
}

/// The first day of a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WeekStart {
    /// ISO weeks; the default of new projects.
    #[default]
    Monday,
    /// As PostHog imports count.
    Sunday,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_starts_at_midnight_also_before_1970() {
        assert_eq!(utc_day(0), 0);
        assert_eq!(utc_day(DAY - 1), 0);
        assert_eq!(utc_day(-1), -1);
        assert_eq!(utc_day(i64::MIN), -106_751_992);
    }
}
