//! What a process tells about itself: log lines, spans, figures.
//!
//! [`Telemetry::start`] sets all of it up, once for each process. Spans are those of `tracing`; with
//! an OTLP endpoint they are also sent there, and a span that has the field `traceparent` continues
//! the trace of whoever sent it. [`Context`] is for those who pass a trace on.
//!
//! The exporter is our own, some three hundred lines over a client that is here anyway: the usual
//! one would add a fifth to the time of a build, for a format that JSON expresses.
//!
//! What must never appear here: what a span or a figure means.

mod context;
mod export;
mod figures;
mod layer;
mod log;
mod otlp;
mod span;

pub use context::Context;
pub use figures::{Figures, serve};
pub use log::{Error, Telemetry};
