//! One log line and one set of counters for each request.
//!
//! The query string is left out, because it may carry a credential; so are all headers.

use std::net::IpAddr;
use std::sync::LazyLock;
use std::time::Duration;

use http::{Method, Request, Response, StatusCode};
use metrics::{Counter, Histogram, SharedString};
use tracing::Span;
use uuid::Uuid;

use crate::router::Matched;
use web::Client;

/// What a request showed before a handler consumed it.
pub(crate) struct Seen {
    method: Method,
    path: String,
    client: Option<IpAddr>,
}

/// Where the requests of a route are counted: looked up once, and not for each of them.
pub(crate) struct Meters {
    /// In the order of [`CLASSES`].
    answered: [Counter; CLASSES.len()],
    seconds: Histogram,
}

/// Of statuses.
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// Requests that no route served.
static UNMATCHED: LazyLock<Meters> = LazyLock::new(|| Meters::of(&"none".into()));

/// What a request turned out to be about, left in the response's extensions.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct About {
    /// The command that it ordered.
    pub(crate) command_id: Option<Uuid>,
    /// The tenant of its credential, or of that command.
    pub(crate) tenant_id: Option<Uuid>,
}

impl Seen {
    pub(crate) fn of<B>(request: &Request<B>) -> Seen {
        Seen {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            client: request.extensions().get::<Client>().map(|client| client.0),
        }
    }

    /// Writes the line and moves the counters.
    pub(crate) fn finish<B>(
        self,
        response: &Response<B>,
        request_id: &str,
        elapsed: Duration,
        span: &Span,
    ) {
        let About { command_id, tenant_id } =
            response.extensions().get().copied().unwrap_or_default();
        tracing::info!(
            target: "api::access",
            {
                http.method = self.method.as_str(),
                http.path = self.path,
                http.status = response.status().as_u16(),
                duration_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
                client = self.client.map(tracing::field::display),
                command.id = command_id.map(tracing::field::display),
                tenant.id = tenant_id.map(tracing::field::display),
                request_id,
            },
            "request answered"
        );
        // The template, not the path: a path is any text, and each text would be a new series.
        let (route, meters) = match response.extensions().get::<Matched>() {
            Some(Matched(route)) => (&*route.path, route.meters()),
            None => ("none", &*UNMATCHED),
        };
        if !span.is_disabled() {
            span.record("otel.name", format!("{} {route}", self.method));
            span.record("http.response.status_code", response.status().as_u16());
        }
        meters.count(response.status(), elapsed);
    }
}

impl Meters {
    pub(crate) fn of(route: &SharedString) -> Meters {
        let answered = |class| metrics::counter!("http_requests_total", "route" => route.clone(), "class" => class);
        Meters {
            answered: CLASSES.map(answered),
            seconds: metrics::histogram!("http_request_seconds", "route" => route.clone()),
        }
    }

    fn count(&self, status: StatusCode, elapsed: Duration) {
        self.answered[class(status)].increment(1);
        self.seconds.record(elapsed);
    }
}

/// The index in [`CLASSES`].
fn class(status: StatusCode) -> usize {
    match status.as_u16() / 100 {
        2 => 0,
        3 => 1,
        4 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_counted_by_their_first_digit() {
        for (status, name) in [
            (StatusCode::PARTIAL_CONTENT, "2xx"),
            (StatusCode::NOT_MODIFIED, "3xx"),
            (StatusCode::NOT_FOUND, "4xx"),
            (StatusCode::SERVICE_UNAVAILABLE, "5xx"),
        ] {
            assert_eq!(CLASSES[class(status)], name);
        }
    }
}
