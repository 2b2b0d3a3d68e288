//! A question that is answered while its asker is told how far it is, as server-sent events.

use super::error::{ApiError, ApiResult, ErrorBody};
use axum::response::sse::{Event, Sse};
use futures::stream::{self, BoxStream, StreamExt};
use model::insight::Answer;
use query::Progress;
use serde::Serialize;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// Time between two events.
const TICK: Duration = Duration::from_millis(100);

/// Rows of a running question.
#[derive(Serialize)]
struct Rows {
    read: u64,
    planned: u64,
}

/// The events of a question under way. Dropped, they drop `answering`.
///
/// # Errors
/// Those of a question that fails before the first event.
pub async fn stream(
    answering: impl Future<Output = ApiResult<Answer>> + Send + 'static,
    progress: Arc<Progress>,
) -> ApiResult<Sse<BoxStream<'static, Result<Event, Infallible>>>> {
    let mut answering: Pin<Box<dyn Future<Output = ApiResult<Answer>> + Send>> = Box::pin(answering);
    // A wrong question is refused at once, and has the status of its error.
    let events = match tokio::time::timeout(TICK, &mut answering).await {
        Ok(answer) => {
            let answer = answer?;
            stream::once(async move { Ok(message("answer", &answer)) }).boxed()
        }
        Err(_) => stream::unfold((Some(answering), progress), next).boxed(),
    };
    Ok(Sse::new(events))
}

type State = (Option<Pin<Box<dyn Future<Output = ApiResult<Answer>> + Send>>>, Arc<Progress>);

/// How far it is now; the answer if it is there within one more tick.
async fn next((answering, progress): State) -> Option<(Result<Event, Infallible>, State)> {
    let mut answering = answering?;
    let (event, left) = match tokio::time::timeout(TICK, &mut answering).await {
        Ok(Ok(answer)) => (message("answer", &answer), None),
        Ok(Err(error)) => (message("error", &ErrorBody { error: *error.detail }), None),
        Err(_) => {
            let rows = Rows { read: progress.read(), planned: progress.planned() };
            (message("progress", &rows), Some(answering))
        }
    };
    Some((Ok(event), (left, progress)))
}

fn message(name: &str, data: &impl Serialize) -> Event {
    match Event::default().event(name).json_data(data) {
        Ok(event) => event,
        Err(error) => {
            let body = ErrorBody { error: *ApiError::internal(error).detail };
            Event::default().event("error").data(serde_json::json!(body).to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    #[tokio::test]
    async fn who_waits_is_told_until_the_answer_is_there_and_who_goes_ends_it() {
        let ask = async || {
            let (tell, told) = tokio::sync::oneshot::channel();
            let answering = async move { told.await.unwrap_or_else(|_| Err(ApiError::not_found("answer"))) };
            let events = stream(answering, Arc::default()).await.expect("it has not failed yet");
            (tell, events.into_response().into_body().into_data_stream())
        };
        let (tell, mut body) = ask().await;
        let first = body.next().await.expect("an event").expect("readable");
        assert_eq!(&first[..], b"event: progress\ndata: {\"read\":0,\"planned\":0}\n\n");
        tell.send(Err(ApiError::conflict("no"))).expect("somebody waits");
        let rest: Vec<_> = body.map(|event| String::from_utf8(event.expect("readable").to_vec())).collect().await;
        let last = rest.last().and_then(|last| last.as_deref().ok()).unwrap_or_default();
        assert!(last.starts_with("event: error\ndata: {\"error\":{\"code\":\"conflict\""), "{rest:?}");

        let (tell, body) = ask().await;
        drop(body);
        assert!(tell.is_closed());
    }

    #[tokio::test]
    async fn what_fails_at_once_has_the_status_of_its_error() {
        let failed = stream(async { Err(ApiError::field("steps", "are missing")) }, Arc::default()).await;
        assert_eq!(failed.map(drop).expect_err("it failed").status, axum::http::StatusCode::BAD_REQUEST);
    }
}
