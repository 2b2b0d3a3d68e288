//! What can go wrong in the metadata, and what the caller should do about it.

/// What can go wrong in the metadata.
#[derive(Debug, thiserror::Error)]
pub enum MetaError {
    /// There is no such thing, or it is not of this project or member. `what`: "project", "member"…
    #[error("{what} not found")]
    NotFound {
        /// The kind of thing.
        what: &'static str,
    },
    /// It clashes with what is there. Nothing was changed.
    #[error("{message}")]
    Conflict {
        /// The kind of thing: "email", "channel", "key", "setup".
        what: &'static str,
        /// A sentence for the person who tried.
        message: String,
    },
    /// The input cannot be kept. Nothing was changed.
    #[error("{field}: {message}")]
    Invalid {
        /// The field as the API names it.
        field: &'static str,
        /// What is allowed.
        message: String,
    },
    /// The organisation would be left without an owner. Nothing was changed.
    #[error("the last owner cannot be removed or given a lower role")]
    LastOwner,
    /// The file was written by a later version of the server; start that version.
    #[error("the metadata was written by a newer version of telemetry")]
    Newer,
    /// A stored value cannot be read; restore from a backup.
    #[error("damaged metadata: {table}.{column} holds {value:?}")]
    Damaged {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// What stands there.
        value: String,
    },
    /// The file cannot be created with safe permissions.
    #[error("cannot create {path}")]
    Io {
        /// Which file.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The database failed: disk full, file locked by another process, damaged file.
    #[error("metadata database")]
    Database(#[from] sqlx::Error),
    /// The tables could not be brought to this version.
    #[error("metadata migration")]
    Migration(#[source] sqlx::migrate::MigrateError),
}

impl MetaError {
    /// A [`MetaError::Conflict`].
    pub(crate) fn conflict(what: &'static str, message: impl Into<String>) -> MetaError {
        MetaError::Conflict { what, message: message.into() }
    }

    /// A [`MetaError::Invalid`].
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> MetaError {
        MetaError::Invalid { field, message: message.into() }
    }

    /// A [`MetaError::NotFound`].
    pub(crate) fn not_found(what: &'static str) -> MetaError {
        MetaError::NotFound { what }
    }
}

/// Whether a statement failed because a unique value is taken.
pub(crate) fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}
