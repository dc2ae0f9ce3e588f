//! Batches and the quota, as operators see them.

use reqwest::StatusCode;
use serde_json::{Value, json};
use store::batches::{self, ItemEnd, ItemState, NewRun};
use store::quota::{self, Purpose, Wanted};
use tests::database;
use uuid::Uuid;

use crate::Server;
use crate::shop::Shop;

/// A batch of all cards of the shop, in its order.
async fn create(shop: &Shop) -> Uuid {
    let requested = json!({"mode": "full"});
    let run = NewRun { id: Uuid::now_v7(), mode: "full", set_id: None, requested: &requested };
    let items: Vec<_> = shop.cards.iter().map(|card| (*card, "exu")).collect();
    let mut client = shop.server.store.client().await.unwrap();
    batches::create(&mut client, &run, &items).await.unwrap();
    run.id
}

async fn ok(server: &Server, path: &str) -> Value {
    let (status, answer) = server.get(path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {answer}");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_shows_its_progress_and_each_card_once() {
    let database = database().await;
    let shop = Shop::new(&database).await;
    let (server, id) = (&shop.server, create(&shop).await);
    let client = server.store.client().await.unwrap();
    let failed = ItemEnd {
        batch_id: id,
        card_id: shop.cards[2],
        state: ItemState::Failed,
        detail: "timeout",
    };
    batches::add_calls(&client, id, failed.card_id, 2).await.unwrap();
    batches::end_item(&client, &failed).await.unwrap();

    let mut seen = Vec::new();
    let mut next = Some(format!("/internal/batches/{id}?state=pending&limit=4"));
    while let Some(path) = next {
        let page = ok(server, &path).await;
        assert_eq!(page["progress"]["pending"], 6, "{page:#}");
        assert_eq!(
            (&page["progress"]["failed"], &page["progress"]["calls"]),
            (&json!(1), &json!(2))
        );
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["card_id"].as_i64().unwrap()));
        next = page["next"].as_str().map(str::to_owned);
    }
    let pending: Vec<i64> = shop.cards.iter().copied().filter(|id| *id != shop.cards[2]).collect();
    assert_eq!(seen, pending);
    let failures = ok(server, &format!("/internal/batches/{id}?state=failed")).await;
    assert_eq!(failures["items"][0]["detail"], "timeout");
    assert_eq!(failures["batch"]["report"], Value::Null);

    batches::stop(&client, id, "enough").await.unwrap();
    batches::finish(&client, id, &json!({"moves": []})).await.unwrap();
    let stopped = ok(server, &format!("/internal/batches/{id}")).await;
    assert_eq!(stopped["batch"]["report"], json!({"moves": []}));
    assert_eq!(
        (&stopped["batch"]["state"], &stopped["batch"]["stop_reason"]),
        (&json!("stopped"), &json!("enough"))
    );
    assert_eq!(stopped["batch"]["command_url"], format!("/internal/commands/{id}"));
    shop.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_listed_newest_first_in_pages() {
    let database = database().await;
    let shop = Shop::new(&database).await;
    let mut wanted = Vec::new();
    for _ in 0..3 {
        wanted.insert(0, create(&shop).await.to_string());
    }
    let mut seen = Vec::new();
    let mut next = Some("/internal/batches?limit=2".to_owned());
    while let Some(path) = next {
        let page = ok(&shop.server, &path).await;
        let batches = page["batches"].as_array().unwrap();
        seen.extend(batches.iter().map(|batch| batch["id"].as_str().unwrap().to_owned()));
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, wanted);
    for (path, status, field) in [
        ("/internal/batches?before=7", StatusCode::UNPROCESSABLE_ENTITY, "before"),
        ("/internal/batches?limit=0", StatusCode::UNPROCESSABLE_ENTITY, "limit"),
        ("/internal/batches/7", StatusCode::UNPROCESSABLE_ENTITY, "id"),
    ] {
        let (given, problem) = shop.server.get(path).await;
        assert_eq!((given, &problem["errors"][0]["field"]), (status, &json!(field)), "{problem}");
    }
    let path = format!("/internal/batches/{}?state=lost", wanted[0]);
    assert_eq!(shop.server.get(&path).await.1["errors"][0]["field"], "state");
    let unknown = format!("/internal/batches/{}", Uuid::now_v7());
    assert_eq!(shop.server.get(&unknown).await.0, StatusCode::NOT_FOUND);
    shop.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_quota_shows_what_is_held_and_left_and_who_refuses() {
    let database = database().await;
    let server = Server::start(&database).await;
    let fresh = ok(&server, "/internal/quota").await;
    assert_eq!((&fresh["free"], &fresh["free_for_batches"]), (&json!(5_000), &json!(4_500)));
    assert_eq!((&fresh["days"], &fresh["blocked"]), (&json!([]), &Value::Null));

    let client = server.store.client().await.unwrap();
    let wanted = Wanted {
        provider: "ebay",
        purpose: Purpose::Batch,
        n: 20,
        worker: Uuid::now_v7(),
        hold_seconds: 60.0,
        // However close the end of the window is.
        margin_seconds: 0.0,
    };
    quota::reserve(&client, &wanted).await.unwrap();
    quota::block(&client, "ebay", None, "429 too many requests").await.unwrap();
    let held = ok(&server, "/internal/quota").await;
    assert_eq!((&held["today"]["reserved"], &held["free"]), (&json!(20), &json!(4_980)));
    assert_eq!(held["days"][0]["reserved"], 20);
    assert_eq!(held["blocked"]["reason"], "429 too many requests");
    server.stop().await;
}
