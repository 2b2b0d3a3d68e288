//! The organisation. One per server.

use crate::database::Write;
use crate::{Act, Meta, MetaError, limits};
use model::Micros;

/// The organisation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Organization {
    /// Always 1.
    pub id: i64,
    /// As people call it.
    pub name: String,
    /// When it was named first.
    pub created_at: Micros,
}

impl Meta {
    /// The organisation; `None` before set-up has named it.
    pub async fn organization(&self) -> Result<Option<Organization>, MetaError> {
        let row = sqlx::query_as("SELECT id, name, created_at FROM organization WHERE id = 1")
            .fetch_optional(&self.readers)
            .await?;
        Ok(row)
    }

    /// Names the organisation, the first time and later.
    pub async fn set_organization(&self, act: &Act<'_>, name: &str) -> Result<Organization, MetaError> {
        let mut write = self.write().await?;
        let organization = write.set_organization(act, name).await?;
        write.commit().await?;
        Ok(organization)
    }
}

impl Write {
    pub(crate) async fn set_organization(&mut self, act: &Act<'_>, name: &str) -> Result<Organization, MetaError> {
        let name = limits::name("name", name)?;
        let organization: Organization = sqlx::query_as(
            "INSERT INTO organization (id, name, created_at) VALUES (1, $1, $2)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name
             RETURNING id, name, created_at",
        )
        .bind(name)
        .bind(act.at)
        .fetch_one(self.on())
        .await?;
        self.audit(act, "organization.name", "organization".to_owned(), organization.name.clone()).await?;
        Ok(organization)
    }
}
