//! What people configure: organisation, members, logins, tokens, projects, keys, saved insights, dashboards,
//! actions, cohorts.
//!
//! One SQLite file, `meta.sqlite`, in the data directory. Knows no HTTP, no clock and no randomness: instants come in
//! as arguments, tokens and keys are made by the caller, and of whatever must stay secret only a hash arrives here.
//! Whatever changes takes an [`Act`] (who and when) and writes its line of the audit log in the same transaction.
//!
//! Start with [`Meta`], then `directory.rs`, which is what the gate asks for every batch.

mod actions;
mod audit;
mod cohorts;
mod copy;
mod dashboards;
mod database;
mod demo;
mod directory;
mod error;
mod initialization;
mod insights;
mod keys;
mod limits;
mod logins;
mod members;
mod organization;
mod projects;
mod secret;
mod tokens;
mod words;

pub use actions::{ACTIONS_MAX, Action, ActionChange, NewAction};
pub use audit::{Act, AuditEntry};
pub use cohorts::{COHORT_MEMBERS_MAX, COHORTS_MAX, Cohort, CohortChange, NewCohort, NewMembers};
pub use copy::check_file;
pub use dashboards::{Dashboard, DashboardChange, DashboardId, NewDashboard, NewTile, TILES_MAX, Tile, TileId};
pub use database::{FILE_NAME, Meta};
pub use demo::{Demo, DemoPlan, DemoProgress, DemoState};
pub use directory::{Directory, Route};
pub use error::MetaError;
pub use initialization::{Initialization, Initialized};
pub use insights::{Insight, InsightChange, InsightId, NewInsight};
pub use keys::{Key, KeyId, KeyKind, NewKey};
pub use limits::{DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX, QUESTION_BYTES_MAX};
pub use logins::{Login, LoginId, Presented};
pub use members::{Language, Member, MemberChange, MemberId, NewMember, Role};
pub use organization::Organization;
pub use projects::{CHANNELS_MAX, NewProject, Project, ProjectChange};
pub use secret::SecretHash;
pub use tokens::{NewToken, Scope, Token, TokenId};
