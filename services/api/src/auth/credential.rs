//! The credential of a request: which of its carriers counts, and what it holds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use http::header::AUTHORIZATION;

use crate::route::{Call, Carriers};

/// The header that carries a tenant's API key.
pub(crate) const API_KEY: &str = "X-API-Key";
/// The parameter that carries one, where a route allows it.
pub(crate) const QUERY_KEY: &str = "api_key";

/// What a caller shows. It has no `Debug`: it is a secret.
#[derive(PartialEq, Eq)]
pub(super) enum Credential {
    /// An API key, whoever it may belong to.
    Key(String),
    /// The service token, or a token that was given out for a key.
    Bearer(String),
}

/// A request shows more than one: it is not for us to guess which one is meant.
pub(super) struct Several;

impl Credential {
    /// The credential of a request: `Authorization`, `X-API-Key`, or `api_key` where the route
    /// allows it. That parameter is gone afterwards, so that no link and no message repeats it.
    pub(super) fn take(call: &mut Call, carriers: Carriers) -> Result<Option<Self>, Several> {
        let in_query = match carriers {
            Carriers::Headers => None,
            Carriers::AlsoQuery => take_parameter(&mut call.query),
        };
        let in_header = call.header(API_KEY).map(str::to_owned);
        match (call.headers.get(AUTHORIZATION), in_header, in_query) {
            (Some(value), None, None) => Ok(authorization(value)),
            (None, Some(key), None) | (None, None, Some(key)) => Ok(Some(Credential::Key(key))),
            (None, None, None) => Ok(None),
            _ => Err(Several),
        }
    }
}

/// Whether a bearer has the form of a token that we give out.
pub(super) fn is_jwt(token: &str) -> bool {
    token.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// The scheme is compared without case, as RFC 9110 has it. Of `Basic` only the password counts:
/// programs that know no other scheme ask for a name too.
fn authorization(value: &HeaderValue) -> Option<Credential> {
    let (scheme, rest) = value.to_str().ok()?.split_once(' ')?;
    let rest = rest.trim();
    if rest.is_empty() {
        return None;
    }
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Credential::Bearer(rest.to_owned()));
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let pair = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
        return Some(Credential::Key(pair.split_once(':')?.1.to_owned()));
    }
    None
}

fn take_parameter(query: &mut Vec<(String, String)>) -> Option<String> {
    let index = query.iter().position(|(name, _)| name == QUERY_KEY)?;
    let (_, key) = query.remove(index);
    query.retain(|(name, _)| name != QUERY_KEY);
    Some(key)
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn call(headers: &[(&str, &str)], query: &[(&str, &str)]) -> Call {
        let header = |(name, value): &(&str, &str)| {
            (name.parse::<http::HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
        };
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Call {
            path: std::sync::Arc::default(),
            segments: Vec::new(),
            method: http::Method::GET,
            query: query.iter().map(pair).collect(),
            headers: headers.iter().map(header).collect::<HeaderMap>(),
            body: crate::body::unread(futures::stream::empty::<Result<bytes::Bytes, _>>()),
            client: None,
            by_proxy: web::ByProxy::default(),
            reader: None,
        }
    }

    fn taken(headers: &[(&str, &str)], query: &[(&str, &str)], carriers: Carriers) -> String {
        match Credential::take(&mut call(headers, query), carriers) {
            Err(Several) => "several".to_owned(),
            Ok(None) => "none".to_owned(),
            Ok(Some(Credential::Key(key))) => format!("key {key}"),
            Ok(Some(Credential::Bearer(token))) => format!("bearer {token}"),
        }
    }

    #[test]
    fn each_carrier_is_read_and_one_is_enough() {
        use Carriers::{AlsoQuery, Headers};
        let basic = ("authorization", "basic bm9ib2R5OmE6Yg==");
        let key = ("x-api-key", "header");
        let query = ("api_key", "query");
        assert_eq!(taken(&[], &[], AlsoQuery), "none");
        assert_eq!(taken(&[key], &[query], Headers), "key header");
        assert_eq!(taken(&[basic], &[], AlsoQuery), "key a:b", "one colon separates");
        assert_eq!(taken(&[key], &[query], AlsoQuery), "several");
        assert_eq!(taken(&[basic, key], &[], Headers), "several");
        assert_eq!(taken(&[("authorization", "Digest x"), key], &[], Headers), "several");
        assert_eq!(taken(&[("authorization", "bEARER  t ")], &[], Headers), "bearer t");
        assert_eq!(taken(&[], &[query], AlsoQuery), "key query");
        assert_eq!(taken(&[], &[query], Headers), "none");
        for broken in ["Basic", "Basic ", "Basic é", "Basic bm9ib2R5", "Digest x", "Bearer "] {
            assert_eq!(taken(&[("authorization", broken)], &[], Headers), "none", "{broken}");
        }
    }

    #[test]
    fn a_key_in_the_query_is_taken_out_of_it() {
        let mut asked = call(&[], &[("table", "t"), ("api_key", "one"), ("api_key", "two")]);
        assert!(Credential::take(&mut asked, Carriers::AlsoQuery).is_ok_and(|one| one.is_some()));
        assert_eq!(asked.query, [("table".to_owned(), "t".to_owned())]);
    }
}
