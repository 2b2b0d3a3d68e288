//! Randomness that is a function: of a seed and of what is asked about.
//!
//! Our own lines rather than a library's, because the bytes of a demo must not change when a library does: an
//! interrupted fill goes on with the same ids. SplitMix64 (Steele, Lea, Flood 2014); statistics, not secrets.

/// SplitMix64's mixer: a bijection, so different inputs never give the same output.
pub fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The finalizer of MurmurHash3 for 32 bits, a bijection too.
pub fn mix_u32(mut x: u32) -> u32 {
    x = (x ^ (x >> 16)).wrapping_mul(0x85eb_ca6b);
    x = (x ^ (x >> 13)).wrapping_mul(0xc2b2_ae35);
    x ^ (x >> 16)
}

/// One number for a seed, a subject (what is asked) and two keys (about whom and when).
pub fn hash(seed: u64, subject: u64, a: u64, b: u64) -> u64 {
    mix(mix(mix(seed ^ mix(subject)).wrapping_add(a)).wrapping_add(b.wrapping_mul(GAMMA)))
}

/// A hash as a number from 0 up to, not with, 1.
pub fn unit(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}

const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// A sequence of random numbers.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// From 0 up to, not with, 1.
    pub fn unit(&mut self) -> f64 {
        unit(self.next())
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// From 0 up to, not with, `end`; `end` is not 0.
    pub fn below(&mut self, end: u32) -> u32 {
        // The high half of a product: no division, and a bias of 2^-32 that no chart shows.
        (((self.next() >> 32) * u64::from(end)) >> 32) as u32
    }

    /// From `start` to `end`, both with.
    pub fn between(&mut self, start: u32, end: u32) -> u32 {
        start + self.below(end - start + 1)
    }

    /// An index of `weights`, each as likely as its weight says; the weights are not all 0.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }
}
