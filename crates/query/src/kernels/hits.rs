//! Bits per row: which conditions of a question hold there.

/// Ors `table[code]` into each row's bits where `base` is true; `None` is true everywhere. Codes past the table: nothing.
pub fn or_table(codes: &[u32], table: &[u32], base: Option<&[bool]>, bits: &mut [u32]) {
    debug_assert_eq!(codes.len(), bits.len());
    match base {
        None => {
            for (code, bits) in codes.iter().zip(bits) {
                *bits |= table.get(*code as usize).copied().unwrap_or(0);
            }
        }
        Some(base) => {
            for ((code, bits), base) in codes.iter().zip(bits).zip(base) {
                let found = table.get(*code as usize).copied().unwrap_or(0);
                *bits |= if *base { found } else { 0 };
            }
        }
    }
}

/// Plain twin of [`or_table`].
#[cfg(test)]
pub fn or_table_plain(codes: &[u32], table: &[u32], base: Option<&[bool]>, bits: &mut [u32]) {
    for row in 0..codes.len() {
        if base.is_none_or(|base| base[row]) && (codes[row] as usize) < table.len() {
            bits[row] |= table[codes[row] as usize];
        }
    }
}

/// Ors `bit` into each row's bits where `mask` is true; `None` is true everywhere.
pub fn or_bit(mask: Option<&[bool]>, bit: u32, bits: &mut [u32]) {
    match mask {
        None => bits.iter_mut().for_each(|bits| *bits |= bit),
        Some(mask) => bits.iter_mut().zip(mask).for_each(|(bits, mask)| *bits |= if *mask { bit } else { 0 }),
    }
}

/// Plain twin of [`or_bit`].
#[cfg(test)]
pub fn or_bit_plain(mask: Option<&[bool]>, bit: u32, bits: &mut [u32]) {
    for row in 0..bits.len() {
        if mask.is_none_or(|mask| mask[row]) {
            bits[row] |= bit;
        }
    }
}

/// Clears all bits of rows after `range`, and those not in `history` of rows before it.
pub fn outside(event_at: &[i64], range: (i64, i64), history: u32, bits: &mut [u32]) {
    for (at, bits) in event_at.iter().zip(bits) {
        if *at > range.1 {
            *bits = 0;
        } else if *at < range.0 {
            *bits &= history;
        }
    }
}

/// Plain twin of [`outside`].
#[cfg(test)]
pub fn outside_plain(event_at: &[i64], range: (i64, i64), history: u32, bits: &mut [u32]) {
    for row in 0..bits.len() {
        let kept = match event_at[row] {
            at if at > range.1 => 0,
            at if at < range.0 => history,
            _ => u32::MAX,
        };
        bits[row] &= kept;
    }
}

/// How many rows have any bit.
pub fn count(bits: &[u32]) -> usize {
    bits.iter().filter(|bits| **bits != 0).count()
}
