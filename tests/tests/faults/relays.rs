//! A relay that dies between publishing and marking, and several relays at once.

use crate::{
    history::check,
    load::{Load, order},
    site::{Site, aborted},
};

/// Fewer than the relay takes in one claim.
const PINGS: u32 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_dies_between_publish_and_mark_sends_twice_and_nothing_runs_twice() {
    let site = Site::new().await;
    let api = site.api().await;
    let orders = order(&api, PINGS as usize).await;
    let mut dying = site.start_failing(&["scheduler"], "relay.before-mark=1*return");
    assert!(aborted(dying.exit().await));
    site.until_waiting(PINGS).await;
    assert_eq!(site.number("select count(*) from outbox").await, i64::from(PINGS));

    let scheduler = site.start(&["scheduler"]);
    site.until_true("select not exists (select from outbox)").await;
    site.until_waiting(2 * PINGS).await;
    let worker = site.start(&["worker"]);
    check("relay killed between publish and mark", &site, &orders).await;
    assert_eq!(site.number("select max(attempt)::bigint from commands").await, 1);
    drop((api, scheduler, worker));
    site.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduler_whose_relay_breaks_down_ends_instead_of_idling() {
    let site = Site::new().await;
    let api = site.api().await;
    let orders = order(&api, PINGS as usize).await;
    let mut broken = site.start_failing(&["scheduler"], "relay.before-mark=1*panic");
    assert_eq!(broken.exit().await.code(), Some(1), "it ends by itself, and says so");
    let (scheduler, worker) = (site.start(&["scheduler"]), site.start(&["worker"]));
    check("scheduler whose relay panicked", &site, &orders).await;
    drop((api, scheduler, worker));
    site.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_schedulers_share_the_work_and_replace_each_other() {
    let site = Site::new().await;
    let (api, worker) = (site.api().await, site.start(&["worker"]));
    let (first, second) = (site.start(&["scheduler"]), site.start(&["scheduler"]));
    let load = Load::start(&api);
    load.acknowledge(100).await;
    first.kill();
    load.acknowledge(100).await;
    let third = site.start_failing(&["scheduler"], "relay.before-mark=20*off->1*return");
    load.acknowledge(100).await;
    second.kill();
    let mut third = third;
    assert!(aborted(third.exit().await));
    let fourth = site.start(&["scheduler"]);
    let orders = load.stop().await;
    check("schedulers killed in turn under load", &site, &orders).await;
    drop((api, worker, fourth));
    site.remove().await;
}
