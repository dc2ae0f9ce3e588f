//! Sends spans to a collector, many at a time, and never holds anybody up.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::log::Error;
use crate::otlp::{EndedSpan, Resource, request};

/// Spans that may wait to be sent; beyond that they are dropped, and counted.
pub(crate) const QUEUE: usize = 8192;
/// Spans in one request.
const BATCH: usize = 512;
/// Longest a span waits for others.
const LINGER: Duration = Duration::from_secs(1);
/// Longest a collector may take for an answer.
const ANSWER: Duration = Duration::from_secs(10);

/// Where spans go.
pub(crate) struct Exporter {
    http: reqwest::Client,
    url: String,
    resource: Resource,
    is_failing: bool,
}

impl Exporter {
    /// `endpoint` is the collector's address without a path, as OpenTelemetry defines the variable;
    /// `headers` are pairs `name=value`, separated by commas.
    pub(crate) fn new(
        endpoint: &str,
        headers: &str,
        resource: Resource,
    ) -> Result<Exporter, Error> {
        let http = reqwest::Client::builder()
            .timeout(ANSWER)
            .default_headers(parse(headers)?)
            .build()
            .map_err(|error| Error::Exporter(error.to_string()))?;
        let url = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
        Ok(Exporter { http, url, resource, is_failing: false })
    }

    /// Sends until `stop` or until every span has ended, and then what is left.
    pub(crate) async fn run(
        mut self,
        mut spans: mpsc::Receiver<EndedSpan>,
        mut stop: oneshot::Receiver<()>,
    ) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let n = tokio::select! {
                biased;
                _ = &mut stop => break,
                n = spans.recv_many(&mut batch, BATCH) => n,
            };
            if n == 0 {
                return;
            }
            let full = async {
                while batch.len() < BATCH && spans.recv_many(&mut batch, BATCH).await > 0 {}
            };
            // The time is over, or the batch is full; either way it goes.
            drop(timeout(LINGER, full).await);
            self.send(&mut batch).await;
        }
        spans.close();
        while spans.recv_many(&mut batch, BATCH).await > 0 {
            self.send(&mut batch).await;
        }
    }

    /// A collector that is away costs its spans and nothing else.
    async fn send(&mut self, batch: &mut Vec<EndedSpan>) {
        let body = request(&self.resource, batch).to_string();
        let request = self.http.post(&self.url).header(CONTENT_TYPE, "application/json").body(body);
        let sent = request.send().await.and_then(reqwest::Response::error_for_status);
        match &sent {
            Ok(_) if self.is_failing => tracing::info!("traces are taken again"),
            Err(error) if !self.is_failing => {
                // The address may hold a password.
                let error = error.status().map_or("no answer".to_owned(), |s| s.to_string());
                tracing::warn!(error, "traces are not taken: OTEL_EXPORTER_OTLP_ENDPOINT");
            }
            _ => {}
        }
        if sent.is_err() {
            let n_lost = u64::try_from(batch.len()).unwrap_or(u64::MAX);
            metrics::counter!("traces_dropped_total").increment(n_lost);
        }
        self.is_failing = sent.is_err();
        batch.clear();
    }
}

fn parse(headers: &str) -> Result<HeaderMap, Error> {
    let mut map = HeaderMap::new();
    for pair in headers.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let wrong = || Error::Exporter("OTEL_EXPORTER_OTLP_HEADERS is not name=value,…".into());
        let (name, value) = pair.split_once('=').ok_or_else(wrong)?;
        let name: HeaderName = name.trim().parse().map_err(|_| wrong())?;
        let mut value: HeaderValue = value.trim().parse().map_err(|_| wrong())?;
        value.set_sensitive(true);
        map.insert(name, value);
    }
    Ok(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_pairs() {
        let headers = parse("authorization=Basic abc=, x-tenant = one").unwrap();
        assert_eq!(headers["authorization"], "Basic abc=");
        assert_eq!(headers["x-tenant"], "one");
        assert!(!format!("{headers:?}").contains("abc"));
        assert!(parse("").unwrap().is_empty());
        assert!(parse("authorization").is_err());
        assert!(parse("two words=x").is_err());
    }
}
