//! Dates of a question: absolute or relative text becomes two instants, both inclusive.
//!
//! Definition: docs/semantics/trends.md, "Range".

use crate::calendar::Calendar;
use crate::question::QuestionError;
use jiff::civil::{Date, DateTime};
use jiff::{Span, Timestamp, ToSpan};
use model::Micros;
use model::time::{Interval, SECOND};

/// What a date may look like, for errors.
const ALLOWED: [&str; 12] = [
    "2026-01-31",
    "2026-01-31T10:00:00",
    "2026-01-31T10:00:00+05:30",
    "-24h",
    "-7d",
    "-4w",
    "-3m",
    "-2q",
    "-1y",
    "dStart",
    "-1dEnd",
    "all",
];

/// More than this back is a slip of the finger, and would leave the calendar.
const BACK_MAX: i64 = 60_000;

/// A date as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Moment {
    /// The earliest event.
    All,
    /// A bare local date.
    Date(Date),
    /// An explicit instant: it had a time part.
    Instant(Micros),
    /// `-7d`: so many units before now.
    Back { count: i64, unit: Unit },
    /// `wStart`, `-1mEnd`: the first or last instant of a calendar unit.
    Edge { count: i64, unit: Unit, end: bool },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// Reads a date. `None`: it is none of [`ALLOWED`].
pub(crate) fn moment(text: &str, calendar: &Calendar) -> Option<Moment> {
    if text == "all" {
        return Some(Moment::All);
    }
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return match iso(text)? {
            Iso::Date(date) => Some(Moment::Date(date)),
            Iso::Local(local) => Some(Moment::Instant(calendar.instant(local))),
            Iso::Instant(at) => Some(Moment::Instant(at)),
        };
    }
    let (count, rest) = match text.strip_prefix('-') {
        Some(rest) => {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let count = rest[..digits].parse::<i64>().ok().filter(|count| *count <= BACK_MAX)?;
            (Some(count), &rest[digits..])
        }
        None => (None, text),
    };
    let mut letters = rest.chars();
    let unit = match letters.next()? {
        'h' => Unit::Hour,
        'd' => Unit::Day,
        'w' => Unit::Week,
        'm' => Unit::Month,
        'q' => Unit::Quarter,
        'y' => Unit::Year,
        _ => return None,
    };
    match (letters.as_str(), count) {
        ("", Some(count)) => Some(Moment::Back { count, unit }),
        (edge @ ("Start" | "End"), count) if unit != Unit::Hour => {
            Some(Moment::Edge { count: count.unwrap_or(0), unit, end: edge == "End" })
        }
        _ => None,
    }
}

/// A date or date-time of ISO 8601, extended format.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Iso {
    Date(Date),
    Local(DateTime),
    Instant(Micros),
}

/// Reads `YYYY-MM-DD`, optionally with a time, optionally with an offset or `Z`.
pub(crate) fn iso(text: &str) -> Option<Iso> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() >= 10
        && text.is_ascii()
        && bytes[..10]
            .iter()
            .enumerate()
            .all(|(i, b)| if matches!(i, 4 | 7) { *b == b'-' } else { b.is_ascii_digit() });
    if !shaped || text.contains('[') {
        return None;
    }
    let date: Date = text[..10].parse().ok()?;
    if text.len() == 10 {
        return Some(Iso::Date(date));
    }
    if !matches!(bytes[10], b'T' | b't' | b' ') {
        return None;
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(Iso::Instant(at.as_microsecond()));
    }
    // An offset that makes no instant must not be dropped silently.
    let time = &text[11..];
    if time.contains(['+', '-', 'Z', 'z']) {
        return None;
    }
    text.parse::<DateTime>().ok().map(Iso::Local)
}

/// The two ends of a question, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) from: Micros,
    pub(crate) to: Micros,
}

/// Resolves `date_from` and `date_to`. Does not widen to buckets.
///
/// Errors: text that is no date, `all` as an end, an end before the start.
pub(crate) fn range(
    (from, to): (&str, Option<&str>),
    interval: Interval,
    calendar: &Calendar,
    now: Micros,
    earliest: Option<Micros>,
) -> Result<Range, QuestionError> {
    let read = |text: &str, path: &str| {
        moment(text, calendar)
            .ok_or_else(|| QuestionError::new(path, format!("`{text}` is not a date")).allowing(ALLOWED))
    };
    let to = match to {
        None => open_end(now, interval, calendar),
        Some(text) => end(read(text, "date_to")?, now, interval, calendar)
            .ok_or_else(|| QuestionError::new("date_to", "`all` is only a start; leave date_to out for now"))?,
    };
    let from = match read(from, "date_from")? {
        // Nothing stored: today, so that the answer is one bucket of zeros.
        Moment::All => earliest.unwrap_or_else(|| calendar.truncate(to, Interval::Day)).min(to),
        moment => start(moment, now, calendar),
    };
    if from > to {
        return Err(QuestionError::new("date_from", "the range starts after it ends"));
    }
    Ok(Range { from, to })
}

pub(crate) fn start(moment: Moment, now: Micros, calendar: &Calendar) -> Micros {
    match moment {
        Moment::All => now,
        Moment::Date(date) => calendar.day_start(date),
        Moment::Instant(at) => at,
        Moment::Back { count, unit: Unit::Hour } => {
            calendar.truncate(now.saturating_sub(count * 3_600 * SECOND), Interval::Hour)
        }
        Moment::Back { count, unit } => calendar.day_start(date_back(calendar.local(now).date(), count, unit)),
        Moment::Edge { count, unit, end } => edge(count, unit, end, now, calendar),
    }
}

/// `None` for `all`.
fn end(moment: Moment, now: Micros, interval: Interval, calendar: &Calendar) -> Option<Micros> {
    Some(match moment {
        Moment::All => return None,
        Moment::Date(date) => calendar.day_end(date),
        Moment::Instant(at) => at,
        Moment::Back { count, unit } => open_end(before(now, count, unit, calendar), interval, calendar),
        Moment::Edge { count, unit, end } => {
            let at = edge(count, unit, end, now, calendar);
            if end { at } else { open_end(at, interval, calendar) }
        }
    })
}

/// The end of the hour or minute that holds `at`; of its local day for wider buckets.
fn open_end(at: Micros, interval: Interval, calendar: &Calendar) -> Micros {
    match interval {
        Interval::Minute => calendar.truncate(at, Interval::Minute) + 60 * SECOND - 1,
        Interval::Hour => calendar.truncate(at, Interval::Hour) + 3_600 * SECOND - 1,
        Interval::Day | Interval::Week | Interval::Month => calendar.day_end(calendar.local(at).date()),
    }
}

/// The same time of day, so many units earlier.
pub(crate) fn before(now: Micros, count: i64, unit: Unit, calendar: &Calendar) -> Micros {
    if unit == Unit::Hour {
        return now.saturating_sub(count * 3_600 * SECOND);
    }
    let local = calendar.local(now);
    let at = calendar.instant(local.with().date(date_back(local.date(), count, unit)).build().unwrap_or(local));
    // The wall clock of a repeated hour names its first pass; zero units back must be now itself.
    if count == 0 { now } else { at }
}

fn edge(count: i64, unit: Unit, end: bool, now: Micros, calendar: &Calendar) -> Micros {
    let date = date_back(calendar.local(now).date(), count, unit);
    let (first, length) = match unit {
        Unit::Hour | Unit::Day => (date, 1.day()),
        Unit::Week => (calendar.first_date(date, Interval::Week), 7.days()),
        Unit::Month => (date.first_of_month(), 1.month()),
        Unit::Quarter => {
            let into = i64::from((date.month() - 1) % 3);
            (date.first_of_month().saturating_sub(into.months()), 3.months())
        }
        Unit::Year => (date.first_of_year(), 1.year()),
    };
    if end { calendar.day_start(first.saturating_add(length)) - 1 } else { calendar.day_start(first) }
}

/// Calendar arithmetic; the day is clipped to the month's end.
fn date_back(date: Date, count: i64, unit: Unit) -> Date {
    let span: Span = match unit {
        Unit::Hour => return date,
        Unit::Day => count.days(),
        Unit::Week => count.weeks(),
        Unit::Month => count.months(),
        Unit::Quarter => (3 * count).months(),
        Unit::Year => count.min(19_000).years(),
    };
    date.saturating_sub(span)
}
