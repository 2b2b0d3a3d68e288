//! Blocked bloom filters: one cache line a question, and "no" is always true.

use std::mem::size_of;

/// Bits of a filter per uuid: 1 in about 300 uuids that are not there is said to be.
const BITS_PER_ROW: usize = 12;
/// One cache line.
const WORDS_PER_BLOCK: usize = 8;
const PROBES: u32 = 6;

/// What filters are computed from.
pub(crate) fn hash(uuid: &[u8; 16]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(uuid)
}

/// A filter of a fixed size. Its words are part of a format: docs/formats/sidecar.md.
pub(crate) struct Bloom {
    words: Vec<u64>,
}

impl Bloom {
    /// An empty filter for at most so many rows.
    pub fn for_rows(rows: usize) -> Bloom {
        let blocks = (rows * BITS_PER_ROW).div_ceil(WORDS_PER_BLOCK * 64).max(1);
        Bloom { words: vec![0; blocks * WORDS_PER_BLOCK] }
    }

    /// From its words; `None` unless they are whole blocks.
    pub fn of_words(words: Vec<u64>) -> Option<Bloom> {
        (!words.is_empty() && words.len().is_multiple_of(WORDS_PER_BLOCK)).then_some(Bloom { words })
    }

    pub fn words(&self) -> &[u64] {
        &self.words
    }

    fn bits(&self, hash: u64) -> (usize, [u64; WORDS_PER_BLOCK]) {
        let blocks = self.words.len() / WORDS_PER_BLOCK;
        let block = (((hash >> 32) * blocks as u64) >> 32) as usize;
        let mut words = [0; WORDS_PER_BLOCK];
        let mut rest = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for _ in 0..PROBES {
            let bit = (rest >> 55) as usize;
            words[bit / 64] |= 1 << (bit % 64);
            rest = rest.wrapping_mul(0xD6E8_FEB8_6659_FD93).rotate_left(9);
        }
        (block * WORDS_PER_BLOCK, words)
    }

    pub fn insert(&mut self, hash: u64) {
        let (from, bits) = self.bits(hash);
        self.words[from..][..WORDS_PER_BLOCK].iter_mut().zip(bits).for_each(|(own, bits)| *own |= bits);
    }

    /// `false`: it was never inserted.
    pub fn may_contain(&self, hash: u64) -> bool {
        let (from, bits) = self.bits(hash);
        self.words[from..][..WORDS_PER_BLOCK].iter().zip(bits).all(|(own, bits)| own & bits == bits)
    }
}

/// A filter that grows: each part holds twice what the one before holds, so a year of files costs a look or two more
/// than a day of them.
#[derive(Default)]
pub(crate) struct GrowingBloom {
    parts: Vec<Bloom>,
    /// Rows of the last part, and how many it may have.
    rows: usize,
    rows_max: usize,
}

const FIRST_ROWS_MAX: usize = 1 << 16;

impl GrowingBloom {
    pub fn insert(&mut self, hash: u64) {
        if self.rows == self.rows_max {
            self.rows_max = (self.rows_max * 2).max(FIRST_ROWS_MAX);
            self.rows = 0;
            self.parts.push(Bloom::for_rows(self.rows_max));
        }
        if let Some(last) = self.parts.last_mut() {
            last.insert(hash);
            self.rows += 1;
        }
    }

    /// `false`: it was never inserted.
    pub fn may_contain(&self, hash: u64) -> bool {
        self.parts.iter().rev().any(|part| part.may_contain(hash))
    }

    /// In memory.
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.words.len() * size_of::<u64>()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uuid(number: u64) -> [u8; 16] {
        xxhash_rust::xxh3::xxh3_128(&number.to_le_bytes()).to_be_bytes()
    }

    #[test]
    fn the_filter_says_no_to_nearly_all_that_is_not_there() {
        let mut bloom = Bloom::for_rows(10_000);
        (0..10_000).for_each(|number| bloom.insert(hash(&uuid(number))));
        assert!((0..10_000).all(|number| bloom.may_contain(hash(&uuid(number)))));
        let wrong = (10_000..110_000).filter(|number| bloom.may_contain(hash(&uuid(*number)))).count();
        assert!(wrong < 1_000, "{wrong} of 100 000 ask the disk in vain");
    }

    #[test]
    fn a_growing_filter_forgets_nothing_and_stays_choosy() {
        let mut bloom = GrowingBloom::default();
        assert!(!bloom.may_contain(hash(&uuid(0))));
        let rows = FIRST_ROWS_MAX as u64 * 5;
        (0..rows).for_each(|number| bloom.insert(hash(&uuid(number))));
        assert!((0..rows).all(|number| bloom.may_contain(hash(&uuid(number)))));
        let wrong = (rows..rows + 100_000).filter(|number| bloom.may_contain(hash(&uuid(*number)))).count();
        assert!(wrong < 2_000, "{wrong} of 100 000");
        assert!(bloom.bytes() < rows as usize * 3, "at most 24 bits a row");
    }
}
