//! `callback_url`: taken from its place, shown without its key, refused in every disguise.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::database;

use crate::{Hosts, Options, Server, answer, id_of};

const PING: &str = "/internal/diagnostics/ping";

fn options() -> Options {
    let hosts = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    let callback_hosts =
        Hosts { allowed: hosts(&["hooks.example.com"]), private: hosts(&["n8n:5678"]) };
    Options { callback_hosts, ..Options::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_kept_with_its_key_and_shown_without() {
    let database = database().await;
    let server = Server::with(&database, options()).await;
    let url = "http://n8n:5678/webhook-waiting/14?signature=key";
    let in_body = server.request(Method::POST, PING).json(&json!({ "callback_url": url }));
    let (status, accepted) = answer(in_body).await;
    assert_eq!(status, StatusCode::CREATED, "{accepted}");
    let id = id_of(&accepted);
    let (_, shown) = server.get(&format!("/internal/commands/{id}")).await;
    let callback = json!({"url": "http://n8n:5678/webhook-waiting/14", "delivery_url": null});
    assert_eq!(shown["callback"], callback);
    assert_eq!(shown["payload"], json!({}));
    let client = server.store.client().await.unwrap();
    let row = store::commands::get(&client, id).await.unwrap().unwrap();
    assert_eq!(row.callback_url.as_deref(), Some(url));
    drop(client);

    let cancel = server.request(Method::POST, &format!("/internal/commands/{id}/cancel"));
    let (_, cancelled) = answer(cancel).await;
    let delivery = cancelled["callback"]["delivery_url"].as_str().unwrap();
    let (_, delivery) = server.get(delivery).await;
    assert_eq!(delivery["name"], "callbacks.deliver");
    assert_eq!(delivery["payload"], json!({ "command_id": id }));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_part_of_the_request() {
    let database = database().await;
    let server = Server::with(&database, options()).await;
    let ping = |url: &str| {
        let body = json!({ "callback_url": url });
        server.request(Method::POST, PING).header("idempotency-key", "a").json(&body)
    };
    let (_, first) = answer(ping("http://n8n:5678/1")).await;
    let (_, same) = answer(ping("http://n8n:5678/1")).await;
    assert_eq!(first["id"], same["id"]);
    let (status, _) = answer(ping("http://n8n:5678/2")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let in_query = "/internal/diagnostics/ping?callback_url=https://hooks.example.com/done";
    let (status, _) = server.post(in_query).await;
    assert_eq!(status, StatusCode::CREATED);
    server.stop().await;
}

/// Addresses that lead inside, or pretend to be others. Two hosts are listed: none of these is one.
const REFUSED: &[&str] = &[
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.0.1.nip.io/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://017700000001/",
    "http://0177.0.0.01/",
    "http://0/",
    "http://0.0.0.0:5678/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://100.100.100.200/",
    "http://192.0.0.192/opc/v2/",
    "http://metadata.google.internal/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://hooks.example.com/",
    "https://hooks.example.com:22/",
    "https://hooks.example.com./",
    "https://hooks.example.com@127.0.0.1/",
    "https://127.0.0.1#@hooks.example.com/",
    "https://127.0.0.1?@hooks.example.com/",
    "https://127.0.0.1\\@hooks.example.com/",
    "https://user:password@hooks.example.com/",
    "https://hooks.example.com.evil.net/",
    "https://hooks.example.com%00.evil.net/",
    "https://hooks%2Eexample.com/",
    "https://hooks。example.com/",
    "https://ｈooks.example.com/",
    "https://hooks.example.com\t/",
    "https://hooks.example.com/\r\nHost: evil.net",
    "https:hooks.example.com/",
    "https:///hooks.example.com/",
    "http://①②⑦.⓪.⓪.①/",
    "http://１２７.0.0.1/",
    "http://n8n:5679/",
    "http://n8n:05678/",
    "http://n8n.:5678/",
    "http://n8n/",
    "http://postgres:5432/",
    "ftp://n8n:5678/",
    "file:///etc/passwd",
    "gopher://n8n:5678/_POST",
    "javascript:alert(1)",
    "//n8n:5678/",
    "n8n:5678",
    "",
];

#[tokio::test(flavor = "multi_thread")]
async fn private_and_disguised_addresses_are_refused() {
    let database = database().await;
    let server = Server::with(&database, options()).await;
    for url in REFUSED {
        let body = json!({ "callback_url": url });
        let (status, problem) = answer(server.request(Method::POST, PING).json(&body)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{url}: {problem}");
        assert_eq!(problem["errors"][0]["field"], "callback_url", "{url}: {problem}");
    }
    for value in [json!(7), json!(["http://n8n:5678/"]), json!({})] {
        let body = json!({ "callback_url": value });
        let (status, problem) = answer(server.request(Method::POST, PING).json(&body)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{value}: {problem}");
    }
    let owner = database.owner().await;
    let stored = owner.query_one("select count(*) from commands", &[]).await.unwrap();
    assert_eq!(stored.get::<_, i64>(0), 0);
    drop(owner);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nowhere_is_allowed_until_somebody_says_where() {
    let database = database().await;
    let server = Server::start(&database).await;
    let body = json!({ "callback_url": "https://hooks.example.com/" });
    let (status, problem) = answer(server.request(Method::POST, PING).json(&body)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let detail: &Value = &problem["errors"][0]["detail"];
    assert!(detail.as_str().unwrap().contains("CALLBACK_ALLOWED_HOSTS"), "{detail}");
    server.stop().await;
}
