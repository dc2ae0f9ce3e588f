use broker::{Ack, DEAD_LANE, Death, Link};
use lapin::options::QueueDeleteOptions;

use crate::{
    connected, message, publish, publish_until_acked, raw_channel, ready, receive, receive_bodies,
    text, with_broker,
};

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_messages_are_gone_and_others_come_back() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        publish(&publisher, "ingest.x", &["a", "b", "c", "d", "e"]).await;
        let mut consumer = broker.consumer("ingest", 10);
        let acker = consumer.acker();
        let mut tags = Vec::new();
        for _ in 0..5 {
            tags.push(receive(&mut consumer).await.tag);
        }
        assert!(tags.is_sorted());
        assert_eq!(acker.ack_up_to(tags[2]).await, Ack::Done);
        assert_eq!(acker.ack(tags[4]).await, Ack::Done);
        drop((consumer, acker));

        let mut consumer = broker.consumer("ingest", 10);
        let left = receive(&mut consumer).await;
        assert_eq!((text(&left), left.redelivered), ("d".to_owned(), true));
        ready(broker, "ingest", 0).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_holds_no_more_than_its_prefetch() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        publish(&publisher, "ingest.x", &["a", "b", "c", "d", "e"]).await;
        let mut consumer = broker.consumer("ingest", 3);
        assert_eq!(receive_bodies(&mut consumer, 3).await, ["a", "b", "c"]);
        ready(broker, "ingest", 2).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_message_is_a_dead_letter_that_says_why() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        publish(&publisher, "kpi.compute-daily", &["poison"]).await;
        let mut consumer = broker.consumer("kpi", 10);
        let delivery = receive(&mut consumer).await;
        assert_eq!(consumer.acker().reject(delivery.tag).await, Ack::Done);

        let mut dead_letters = broker.dead_letters(10);
        let dead = receive(&mut dead_letters).await;
        let queue = broker.topology().queue("kpi");
        assert_eq!(dead.death, Some(Death { reason: "rejected".to_owned(), queue }));
        assert_eq!(text(&dead), "poison");
        assert_eq!(dead.routing_key, "kpi.compute-daily");
        assert_eq!(dead_letters.acker().ack(dead.tag).await, Ack::Done);
        ready(broker, DEAD_LANE, 0).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_requeued_message_comes_again_until_the_delivery_limit() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        publish(&publisher, "kpi.x", &["again"]).await;
        let mut consumer = broker.consumer("kpi", 10);
        let acker = consumer.acker();
        // The limit counts failures, so the last delivery is number limit + 1.
        for n in 0..=20 {
            let delivery = receive(&mut consumer).await;
            assert_eq!(delivery.redelivered, n > 0);
            assert_eq!(acker.requeue(delivery.tag).await, Ack::Done);
        }
        let dead = receive(&mut broker.dead_letters(10)).await;
        assert_eq!(dead.death.unwrap().reason, "delivery_limit");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_cancel_nothing_new_comes_but_acknowledging_works() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        publish(&publisher, "ingest.x", &["a", "b"]).await;
        let mut consumer = broker.consumer("ingest", 2);
        let acker = consumer.acker();
        let a = receive(&mut consumer).await;
        consumer.cancel().await;
        publish(&publisher, "ingest.x", &["c"]).await;
        let mut last = a.tag;
        while let Some(delivery) = consumer.next().await {
            assert_eq!(text(&delivery), "b");
            last = delivery.tag;
        }
        assert!(consumer.next().await.is_none());
        assert_eq!(acker.ack_up_to(last).await, Ack::Done);
        drop((consumer, acker));

        let n_left = if last == a.tag { 2 } else { 1 };
        ready(broker, "ingest", n_left).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_without_a_connection_returns() {
    let url = "amqp://127.0.0.1:1/%2f";
    let broker = broker::Broker::new(url, crate::new_topology()).unwrap();
    let mut consumer = broker.consumer("ingest", 1);
    consumer.link().wait_for(|link| matches!(link, Link::Down(_))).await.unwrap();
    consumer.cancel().await;
    assert!(consumer.next().await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_is_deleted_while_consuming_comes_back() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        let mut consumer = broker.consumer("ingest", 10);
        publish(&publisher, "ingest.x", &["before"]).await;
        let before = receive(&mut consumer).await;
        let receiving = tokio::spawn(async move { receive(&mut consumer).await });

        let queue = broker.topology().queue("ingest").into();
        raw_channel().await.queue_delete(queue, QueueDeleteOptions::default()).await.unwrap();
        publish_until_acked(&publisher, message("ingest.x", "after")).await;
        let after = receiving.await.unwrap();
        assert_eq!(text(&after), "after");
        assert!(after.tag.epoch() > before.tag.epoch());
        assert_eq!(broker.inspect().await.unwrap(), []);
    })
    .await;
}

/// Nobody declared it: the consumer is the first to come.
#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_declares_the_queue_that_it_misses() {
    crate::with_topology(async |topology| {
        let broker = broker::Broker::new(&tests::amqp_url(), topology).unwrap();
        let mut consumer = broker.consumer("ingest", 10);
        consumer.link().wait_for(|link| *link == Link::Up).await.unwrap();
        let publisher = connected(&broker).await;
        publish(&publisher, "ingest.x", &["first"]).await;
        assert_eq!(receive_bodies(&mut consumer, 1).await, ["first"]);
    })
    .await;
}
