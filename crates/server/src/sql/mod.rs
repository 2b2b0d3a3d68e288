//! SQL questions: each answered by a process of its own, the binary `telemetry-sql`.
//!
//! Here is all around it: a frozen snapshot laid out in files, the process started, fed, watched and killed, its
//! result kept on disk until somebody has read it. The language itself is known by `crates/sql` alone.

mod files;
mod job;
mod process;
pub mod schema;
mod spool;

pub use job::OutputColumn;
pub use job::{Format, Position};
pub use spool::Spool;

use crate::config::Config;
use files::Folder;
use model::ProjectId;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Store, StoreError};
use tokio::sync::Semaphore;

/// Rows of an answer at most.
pub const ROWS_MAX: usize = 1_000_000;
/// Bytes of an answer at most; more is cut off like more rows are.
const RESULT_BYTES_MAX: u64 = 256 << 20;
/// How long a query waits for its turn.
const TURN_WAIT: Duration = Duration::from_secs(5);
/// File name of the binary.
const BINARY: &str = "telemetry-sql";

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SqlError {
    /// The query is wrong.
    #[error("{message}")]
    Invalid {
        /// What is wrong with it.
        message: String,
        /// Where, when known.
        position: Option<Position>,
    },
    /// The query asks for what no query may.
    #[error("{0}")]
    Refused(String),
    /// It ran longer than it may.
    #[error("the query took longer than {0} s: narrow the dates, select fewer columns or group first")]
    TooSlow(u64),
    /// It needed more memory than it may have.
    #[error("{0}")]
    OutOfMemory(String),
    /// Other queries kept all places.
    #[error("other queries are running; try again in a few seconds")]
    Busy,
    /// There is no binary.
    #[error(
        "SQL needs the program telemetry-sql beside telemetry, which is not there; `make build` makes it, or name it \
         with the setting sql_binary"
    )]
    Unavailable,
    /// The server is about to end.
    #[error("the server is stopping")]
    Stopping,
    /// The events could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk refused.
    #[error("the files of a query cannot be written: {0}")]
    Io(#[from] std::io::Error),
    /// Our fault; for the log.
    #[error("telemetry-sql failed: {0}")]
    Failed(String),
}

/// One query.
#[derive(Debug, Clone)]
pub struct Query {
    /// Whose events.
    pub project: ProjectId,
    /// One SELECT.
    pub sql: String,
    /// How the rows are written.
    pub format: Format,
    /// At most [`ROWS_MAX`].
    pub rows_max: usize,
}

/// An answer; its rows wait on disk.
#[derive(Debug)]
pub struct Answer {
    /// Names and types.
    pub columns: Vec<OutputColumn>,
    /// How many rows there are.
    pub rows: usize,
    /// Whether there were more.
    pub truncated: bool,
    /// The snapshot that was asked.
    pub snapshot: u64,
    /// What the snapshot lacks, without names of files.
    pub warnings: Vec<String>,
    /// From the turn to the last row.
    pub elapsed: Duration,
    /// The rows.
    pub spool: Spool,
}

/// Where queries run.
pub struct Sql {
    store: Arc<Store>,
    binary: Option<PathBuf>,
    folder: PathBuf,
    turns: Semaphore,
    timeout: Duration,
    threads: usize,
}

impl Sql {
    /// Leftovers of queries that a crash cut off are removed.
    pub fn new(store: Arc<Store>, config: &Config) -> Sql {
        let beside = || Some(std::env::current_exe().ok()?.parent()?.join(BINARY));
        let folder = config.data.join("sql");
        // There are none but after a crash; what cannot be removed does not hinder.
        let _ = std::fs::remove_dir_all(&folder);
        Sql {
            store,
            binary: config.sql_binary.clone().or_else(beside),
            folder,
            turns: Semaphore::new(config.sql_at_once.max(1)),
            timeout: config.sql_timeout,
            threads: config.query_threads.max(1),
        }
    }

    /// The binary, if it is there.
    ///
    /// # Errors
    /// [`SqlError::Unavailable`].
    pub fn binary(&self) -> Result<&Path, SqlError> {
        self.binary.as_deref().filter(|path| path.is_file()).ok_or(SqlError::Unavailable)
    }

    /// Answers a query. Dropping the future kills the process and removes its files.
    ///
    /// # Errors
    /// See [`SqlError`].
    pub async fn ask(&self, query: Query) -> Result<Answer, SqlError> {
        let binary = self.binary()?.to_owned();
        let turn = tokio::time::timeout(TURN_WAIT, self.turns.acquire()).await.map_err(|_| SqlError::Busy)?;
        let _turn = turn.map_err(|_| SqlError::Stopping)?;
        let started = Instant::now();
        let answer = self.answer(&binary, query, started);
        tokio::time::timeout(self.timeout, answer).await.map_err(|_| SqlError::TooSlow(self.timeout.as_secs()))?
    }

    async fn answer(&self, binary: &Path, query: Query, started: Instant) -> Result<Answer, SqlError> {
        let folder = Arc::new(Folder::make(&self.folder)?);
        let spool = spool::Sink::create(&folder.path().join("result"))?;
        let prepared = {
            let (store, folder, query, threads) = (self.store.clone(), folder.clone(), query, self.threads);
            tokio::task::spawn_blocking(move || files::prepare(&store, &folder, &query, threads))
                .await
                .map_err(|error| SqlError::Failed(error.to_string()))??
        };
        let (summary, spool) = process::run(binary, &prepared.job, spool).await?;
        Ok(Answer {
            columns: summary.columns,
            rows: summary.rows,
            truncated: summary.truncated,
            snapshot: prepared.snapshot.id(),
            warnings: prepared.warnings,
            elapsed: started.elapsed(),
            spool,
        })
    }
}

/// What stands before and behind the rows in a JSON answer.
pub fn json_around(answer: &Answer) -> (String, String) {
    let head = serde_json::json!(answer.columns);
    let foot = serde_json::json!({
        "truncated": answer.truncated,
        "elapsed_ms": u64::try_from(answer.elapsed.as_millis()).unwrap_or(u64::MAX),
        "snapshot": answer.snapshot,
        "warnings": answer.warnings,
    });
    // The foot without its opening brace: its members follow the rows.
    (format!("{{\"columns\":{head},\"rows\":"), format!(",{}", foot.to_string().trim_start_matches('{')))
}
