//! Turns an answer that is no success into an [`Error`].

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde::Deserialize;

use crate::error::{Error, Notice};

/// eBay's number for "too many requests".
const LIMIT_REACHED: i64 = 2001;
/// Longest part of a message that is kept.
const MAX_MESSAGE_CHARS: usize = 300;

/// `errors` and `warnings` have the same shape. Everything is optional: a strange refusal must
/// still be told by its status.
#[derive(Default, Deserialize)]
struct Envelope {
    #[serde(default)]
    errors: Vec<WireNotice>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireNotice {
    error_id: Option<i64>,
    message: Option<String>,
    long_message: Option<String>,
}

impl From<WireNotice> for Notice {
    fn from(wire: WireNotice) -> Notice {
        let words = wire.long_message.or(wire.message).unwrap_or_default();
        let message = words.chars().take(MAX_MESSAGE_CHARS).collect();
        Notice { id: wire.error_id, message }
    }
}

/// What a status of 300 or above means. The body may be anything.
pub(crate) fn refusal(status: u16, headers: &HeaderMap, body: &[u8]) -> Error {
    let envelope: Envelope = serde_json::from_slice(body).unwrap_or_default();
    let notices: Vec<Notice> = envelope.errors.into_iter().map(Notice::from).collect();
    let says_limit = notices.iter().any(|notice| notice.id == Some(LIMIT_REACHED));
    match status {
        401 => Error::Unauthorized(notices),
        429 => Error::LimitReached { retry_after: retry_after(headers) },
        403 if says_limit => Error::LimitReached { retry_after: retry_after(headers) },
        403 => Error::Forbidden(notices),
        500.. => Error::Failed { status, notices, retry_after: retry_after(headers) },
        _ => Error::Refused { status, notices },
    }
}

/// Seconds, or an instant, which is measured from the answer's own `Date`: no clock of ours.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = instant(value)?;
    let now = instant(headers.get(DATE)?.to_str().ok()?)?;
    let delay: SignedDuration = until.duration_since(now);
    // An instant that has passed asks for no delay.
    Some(delay.max(SignedDuration::ZERO).unsigned_abs())
}

fn instant(value: &str) -> Option<Timestamp> {
    let zoned = jiff::fmt::rfc2822::parse(value.trim()).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn body(id: i64) -> Vec<u8> {
        format!(r#"{{"errors": [{{"errorId": {id}, "domain": "X", "message": "short"}}]}}"#).into()
    }

    #[test]
    fn every_status_has_its_error() {
        let none = HeaderMap::new();
        assert!(refusal(401, &none, &body(1001)).is_unauthorized());
        assert!(refusal(429, &none, &body(2001)).is_limit_reached());
        assert!(refusal(403, &none, &body(2001)).is_limit_reached());
        assert!(matches!(refusal(403, &none, &body(1100)), Error::Forbidden(_)));
        assert!(matches!(refusal(500, &none, b"oops"), Error::Failed { status: 500, .. }));
        for status in [302, 400, 404, 409] {
            let error = refusal(status, &none, &body(12001));
            let Error::Refused { status: found, notices } = error else {
                panic!("{status}: {error}");
            };
            assert_eq!((found, notices[0].id), (status, Some(12001)));
        }
    }

    #[test]
    fn a_refusal_without_a_readable_body_still_has_its_status() {
        for body in [&b""[..], b"<html>", br#"{"errors": "many"}"#, b"[1]"] {
            let error = refusal(429, &HeaderMap::new(), body);
            assert_eq!(error.to_string(), "eBay's call limit is reached");
        }
    }

    #[test]
    fn the_longer_words_are_told_and_cut() {
        let words = "é".repeat(1_000);
        let json = format!(
            r#"{{"errors": [{{"errorId": 1, "message": "m", "longMessage": "{words}"}}]}}"#
        );
        let error = refusal(400, &HeaderMap::new(), json.as_bytes());
        let Error::Refused { notices, .. } = error else { panic!("{error}") };
        assert_eq!(notices[0].message, "é".repeat(MAX_MESSAGE_CHARS));
    }

    #[test]
    fn retry_after_is_seconds_or_an_instant() {
        let seconds = headers(&[("retry-after", "100")]);
        assert_eq!(retry_after(&seconds), Some(Duration::from_secs(100)));
        let instant = headers(&[
            ("date", "Sun, 22 Nov 2026 08:00:00 GMT"),
            ("retry-after", "Sun, 22 Nov 2026 08:01:30 GMT"),
        ]);
        assert_eq!(retry_after(&instant), Some(Duration::from_secs(90)));
        let past = headers(&[
            ("date", "Sun, 22 Nov 2026 08:00:00 GMT"),
            ("retry-after", "Sun, 22 Nov 2026 07:00:00 GMT"),
        ]);
        assert_eq!(retry_after(&past), Some(Duration::ZERO));
        for unusable in ["soon", "-5", ""] {
            assert_eq!(retry_after(&headers(&[("retry-after", unusable)])), None, "{unusable}");
        }
    }
}
