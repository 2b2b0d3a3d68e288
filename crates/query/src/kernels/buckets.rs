//! Which bucket an instant falls into.

use super::NO_CELL;

/// Writes the bucket of each instant to `out`: the largest i with `edges[i] <= at`; [`NO_CELL`] outside `range`.
///
/// `range` is inclusive on both ends and lies within the edges; `edges` grows strictly and has at least two members.
/// `out` is as long as `event_at`. O(rows) where neighbours share a bucket, else O(rows × log buckets).
pub fn assign(event_at: &[i64], range: (i64, i64), edges: &[i64], out: &mut [u32]) {
    debug_assert!(event_at.len() == out.len() && edges.len() >= 2);
    // Rows are sorted by (ordinal, event_at), so most rows stay in the bucket of the row before.
    let (mut bucket, mut start, mut end) = (0, edges[0], edges[1]);
    for (at, out) in event_at.iter().zip(out) {
        if *at < range.0 || *at > range.1 {
            *out = NO_CELL;
            continue;
        }
        if *at < start || *at >= end {
            // The range lies within the edges, so the bucket exists.
            bucket = edges.partition_point(|edge| edge <= at) - 1;
            (start, end) = (edges[bucket], edges[bucket + 1]);
        }
        *out = bucket as u32;
    }
}

/// The bucket of all instants from `first` to `last`, if they share one; arguments else as of [`assign`].
pub fn shared((first, last): (i64, i64), range: (i64, i64), edges: &[i64]) -> Option<u32> {
    let within = range.0 <= first && last <= range.1;
    let bucket = |at: i64| edges.partition_point(|edge| *edge <= at).checked_sub(1);
    let bucket_of_first = bucket(first).filter(|_| within)?;
    (bucket(last) == Some(bucket_of_first)).then_some(bucket_of_first as u32)
}

/// Plain twin of [`assign`].
#[cfg(test)]
pub fn assign_plain(event_at: &[i64], range: (i64, i64), edges: &[i64], out: &mut [u32]) {
    for (row, at) in event_at.iter().enumerate() {
        out[row] = NO_CELL;
        for bucket in 0..edges.len() - 1 {
            if range.0 <= *at && *at <= range.1 && edges[bucket] <= *at && *at < edges[bucket + 1] {
                out[row] = bucket as u32;
            }
        }
    }
}
