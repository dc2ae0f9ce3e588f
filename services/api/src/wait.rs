//! How long a client wants to wait for the end of its command: `Prefer: wait=N` or `?wait=N`.

use std::time::Duration;

use http::{HeaderMap, Uri};

use crate::problem::Problem;

/// Longest wait that is granted, in seconds.
const MAX_S: u64 = 60;

/// The parameter that asks for a wait.
pub(crate) const PARAMETER: &str = "wait";

/// The wait asked for, zero for none or one that cannot be read; for the time limit.
pub(crate) fn asked(uri: &Uri, headers: &HeaderMap) -> Duration {
    let query = uri.query().unwrap_or_default();
    let parameter = query.split('&').find_map(|pair| pair.strip_prefix("wait="));
    let seconds = parameter.or_else(|| preferred(headers)).and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(0).min(MAX_S))
}

/// Takes the wait out of a query; longer ones are cut to a minute. The header is only a
/// preference, so that one which cannot be read is ignored.
pub(crate) fn take(
    query: &mut Vec<(String, String)>,
    headers: &HeaderMap,
) -> Result<Option<Duration>, Problem> {
    let parameter = query.iter().position(|(name, _)| name == PARAMETER);
    let seconds = match parameter {
        Some(index) => Some(parse(&query.swap_remove(index).1)?),
        None => preferred(headers).and_then(|text| text.parse().ok()),
    };
    let wait = seconds.map(|seconds| Duration::from_secs(seconds.min(MAX_S)));
    Ok(wait.filter(|wait| !wait.is_zero()))
}

fn parse(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| {
        Problem::field(PARAMETER, format!("must be a number of seconds, at most {MAX_S}"))
    })
}

fn preferred(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split([',', ';']))
        .find_map(|part| part.trim().strip_prefix("wait="))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefer(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([("prefer".parse().unwrap(), http::HeaderValue::from_static(value))])
    }

    #[test]
    fn reads_the_header_and_the_parameter() {
        let mut query = vec![("date".to_owned(), "x".to_owned()), ("wait".into(), "5".into())];
        assert_eq!(take(&mut query, &HeaderMap::new()), Ok(Some(Duration::from_secs(5))));
        assert_eq!(query.len(), 1);
        let headers = prefer("respond-async, wait=100");
        assert_eq!(take(&mut query, &headers), Ok(Some(Duration::from_mins(1))));
        assert_eq!(take(&mut query, &prefer("wait=soon")), Ok(None));
        assert_eq!(take(&mut query, &prefer("wait=0")), Ok(None));
        assert!(take(&mut vec![("wait".into(), "soon".into())], &HeaderMap::new()).is_err());
    }

    #[test]
    fn extends_the_time_limit_alike() {
        let uri = Uri::from_static("/internal/diagnostics/ping?a=1&wait=7");
        assert_eq!(asked(&uri, &HeaderMap::new()), Duration::from_secs(7));
        let uri = Uri::from_static("/internal/diagnostics/ping");
        assert_eq!(asked(&uri, &prefer("wait=9")), Duration::from_secs(9));
        assert_eq!(asked(&uri, &HeaderMap::new()), Duration::ZERO);
    }
}
