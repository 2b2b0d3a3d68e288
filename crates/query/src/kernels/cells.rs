//! From bucket and group of a row to its cell.

use super::NO_CELL;

/// Writes the cell of each row to `out`: [`NO_CELL`] where it is not selected, has no bucket or no group.
///
/// All slices are as long as `out`; `groups` of `None` means that all rows are group 0.
/// `(largest group + 1) × buckets` must be below [`NO_CELL`].
pub fn compose(selected: &[bool], bucket_of: &[u32], groups: Option<&[u32]>, buckets: u32, out: &mut [u32]) {
    debug_assert!(selected.len() == out.len() && bucket_of.len() == out.len());
    match groups {
        None => {
            for ((selected, bucket), out) in selected.iter().zip(bucket_of).zip(out) {
                // All bits set are no cell; a branch on rows that pass as if by chance would be guessed wrong.
                *out = bucket | u32::from(*selected).wrapping_sub(1);
            }
        }
        Some(groups) => {
            for (((selected, bucket), group), out) in selected.iter().zip(bucket_of).zip(groups).zip(out) {
                let counts = *selected && *bucket != NO_CELL && *group != NO_CELL;
                *out = if counts { group * buckets + bucket } else { NO_CELL };
            }
        }
    }
}

/// Plain twin of [`compose`].
#[cfg(test)]
pub fn compose_plain(selected: &[bool], bucket_of: &[u32], groups: Option<&[u32]>, buckets: u32, out: &mut [u32]) {
    for row in 0..out.len() {
        let group = groups.map_or(0, |groups| groups[row]);
        out[row] = NO_CELL;
        if selected[row] && bucket_of[row] != NO_CELL && group != NO_CELL {
            out[row] = group * buckets + bucket_of[row];
        }
    }
}
