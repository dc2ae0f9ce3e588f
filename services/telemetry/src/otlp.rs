//! Spans in the form that OpenTelemetry collectors read: OTLP 1, as JSON.
//!
//! There, ids are hexadecimal, 64-bit numbers are texts, and kinds and states are numbers.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::span::{Fields, OpenSpan};

/// A span that is over.
#[derive(Clone, Debug)]
pub(crate) struct EndedSpan {
    pub(crate) open: OpenSpan,
    pub(crate) ended: SystemTime,
    pub(crate) is_of_database: bool,
}

/// Who sends the spans.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    /// `courtier-api`, `courtier-worker` …
    pub(crate) service: String,
    pub(crate) version: &'static str,
    /// The container or the machine.
    pub(crate) host: String,
}

/// The body of one request.
pub(crate) fn request(resource: &Resource, spans: &[EndedSpan]) -> Value {
    let spans: Vec<Value> = spans.iter().map(span).collect();
    let about = [
        ("service.name", json!(resource.service)),
        ("service.version", json!(resource.version)),
        ("host.name", json!(resource.host)),
    ];
    json!({"resourceSpans": [{
        "resource": {"attributes": about.iter().map(attribute).collect::<Vec<_>>()},
        "scopeSpans": [{"scope": {"name": "courtier"}, "spans": spans}],
    }]})
}

fn span(ended: &EndedSpan) -> Value {
    let open = &ended.open;
    let mut attributes: Vec<Value> = open.fields.attributes.iter().map(attribute).collect();
    if ended.is_of_database {
        attributes.push(attribute(&("db.system.name", json!("postgresql"))));
    }
    let of_database = ended.is_of_database.then_some("client");
    let kind = match open.fields.kind.as_deref().or(of_database) {
        Some("server") => 2,
        Some("client") => 3,
        Some("producer") => 4,
        Some("consumer") => 5,
        _ => 1,
    };
    let mut span = json!({
        "traceId": format!("{:032x}", open.context.trace_id),
        "spanId": format!("{:016x}", open.context.span_id),
        "name": open.fields.name.as_ref().unwrap_or(&open.name),
        "kind": kind,
        "startTimeUnixNano": nanoseconds(open.started),
        "endTimeUnixNano": nanoseconds(ended.ended),
        "attributes": attributes,
        "events": open.events.iter().map(event).collect::<Vec<_>>(),
        "status": if open.failed { json!({"code": 2}) } else { json!({}) },
    });
    if let Some(parent_id) = open.parent_id {
        span["parentSpanId"] = json!(format!("{parent_id:016x}"));
    }
    span
}

fn event((at, fields): &(SystemTime, Fields)) -> Value {
    let is_message = |(name, _): &&(&str, Value)| *name == "message";
    let message = fields.attributes.iter().find(is_message).map(|(_, value)| value.clone());
    let others = fields.attributes.iter().filter(|field| !is_message(field));
    json!({
        "timeUnixNano": nanoseconds(*at),
        "name": message.unwrap_or_else(|| json!("event")),
        "attributes": others.map(attribute).collect::<Vec<_>>(),
    })
}

fn attribute((name, value): &(&'static str, Value)) -> Value {
    let value = match value {
        Value::Bool(value) => json!({"boolValue": value}),
        Value::Number(number) if number.is_f64() => json!({"doubleValue": number}),
        Value::Number(number) => json!({"intValue": number.to_string()}),
        Value::String(text) => json!({"stringValue": text}),
        other => json!({"stringValue": other.to_string()}),
    };
    json!({"key": name, "value": value})
}

fn nanoseconds(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_nanos().to_string()
}
