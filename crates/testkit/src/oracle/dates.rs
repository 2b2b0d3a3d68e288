//! Ranges and buckets by the wall clock: walk through time and look at the calendar on the wall.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, ZonedDateTime};
use model::Micros;
use model::project::ProjectClock;
use model::time::{Interval, SECOND, WeekStart};
use regex::Regex;

const MINUTE: Micros = 60 * SECOND;
const HOUR: Micros = 60 * MINUTE;
/// Wall clocks of our time change at quarters of an hour.
const QUARTER: Micros = 15 * MINUTE;

/// The wall clock of a project.
pub struct Wall {
    zone: TimeZone,
    week_start: Weekday,
}

impl Wall {
    /// Hangs it up. Panics if the zone is not known: generators only name known zones.
    pub fn new(clock: &ProjectClock) -> Wall {
        let zone = TimeZone::get(&clock.time_zone).expect("generators name known zones");
        let sunday = clock.week_start == WeekStart::Sunday;
        Wall { zone, week_start: if sunday { Weekday::Sunday } else { Weekday::Monday } }
    }

    /// What it shows at an instant.
    pub fn at(&self, at: Micros) -> ZonedDateTime {
        Timestamp::from_microsecond(at).expect("generated instants are in range").to_zoned_datetime(self.zone.clone())
    }

    /// The first instant of a day.
    pub fn midnight(&self, date: Date) -> Micros {
        date.to_zoned_datetime(self.zone.clone()).expect("in range").timestamp().as_microsecond()
    }

    fn day_end(&self, date: Date) -> Micros {
        self.midnight(date.tomorrow().expect("in range")) - 1
    }

    /// An ISO text with a date: its instant, and whether it had a time.
    pub fn iso(&self, text: &str) -> Option<(Micros, bool)> {
        let shape = Regex::new(r"^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$")
            .expect("a pattern");
        let found = shape.captures(text)?;
        let date: Date = found[1].parse().ok()?;
        let Some(time) = found.get(2) else { return Some((self.midnight(date), false)) };
        let local = date.to_datetime(time.as_str().parse().ok()?);
        let at = match found.get(3) {
            None => local.to_zoned_datetime(self.zone.clone()).ok()?.timestamp(),
            Some(offset) => format!("{local}{}", offset.as_str()).parse().ok()?,
        };
        Some((at.as_microsecond(), true))
    }

    /// The local start of the bucket of an instant, as days, weeks and months are called.
    pub fn label(&self, at: Micros, interval: Interval) -> String {
        let shown = self.at(at);
        match interval {
            Interval::Minute | Interval::Hour => shown.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            Interval::Day => shown.date().to_string(),
            Interval::Month => format!("{}-01", shown.strftime("%Y-%m")),
            Interval::Week => {
                let mut day = shown.date();
                while day.weekday() != self.week_start {
                    day = day.yesterday().expect("in range");
                }
                day.to_string()
            }
        }
    }

    /// The instant at which the bucket of `at` began.
    pub fn bucket_start(&self, at: Micros, interval: Interval) -> Micros {
        let shown = self.at(at);
        let second = at - at.rem_euclid(SECOND) - Micros::from(shown.second()) * SECOND;
        match interval {
            Interval::Minute => second,
            Interval::Hour => second - Micros::from(shown.minute()) * MINUTE,
            _ => {
                let mut start = at - at.rem_euclid(QUARTER);
                while self.label(start - QUARTER, interval) == self.label(at, interval) {
                    start -= QUARTER;
                }
                start
            }
        }
    }

    /// Starts of all buckets from that of `from` to that of `to`.
    pub fn buckets(&self, from: Micros, to: Micros, interval: Interval) -> Vec<Micros> {
        let mut starts = vec![self.bucket_start(from, interval)];
        let step = match interval {
            Interval::Minute => MINUTE,
            Interval::Hour => HOUR,
            _ => QUARTER,
        };
        let mut at = starts[0];
        let mut label = self.label(at, interval);
        while at + step <= to {
            at += step;
            let next = self.label(at, interval);
            if next != label {
                starts.push(at);
                label = next;
            }
        }
        starts
    }

    /// The date that a text like `-7d` or `mStart` means, for filters: instant, or whole day.
    pub fn relative(&self, text: &str, now: Micros) -> Option<(Micros, bool)> {
        let (count, unit, edge) = relative(text)?;
        if unit == 'h' {
            return Some((self.bucket_start(now - count * HOUR, Interval::Hour), true));
        }
        Some((self.edge(self.days_back(now, count, unit), unit, edge.unwrap_or("day")), false))
    }

    /// The same time of day so much earlier: `-1w`.
    pub fn earlier(&self, at: Micros, text: &str) -> Micros {
        let (count, unit, _) = relative(text).expect("a distance back");
        if unit == 'h' {
            return at - count * HOUR;
        }
        let local = self.days_back(at, count, unit).to_datetime(self.at(at).datetime().time());
        local.to_zoned_datetime(self.zone.clone()).expect("in range").timestamp().as_microsecond()
    }

    fn days_back(&self, now: Micros, count: i64, unit: char) -> Date {
        let today = self.at(now).date();
        let back = match unit {
            'd' => count.days(),
            'w' => (7 * count).days(),
            'm' => count.months(),
            'q' => (3 * count).months(),
            _ => (12 * count).months(),
        };
        today.checked_sub(back).expect("in range")
    }

    fn edge(&self, date: Date, unit: char, edge: &str) -> Micros {
        let first = match unit {
            'w' => self.label(self.midnight(date), Interval::Week).parse().expect("a date"),
            'm' => date.first_of_month(),
            'q' => Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).expect("a quarter's first day"),
            'y' => date.first_of_year(),
            _ => date,
        };
        let next = match unit {
            'w' => first.checked_add(7.days()),
            'm' => first.checked_add(1.month()),
            'q' => first.checked_add(3.months()),
            'y' => first.checked_add(1.year()),
            _ => first.tomorrow(),
        };
        match edge {
            "Start" => self.midnight(first),
            "End" => self.midnight(next.expect("in range")) - 1,
            _ => self.midnight(date),
        }
    }

    /// Both ends of a range, inclusive. `None`: it starts after it ends.
    pub fn range(
        &self,
        (from, to): (&str, Option<&str>),
        interval: Interval,
        now: Micros,
        earliest: Option<Micros>,
    ) -> Option<(Micros, Micros)> {
        let end_of = |at: Micros| match interval {
            Interval::Minute => self.bucket_start(at, Interval::Minute) + MINUTE - 1,
            Interval::Hour => self.bucket_start(at, Interval::Hour) + HOUR - 1,
            _ => self.day_end(self.at(at).date()),
        };
        let to = match to.map(|text| (text, self.iso(text))) {
            None => end_of(now),
            Some((_, Some((at, true)))) => at,
            Some((_, Some((at, false)))) => self.day_end(self.at(at).date()),
            Some((text, None)) => match relative(text)? {
                (count, 'h', _) => end_of(now - count * HOUR),
                (count, unit, Some("End")) => self.edge(self.days_back(now, count, unit), unit, "End"),
                (count, unit, Some(_)) => end_of(self.edge(self.days_back(now, count, unit), unit, "Start")),
                (0, _, None) => end_of(now),
                (count, unit, None) => {
                    let then = self.at(now).datetime().time();
                    let local = self.days_back(now, count, unit).to_datetime(then);
                    end_of(local.to_zoned_datetime(self.zone.clone()).expect("in range").timestamp().as_microsecond())
                }
            },
        };
        let from = match (from, self.iso(from)) {
            ("all", _) => earliest.unwrap_or(self.bucket_start(to, Interval::Day)).min(to),
            (_, Some((at, _))) => at,
            (text, None) => match relative(text)? {
                (count, 'h', _) => self.bucket_start(now - count * HOUR, Interval::Hour),
                (count, unit, edge) => self.edge(self.days_back(now, count, unit), unit, edge.unwrap_or("day")),
            },
        };
        (from <= to).then_some((from, to))
    }
}

/// Count, unit and edge of a relative date.
fn relative(text: &str) -> Option<(i64, char, Option<&str>)> {
    let shape = Regex::new("^(?:-([0-9]+))?([hdwmqy])(Start|End)?$").expect("a pattern");
    let found = shape.captures(text)?;
    let count = found.get(1).map_or(0, |count| count.as_str().parse().unwrap_or(0));
    Some((count, found[2].chars().next()?, found.get(3).map(|edge| edge.as_str())))
}
