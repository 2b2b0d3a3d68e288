//! The live tail as server-sent events.

use super::error::ApiResult;
use super::input::{Path, Query};
use crate::app::App;
use crate::auth::Who;
use crate::live::LiveBatch;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, Stream, StreamExt};
use meta::Role;
use model::ProjectId;
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use utoipa::IntoParams;

/// Which events to watch.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LiveQuery {
    /// Only this event name.
    event: Option<String>,
    /// Only this distinct_id.
    distinct_id: Option<String>,
}

/// Events as they are stored (`event: event`), and what was not (`event: notkept`); `event: missed` tells how many
/// batches a slow reader lost.
#[utoipa::path(get, path = "/api/projects/{id}/live", operation_id = "live_watch", tag = "data", params(("id" = u32, Path), LiveQuery),
    responses((status = 200, content_type = "text/event-stream", body = String)))]
pub async fn watch(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Query(filter): Query<LiveQuery>,
) -> ApiResult<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    who.require_in(id, Role::Viewer)?;
    app.meta.project(id).await?;
    let source = (app.live.watch(), app.stop.clone());
    let batches = stream::unfold(source, |(mut batches, mut stop)| async move {
        let received = tokio::select! {
            received = batches.recv() => received,
            // The server is stopping: ending the stream lets the drain finish.
            _ = stop.wait_for(|stopping| *stopping) => return None,
        };
        match received {
            Ok(batch) => Some((Ok(batch), (batches, stop))),
            Err(RecvError::Lagged(missed)) => Some((Err(missed), (batches, stop))),
            Err(RecvError::Closed) => None,
        }
    });
    let opened = stream::iter([Event::default().comment("open")]);
    let events = batches.flat_map(move |batch| {
        stream::iter(match batch {
            Ok(batch) => messages(&batch, id, &filter),
            Err(missed) => vec![Event::default().event("missed").data(missed.to_string())],
        })
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15)).text("ping");
    Ok(Sse::new(opened.chain(events).map(Ok)).keep_alive(keep_alive))
}

fn messages(batch: &Arc<LiveBatch>, project: ProjectId, filter: &LiveQuery) -> Vec<Event> {
    if batch.project != project {
        return Vec::new();
    }
    let wanted =
        |asked: &Option<String>, value: &str| asked.as_deref().is_none_or(|asked| asked.is_empty() || asked == value);
    let stored = batch
        .events
        .iter()
        .filter(|row| wanted(&filter.event, &row.event) && wanted(&filter.distinct_id, &row.distinct_id))
        .filter_map(|row| Event::default().event("event").json_data(row).ok());
    let not_kept = batch
        .not_kept
        .iter()
        .filter(|notice| wanted(&filter.event, &notice.event) && filter.distinct_id.is_none())
        .filter_map(|notice| Event::default().event("notkept").json_data(notice).ok());
    stored.chain(not_kept).collect()
}
