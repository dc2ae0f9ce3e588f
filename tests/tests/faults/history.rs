//! Compares what clients were told with what happened.

use std::{
    collections::{HashMap, HashSet},
    io::Write,
};

use uuid::Uuid;

use crate::{load::Order, site::Site};

/// The outcome of a scenario, counted in orders.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(crate) attempted: usize,
    /// Answered with a command.
    pub(crate) acknowledged: usize,
    /// Acknowledged, and succeeded.
    pub(crate) ok: usize,
    /// Acknowledged, and not succeeded.
    pub(crate) lost: usize,
    /// Ended more than once.
    pub(crate) duplicated: usize,
    /// Commands that nobody ordered, that do not belong to their order, or that ended otherwise.
    pub(crate) unexpected: usize,
}

/// What happened to one command.
#[derive(Debug, Default)]
struct Fate {
    key: Option<String>,
    status: String,
    ends: i64,
}

/// Waits until nothing is open, prints the counters under the scenario's name, and checks that
/// every order has had its effect exactly once.
pub(crate) async fn check(name: &str, site: &Site, orders: &[Order]) -> Counters {
    site.until_true(
        "select not exists (select from commands where finished_at is null)
            and not exists (select from outbox)",
    )
    .await;
    site.until_waiting(0).await;
    let counters = count(orders, &fates(site).await);
    let Counters { attempted, acknowledged, ok, lost, duplicated, unexpected } = counters;
    let refusals: usize = orders.iter().map(|order| order.refusals).sum();
    let runs = site.number("select count(*) from history where status = 'running'").await;
    // Straight to the stream, because the test runner hides what a passing test prints.
    let line = format!(
        "{name}: attempted {attempted}, acknowledged {acknowledged}, ok {ok}, lost {lost}, \
         duplicated {duplicated}, unexpected {unexpected} ({refusals} requests repeated, {runs} runs)\n"
    );
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    assert!(attempted > 0, "{name}: nothing was ordered");
    assert_eq!((lost, duplicated, unexpected), (0, 0, 0), "{name}");
    assert_eq!((acknowledged, ok), (attempted, attempted), "{name}");
    counters
}

async fn fates(site: &Site) -> HashMap<Uuid, Fate> {
    let query = "
        select commands.id, key, status,
               (select count(*) from history where history.command_id = commands.id
                and history.status in ('succeeded', 'dead', 'cancelled'))
        from commands left join idempotency_keys on command_id = commands.id
        where name = 'diagnostics.ping'";
    let rows = site.owner.query(query, &[]).await.unwrap();
    let fate =
        |row: &tokio_postgres::Row| Fate { key: row.get(1), status: row.get(2), ends: row.get(3) };
    rows.iter().map(|row| (row.get(0), fate(row))).collect()
}

fn count(orders: &[Order], fates: &HashMap<Uuid, Fate>) -> Counters {
    let keys: HashSet<&str> = orders.iter().map(|order| order.key.as_str()).collect();
    let acknowledged: Vec<&Order> = orders.iter().filter(|o| o.acknowledged.is_some()).collect();
    let is_ok = |order: &&&Order| {
        let fate = order.acknowledged.and_then(|id| fates.get(&id));
        fate.is_some_and(|fate| fate.status == "succeeded" && fate.key.as_ref() == Some(&order.key))
    };
    let ok = acknowledged.iter().filter(is_ok).count();
    let is_expected = |fate: &&Fate| {
        fate.status == "succeeded" && fate.key.as_deref().is_some_and(|key| keys.contains(key))
    };
    Counters {
        attempted: orders.len(),
        acknowledged: acknowledged.len(),
        ok,
        lost: acknowledged.len() - ok,
        duplicated: fates.values().filter(|fate| fate.ends > 1).count(),
        unexpected: fates.len() - fates.values().filter(is_expected).count(),
    }
}

#[test]
fn the_checker_sees_what_is_wrong() {
    let order = |key: &str, id| Order { key: key.into(), acknowledged: id, refusals: 0 };
    let fate = |key: Option<&str>, status: &str, ends| Fate {
        key: key.map(str::to_owned),
        status: status.into(),
        ends,
    };
    let id: Vec<Uuid> = (0..5).map(Uuid::from_u128).collect();
    let orders = [
        order("fine", Some(id[0])),
        order("twice", Some(id[1])),
        order("dead", Some(id[2])),
        order("gone", Some(id[4])),
        order("unanswered", None),
    ];
    let fates = HashMap::from([
        (id[0], fate(Some("fine"), "succeeded", 1)),
        (id[1], fate(Some("twice"), "succeeded", 2)),
        (id[2], fate(Some("dead"), "dead", 1)),
        (id[3], fate(None, "succeeded", 1)),
    ]);
    let expected =
        Counters { attempted: 5, acknowledged: 4, ok: 2, lost: 2, duplicated: 1, unexpected: 2 };
    assert_eq!(count(&orders, &fates), expected);
}
