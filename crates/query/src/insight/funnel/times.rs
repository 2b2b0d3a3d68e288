//! The view `time_to_convert`: how long conversions took, in bins.

use super::Funnel;
use super::runs::Runs;
use super::tally::average;
use crate::limits::QueryError;
use model::insight::funnel::{TimeBin, TimeToConvert};
use model::time::SECOND;

/// Bins, at most: when asked for, and when chosen by the number of conversions.
const ASKED_MAX: u32 = 90;
const CHOSEN_MAX: u32 = 60;
/// Width of the only bins when all conversions took equally long.
const WIDTH_S_DEFAULT: i64 = 60;

impl Funnel<'_> {
    pub(in crate::insight) fn time_to_convert(&self) -> Result<TimeToConvert, QueryError> {
        let make = || Ok((self.runs(self.bound.steps.len()), Vec::new()));
        let states =
            self.journeys.fold(&self.conditions, make, |(runs, times): &mut (Runs<'_>, Vec<i64>), _, rows| {
                runs.read(rows);
                if let Some(time) = self.conversion_time(runs) {
                    if times.len() == times.capacity() {
                        let more = times.len().max(1_024);
                        self.budget.take(more * size_of::<i64>(), "times between steps")?;
                        times.reserve_exact(more);
                    }
                    times.push(time);
                }
                Ok(())
            })?;
        let times: Vec<i64> = states.into_iter().flat_map(|(_, times)| times).collect();
        Ok(TimeToConvert { bins: bins(&times, self.bound.bins), average_s: average(&times) })
    }

    /// µs from the first step that matters to the last, of a person who did both.
    pub(in crate::insight) fn conversion_time(&self, runs: &mut Runs<'_>) -> Option<i64> {
        let run = runs.best()?;
        let did = |step: usize| run.done >> step & 1 == 1;
        let (from, to) = (self.bound.from_step, self.bound.to_step);
        (did(from) && did(to)).then(|| runs.at(&run, to) - runs.at(&run, from))
    }
}

/// `times` in µs; edges in whole seconds.
fn bins(times: &[i64], asked: Option<u32>) -> Vec<TimeBin> {
    let Some((low, width, bins)) = layout(times, asked) else { return Vec::new() };
    let mut counts: Vec<TimeBin> = (0..=bins).map(|index| TimeBin { from_s: low + index * width, count: 0 }).collect();
    for time in times {
        counts[((time - low * SECOND) / (width * SECOND)) as usize].count += 1;
    }
    counts
}

/// The bin of one of the times.
pub(in crate::insight) fn bin_of(times: &[i64], asked: Option<u32>, time: i64) -> usize {
    layout(times, asked).map_or(0, |(low, width, _)| ((time - low * SECOND) / (width * SECOND)) as usize)
}

/// First edge and width in seconds, and the number of bins before the last edge.
fn layout(times: &[i64], asked: Option<u32>) -> Option<(i64, i64, i64)> {
    let (least, most) = (times.iter().min()?, times.iter().max()?);
    let bins = i64::from(match asked {
        Some(asked) => asked.clamp(1, ASKED_MAX),
        None => (1..CHOSEN_MAX).find(|root| u64::from(*root).pow(3) >= times.len() as u64).unwrap_or(CHOSEN_MAX),
    });
    let low = least.div_euclid(SECOND);
    let high = most.div_euclid(SECOND) + i64::from(most.rem_euclid(SECOND) > 0);
    let width = (high - low).div_euclid(bins) + i64::from((high - low).rem_euclid(bins) > 0);
    let width = if width == 0 { WIDTH_S_DEFAULT } else { width };
    Some((low, width, bins))
}
