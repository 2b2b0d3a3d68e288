//! Cohorts: named sets of persons, listed or by rule, for use as filter and breakdown of every question.

use super::error::{ApiError, ApiResult};
use super::input::{Input, ListInput, Path, Query};
use super::questions::off_runtime;
use crate::app::App;
use crate::auth::Who;
use crate::clock::{self, rfc3339};
use crate::definitions::Definitions;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meta::{COHORT_MEMBERS_MAX, Cohort, CohortChange, NewCohort, NewMembers, Role};
use model::ProjectId;
use model::cohort::{CohortId, CohortRule};
use model::insight::people::PeopleQuestion;
use query::{BoundCohort, KnownMembers};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// A cohort as shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct CohortView {
    /// Number; what `in_cohort` and `cohorts` say.
    pub id: CohortId,
    /// Name.
    pub name: String,
    /// What it is good for.
    pub description: String,
    /// Whom it takes; absent: its members are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<CohortRule>,
    /// How many distinct_ids are listed; 0 with a rule. How many persons they are says the list of people.
    pub listed: u64,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

impl From<Cohort> for CohortView {
    fn from(cohort: Cohort) -> Self {
        let Cohort { id, name, description, rule, listed, created_at, updated_at } = cohort;
        let (created_at, updated_at) = (rfc3339(created_at), rfc3339(updated_at));
        CohortView { id, name, description, rule, listed, created_at, updated_at }
    }
}

/// Cohorts of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cohorts {
    /// By name.
    pub cohorts: Vec<CohortView>,
}

/// Lists the cohorts.
#[utoipa::path(get, path = "/api/projects/{id}/cohorts", operation_id = "cohorts_list", tag = "cohorts", params(("id" = u32, Path)),
    responses((status = 200, body = Cohorts)))]
pub async fn list(State(app): State<App>, who: Who, Path(id): Path<ProjectId>) -> ApiResult<Json<Cohorts>> {
    who.require_in(id, Role::Viewer)?;
    let cohorts = app.meta.cohorts(id).await?.into_iter().map(CohortView::from).collect();
    Ok(Json(Cohorts { cohorts }))
}

/// A cohort to be made, with one of `rule`, `members` and `people`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CohortInput {
    /// 1 to 200 characters.
    pub name: String,
    /// What it is good for.
    #[serde(default)]
    pub description: String,
    /// Whom it takes; checked.
    pub rule: Option<CohortRule>,
    /// The persons behind these distinct_ids, at most 100 000; a file of them goes to `PUT …/members`.
    pub members: Option<Vec<String>>,
    /// The people behind a number, as they are now.
    pub people: Option<PeopleQuestion>,
}

/// Makes a cohort: by a rule, out of a list, or of the people behind a number.
#[utoipa::path(post, path = "/api/projects/{id}/cohorts", operation_id = "cohorts_create", tag = "cohorts", params(("id" = u32, Path)),
    request_body(content = CohortInput, examples(
        ("rule" = (value = json!({"name": "Pay often", "rule": {"all": [
            {"person": {"property": "role", "value": "parent"}},
            {"performed": {"event": {"event": "pay"}, "when": {"last": {"count": 30, "unit": "day"}},
                "times": {"operator": "gte", "value": 3}}},
            {"not": {"cohort": 4}}]}}))),
        ("members" = (value = json!({"name": "Pilot schools", "members": ["u-17", "u-18"]}))),
        ("people" = (value = json!({"name": "Gave up at the second step", "people": {
            "question": {"kind": "funnel", "steps": [{"event": "signup"}, {"event": "pay"}], "date_from": "-30d"},
            "cell": {"step": -2}}}))))),
    responses((status = 201, body = CohortView), (status = 400, description = "the rule, list or number is wrong; `path` says where"),
        (status = 422, description = "too slow or too large; the message says what to narrow")))]
pub async fn create(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Input(new): Input<CohortInput>,
) -> ApiResult<(StatusCode, Json<CohortView>)> {
    who.require_in(id, Role::Member)?;
    let members = match (new.rule, new.members, new.people) {
        (Some(rule), None, None) => {
            check_rule(&app, id, (0, &rule)).await?;
            NewMembers::Rule(rule)
        }
        (None, Some(members), None) => NewMembers::Listed(members),
        (None, None, Some(people)) => NewMembers::Listed(people_of(&app, id, people).await?),
        _ => return Err(ApiError::field("rule", "give one of `rule`, `members` and `people`")),
    };
    let new = NewCohort { name: new.name, description: new.description, members };
    let made = app.meta.create_cohort(&who.act(), id, &new).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// A rule that a question could use, which does not lead back to its own cohort (0: a new one).
async fn check_rule(app: &App, id: ProjectId, (cohort, rule): (CohortId, &CohortRule)) -> ApiResult<()> {
    let project = app.meta.project(id).await?;
    let json = serde_json::to_value(rule).map_err(ApiError::internal)?;
    let definitions = Definitions::of(&app.meta, id, &json).await?;
    query::bind_cohort((cohort, rule), &project.clock(), clock::now(), &definitions.known_alone())?;
    Ok(())
}

/// The people behind a number, by the distinct_ids that stand for them.
async fn people_of(app: &App, id: ProjectId, asked: PeopleQuestion) -> ApiResult<Vec<String>> {
    let json = serde_json::to_vec(&asked).map_err(ApiError::internal)?;
    let (asked, question, asked_at) = query::parse_people(&json).map_err(|error| error.under("people"))?;
    let project = app.meta.project(id).await?;
    let definitions = Definitions::of(&app.meta, id, &asked.question).await?;
    off_runtime(app, id, move |snapshot, limits| {
        let now = asked_at.unwrap_or_else(clock::now);
        let known = definitions.known(snapshot);
        let bound = query::bind_people((&asked, &question), &project.clock(), now, &known);
        let bound = bound.map_err(|error| error.under("people"))?;
        Ok(query::all_people(snapshot, &bound, COHORT_MEMBERS_MAX, limits)?)
    })
    .await
}

/// One cohort.
#[utoipa::path(get, path = "/api/projects/{id}/cohorts/{cohort}", operation_id = "cohorts_get", tag = "cohorts",
    params(("id" = u32, Path), ("cohort" = i64, Path)), responses((status = 200, body = CohortView), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    who: Who,
    Path((id, cohort)): Path<(ProjectId, CohortId)>,
) -> ApiResult<Json<CohortView>> {
    who.require_in(id, Role::Viewer)?;
    Ok(Json(app.meta.cohort(id, cohort).await?.into()))
}

/// What changes of a cohort.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CohortUpdate {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New rule; checked. Only of a cohort that has one.
    pub rule: Option<CohortRule>,
    /// New list; only of a cohort that has one.
    pub members: Option<Vec<String>>,
}

/// Changes a cohort.
#[utoipa::path(patch, path = "/api/projects/{id}/cohorts/{cohort}", operation_id = "cohorts_update", tag = "cohorts",
    params(("id" = u32, Path), ("cohort" = i64, Path)), request_body = CohortUpdate,
    responses((status = 200, body = CohortView), (status = 400, description = "the rule or list is wrong"), (status = 404)))]
pub async fn update(
    State(app): State<App>,
    who: Who,
    Path((id, cohort)): Path<(ProjectId, CohortId)>,
    Input(change): Input<CohortUpdate>,
) -> ApiResult<Json<CohortView>> {
    who.require_in(id, Role::Member)?;
    if let Some(rule) = &change.rule {
        check_rule(&app, id, (cohort, rule)).await?;
    }
    let CohortUpdate { name, description, rule, members } = change;
    let change = CohortChange { name, description, rule, listed: members };
    Ok(Json(app.meta.update_cohort(&who.act(), id, cohort, &change).await?.into()))
}

/// Deletes a cohort; questions and cohorts that name it are wrong from then on.
#[utoipa::path(delete, path = "/api/projects/{id}/cohorts/{cohort}", operation_id = "cohorts_remove", tag = "cohorts",
    params(("id" = u32, Path), ("cohort" = i64, Path)), responses((status = 204), (status = 404)))]
pub async fn remove(
    State(app): State<App>,
    who: Who,
    Path((id, cohort)): Path<(ProjectId, CohortId)>,
) -> ApiResult<StatusCode> {
    who.require_in(id, Role::Member)?;
    app.meta.delete_cohort(&who.act(), id, cohort).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces the list of a listed cohort by that of a file: CSV with the ids in its first column, a header `distinct_id`
/// may stand above them; or just an id per line. At most 100 000.
#[utoipa::path(put, path = "/api/projects/{id}/cohorts/{cohort}/members", operation_id = "cohorts_upload", tag = "cohorts",
    params(("id" = u32, Path), ("cohort" = i64, Path)), request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = CohortView), (status = 400, description = "no text, no ids, or too many"), (status = 404),
        (status = 413)))]
pub async fn upload(
    State(app): State<App>,
    who: Who,
    Path((id, cohort)): Path<(ProjectId, CohortId)>,
    ListInput(body): ListInput,
) -> ApiResult<Json<CohortView>> {
    who.require_in(id, Role::Member)?;
    let text = std::str::from_utf8(&body.bytes).map_err(|_| ApiError::field("members", "is no UTF-8 text"))?;
    let ids = first_column(text);
    if ids.is_empty() {
        return Err(ApiError::field("members", "has no ids"));
    }
    let change = CohortChange { listed: Some(ids), ..CohortChange::default() };
    Ok(Json(app.meta.update_cohort(&who.act(), id, cohort, &change).await?.into()))
}

/// The first field of each line that has one, without the header.
fn first_column(text: &str) -> Vec<String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = csv::ReaderBuilder::new();
    let mut lines = lines.has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    // Text that is UTF-8 and of any number of fields has no other errors.
    let first = lines.records().filter_map(|line| line.ok()?.get(0).map(str::to_owned));
    let mut ids: Vec<String> = first.filter(|id| !id.is_empty()).collect();
    if ids.first().is_some_and(|id| id == "distinct_id") {
        ids.remove(0);
    }
    ids
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CohortPeopleQuery {
    /// At most 1 000; 100 when absent.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<u32>,
}

/// A page of the people of a cohort.
#[derive(Debug, Serialize, ToSchema)]
pub struct CohortPeople {
    /// The distinct_ids that stand for them, in the order in which the store first met them.
    pub people: Vec<String>,
    /// How many there are on all pages: the size of the cohort.
    pub persons: u64,
    /// Pass as `after` for the next page; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u32>,
    /// When this was found out, RFC 3339 UTC.
    pub counted_at: String,
}

/// The people of a cohort as it is now, a page at a time.
#[utoipa::path(get, path = "/api/projects/{id}/cohorts/{cohort}/people", operation_id = "cohorts_people", tag = "cohorts",
    params(("id" = u32, Path), ("cohort" = i64, Path), CohortPeopleQuery),
    responses((status = 200, body = CohortPeople), (status = 404),
        (status = 422, description = "too slow or too large; the message says what to narrow")))]
pub async fn people(
    State(app): State<App>,
    who: Who,
    Path((id, cohort)): Path<(ProjectId, CohortId)>,
    Query(page): Query<CohortPeopleQuery>,
) -> ApiResult<Json<CohortPeople>> {
    who.require_in(id, Role::Viewer)?;
    let project = app.meta.project(id).await?;
    app.meta.cohort(id, cohort).await?;
    let definitions = Definitions::of_cohort(&app.meta, id, cohort).await?;
    let answer = off_runtime(&app, id, move |snapshot, limits| {
        let now = clock::now();
        let known = definitions.known(snapshot);
        let found = known.cohorts.get(&cohort).ok_or_else(|| ApiError::not_found("cohort"))?;
        let bound = match &found.members {
            KnownMembers::Listed(ids) => BoundCohort::Listed(ids.clone()),
            KnownMembers::Rule(rule) => query::bind_cohort((cohort, rule), &project.clock(), now, &known)?,
        };
        let asked = (page.limit.unwrap_or(100).clamp(1, 1_000), page.after);
        let page = query::cohort_people(snapshot, &Arc::new(bound), asked, limits)?;
        let (people, persons, next) = (page.people, page.persons, page.next);
        Ok(CohortPeople { people, persons, next, counted_at: query::rfc3339(now) })
    })
    .await?;
    Ok(Json(answer))
}

/// A rule as it stands, saved or not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleInput {
    /// Whom it takes; checked.
    pub rule: CohortRule,
    /// The cohort that it is to be the rule of, if there is one: a rule that leads back to it is wrong.
    #[serde(default)]
    pub cohort: CohortId,
}

/// How many persons a rule takes.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleSize {
    /// Persons.
    pub persons: u64,
    /// When this was found out, RFC 3339 UTC.
    pub counted_at: String,
}

/// How many persons a rule takes now, before it is saved.
#[utoipa::path(post, path = "/api/projects/{id}/cohorts/size", operation_id = "cohorts_size", tag = "cohorts", params(("id" = u32, Path)),
    request_body = RuleInput,
    responses((status = 200, body = RuleSize), (status = 400, description = "the rule is wrong; `path` says where"),
        (status = 422, description = "too slow or too large; the message says what to narrow")))]
pub async fn size(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Input(asked): Input<RuleInput>,
) -> ApiResult<Json<RuleSize>> {
    who.require_in(id, Role::Viewer)?;
    let project = app.meta.project(id).await?;
    let json = serde_json::to_value(&asked.rule).map_err(ApiError::internal)?;
    let definitions = Definitions::of(&app.meta, id, &json).await?;
    let answer = off_runtime(&app, id, move |snapshot, limits| {
        let now = clock::now();
        let known = definitions.known(snapshot);
        let bound = query::bind_cohort((asked.cohort, &asked.rule), &project.clock(), now, &known)?;
        let persons = query::cohort_people(snapshot, &Arc::new(bound), (1, None), limits)?.persons;
        Ok(RuleSize { persons, counted_at: query::rfc3339(now) })
    })
    .await?;
    Ok(Json(answer))
}

#[cfg(test)]
mod tests {
    use super::first_column;

    #[test]
    fn a_file_of_ids_is_read_by_its_first_column() {
        let csv = "\u{feff}distinct_id,name\nu-1,Asha\n\"u,2\", Ravi\n\n\"say \"\"u3\"\"\"\r\n u 5 \n,x\n";
        assert_eq!(first_column(csv), ["u-1", "u,2", "say \"u3\"", "u 5"]);
        assert!(first_column("distinct_id\n").is_empty());
        assert!(first_column("").is_empty());
    }
}
