//! All errors of the API in one shape: status, stable code, a sentence that says what to do.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// The body of every error answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorDetail,
}

/// What went wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// Stable word for programs.
    pub code: &'static str,
    /// A sentence for people: what happened and what to do.
    pub message: String,
    /// The field at fault: `series[0].math`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Where in a text that was sent; of `sql_invalid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<crate::sql::Position>,
    /// What the field may be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
}

/// An answer that is not a success.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// HTTP status.
    pub status: StatusCode,
    /// The body.
    pub detail: Box<ErrorDetail>,
    /// Seconds for `Retry-After`.
    pub retry_after_s: Option<u64>,
}

impl ApiError {
    /// An error of this status, code and sentence.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let detail = ErrorDetail { code, message: message.into(), path: None, position: None, allowed: Vec::new() };
        ApiError { status, detail: Box::new(detail), retry_after_s: None }
    }

    /// 400 about one field.
    pub fn field(path: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, "invalid_input", message);
        error.detail.path = Some(path.into());
        error
    }

    /// 401.
    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "log in, or send a personal token as `Authorization: Bearer`",
        )
    }

    /// 403.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    /// 404.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}, or you may not see it"))
    }

    /// 409.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", message)
    }

    /// 429.
    pub fn rate_limited(retry_after_s: u64) -> Self {
        let mut error = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "rate_limited",
            format!("too many requests; try again in {retry_after_s} s"),
        );
        error.retry_after_s = Some(retry_after_s);
        error
    }

    /// 503.
    pub fn unavailable(message: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message);
        error.retry_after_s = Some(5);
        error
    }

    /// 500; the cause goes to the log, not to the client.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the server could not do this; its log says why")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(ErrorBody { error: *self.detail })).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What handlers return.
pub type ApiResult<T> = Result<T, ApiError>;

impl From<meta::MetaError> for ApiError {
    fn from(error: meta::MetaError) -> Self {
        use meta::MetaError;
        match error {
            MetaError::NotFound { what } => ApiError::not_found(what),
            MetaError::Conflict { message, .. } => ApiError::conflict(message),
            MetaError::Invalid { field, message } => ApiError::field(field, message),
            MetaError::LastOwner => {
                ApiError::conflict("the last owner cannot be removed or given a lower role; make another owner first")
            }
            MetaError::Newer | MetaError::Damaged { .. } | MetaError::Io { .. } | MetaError::Migration(_) => {
                ApiError::internal(error)
            }
            // A full disk shows here; it may pass without a restart.
            MetaError::Database(cause) => {
                tracing::error!(%cause, "the metadata database failed");
                ApiError::unavailable("the settings cannot be read or written now; the server's log says why")
            }
        }
    }
}

impl From<store::StoreError> for ApiError {
    fn from(error: store::StoreError) -> Self {
        use store::StoreError;
        match &error {
            StoreError::NotFound { what } => {
                ApiError::new(StatusCode::NOT_FOUND, "not_found", format!("no such {what}"))
            }
            StoreError::Refused { reason } => ApiError::conflict(reason.clone()),
            StoreError::Overloaded { .. }
            | StoreError::DiskFull { .. }
            | StoreError::Stopped { .. }
            | StoreError::Closed => {
                tracing::warn!(%error, "the store refused");
                ApiError::unavailable(error.to_string())
            }
            StoreError::Locked { .. }
            | StoreError::Damaged { .. }
            | StoreError::UnknownVersion { .. }
            | StoreError::Io { .. } => ApiError::internal(error),
        }
    }
}

impl From<query::QuestionError> for ApiError {
    fn from(error: query::QuestionError) -> Self {
        let mut api = ApiError::new(StatusCode::BAD_REQUEST, "invalid_question", error.message);
        api.detail.path = (!error.path.is_empty()).then_some(error.path);
        api.detail.allowed = error.allowed;
        api
    }
}

impl From<query::SelectionError> for ApiError {
    fn from(error: query::SelectionError) -> Self {
        match error {
            query::SelectionError::Question(error) => error.into(),
            query::SelectionError::Query(error) => error.into(),
        }
    }
}

impl From<query::QueryError> for ApiError {
    fn from(error: query::QueryError) -> Self {
        use query::QueryError;
        let limited = |code| ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, error.to_string());
        match error {
            QueryError::Cancelled => limited("cancelled"),
            QueryError::TooSlow { .. } => limited("too_slow"),
            QueryError::TooManyRows { .. } => limited("too_many_rows"),
            QueryError::TooMuchMemory { .. } => limited("too_much_memory"),
            QueryError::TooManyPeople { .. } => limited("too_many_people"),
            QueryError::Pattern(error) => error.into(),
            QueryError::Store(error) => error.into(),
        }
    }
}
