//! Scripts of other sites: refused by browsers, unless `API_ALLOWED_ORIGINS` names their site.
//!
//! Only for `/v1` and its description. What the service token opens is no business of a browser.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

/// What scripts may send besides what browsers always allow.
const REQUEST_HEADERS: &str = "authorization, x-api-key, content-type, accept-language, \
                               if-none-match, if-range, range, x-request-id";
/// What scripts may read besides what browsers always show.
const RESPONSE_HEADERS: &str = "etag, link, content-disposition, content-range, accept-ranges, \
                                retry-after, x-request-id, www-authenticate";
/// How long a browser may remember the answer to its preflight, in seconds.
const MAX_AGE: &str = "600";

/// The sites whose scripts may read; none at first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cors(Arc<[HeaderValue]>);

/// What is owed to the script that sent a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grant {
    origin: Option<HeaderValue>,
    is_preflight: bool,
    varies: bool,
}

impl Cors {
    pub(crate) fn new(origins: &[String]) -> Cors {
        Cors(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect())
    }

    /// What a request may have.
    pub(crate) fn grant(&self, method: &Method, path: &str, headers: &HeaderMap) -> Grant {
        let is_open = path.starts_with("/v1/") || path == "/openapi.json";
        if self.0.is_empty() || !is_open {
            return Grant::default();
        }
        let origin = headers.get(header::ORIGIN).filter(|origin| self.0.contains(origin));
        Grant {
            is_preflight: *method == Method::OPTIONS
                && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD),
            origin: origin.cloned(),
            varies: true,
        }
    }
}

impl Grant {
    /// Writes it into an answer.
    pub(crate) fn put(self, headers: &mut HeaderMap) {
        if self.varies {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
        let Some(origin) = self.origin else { return };
        let mut put = |name: HeaderName, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        if self.is_preflight {
            put(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST");
            put(header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
            put(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        } else {
            put(header::ACCESS_CONTROL_EXPOSE_HEADERS, RESPONSE_HEADERS);
        }
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "https://reports.example";

    fn granted(allowed: &[&str], method: &Method, path: &str, origin: &str) -> HeaderMap {
        let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
        let mut asked = HeaderMap::new();
        asked.insert(header::ORIGIN, HeaderValue::from_str(origin).unwrap());
        let asks = HeaderValue::from_static("GET");
        asked.insert(header::ACCESS_CONTROL_REQUEST_METHOD, asks);
        let mut answer = HeaderMap::new();
        Cors::new(&allowed).grant(method, path, &asked).put(&mut answer);
        answer
    }

    #[test]
    fn nothing_is_granted_unless_a_site_is_named() {
        assert!(granted(&[], &Method::GET, "/v1/kpis/daily", SITE).is_empty());
        let other = granted(&[SITE], &Method::GET, "/v1/kpis/daily", "https://evil.example");
        assert_eq!(other.len(), 1, "only the word that it depends on the origin");
        assert_eq!(other["vary"], "origin");
        assert!(granted(&[SITE], &Method::GET, "/internal/tenants", SITE).is_empty());
        let longer = granted(&[SITE], &Method::GET, "/v1/cards", "https://reports.example.evil");
        assert!(!longer.contains_key("access-control-allow-origin"));
    }

    #[test]
    fn a_named_site_may_read_and_send_its_key() {
        let answer = granted(&["https://a.example", SITE], &Method::GET, "/v1/cards", SITE);
        assert_eq!(answer["access-control-allow-origin"], SITE);
        assert!(answer["access-control-expose-headers"].to_str().unwrap().contains("etag"));
        assert!(!answer.contains_key("access-control-allow-credentials"), "keys are no cookies");
        let preflight = granted(&[SITE], &Method::OPTIONS, "/v1/cards", SITE);
        assert!(preflight["access-control-allow-headers"].to_str().unwrap().contains("x-api-key"));
        assert_eq!(preflight["access-control-allow-methods"], "GET, HEAD, POST");
    }
}
