//! Which rows pass: answers per dictionary code become answers per row.

/// Sets `out` to true where the row's code has a true entry in `table`; other rows stay as they are.
///
/// Codes past the table (the missing code is the largest u32) are missing. `out` is as long as `codes`.
pub fn or_codes(codes: &[u32], table: &[bool], out: &mut [bool]) {
    debug_assert_eq!(codes.len(), out.len());
    for (code, out) in codes.iter().zip(out) {
        *out |= table.get(*code as usize).copied().unwrap_or(false);
    }
}

/// Plain twin of [`or_codes`].
#[cfg(test)]
pub fn or_codes_plain(codes: &[u32], table: &[bool], out: &mut [bool]) {
    for row in 0..codes.len() {
        if (codes[row] as usize) < table.len() && table[codes[row] as usize] {
            out[row] = true;
        }
    }
}
