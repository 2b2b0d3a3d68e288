//! Makes the telemetry of e-Samwad, an app in which the parents of Himachal Pradesh follow their children's school.
//!
//! Pure: a seed, a number of persons and a period go in, Sunbird v3 batches come out as JSON text, the same bytes for
//! the same settings on every machine. No clock, no IO, no async; it never knows a server or a store.
//!
//! The shape: [`people`] says who there is, [`calendar`] how busy a day is, [`schedule`] which visits happen and when
//! each arrives (hours or days late from phones without network), [`visit`] what a person does in one, [`render`]
//! writes it. Start with [`Demo`]; [`Batches`] is what a sender wants.

mod batches;
mod calendar;
mod people;
mod random;
mod release;
mod render;
mod schedule;
mod visit;
mod words;

pub use batches::{Batch, Batches};
pub use schedule::{Deliveries, Delivery};

use std::sync::Arc;

/// Microseconds since 1970-01-01T00:00:00Z.
pub type Micros = i64;

/// Persons of one demo, at most.
pub const PERSONS_MAX: u32 = 1_000_000;
/// Days of one demo, at most.
pub const DAYS_MAX: u32 = 400;
/// Days of one demo, at least: everybody has come for the first time by yesterday.
pub const DAYS_MIN: u32 = 2;

/// What a demo is made from. Equal settings give equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Makes two demos different.
    pub seed: u64,
    /// Persons who use the app at least once, 1 to [`PERSONS_MAX`].
    pub persons: u32,
    /// Days up to and with the one of `ends_at`, in Asia/Kolkata; [`DAYS_MIN`] to [`DAYS_MAX`].
    pub days: u32,
    /// The present of the demo: growth and versions are laid out before it. What happens later goes on from there.
    pub ends_at: Micros,
}

/// Settings that make no demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Too few or too many persons.
    #[error("persons must be 1 to {PERSONS_MAX}, not {0}")]
    Persons(u32),
    /// Too few or too many days.
    #[error("days must be {DAYS_MIN} to {DAYS_MAX}, not {0}")]
    Days(u32),
    /// The period does not lie between the years 2001 and 9999.
    #[error("the demo must end between the years 2001 and 9999")]
    EndsAt,
}

/// How much there is to send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// Visits.
    pub visits: u64,
    /// Events of these visits.
    pub events: u64,
}

/// A demo, laid out: who comes how often, when each person begins and stops. Cheap to clone; 8 bytes a person.
#[derive(Debug, Clone)]
pub struct Demo {
    pub(crate) settings: Settings,
    /// The first day, counted in Asia/Kolkata from 1970-01-01.
    pub(crate) first_day: i64,
    pub(crate) habits: Arc<[people::Habit]>,
}

/// 2001-01-01 and 9999-01-01, UTC.
const ENDS_AT: std::ops::Range<Micros> = 978_307_200_000_000..253_370_764_800_000_000;

impl Demo {
    /// Lays out a demo. O(persons).
    ///
    /// # Errors
    /// Settings outside their bounds.
    pub fn new(settings: Settings) -> Result<Demo, SettingsError> {
        if !(1..=PERSONS_MAX).contains(&settings.persons) {
            return Err(SettingsError::Persons(settings.persons));
        }
        if !(DAYS_MIN..=DAYS_MAX).contains(&settings.days) {
            return Err(SettingsError::Days(settings.days));
        }
        if !ENDS_AT.contains(&settings.ends_at) {
            return Err(SettingsError::EndsAt);
        }
        let first_day = calendar::day_of(settings.ends_at) - i64::from(settings.days) + 1;
        let habits = (0..settings.persons).map(|person| people::Habit::of(&settings, first_day, person)).collect();
        Ok(Demo { settings, first_day, habits })
    }

    /// What it was made from.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Visits in the order in which they arrive, from the instant `from` on; without end, so that a demo can go on
    /// living after `ends_at`.
    pub fn deliveries(&self, from: Micros) -> Deliveries {
        Deliveries::new(self.clone(), from)
    }

    /// How much arrives before `until`. Costs a small part of what making it costs: nothing is written.
    pub fn amount_before(&self, until: Micros) -> Amount {
        let mut amount = Amount::default();
        for delivery in self.deliveries(Micros::MIN).take_while(|delivery| delivery.at < until) {
            amount.visits += 1;
            amount.events += u64::from(delivery.events);
        }
        amount
    }
}
