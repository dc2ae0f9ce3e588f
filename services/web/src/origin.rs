//! Where a client believes this server to be: for links that lead back here from elsewhere.

use http::{HeaderMap, HeaderName, header};

/// Whether a trusted proxy passed the request on, put into every request's extensions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByProxy(pub bool);

const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PREFIX: HeaderName = HeaderName::from_static("x-forwarded-prefix");

/// Scheme, host and port under which the client reached us, and the path that a proxy took off:
/// `https://msp.example/courtier`. `None` when the request does not tell.
///
/// `X-Forwarded-Proto`, `-Host` and `-Prefix` are believed from a trusted proxy alone, and of
/// several values the last, which is its own.
pub fn origin(headers: &HeaderMap, by_proxy: ByProxy) -> Option<String> {
    let forwarded = |name: HeaderName| last(headers, name).filter(|_| by_proxy.0);
    let scheme = match forwarded(PROTO) {
        Some("https") => "https",
        _ => "http",
    };
    let host = forwarded(HOST)
        .filter(|host| is_authority(host))
        .or_else(|| last(headers, header::HOST).filter(|host| is_authority(host)))?;
    let prefix = forwarded(PREFIX).filter(|prefix| is_path(prefix)).unwrap_or_default();
    Some(format!("{scheme}://{host}{}", prefix.trim_end_matches('/')))
}

fn last(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    Some(value.rsplit(',').next().unwrap_or(value).trim())
}

/// A name or an address, perhaps with a port. Nothing that could lead a link elsewhere.
fn is_authority(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    !text.is_empty() && text.bytes().all(is_part)
}

fn is_path(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"/.-_~".contains(&byte);
    text.starts_with('/') && !text.starts_with("//") && text.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&'static str, &'static str)], by_proxy: bool) -> Option<String> {
        let pairs = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), http::HeaderValue::from_static(value))
        });
        let mut map = HeaderMap::new();
        pairs.for_each(|(name, value)| {
            map.append(name, value);
        });
        origin(&map, ByProxy(by_proxy))
    }

    #[test]
    fn only_a_trusted_proxy_tells_where_we_are() {
        let forwarded = [
            ("host", "analytics-api:8000"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "msp.example"),
            ("x-forwarded-prefix", "/courtier/"),
        ];
        assert_eq!(of(&forwarded, true).as_deref(), Some("https://msp.example/courtier"));
        assert_eq!(of(&forwarded, false).as_deref(), Some("http://analytics-api:8000"));
        assert_eq!(of(&[("host", "[::1]:8000")], true).as_deref(), Some("http://[::1]:8000"));
        assert_eq!(of(&[], true), None);
    }

    #[test]
    fn what_the_proxy_added_counts_and_not_what_it_was_sent() {
        let forwarded = [
            ("host", "inside"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-host", "worse.example, msp.example"),
        ];
        assert_eq!(of(&forwarded, true).as_deref(), Some("http://msp.example"));
    }

    #[test]
    fn what_is_no_host_or_path_is_not_repeated() {
        for host in ["evil/path", "a b", "user@evil", "evil?x", ""] {
            let headers = [("host", "msp.example"), ("x-forwarded-host", host)];
            assert_eq!(of(&headers, true).as_deref(), Some("http://msp.example"), "{host}");
        }
        for prefix in ["//evil.example", "courtier", "/a?b", "/a#b"] {
            let headers = [("host", "msp.example"), ("x-forwarded-prefix", prefix)];
            assert_eq!(of(&headers, true).as_deref(), Some("http://msp.example"), "{prefix}");
        }
        assert_eq!(of(&[("host", "evil/path")], false), None);
    }
}
