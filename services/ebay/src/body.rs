//! Reads an answer's body, up to a limit.

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use crate::Error;

/// Longest body that is read, after decompression: what a small compressed body unfolds to counts.
/// A page of 200 listings takes about 400 KiB.
const MAX_BODY_BYTES: usize = 8 << 20;

/// The whole body. It is decompressed piece by piece, so that reading stops at the limit.
pub(crate) async fn read(response: Response) -> Result<Bytes, Error> {
    read_up_to(response, MAX_BODY_BYTES).await
}

async fn read_up_to(mut response: Response, limit_bytes: usize) -> Result<Bytes, Error> {
    let announced = response.content_length().unwrap_or(0);
    if announced > limit_bytes as u64 {
        return Err(Error::TooLarge { limit_bytes });
    }
    let capacity = usize::try_from(announced).unwrap_or(0);
    let mut body = BytesMut::with_capacity(capacity);
    while let Some(chunk) = response.chunk().await.map_err(from_body)? {
        if body.len() + chunk.len() > limit_bytes {
            return Err(Error::TooLarge { limit_bytes });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// `application/json`, with or without a charset.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return false;
    };
    let Ok(value) = value.to_str() else {
        return false;
    };
    let media_type = value.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}

/// The connection, or the request before it was sent.
pub(crate) fn from_request(error: reqwest::Error) -> Error {
    // A slow connection is also a timeout: what counts is that nothing was sent.
    if error.is_connect() {
        return Error::Unreachable(causes(&error.without_url()));
    }
    if error.is_timeout() {
        return Error::TimedOut;
    }
    if error.is_builder() {
        return Error::Invalid(causes(&error.without_url()));
    }
    Error::Broken(causes(&error.without_url()))
}

fn from_body(error: reqwest::Error) -> Error {
    if error.is_timeout() {
        return Error::TimedOut;
    }
    Error::Broken(causes(&error.without_url()))
}

/// The innermost causes say what happened: reqwest's own words only say where.
fn causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words = inner.to_string();
        cause = inner.source();
    }
    words
}
