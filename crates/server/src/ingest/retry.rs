//! Tries failed events again, under the rules of now: after a level, a channel or a version has changed.

use super::accept::{Incoming, RETRY_SOON_S, Refused, accept};
use crate::api::error::{ApiError, ApiResult};
use crate::api::outcomes::RetryResult;
use crate::app::App;
use crate::clock;
use model::project::ProjectRules;
use model::{Dialect, Event, NotStored, ProjectId, Reason, Uuid};
use store::{FailedEvent, FailedId};
use wire::Limits;

/// Which failed events.
pub enum Chosen {
    /// These, also when they were tried before.
    Ids(Vec<FailedId>),
    /// All of one reason that were not tried yet.
    Reason(Reason),
    /// All that were not tried yet.
    All,
}

/// Failed events read and tried together.
const PAGE: usize = 500;

/// Tries the chosen events again.
///
/// Each becomes a row, a duplicate or not kept; what is still wrong stays a failed event and is marked as tried.
///
/// # Errors
/// 404 for an unknown project, 503 when the store cannot write.
pub async fn run(app: &App, project: ProjectId, chosen: Chosen) -> ApiResult<RetryResult> {
    let directory = app.directory().await?;
    let rules = directory.rules(project).ok_or_else(|| ApiError::not_found("project"))?.clone();
    let mut result = RetryResult::default();
    let mut after = None;
    loop {
        let reason = if let Chosen::Reason(reason) = &chosen { Some(*reason) } else { None };
        let store = app.store.clone();
        let page = tokio::task::spawn_blocking(move || store.failed_events(project, reason, after, PAGE))
            .await
            .map_err(ApiError::internal)??;
        let Some(last) = page.last() else { return Ok(result) };
        after = Some(last.id);
        let wanted = page
            .into_iter()
            .filter(|event| match &chosen {
                Chosen::Ids(ids) => ids.contains(&event.id),
                Chosen::Reason(_) | Chosen::All => event.retried_at.is_none(),
            })
            .filter(|event| event.payload.is_some())
            .collect();
        try_page(app, &rules, wanted, &mut result).await?;
    }
}

async fn try_page(app: &App, rules: &ProjectRules, page: Vec<FailedEvent>, result: &mut RetryResult) -> ApiResult<()> {
    let mut still_wrong = Vec::new();
    let mut items = Vec::new();
    let mut retry_of = Vec::new();
    for failed in page {
        result.tried += 1;
        let decoded = decode(&failed, rules);
        if decoded.is_empty()
            || decoded
                .iter()
                .any(|item| matches!(item, Err(refused) if refused.reason.outcome() == model::Outcome::Failed))
        {
            still_wrong.push(failed.id);
        } else {
            items.extend(decoded);
            retry_of.push(failed.id);
        }
    }
    result.failed += still_wrong.len() as u64;
    if !still_wrong.is_empty() {
        let (store, project) = (app.store.clone(), rules.id);
        tokio::task::spawn_blocking(move || store.mark_retried(project, &still_wrong, clock::now()))
            .await
            .map_err(ApiError::internal)??;
    }
    if items.is_empty() {
        return Ok(());
    }
    let incoming = Incoming { rules: rules.clone(), trusted: false, items, retry_of };
    let accepted = accept(app, incoming).await.map_err(|refused| match refused {
        Refused::RateLimited { retry_after_s } => ApiError::rate_limited(retry_after_s),
        Refused::Overloaded => ApiError::rate_limited(RETRY_SOON_S),
        Refused::Store(error) => error.into(),
        Refused::Stopping => ApiError::unavailable("the server is stopping; try again"),
    })?;
    result.stored += accepted.stored;
    result.duplicate += accepted.duplicate;
    result.not_kept += accepted.not_kept;
    Ok(())
}

/// Decodes one kept payload as its dialect would have, at the instant at which it came.
fn decode(failed: &FailedEvent, rules: &ProjectRules) -> Vec<Result<Event, NotStored>> {
    let limits = Limits::default();
    let payload = failed.payload.as_deref().unwrap_or_default().as_bytes();
    // Tried twice it is still the same event, also when its client gave it no id.
    let name = [u64::from(rules.id.0).to_le_bytes(), failed.id.0.to_le_bytes()].concat();
    let mut new_uuid = || Uuid::new_v5(&Uuid::NAMESPACE_OID, &name);
    match failed.dialect {
        Dialect::Sunbird => {
            let validation = |_: Option<&str>| rules.sunbird_validation;
            wire::sunbird::decode(payload, failed.received_at, &validation, &limits)
                .map(|batch| batch.items.into_iter().map(|item| item.result).collect())
                .unwrap_or_default()
        }
        Dialect::Posthog => {
            super::posthog::decode_body(payload, failed.received_at, &mut new_uuid, &limits).unwrap_or_default()
        }
        Dialect::Native => vec![wire::native::decode_line(payload, failed.received_at, &limits, &mut new_uuid)],
    }
}
