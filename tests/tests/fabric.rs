//! The life of a command, on real servers.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::time::Duration;

use broker::{Message, Outcome};
use commands::{Folders, Lane, Pointer};
use serde_json::{Value, json};
use store::{
    Session,
    commands::Changed,
    lease::Lessor,
    record::{End, Recorder, Run},
};
use tests::Fabric;
use uuid::Uuid;

const DIAGNOSTICS: &[Lane] = &[Lane { name: "diagnostics", slots: 64 }];
const LEASE: Duration = Duration::from_mins(1);

async fn count(fabric: &Fabric, query: &str) -> i64 {
    fabric.database.owner().await.query_one(query, &[]).await.unwrap().get(0)
}

async fn publish(fabric: &Fabric, body: Vec<u8>) {
    let publisher = fabric.broker.publisher();
    publisher.link().wait_for(|link| *link == broker::Link::Up).await.unwrap();
    let message = Message {
        id: Uuid::now_v7(),
        routing_key: "diagnostics.ping".into(),
        body: body.into(),
        traceparent: None,
    };
    assert_eq!(publisher.publish(message).await, Outcome::Acked);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_goes_all_the_way() {
    let mut fabric = Fabric::new().await;
    fabric.run(Folders::default());
    let ping = fabric.done("diagnostics.ping", json!({})).await;
    assert_eq!(ping.status, "succeeded");
    assert_eq!((ping.attempt, ping.result), (1, Some(json!({"pong": true}))));
    assert_eq!(count(&fabric, "select count(*) from outbox").await, 0);
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_commands_over_two_schedulers_and_two_workers_each_run_once() {
    let mut fabric = Fabric::new().await;
    for _ in 0..2_000 {
        fabric.accept("diagnostics.ping", json!({})).await;
    }
    for _ in 0..2 {
        fabric.scheduler(scheduler::Config::default());
        fabric.worker(DIAGNOSTICS, Folders::default(), LEASE);
    }
    fabric.until_true("select count(*) = 2000 from commands where status = 'succeeded'").await;
    assert_eq!(count(&fabric, "select count(*) from commands where attempt <> 1").await, 0);
    fabric.until_true("select count(*) = 0 from outbox").await;
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_again_changes_nothing() {
    let mut fabric = Fabric::new().await;
    fabric.run(Folders::default());
    let first = fabric.done("diagnostics.ping", json!({})).await;
    for _ in 0..3 {
        publish(&fabric, Pointer::new(first.id, &*first.name).to_body()).await;
    }
    // The lane is in order: once this one has run, the three before it were looked at.
    fabric.done("diagnostics.ping", json!({})).await;
    let again = fabric.until(first.id, |_| true).await;
    assert_eq!((again.attempt, again.finished_at), (1, first.finished_at));
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_no_pointer_becomes_a_dead_letter_and_holds_up_nothing() {
    let mut fabric = Fabric::new().await;
    fabric.run(Folders::default());
    publish(&fabric, b"{\"v\":1,".to_vec()).await;
    publish(&fabric, b"\0\xff".to_vec()).await;
    assert_eq!(fabric.done("diagnostics.ping", json!({})).await.status, "succeeded");
    fabric.until_true("select count(*) = 2 from dead_letters").await;
    let letters = store::dead_letters::list(&fabric.client().await, None, 10).await.unwrap();
    assert!(letters.iter().all(|letter| letter.reason.contains("rejected")), "{letters:#?}");
    assert!(letters.iter().all(|letter| letter.reason.contains("not a pointer")), "{letters:#?}");
    assert_eq!(letters[1].body.as_deref(), Some("{\"v\":1,"));
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_command_is_cancelled_at_once_and_never_runs() {
    let mut fabric = Fabric::new().await;
    let id = fabric.accept("diagnostics.ping", json!({})).await;
    let client = fabric.client().await;
    assert_eq!(store::commands::cancel(&client, id).await.unwrap(), Changed::Done);
    assert_eq!(store::commands::cancel(&client, id).await.unwrap(), Changed::Refused);
    let unknown = store::commands::cancel(&client, Uuid::now_v7()).await.unwrap();
    assert_eq!(unknown, Changed::Missing);
    fabric.run(Folders::default());
    fabric.done("diagnostics.ping", json!({})).await;
    let cancelled = fabric.until(id, |_| true).await;
    assert_eq!((cancelled.status.as_str(), cancelled.attempt), ("cancelled", 0));
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_command_shows_its_progress_and_stops_when_cancelled() {
    let mut fabric = Fabric::new().await;
    fabric.run(Folders::default());
    let id = fabric.accept("diagnostics.wait", json!({"seconds": 3600})).await;
    let running = fabric.until(id, |command| command.progress.is_some()).await;
    assert_eq!(running.progress.unwrap()["total"], 3600);
    let client = fabric.client().await;
    assert_eq!(store::commands::cancel(&client, id).await.unwrap(), Changed::Requested);
    let cancelled = fabric.until(id, |command| command.finished_at.is_some()).await;
    assert_eq!(cancelled.status, "cancelled");
    assert_eq!(store::commands::attempts(&client, id).await.unwrap()[0].outcome, "cancelled");
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stops_gives_its_command_back_with_the_attempt_unburned() {
    let mut fabric = Fabric::new().await;
    fabric.scheduler(scheduler::Config::default());
    let first = fabric.worker(DIAGNOSTICS, Folders::default(), LEASE);
    let id = fabric.accept("diagnostics.wait", json!({"seconds": 2})).await;
    fabric.until(id, |command| command.status == "running").await;
    first.cancel();
    fabric.until(id, |command| command.status == "queued" && command.attempt == 0).await;
    fabric.worker(DIAGNOSTICS, Folders::default(), LEASE);
    let done = fabric.until(id, |command| command.finished_at.is_some()).await;
    assert_eq!((done.status.as_str(), done.attempt), ("succeeded", 1));
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_cannot_succeed_dies_with_its_reason_and_can_be_retried() {
    let mut fabric = Fabric::new().await;
    let folder = tempfile::tempdir().unwrap();
    let mock_data = folder.path().to_owned();
    fabric.run(Folders { mock_data, ..Folders::default() });
    let tenant_id = Uuid::now_v7();
    let dead = fabric.done("ingest.tickets", json!({"tenant_id": tenant_id})).await;
    assert_eq!(dead.status, "dead");
    let client = fabric.client().await;
    let letters = store::dead_letters::list(&client, None, 10).await.unwrap();
    assert_eq!(letters[0].command_id, Some(dead.id));
    assert_eq!(store::commands::retry(&client, dead.id).await.unwrap(), Changed::Done);
    let again = fabric
        .until(dead.id, |command| {
            command.finished_at.is_some() && command.finished_at != dead.finished_at
        })
        .await;
    assert_eq!((again.status.as_str(), again.attempt), ("dead", 1));
    let letters = store::dead_letters::list(&client, None, 10).await.unwrap();
    assert_eq!(letters.len(), 2);
    assert!(letters[1].replayed_at.is_some() && letters[0].replayed_at.is_none());
    fabric.stop().await;
}

/// A worker that went silent: it holds a lease, and will not say how its run ended.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_lease_is_run_again_and_the_zombie_cannot_write() {
    let mut fabric = Fabric::new().await;
    let id = fabric.accept("diagnostics.ping", json!({})).await;
    let zombie = Uuid::now_v7();
    let client = fabric.store.connect(Session::Durable).await.unwrap();
    let lessor = Lessor::new(client, zombie, 1.0).await.unwrap();
    let leased = lessor.lease(&mut vec![id]).await.unwrap();
    assert_eq!((leased.len(), leased[0].attempt), (1, 1));
    fabric.run(Folders::default());
    let done = fabric.until(id, |command| command.finished_at.is_some()).await;
    assert_eq!((done.status.as_str(), done.attempt), ("succeeded", 2));
    let client = fabric.store.connect(Session::Durable).await.unwrap();
    let recorder = Recorder::new(client, zombie, "zombie".into()).await.unwrap();
    let late = Run { id, attempt: 1, end: End::Succeeded(json!("late")) };
    assert_eq!(recorder.record(&[late]).await.unwrap(), 0);
    assert!(lessor.beat(&[(id, 1)]).await.unwrap().is_empty());
    assert_eq!(fabric.until(id, |_| true).await.result, done.result);
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_the_broker_lost_is_sent_again() {
    let mut fabric = Fabric::new().await;
    let id = fabric.accept("diagnostics.ping", json!({})).await;
    // As after the relay had its confirm, and the broker then lost its disk.
    fabric.database.owner().await.batch_execute("delete from outbox").await.unwrap();
    let audit_after = Duration::from_millis(200);
    fabric.scheduler(scheduler::Config { audit_after, ..scheduler::Config::default() });
    fabric.worker(DIAGNOSTICS, Folders::default(), LEASE);
    let done = fabric.until(id, |command| command.finished_at.is_some()).await;
    assert_eq!(done.status, "succeeded");
    fabric.stop().await;
}

/// The audit looks at each command once, and has seen these already.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_lost_after_the_audit_is_sent_again_too() {
    let mut fabric = Fabric::new().await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        ids.push(fabric.accept("diagnostics.ping", json!({})).await);
    }
    let (retried, released) = (ids[0], ids[1]);
    let client = fabric.client().await;
    assert_eq!(store::commands::cancel(&client, retried).await.unwrap(), Changed::Done);
    assert_eq!(store::commands::retry(&client, retried).await.unwrap(), Changed::Done);
    release(&fabric, released).await;
    let owner = fabric.database.owner().await;
    owner.execute("update audit_position set last_id = $1", &[&released]).await.unwrap();
    owner.batch_execute("delete from outbox").await.unwrap();
    assert_eq!(owner.execute("update due set due_at = clock_timestamp()", &[]).await.unwrap(), 2);
    fabric.scheduler(scheduler::Config::default());
    fabric.worker(DIAGNOSTICS, Folders::default(), LEASE);
    for id in ids {
        let done = fabric.until(id, |command| command.finished_at.is_some()).await;
        assert_eq!(done.status, "succeeded");
    }
    fabric.stop().await;
}

/// As a worker does that is asked to stop.
async fn release(fabric: &Fabric, id: Uuid) {
    let token = Uuid::now_v7();
    let client = fabric.store.connect(Session::Durable).await.unwrap();
    let lessor = Lessor::new(client, token, 60.0).await.unwrap();
    assert_eq!(lessor.lease(&mut vec![id]).await.unwrap().len(), 1);
    let client = fabric.store.connect(Session::Durable).await.unwrap();
    let recorder = Recorder::new(client, token, "test".into()).await.unwrap();
    let run = Run { id, attempt: 1, end: End::Released };
    assert_eq!(recorder.record(&[run]).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_cannot_be_stored_ends_only_its_own_command() {
    let fabric = Fabric::new().await;
    let (good, bad) = (
        fabric.accept("diagnostics.ping", json!({})).await,
        fabric.accept("diagnostics.ping", json!({})).await,
    );
    let token = Uuid::now_v7();
    let client = fabric.store.connect(Session::Durable).await.unwrap();
    let lessor = Lessor::new(client, token, 60.0).await.unwrap();
    lessor.lease(&mut vec![good, bad]).await.unwrap();
    let client = fabric.store.connect(Session::Durable).await.unwrap();
    let recorder = Recorder::new(client, token, "test".into()).await.unwrap();
    let run = |id, value: Value| Run { id, attempt: 1, end: End::Succeeded(value) };
    let batch = [run(good, json!("fine")), run(bad, json!("\0"))];
    assert!(recorder.record(&batch).await.unwrap_err().is_data());
    assert_eq!(recorder.record(&batch[..1]).await.unwrap(), 1);
    assert!(recorder.record(&batch[1..]).await.unwrap_err().is_data());
    fabric.stop().await;
}
