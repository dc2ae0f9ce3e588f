//! Answers that need not be sent again to those who have them.

use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use sha2::{Digest, Sha256};
use warp::reply::Response;

use crate::problem::Problem;
use crate::route::Call;
use crate::{reply, request_id};

/// `200 OK` with `value` as JSON and a tag made of it, or `304 Not Modified` when the client has
/// this very answer.
pub(crate) fn ok(call: &Call, value: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, request_id = request_id::current(), "an answer is no JSON");
        Problem::Internal
    })?;
    // Weak, because on its way the answer may be compressed.
    let etag = format!("W/\"{:x}\"", Sha256::digest(&body));
    let mut response = if is_known(call, &etag) {
        reply::not_modified()
    } else {
        reply::typed(StatusCode::OK, "application/json", body.into())
    };
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    // The client may keep it, and asks each time whether it is still right.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

/// Whether `If-None-Match` names this tag; weak and strong ones are compared alike (RFC 9110,
/// 13.1.2).
pub(crate) fn is_known(call: &Call, etag: &str) -> bool {
    let Some(known) = call.header("if-none-match") else { return false };
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let etag = opaque(etag);
    known.split(',').map(str::trim).any(|tag| tag == "*" || opaque(tag) == etag)
}
