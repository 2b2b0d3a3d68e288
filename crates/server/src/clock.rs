//! The clock: the only place that knows what time it is.

use model::Micros;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, µs UTC.
pub fn now() -> Micros {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
        // A clock before 1970: count backwards, so that it still moves.
        Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |micros| -micros),
    }
}

/// RFC 3339 in UTC with microseconds; instants beyond year 9999 are shown as its end.
pub fn rfc3339(at: Micros) -> String {
    let timestamp = jiff::Timestamp::from_microsecond(at).unwrap_or(if at < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    });
    format!("{timestamp:.6}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_instant_is_shown_with_microseconds() {
        assert_eq!(super::rfc3339(1_767_582_000_000_001), "2026-01-05T03:00:00.000001Z");
        assert!(super::rfc3339(i64::MAX).starts_with("9999-12-"));
    }
}
