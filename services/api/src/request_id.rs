//! The id that ties an answer, its log lines and a support question together.

use http::HeaderMap;
use uuid::Uuid;

/// Request and response header.
pub(crate) const HEADER: http::HeaderName = http::HeaderName::from_static("x-request-id");

/// Longest id that is taken over from a caller.
const MAX_LEN: usize = 64;

tokio::task_local! {
    /// The id of the request that this task serves.
    pub(crate) static REQUEST_ID: String;
}

/// The id of the request that is being served, if one is.
pub(crate) fn current() -> Option<String> {
    REQUEST_ID.try_with(String::clone).ok()
}

/// The caller's id when it is harmless in a log line, else a new one.
pub(crate) fn choose(headers: &HeaderMap) -> String {
    match headers.get(HEADER).and_then(|value| value.to_str().ok()) {
        Some(given) if is_harmless(given) => given.to_owned(),
        _ => Uuid::now_v7().to_string(),
    }
}

fn is_harmless(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    !id.is_empty() && id.len() <= MAX_LEN && id.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(id: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(HEADER, http::HeaderValue::from_static(id))])
    }

    #[test]
    fn takes_over_a_harmless_id_only() {
        assert_eq!(choose(&headers("n8n-17.3")), "n8n-17.3");
        assert_ne!(choose(&headers("a b")), "a b");
        assert_ne!(choose(&headers("")), "");
        let long: &'static str = "x".repeat(65).leak();
        assert_ne!(choose(&headers(long)), long);
        assert!(Uuid::parse_str(&choose(&HeaderMap::new())).is_ok());
    }
}
