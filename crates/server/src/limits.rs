//! Rate limits: token buckets by key, and what a network address counts as.

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;

/// A limit per key. `None` inside: unlimited.
pub struct Limit<K: Hash + Eq + Clone> {
    limiter: Option<DefaultKeyedRateLimiter<K>>,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    /// `rate` per second with a burst of twice that; 0 is unlimited.
    pub fn per_second(rate: u32) -> Self {
        let quota = NonZeroU32::new(rate).map(|rate| Quota::per_second(rate).allow_burst(rate.saturating_mul(TWO)));
        Limit { limiter: quota.map(RateLimiter::keyed) }
    }

    /// `rate` per minute, all of which may come at once; 0 is unlimited.
    pub fn per_minute(rate: u32) -> Self {
        Limit { limiter: NonZeroU32::new(rate).map(Quota::per_minute).map(RateLimiter::keyed) }
    }

    /// Takes one; else the whole seconds to wait, at least 1.
    ///
    /// # Errors
    /// The seconds after which a try will pass.
    pub fn take(&self, key: &K) -> Result<(), u64> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            wait.as_secs() + 1
        })
    }

    /// Forgets keys that are full again, so that memory follows the traffic of the last minute.
    pub fn forget_idle(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

const TWO: NonZeroU32 = NonZeroU32::new(2).expect("2 is not 0");

/// The network of an address: /24 or /48, so that one visitor cannot be a thousand, and no whole address is kept.
pub fn network(address: IpAddr) -> [u8; 6] {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            [4, a, b, c, 0, 0]
        }
        IpAddr::V6(v6) => {
            let mut prefix = [0; 6];
            prefix.copy_from_slice(&v6.octets()[..6]);
            prefix
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_burst_passes_and_the_next_waits() {
        let limit = Limit::per_minute(5);
        assert!((0..5).all(|_| limit.take(&"a").is_ok()));
        assert!((1..=60).contains(&limit.take(&"a").expect_err("the sixth waits")));
        assert!(limit.take(&"b").is_ok());
        let unlimited = Limit::per_second(0);
        assert!((0..1000).all(|_| unlimited.take(&"a").is_ok()));
    }

    #[test]
    fn neighbours_share_a_network() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("10.1.2.3"), of("10.1.2.200"));
        assert_ne!(of("10.1.2.3"), of("10.1.3.3"));
        assert_eq!(of("::ffff:10.1.2.3"), of("10.1.2.9"));
    }
}
