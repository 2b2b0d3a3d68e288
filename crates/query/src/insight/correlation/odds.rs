//! Persons on either side of a funnel, and the odds of a factor.

use model::insight::correlation::Factor;
use std::cmp::Ordering;

/// The 97.5 % quantile of the normal distribution: 95 % lie within so many standard errors.
const ERRORS_95: f64 = 1.959_963_984_540_054;

/// Persons who converted, and who did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sides {
    pub(super) converted: u64,
    pub(super) dropped: u64,
}

impl Sides {
    pub(super) fn add(&mut self, converted: bool) {
        self.converted += u64::from(converted);
        self.dropped += u64::from(!converted);
    }

    pub(super) fn merge(&mut self, other: Sides) {
        self.converted += other.converted;
        self.dropped += other.dropped;
    }

    /// Whether one side is empty, or more than ten times the other.
    pub(super) fn is_skewed(self) -> bool {
        let (less, more) = (self.converted.min(self.dropped), self.converted.max(self.dropped));
        less == 0 || more > 10 * less
    }

    /// Whether a factor has persons enough, out of `all`.
    pub(super) fn is_enough(self, all: Sides, least: Option<u64>) -> bool {
        let own = self.converted + self.dropped;
        own > 0
            && match least {
                Some(least) => own >= least,
                // In fiftieths of a person, so that nothing is rounded.
                None => 50 * own >= (all.converted + all.dropped).min(50 * 25),
            }
    }

    /// The four fields of the table, each with one person more: with the factor who converted and who dropped, without it
    /// the same.
    fn table(self, all: Sides) -> [u64; 4] {
        [self.converted, self.dropped, all.converted - self.converted, all.dropped - self.dropped]
            .map(|count| count + 1)
    }

    /// The odds ratio as numerator and denominator.
    fn odds(self, all: Sides) -> (u128, u128) {
        let [converted, dropped, others_converted, others_dropped] = self.table(all).map(u128::from);
        (converted * others_dropped, others_converted * dropped)
    }

    /// Whether the odds with the factor are above, equal to or below those without.
    pub(super) fn compared(self, all: Sides) -> Ordering {
        let (above, below) = self.odds(all);
        above.cmp(&below)
    }

    /// Equal ratios give equal numbers, for each is rounded once.
    pub(super) fn odds_ratio(self, all: Sides) -> f64 {
        let (above, below) = self.odds(all);
        above as f64 / below as f64
    }

    pub(super) fn factor(self, all: Sides, property: Option<String>, value: &str) -> Factor {
        let odds_ratio = self.odds_ratio(all);
        let error = self.table(all).map(|count| 1.0 / count as f64).iter().sum::<f64>().sqrt();
        Factor {
            property,
            value: value.to_owned(),
            converted: self.converted,
            dropped: self.dropped,
            odds_ratio,
            odds_ratio_low: odds_ratio * (-ERRORS_95 * error).exp(),
            odds_ratio_high: odds_ratio * (ERRORS_95 * error).exp(),
        }
    }
}
