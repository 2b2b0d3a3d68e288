//! Keeps a filled demo living: first what has arrived since, then each visit when its time has come.

use super::send::{self, Door, Sending};
use super::{FillError, Sent, generator, note};
use crate::app::App;
use crate::clock;
use ::demo::Batches;
use meta::DemoState;
use model::Micros;
use model::time::SECOND;
use std::time::Duration;

/// How often the stream is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often the place is noted.
const NOTE_EVERY: Micros = 10 * SECOND;

/// Sends the events of a filled demo up to now, and goes on until the server stops.
///
/// # Errors
/// The door refused for good, or the metadata could not be read or written. `Stopping` is not an error here.
pub async fn run(app: &App) -> Result<(), FillError> {
    match keep_up(app).await {
        Err(FillError::Stopping) => Ok(()),
        other => other,
    }
}

async fn keep_up(app: &App) -> Result<(), FillError> {
    let Some(demo) = app.meta.demo().await? else { return Ok(()) };
    let generator = generator(&demo.plan)?;
    let counts = Sent { sent: demo.progress.sent, total: demo.progress.total };
    let mut place = Place { sent_until: demo.progress.sent_until, noted_at: clock::now(), counts };
    // What arrived while nobody sent, as fast as the door takes it.
    let door = Door::of(app, demo.project).await?;
    let missed = Batches::new(&generator, place.sent_until, clock::now(), send::EVENTS_PER_BATCH);
    let mut sending = Sending::begin(door.clone(), missed);
    while let Some(batch) = sending.next().await? {
        place.reached(app, batch.until).await?;
    }
    // One batch per visit, as a phone sends it.
    let mut visits = Batches::new(&generator, place.sent_until, clock::now(), 1);
    let mut stop = app.stop.clone();
    loop {
        visits.extend(clock::now());
        for batch in visits.by_ref() {
            let acknowledged = door.send(batch).await?;
            place.reached(app, acknowledged.until).await?;
        }
        if tokio::time::timeout(LOOK_EVERY, stop.wait_for(|stopping| *stopping)).await.is_ok() {
            return note(app, DemoState::Done, place.sent_until, counts).await.map_err(FillError::from);
        }
    }
}

struct Place {
    sent_until: Micros,
    noted_at: Micros,
    /// Of the fill; what comes after it is not counted there.
    counts: Sent,
}

impl Place {
    async fn reached(&mut self, app: &App, until: Micros) -> Result<(), FillError> {
        self.sent_until = self.sent_until.max(until);
        if clock::now() - self.noted_at >= NOTE_EVERY {
            self.noted_at = clock::now();
            note(app, DemoState::Done, self.sent_until, self.counts).await?;
        }
        Ok(())
    }
}
