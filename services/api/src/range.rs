//! `Range`: parts of a file, so that a broken download goes on where it broke off (RFC 9110, 14).

use http::{HeaderMap, Method, header};

/// What to send of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Whole,
    /// From `first` to `last`, both included.
    Part {
        first: u64,
        last: u64,
    },
    /// The range begins behind the end.
    Nothing,
}

/// What a request wants of a file of `n_bytes` with this strong tag. A range that cannot be read,
/// of another unit, or of several parts is no reason to refuse: the file is sent whole. So it is
/// when `If-Range` names another version.
pub(crate) fn wanted(method: &Method, headers: &HeaderMap, etag: &str, n_bytes: u64) -> Wanted {
    if *method != Method::GET || !is_this_version(headers, etag) {
        return Wanted::Whole;
    }
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    range.and_then(|range| part(range, n_bytes)).unwrap_or(Wanted::Whole)
}

/// A date is no strong validator here: files of two runs may share their second.
fn is_this_version(headers: &HeaderMap, etag: &str) -> bool {
    let Some(condition) = headers.get(header::IF_RANGE) else { return true };
    condition.to_str().is_ok_and(|condition| condition == etag)
}

fn part(range: &str, n_bytes: u64) -> Option<Wanted> {
    let (unit, spec) = range.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") || spec.contains(',') {
        return None;
    }
    let (first, last) = spec.trim().split_once('-')?;
    let end = n_bytes.checked_sub(1);
    match (number(first)?, number(last)?) {
        // The last so many bytes.
        (None, Some(n_last)) => Some(match end {
            Some(end) if n_last > 0 => {
                Wanted::Part { first: n_bytes.saturating_sub(n_last), last: end }
            }
            _ => Wanted::Nothing,
        }),
        (Some(first), last) => {
            if last.is_some_and(|last| last < first) {
                return None;
            }
            Some(match end {
                Some(end) if first <= end => {
                    Wanted::Part { first, last: last.unwrap_or(end).min(end) }
                }
                _ => Wanted::Nothing,
            })
        }
        (None, None) => None,
    }
}

/// A number, or nothing at all; the outer `None` is for anything else. One that is too large to be
/// counted is as good as the largest.
#[expect(clippy::option_option, reason = "absent and broken are told apart")]
fn number(text: &str) -> Option<Option<u64>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Some(text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn ask(range: &str, if_range: Option<&str>, n_bytes: u64) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        if let Some(condition) = if_range {
            headers.insert(header::IF_RANGE, HeaderValue::from_str(condition).unwrap());
        }
        wanted(&Method::GET, &headers, "\"tag\"", n_bytes)
    }

    #[test]
    fn one_range_is_a_part() {
        let part = |first, last| Wanted::Part { first, last };
        for (range, expected) in [
            ("bytes=0-0", part(0, 0)),
            ("bytes=2-4", part(2, 4)),
            ("bytes=7-", part(7, 9)),
            ("bytes=7-99", part(7, 9)),
            ("Bytes = 7 - 99999999999999999999999", part(7, 9)),
            ("bytes=-3", part(7, 9)),
            ("bytes=-99", part(0, 9)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=99999999999999999999999-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
        ] {
            assert_eq!(ask(range, None, 10), expected, "{range}");
        }
        assert_eq!(ask("bytes=0-", None, 0), Wanted::Nothing);
    }

    #[test]
    fn what_is_no_single_range_is_answered_whole() {
        let wrong =
            ["bytes=", "bytes=-", "bytes=4-2", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1", "0-1"];
        for range in wrong {
            assert_eq!(ask(range, None, 10), Wanted::Whole, "{range}");
        }
    }

    #[test]
    fn another_version_is_answered_whole() {
        assert_eq!(ask("bytes=0-1", Some("\"tag\""), 10), Wanted::Part { first: 0, last: 1 });
        for other in ["\"other\"", "W/\"tag\"", "tag", "Sat, 24 Jan 2026 00:00:00 GMT"] {
            assert_eq!(ask("bytes=0-1", Some(other), 10), Wanted::Whole, "{other}");
        }
    }

    #[test]
    fn only_get_has_parts() {
        let headers =
            HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static("bytes=0-1"))]);
        assert_eq!(wanted(&Method::HEAD, &headers, "\"tag\"", 10), Wanted::Whole);
    }
}
