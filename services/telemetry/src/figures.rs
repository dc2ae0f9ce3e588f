//! `/metrics` for roles that serve nothing else, and `/health/live` for whoever watches them.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Pause between two looks for histograms that have grown too long.
const UPKEEP: Duration = Duration::from_secs(5);
/// Figures in the text format of Prometheus.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4";

/// The figures of this process.
#[derive(Clone)]
pub struct Figures(PrometheusHandle);

impl Figures {
    /// Starts to record. Needs a Tokio runtime.
    ///
    /// # Errors
    /// When the process records already.
    pub fn start() -> Result<Figures, BuildError> {
        let handle = PrometheusBuilder::new().install_recorder()?;
        let upkeep = handle.clone();
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(UPKEEP);
            loop {
                ticks.tick().await;
                upkeep.run_upkeep();
            }
        });
        Ok(Figures(handle))
    }

    /// All of them, as Prometheus reads them.
    pub fn render(&self) -> String {
        self.0.render()
    }
}

/// Serves them until `shutdown`.
pub async fn serve(listener: TcpListener, figures: Figures, shutdown: CancellationToken) {
    let limits = web::Limits {
        trusted_proxies: Arc::default(),
        max_connections: 32,
        header_read_timeout: Duration::from_secs(10),
        grace: Duration::from_secs(1),
    };
    let service = tower::service_fn(move |request: Request<Incoming>| {
        let answer = answer(&figures, request.method(), request.uri().path());
        async move { Ok::<_, Infallible>(answer) }
    });
    match listener.local_addr() {
        Ok(address) => tracing::info!(%address, "figures are served"),
        Err(error) => tracing::warn!(%error, "the address of the figures is not known"),
    }
    web::run(listener, service, limits, shutdown).await;
}

fn answer(figures: &Figures, method: &Method, path: &str) -> Response<String> {
    let (status, kind, body) = match path {
        _ if method != Method::GET => (StatusCode::METHOD_NOT_ALLOWED, "text/plain", String::new()),
        "/metrics" => (StatusCode::OK, CONTENT_TYPE, figures.render()),
        "/health/live" => (StatusCode::OK, "application/json", r#"{"status":"ok"}"#.to_owned()),
        _ => (StatusCode::NOT_FOUND, "text/plain", String::new()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static(kind));
    response
}
