//! Items become commands, each once, a few at a time.

use std::collections::HashSet;

use store::batches::{self, ItemState};
use store::prices::{self, Outcome, Priced, Publish};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{Batch, NAME, json_of};

#[tokio::test(flavor = "multi_thread")]
async fn commands_follow_the_plan_and_never_exceed_what_may_be_queued() {
    let batch = Batch::new(&[("a", 7)]).await;
    let mut heard = batch.store.listen("outbox");
    assert_eq!(heard.next().await, Some(store::Notice::Connected));
    assert_eq!(batch.fan_out(3).await, 3);
    assert_eq!(heard.next().await, Some(store::Notice::Payload(String::new())));
    assert_eq!(batch.fan_out(3).await, 0);
    assert_eq!(batch.fan_out(4).await, 1);
    let queued: Vec<_> = batch.items().await.into_iter().take(4).collect();
    assert!(queued.iter().all(|item| item.state == ItemState::Queued));

    let statement = "
        select jsonb_agg(jsonb_build_object('name', c.name, 'status', c.status,
                                            'payload', c.payload, 'id', c.id) order by c.id)
        from commands c join outbox o on o.command_id = c.id and o.name = c.name";
    let commands = json_of(&batch.owner.query_one(statement, &[]).await.unwrap());
    let commands = commands.as_array().unwrap();
    assert_eq!(commands.len(), 4);
    for (command, item) in commands.iter().zip(&queued) {
        assert_eq!(
            (command["name"].as_str(), command["status"].as_str()),
            (Some(NAME), Some("queued"))
        );
        assert_eq!(command["payload"]["card_id"], item.card_id);
        assert_eq!(command["payload"]["batch_id"], batch.id.to_string());
        assert_eq!(command["id"], item.command_id.unwrap().to_string());
    }
    assert_eq!(batch.end(1, ItemState::Failed).await, batches::Ended::Done);
    assert_eq!(batch.fan_out(4).await, 1);
    // Not more than there are ids.
    let ids = [Uuid::now_v7()];
    let client = batch.client().await;
    assert_eq!(
        batches::fan_out(&client, batch.id, 100, &ids, NAME, Some("00-t")).await.unwrap(),
        1
    );
    assert_eq!(batch.fan_out(100).await, 1);
    assert_eq!(batch.fan_out(100).await, 0);
    let traced = "select count(*) from outbox where traceparent = '00-t'";
    assert_eq!(batch.value::<i64>(traced).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_drivers_queue_every_card_once() {
    let batch = Batch::new(&[("a", 300), ("b", 301)]).await;
    let mut drivers = JoinSet::new();
    for _ in 0..8 {
        let (store, id) = (batch.store.clone(), batch.id);
        drivers.spawn(async move {
            let client = store.client().await.unwrap();
            loop {
                let ids: Vec<_> = (0..20).map(|_| Uuid::now_v7()).collect();
                let n = batches::fan_out(&client, id, 1_000, &ids, NAME, None).await.unwrap();
                // Another driver may hold all that is left.
                if n == 0 && batches::progress(&client, id).await.unwrap().unwrap().pending == 0 {
                    break;
                }
            }
        });
    }
    while let Some(driver) = drivers.join_next().await {
        driver.unwrap();
    }
    let items = batch.items().await;
    let commands: HashSet<_> = items.iter().map(|item| item.command_id.unwrap()).collect();
    assert_eq!(commands.len(), 601);
    assert_eq!(batch.value::<i64>("select count(*) from commands").await, 601);
    assert_eq!(batch.value::<i64>("select count(*) from outbox").await, 601);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_priced_card_ends_its_item() {
    let batch = Batch::new(&[("a", 2)]).await;
    batch.fan_out(2).await;
    let item = &batch.items().await[0];
    let statistics = serde_json::json!({});
    let priced = Priced {
        card_id: item.card_id,
        command_id: item.command_id.unwrap(),
        batch_id: Some(batch.id),
        calls: 2,
        taken_at: "2026-11-22T03:00:00Z".parse().unwrap(),
        query: "Abra",
        total: 0,
        n_listings: 0,
        listings: None,
        cardmarket: cards::card::Cardmarket::default(),
        statistics: &statistics,
        outcome: Outcome {
            rule: "robust",
            verdict: "DISABLED",
            reason: Some("NO_DATA"),
            anchor: None,
            anchor_source: None,
            confidence: None,
        },
        publish: Publish::Keep,
    };
    let client = batch.client().await;
    prices::write(&client, &priced).await.unwrap();
    let ended = &batch.items().await[0];
    assert_eq!((ended.state, ended.calls), (ItemState::Succeeded, 2));
    assert!(ended.finished_at.is_some());
    assert_eq!(prices::write(&client, &priced).await.unwrap(), prices::Written::Repeated);
    // Whatever comes after its end is too late.
    assert_eq!(batch.end(0, ItemState::Failed).await, batches::Ended::Unknown);
    let progress = batch.progress().await;
    assert_eq!((progress.succeeded, progress.queued, progress.calls), (1, 1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn items_whose_command_is_over_are_collected() {
    let batch = Batch::new(&[("a", 6)]).await;
    batch.fan_out(5).await;
    for (place, change) in [
        (0, "update commands set status = 'dead', error = 'no luck' where id = $1"),
        (1, "update commands set status = 'cancelled' where id = $1"),
        (2, "update commands set status = 'succeeded' where id = $1"),
        (3, "delete from commands where id = $1"),
    ] {
        let id = batch.items().await[place].command_id.unwrap();
        batch.owner.execute(change, &[&id]).await.unwrap();
    }
    let client = batch.client().await;
    assert_eq!(batches::collect_lost(&client, batch.id).await.unwrap(), 4);
    assert_eq!(batches::collect_lost(&client, batch.id).await.unwrap(), 0);
    let items = batch.items().await;
    let found: Vec<_> =
        items.iter().map(|item| (item.state, item.detail.as_deref().unwrap_or(""))).collect();
    let expected = [
        (ItemState::Failed, "no luck"),
        (ItemState::Stopped, "its command is cancelled"),
        (ItemState::Failed, "its command is succeeded"),
        (ItemState::Failed, "its command is gone"),
        (ItemState::Queued, ""),
        (ItemState::Pending, ""),
    ];
    assert_eq!(found, expected);
}
