//! `Idempotency-Key`: the same request twice is one command.

use std::collections::HashSet;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::json;
use tests::database;
use uuid::Uuid;

use crate::{Server, answer, id_of};

const DAILY: &str = "/internal/kpi/compute-daily";

fn daily(server: &Server, tenant: Uuid, date: &str, key: &str) -> RequestBuilder {
    let path = format!("{DAILY}?tenant_id={tenant}&date={date}");
    server.request(Method::POST, &path).header("idempotency-key", key)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_names_one_command() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (tenant, _) = server.tenant("Known").await;
    let (status, first) = answer(daily(&server, tenant, "2026-01-24", "a")).await;
    assert_eq!(status, StatusCode::CREATED);
    let again = daily(&server, tenant, "2026-01-24", "a").send().await.unwrap();
    assert_eq!(again.status(), StatusCode::CREATED);
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(again.headers()["location"], first["status_url"].as_str().unwrap());
    assert_eq!(again.json::<serde_json::Value>().await.unwrap(), first);
    let in_body = server
        .request(Method::POST, DAILY)
        .header("idempotency-key", "a")
        .json(&json!({"date": "2026-01-24", "tenant_id": tenant}));
    let (_, in_body) = answer(in_body).await;
    assert_eq!(in_body, first, "what is asked counts, not where it is written");
    let (status, problem) = answer(daily(&server, tenant, "2026-01-25", "a")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(problem["type"], "urn:courtier:problem:idempotency-key-reused");
    let (status, other) = answer(daily(&server, tenant, "2026-01-24", "b")).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_ne!(id_of(&other), id_of(&first), "another key is another command");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_at_the_same_time_share_one_command() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (tenant, _) = server.tenant("Known").await;
    // Four keys, each used by sixteen requests, in both orders.
    let order = (0..32).map(|n| n % 4).chain((0..32).map(|n| 3 - n % 4));
    let requests = order.map(|key| {
        let request = daily(&server, tenant, "2026-01-24", &format!("key-{key}"));
        async move { (key, answer(request).await) }
    });
    let answers = futures::future::join_all(requests).await;
    for wanted in 0..4 {
        let of_key = answers.iter().filter(|(key, _)| *key == wanted);
        let ids: HashSet<Uuid> = of_key
            .map(|(_, (status, receipt))| {
                assert_eq!(*status, StatusCode::CREATED, "{receipt}");
                id_of(receipt)
            })
            .collect();
        assert_eq!(ids.len(), 1);
    }
    let owner = database.owner().await;
    let rows = "select (select count(*) from commands), (select count(*) from outbox)";
    let row = owner.query_one(rows, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (4, 4));
    server.stop().await;
}
