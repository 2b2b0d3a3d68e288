//! The demo project: made once, filled in the background through the same door as every app's events.
//!
//! What is sent is made by the crate `demo` from the plan that lies in the metadata, so an interrupted fill goes on
//! where it was: the same events with the same ids, and those that were on their way count once. [`send`] is the way
//! through the door, [`live`] keeps a filled project living.

pub mod live;
pub mod send;

use self::send::{Door, Sending};
use crate::app::App;
use crate::clock;
use crate::secret::{self, Purpose};
use ::demo::{Batches, Settings};
use meta::{Act, Demo, DemoPlan, DemoProgress, DemoState, MetaError, NewProject};
use model::project::SunbirdValidation;
use model::time::WeekStart;
use model::{Level, Micros};
use parking_lot::Mutex;

/// Name of the project.
pub const PROJECT: &str = "e-Samwad (demo)";
/// Persons when nobody says how many.
pub const PERSONS: u32 = 100_000;
/// Days when nobody says how many.
pub const DAYS: u32 = 90;
/// The seed when nobody says which.
pub const SEED: u64 = 2_026;

/// The fill that runs in this process, if one does.
#[derive(Default)]
pub struct Filler {
    running: Mutex<Option<Sent>>,
}

/// How much was sent and acknowledged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sent {
    /// Events so far.
    pub sent: u64,
    /// Events in the end; 0 while they are still being counted.
    pub total: u64,
}

impl Filler {
    /// How far the running fill is; `None` when none runs.
    pub fn running(&self) -> Option<Sent> {
        *self.running.lock()
    }

    fn set(&self, sent: Sent) {
        *self.running.lock() = Some(sent);
    }
}

/// Why a fill ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// The server stops; the next start goes on.
    #[error("the server is stopping")]
    Stopping,
    /// The door refused for good, or for too long; a new start goes on from there.
    #[error("{0}")]
    Refused(String),
    /// The plan in the metadata makes no demo.
    #[error(transparent)]
    Plan(#[from] ::demo::SettingsError),
    /// How far it is could not be noted or read.
    #[error(transparent)]
    Meta(#[from] MetaError),
}

/// The plan of a demo that ends now.
pub fn plan(persons: Option<u32>, days: Option<u32>, seed: Option<u64>) -> DemoPlan {
    DemoPlan {
        seed: seed.unwrap_or(SEED),
        persons: persons.unwrap_or(PERSONS),
        days: days.unwrap_or(DAYS),
        ends_at: clock::now(),
    }
}

/// The project that [`meta::Meta::create_demo`] makes, with a key that nobody else has.
pub fn project() -> NewProject {
    NewProject {
        name: PROJECT.to_owned(),
        level: Level::Full,
        time_zone: "Asia/Kolkata".to_owned(),
        week_start: WeekStart::default(),
        sunbird_validation: SunbirdValidation::default(),
        channels: Vec::new(),
        write_key: secret::generate(Purpose::WriteKey),
    }
}

/// Makes the demo and its project, or finds them; `true` when it made them.
///
/// # Errors
/// The metadata could not be written.
pub async fn create(app: &App, act: &Act<'_>, plan: &DemoPlan) -> Result<(Demo, bool), MetaError> {
    app.meta.create_demo(act, &project(), plan).await
}

/// Starts or goes on filling the demo in the background, unless it is filled or being filled.
///
/// # Errors
/// The metadata could not be read or written.
pub async fn start(app: &App) -> Result<(), MetaError> {
    let Some(demo) = app.meta.demo().await? else { return Ok(()) };
    if demo.progress.state == DemoState::Done {
        return Ok(());
    }
    {
        let mut running = app.demo.running.lock();
        if running.is_some() {
            return Ok(());
        }
        *running = Some(Sent { sent: demo.progress.sent, total: demo.progress.total });
    }
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = fill(&app, &demo).await
            && let Err(error) = note_failure(&app, error).await
        {
            tracing::warn!(%error, "the failure of the demo could not be noted");
        }
        *app.demo.running.lock() = None;
    });
    Ok(())
}

/// A fill that was stopped stays `running` in the metadata, which is what makes the next start go on.
async fn note_failure(app: &App, error: FillError) -> Result<(), MetaError> {
    if matches!(error, FillError::Stopping) || *app.stop.borrow() {
        return Ok(());
    }
    tracing::warn!(%error, "the demo could not be filled");
    let error = error.to_string();
    let Some(demo) = app.meta.demo().await? else { return Ok(()) };
    let progress = DemoProgress { state: DemoState::Failed, error: Some(error), ..demo.progress };
    app.meta.set_demo_progress(&progress).await
}

/// The generator of a plan.
fn generator(plan: &DemoPlan) -> Result<::demo::Demo, FillError> {
    let settings = Settings { seed: plan.seed, persons: plan.persons, days: plan.days, ends_at: plan.ends_at };
    Ok(::demo::Demo::new(settings)?)
}

async fn fill(app: &App, demo: &Demo) -> Result<(), FillError> {
    let plan = demo.plan;
    let from = demo.progress.sent_until;
    // The end of the plan is part of it.
    let until = plan.ends_at.saturating_add(1);
    let counted = tokio::task::spawn_blocking(move || -> Result<_, FillError> {
        let generator = generator(&plan)?;
        let sent = generator.amount_before(from).events;
        let total = generator.amount_before(until).events;
        Ok((generator, Sent { sent, total }))
    });
    let (generator, mut counts) = counted.await.map_err(|error| FillError::Refused(error.to_string()))??;
    app.demo.set(counts);
    note(app, DemoState::Running, from, counts).await?;
    tracing::info!(events = counts.total, from = counts.sent, "filling the demo");
    let batches = Batches::new(&generator, from, until, send::EVENTS_PER_BATCH);
    let mut sending = Sending::begin(Door::of(app, demo.project).await?, batches);
    let mut noted_at = clock::now();
    while let Some(batch) = sending.next().await? {
        counts.sent += u64::from(batch.events);
        app.demo.set(counts);
        if clock::now() - noted_at >= NOTE_EVERY {
            noted_at = clock::now();
            note(app, DemoState::Running, batch.until, counts).await?;
        }
    }
    counts.sent = counts.total;
    note(app, DemoState::Done, until, counts).await?;
    tracing::info!(events = counts.total, "the demo is filled");
    Ok(())
}

/// How often the place is noted; what was sent since is sent again after a crash, and counts once.
const NOTE_EVERY: Micros = model::time::SECOND;

async fn note(app: &App, state: DemoState, sent_until: Micros, counts: Sent) -> Result<(), MetaError> {
    let progress = DemoProgress { state, sent_until, sent: counts.sent, total: counts.total, error: None };
    app.meta.set_demo_progress(&progress).await
}
