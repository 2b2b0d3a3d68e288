//! Persons and their merges.

use super::error::{ApiError, ApiResult};
use super::input::Path;
use crate::app::App;
use crate::auth::Who;
use crate::clock::{self, rfc3339};
use axum::Json;
use axum::extract::State;
use meta::Role;
use model::ProjectId;
use model::person::ClaimKind;
use serde::Serialize;
use store::{IdentityWarningCode, Merge};
use utoipa::ToSchema;

/// A person after merging.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    /// The distinct_id that stands for the person.
    pub person: String,
    /// All ids of the person.
    pub distinct_ids: Vec<String>,
    /// Whether an identify, alias or merge named them.
    pub identified: bool,
    /// First seen, RFC 3339.
    pub created_at: String,
    /// Properties as they are now.
    #[schema(value_type = std::collections::HashMap<String, Object>)]
    pub properties: model::Properties,
}

/// The person behind a distinct_id.
#[utoipa::path(get, path = "/api/projects/{id}/persons/{distinct_id}", operation_id = "persons_show", tag = "persons",
    params(("id" = u32, Path), ("distinct_id" = String, Path)),
    responses((status = 200, body = PersonView), (status = 404)))]
pub async fn show(
    State(app): State<App>,
    who: Who,
    Path((id, distinct_id)): Path<(ProjectId, String)>,
) -> ApiResult<Json<PersonView>> {
    who.require_in(id, Role::Viewer)?;
    let person = app.store.person(id, &distinct_id).ok_or_else(|| ApiError::not_found("person"))?;
    Ok(Json(PersonView {
        person: person.distinct_id,
        distinct_ids: person.distinct_ids,
        identified: person.identified,
        created_at: rfc3339(person.created_at),
        properties: person.properties,
    }))
}

/// A merge that was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergeView {
    /// Number within the project.
    pub seq: u64,
    /// When the claim was made, RFC 3339.
    pub at: String,
    /// What claimed it.
    pub kind: ClaimKind,
    /// The id that stayed.
    pub into: String,
    /// The id that joined it.
    pub from: String,
    /// The uuid of the event that claimed it.
    pub event: String,
    /// Who undid it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<String>,
    /// When, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<String>,
}

impl From<Merge> for MergeView {
    fn from(merge: Merge) -> Self {
        let (undone_by, undone_at) = merge.undone.map(|undone| (undone.by, rfc3339(undone.at))).unzip();
        MergeView {
            seq: merge.seq,
            at: rfc3339(merge.at),
            kind: merge.kind,
            into: merge.target,
            from: merge.other,
            event: merge.event.to_string(),
            undone_by,
            undone_at,
        }
    }
}

/// A claim that was refused; its event was stored all the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct WarningView {
    /// When, RFC 3339.
    pub at: String,
    /// Why.
    #[schema(value_type = String)]
    pub code: IdentityWarningCode,
    /// What claimed it.
    pub kind: ClaimKind,
    /// The id of the event.
    pub distinct_id: String,
    /// The id that would have joined it.
    pub other: String,
}

/// Merges and refusals of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct Merges {
    /// Newest first.
    pub merges: Vec<MergeView>,
    /// Newest first, the last 1 000.
    pub warnings: Vec<WarningView>,
}

/// The merge log, and what was refused.
#[utoipa::path(get, path = "/api/projects/{id}/merges", operation_id = "persons_merges", tag = "persons", params(("id" = u32, Path)),
    responses((status = 200, body = Merges)))]
pub async fn merges(State(app): State<App>, who: Who, Path(id): Path<ProjectId>) -> ApiResult<Json<Merges>> {
    who.require_in(id, Role::Viewer)?;
    let warnings = app.store.identity_warnings(id).into_iter().map(|warning| WarningView {
        at: rfc3339(warning.at),
        code: warning.code,
        kind: warning.kind,
        distinct_id: warning.target,
        other: warning.other,
    });
    let merges = app.store.merges(id).into_iter().map(MergeView::from).collect();
    Ok(Json(Merges { merges, warnings: warnings.collect() }))
}

/// Undoes a merge: the ids are two persons again, for all events at once.
#[utoipa::path(post, path = "/api/projects/{id}/merges/{seq}/undo", operation_id = "persons_undo", tag = "persons",
    params(("id" = u32, Path), ("seq" = u64, Path)), responses((status = 200, body = MergeView), (status = 404)))]
pub async fn undo(
    State(app): State<App>,
    who: Who,
    Path((id, seq)): Path<(ProjectId, u64)>,
) -> ApiResult<Json<MergeView>> {
    who.require_in(id, Role::Admin)?;
    let store = app.store.clone();
    let by = who.member.email.clone();
    let merge = tokio::task::spawn_blocking(move || store.undo_merge(id, seq, &by, clock::now()))
        .await
        .map_err(ApiError::internal)??;
    Ok(Json(merge.into()))
}
