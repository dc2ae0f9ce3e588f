//! Answers that need not be sent again to those who have them.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use sha2::{Digest, Sha256};
use warp::reply::Response;

use crate::problem::Problem;
use crate::route::Call;
use crate::{reply, request_id};

/// An answer, written once, for as many as ask for it.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    body: Bytes,
    etag: HeaderValue,
}

impl Prepared {
    /// `value` as JSON, and a tag made of it.
    pub(crate) fn new(value: &impl Serialize) -> Result<Prepared, Problem> {
        let body = serde_json::to_string(value).map_err(|error| {
            tracing::error!(%error, request_id = request_id::current(), "an answer is no JSON");
            Problem::Internal
        })?;
        Ok(Prepared::written(body))
    }

    /// JSON that is written already.
    pub(crate) fn written(body: String) -> Prepared {
        // Weak, because on its way the answer may be compressed.
        let etag = format!("W/\"{:x}\"", Sha256::digest(&body));
        let etag = HeaderValue::from_str(&etag).expect("hexadecimal digits are a header");
        Prepared { body: body.into(), etag }
    }

    /// `200 OK`, or `304 Not Modified` when the client has this very answer.
    pub(crate) fn answer(&self, call: &Call) -> Response {
        let is_known = self.etag.to_str().is_ok_and(|etag| is_known(call, etag));
        let mut response = if is_known {
            reply::not_modified()
        } else {
            reply::typed(StatusCode::OK, "application/json", self.body.clone())
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag.clone());
        // The client may keep it, and asks each time whether it is still right.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        response
    }
}

/// [`Prepared::answer`] of a value that is asked for once.
pub(crate) fn ok(call: &Call, value: &impl Serialize) -> Result<Response, Problem> {
    Ok(Prepared::new(value)?.answer(call))
}

/// Whether `If-None-Match` names this tag; weak and strong ones are compared alike (RFC 9110,
/// 13.1.2).
pub(crate) fn is_known(call: &Call, etag: &str) -> bool {
    let Some(known) = call.header("if-none-match") else { return false };
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let etag = opaque(etag);
    known.split(',').map(str::trim).any(|tag| tag == "*" || opaque(tag) == etag)
}
