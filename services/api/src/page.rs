//! Pages of long lists: how many rows, and the path of the next ones.

use http::{HeaderValue, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use warp::reply::Response;

use crate::params::Params;

const DEFAULT: i64 = 50;
/// Most rows of a page.
pub(crate) const MAX: i64 = 500;
/// What RFC 3986 calls unreserved needs no encoding.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Takes `limit`: the rows that a page may hold.
pub(crate) fn limit(params: &mut Params) -> i64 {
    let limit = params.optional("limit", "a number").unwrap_or(DEFAULT);
    if !(1..=MAX).contains(&limit) {
        params.refuse("limit", format!("must be between 1 and {MAX}"));
    }
    limit
}

/// The last row of a page that others may follow.
pub(crate) fn last_of_full<T>(rows: &[T], limit: i64) -> Option<&T> {
    let is_full = i64::try_from(rows.len()).is_ok_and(|n_rows| n_rows >= limit);
    rows.last().filter(|_| is_full)
}

/// The path of a page: the query of this one, with other values for `place`.
pub(crate) fn next(path: &str, query: &[(String, String)], place: &[(&str, &str)]) -> String {
    let is_kept = |name: &str| place.iter().all(|(placed, _)| *placed != name);
    let kept = query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let pairs = kept.filter(|(name, _)| is_kept(name)).chain(place.iter().copied());
    let mut next = path.to_owned();
    for (n, (name, value)) in pairs.enumerate() {
        let sign = if n == 0 { "?" } else { "&" };
        next.extend([sign, &encode(name), "=", &encode(value)]);
    }
    next
}

/// Names the next page in the `Link` header too.
pub(crate) fn link(mut response: Response, next: Option<&str>) -> Response {
    let link = next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
    if let Some(link) = link {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// A text as a segment of a path, or as a part of a query.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A segment of a path as text; `None` when it is none.
pub(crate) fn decode(segment: &str) -> Option<String> {
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    (!text.contains('\0')).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_the_query_and_replaces_its_place() {
        let query = [("q", "a&b é"), ("cursor", "old"), ("limit", "2")];
        let query = query.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let next = next("/v1/cards", &query, &[("cursor", "name.7.Ho-Oh +")]);
        assert_eq!(next, "/v1/cards?q=a%26b%20%C3%A9&limit=2&cursor=name.7.Ho-Oh%20%2B");
    }

    #[test]
    fn segments_are_decoded_once() {
        assert_eq!(decode("exu-%253F-HOLO").as_deref(), Some("exu-%3F-HOLO"));
        assert_eq!(decode(&encode("exu-!?/é")).as_deref(), Some("exu-!?/é"));
        assert_eq!(decode("%ff"), None);
        assert_eq!(decode("a%00"), None);
    }
}
