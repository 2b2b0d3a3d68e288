//! Copies of the file for backups, and its check.

use crate::database::MIGRATIONS;
use crate::{Meta, MetaError};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::path::Path;

impl Meta {
    /// Writes all that is committed now into a new file at `to`, which must not exist; durable but for its name.
    /// Changes wait meanwhile, reads do not.
    pub async fn copy_to(&self, to: &Path) -> Result<(), MetaError> {
        let io = |source| MetaError::Io { path: to.to_owned(), source };
        // SQLite creates it for everybody; it holds password hashes.
        if to.exists() {
            return Err(io(std::io::ErrorKind::AlreadyExists.into()));
        }
        crate::database::create_private(to).map_err(io)?;
        let name = to.to_str().ok_or_else(|| io(std::io::ErrorKind::InvalidInput.into()))?;
        // VACUUM INTO takes an empty file for none.
        sqlx::query("VACUUM INTO ?1").bind(name).execute(self.writer()).await?;
        // It does not sync what it writes.
        std::fs::File::open(to).and_then(|file| file.sync_all()).map_err(io)
    }
}

/// What SQLite itself finds wrong in a file that nothing has open; empty when nothing is. It sees broken structure,
/// not every flipped byte: rows have no checksums. May leave files of SQLite beside it.
pub async fn check_file(path: &Path) -> Result<Vec<String>, MetaError> {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(false);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut connection).await?;
    let mut wrong: Vec<String> = found.into_iter().filter(|line| line != "ok").collect();
    let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await?;
    if !orphans.is_empty() {
        wrong.push(format!("{} rows refer to rows that are not there", orphans.len()));
    }
    let newest: Option<i64> =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut connection).await?;
    if newest > MIGRATIONS.last().map(|migration| migration.0) {
        wrong.push("written by a newer version of telemetry".to_owned());
    }
    connection.close().await?;
    Ok(wrong)
}
