//! The project's calendar: where local days, weeks and months begin, as UTC instants.
//!
//! Pure: a time zone and a week start, no clock. Definition: docs/semantics/trends.md, "Buckets".

use crate::question::QuestionError;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use model::Micros;
use model::project::ProjectClock;
use model::time::{Interval, SECOND, WeekStart};

/// One minute and one hour of absolute time, µs.
const MINUTE: Micros = 60 * SECOND;
const HOUR: Micros = 60 * MINUTE;

pub(crate) struct Calendar {
    pub(crate) zone: TimeZone,
    pub(crate) name: String,
    week_start: Weekday,
}

impl Calendar {
    /// Errors if the project names a time zone that nobody knows.
    pub(crate) fn new(clock: &ProjectClock) -> Result<Self, QuestionError> {
        let zone = zone(&clock.time_zone).ok_or_else(|| {
            QuestionError::new("time_zone", format!("the project's time zone `{}` is not known", clock.time_zone))
        })?;
        let week_start = match clock.week_start {
            WeekStart::Monday => Weekday::Monday,
            WeekStart::Sunday => Weekday::Sunday,
        };
        Ok(Self { zone, name: clock.time_zone.clone(), week_start })
    }

    /// The wall clock at an instant.
    pub(crate) fn local(&self, at: Micros) -> DateTime {
        self.zone.to_datetime(timestamp(at))
    }

    /// The instant at which the wall clock shows `local`; in a gap the instant after it, of two the earlier.
    pub(crate) fn instant(&self, local: DateTime) -> Micros {
        // An error means that the instant is outside the years -9999 to 9999: the nearest end stands for it.
        self.zone.to_timestamp(local).map_or_else(
            |_| if local.year() < 0 { Timestamp::MIN } else { Timestamp::MAX }.as_microsecond(),
            Timestamp::as_microsecond,
        )
    }

    /// The first instant of a local day.
    pub(crate) fn day_start(&self, date: Date) -> Micros {
        self.instant(date.at(0, 0, 0, 0))
    }

    /// The last microsecond of a local day.
    pub(crate) fn day_end(&self, date: Date) -> Micros {
        date.tomorrow().map_or_else(|_| Timestamp::MAX.as_microsecond(), |next| self.day_start(next) - 1)
    }

    /// The first day of the bucket that holds `date`; the day itself for day and finer.
    pub(crate) fn first_date(&self, date: Date, interval: Interval) -> Date {
        match interval {
            Interval::Minute | Interval::Hour | Interval::Day => date,
            Interval::Week => date.saturating_sub(i64::from(date.weekday().since(self.week_start)).days()),
            Interval::Month => date.first_of_month(),
        }
    }

    /// The start of the bucket that holds `at`, by the wall clock at `at`.
    pub(crate) fn truncate(&self, at: Micros, interval: Interval) -> Micros {
        let local = self.local(at);
        let below_second = at.rem_euclid(SECOND);
        let seconds = |count: i8| Micros::from(count) * SECOND;
        match interval {
            Interval::Minute => at - below_second - seconds(local.second()),
            Interval::Hour => at - below_second - seconds(local.second()) - Micros::from(local.minute()) * MINUTE,
            Interval::Day | Interval::Week | Interval::Month => self.day_start(self.first_date(local.date(), interval)),
        }
    }

    /// Bucket edges that cover `[from, to]`: one more than there are buckets, strictly growing.
    ///
    /// Minutes and hours are counted in absolute time, so that a repeated hour gives two buckets and a missing one
    /// none; a local day that never happened gives no bucket. `None`: more than `buckets_max`.
    pub(crate) fn edges(
        &self,
        from: Micros,
        to: Micros,
        interval: Interval,
        buckets_max: usize,
    ) -> Option<Vec<Micros>> {
        let first = self.truncate(from, interval);
        let mut edges = vec![first];
        let mut date = self.first_date(self.local(from).date(), interval);
        let mut last = first;
        while last <= to {
            let next = match interval {
                Interval::Minute => last + MINUTE,
                Interval::Hour => last + HOUR,
                Interval::Day | Interval::Week | Interval::Month => {
                    date = date.checked_add(step(interval)).ok()?;
                    self.day_start(date)
                }
            };
            if next > last {
                if edges.len() > buckets_max {
                    return None;
                }
                edges.push(next);
                last = next;
            }
        }
        Some(edges)
    }

    /// Edges of the last `count` buckets up to the one that holds `to`: one more than `count`. `count` is at least 1.
    pub(crate) fn last_buckets(&self, to: Micros, interval: Interval, count: usize) -> Vec<Micros> {
        let mut edges = vec![self.truncate(to, interval)];
        // Back over one bucket at a time, so that days that never happened are not counted.
        for _ in 1..count {
            edges.push(self.truncate(edges[edges.len() - 1] - 1, interval));
        }
        edges.reverse();
        let end = self.edges(edges[edges.len() - 1], to, interval, 1).and_then(|last| last.last().copied());
        edges.push(end.unwrap_or_else(|| to.saturating_add(1)));
        edges
    }

    /// How a bucket is called: its local start.
    pub(crate) fn label(&self, start: Micros, interval: Interval) -> String {
        match interval {
            Interval::Minute | Interval::Hour => {
                timestamp(start).to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
            }
            Interval::Day | Interval::Week | Interval::Month => self.local(start).date().to_string(),
        }
    }
}

fn step(interval: Interval) -> Span {
    match interval {
        Interval::Minute => 1.minute(),
        Interval::Hour => 1.hour(),
        Interval::Day => 1.day(),
        Interval::Week => 7.days(),
        Interval::Month => 1.month(),
    }
}

/// A time zone by its IANA name.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// An instant as jiff knows it; instants past its years are clamped.
pub(crate) fn timestamp(at: Micros) -> Timestamp {
    Timestamp::from_microsecond(at).unwrap_or(if at < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// RFC 3339 in UTC with microseconds: `2026-01-31T18:30:00.000000Z`.
pub fn rfc3339(at: Micros) -> String {
    timestamp(at).strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(zone: &str, week_start: WeekStart) -> Calendar {
        Calendar::new(&ProjectClock { time_zone: zone.to_owned(), week_start }).expect("a known zone")
    }

    fn at(text: &str) -> Micros {
        text.parse::<Timestamp>().expect("an instant").as_microsecond()
    }

    fn starts(calendar: &Calendar, from: &str, to: &str, interval: Interval) -> Vec<String> {
        let edges = calendar.edges(at(from), at(to), interval, 1_000).expect("few buckets");
        edges[..edges.len() - 1].iter().map(|edge| calendar.label(*edge, interval)).collect()
    }

    #[test]
    fn a_repeated_hour_has_two_buckets_and_a_missing_hour_none() {
        let york = calendar("America/New_York", WeekStart::Monday);
        assert_eq!(
            starts(&york, "2026-11-01T04:30:00Z", "2026-11-01T07:10:00Z", Interval::Hour),
            [
                "2026-11-01T00:00:00-04:00",
                "2026-11-01T01:00:00-04:00",
                "2026-11-01T01:00:00-05:00",
                "2026-11-01T02:00:00-05:00"
            ]
        );
        assert_eq!(
            starts(&york, "2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z", Interval::Hour),
            ["2026-03-08T01:00:00-05:00", "2026-03-08T03:00:00-04:00"]
        );
    }

    #[test]
    fn local_days_have_23_24_or_25_hours() {
        let york = calendar("America/New_York", WeekStart::Monday);
        for (day, hours) in [("2026-03-08", 23), ("2026-03-09", 24), ("2026-11-01", 25)] {
            let from = at(&format!("{day}T12:00:00Z"));
            let edges = york.edges(from, from, Interval::Day, 10).expect("one bucket");
            assert_eq!(edges[1] - edges[0], hours * HOUR, "{day}");
        }
    }

    #[test]
    fn a_day_that_never_happened_has_no_bucket() {
        let apia = calendar("Pacific/Apia", WeekStart::Monday);
        assert_eq!(
            starts(&apia, "2011-12-29T20:00:00Z", "2011-12-31T20:00:00Z", Interval::Day),
            ["2011-12-29", "2011-12-31", "2012-01-01"]
        );
    }

    #[test]
    fn a_day_without_midnight_starts_at_its_first_instant() {
        let sao_paulo = calendar("America/Sao_Paulo", WeekStart::Monday);
        let start = sao_paulo.truncate(at("2018-11-04T12:00:00Z"), Interval::Day);
        assert_eq!(rfc3339(start), "2018-11-04T03:00:00.000000Z");
        assert_eq!(sao_paulo.label(start, Interval::Day), "2018-11-04");
    }

    #[test]
    fn weeks_start_where_the_project_says() {
        for (week_start, label) in [(WeekStart::Monday, "2026-01-12"), (WeekStart::Sunday, "2026-01-11")] {
            let calendar = calendar("Asia/Kolkata", week_start);
            let start = calendar.truncate(at("2026-01-16T12:00:00Z"), Interval::Week);
            assert_eq!(calendar.label(start, Interval::Week), label);
        }
    }

    #[test]
    fn hours_follow_the_wall_clock_of_half_hour_zones() {
        let kolkata = calendar("Asia/Kolkata", WeekStart::Monday);
        assert_eq!(
            rfc3339(kolkata.truncate(at("2026-01-16T12:10:00Z"), Interval::Hour)),
            "2026-01-16T11:30:00.000000Z"
        );
    }

    #[test]
    fn too_many_buckets_are_refused_and_hostile_instants_are_clamped() {
        let utc = calendar("UTC", WeekStart::Monday);
        assert!(utc.edges(0, 10 * HOUR, Interval::Hour, 10).is_none());
        assert!(utc.edges(0, 10 * HOUR - 1, Interval::Hour, 10).is_some());
        assert!(utc.edges(i64::MIN, i64::MAX / 2, Interval::Month, 10).is_none());
        assert!(!rfc3339(i64::MAX).is_empty());
    }
}
