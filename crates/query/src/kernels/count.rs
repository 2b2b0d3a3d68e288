//! How many rows each cell has.

use super::NO_CELL;

/// Neighbouring rows that are counted apart.
const LANES: usize = 4;

/// Adds 1 to `counts[cell]` for each row; rows of [`NO_CELL`] are skipped. Every other cell is below `counts.len()`.
pub fn count(cells: &[u32], counts: &mut [u64]) {
    if cells.len() < counts.len() {
        // Few rows for many cells: the lanes below would cost more than the rows.
        for cell in cells {
            if *cell != NO_CELL {
                counts[*cell as usize] += 1;
            }
        }
        return;
    }
    // Which rows count is as good as random, so a branch would be guessed wrong; rows that do not count have a place of
    // their own. Neighbours mostly share a cell: with one lane each they need not wait for each other.
    let width = counts.len() + 1;
    let mut lanes = vec![0_u64; width * LANES];
    let mut chunks = cells.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, cell) in chunk.iter().enumerate() {
            lanes[lane * width + (*cell as usize).min(width - 1)] += 1;
        }
    }
    for cell in chunks.remainder() {
        lanes[(*cell as usize).min(width - 1)] += 1;
    }
    for lane in lanes.chunks_exact(width) {
        counts.iter_mut().zip(lane).for_each(|(count, more)| *count += more);
    }
}

/// Plain twin of [`count`].
#[cfg(test)]
pub fn count_plain(cells: &[u32], counts: &mut [u64]) {
    for cell in cells {
        if *cell != NO_CELL {
            counts[*cell as usize] += 1;
        }
    }
}
