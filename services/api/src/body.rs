//! Request bodies: bounded before they are read, JSON or nothing.

use std::pin::Pin;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use futures::{Stream, StreamExt as _};
use http::{HeaderMap, header};
use serde_json::{Map, Value};

use crate::problem::Problem;

/// Largest body that is read.
pub(crate) const LIMIT_BYTES: usize = 256 * 1024;

/// How much of a body that is too large is still taken off the wire, so that its sender reaches
/// the point where it reads our answer.
const DRAIN_BYTES: usize = 32 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// A body that has not been read.
pub(crate) type Unread = Pin<Box<dyn Stream<Item = Result<Bytes, warp::Error>> + Send + Sync>>;

/// Names the type of a body as it comes from its filter.
pub(crate) fn unread<S, B>(stream: S) -> Unread
where
    S: Stream<Item = Result<B, warp::Error>> + Send + Sync + 'static,
    B: Buf,
{
    Box::pin(stream.map(|chunk| chunk.map(|mut chunk| chunk.copy_to_bytes(chunk.remaining()))))
}

/// The fields of a JSON object in the body; none when there is no body, whatever its type says.
pub(crate) async fn fields(
    headers: &HeaderMap,
    body: Unread,
) -> Result<Map<String, Value>, Problem> {
    if announced_bytes(headers) == Some(0) {
        return Ok(Map::new());
    }
    let bytes = read(headers, body).await?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    require_json(headers)?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Problem::Malformed("the body must be a JSON object".into())),
        Err(error) => Err(Problem::Malformed(format!("the body is not JSON: {error}"))),
    }
}

async fn read(headers: &HeaderMap, mut body: Unread) -> Result<Bytes, Problem> {
    let announced = announced_bytes(headers).unwrap_or(0);
    if announced > LIMIT_BYTES {
        return Err(refuse(body));
    }
    let mut bytes = BytesMut::with_capacity(announced);
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| {
            tracing::debug!(%error, "a request body broke off");
            Problem::Malformed("the body broke off".into())
        })?;
        if bytes.len() + chunk.len() > LIMIT_BYTES {
            return Err(refuse(body));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Many clients read no answer before their body is sent; closing on them would hide the reason.
fn refuse(mut body: Unread) -> Problem {
    tokio::spawn(tokio::time::timeout(DRAIN_TIME, async move {
        let mut drained = 0;
        while let Some(Ok(chunk)) = body.next().await {
            drained += chunk.len();
            if drained > DRAIN_BYTES {
                break;
            }
        }
    }));
    Problem::TooLarge { limit_bytes: LIMIT_BYTES }
}

fn announced_bytes(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A body without a type is taken for JSON, as n8n and curl scripts may send it.
fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let value = value.to_str().unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/json" || essence.ends_with("+json") {
        return Ok(());
    }
    Err(Problem::UnsupportedMediaType(format!(
        "the body must be application/json, not `{essence}`"
    )))
}
