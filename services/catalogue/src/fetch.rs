//! Fetches one address, again when that may help, up to a length.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use governor::DefaultDirectRateLimiter;
use reqwest::Response;
use reqwest::header::RETRY_AFTER;

use crate::{Client, Error};

/// Longest wait that a source may ask for between two attempts.
const MAX_RETRY_DELAY: Duration = Duration::from_mins(1);

impl Client {
    /// The whole body of a success. Each attempt waits for its time, if there is a pace.
    pub(crate) async fn fetch(
        &self,
        url: &str,
        limit_bytes: u64,
        pace: Option<&DefaultDirectRateLimiter>,
    ) -> Result<Bytes, Error> {
        let mut delay = self.config.retry_delay;
        for _ in 1..self.config.max_attempts {
            match self.fetch_once(url, limit_bytes, pace).await {
                Err(error) if error.is_transient() => {
                    let wanted = error.retry_after().unwrap_or(delay);
                    tokio::time::sleep(wanted.min(MAX_RETRY_DELAY)).await;
                }
                done => return done,
            }
            delay *= 2;
        }
        self.fetch_once(url, limit_bytes, pace).await
    }

    async fn fetch_once(
        &self,
        url: &str,
        limit_bytes: u64,
        pace: Option<&DefaultDirectRateLimiter>,
    ) -> Result<Bytes, Error> {
        if let Some(limiter) = pace {
            limiter.until_ready().await;
        }
        let mut response = self.open(url).await?;
        let mut body = BytesMut::new();
        while let Some(chunk) = next_chunk(&mut response, url).await? {
            if (body.len() + chunk.len()) as u64 > limit_bytes {
                return Err(Error::TooLarge { url: url.into(), limit_bytes });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// A success whose body is still to be read.
    pub(crate) async fn open(&self, url: &str) -> Result<Response, Error> {
        let response = self.http.get(url).send().await.map_err(|error| transport(url, error))?;
        let status = response.status();
        if status.as_u16() == 200 {
            return Ok(response);
        }
        let retry_after = response.headers().get(RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| value.to_str().ok()?.trim().parse().ok());
        Err(Error::Status {
            url: url.into(),
            status: status.as_u16(),
            retry_after: retry_after.map(Duration::from_secs),
        })
    }
}

pub(crate) async fn next_chunk(response: &mut Response, url: &str) -> Result<Option<Bytes>, Error> {
    response.chunk().await.map_err(|error| transport(url, error))
}

fn transport(url: &str, error: reqwest::Error) -> Error {
    let url = url.to_owned();
    if error.is_connect() {
        return Error::Unreachable { url, reason: cause(&error.without_url()) };
    }
    if error.is_timeout() {
        return Error::TimedOut { url };
    }
    Error::Broken { url, reason: cause(&error.without_url()) }
}

/// The innermost cause says what happened: reqwest's own words only say where.
fn cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
