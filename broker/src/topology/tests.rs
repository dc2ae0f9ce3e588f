//! Only RabbitMQ 3.10 runs beside the tests; these hold the declarations against what 3.10, 3.13
//! and 4.x accept and treat alike.

use super::*;

fn topology() -> Topology {
    Topology::new("", &["ingest", "kpi", "exports", "diagnostics"])
}

/// Arguments that quorum queues of all these versions accept with the same meaning.
///
/// Left out on purpose: `x-max-priority` and `x-queue-version` (406 on 3.10), `x-queue-mode` and
/// `x-queue-master-locator` (refused by 4.3), `x-delayed-retry-*` and `x-consumer-timeout`
/// (ignored in silence before 4.3).
fn portable(name: &str, value: &Argument) -> bool {
    match (name, value) {
        ("x-queue-type", Argument::Text(kind)) => kind == "quorum",
        ("x-dead-letter-exchange", Argument::Text(_)) => true,
        ("x-dead-letter-strategy", Argument::Text(strategy)) => {
            ["at-most-once", "at-least-once"].contains(&strategy.as_str())
        }
        // `reject-publish-dlx` is accepted by 3.10 but supported by none.
        ("x-overflow", Argument::Text(overflow)) => {
            ["drop-head", "reject-publish"].contains(&overflow.as_str())
        }
        // 3.10 takes -1 and then drops at the first redelivery; for 4.x it means no limit.
        ("x-delivery-limit" | "x-max-length", Argument::Number(n)) => *n > 0,
        _ => false,
    }
}

fn argument<'a>(queue: &'a QueueSpec, name: &str) -> Option<&'a Argument> {
    queue.arguments.iter().find(|(argument, _)| *argument == name).map(|(_, value)| value)
}

#[test]
fn every_argument_is_portable() {
    for queue in topology().queues() {
        for (name, value) in &queue.arguments {
            assert!(portable(name, value), "{}: {name} = {value}", queue.name);
        }
    }
}

#[test]
fn the_table_refuses_what_some_version_refuses() {
    let number = Argument::Number(10);
    for name in ["x-max-priority", "x-queue-version", "x-queue-mode", "x-consumer-timeout"] {
        assert!(!portable(name, &number), "{name}");
    }
    assert!(!portable("x-delivery-limit", &Argument::Number(-1)));
    assert!(!portable("x-overflow", &Argument::Text("reject-publish-dlx".to_owned())));
    assert!(!portable("x-queue-type", &Argument::Text("classic".to_owned())));
}

/// The defaults of these differ between the versions, so they have to be given.
#[test]
fn type_limit_overflow_and_length_are_explicit_on_every_queue() {
    for queue in topology().queues() {
        for name in ["x-queue-type", "x-delivery-limit", "x-overflow", "x-max-length"] {
            assert!(argument(&queue, name).is_some(), "{}: {name}", queue.name);
        }
    }
}

/// With any other overflow the broker falls back to at-most-once without a word.
#[test]
fn at_least_once_has_its_exchange_and_rejects_publishes() {
    let reject = Argument::Text("reject-publish".to_owned());
    let at_least_once = Argument::Text("at-least-once".to_owned());
    let topology = topology();
    for queue in topology.queues().iter().skip(1) {
        assert_eq!(argument(queue, "x-dead-letter-strategy"), Some(&at_least_once));
        assert_eq!(argument(queue, "x-overflow"), Some(&reject));
        let exchange = Argument::Text(topology.dead_exchange());
        assert_eq!(argument(queue, "x-dead-letter-exchange"), Some(&exchange));
    }
}

#[test]
fn dead_letters_do_not_die_again() {
    let queues = topology().queues();
    assert_eq!(queues[0].lane, DEAD_LANE);
    assert_eq!(argument(&queues[0], "x-dead-letter-exchange"), None);
}

/// 4.3 denies transient queues that are not exclusive.
#[test]
fn everything_is_durable_and_shared() {
    let queue = queue_options(false);
    assert!(queue.durable && !queue.exclusive && !queue.auto_delete && !queue.passive);
    let exchange = exchange_options(false);
    assert!(exchange.durable && !exchange.auto_delete && !exchange.internal);
    assert!(queue_options(true).passive && exchange_options(true).passive);
}

#[test]
fn names_carry_version_and_prefix() {
    let bare = topology();
    assert_eq!(bare.exchange(), "commands");
    assert_eq!(bare.dead_exchange(), "dead");
    assert_eq!(bare.queue("ingest"), "ingest.v1");
    assert_eq!(bare.dead_queue(), "dead.v1");
    let prefixed = Topology::new("p", &["kpi"]);
    assert_eq!(prefixed.exchange(), "p.commands");
    assert_eq!(prefixed.dead_exchange(), "p.dead");
    assert_eq!(prefixed.queue("kpi"), "p.kpi.v1");
    assert_eq!(prefixed.dead_queue(), "p.dead.v1");
}

#[test]
fn each_lane_takes_all_names_that_start_with_it() {
    let bindings: Vec<(String, String)> =
        topology().queues().into_iter().map(|queue| (queue.lane, queue.routing_key)).collect();
    let expected = [
        ("dead", ""),
        ("ingest", "ingest.#"),
        ("kpi", "kpi.#"),
        ("exports", "exports.#"),
        ("diagnostics", "diagnostics.#"),
    ];
    let expected = expected.map(|(lane, key)| (lane.to_owned(), key.to_owned()));
    assert_eq!(bindings, expected);
}
