//! How many different persons or sessions each cell has.
//!
//! Two ways, equal in their answer: a bit per (cell, person) where that fits in memory, else sorted pairs.

use super::NO_CELL;

/// Sets the bit of each row's person in its cell.
///
/// Cell c owns `bits[c × words..][..words]`; person p is bit `p % 64` of word `p / 64`. `person_of[ordinal]` is below
/// `64 × words` for each ordinal in `ordinals`. Rows of [`NO_CELL`] are skipped.
pub fn mark(cells: &[u32], ordinals: &[u32], person_of: &[u32], words: usize, bits: &mut [u64]) {
    debug_assert_eq!(cells.len(), ordinals.len());
    let mut before = (NO_CELL, 0);
    for (cell, ordinal) in cells.iter().zip(ordinals) {
        // A person's rows lie side by side, so most repeat the pair before.
        if *cell == NO_CELL || (*cell, *ordinal) == before {
            continue;
        }
        before = (*cell, *ordinal);
        let person = person_of[*ordinal as usize] as usize;
        bits[*cell as usize * words + person / 64] |= 1 << (person % 64);
    }
}

/// Plain twin of [`mark`].
#[cfg(test)]
pub fn mark_plain(cells: &[u32], ordinals: &[u32], person_of: &[u32], words: usize, bits: &mut [u64]) {
    for row in 0..cells.len() {
        if cells[row] != NO_CELL {
            let person = person_of[ordinals[row] as usize] as usize;
            bits[cells[row] as usize * words + person / 64] |= 1 << (person % 64);
        }
    }
}

/// Appends `cell << 32 | id` for each row that has both, leaving out repeats of the pair just before.
///
/// Both slices have one entry per row; an id of [`NO_CELL`] is missing. `out` must have room for all rows.
pub fn pair(cells: &[u32], ids: &[u32], out: &mut Vec<u64>) {
    debug_assert!(cells.len() == ids.len() && out.capacity() - out.len() >= cells.len());
    let mut before = u64::MAX;
    for (cell, id) in cells.iter().zip(ids) {
        let pair = u64::from(*cell) << 32 | u64::from(*id);
        if *cell != NO_CELL && *id != NO_CELL && pair != before {
            out.push(pair);
            before = pair;
        }
    }
}

/// Plain twin of [`pair`]: keeps the repeats, which [`per_cell`] does not mind once sorted and deduplicated.
#[cfg(test)]
pub fn pair_plain(cells: &[u32], ids: &[u32], out: &mut Vec<u64>) {
    for row in 0..cells.len() {
        if cells[row] != NO_CELL && ids[row] != NO_CELL {
            out.push(u64::from(cells[row]) << 32 | u64::from(ids[row]));
        }
    }
}

/// Counts the pairs of each group of `width` neighbouring cells into `counts[cell / width]`, ids counted once per group.
///
/// `pairs` is sorted and free of repeats; with a width of 1 each pair counts. `scratch` is overwritten.
pub fn per_cell(pairs: &[u64], width: u32, counts: &mut [u64], scratch: &mut Vec<u32>) {
    let group_of = |pair: u64| (pair >> 32) as u32 / width;
    for run in pairs.chunk_by(|a, b| group_of(*a) == group_of(*b)) {
        scratch.clear();
        scratch.extend(run.iter().map(|pair| *pair as u32));
        if width > 1 {
            scratch.sort_unstable();
            scratch.dedup();
        }
        counts[group_of(run[0]) as usize] += scratch.len() as u64;
    }
}

/// Plain twin of [`per_cell`].
#[cfg(test)]
pub fn per_cell_plain(pairs: &[u64], width: u32, counts: &mut [u64], _scratch: &mut Vec<u32>) {
    let mut seen = std::collections::HashSet::new();
    for pair in pairs {
        let group = (pair >> 32) as u32 / width;
        if seen.insert((group, *pair as u32)) {
            counts[group as usize] += 1;
        }
    }
}

/// Clears in each cell the bits that a cell before it has. `bits` are the cells of one group, `words` u64 each.
pub fn only_first(bits: &mut [u64], words: usize) {
    let mut seen = vec![0; words];
    for cell in bits.chunks_mut(words) {
        for (seen, word) in seen.iter_mut().zip(cell) {
            let new = *word & !*seen;
            *seen |= *word;
            *word = new;
        }
    }
}

/// Plain twin of [`only_first`].
#[cfg(test)]
pub fn only_first_plain(bits: &mut [u64], words: usize) {
    for person in 0..words * 64 {
        let (word, bit) = (person / 64, 1 << (person % 64));
        let mut seen = false;
        for cell in 0..bits.len() / words {
            let here = &mut bits[cell * words + word];
            let is_in = *here & bit != 0;
            if is_in && seen {
                *here &= !bit;
            }
            seen |= is_in;
        }
    }
}

/// Keeps of each id only the pair of its first cell within each group of `width` neighbouring cells.
///
/// `pairs` is sorted and free of repeats, and stays so.
pub fn only_first_pairs(pairs: &mut Vec<u64>, width: u32) {
    let group_of = |pair: u64| (pair >> 32) as u32 / width;
    pairs.sort_unstable_by_key(|pair| (group_of(*pair), *pair as u32, *pair >> 32));
    pairs.dedup_by_key(|pair| (group_of(*pair), *pair as u32));
    pairs.sort_unstable();
}

/// Plain twin of [`only_first_pairs`].
#[cfg(test)]
pub fn only_first_pairs_plain(pairs: &mut Vec<u64>, width: u32) {
    let all = pairs.clone();
    let same = |a: u64, b: u64| (a >> 32) as u32 / width == (b >> 32) as u32 / width && a as u32 == b as u32;
    pairs.retain(|pair| !all.iter().any(|other| other < pair && same(*other, *pair)));
}
