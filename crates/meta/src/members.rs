//! Members: the people who may open the page. There is always an owner.

use crate::database::Write;
use crate::error::is_taken;
use crate::words::Word;
use crate::{Act, Meta, MetaError, limits};
use model::Micros;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The number of a member; never given twice.
pub type MemberId = i64;

/// What a member may do. Ordered: a higher role may do all that a lower one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Saves insights and dashboards.
    Member,
    /// Changes projects, keys and members.
    Admin,
    /// Everything, the organisation included.
    Owner,
}

impl Word for Role {
    const ALL: &'static [Role] = &[Role::Viewer, Role::Member, Role::Admin, Role::Owner];
    fn word(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Member => "member",
            Role::Admin => "admin",
            Role::Owner => "owner",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// The language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Hindi.
    Hi,
}

impl Word for Language {
    const ALL: &'static [Language] = &[Language::En, Language::Hi];
    fn word(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Hi => "hi",
        }
    }
}

/// A member. The password hash never leaves with it; see [`Meta::member_for_login`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Number.
    pub id: MemberId,
    /// As written; unique without regard to case.
    pub email: String,
    /// As people call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Language of the page.
    pub language: Language,
    /// When they were added.
    pub created_at: Micros,
    /// When they logged in last.
    pub last_login_at: Option<Micros>,
}

/// A member to be added.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// Unique without regard to case.
    pub email: String,
    /// 1 to 200 characters.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Language of the page.
    pub language: Language,
    /// Made by the caller (PHC string); opaque here.
    pub password_hash: String,
}

/// What changes of a member; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct MemberChange {
    /// New name.
    pub name: Option<String>,
    /// New role.
    pub role: Option<Role>,
    /// New language.
    pub language: Option<Language>,
}

/// A row of `member` as it stands in the database.
#[derive(sqlx::FromRow)]
pub(crate) struct MemberRow {
    id: i64,
    email: String,
    name: String,
    role: String,
    language: String,
    created_at: i64,
    last_login_at: Option<i64>,
}

impl MemberRow {
    pub(crate) fn member(self) -> Result<Member, MetaError> {
        Ok(Member {
            id: self.id,
            email: self.email,
            name: self.name,
            role: Role::from_column("member", "role", &self.role)?,
            language: Language::from_column("member", "language", &self.language)?,
            created_at: self.created_at,
            last_login_at: self.last_login_at,
        })
    }
}

impl Meta {
    /// Whether nobody can log in yet, so that the set-up page is due.
    pub async fn needs_setup(&self) -> Result<bool, MetaError> {
        let members: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM member").fetch_one(&self.readers).await?;
        Ok(members == 0)
    }

    /// All members, by name.
    pub async fn members(&self) -> Result<Vec<Member>, MetaError> {
        let rows: Vec<MemberRow> = sqlx::query_as(
            "SELECT id, email, name, role, language, created_at, last_login_at FROM member ORDER BY name, id",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(MemberRow::member).collect()
    }

    /// One member.
    pub async fn member(&self, id: MemberId) -> Result<Member, MetaError> {
        let row: Option<MemberRow> = sqlx::query_as(
            "SELECT id, email, name, role, language, created_at, last_login_at FROM member WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.ok_or(MetaError::not_found("member"))?.member()
    }

    /// The member with this email address and their password hash; `None` when there is none.
    pub async fn member_for_login(&self, email: &str) -> Result<Option<(Member, String)>, MetaError> {
        let found: Option<(i64, String)> = sqlx::query_as("SELECT id, password_hash FROM member WHERE email_key = $1")
            .bind(limits::email_key(email))
            .fetch_optional(&self.readers)
            .await?;
        match found {
            None => Ok(None),
            Some((id, password_hash)) => Ok(Some((self.member(id).await?, password_hash))),
        }
    }

    /// The password hash of a member, to check the current password before it is changed.
    pub async fn password_hash(&self, id: MemberId) -> Result<String, MetaError> {
        sqlx::query_scalar("SELECT password_hash FROM member WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.readers)
            .await?
            .ok_or(MetaError::not_found("member"))
    }

    /// Adds the first member, as owner whatever `new.role` says. [`MetaError::Conflict`] once there is a member.
    pub async fn create_first_owner(&self, act: &Act<'_>, new: &NewMember) -> Result<Member, MetaError> {
        let mut write = self.write().await?;
        let member = write.create_first_owner(act, new).await?;
        write.commit().await?;
        Ok(member)
    }

    /// Adds a member.
    pub async fn create_member(&self, act: &Act<'_>, new: &NewMember) -> Result<Member, MetaError> {
        let mut write = self.write().await?;
        let member = write.create_member(act, new).await?;
        write.commit().await?;
        Ok(member)
    }

    /// Changes a member. [`MetaError::LastOwner`] when nobody would be owner afterwards.
    pub async fn update_member(&self, act: &Act<'_>, id: MemberId, change: &MemberChange) -> Result<Member, MetaError> {
        let name = change.name.as_deref().map(|name| limits::name("name", name)).transpose()?;
        let mut write = self.write().await?;
        let row: Option<MemberRow> = sqlx::query_as(
            "UPDATE member
             SET name = COALESCE($2, name), role = COALESCE($3, role), language = COALESCE($4, language)
             WHERE id = $1
             RETURNING id, email, name, role, language, created_at, last_login_at",
        )
        .bind(id)
        .bind(name)
        .bind(change.role.map(Word::word))
        .bind(change.language.map(Word::word))
        .fetch_optional(write.on())
        .await?;
        let member = row.ok_or(MetaError::not_found("member"))?.member()?;
        write.an_owner_remains().await?;
        let detail = format!("{} is {}", member.email, member.role);
        write.audit(act, "member.update", format!("member {id}"), detail).await?;
        write.commit().await?;
        Ok(member)
    }

    /// Sets a password and ends all logins of the member but `keep`, so that a stolen one is worth nothing.
    pub async fn set_password(
        &self,
        act: &Act<'_>,
        id: MemberId,
        password_hash: &str,
        keep: Option<crate::LoginId>,
    ) -> Result<(), MetaError> {
        let password_hash = limits::opaque("password", password_hash)?;
        let mut write = self.write().await?;
        let changed = sqlx::query("UPDATE member SET password_hash = $2 WHERE id = $1")
            .bind(id)
            .bind(password_hash)
            .execute(write.on())
            .await?
            .rows_affected();
        if changed == 0 {
            return Err(MetaError::not_found("member"));
        }
        sqlx::query("DELETE FROM login WHERE member_id = $1 AND id <> $2")
            .bind(id)
            .bind(keep.unwrap_or(0))
            .execute(write.on())
            .await?;
        write.audit(act, "member.password", format!("member {id}"), String::new()).await?;
        write.commit().await
    }

    /// Removes a member with their logins and personal tokens. What they saved stays.
    pub async fn delete_member(&self, act: &Act<'_>, id: MemberId) -> Result<(), MetaError> {
        let mut write = self.write().await?;
        let email: Option<String> = sqlx::query_scalar("DELETE FROM member WHERE id = $1 RETURNING email")
            .bind(id)
            .fetch_optional(write.on())
            .await?;
        let email = email.ok_or(MetaError::not_found("member"))?;
        write.an_owner_remains().await?;
        // A member who removes themselves cannot be referred to by number in the line about it.
        let act = Act { member: act.member.filter(|member| *member != id), ..*act };
        write.audit(&act, "member.delete", format!("member {id}"), email).await?;
        write.commit().await
    }
}

impl Write {
    pub(crate) async fn create_first_owner(&mut self, act: &Act<'_>, new: &NewMember) -> Result<Member, MetaError> {
        let members: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM member").fetch_one(self.on()).await?;
        if members > 0 {
            return Err(MetaError::conflict("setup", "this server is set up already; log in"));
        }
        self.create_member(act, &NewMember { role: Role::Owner, ..new.clone() }).await
    }

    async fn create_member(&mut self, act: &Act<'_>, new: &NewMember) -> Result<Member, MetaError> {
        let (email, email_key) = limits::email(&new.email)?;
        let name = limits::name("name", &new.name)?;
        let password_hash = limits::opaque("password", &new.password_hash)?;
        let row: MemberRow = sqlx::query_as(
            "INSERT INTO member (email, email_key, name, role, language, password_hash, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             RETURNING id, email, name, role, language, created_at, last_login_at",
        )
        .bind(&email)
        .bind(email_key)
        .bind(name)
        .bind(new.role.word())
        .bind(new.language.word())
        .bind(password_hash)
        .bind(act.at)
        .fetch_one(self.on())
        .await
        .map_err(|error| {
            if is_taken(&error) {
                MetaError::conflict("email", format!("a member with the email {email} exists already"))
            } else {
                error.into()
            }
        })?;
        let member = row.member()?;
        let detail = format!("{} is {}", member.email, member.role);
        self.audit(act, "member.create", format!("member {}", member.id), detail).await?;
        Ok(member)
    }

    /// The rule of the last owner, checked after a change and before its commit.
    async fn an_owner_remains(&mut self) -> Result<(), MetaError> {
        let owners: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM member WHERE role = 'owner'").fetch_one(self.on()).await?;
        if owners == 0 { Err(MetaError::LastOwner) } else { Ok(()) }
    }
}
