//! Sums, extremes and quantiles of the numbers in each cell.

use super::NO_CELL;

/// What sums, means and extremes need of one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Neumaier's running sum and what it lost to rounding.
    sum: f64,
    lost: f64,
    /// How many numbers.
    pub count: u64,
    /// Smallest; infinite while there is none.
    pub min: f64,
    /// Largest; infinite while there is none.
    pub max: f64,
}

impl Default for Moments {
    fn default() -> Self {
        Self { sum: 0.0, lost: 0.0, count: 0, min: f64::INFINITY, max: f64::NEG_INFINITY }
    }
}

impl Moments {
    /// Takes in one finite number.
    pub fn add(&mut self, value: f64) {
        self.add_to_sum(value);
        self.count += 1;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Takes in all numbers of another cell.
    pub fn merge(&mut self, other: &Moments) {
        self.add_to_sum(other.sum);
        self.lost += other.lost;
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// The sum, independent of order to 1e-9 relative; 0 when there is no number.
    pub fn sum(&self) -> f64 {
        self.sum + self.lost
    }

    fn add_to_sum(&mut self, value: f64) {
        let sum = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() { (self.sum - sum) + value } else { (value - sum) + self.sum };
        self.sum = sum;
    }
}

/// Takes the number of each row into its cell; rows of [`NO_CELL`] or without a number are skipped.
///
/// The slices have one entry per row; `values[i]` means nothing where `present[i]` is false.
pub fn accumulate(cells: &[u32], values: &[f64], present: &[bool], moments: &mut [Moments]) {
    debug_assert!(cells.len() == values.len() && cells.len() == present.len());
    for ((cell, value), present) in cells.iter().zip(values).zip(present) {
        if *present && *cell != NO_CELL {
            moments[*cell as usize].add(*value);
        }
    }
}

/// Plain twin of [`accumulate`].
#[cfg(test)]
pub fn accumulate_plain(cells: &[u32], values: &[f64], present: &[bool], moments: &mut [Moments]) {
    for (cell, moments) in moments.iter_mut().enumerate() {
        let rows = (0..cells.len()).filter(|row| cells[*row] == cell as u32 && present[*row]);
        rows.for_each(|row| moments.add(values[row]));
    }
}

/// Appends `(cell, number)` of each row that has both. `out` must have room for all rows.
pub fn collect(cells: &[u32], values: &[f64], present: &[bool], out: &mut Vec<(u32, f64)>) {
    debug_assert!(cells.len() == values.len() && cells.len() == present.len());
    debug_assert!(out.capacity() - out.len() >= cells.len());
    for ((cell, value), present) in cells.iter().zip(values).zip(present) {
        if *present && *cell != NO_CELL {
            out.push((*cell, *value));
        }
    }
}

/// Plain twin of [`collect`].
#[cfg(test)]
pub fn collect_plain(cells: &[u32], values: &[f64], present: &[bool], out: &mut Vec<(u32, f64)>) {
    out.extend((0..cells.len()).filter(|i| present[*i] && cells[*i] != NO_CELL).map(|i| (cells[i], values[i])));
}

/// The quantile of sorted numbers by linear interpolation at `h = p × (n − 1)`; `None` when there are none.
/// `p` is from 0 to 1.
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    debug_assert!(sorted.is_sorted());
    let last = sorted.len().checked_sub(1)?;
    let h = p * last as f64;
    let low = (h.floor() as usize).min(last);
    let (x, y) = (sorted[low], sorted[(low + 1).min(last)]);
    Some(x + (h - low as f64) * (y - x))
}

/// Plain twin of [`quantile`]: walks the line between the ranks.
#[cfg(test)]
pub fn quantile_plain(sorted: &[f64], p: f64) -> Option<f64> {
    let h = p * (sorted.len() as f64 - 1.0);
    for (rank, pair) in sorted.windows(2).enumerate() {
        let (from, to) = (rank as f64, rank as f64 + 1.0);
        if from <= h && h <= to {
            return Some(pair[0] * (to - h) + pair[1] * (h - from));
        }
    }
    sorted.last().copied()
}
