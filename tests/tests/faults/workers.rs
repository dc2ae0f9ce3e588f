//! Workers that die, or fall silent, in the middle of their work.

use std::collections::HashSet;

use jiff::civil::date;
use serde_json::Value;
use tests::generate::{self, Plan};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{
    history::check,
    load::{Load, order, post},
    site::{Site, aborted},
};

/// Fewer than one worker takes at once.
const PINGS: u32 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_between_record_and_ack_has_done_its_work() {
    let site = Site::new().await;
    let (api, scheduler) = (site.api().await, site.start(&["scheduler"]));
    let orders = order(&api, PINGS as usize).await;
    site.until_waiting(PINGS).await;
    let mut dying = site.start_failing(&["worker"], "worker.before-ack=1*return");
    assert!(aborted(dying.exit().await));
    // Nothing was acknowledged, so that all of them come again; some have been recorded.
    site.until_waiting(PINGS).await;
    let recorded = succeeded(&site.owner).await;
    assert!(!recorded.is_empty());

    let worker = site.start(&["worker"]);
    check("worker killed between commit and ack", &site, &orders).await;
    let again = "select command_id from history where status = 'running'
                 group by command_id having count(*) > 1";
    let again: HashSet<Uuid> = ids(&site.owner, again).await;
    assert!(recorded.is_disjoint(&again), "what was recorded has not run again");
    drop((api, scheduler, worker));
    site.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_whose_recorder_breaks_down_ends_instead_of_idling() {
    let site = Site::new().await.with_short_leases();
    let (api, scheduler) = (site.api().await, site.start(&["scheduler"]));
    let orders = order(&api, PINGS as usize).await;
    site.until_waiting(PINGS).await;
    let mut broken = site.start_failing(&["worker"], "worker.before-record=1*panic");
    let status = broken.exit().await;
    assert_eq!(status.code(), Some(1), "it ends by itself, and says so");
    let worker = site.start(&["worker"]);
    check("worker whose recorder panicked", &site, &orders).await;
    drop((api, scheduler, worker));
    site.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_before_the_record_leaves_its_work_to_another() {
    let site = Site::new().await;
    let (api, scheduler) = (site.api().await, site.start(&["scheduler"]));
    let orders = order(&api, PINGS as usize).await;
    site.until_waiting(PINGS).await;
    let mut dying = site.start_failing(&["worker"], "worker.before-record=1*return");
    assert!(aborted(dying.exit().await));
    let begun = site.number("select count(*) from history where status = 'running'").await;
    assert!(begun > 0 && succeeded(&site.owner).await.is_empty());

    let worker = site.start(&["worker"]);
    check("worker killed before the commit", &site, &orders).await;
    assert_eq!(site.number("select count(*) from commands where attempt = 2").await, begun);
    drop((api, scheduler, worker));
    site.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_die_under_load_lose_nothing() {
    let site = Site::new().await;
    let (api, scheduler) = (site.api().await, site.start(&["scheduler"]));
    let load = Load::start(&api);
    for failpoint in ["worker.before-record", "worker.before-ack"] {
        let failpoints = format!("{failpoint}=10*off->1*return");
        let mut dying = site.start_failing(&["worker"], &failpoints);
        assert!(aborted(dying.exit().await));
        let killed = site.start(&["worker"]);
        load.acknowledge(50).await;
        killed.kill();
    }
    let worker = site.start(&["worker"]);
    load.acknowledge(50).await;
    let orders = load.stop().await;
    check("workers killed four times under load", &site, &orders).await;
    drop((api, scheduler, worker));
    site.remove().await;
}

/// Long enough silence looks like death, and then the worker comes back.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_wakes_up_after_its_lease_changes_nothing() {
    let site = Site::new().await.with_quick_heartbeats();
    let (api, scheduler) = (site.api().await, site.start(&["scheduler"]));
    let orders = order(&api, PINGS as usize).await;
    site.until_waiting(PINGS).await;
    // It dawdles before its first record, and is frozen there.
    let zombie = site.start_failing(&["worker"], "worker.before-record=1*sleep(5000)");
    site.until_true("select exists (select from history where status = 'running')").await;
    zombie.signal("STOP");
    let worker = site.start(&["worker"]);
    site.until_true("select not exists (select from commands where finished_at is null)").await;
    zombie.signal("CONT");
    zombie.says("runs ended after their lease was lost: another run decides").await;
    check("worker frozen for longer than its lease", &site, &orders).await;
    drop((api, scheduler, worker, zombie));
    site.remove().await;
}

/// An ingest that has committed a part of its records when its worker is killed.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_in_the_middle_of_an_ingest_leaves_every_record_once() {
    let site = Site::new().await;
    let tickets = seed(&site).await;
    let hold = hold_in_the_middle(&site).await;
    let (api, scheduler) = (site.api().await, site.start(&["scheduler"]));
    let doomed = site.start(&["worker"]);
    let tenant = generate::tenants(1)[0].id;
    post(&api, &format!("/internal/ingest/tickets?tenant_id={tenant}")).await;
    site.until_true(
        "select exists (select from raw_tickets)
            and exists (select from pg_stat_activity
                        where datname = current_database() and wait_event = 'advisory')",
    )
    .await;
    doomed.kill();
    let committed = site.number("select count(*) from raw_tickets").await;
    assert!(0 < committed && committed < tickets);
    hold.batch_execute("select pg_advisory_unlock_all()").await.unwrap();

    let worker = site.start(&["worker"]);
    let pings = order(&api, 1).await;
    check("worker killed in the middle of an ingest", &site, &pings).await;
    let result = "select result from commands where name = 'ingest.tickets'";
    let result: Value = site.owner.query_one(result, &[]).await.unwrap().get(0);
    assert_eq!(result["unchanged"], committed, "{result}");
    assert_eq!(result["inserted"], tickets - committed, "{result}");
    assert_eq!(site.number("select count(*) from raw_tickets").await, tickets);
    let ends = "select count(*) from history join commands on commands.id = command_id
                where name = 'ingest.tickets' and history.status = 'succeeded'";
    assert_eq!(site.number(ends).await, 1);
    drop((api, scheduler, worker));
    site.remove().await;
}

/// Creates one tenant with tickets enough for several transactions, and returns their number.
async fn seed(site: &Site) -> i64 {
    let until = date(2026, 11, 20);
    let plan = Plan { n_tenants: 1, n_tickets: 16_000, n_days: 365, until, seed: 1 };
    let written = generate::write(&plan, site.folder.path()).unwrap();
    assert!(site.start(&["seed"]).exit().await.success());
    i64::try_from(written.n_tickets).unwrap()
}

/// Makes the transaction of a late ticket wait for as long as the returned session holds a lock.
async fn hold_in_the_middle(site: &Site) -> Client {
    let hold = site.connect().await;
    hold.batch_execute(
        "create function wait_for_release() returns trigger language plpgsql as $$
         begin
             perform pg_advisory_xact_lock_shared(1);
             return new;
         end
         $$;
         create trigger wait_for_release before insert on raw_tickets for each row
             when (new.cw_ticket_id = '112000') execute function wait_for_release();
         select pg_advisory_lock(1)",
    )
    .await
    .unwrap();
    hold
}

async fn succeeded(owner: &Client) -> HashSet<Uuid> {
    ids(owner, "select id from commands where status = 'succeeded'").await
}

async fn ids(owner: &Client, query: &str) -> HashSet<Uuid> {
    owner.query(query, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}
