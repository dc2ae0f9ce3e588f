//! Batches begin once, stop, go on and end.

use store::Role;
use store::batches::{self, Created, ItemState, RunState};
use uuid::Uuid;

use crate::Batch;

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_was_killed_goes_on_where_it_was() {
    let batch = Batch::new(&[("a", 4)]).await;
    batch.fan_out(2).await;
    batch.end(0, ItemState::Succeeded).await;
    let before = batch.items().await;
    // Its command runs again.
    assert_eq!(batch.create().await, Created::Existing(RunState::Running));
    assert_eq!(batch.items().await, before);
    assert!(!batch.finish().await, "items are open");
    batch.fan_out(4).await;
    for place in 1..4 {
        batch.end(place, ItemState::Succeeded).await;
    }
    assert!(batch.finish().await);
    assert!(!batch.finish().await, "it has ended");
    let client = batch.client().await;
    let run = batches::get(&client, batch.id).await.unwrap().unwrap();
    assert_eq!((run.state, run.cards_targeted, run.cards_succeeded), (RunState::Finished, 4, 4));
    assert_eq!((run.calls_spent, run.report), (4, Some(serde_json::json!({"ok": 1}))));
    assert!(run.finished_at.unwrap() > run.started_at);
    assert_eq!(batch.create().await, Created::Existing(RunState::Finished));
    assert_eq!(batches::get(&client, Uuid::now_v7()).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_stops_when_what_is_queued_has_ended_and_can_be_resumed() {
    let batch = Batch::new(&[("a", 6)]).await;
    let client = batch.client().await;
    batch.fan_out(2).await;
    batch.end(0, ItemState::Succeeded).await;
    assert_eq!(batches::stop(&client, batch.id, "by alice").await.unwrap(), Some(4));
    assert_eq!(batches::stop(&client, batch.id, "by bob").await.unwrap(), None);
    assert_eq!(batch.fan_out(6).await, 0);
    assert!(!batch.finish().await);
    batch.end(1, ItemState::Failed).await;
    assert!(batch.finish().await);
    let run = batches::get(&client, batch.id).await.unwrap().unwrap();
    assert_eq!((run.state, run.stop_reason.as_deref()), (RunState::Stopped, Some("by alice")));
    assert!(batches::running(&client).await.unwrap().is_empty());

    assert_eq!(batches::resume(&client, batch.id).await.unwrap(), Some(4));
    assert_eq!(batches::resume(&client, batch.id).await.unwrap(), None, "it runs");
    assert_eq!(batches::running(&client).await.unwrap()[0].id, batch.id);
    assert_eq!(batch.fan_out(3).await, 3);
    for place in 2..5 {
        batch.end(place, ItemState::Succeeded).await;
    }
    // The quota is spent.
    let deferred = batches::close_pending(&client, batch.id, ItemState::Deferred, "quota").await;
    assert_eq!(deferred.unwrap(), 1);
    assert!(batch.finish().await);
    let run = batches::get(&client, batch.id).await.unwrap().unwrap();
    let counts = [run.cards_targeted, run.cards_succeeded, run.cards_failed, run.cards_deferred];
    assert_eq!((run.state, counts), (RunState::Finished, [6, 4, 1, 1]));
    assert_eq!((run.stop_reason, run.cards_skipped), (None, 0));
    // Deferred cards can go on too, once there are calls again.
    assert_eq!(batches::resume(&client, batch.id).await.unwrap(), Some(1));
    assert_eq!(batch.states().await[5], ItemState::Pending);
}

/// Its driver may die between the two.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_was_told_to_stop_and_never_ended_can_be_resumed() {
    let batch = Batch::new(&[("a", 3)]).await;
    let client = batch.client().await;
    batch.fan_out(1).await;
    batches::stop(&client, batch.id, "by alice").await.unwrap();
    assert_eq!(batches::resume(&client, batch.id).await.unwrap(), Some(2));
    let states = [ItemState::Queued, ItemState::Pending, ItemState::Pending];
    assert_eq!(batch.states().await, states);
    assert_eq!(batch.fan_out(3).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_are_copied_for_those_who_look_at_the_batch_only() {
    let batch = Batch::new(&[("a", 5)]).await;
    let client = batch.client().await;
    batch.fan_out(5).await;
    batch.end(0, ItemState::Succeeded).await;
    batch.end(1, ItemState::Failed).await;
    let copied = async || {
        let run = batches::get(&client, batch.id).await.unwrap().unwrap();
        [run.cards_succeeded, run.cards_failed, run.calls_spent]
    };
    let progress = batch.progress().await;
    assert_eq!(copied().await, [0, 0, 0]);
    let refreshed = batches::refresh(&client, batch.id).await.unwrap().unwrap();
    assert_eq!((refreshed.succeeded, refreshed.failed), (progress.succeeded, progress.failed));
    assert_eq!(copied().await, [1, 1, 2]);
    assert!(progress.per_second > 0.0 && progress.per_second <= 2.0);
    let version = "select xmin::text from batch_runs";
    let before: String = batch.value(version).await;
    batches::refresh(&client, batch.id).await.unwrap();
    assert_eq!(batch.value::<String>(version).await, before, "nothing differs, nothing is written");
    assert_eq!(batches::progress(&client, Uuid::now_v7()).await.unwrap(), None);
    assert_eq!(batches::refresh(&client, Uuid::now_v7()).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn items_and_batches_are_listed_in_pages() {
    let batch = Batch::new(&[("a", 5)]).await;
    let client = batch.client().await;
    batch.fan_out(3).await;
    batch.end(1, ItemState::Skipped).await;
    let page = async |state, after, limit| {
        let items = batches::items(&client, batch.id, state, after, limit).await.unwrap();
        items.iter().map(|item| item.position).collect::<Vec<_>>()
    };
    assert_eq!(page(None, None, 2).await, [0, 1]);
    assert_eq!(page(None, Some(1), 9).await, [2, 3, 4]);
    assert_eq!(page(Some(ItemState::Queued), None, 9).await, [0, 2]);
    assert_eq!(page(Some(ItemState::Pending), Some(3), 9).await, [4]);

    let second = Batch { id: Uuid::now_v7(), ..batch };
    assert_eq!(second.create().await, Created::New);
    let api = second.database.store(Role::Api).client().await.unwrap();
    let newest = batches::list(&api, None, 9).await.unwrap();
    assert_eq!((newest.len(), newest[0].id), (2, second.id));
    let older = batches::list(&api, Some(second.id), 9).await.unwrap();
    assert_eq!(older, newest[1..]);
    batches::stop(&api, second.id, "no").await.unwrap_err();
}
