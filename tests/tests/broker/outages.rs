use broker::{Ack, Broker, Link, Outcome, Publisher};

use crate::proxy::Proxy;
use crate::{connected, message, publish, publish_until_acked, receive, text, with_topology};

/// Runs a test with a broker that is reached by way of a proxy.
async fn with_proxy(test: impl AsyncFnOnce(&Broker, &Proxy)) {
    with_topology(async |topology| {
        let proxy = Proxy::start().await;
        let broker = Broker::new(&proxy.url(), topology).unwrap();
        broker.declare().await.unwrap();
        test(&broker, &proxy).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_resolves_what_is_in_flight_and_the_publisher_comes_back() {
    with_proxy(async |broker, proxy| {
        let publisher = connected(broker).await;
        proxy.hold();
        let confirms: Vec<_> =
            (0..100).map(|_| publisher.publish(message("ingest.x", "lost"))).collect();
        proxy.cut();
        for confirm in confirms {
            let outcome = confirm.await;
            assert!(matches!(outcome, Outcome::ChannelError(_)), "{outcome:?}");
        }
        publisher.link().wait_for(|link| matches!(link, Link::Down(_))).await.unwrap();
        let outcome = publisher.publish(message("ingest.x", "down")).await;
        assert!(matches!(outcome, Outcome::ChannelError(_)), "{outcome:?}");
        proxy.pass();
        publisher.link().wait_for(|link| *link == Link::Up).await.unwrap();
        publish(&publisher, "ingest.x", &["up"]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirm_that_does_not_come_times_out_and_the_message_may_still_arrive() {
    with_proxy(async |broker, proxy| {
        let publisher = connected(broker).await;
        proxy.hold();
        let outcome = publisher.publish(message("ingest.x", "late")).await;
        assert_eq!(outcome, Outcome::TimedOut);
        proxy.pass();
        let mut consumer = broker.consumer("ingest", 1);
        assert_eq!(text(&receive(&mut consumer).await), "late");
        publish(&publisher, "ingest.x", &["next"]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_hangs_is_noticed_by_its_missing_heartbeats() {
    with_topology(async |topology| {
        let proxy = Proxy::start().await;
        let broker = Broker::new(&format!("{}?heartbeat=1", proxy.url()), topology).unwrap();
        broker.declare().await.unwrap();
        let publisher = connected(&broker).await;
        let mut consumer = broker.consumer("ingest", 10);
        consumer.link().wait_for(|link| *link == Link::Up).await.unwrap();
        proxy.hold();
        for mut link in [publisher.link(), consumer.link()] {
            link.wait_for(|link| matches!(link, Link::Down(_))).await.unwrap();
        }
        proxy.pass();
        publish_until_acked(&publisher, message("ingest.x", "back")).await;
        assert_eq!(text(&receive(&mut consumer).await), "back");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_comes_back_and_an_acknowledgement_for_the_old_channel_is_stale() {
    with_proxy(async |broker, proxy| {
        let publisher = connected(broker).await;
        let mut consumer = broker.consumer("ingest", 10);
        let acker = consumer.acker();
        publish(&publisher, "ingest.x", &["a", "b"]).await;
        let first = receive(&mut consumer).await;
        assert_eq!(receive(&mut consumer).await.tag.number(), 2);
        proxy.cut();
        let down = |link: &Link| matches!(link, Link::Down(_));
        consumer.link().wait_for(down).await.unwrap();
        assert_eq!(acker.ack(first.tag).await, Ack::Stale);
        proxy.pass();

        let again = receive(&mut consumer).await;
        assert_eq!((text(&again), again.redelivered), ("a".to_owned(), true));
        assert_eq!((again.tag.epoch(), again.tag.number()), (2, 1));
        // Sent, it would acknowledge the new delivery that has the same number.
        assert_eq!(acker.ack_up_to(first.tag).await, Ack::Stale);
        assert_eq!(acker.ack(again.tag).await, Ack::Done);
        drop((consumer, acker));
        let left = receive(&mut broker.consumer("ingest", 10)).await;
        assert_eq!(text(&left), "b");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_flow_through_repeated_cuts() {
    with_proxy(async |broker, proxy| {
        let publisher = connected(broker).await;
        let mut consumer = broker.consumer("ingest", 10);
        let acker = consumer.acker();
        let sending = tokio::spawn(send_numbers(publisher.clone(), 60));
        let mut seen = std::collections::BTreeSet::new();
        while seen.len() < 60 {
            let delivery = receive(&mut consumer).await;
            seen.insert(text(&delivery).parse::<usize>().unwrap());
            acker.ack(delivery.tag).await;
            if seen.len() % 20 == 10 {
                proxy.cut();
                proxy.pass();
            }
        }
        sending.await.unwrap();
    })
    .await;
}

async fn send_numbers(publisher: Publisher, n_messages: usize) {
    for n in 0..n_messages {
        publish_until_acked(&publisher, message("ingest.x", &n.to_string())).await;
    }
}

/// A lane that is paused at the moment when its worker starts to consume.
#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_that_is_given_up_while_it_subscribes_keeps_nothing() {
    with_proxy(async |broker, proxy| {
        let publisher = connected(broker).await;
        for is_cancelled in [true, false] {
            proxy.hold_consume_ok();
            let consumer = broker.consumer("ingest", 1);
            proxy.holds().await;
            if is_cancelled {
                consumer.cancel().await;
            }
            drop(consumer);
            proxy.pass();
            publish(&publisher, "ingest.x", &["a", "b"]).await;
            let mut other = broker.consumer("ingest", 2);
            let (one, two) = (receive(&mut other).await, receive(&mut other).await);
            let mut bodies = [text(&one), text(&two)];
            bodies.sort();
            assert_eq!(bodies, ["a", "b"]);
            assert_eq!(other.acker().ack_up_to(two.tag).await, Ack::Done);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_connection_shows_and_takes_no_messages() {
    with_proxy(async |broker, proxy| {
        let publisher = connected(broker).await;
        proxy.block("low on memory");
        let blocked = Link::Blocked("low on memory".to_owned());
        publisher.link().wait_for(|link| *link == blocked).await.unwrap();
        let outcome = publisher.publish(message("ingest.x", "no")).await;
        let reason = "blocked by the broker: low on memory".to_owned();
        assert_eq!(outcome, Outcome::ChannelError(reason));
        proxy.unblock();
        publisher.link().wait_for(|link| *link == Link::Up).await.unwrap();
        publish(&publisher, "ingest.x", &["yes"]).await;
        let mut consumer = broker.consumer("ingest", 10);
        assert_eq!(text(&receive(&mut consumer).await), "yes");
    })
    .await;
}
