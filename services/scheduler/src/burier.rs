//! Keeps what the broker gave up on as rows, so that its dead-letter queue stays empty.

use std::time::Duration;

use broker::{Consumer, Delivery};
use commands::Pointer;
use store::{Store, dead_letters};
use tokio_util::sync::CancellationToken;

pub(crate) const PREFETCH: u16 = 32;

/// Characters of an unreadable message that are kept.
const BODY_LIMIT: usize = 4_096;

/// Pause before a dead letter that could not be kept is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// Buries until `shutdown`.
pub(crate) async fn run(store: Store, mut consumer: Consumer, shutdown: CancellationToken) {
    let acker = consumer.acker();
    loop {
        let delivery = tokio::select! {
            () = shutdown.cancelled() => return,
            delivery = consumer.next() => delivery,
        };
        let Some(delivery) = delivery else { return };
        while let Err(error) = bury(&store, &delivery).await {
            tracing::warn!(%error, "a dead letter cannot be kept: will try again");
            // Unacknowledged, it stays with the broker if we stop here.
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
        acker.ack(delivery.tag).await;
    }
}

async fn bury(store: &Store, delivery: &Delivery) -> store::Result<()> {
    let client = store.client().await?;
    let reason = match &delivery.death {
        Some(death) => format!("the broker gave up: {} in {}", death.reason, death.queue),
        None => "the broker gave up".to_owned(),
    };
    match Pointer::from_body(&delivery.body) {
        Ok(pointer) => {
            if dead_letters::bury(&client, pointer.id, &reason).await? {
                tracing::error!(command.id = %pointer.id, reason, "command is dead");
            }
            Ok(())
        }
        Err(unreadable) => {
            let reason = format!("{reason}; {unreadable}");
            tracing::error!(routing_key = delivery.routing_key, reason, "message kept");
            dead_letters::keep(&client, &reason, &delivery.routing_key, &text(&delivery.body)).await
        }
    }
}

/// What can be shown of a body that may hold anything.
fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).replace('\0', "\u{fffd}").chars().take(BODY_LIMIT).collect()
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn any_body_becomes_text_that_the_database_takes() {
        assert_eq!(text(b"plain"), "plain");
        assert_eq!(text(b"a\0b\xff"), "a\u{fffd}b\u{fffd}");
        assert_eq!(text(&[b'x'; 10_000]).len(), 4_096);
    }
}
