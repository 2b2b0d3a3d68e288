//! How many rows each cell has.

use super::NO_CELL;

/// Adds 1 to `counts[cell]` for each row; rows of [`NO_CELL`] are skipped. Every other cell is below `counts.len()`.
pub fn count(cells: &[u32], counts: &mut [u64]) {
    // Runs of one cell are long where rows of one person lie side by side: add once per run.
    let mut rows = cells.iter();
    let Some(mut run_cell) = rows.next().copied() else { return };
    let mut run = 1;
    for cell in rows {
        if *cell == run_cell {
            run += 1;
            continue;
        }
        add(counts, run_cell, run);
        (run_cell, run) = (*cell, 1);
    }
    add(counts, run_cell, run);
}

fn add(counts: &mut [u64], cell: u32, rows: u64) {
    if cell != NO_CELL {
        counts[cell as usize] += rows;
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
