//! Opening the file, its connections and its migrations.

use crate::MetaError;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{SqlSafeStr, Sqlite, SqliteConnection, Transaction};
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The file's name inside the data directory.
pub const FILE_NAME: &str = "meta.sqlite";

/// How long a statement waits for another process that holds the file, a backup for example.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Readers at a time. SQLite readers never wait for the writer, and answers are small.
const READERS: u32 = 4;

/// Every step from an empty file to the tables of this version, oldest first. Steps are only ever added.
pub(crate) const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("../migrations/sqlite/0001_first.sql")),
    (2, "demo", include_str!("../migrations/sqlite/0002_demo.sql")),
    (3, "cohorts", include_str!("../migrations/sqlite/0003_cohorts.sql")),
];

/// The metadata of one data directory. Cheap to clone; all clones share the connections.
#[derive(Debug, Clone)]
pub struct Meta {
    /// One connection: SQLite has one writer, so waiting in our queue is better than meeting locks.
    writer: SqlitePool,
    /// Connections that cannot write.
    pub(crate) readers: SqlitePool,
    directory_version: Arc<AtomicU64>,
}

impl Meta {
    /// Opens or creates `meta.sqlite` in `dir`, which must exist, and brings its tables to this version.
    ///
    /// The file can be read by its owner only: it holds password hashes. Fails with [`MetaError::Newer`] when a
    /// later version of the server has written it; then nothing is changed.
    pub async fn open(dir: &Path) -> Result<Meta, MetaError> {
        let path = dir.join(FILE_NAME);
        create_private(&path).map_err(|source| MetaError::Io { path: path.clone(), source })?;
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .synchronous(SqliteSynchronous::Full);
        // No idle timeout and no maximal age: the writer's open connection keeps the WAL index alive for the readers.
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone().journal_mode(SqliteJournalMode::Wal))
            .await?;
        migrate(&writer).await?;
        let readers =
            SqlitePoolOptions::new().max_connections(READERS).connect_with(options.pragma("query_only", "ON")).await?;
        let meta = Meta { writer, readers, directory_version: Arc::default() };
        let version = meta.stored_directory_version().await?;
        meta.directory_version.store(version, Ordering::Release);
        Ok(meta)
    }

    /// Closes all connections after the statements under way, and folds SQLite's own log into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Grows with every change of what [`Meta::directory`] answers, as far as this process made it. Never waits.
    ///
    /// Compare it with [`crate::Directory::version`]: when it is larger, load the directory again.
    pub fn directory_version(&self) -> u64 {
        self.directory_version.load(Ordering::Acquire)
    }

    /// A transaction that may write. Dropped without commit, it changes nothing.
    pub(crate) async fn write(&self) -> Result<Write, MetaError> {
        // IMMEDIATE takes the write lock now: a transaction that reads first can then never fail with SQLITE_BUSY.
        let transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Write { transaction, directory_version: None, shared_version: self.directory_version.clone() })
    }

    /// The one connection that may write, for a statement that cannot stand in a transaction.
    pub(crate) fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    async fn stored_directory_version(&self) -> Result<u64, MetaError> {
        let version: i64 = sqlx::query_scalar("SELECT version FROM directory_version").fetch_one(&self.readers).await?;
        Ok(version.unsigned_abs())
    }
}

/// A transaction that may write.
pub(crate) struct Write {
    transaction: Transaction<'static, Sqlite>,
    directory_version: Option<u64>,
    shared_version: Arc<AtomicU64>,
}

impl Write {
    /// The connection to run statements on.
    pub(crate) fn on(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    /// Tells that keys, channels or the rules of a project change in this transaction.
    pub(crate) async fn directory_changes(&mut self) -> Result<(), MetaError> {
        let version: i64 =
            sqlx::query_scalar("UPDATE directory_version SET version = version + 1 WHERE id = 1 RETURNING version")
                .fetch_one(self.on())
                .await?;
        self.directory_version = Some(version.unsigned_abs());
        Ok(())
    }

    /// Makes everything durable and visible, or nothing.
    pub(crate) async fn commit(self) -> Result<(), MetaError> {
        self.transaction.commit().await?;
        if let Some(version) = self.directory_version {
            self.shared_version.fetch_max(version, Ordering::AcqRel);
        }
        Ok(())
    }
}

async fn migrate(writer: &SqlitePool) -> Result<(), MetaError> {
    let migrations = MIGRATIONS
        .iter()
        .map(|&(version, name, sql)| {
            Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
        })
        .collect();
    match Migrator::with_migrations(migrations).run(writer).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(_)) => Err(MetaError::Newer),
        Err(error) => Err(MetaError::Migration(error)),
    }
}

/// Creates the file with permissions for its owner only, before SQLite would create it for everybody.
/// SQLite gives its `-wal` and `-shm` files the permissions of the main file.
pub(crate) fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
