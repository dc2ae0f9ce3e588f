//! The broker crate against a real RabbitMQ. Each test has exchanges and queues of its own.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "broker/consuming.rs"]
mod consuming;
#[path = "broker/outages.rs"]
mod outages;
#[path = "broker/proxy.rs"]
mod proxy;
#[path = "broker/publishing.rs"]
mod publishing;
#[path = "broker/topology.rs"]
mod topology;

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

use broker::{Broker, Consumer, Delivery, Link, Message, Outcome, Publisher, Topology};
use futures::FutureExt;
use uuid::Uuid;

/// Longer than any of these tests takes; a test that hangs fails.
const LIMIT: Duration = Duration::from_mins(1);

fn new_topology() -> Topology {
    Topology::new(&format!("test-{}", Uuid::now_v7().simple()), &["ingest", "kpi"])
}

/// Runs a test with a declared topology of its own, and deletes that even when the test fails.
async fn with_broker(test: impl AsyncFnOnce(&Broker)) {
    with_topology(async |topology| {
        let broker = Broker::new(&tests::amqp_url(), topology).unwrap();
        broker.declare().await.unwrap();
        test(&broker).await;
    })
    .await;
}

/// Runs a test with names of its own, and deletes what it has declared under them.
async fn with_topology(test: impl AsyncFnOnce(Topology)) {
    let topology = new_topology();
    let test = tokio::time::timeout(LIMIT, test(topology.clone()));
    let result = AssertUnwindSafe(test).catch_unwind().await;
    let broker = Broker::new(&tests::amqp_url(), topology).unwrap();
    broker.delete_all().await.unwrap();
    match result {
        Ok(in_time) => in_time.expect("the test hangs"),
        Err(panic) => resume_unwind(panic),
    }
}

fn message(routing_key: &str, body: &str) -> Message {
    Message {
        id: Uuid::now_v7(),
        routing_key: routing_key.to_owned(),
        body: body.to_owned().into(),
        traceparent: None,
    }
}

async fn connected(broker: &Broker) -> Publisher {
    let publisher = broker.publisher();
    publisher.link().wait_for(|link| *link == Link::Up).await.unwrap();
    publisher
}

async fn publish(publisher: &Publisher, routing_key: &str, bodies: &[&str]) {
    for body in bodies {
        assert_eq!(publisher.publish(message(routing_key, body)).await, Outcome::Acked);
    }
}

/// Publishes the same message until it is acked, as a relay does. Returns the outcomes before.
async fn publish_until_acked(publisher: &Publisher, message: Message) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    loop {
        match publisher.publish(message.clone()).await {
            Outcome::Acked => return outcomes,
            outcome => outcomes.push(outcome),
        }
        tokio::task::yield_now().await;
    }
}

async fn receive(consumer: &mut Consumer) -> Delivery {
    consumer.next().await.expect("the consumer was not cancelled")
}

async fn receive_bodies(consumer: &mut Consumer, n_messages: usize) -> Vec<String> {
    let mut bodies = Vec::new();
    for _ in 0..n_messages {
        bodies.push(text(&receive(consumer).await));
    }
    bodies
}

fn text(delivery: &Delivery) -> String {
    String::from_utf8(delivery.body.to_vec()).unwrap()
}

/// Waits until a lane holds this many waiting messages.
async fn ready(broker: &Broker, lane: &str, n_ready: u32) {
    loop {
        let depths = broker.depths().await.unwrap();
        if depths.iter().any(|depth| depth.lane == lane && depth.ready == n_ready) {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// A bare AMQP channel, for looking behind the scenes.
async fn raw_channel() -> lapin::Channel {
    let properties = lapin::ConnectionProperties::default();
    let connection = lapin::Connection::connect(&tests::amqp_url(), properties).await.unwrap();
    connection.create_channel().await.unwrap()
}
