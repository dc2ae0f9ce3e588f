//! Lanes that people pause and resume, on real servers.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::time::Duration;

use commands::{Folders, Lane};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::lanes::{pause, pauses, resume};
use store::{Role, lanes};
use tests::{Fabric, database};
use tokio::time::Instant;
use uuid::Uuid;

const LEASE: Duration = Duration::from_mins(1);
/// Longest any awaited thing may take; only a broken build waits so long.
const PATIENCE: Duration = Duration::from_mins(1);
const LANE: &str = "diagnostics";
const DIAGNOSTICS: Lane = Lane { name: LANE, slots: 2 };
const KPI: Lane = Lane { name: "kpi", slots: 1 };

/// Messages of the lane that the broker has given to nobody.
async fn ready(fabric: &Fabric) -> u32 {
    let depths = fabric.broker.depths().await.unwrap();
    depths.iter().find(|depth| depth.lane == LANE).unwrap().ready
}

async fn until_ready(fabric: &Fabric, messages: u32) {
    let started = Instant::now();
    while ready(fabric).await != messages {
        assert!(started.elapsed() < PATIENCE, "waited too long for {messages} messages");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Pauses the lane, and returns the first ping that is left with the broker.
async fn pause_it(fabric: &Fabric) -> Uuid {
    pause(&fabric.client().await, "test", LANE, None, "to look").await.unwrap();
    left_behind(fabric).await
}

/// Sends pings until one is left with the broker: at two looks, for a message stands there for a
/// moment also when somebody is about to take it. The lane must have been worked on before.
async fn left_behind(fabric: &Fabric) -> Uuid {
    let client = fabric.client().await;
    let started = Instant::now();
    loop {
        let id = fabric.accept("diagnostics.ping", json!({})).await;
        loop {
            if ready(fabric).await > 0 && ready(fabric).await > 0 {
                return id;
            }
            let ping = store::commands::get(&client, id).await.unwrap().unwrap();
            if ping.finished_at.is_some() {
                break;
            }
            assert!(started.elapsed() < PATIENCE, "waited too long for the pause");
        }
    }
}

async fn resume_it(fabric: &Fabric) {
    assert!(resume(&fabric.client().await, "test", LANE).await.unwrap());
}

async fn status(fabric: &Fabric, id: Uuid) -> String {
    fabric.until(id, |_| true).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_lane_is_left_with_the_broker_and_others_go_on() {
    let mut fabric = Fabric::new().await;
    fabric.scheduler(scheduler::Config::default());
    fabric.worker(&[DIAGNOSTICS, KPI], Folders::default(), LEASE);
    fabric.done("diagnostics.ping", json!({})).await;
    let mut ids = vec![pause_it(&fabric).await];
    for _ in 0..4 {
        ids.push(fabric.accept("diagnostics.ping", json!({})).await);
    }
    until_ready(&fabric, 5).await;
    // Whoever starts meanwhile leaves it alone too.
    let other = fabric.worker(&[DIAGNOSTICS, KPI], Folders::default(), LEASE);
    let unknown = json!({"tenant_id": Uuid::nil()});
    assert_eq!(fabric.done("kpi.recompute", unknown.clone()).await.status, "dead");
    assert_eq!(fabric.done("kpi.recompute", unknown).await.status, "dead");
    assert_eq!(ready(&fabric).await, 5);
    other.cancel();

    resume_it(&fabric).await;
    for id in ids {
        let ping = fabric.until(id, |command| command.finished_at.is_some()).await;
        assert_eq!((ping.status.as_str(), ping.attempt), ("succeeded", 1));
    }
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_goes_on_and_keeps_its_slot() {
    let mut fabric = Fabric::new().await;
    fabric.scheduler(scheduler::Config::default());
    fabric.worker(&[DIAGNOSTICS], Folders::default(), LEASE);
    let wait = async || fabric.accept("diagnostics.wait", json!({"seconds": 600})).await;
    let first = wait().await;
    fabric.until(first, |command| command.status == "running").await;
    let ping = pause_it(&fabric).await;
    let (second, third) = (wait().await, wait().await);
    until_ready(&fabric, 3).await;
    resume_it(&fabric).await;
    fabric.until(ping, |command| command.status == "succeeded").await;
    fabric.until(second, |command| command.status == "running").await;
    // The third is delivered, but both slots are taken.
    until_ready(&fabric, 0).await;
    assert_eq!(status(&fabric, first).await, "running");
    assert_eq!(status(&fabric, third).await, "queued");
    let client = fabric.client().await;
    store::commands::cancel(&client, first).await.unwrap();
    fabric.until(third, |command| command.status == "running").await;
    for id in [second, third] {
        store::commands::cancel(&client, id).await.unwrap();
    }
    for id in [first, second, third] {
        let ended = fabric.until(id, |command| command.finished_at.is_some()).await;
        assert_eq!((ended.status.as_str(), ended.attempt), ("cancelled", 1));
    }
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lane_resumes_by_itself_when_its_time_is_over() {
    let mut fabric = Fabric::new().await;
    fabric.scheduler(scheduler::Config::default());
    fabric.worker(&[DIAGNOSTICS], Folders::default(), LEASE);
    fabric.done("diagnostics.ping", json!({})).await;
    let client = fabric.client().await;
    let left = pause_it(&fabric).await;
    // Far enough away for a busy machine to write it and read it back before.
    let resume_at = Timestamp::now() + SignedDuration::from_secs(3);
    pause(&client, "test", LANE, Some(resume_at), "for a moment").await.unwrap();
    assert!(pauses(&client).await.unwrap().0[0].resume_at.is_some());
    let ping = fabric.until(left, |command| command.status == "succeeded").await;
    assert!(ping.started_at.unwrap().as_millisecond() >= resume_at.as_millisecond(), "{ping:#?}");
    assert!(pauses(&client).await.unwrap().0.is_empty());
    assert!(!resume(&client, "test", LANE).await.unwrap(), "it was over");
    fabric.stop().await;
}

/// Notifications can be missed: what the table says holds all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_nobody_told_of_is_found() {
    let mut fabric = Fabric::new().await;
    fabric.scheduler(scheduler::Config::default());
    fabric.worker(&[DIAGNOSTICS], Folders::default(), LEASE);
    fabric.done("diagnostics.ping", json!({})).await;
    let owner = fabric.database.owner().await;
    let silent = "insert into lane_pauses (lane, reason, actor) values ($1, 'silent', 'nobody')";
    owner.execute(silent, &[&LANE]).await.unwrap();
    let left = left_behind(&fabric).await;
    owner.execute("delete from lane_pauses", &[]).await.unwrap();
    fabric.until(left, |command| command.status == "succeeded").await;
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_says_who_and_why_and_is_audited() {
    let database = database().await;
    let client = database.store(Role::Api).client().await.unwrap();
    let past = Timestamp::now() - SignedDuration::from_secs(60);
    let refused = pause(&client, "ann", LANE, Some(past), "why").await.unwrap_err();
    assert!(refused.to_string().starts_with("resume_at: is past"), "{refused}");
    let refused = pause(&client, "ann", LANE, None, "  ").await.unwrap_err();
    assert!(refused.to_string().starts_with("reason: is required"), "{refused}");
    pause(&client, "ann", LANE, None, "first").await.unwrap();
    pause(&client, "bob", LANE, None, "second").await.unwrap();
    let (held, _) = lanes::pauses(&client).await.unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].actor.as_str(), held[0].reason.as_str()), ("bob", "second"));
    assert!(resume(&client, "ann", LANE).await.unwrap());
    let lines = "select actor || ' ' || action from audit_log order by id";
    let lines = database.owner().await.query(lines, &[]).await.unwrap();
    let lines: Vec<String> = lines.iter().map(|row| row.get(0)).collect();
    assert_eq!(lines, ["ann lane.pause", "bob lane.pause", "ann lane.resume"]);
}
