//! Reads bodies and parameters with errors in one shape, naming the field.

use super::error::{ApiError, ApiResult};
use crate::app::App;
use crate::body::{BodyError, ReadBody};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// Largest body of an API call; questions and dashboards are far smaller.
const BODY_BYTES_MAX: usize = 1 << 20;
/// Largest list of ids: 100 000 of 80 bytes.
const LIST_BYTES_MAX: usize = 8 << 20;

/// A JSON body. Any content type is fine: the cookie check does not lean on it.
pub struct Input<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Input<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> ApiResult<Self> {
        parse(&read(request, app).await?.bytes).map(Input)
    }
}

/// A JSON body that may be left out.
pub struct OptionalInput<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest<App> for OptionalInput<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> ApiResult<Self> {
        let body = read(request, app).await?;
        if body.bytes.trim_ascii().is_empty() {
            Ok(OptionalInput(T::default()))
        } else {
            parse(&body.bytes).map(OptionalInput)
        }
    }
}

/// The bytes of a body, within the limit.
pub struct RawInput(pub ReadBody);

impl FromRequest<App> for RawInput {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> ApiResult<Self> {
        read(request, app).await.map(RawInput)
    }
}

/// The bytes of a list of ids, within a larger limit.
pub struct ListInput(pub ReadBody);

impl FromRequest<App> for ListInput {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> ApiResult<Self> {
        read_at_most(request, app, LIST_BYTES_MAX).await.map(ListInput)
    }
}

async fn read(request: Request, app: &App) -> ApiResult<ReadBody> {
    read_at_most(request, app, BODY_BYTES_MAX).await
}

async fn read_at_most(request: Request, app: &App, bytes_max: usize) -> ApiResult<ReadBody> {
    let (parts, body) = request.into_parts();
    app.bodies.at_most(bytes_max).read(&parts.headers, body).await.map_err(|error| {
        let code = match error {
            BodyError::TooLarge { .. } => "too_large",
            BodyError::TooSlow { .. } => "too_slow",
            BodyError::Busy { .. } => "unavailable",
            BodyError::Broken => "invalid_input",
        };
        ApiError { retry_after_s: error.retry_after_s(), ..ApiError::new(error.status(), code, error.to_string()) }
    })
}

/// The parameters in a path; as axum's own, with errors in our shape.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        found.map(|path| Path(path.0)).map_err(|error| ApiError::field("path", error.body_text()))
    }
}

/// The parameters behind the `?`; as axum's own, with errors in our shape.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let found = axum::extract::Query::<T>::from_request_parts(parts, app).await;
        found.map(|query| Query(query.0)).map_err(|error| ApiError::field("query", error.body_text()))
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        match path.as_str() {
            "." => ApiError::new(StatusCode::BAD_REQUEST, "invalid_input", inner.to_string()),
            _ => ApiError::field(path, inner.to_string()),
        }
    })?;
    reader.end().map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, "invalid_input", error.to_string()))?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its parsing is looked at")]
    struct Outer {
        inner: Vec<Inner>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its parsing is looked at")]
    struct Inner {
        number: u32,
    }

    #[test]
    fn an_error_names_the_field() {
        let error = parse::<Outer>(br#"{"inner":[{"number":1},{"number":"x"}]}"#).expect_err("a wrong type");
        assert_eq!(error.detail.path.as_deref(), Some("inner[1].number"));
        let error = parse::<Outer>(br#"{"inner":[]} x"#).expect_err("trailing text");
        assert_eq!(error.status, StatusCode::BAD_REQUEST);
    }
}
