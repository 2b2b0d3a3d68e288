//! Versions of the app and who has which: updates spread over days, and one of them was broken.

use crate::Demo;
use crate::random::{hash, unit};

/// A version of the app.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Release {
    /// As `pdata.ver` tells.
    pub version: &'static str,
    /// When it came out, as a part of the period.
    out_at: f64,
    /// Days until half of the phones have it.
    half_life_days: f64,
    /// Its leave form fails, and the attendance page often.
    pub broken: bool,
}

/// Oldest first.
const RELEASES: [Release; 5] = [
    Release { version: "2.2.0", out_at: -1.0, half_life_days: 1.0, broken: false },
    Release { version: "2.3.1", out_at: 0.12, half_life_days: 5.0, broken: false },
    Release { version: "2.4.0", out_at: 0.55, half_life_days: 2.5, broken: true },
    Release { version: "2.4.1", out_at: 0.63, half_life_days: 1.5, broken: false },
    Release { version: "2.5.0", out_at: 0.85, half_life_days: 5.0, broken: false },
];

/// The version on a phone on a day (index in the period).
pub fn on(demo: &Demo, device: u32, day_index: i64) -> &'static Release {
    let days = f64::from(demo.settings.days);
    let has = |(number, release): &(usize, &Release)| {
        // Waiting times of updates fall off by halves, as store roll-outs do.
        let wait = -unit(hash(demo.settings.seed, LAG, u64::from(device), *number as u64)).max(1e-9).log2();
        release.out_at * days + wait * release.half_life_days <= day_index as f64
    };
    RELEASES.iter().enumerate().rev().find(has).map_or(&RELEASES[0], |(_, release)| release)
}

const LAG: u64 = 2;
