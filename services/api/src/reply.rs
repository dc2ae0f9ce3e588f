//! Answers that are not errors.

use bytes::Bytes;
use futures::Stream;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use warp::reply::{Reply as _, Response};

use crate::problem::Problem;
use crate::request_id;

/// `value` as JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => typed(status, "application/json", body.into()),
        Err(error) => {
            let request_id = request_id::current();
            tracing::error!(%error, request_id, "an answer could not be written as JSON");
            Problem::Internal.into_response()
        }
    }
}

/// `200 OK` with `value` as JSON.
pub(crate) fn ok(value: &impl Serialize) -> Response {
    json(StatusCode::OK, value)
}

/// `200 OK` with bytes of a type.
pub(crate) fn bytes(content_type: &'static str, body: impl Into<Bytes>) -> Response {
    typed(StatusCode::OK, content_type, body.into())
}

/// `204 No Content`.
pub(crate) fn no_content() -> Response {
    let mut response = warp::reply().into_response();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// Headers of nearly every answer: room for them is made once.
const N_HEADERS: usize = 12;

/// `body` of a type.
pub(crate) fn typed(status: StatusCode, content_type: &'static str, body: Bytes) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(N_HEADERS);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// The answer to `OPTIONS`.
pub(crate) fn options(allow: &str) -> Response {
    let mut response = no_content();
    if let Ok(allow) = HeaderValue::from_str(allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// `304 Not Modified`.
pub(crate) fn not_modified() -> Response {
    let mut response = no_content();
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    response
}

/// `200 OK` with a body that is produced while it is sent.
pub(crate) fn stream<S, E>(content_type: &'static str, chunks: S) -> Response
where
    S: Stream<Item = Result<Bytes, E>> + Send + Sync + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    let mut response = warp::reply::stream(chunks).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
