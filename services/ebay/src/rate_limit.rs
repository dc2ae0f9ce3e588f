//! eBay's own count of the calls of Browse.

use jiff::Timestamp;
use serde::Deserialize;

use crate::Error;

/// Of this API and this resource; others come along and must not be mistaken for it.
const CONTEXT: &str = "buy";
const API: &str = "browse";
const RESOURCE: &str = "buy.browse";

/// The window that is running. One budget: searches and items count alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    pub limit: i64,
    /// Calls that are left. eBay has been seen to count beyond the limit, so it is signed.
    pub remaining: i64,
    /// When the window ends and the count starts again.
    pub reset: Timestamp,
    /// Length of the window; a day is 86,400.
    pub window_seconds: i64,
}

impl RateLimit {
    /// Calls that eBay has counted. Its own `count` is not documented, so it is not used.
    pub fn used(&self) -> i64 {
        self.limit - self.remaining
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    rate_limits: Vec<Api>,
}

#[derive(Deserialize)]
struct Api {
    #[serde(rename = "apiContext")]
    context: String,
    #[serde(rename = "apiName")]
    name: String,
    #[serde(default)]
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    name: String,
    #[serde(default)]
    rates: Vec<Rate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rate {
    limit: i64,
    remaining: i64,
    reset: Timestamp,
    time_window: i64,
}

pub(crate) fn read(json: &[u8]) -> Result<Option<RateLimit>, Error> {
    let answer: Answer =
        serde_json::from_slice(json).map_err(|error| Error::Unreadable(error.to_string()))?;
    let is_browse = |api: &&Api| {
        api.context.eq_ignore_ascii_case(CONTEXT) && api.name.eq_ignore_ascii_case(API)
    };
    let resources = answer.rate_limits.iter().filter(is_browse).flat_map(|api| &api.resources);
    let rates = resources
        .filter(|resource| resource.name.eq_ignore_ascii_case(RESOURCE))
        .flat_map(|resource| &resource.rates);
    // Were there several windows, the longest is the one to plan by.
    let rate = rates.max_by_key(|rate| rate.time_window);
    Ok(rate.map(|rate| RateLimit {
        limit: rate.limit,
        remaining: rate.remaining,
        reset: rate.reset,
        window_seconds: rate.time_window,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = r#"{"rateLimits": [
        {"apiContext": "buy", "apiName": "Offer", "apiVersion": "v1", "resources": []},
        {"apiContext": "sell", "apiName": "browse", "apiVersion": "v1", "resources": [
            {"name": "buy.browse", "rates": [{"limit": 1, "remaining": 1,
                "reset": "2026-11-23T08:00:00.000Z", "timeWindow": 86400}]}]},
        {"apiContext": "buy", "apiName": "Browse", "apiVersion": "v1", "resources": [
            {"name": "buy.browse.item.bulk", "rates": [{"count": 0, "limit": 9, "remaining": 9,
                "reset": "2026-11-23T08:00:00.000Z", "timeWindow": 86400}]},
            {"name": "buy.browse", "rates": [{"count": 5020, "limit": 5000, "remaining": -20,
                "reset": "2026-11-23T08:00:00.000Z", "timeWindow": 86400}]}]}]}"#;

    #[test]
    fn the_right_resource_is_taken() {
        let rate = read(ANSWER.as_bytes()).unwrap().unwrap();
        assert_eq!((rate.limit, rate.remaining, rate.used()), (5_000, -20, 5_020));
        assert_eq!(rate.reset.to_string(), "2026-11-23T08:00:00Z");
        assert_eq!(rate.window_seconds, 86_400);
    }

    #[test]
    fn the_count_may_be_missing() {
        let without = ANSWER.replace(r#""count": 5020, "#, "");
        assert_eq!(read(without.as_bytes()).unwrap(), read(ANSWER.as_bytes()).unwrap());
    }

    #[test]
    fn an_unknown_limit_is_none() {
        for json in [
            r#"{"rateLimits": []}"#,
            "{}",
            r#"{"rateLimits": [{"apiContext": "buy",
            "apiName": "Browse", "resources": [{"name": "buy.browse", "rates": []}]}]}"#,
        ] {
            assert_eq!(read(json.as_bytes()).unwrap(), None, "{json}");
        }
        let wrong = ANSWER.replace("-20", r#""-20""#);
        assert!(matches!(read(wrong.as_bytes()), Err(Error::Unreadable(_))));
    }
}
