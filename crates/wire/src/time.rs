//! Instants as clients write them.

use jiff::civil;
use jiff::fmt::{rfc2822, temporal};
use jiff::tz::TimeZone;
use model::Micros;
use model::time::SECOND;

static ISO: temporal::DateTimeParser = temporal::DateTimeParser::new();
static MAIL: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new();

/// Below this a bare number is seconds since 1970, from here on milliseconds.
const MILLISECONDS_FROM: f64 = 1e11;

/// Reads RFC 3339 with any offset (also `+03`), a date and time without one (UTC), a date alone, RFC 2822, or seconds
/// or milliseconds since 1970 as digits. `None` if it is none of them.
pub(crate) fn parse(text: &str) -> Option<Micros> {
    let text = text.trim();
    if let Some(at) = rfc3339(text) {
        return Some(at);
    }
    if let Ok(naive) = ISO.parse_datetime(text) {
        return in_utc(naive);
    }
    if let Some(number) = model::property::decimal(text) {
        return epoch(number);
    }
    MAIL.parse_timestamp(text).ok().map(jiff::Timestamp::as_microsecond)
}

/// Reads RFC 3339 only; the offset is required.
pub(crate) fn rfc3339(text: &str) -> Option<Micros> {
    ISO.parse_timestamp(text).ok().map(jiff::Timestamp::as_microsecond)
}

/// Seconds or milliseconds since 1970, told apart by size. `None` beyond years of five digits.
pub(crate) fn epoch(number: f64) -> Option<Micros> {
    let scale = if number.abs() < MILLISECONDS_FROM { SECOND as f64 } else { 1_000.0 };
    let at = (number * scale).round();
    (at.abs() < 4e18).then_some(at as Micros)
}

/// RFC 3339 in UTC with six digits. `None` outside the years 0 to 9999, and for the last day of 9999, which is not a
/// day of 9999 everywhere.
pub(crate) fn to_rfc3339(at: Micros) -> Option<String> {
    const YEAR_0: Micros = -62_167_219_200 * SECOND;
    let within = at >= YEAR_0;
    let timestamp = jiff::Timestamp::from_microsecond(at).ok().filter(|_| within)?;
    Some(format!("{timestamp:.6}"))
}

fn in_utc(naive: civil::DateTime) -> Option<Micros> {
    TimeZone::UTC.to_timestamp(naive).ok().map(jiff::Timestamp::as_microsecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-05T03:00:00Z
    const AT: Micros = 1_767_582_000 * SECOND;

    #[test]
    fn every_form_that_clients_send_is_read() {
        for text in [
            "2026-01-05T03:00:00Z",
            "2026-01-05T03:00:00.000Z",
            "2026-01-05t03:00:00z",
            "2026-01-05T08:30:00+05:30",
            "2026-01-05T08:30:00+0530",
            "2026-01-05T06:00:00+03",
            "2026-01-05 03:00:00",
            "2026-01-05T03:00:00",
            "2026-01-05T03:00:00.000000",
            "2026-01-05 03:00:00+00:00",
            "Mon, 05 Jan 2026 03:00:00 GMT",
            "Mon, 5 Jan 2026 08:30:00 +0530",
            "1767582000",
            "1767582000000",
            "1767582000.0",
            " 2026-01-05T03:00:00Z ",
        ] {
            assert_eq!(parse(text), Some(AT), "{text}");
        }
        assert_eq!(parse("2026-01-05"), Some(AT - 3 * 3600 * SECOND));
        assert_eq!(parse("2026-01-05T03:00:00.123456Z"), Some(AT + 123_456));
    }

    #[test]
    fn an_instant_that_is_written_is_read_back() {
        for at in [0, -1, AT + 1, AT + 999_999, -62_167_219_200 * SECOND, 253_402_000_000 * SECOND + 999_999] {
            assert_eq!(to_rfc3339(at).and_then(|text| parse(&text)), Some(at));
        }
        assert_eq!(to_rfc3339(AT).as_deref(), Some("2026-01-05T03:00:00.000000Z"));
        assert_eq!(to_rfc3339(Micros::MAX), None);
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "yesterday", "2026-13-01", "NaN", "1e999", "2026-01-05T25:00:00Z", "[]"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_strict_form_wants_an_offset() {
        assert_eq!(rfc3339("2026-01-05T03:00:00Z"), Some(AT));
        assert_eq!(rfc3339("2026-01-05T03:00:00"), None);
        assert_eq!(rfc3339("2026-01-05"), None);
    }
}
