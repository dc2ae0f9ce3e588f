//! What a process tells about itself, besides its log.

use std::net::SocketAddr;

use secrecy::SecretString;

use crate::{Reader, Variable, optional, optional_secret};

/// Where figures and traces go.
#[derive(Clone, Debug)]
pub struct Telemetry {
    /// `METRICS_LISTEN`: where a role serves `/metrics` and `/health/live`; the API serves its own
    /// on `API_LISTEN` besides. Nowhere by default.
    pub metrics_listen: Option<SocketAddr>,
    pub traces: Traces,
}

/// Traces, by the names that OpenTelemetry gives these variables.
#[derive(Clone, Debug)]
pub struct Traces {
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: a collector that takes OTLP over HTTP, such as
    /// `http://collector:4318`. Without it, no trace is made.
    pub endpoint: Option<String>,
    /// `OTEL_EXPORTER_OTLP_HEADERS`: what a collector wants to see: `name=value`, separated by
    /// commas.
    pub headers: SecretString,
    /// `OTEL_TRACES_SAMPLER_ARG`: the share of the traces begun here that are kept, 0 to 1. A trace
    /// that came with a request is kept when its sender keeps it.
    pub sample_ratio: f64,
}

const METRICS_LISTEN: Variable = optional("METRICS_LISTEN", "");
const ENDPOINT: Variable = optional("OTEL_EXPORTER_OTLP_ENDPOINT", "");
const HEADERS: Variable = optional_secret("OTEL_EXPORTER_OTLP_HEADERS");
const SAMPLE_RATIO: Variable = optional("OTEL_TRACES_SAMPLER_ARG", "1");

pub(crate) const VARIABLES: &[Variable] = &[METRICS_LISTEN, ENDPOINT, HEADERS, SAMPLE_RATIO];

impl Telemetry {
    pub fn load(reader: &mut Reader<'_>) -> Telemetry {
        let listens = reader.is_set(METRICS_LISTEN);
        Telemetry {
            metrics_listen: listens.then(|| reader.address(METRICS_LISTEN)),
            traces: traces(reader),
        }
    }
}

fn traces(reader: &mut Reader<'_>) -> Traces {
    let endpoint = reader.url(ENDPOINT);
    let sample_ratio: f64 = reader.parsed(SAMPLE_RATIO, "a share from 0 to 1");
    if !(0.0..=1.0).contains(&sample_ratio) {
        reader.problem(SAMPLE_RATIO.name, "must be from 0 to 1");
    }
    Traces {
        endpoint: Some(endpoint).filter(|endpoint| !endpoint.is_empty()),
        headers: reader.secret(HEADERS),
        sample_ratio,
    }
}
