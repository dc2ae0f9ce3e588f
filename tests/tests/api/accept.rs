//! What an answer of 201 promises.

use reqwest::{Method, StatusCode};
use tests::database;
use uuid::Uuid;

use crate::{Server, answer, id_of};

const PING: &str = "/internal/diagnostics/ping";
const POISON: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_command_is_on_disk_with_its_outbox_entry() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (tenant, _) = server.tenant("Known").await;
    let path = format!("/internal/kpi/compute-daily?tenant_id={tenant}&date=2026-01-24");
    let response = server.request(Method::POST, &path).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let receipt: serde_json::Value = response.json().await.unwrap();
    let id = id_of(&receipt);
    assert_eq!(location, format!("/internal/commands/{id}"));
    assert_eq!(receipt["status_url"], location);
    assert_eq!(receipt["name"], "kpi.compute-daily");
    assert_eq!(receipt["status"], "queued");
    let owner = database.owner().await;
    let entries = "select count(*) from outbox join commands on id = command_id where id = $1";
    assert_eq!(owner.query_one(entries, &[&id]).await.unwrap().get::<_, i64>(0), 1);
    let (status, command) = server.get(&location).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(command["tenant_id"], tenant.to_string());
    assert_eq!(command["payload"]["date"], "2026-01-24");
    assert_eq!(command["attempts"], serde_json::json!([]));
    server.stop().await;
}

/// n8n sends its parameters in the query, and no body or a body with others.
#[tokio::test(flavor = "multi_thread")]
async fn parameters_may_stand_in_the_query_or_the_body() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (tenant, _) = server.tenant("Known").await;
    let path = "/internal/kpi/compute-daily";
    let split = server
        .request(Method::POST, &format!("{path}?tenant_id={tenant}"))
        .json(&serde_json::json!({"date": "2026-01-24"}));
    let body = server
        .request(Method::POST, path)
        .json(&serde_json::json!({"tenant_id": tenant, "date": "2026-01-24"}));
    for request in [split, body] {
        let (status, receipt) = answer(request).await;
        assert_eq!(status, StatusCode::CREATED, "{receipt}");
        let (_, command) = server.get(receipt["status_url"].as_str().unwrap()).await;
        assert_eq!(command["payload"]["date"], "2026-01-24");
    }
    let (status, problem) = answer(
        server
            .request(Method::POST, &format!("{path}?tenant_id={tenant}&date=2026-01-25"))
            .json(&serde_json::json!({"date": "2026-01-24"})),
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["errors"][0]["field"], "date", "one day cannot be two: {problem}");
    server.stop().await;
}

/// One row that PostgreSQL refuses must not spoil the batch it travels in.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_culprit_of_a_batch_is_refused() {
    let database = database().await;
    let server = Server::start(&database).await;
    let mut owner = database.owner().await;
    let refuse = format!(
        "alter table commands add constraint no_poison check (traceparent is distinct from '{POISON}')"
    );
    owner.batch_execute(&refuse).await.unwrap();
    // While the table is locked, requests pile up and share batches.
    let lock = owner.transaction().await.unwrap();
    lock.batch_execute("lock table commands").await.unwrap();
    let ping = || server.request(Method::POST, PING);
    let innocents = (0..64).map(|_| answer(ping()));
    let innocents = futures::future::join_all(innocents);
    let culprit = answer(ping().header("traceparent", POISON));
    let release = async {
        let waiting = "select count(*) = 1 from pg_locks join pg_database d on d.oid = database
                       where datname = current_database() and not granted";
        while !lock.query_one(waiting, &[]).await.unwrap().get::<_, bool>(0) {}
        // By the time these are answered, the requests sent before them wait in the queue.
        for _ in 0..8 {
            assert_eq!(server.get("/health").await.0, StatusCode::OK);
        }
        lock.commit().await.unwrap();
    };
    let (innocents, (status, problem), ()) = tokio::join!(innocents, culprit, release);
    assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
    let ids: Vec<Uuid> = innocents
        .iter()
        .map(|(status, receipt)| {
            assert_eq!(*status, StatusCode::CREATED, "{receipt}");
            id_of(receipt)
        })
        .collect();
    let kept = "select count(*) from commands where id = any($1)";
    let client = database.owner().await;
    assert_eq!(client.query_one(kept, &[&ids]).await.unwrap().get::<_, i64>(0), 64);
    server.stop().await;
}

/// A load balancer may send requests to an API whose worker or broker is away.
#[tokio::test(flavor = "multi_thread")]
async fn it_is_ready_without_a_worker() {
    let database = database().await;
    let server = Server::start(&database).await;
    let ready = answer(server.anonymous(Method::GET, "/health/ready")).await;
    assert_eq!(ready.0, StatusCode::OK, "{}", ready.1);
    assert_eq!(ready.1["status"], "ready");
    for check in ["broker", "database", "migrations", "outbox"] {
        assert_eq!(ready.1["checks"][check]["ok"], true, "{}", ready.1);
    }
    let (_, health) = answer(server.anonymous(Method::GET, "/health")).await;
    assert_eq!(health["status"], "ok");
    assert_eq!(health["mock_mode"], true);
    assert!(health["version"].is_string());
    server.stop().await;
}
