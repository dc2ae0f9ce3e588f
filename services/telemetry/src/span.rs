//! What is known about a span while it is open.

use std::fmt;
use std::time::SystemTime;

use serde_json::{Value, json};
use tracing::Metadata;
use tracing::field::{Field, Visit};

use crate::context::Context;

/// A span that will be exported.
#[derive(Clone, Debug)]
pub(crate) struct OpenSpan {
    pub(crate) context: Context,
    pub(crate) parent_id: Option<u64>,
    pub(crate) name: String,
    pub(crate) started: SystemTime,
    pub(crate) fields: Fields,
    pub(crate) events: Vec<(SystemTime, Fields)>,
    pub(crate) failed: bool,
}

/// Fields of a span or an event. Some of them are for the exporter itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    pub(crate) attributes: Vec<(&'static str, Value)>,
    /// `traceparent`: the span elsewhere that this one follows.
    pub(crate) parent: Option<Context>,
    /// `trace.own`: the place that was chosen beforehand, to be passed on.
    pub(crate) own: Option<Context>,
    /// `otel.kind`: `server`, `client`, `producer` or `consumer`.
    pub(crate) kind: Option<String>,
    /// `otel.name`: in place of the name in the code, when that is known only later.
    pub(crate) name: Option<String>,
}

impl Fields {
    /// The span of a run is called like its command, which came from a queue.
    pub(crate) fn name_after_command(&mut self) {
        let name = self.attributes.iter().find(|(name, _)| *name == "command.name");
        if let Some(name) = name.and_then(|(_, name)| name.as_str()) {
            self.name = Some(name.to_owned());
            self.kind = Some("consumer".to_owned());
        }
    }

    fn put(&mut self, field: &Field, value: Value) {
        let text = value.as_str();
        match field.name() {
            "traceparent" => self.parent = text.and_then(|text| text.parse().ok()),
            "trace.own" => self.own = text.and_then(|text| text.parse().ok()),
            "otel.kind" => self.kind = text.map(str::to_owned),
            "otel.name" => self.name = text.map(str::to_owned),
            name => self.attributes.push((name, value)),
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, json!(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, json!(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, json!(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, json!(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, json!(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, json!(value));
    }
}

/// Spans of the database are named like the functions they time: `kpi_daily.compute`.
pub(crate) fn name_of(metadata: &Metadata<'_>) -> String {
    match metadata.target().strip_prefix("store::") {
        Some(module) => format!("{}.{}", module.replace("::", "."), metadata.name()),
        None => metadata.name().to_owned(),
    }
}

/// Whether the span times the database. Such spans begin no trace: the loops ask all the time.
pub(crate) fn is_of_database(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("store::")
}
