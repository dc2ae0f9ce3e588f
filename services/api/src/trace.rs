//! Which trace a request belongs to, so that the command it orders continues it.

use http::HeaderMap;
use telemetry::Context;
use tracing::Span;
use tracing::field::Empty;

/// Request header of W3C's trace context.
const HEADER: &str = "traceparent";

tokio::task_local! {
    /// What the commands of the request that this task serves are to continue.
    static TRACE: Option<String>;
}

/// The trace of one request.
pub(crate) struct Trace {
    /// Of the request's span when spans are exported, else the caller's own.
    continued: Option<String>,
    pub(crate) span: Span,
}

impl Trace {
    /// Continues the caller's trace, or begins one. Costs nothing while spans are not exported.
    pub(crate) fn of(headers: &HeaderMap) -> Trace {
        let given = headers.get(HEADER).and_then(|value| value.to_str().ok());
        let given = given.filter(|text| text.parse::<Context>().is_ok());
        match Context::following(given) {
            None => Trace { continued: given.map(str::to_owned), span: Span::none() },
            Some(own) => {
                let own = own.to_string();
                let span = tracing::trace_span!(
                    "request",
                    otel.kind = "server",
                    otel.name = Empty,
                    http.response.status_code = Empty,
                    traceparent = given,
                    trace.own = own.as_str(),
                );
                Trace { continued: Some(own), span }
            }
        }
    }

    /// Runs `work` as a part of the request.
    pub(crate) async fn scope<F: Future>(self, work: F) -> F::Output {
        TRACE.scope(self.continued, work).await
    }
}

/// What a command that is ordered now continues.
pub(crate) fn current() -> Option<String> {
    TRACE.try_with(Clone::clone).ok().flatten()
}
