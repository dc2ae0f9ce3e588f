use broker::{Broker, Error, Problem};
use lapin::ExchangeKind;
use lapin::options::{ExchangeDeclareOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};

use crate::{connected, publish, raw_channel, ready, with_broker, with_topology};

#[tokio::test(flavor = "multi_thread")]
async fn declaring_twice_is_fine_and_leaves_no_difference() {
    with_broker(async |broker| {
        broker.declare().await.unwrap();
        assert_eq!(broker.inspect().await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inspecting_names_what_is_missing_and_creates_nothing() {
    with_topology(async |topology| {
        let broker = Broker::new(&tests::amqp_url(), topology.clone()).unwrap();
        for _ in 0..2 {
            let differences = broker.inspect().await.unwrap();
            let objects: Vec<String> = differences.iter().map(|d| d.object.clone()).collect();
            let exchanges = [topology.exchange(), topology.dead_exchange()];
            let queues = [topology.dead_queue(), topology.queue("ingest"), topology.queue("kpi")];
            let exchanges = exchanges.map(|name| format!("exchange {name}"));
            let queues = queues.map(|name| format!("queue {name}"));
            assert_eq!(objects, [exchanges.as_slice(), &queues].concat());
            assert!(differences.iter().all(|d| d.problem == Problem::Missing));
        }
        let error = broker.depths().await.unwrap_err();
        assert!(error.to_string().contains(&format!("{} is missing", topology.queue("kpi"))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_with_another_argument_is_named_with_both_values() {
    with_topology(async |topology| {
        let mut arguments = FieldTable::default();
        arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
        arguments.insert("x-delivery-limit".into(), AMQPValue::LongInt(3));
        predeclare_queue(&topology.queue("kpi"), arguments).await;
        let broker = Broker::new(&tests::amqp_url(), topology.clone()).unwrap();

        let error = broker.declare().await.unwrap_err();
        let Error::Differs(differences) = &error else { panic!("{error}") };
        assert_eq!(differences.len(), 1, "{error}");
        assert_eq!(differences[0].object, format!("queue {}", topology.queue("kpi")));
        let Problem::Differs { argument, found, expected } = &differences[0].problem else {
            panic!("{error}")
        };
        // The broker compares arguments in an order of its own and names the first.
        let values = (argument.as_str(), found.as_deref(), expected.as_deref());
        let possible = [
            ("x-delivery-limit", Some("3"), Some("20")),
            ("x-dead-letter-strategy", None, Some("at-least-once")),
            ("x-overflow", None, Some("reject-publish")),
            ("x-max-length", None, Some("5000000")),
        ];
        let dead = topology.dead_exchange();
        let dead = ("x-dead-letter-exchange", None, Some(dead.as_str()));
        assert!(possible.contains(&values) || values == dead, "{error}");

        // All the rest was created, and looking finds the same.
        assert_eq!(&broker.inspect().await.unwrap(), differences);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_limit_alone_is_enough_to_differ() {
    with_topology(async |topology| {
        let mut arguments = FieldTable::default();
        let dead = topology.dead_exchange();
        for (name, value) in [
            ("x-queue-type", "quorum"),
            ("x-dead-letter-exchange", dead.as_str()),
            ("x-dead-letter-strategy", "at-least-once"),
            ("x-overflow", "reject-publish"),
        ] {
            arguments.insert(name.into(), AMQPValue::LongString(value.into()));
        }
        arguments.insert("x-max-length".into(), AMQPValue::LongInt(5_000_000));
        arguments.insert("x-delivery-limit".into(), AMQPValue::LongInt(3));
        predeclare_queue(&topology.queue("kpi"), arguments).await;
        let broker = Broker::new(&tests::amqp_url(), topology.clone()).unwrap();
        let error = broker.declare().await.unwrap_err().to_string();
        let expected =
            format!("queue {} has x-delivery-limit 3 instead of 20", topology.queue("kpi"));
        assert_eq!(error, format!("the broker differs from the topology: {expected}"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_difference_is_named() {
    with_topology(async |topology| {
        predeclare_queue(&topology.queue("kpi"), FieldTable::default()).await;
        predeclare_queue(&topology.dead_queue(), FieldTable::default()).await;
        let options = ExchangeDeclareOptions { durable: true, ..Default::default() };
        let exchange = topology.exchange().into();
        raw_channel()
            .await
            .exchange_declare(exchange, ExchangeKind::Direct, options, FieldTable::default())
            .await
            .unwrap();
        let broker = Broker::new(&tests::amqp_url(), topology.clone()).unwrap();
        let error = broker.declare().await.unwrap_err().to_string();
        let exchange = format!("exchange {} has type direct instead of topic", topology.exchange());
        assert!(error.contains(&exchange), "{error}");
        for queue in [topology.queue("kpi"), topology.dead_queue()] {
            // Of a queue that differs in everything the broker names one argument.
            assert!(error.contains(&format!("queue {queue} has x-")), "{error}");
        }
    })
    .await;
}

async fn predeclare_queue(name: &str, arguments: FieldTable) {
    let options = QueueDeclareOptions { durable: true, ..Default::default() };
    raw_channel().await.queue_declare(name.into(), options, arguments).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn depths_count_messages_and_consumers_of_each_lane() {
    with_broker(async |broker| {
        let publisher = connected(broker).await;
        publish(&publisher, "ingest.x", &["a", "b"]).await;
        publish(&publisher, "kpi", &["c"]).await;
        ready(broker, "ingest", 2).await;
        let depths = broker.depths().await.unwrap();
        let counts: Vec<_> =
            depths.iter().map(|d| (d.lane.as_str(), d.ready, d.consumers)).collect();
        assert_eq!(counts, [("dead", 0, 0), ("ingest", 2, 0), ("kpi", 1, 0)]);
        let _consumer = broker.consumer("kpi", 1);
        while broker.depths().await.unwrap()[2].consumers != 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_an_error_without_the_password() {
    let url = tests::amqp_url();
    let (_, address) = url.split_once('@').unwrap();
    let url = format!("amqp://nobody:hunter2@{address}");
    let broker = Broker::new(&url, crate::new_topology()).unwrap();
    let error = broker.declare().await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    assert!(error.to_string().contains("ACCESS_REFUSED"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
}
