//! Cards and prices: every row once, nothing sent twice, and mistakes named.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::simulator::{Options, Simulator};
use tests::{Fabric, database};

use crate::shop::Shop;
use crate::{TOKEN, answer};

#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_every_card_once_in_any_order() {
    let database = database().await;
    let shop = Shop::new(&database).await;
    let c = &shop.cards;
    let in_one = "select array(select id from cards order by name, id)";
    let by_name: Vec<i64> = shop.owner.query_one(in_one, &[]).await.unwrap().get(0);
    for (query, expected) in [
        ("", by_name.clone()),
        ("sort=name", by_name),
        ("sort=price", vec![c[3], c[2], c[1], c[5], c[0], c[4], c[6]]),
        ("sort=staleness", vec![c[6], c[0], c[1], c[2], c[3], c[4], c[5]]),
        ("sort=price&min_price=5&max_price=9.00", vec![c[2], c[1], c[5], c[0]]),
        ("sort=staleness&search=ABRA%20exu", vec![c[1], c[2]]),
        ("search=melo", vec![c[4]]),
        ("search=%25", vec![]),
        ("verdict=LOW_CONF", vec![c[4]]),
        ("variant=HOLO", vec![]),
        ("set=base1", vec![]),
        ("suspended=true", vec![]),
    ] {
        for limit in [1, 2, 7, 500] {
            let seen = shop.walk(&format!("/v1/cards?{query}&limit={limit}")).await;
            assert_eq!(seen, expected, "{query} by {limit}");
        }
    }
    shop.owner.batch_execute("update sets set hidden = true").await.unwrap();
    assert!(shop.walk("/v1/cards").await.is_empty());
    assert_eq!(shop.walk("/v1/cards?hidden=true&limit=3").await.len(), 7);
    shop.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_shows_its_price_and_history_newest_first() {
    let database = database().await;
    let shop = Shop::new(&database).await;
    let id = shop.cards[0];
    shop.price(id, 600).await;
    shop.price(id, 700).await;
    let card = shop.get(&format!("/v1/cards/{id}")).await;
    assert_eq!(card["card"]["tcgdex_id"], "exu-1-NORMAL");
    assert_eq!(card["card"]["number"], "1/28");
    assert_eq!(card["price"]["prices"]["neuf"], "3.50", "{card:#}");
    assert_eq!(card["snapshot"]["statistics"], json!({"stage1": {"voices": 12}}));
    assert_eq!(card["sold"], json!([]));
    assert_eq!(card, shop.get("/v1/cards/exu-1-NORMAL").await, "by either name");
    let anchors = |card: &Value| -> Vec<String> {
        let history = card["history"].as_array().unwrap();
        history.iter().map(|version| version["anchor"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(anchors(&card), ["7.00", "6.00", "5.00"]);
    let first = shop.get("/v1/cards/exu-1-NORMAL?limit=2").await;
    assert_eq!(anchors(&first), ["7.00", "6.00"]);
    let second = shop.get(first["next"].as_str().unwrap()).await;
    assert_eq!((anchors(&second), &second["next"]), (vec!["5.00".to_owned()], &Value::Null));

    let cards = shop.get("/v1/cards?search=Ymphect").await;
    let never = shop.get(cards["cards"][0]["url"].as_str().unwrap()).await;
    assert_eq!(never["card"]["tcgdex_id"], "exu-?-NORMAL");
    assert_eq!((&never["price"], &never["snapshot"]), (&Value::Null, &Value::Null));
    shop.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_goes_on_where_its_reader_stopped() {
    let database = database().await;
    let shop = Shop::new(&database).await;
    let mut path = "/v1/prices?limit=4".to_owned();
    let mut seen = Vec::new();
    for has_more in [true, false] {
        let page = shop.get(&path).await;
        assert_eq!(page["has_more"], has_more);
        let prices = page["prices"].as_array().unwrap();
        seen.extend(prices.iter().map(|price| price["card_id"].as_i64().unwrap()));
        path = page["next"].as_str().unwrap().to_owned();
    }
    assert_eq!(seen, shop.cards[..6]);
    let page = shop.get(&path).await;
    assert_eq!((&page["prices"], page["next"].as_str()), (&json!([]), Some(path.as_str())));

    shop.price(shop.cards[1], 1_000).await;
    assert_eq!(shop.get(&path).await["prices"], json!([]), "a fresh change is held back");
    let age = "update buy_prices set since = since - interval '6 seconds' where anchor = 10";
    shop.owner.batch_execute(age).await.unwrap();
    let page = shop.get(&path).await;
    assert_eq!(page["prices"][0]["tcgdex_id"], "exu-2-NORMAL");
    assert_eq!(page["prices"][0]["prices"]["neuf"], "5.00");
    shop.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_is_explained_from_its_last_look() {
    let mut fabric = Fabric::new().await;
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let shop = Shop::new(&fabric.database).await;
    let path = "/v1/cards/exu-2-NORMAL/explain";
    let (status, problem) = shop.server.get(path).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "no listings were kept: {problem}");

    fabric.scheduler(scheduler::Config::default());
    fabric.card_worker(&simulator);
    let command = fabric.done("cards.reprice", json!({ "card_id": shop.cards[1] })).await;
    assert_eq!(command.status, "succeeded", "{command:#?}");
    let explained = shop.get(path).await;
    let result = command.result.unwrap();
    assert_eq!(explained["query"], result["query"]);
    assert_eq!(explained["decision"]["verdict"], result["verdict"]);
    let listings = explained["listings"].as_array().unwrap();
    assert_eq!(json!(listings.len()), result["listings"]);
    assert!(listings.iter().all(|listing| listing["role"].is_string()), "{listings:#?}");
    shop.server.stop().await;
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_client_has_is_not_sent_again() {
    let database = database().await;
    let shop = Shop::new(&database).await;
    for path in ["/v1/cards", "/v1/cards/exu-1-NORMAL", "/v1/prices"] {
        let get = || shop.server.anonymous(Method::GET, path).header("x-api-key", &shop.key);
        let first = get().send().await.unwrap();
        let etag = first.headers()["etag"].to_str().unwrap().to_owned();
        for known in [etag.clone(), format!("\"other\", {etag}"), "*".to_owned()] {
            let again = get().header("if-none-match", &known).send().await.unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path} {known}");
            assert_eq!(again.headers()["etag"], etag.as_str());
            assert!(again.bytes().await.unwrap().is_empty());
        }
        shop.owner.batch_execute("update buy_prices set neuf = neuf + 1").await.unwrap();
        let changed = get().header("if-none-match", &etag).send().await.unwrap();
        assert_eq!(changed.status(), StatusCode::OK, "{path}");
    }
    shop.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_active_key_and_the_service_token_may_read() {
    let database = database().await;
    let shop = Shop::new(&database).await;
    let server = &shop.server;
    for path in ["/v1/cards", "/v1/cards/exu-1-NORMAL", "/v1/prices"] {
        assert_eq!(server.get_as(&shop.key, path).await.0, StatusCode::OK, "{path}");
        assert_eq!(server.get(path).await.0, StatusCode::OK, "{path}");
        let none = answer(server.anonymous(Method::GET, path)).await.0;
        assert_eq!(none, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(server.get_as("msp_ak_none", path).await.0, StatusCode::UNAUTHORIZED, "{path}");
        // A wrong token is not forgiven for a right key beside it.
        let wrong = server.anonymous(Method::GET, path).header("x-api-key", &shop.key);
        let wrong = answer(wrong.bearer_auth(format!("{TOKEN}r"))).await.0;
        assert_eq!(wrong, StatusCode::UNAUTHORIZED, "{path}");
        let token = server.anonymous(Method::GET, path).bearer_auth(format!("{TOKEN}r"));
        assert_eq!(answer(token).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    shop.owner.batch_execute("update tenants set is_active = false").await.unwrap();
    assert_eq!(server.get_as(&shop.key, "/v1/cards").await.0, StatusCode::FORBIDDEN);
    shop.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_questions_are_answered_with_what_is_wrong() {
    let database = database().await;
    let shop = Shop::new(&database).await;
    for (path, field) in [
        ("/v1/cards?limit=0", "limit"),
        ("/v1/cards?limit=501", "limit"),
        ("/v1/cards?limit=all", "limit"),
        ("/v1/cards?cursor=7", "cursor"),
        ("/v1/cards?sort=price&cursor=name.7.Abra", "cursor"),
        ("/v1/cards?sort=price&cursor=price.7.Abra", "cursor"),
        ("/v1/cards?sort=staleness&cursor=staleness.7.soon", "cursor"),
        ("/v1/cards?cursor=name.7.%00", "cursor"),
        ("/v1/cards?search=%00", "search"),
        ("/v1/cards?sort=size", "sort"),
        ("/v1/cards?variant=GOLD", "variant"),
        ("/v1/cards?verdict=MAYBE", "verdict"),
        ("/v1/cards?min_price=much", "min_price"),
        ("/v1/cards?min_price=9&max_price=8", "min_price"),
        ("/v1/cards?page=2", "page"),
        ("/v1/cards/exu-1-NORMAL?before=now", "before"),
        ("/v1/prices?since=yesterday", "since"),
        ("/v1/prices?after=Abra", "after"),
        ("/v1/prices?limit=0", "limit"),
    ] {
        let (status, problem) = shop.server.get_as(&shop.key, path).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {problem}");
        assert_eq!(problem["errors"][0]["field"], field, "{path}: {problem}");
    }
    for id in ["0", "9223372036854775808", "exu-9-NORMAL", "%ff", "%00", "exu-1-NORMAL%20"] {
        let (status, problem) = shop.server.get(&format!("/v1/cards/{id}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{id}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(id), "{problem}");
    }
    assert_eq!(shop.get("/v1/prices?since=-008000-01-01T00:00:00Z").await["has_more"], false);
    shop.server.stop().await;
}
