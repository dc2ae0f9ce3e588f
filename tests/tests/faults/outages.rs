//! Servers that die, hang or restart under load. They are this test's own; the faults come one
//! after the other, because starting them takes longer than most faults do.

use std::{sync::Arc, time::Duration};

use tests::Instance;

use crate::{
    history::check,
    load::{Load, order, post},
    site::{Api, Site},
};

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_go_away_under_load_lose_nothing() {
    let instance = Arc::new(blocking(|| Instance::start("faults")).await);
    let mut site = Site::on(&instance).await;
    let mut api = site.api().await;
    let (mut scheduler, mut worker) = (site.start(&["scheduler"]), site.start(&["worker"]));

    broker_killed(&site, &api, &instance, 3).await;
    broker_hung(&site, &api, &instance).await;
    postgres_crashed(&mut site, &api, &instance).await;
    lease_undone(&mut site, &api, &instance).await;
    broker_killed(&site, &api, &instance, 30).await;

    for process in [&mut api.process, &mut scheduler, &mut worker] {
        process.stop().await;
    }
}

async fn broker_killed(site: &Site, api: &Api, instance: &Arc<Instance>, seconds: u64) {
    let load = begin(site, api).await;
    let broker = Arc::clone(instance);
    blocking(move || broker.kill_broker()).await;
    // How long the outage takes is what this scenario is about.
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    load.acknowledge(50).await;
    site.until_true("select exists (select from outbox)").await;
    let broker = Arc::clone(instance);
    blocking(move || broker.start_broker()).await;
    load.acknowledge(50).await;
    let orders = load.stop().await;
    check(&format!("broker killed, back after {seconds} s"), site, &orders).await;
    assert!(orders.iter().all(|order| order.refusals == 0), "accepting needs no broker");
}

async fn broker_hung(site: &Site, api: &Api, instance: &Instance) {
    let load = begin(site, api).await;
    instance.signal_broker("STOP");
    // Longer than a relay waits for a confirm.
    site.until_true(
        "select coalesce(clock_timestamp() - min(created_at) > interval '7 s', false) from outbox",
    )
    .await;
    load.acknowledge(50).await;
    instance.signal_broker("CONT");
    load.acknowledge(50).await;
    let orders = load.stop().await;
    check("broker hung for 7 s", site, &orders).await;
    assert!(orders.iter().all(|order| order.refusals == 0), "accepting needs no broker");
}

async fn postgres_crashed(site: &mut Site, api: &Api, instance: &Arc<Instance>) {
    let load = begin(site, api).await;
    for _ in 0..3 {
        let postgres = Arc::clone(instance);
        blocking(move || postgres.crash_postgres()).await;
        load.acknowledge(100).await;
    }
    let orders = load.stop().await;
    site.reconnect().await;
    check("PostgreSQL crashed three times", site, &orders).await;
}

/// Leases are committed without waiting for the disk, so a crash can undo one: the command waits
/// again, while its message is in the hands of a worker that runs it in vain.
async fn lease_undone(site: &mut Site, api: &Api, instance: &Arc<Instance>) {
    forget(site).await;
    // Nothing but a commit that waits for the disk writes the log from now on.
    for statement in ["alter system set wal_writer_delay = '10s'", "select pg_reload_conf()"] {
        site.owner.batch_execute(statement).await.unwrap();
    }
    post(api, "/internal/diagnostics/wait?seconds=3").await;
    site.until_true("select count(*) = 1 from commands where status = 'running'").await;
    let postgres = Arc::clone(instance);
    blocking(move || postgres.crash_postgres()).await;
    site.reconnect().await;
    let undone = "select count(*) from commands where status = 'queued' and attempt = 0";
    assert_eq!(site.number(undone).await, 1);
    site.until_true("select count(*) = 1 from commands where status = 'succeeded'").await;
    let orders = order(api, 1).await;
    check("PostgreSQL crashed and undid a lease", site, &orders).await;
    assert_eq!(site.number("select count(*) from commands where attempt = 1").await, 2);
}

/// Forgets what was before, and puts the installation under load.
async fn begin(site: &Site, api: &Api) -> Load {
    forget(site).await;
    let load = Load::start(api);
    load.acknowledge(50).await;
    load
}

async fn forget(site: &Site) {
    let everything = "commands, history, idempotency_keys, attempts, due, dead_letters";
    site.owner.batch_execute(&format!("truncate {everything}")).await.unwrap();
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}
