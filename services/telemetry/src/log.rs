//! Sets up the log and the traces of a process.

use std::io::IsTerminal as _;
use std::time::Duration;

use settings::ExposeSecret as _;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, Registry, filter};

use crate::context;
use crate::export::{Exporter, QUEUE};
use crate::layer::{Spans, is_wanted};
use crate::otlp::{EndedSpan, Resource};

/// Why a process cannot tell about itself.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("RUST_LOG: {0}")]
    Filter(#[from] filter::ParseError),
    #[error("traces: {0}")]
    Exporter(String),
}

/// What a process has set up; keep it until the end, and then [`Telemetry::end`] it.
pub struct Telemetry {
    traces: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

/// Longest the last spans may hold up the end of a process.
const LAST_WORDS: Duration = Duration::from_secs(3);

impl Telemetry {
    /// Starts the log on standard error, and the traces when an endpoint is set. `role` is the one
    /// of this process, such as `worker`. Needs a Tokio runtime.
    ///
    /// # Errors
    /// [`Error`] names the variable that cannot be used.
    ///
    /// # Panics
    /// When the process has set up another log already.
    pub fn start(
        log: &settings::log::Log,
        traces: &settings::telemetry::Traces,
        role: &str,
        host: String,
    ) -> Result<Telemetry, Error> {
        let lines = tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            // A line that cannot be written, to a full disk say, would be complained about on the
            // same disk, and that panics.
            .log_internal_errors(false)
            .with_ansi(std::io::stderr().is_terminal());
        let filter = EnvFilter::try_new(&log.filter)?;
        let lines = if log.json {
            lines.json().flatten_event(true).with_filter(filter).boxed()
        } else {
            lines.with_filter(filter).boxed()
        };
        let Some(endpoint) = &traces.endpoint else {
            Registry::default().with(lines).init();
            return Ok(Telemetry { traces: None });
        };
        let version = env!("CARGO_PKG_VERSION");
        let resource = Resource { service: format!("courtier-{role}"), version, host };
        let exporter = Exporter::new(endpoint, traces.headers.expose_secret(), resource)?;
        let (ended, spans) = mpsc::channel::<EndedSpan>(QUEUE);
        let layer = Spans { ended, ratio: traces.sample_ratio };
        Registry::default()
            .with(lines)
            .with(layer.with_filter(filter::filter_fn(is_wanted)))
            .init();
        context::exported(traces.sample_ratio);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(exporter.run(spans, stopped));
        Ok(Telemetry { traces: Some((stop, task)) })
    }

    /// Sends the last spans.
    pub async fn end(self) {
        let Some((stop, task)) = self.traces else { return };
        if stop.send(()).is_ok() && tokio::time::timeout(LAST_WORDS, task).await.is_err() {
            tracing::warn!("the last spans were not taken in time");
        }
    }
}
