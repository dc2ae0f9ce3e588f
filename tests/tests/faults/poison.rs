//! Commands that would take their worker down with them.

use uuid::Uuid;

use crate::{
    history::check,
    load::{order, post},
    site::{Site, aborted},
};

/// Runs of a command before it is given up.
const MAX_ATTEMPTS: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn results_that_cannot_be_stored_end_as_dead_and_hold_up_nothing() {
    let site = Site::new().await;
    let (api, scheduler) = (site.api().await, site.start(&["scheduler"]));
    let orders = order(&api, 20).await;
    site.until_waiting(20).await;
    let worker = site.start_failing(&["worker"], "worker.result=2*off->3*return");
    site.until_true("select count(*) = 20 from commands where finished_at is not null").await;
    site.until_waiting(0).await;
    let dead = "select count(*) from commands join dead_letters on command_id = commands.id
                where status = 'dead' and error like 'the result cannot be stored%'";
    assert_eq!(site.number(dead).await, 3);
    assert_eq!(site.number("select count(*) from commands where status = 'succeeded'").await, 17);

    // Whoever mends the cause can have them run again.
    let dead = "select id from commands where status = 'dead'";
    for row in site.owner.query(dead, &[]).await.unwrap() {
        let id: Uuid = row.get(0);
        post(&api, &format!("/internal/commands/{id}/retry")).await;
    }
    site.owner.batch_execute("delete from history where status = 'dead'").await.unwrap();
    check("results that cannot be stored", &site, &orders).await;
    drop((api, scheduler, worker));
    site.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_kills_every_worker_is_given_up() {
    let site = Site::new().await.with_short_leases();
    let (api, scheduler) = (site.api().await, site.start(&["scheduler"]));
    let orders = order(&api, 1).await;
    for _ in 0..MAX_ATTEMPTS {
        let mut dying = site.start_failing(&["worker"], "worker.before-run=return");
        assert!(aborted(dying.exit().await));
    }
    let spared = site.start_failing(&["worker"], "worker.before-run=return");
    site.until_true("select status = 'dead' from commands").await;
    let id = orders[0].acknowledged.unwrap();
    let reason = "select error from commands where id = $1";
    let reason: String = site.owner.query_one(reason, &[&id]).await.unwrap().get(0);
    assert!(reason.contains("5 runs"), "{reason}");
    assert_eq!(site.number("select count(*) from dead_letters").await, 1);
    drop((api, scheduler, spared));
    site.remove().await;
}
