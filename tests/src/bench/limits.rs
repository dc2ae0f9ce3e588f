//! What PostgreSQL and RabbitMQ can do with nobody in between.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use broker::{Confirm, Message, Outcome, Tag};
use commands::Pointer;
use uuid::Uuid;

use super::ground::Ground;
use super::{Result, tools};

/// Confirms that raw publishing waits for at the same time.
const WINDOW: usize = 256;
/// Deliveries that raw consuming acknowledges at once.
const ACK_EVERY: u64 = 256;
const PREFETCH: u16 = 1_024;

/// A row like the one of a command, with an id in the order of time.
const INSERT: &str = "
insert into limit_commands (id, name, payload) values (
    (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || substr(replace(gen_random_uuid()::text, '-', ''), 13))::uuid,
    'diagnostics.ping', '{}');";

/// Single-row inserts by 32 clients of pgbench, a second, and their average latency.
pub(super) async fn inserts(ground: &Ground, seconds: u32) -> Result<(f64, f64)> {
    let create = "
        drop table if exists limit_commands;
        create table limit_commands (like commands including all) with (fillfactor = 50)";
    ground.owner.batch_execute(create).await?;
    ground.checkpoint().await?;
    let script = INSERT.replace('\n', " ");
    tools::pgbench(&ground.database.url(), &format!("{}\n", script.trim()), seconds).await
}

/// Confirmed publishing through the broker crate with a window, messages a second.
pub(super) async fn publish(ground: &Ground, n_messages: usize) -> Result<f64> {
    let publisher = ground.broker.publisher();
    let mut link = publisher.link();
    link.wait_for(|link| *link == broker::Link::Up).await?;
    let mut window: VecDeque<Confirm> = VecDeque::with_capacity(WINDOW);
    let started = Instant::now();
    for _ in 0..n_messages {
        if window.len() == WINDOW {
            confirmed(window.pop_front()).await?;
        }
        window.push_back(publisher.publish(message()));
    }
    while !window.is_empty() {
        confirmed(window.pop_front()).await?;
    }
    Ok(per_second(n_messages, started.elapsed()))
}

async fn confirmed(confirm: Option<Confirm>) -> Result<()> {
    match confirm {
        Some(confirm) => match confirm.await {
            Outcome::Acked => Ok(()),
            outcome => Err(format!("a message was not confirmed: {outcome:?}").into()),
        },
        None => Ok(()),
    }
}

fn message() -> Message {
    let id = Uuid::now_v7();
    Message {
        id,
        routing_key: "diagnostics.ping".into(),
        body: Pointer::new(id, "diagnostics.ping".to_owned()).to_body().into(),
        traceparent: None,
    }
}

/// Consuming and acknowledging what waits in the lane of the pings, messages a second.
pub(super) async fn consume(ground: &Ground, n_messages: usize) -> Result<f64> {
    let mut consumer = ground.broker.consumer("diagnostics", PREFETCH);
    let acker = consumer.acker();
    let first: Tag = consumer.next().await.ok_or("the consumer ended")?.tag;
    let started = Instant::now();
    let mut last = first;
    for _ in 1..n_messages {
        last = consumer.next().await.ok_or("the consumer ended")?.tag;
        if last.number().is_multiple_of(ACK_EVERY) {
            acker.ack_up_to(last).await;
        }
    }
    acker.ack_up_to(last).await;
    let rate = per_second(n_messages, started.elapsed());
    consumer.cancel().await;
    Ok(rate)
}

#[expect(clippy::cast_precision_loss, reason = "numbers of messages are small")]
pub(super) fn per_second(n: usize, elapsed: Duration) -> f64 {
    n as f64 / elapsed.as_secs_f64()
}
