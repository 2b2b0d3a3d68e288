//! Reads JSON bodies and path numbers with errors that name the field.

use super::error::{ApiError, ApiResult};
use crate::app::App;
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

/// Largest body of an API call; questions and dashboards are far smaller.
const BODY_BYTES_MAX: usize = 1 << 20;

/// A JSON body. Any content type is fine: the cookie check does not lean on it.
pub struct Input<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Input<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &App) -> ApiResult<Self> {
        let bytes = to_bytes(request.into_body(), BODY_BYTES_MAX).await.map_err(|_| {
            let message = format!("the body is larger than {BODY_BYTES_MAX} bytes, or it broke off");
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
        })?;
        parse(&bytes).map(Input)
    }
}

/// The bytes of a body, within the limit.
pub struct RawInput(pub bytes::Bytes);

impl FromRequest<App> for RawInput {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &App) -> ApiResult<Self> {
        let bytes = to_bytes(request.into_body(), BODY_BYTES_MAX).await.map_err(|_| {
            let message = format!("the body is larger than {BODY_BYTES_MAX} bytes, or it broke off");
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
        })?;
        Ok(RawInput(bytes))
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
