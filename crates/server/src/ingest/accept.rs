//! One way for every dialect: gate, WAL, live tail, counters.

use super::gate;
use crate::app::App;
use crate::live::{BATCH_ROWS_MAX, LiveBatch, NotKeptNotice};
use crate::{clock, limits};
use meta::Route;
use model::project::ProjectRules;
use model::{Dialect, Event, NotStored, ProjectId, Reason};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;
use store::{Batch, FailedId, Receipt, StoreError};
use tokio::sync::SemaphorePermit;

/// A decoded batch of one project.
pub struct Incoming {
    /// Where it goes.
    pub rules: ProjectRules,
    /// Whether it came with a secret key.
    pub trusted: bool,
    /// Its events, in the order sent.
    pub items: Vec<Result<Event, NotStored>>,
    /// The failed events that this batch tries again.
    pub retry_of: Vec<FailedId>,
}

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Became rows.
    pub stored: u64,
    /// Were rows already.
    pub duplicate: u64,
    /// Were wrong.
    pub failed: u64,
    /// Were not to be kept.
    pub not_kept: u64,
}

/// Why a batch was not accepted; nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Too many requests: 429.
    #[error("too many requests; try again in {retry_after_s} s")]
    RateLimited {
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// More than the server can take now: 429, but 503 where the client throws away what gets a 429.
    #[error("more events than the server can take now; try again in {RETRY_SOON_S} s")]
    Overloaded,
    /// The store cannot write now: 503, and the client sends it again with the same ids.
    #[error("the batch could not be written; send it again")]
    Store(StoreError),
    /// The server is stopping: 503.
    #[error("the server is stopping; send it again")]
    Stopping,
}

/// An overload passes soon.
pub const RETRY_SOON_S: u64 = 1;

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Refused {
        match error {
            StoreError::Overloaded { .. } => Refused::overloaded(),
            error => Refused::Store(error),
        }
    }
}

impl Refused {
    fn overloaded() -> Refused {
        metrics::counter!("telemetry_overloaded_total").increment(1);
        Refused::Overloaded
    }
}

/// A request waits at most so long for a place. A burst of a moment passes without a refusal; and in an overload that
/// lasts, a connection learns of it twice a second and not as often as it can ask: each refusal costs what accepting
/// some events would.
const PLACE_WAIT_MAX: Duration = Duration::from_millis(500);

/// Takes a place among the requests in work; held until the batch is answered. The body is read before, so that the
/// connection can be used again, and nothing of it is decoded without a place.
///
/// # Errors
/// [`Refused::Overloaded`]: none became free in time.
pub async fn take_place(app: &App) -> Result<SemaphorePermit<'_>, Refused> {
    match tokio::time::timeout(PLACE_WAIT_MAX, app.ingest_turns.acquire()).await {
        Ok(place) => Ok(place.expect("the semaphore is never closed")),
        Err(_) => Err(Refused::overloaded()),
    }
}

/// Takes one turn of the network's own rate limit, before its body is read: nothing is decoded for a flood.
///
/// # Errors
/// [`Refused::RateLimited`].
pub fn take_network_turn(app: &App, client: IpAddr) -> Result<(), Refused> {
    // No project has the number 0.
    take_turn(app, ProjectId(0), client)
}

/// Takes one turn of the project's rate limit.
///
/// # Errors
/// [`Refused::RateLimited`].
pub fn take_turn(app: &App, project: ProjectId, client: IpAddr) -> Result<(), Refused> {
    app.ingest_limit.take(&(project.0, limits::network(client))).map_err(|retry_after_s| {
        metrics::counter!("telemetry_rate_limited_total").increment(1);
        Refused::RateLimited { retry_after_s }
    })
}

/// Makes a batch durable, or refuses it whole.
///
/// # Errors
/// [`Refused::Store`] or [`Refused::Stopping`]; the client may send the batch again.
pub async fn accept(app: &App, incoming: Incoming) -> Result<Accepted, Refused> {
    let project = incoming.rules.id;
    let gated = gate::pass(&incoming.rules, incoming.items, clock::now());
    let (received, not_kept) = (gated.events.len() as u64, notices(&gated.not_stored));
    let mut accepted = Accepted::default();
    for refused in &gated.not_stored {
        match refused.reason.outcome() {
            model::Outcome::Failed => accepted.failed += 1,
            model::Outcome::NotKept => accepted.not_kept += 1,
        }
    }
    // Cloned only while somebody watches.
    let shown = if app.live.is_watched() { BATCH_ROWS_MAX } else { 0 };
    let watched = gated.events.iter().take(shown).cloned().collect();
    let batch = Batch {
        project,
        received_at: clock::now(),
        trusted: incoming.trusted,
        events: gated.events,
        not_stored: gated.not_stored,
        removed_fields: gated.removed_fields.into_iter().collect(),
        retry_of: incoming.retry_of,
    };
    let receipt = submit(app, batch).await?;
    accepted.stored = u64::from(receipt.stored);
    accepted.duplicate = received - accepted.stored;
    count(&accepted, &not_kept);
    if app.live.is_watched() {
        publish(app, project, watched, &receipt, not_kept);
    }
    Ok(accepted)
}

/// Hands a batch to the store and waits until it is durable, without holding a thread.
async fn submit(app: &App, batch: Batch) -> Result<Receipt, Refused> {
    let (done, waiting) = tokio::sync::oneshot::channel();
    let answer = Box::new(move |result| {
        // Nobody waits when the client has gone; the batch is durable all the same.
        let _ = done.send(result);
    });
    app.store.submit(batch, answer);
    match waiting.await {
        Ok(result) => Ok(result?),
        Err(_) => Err(Refused::Stopping),
    }
}

/// An event whose key or channel is not that of its batch: nobody can say whose it is, so it is kept as failed, and
/// what was wrong with it anyway stays the reason.
pub fn foreign(result: Result<Event, NotStored>, dialect: Dialect, detail: &str) -> Result<Event, NotStored> {
    Err(match result {
        Ok(event) => NotStored {
            reason: Reason::ForeignKey,
            event: event.event.to_string(),
            detail: detail.to_owned(),
            payload: None,
            dialect,
        },
        Err(refused) => NotStored { payload: None, ..refused },
    })
}

/// A body that could not be read at all: one failed event, without payload, so that it is counted where its
/// owner looks.
pub fn unreadable(dialect: Dialect, detail: String) -> Result<Event, NotStored> {
    Err(NotStored { reason: Reason::UnreadableBatch, event: String::new(), detail, payload: None, dialect })
}

fn notices(not_stored: &[NotStored]) -> Vec<NotKeptNotice> {
    let mut counted: BTreeMap<(Reason, &str), u64> = BTreeMap::new();
    for refused in not_stored {
        *counted.entry((refused.reason, refused.event.as_str())).or_default() += 1;
    }
    counted
        .into_iter()
        .map(|((reason, event), count)| NotKeptNotice {
            outcome: reason.outcome(),
            reason,
            event: event.to_owned(),
            count,
        })
        .collect()
}

fn count(accepted: &Accepted, not_kept: &[NotKeptNotice]) {
    metrics::counter!("telemetry_events_total", "outcome" => "stored").increment(accepted.stored);
    metrics::counter!("telemetry_events_total", "outcome" => "duplicate").increment(accepted.duplicate);
    for notice in not_kept {
        // By reason only: event names come from outside and would make labels without end.
        metrics::counter!("telemetry_events_not_stored_total", "reason" => notice.reason.code())
            .increment(notice.count);
    }
}

fn publish(app: &App, project: ProjectId, events: Vec<Event>, receipt: &Receipt, mut not_kept: Vec<NotKeptNotice>) {
    not_kept.truncate(BATCH_ROWS_MAX);
    let snapshot = app.store.snapshot(project);
    let rows = events
        .into_iter()
        .enumerate()
        .filter(|(index, _)| u32::try_from(*index).is_ok_and(|index| receipt.duplicates.binary_search(&index).is_err()))
        .map(|(_, mut event)| {
            event.received_at = receipt.received_at;
            query::event_row(&event, &query::person_of(&snapshot, &event.distinct_id))
        })
        .collect();
    app.live.publish(LiveBatch { project, events: rows, not_kept });
}

/// Items of one batch that go to different projects.
#[derive(Default)]
pub struct ByProject {
    groups: BTreeMap<ProjectId, (Route, Vec<Result<Event, NotStored>>)>,
}

impl ByProject {
    /// Whether no item found a project.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Adds one item to its project.
    pub fn push(&mut self, route: Route, item: Result<Event, NotStored>) {
        self.groups.entry(route.rules.id).or_insert_with(|| (route, Vec::new())).1.push(item);
    }

    /// Adds an item that found no project to the first one; nothing happens when there is none.
    pub fn push_to_first(&mut self, item: Result<Event, NotStored>) {
        if let Some((_, items)) = self.groups.values_mut().next() {
            items.push(item);
        }
    }

    /// Accepts each project's items.
    ///
    /// # Errors
    /// The first refusal; projects before it are kept, and sending again does not count them twice.
    pub async fn accept(self, app: &App, client: IpAddr) -> Result<Accepted, Refused> {
        for project in self.groups.keys() {
            take_turn(app, *project, client)?;
        }
        let mut sum = Accepted::default();
        for (route, items) in self.groups.into_values() {
            app.note_key_use(route.key, clock::now());
            let incoming = Incoming { rules: route.rules, trusted: route.trusted, items, retry_of: Vec::new() };
            let one = accept(app, incoming).await?;
            sum.stored += one.stored;
            sum.duplicate += one.duplicate;
            sum.failed += one.failed;
            sum.not_kept += one.not_kept;
        }
        Ok(sum)
    }
}
