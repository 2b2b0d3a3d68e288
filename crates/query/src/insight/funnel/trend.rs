//! The view `trend`: of the persons who did step 1 in each bucket, how many converted.

use super::runs::Runs;
use super::{Funnel, start_of};
use crate::limits::QueryError;
use model::insight::funnel::FunnelBucket;
use model::insight::trends::Bucket;

impl Funnel<'_> {
    pub(in crate::insight) fn trend(&self) -> Result<Vec<FunnelBucket>, QueryError> {
        let edges = &self.bound.span.edges;
        let buckets = edges.len() - 1;
        self.budget.take(buckets * 16 * self.budget.threads(), "buckets")?;
        let make = || Ok((self.runs(self.bound.to_step + 1), vec![(0_u64, 0_u64); buckets]));
        let visit = |(runs, counts): &mut (Runs<'_>, Vec<(u64, u64)>), _, rows: &[_]| {
            runs.read(rows);
            self.buckets_of(runs, |bucket, converted| {
                counts[bucket].0 += 1;
                counts[bucket].1 += u64::from(converted);
            })
        };
        let states = self.journeys.fold(&self.conditions, make, visit)?;
        let mut all = vec![(0, 0); buckets];
        for (_, counts) in states {
            all.iter_mut().zip(counts).for_each(|(all, more)| *all = (all.0 + more.0, all.1 + more.1));
        }
        Ok(all.into_iter().enumerate().map(|(index, counts)| self.bucket(index, counts)).collect())
    }

    /// Calls `found` with each bucket in which the person entered, and whether they converted from there.
    pub(in crate::insight) fn buckets_of(
        &self,
        runs: &mut Runs<'_>,
        mut found: impl FnMut(usize, bool),
    ) -> Result<(), QueryError> {
        let edges = &self.bound.span.edges;
        let mut next = 0;
        while let Some(begin) = runs.candidates[next..].iter().position(|candidate| candidate.steps & 1 == 1) {
            self.budget.check()?;
            let at = runs.candidates[next + begin].at;
            let bucket = edges.partition_point(|edge| *edge <= at) - 1;
            let range = edges[bucket]..edges[bucket + 1];
            next += begin + runs.candidates[next + begin..].partition_point(|candidate| candidate.at < range.end);
            if let Some(run) = runs.best_in(range)
                && run.done >> self.bound.from_step & 1 == 1
            {
                found(bucket, run.done >> self.bound.to_step & 1 == 1);
            }
        }
        Ok(())
    }

    fn bucket(&self, index: usize, (entered, converted): (u64, u64)) -> FunnelBucket {
        let rate = if entered == 0 { 0.0 } else { 100.0 * converted as f64 / entered as f64 };
        FunnelBucket {
            bucket: Bucket {
                label: self.bound.span.labels[index].clone(),
                start_utc: start_of(self.bound, index),
                incomplete: self.bound.young[index],
            },
            entered,
            converted,
            rate: (rate * 100.0).round() / 100.0,
        }
    }
}
