use bytes::Bytes;
use lapin::types::{AMQPValue, FieldTable};

use crate::{Death, Delivery, Tag};

pub(super) fn delivery(delivery: lapin::message::Delivery, epoch: u64) -> Delivery {
    let headers = delivery.properties.headers().as_ref();
    Delivery {
        traceparent: headers.and_then(|headers| text(headers, "traceparent")),
        death: headers.and_then(death),
        body: Bytes::from(delivery.data),
        routing_key: delivery.routing_key.into(),
        redelivered: delivery.redelivered,
        tag: Tag::new(epoch, delivery.delivery_tag),
    }
}

/// The most recent death; the broker puts it first.
fn death(headers: &FieldTable) -> Option<Death> {
    let AMQPValue::FieldArray(deaths) = headers.inner().get("x-death")? else {
        return None;
    };
    let AMQPValue::FieldTable(latest) = deaths.as_slice().first()? else {
        return None;
    };
    Some(Death { reason: text(latest, "reason")?, queue: text(latest, "queue")? })
}

fn text(table: &FieldTable, key: &str) -> Option<String> {
    match table.inner().get(key)? {
        AMQPValue::LongString(text) => Some(text.to_string()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}
