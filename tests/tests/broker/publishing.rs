use broker::{BODY_LIMIT_BYTES, Broker, Link, Message, Outcome};
use bytes::Bytes;
use futures::future::join_all;
use lapin::options::{
    BasicGetOptions, ExchangeDeleteOptions, QueueBindOptions, QueueDeclareOptions,
    QueueDeleteOptions,
};
use lapin::types::{AMQPValue, FieldTable};

use crate::{connected, message, publish_until_acked, raw_channel, receive, with_broker};

#[tokio::test(flavor = "multi_thread")]
async fn an_acked_message_arrives_whole() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        let mut sent = message("ingest.tickets", r#"{"v":1}"#);
        sent.traceparent =
            Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
        assert_eq!(publisher.publish(sent.clone()).await, Outcome::Acked);

        let mut consumer = broker.consumer("ingest", 1);
        let delivery = receive(&mut consumer).await;
        assert_eq!(delivery.body, sent.body);
        assert_eq!(delivery.routing_key, "ingest.tickets");
        assert_eq!(delivery.traceparent, sent.traceparent);
        assert!(!delivery.redelivered);
        assert_eq!(delivery.death, None);
        assert_eq!((delivery.tag.epoch(), delivery.tag.number()), (1, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_envelope_says_what_the_message_is() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        let sent = message("kpi.compute-daily", "{}");
        assert_eq!(publisher.publish(sent.clone()).await, Outcome::Acked);

        let queue = broker.topology().queue("kpi");
        let options = BasicGetOptions { no_ack: true };
        let got = raw_channel().await.basic_get(queue.into(), options).await.unwrap().unwrap();
        let properties = &got.properties;
        let string = |text: &Option<lapin::types::ShortString>| text.as_ref().unwrap().to_string();
        assert_eq!(string(properties.message_id()), sent.id.to_string());
        assert_eq!(string(properties.kind()), "kpi.compute-daily");
        assert_eq!(string(properties.app_id()), "courtier");
        assert_eq!(string(properties.content_type()), "application/json");
        assert_eq!(*properties.delivery_mode(), Some(2));
        assert!(properties.timestamp().unwrap() > 1_700_000_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_no_queue_wants_is_returned() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        let outcome = publisher.publish(message("unknown.lane", "{}")).await;
        assert_eq!(outcome, Outcome::Returned { code: 312, text: "NO_ROUTE".to_owned() });
        let outcome = publisher.publish(message("ingest.tickets", "{}")).await;
        assert_eq!(outcome, Outcome::Acked);
    })
    .await;
}

/// The broker confirms in batches, and only some messages of a batch were returned.
#[tokio::test(flavor = "multi_thread")]
async fn returns_belong_to_their_own_message_under_load() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        for _ in 0..20 {
            let is_lost = |n: usize| n % 7 == 3;
            let keys = (0..500).map(|n| if is_lost(n) { "unknown.lane" } else { "ingest.x" });
            let confirms: Vec<_> = keys.map(|key| publisher.publish(message(key, "{}"))).collect();
            for (n, outcome) in join_all(confirms).await.into_iter().enumerate() {
                let returned = matches!(outcome, Outcome::Returned { code: 312, .. });
                assert_eq!(returned, is_lost(n), "message {n}: {outcome:?}");
                assert!(returned || outcome == Outcome::Acked, "message {n}: {outcome:?}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn confirms_belong_to_their_own_message_with_several_threads() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        let tasks = ["ingest.x", "unknown.lane", "kpi.x", "unknown.x"].map(|key| {
            let publisher = publisher.clone();
            tokio::spawn(async move {
                let confirms: Vec<_> =
                    (0..500).map(|_| publisher.publish(message(key, "{}"))).collect();
                (key, join_all(confirms).await)
            })
        });
        for task in tasks {
            let (key, outcomes) = task.await.unwrap();
            let is_returned = |outcome: &Outcome| matches!(outcome, Outcome::Returned { .. });
            let n_returned = outcomes.iter().filter(|outcome| is_returned(outcome)).count();
            assert_eq!(n_returned, if key.starts_with("unknown") { 500 } else { 0 }, "{key}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_nacks() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        replace_by_short_queue(broker, "ingest").await;
        let mut n_acked = 0;
        let outcome = loop {
            match publisher.publish(message("ingest.tickets", "{}")).await {
                Outcome::Acked if n_acked < 10 => n_acked += 1,
                outcome => break outcome,
            }
        };
        assert_eq!(outcome, Outcome::Nacked);
        assert!(n_acked >= 2, "{n_acked}");
    })
    .await;
}

async fn replace_by_short_queue(broker: &Broker, lane: &str) {
    let channel = raw_channel().await;
    let queue = broker.topology().queue(lane);
    channel.queue_delete(queue.as_str().into(), QueueDeleteOptions::default()).await.unwrap();
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    arguments.insert("x-overflow".into(), AMQPValue::LongString("reject-publish".into()));
    arguments.insert("x-max-length".into(), AMQPValue::LongInt(2));
    let options = QueueDeclareOptions { durable: true, ..Default::default() };
    channel.queue_declare(queue.as_str().into(), options, arguments).await.unwrap();
    let exchange = broker.topology().exchange().into();
    let options = QueueBindOptions::default();
    channel
        .queue_bind(queue.into(), exchange, "ingest.#".into(), options, FieldTable::default())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_above_the_limit_is_refused_and_one_at_the_limit_is_not() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        let body = |n_bytes: usize| Message {
            body: Bytes::from(vec![b'x'; n_bytes]),
            ..message("ingest.tickets", "")
        };
        assert_eq!(publisher.publish(body(BODY_LIMIT_BYTES + 1)).await, Outcome::TooLarge);
        assert_eq!(publisher.publish(body(BODY_LIMIT_BYTES)).await, Outcome::Acked);
        let mut consumer = broker.consumer("ingest", 1);
        assert_eq!(receive(&mut consumer).await.body.len(), BODY_LIMIT_BYTES);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_routing_key_that_amqp_cannot_carry_is_refused() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        let outcome = publisher.publish(message(&"k".repeat(256), "{}")).await;
        assert!(matches!(outcome, Outcome::ChannelError(_)), "{outcome:?}");
        assert_eq!(publisher.publish(message("ingest.x", "{}")).await, Outcome::Acked);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_brings_a_deleted_exchange_back() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        let exchange = broker.topology().exchange().into();
        let options = ExchangeDeleteOptions::default();
        raw_channel().await.exchange_delete(exchange, options).await.unwrap();
        let outcomes = publish_until_acked(&publisher, message("ingest.tickets", "{}")).await;
        assert!(matches!(&outcomes[0], Outcome::ChannelError(_)), "{outcomes:?}");
        assert_eq!(broker.inspect().await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_while_down_answers_at_once_and_without_credentials() {
    let url = "amqp://bob:hunter2@127.0.0.1:1/%2f";
    let broker = Broker::new(url, crate::new_topology()).unwrap();
    let publisher = broker.publisher();
    let down = |link: &Link| matches!(link, Link::Down(_));
    let link = publisher.link().wait_for(down).await.unwrap().clone();
    let outcome = publisher.publish(message("ingest.tickets", "{}")).await;
    let Outcome::ChannelError(reason) = outcome else { panic!("{outcome:?}") };
    assert!(reason.contains("127.0.0.1:1"), "{reason}");
    assert!(!format!("{reason} {link:?}").contains("hunter2"), "{reason} {link:?}");
}
