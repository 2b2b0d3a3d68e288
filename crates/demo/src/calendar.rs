//! Days in Asia/Kolkata and how busy they are: Sundays, holidays, examinations, results, the hours of a day.
//!
//! India has one time zone without summer time, so a day is an addition and a division.

use crate::Micros;
use crate::random::{Random, hash, unit};

/// Asia/Kolkata is 5 h 30 min ahead of UTC.
const OFFSET: Micros = 19_800 * 1_000_000;
/// One day, µs.
pub const DAY: Micros = 86_400 * 1_000_000;

/// The day of an instant, counted from 1970-01-01.
pub fn day_of(at: Micros) -> i64 {
    (at.saturating_add(OFFSET)).div_euclid(DAY)
}

/// The instant at which a day begins.
pub fn begin_of(day: i64) -> Micros {
    day * DAY - OFFSET
}

/// Year, month (1 to 12) and day of the month. After "chrono-compatible low-level date algorithms" (H. Hinnant).
pub fn date_of(day: i64) -> (i64, u32, u32) {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    (year_of_era + era * 400 + i64::from(month <= 2), month as u32, day as u32)
}

/// What kind of day it is for a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    /// Classes as always.
    Classes,
    /// Examinations: dates are looked up.
    Examinations,
    /// Results are out: marks are looked up.
    Results,
}

/// One day.
#[derive(Debug, Clone, Copy)]
pub struct Day {
    /// No school, and the phone is for other things.
    pub sunday: bool,
    /// A holiday of the state.
    pub holiday: bool,
    pub season: Season,
    /// How busy, 1 is a plain school day.
    pub busy: f64,
}

/// The same date every year: (month, day).
const FIXED: [(u32, u32); 8] = [(1, 25), (1, 26), (4, 15), (5, 1), (7, 17), (8, 15), (10, 2), (12, 25)];

/// Holidays that follow the moon: Shivratri, Holi, Id-ul-Fitr, Buddha Purnima, Id-ul-Zuha, Muharram, Rakhi,
/// Janmashtami, Dussehra, Diwali, Guru Nanak's birthday; as they are listed, or reckoned for later years.
const MOVABLE: [(i64, [(u32, u32); 11]); 4] = [
    (2025, [(2, 26), (3, 14), (3, 31), (5, 12), (6, 7), (7, 6), (8, 9), (8, 16), (10, 1), (10, 20), (11, 5)]),
    (2026, [(2, 15), (3, 4), (3, 21), (5, 13), (5, 27), (6, 26), (8, 28), (9, 4), (10, 20), (11, 8), (11, 24)]),
    (2027, [(3, 6), (3, 22), (3, 10), (5, 20), (5, 17), (6, 15), (8, 17), (8, 25), (10, 9), (10, 29), (11, 14)]),
    (2028, [(2, 23), (3, 11), (2, 27), (5, 9), (5, 5), (6, 3), (8, 5), (8, 13), (9, 27), (10, 17), (11, 2)]),
];

/// Examinations of a school year: (month, first day, last day); results come ten days after the last.
const EXAMINATIONS: [(u32, u32, u32); 6] =
    [(1, 12, 20), (3, 3, 18), (5, 18, 26), (7, 20, 28), (9, 14, 26), (11, 20, 28)];
const RESULTS_AFTER_DAYS: i64 = 10;
const RESULTS_DAYS: i64 = 3;

/// What day it is. `seed` gives each day a small chance of its own.
pub fn day(seed: u64, day: i64) -> Day {
    let (year, month, of_month) = date_of(day);
    // 1970-01-01 was a Thursday.
    let weekday = (day + 4).rem_euclid(7);
    let sunday = weekday == 0;
    let movable = MOVABLE.iter().find(|(of, _)| *of == year).is_some_and(|(_, days)| days.contains(&(month, of_month)));
    let holiday = movable || FIXED.contains(&(month, of_month));
    let season = season(day);
    let rest = match (sunday, holiday, weekday) {
        (true, ..) => 0.36,
        (_, true, _) => 0.42,
        (_, _, 6) => 0.84,
        (_, _, 1) => 1.12,
        _ => 1.0,
    };
    let school = match season {
        Season::Classes => 1.0,
        Season::Examinations => 1.28,
        Season::Results => 1.75,
    };
    let chance = 0.95 + 0.1 * unit(hash(seed, DAY_CHANCE, day.unsigned_abs(), 0));
    Day { sunday, holiday, season, busy: rest * school * chance }
}

const DAY_CHANCE: u64 = 1;

fn season(day: i64) -> Season {
    let is_examination = |day: i64| {
        let (_, month, of_month) = date_of(day);
        EXAMINATIONS.iter().any(|(of, first, last)| *of == month && (*first..=*last).contains(&of_month))
    };
    if is_examination(day) {
        return Season::Examinations;
    }
    let after = |days: i64| is_examination(day - days) && !is_examination(day - days + 1);
    if (RESULTS_AFTER_DAYS..RESULTS_AFTER_DAYS + RESULTS_DAYS).any(after) { Season::Results } else { Season::Classes }
}

/// How visits lie in a school day, by the hour: before the school bus, and after dinner is cooked.
const HOURS: [u32; 24] = [0, 0, 0, 0, 1, 4, 18, 46, 40, 20, 9, 7, 9, 12, 12, 14, 17, 22, 34, 52, 58, 40, 17, 5];
/// A day without school begins late.
const FREE_HOURS: [u32; 24] = [0, 0, 0, 0, 0, 2, 5, 12, 20, 28, 32, 30, 24, 18, 16, 18, 22, 26, 32, 40, 44, 34, 18, 6];

/// A time of the day, µs after its beginning.
pub fn time_of_day(day: &Day, random: &mut Random) -> Micros {
    let hours = if day.sunday || day.holiday { &FREE_HOURS } else { &HOURS };
    let hour = random.weighted(hours) as Micros;
    // Whole milliseconds: that is what an `ets` can say.
    hour * 3_600_000_000 + Micros::from(random.below(3_600_000)) * 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates() {
        assert_eq!(date_of(0), (1970, 1, 1));
        assert_eq!(date_of(20_784), (2026, 11, 27));
        assert_eq!(date_of(11_016), (2000, 2, 29));
        assert_eq!(day_of(begin_of(20_784)), 20_784);
        assert_eq!(day_of(begin_of(20_784) - 1), 20_783);
    }

    #[test]
    fn a_sunday_a_holiday_and_an_examination_are_known() {
        assert!(day(1, 20_786).sunday, "2026-11-29");
        assert!(day(1, 20_765).holiday, "2026-11-08, Diwali");
        assert_eq!(day(1, 20_784).season, Season::Examinations);
        assert_eq!(day(1, 20_795).season, Season::Results, "2026-12-08");
        assert!(day(1, 20_786).busy < 0.5 * day(1, 20_785).busy);
    }

    #[test]
    fn every_window_of_ninety_days_has_holidays_and_examinations() {
        for first in (20_089..21_500).step_by(7) {
            let days = || (first..first + 90).map(|number| day(1, number));
            assert!(days().any(|day| day.holiday), "{:?}", date_of(first));
            assert!(days().any(|day| day.season == Season::Examinations), "{:?}", date_of(first));
        }
    }
}
