use std::time::{SystemTime, UNIX_EPOCH};

use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable, ShortString};
use uuid::Uuid;

/// Written to disk before the broker confirms. 1 would be memory only.
const PERSISTENT: u8 = 2;

/// The properties that all our messages have in common.
pub(super) struct Template {
    base: BasicProperties,
}

impl Template {
    pub(super) fn new() -> Self {
        let base = BasicProperties::default()
            .with_delivery_mode(PERSISTENT)
            .with_content_type("application/json".into())
            .with_app_id("courtier".into());
        Self { base }
    }

    /// `kind` tells an operator who looks into a queue what the message is; consumers go by the
    /// routing key, which says the same.
    pub(super) fn fill(
        &self,
        id: Uuid,
        kind: &ShortString,
        traceparent: Option<String>,
    ) -> BasicProperties {
        let sent_at_seconds = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since_epoch| since_epoch.as_secs());
        let properties = self
            .base
            .clone()
            .with_message_id(id.to_string().into())
            .with_type(kind.clone())
            .with_timestamp(sent_at_seconds);
        let Some(traceparent) = traceparent else {
            return properties;
        };
        let mut headers = FieldTable::default();
        headers.insert("traceparent".into(), AMQPValue::LongString(traceparent.into()));
        properties.with_headers(headers)
    }
}
