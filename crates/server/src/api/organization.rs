//! The organisation: one per server.

use super::error::ApiResult;
use super::input::Input;
use crate::app::App;
use crate::auth::Who;
use axum::Json;
use axum::extract::State;
use meta::{Organization, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The organisation as shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationView {
    /// Number.
    pub id: i64,
    /// Name.
    pub name: String,
}

impl From<Organization> for OrganizationView {
    fn from(organization: Organization) -> Self {
        OrganizationView { id: organization.id, name: organization.name }
    }
}

/// A name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedOrganization {
    /// 1 to 200 characters.
    pub name: String,
}

/// Names the organisation, or renames it.
#[utoipa::path(post, path = "/api/organization", operation_id = "organization_name_organization", tag = "access", request_body = NamedOrganization,
    responses((status = 200, body = OrganizationView)))]
pub async fn name_organization(
    State(app): State<App>,
    who: Who,
    Input(named): Input<NamedOrganization>,
) -> ApiResult<Json<OrganizationView>> {
    who.require_everywhere(Role::Owner)?;
    Ok(Json(app.meta.set_organization(&who.act(), &named.name).await?.into()))
}
