//! Listing, paging, cancelling and retrying commands.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use tests::database;

use crate::{Server, answer, id_of};

fn ids(page: &Value) -> Vec<String> {
    let commands = page["commands"].as_array().unwrap();
    commands.iter().map(|command| command["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_every_command_once_and_newest_first() {
    let database = database().await;
    let server = Server::start(&database).await;
    let mut accepted = Vec::new();
    for _ in 0..7 {
        let (_, receipt) = server.post("/internal/diagnostics/ping").await;
        accepted.insert(0, id_of(&receipt).to_string());
    }
    let mut listed = Vec::new();
    let mut next = Some("/internal/commands?limit=3&from=2020-01-01T00:00:00%2B01:00".to_owned());
    while let Some(path) = next {
        let response = server.request(Method::GET, &path).send().await.unwrap();
        let link = response.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
        let page: Value = response.json().await.unwrap();
        assert!(ids(&page).len() <= 3);
        listed.extend(ids(&page));
        next = page["next"].as_str().map(str::to_owned);
        assert_eq!(link, next.as_ref().map(|next| format!("<{next}>; rel=\"next\"")));
    }
    assert_eq!(listed, accepted);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_the_list() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (one, _) = server.tenant("One").await;
    let (other, _) = server.tenant("Other").await;
    for path in [
        "/internal/diagnostics/ping".to_owned(),
        format!("/internal/ingest/tickets?tenant_id={one}"),
        format!("/internal/ingest/time_entries?tenant_id={one}"),
        format!("/internal/ingest/tickets?tenant_id={other}"),
    ] {
        assert_eq!(server.post(&path).await.0, StatusCode::CREATED);
    }
    for (filter, n_commands) in [
        (String::new(), 4),
        ("?lane=ingest".into(), 3),
        ("?name=ingest.tickets".into(), 2),
        ("?name=ingest.tickets&lane=ingest".into(), 2),
        (format!("?tenant_id={one}"), 2),
        (format!("?tenant_id={other}&name=ingest.time_entries"), 0),
        ("?status=queued".into(), 4),
        ("?status=dead".into(), 0),
        ("?to=2020-01-01T00:00:00Z".into(), 0),
        ("?from=2020-01-01T00:00:00Z".into(), 4),
    ] {
        let (status, page) = server.get(&format!("/internal/commands{filter}")).await;
        assert_eq!(status, StatusCode::OK, "{filter}: {page}");
        assert_eq!(ids(&page).len(), n_commands, "{filter}");
        assert_eq!(page["next"], Value::Null);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_cancelled_and_tried_again() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (_, receipt) = server.post("/internal/diagnostics/ping").await;
    let url = receipt["status_url"].as_str().unwrap().to_owned();
    let order = |verb: &str| answer(server.request(Method::POST, &format!("{url}/{verb}")));
    let (status, problem) = order("retry").await;
    assert_eq!(status, StatusCode::CONFLICT, "it is queued: {problem}");
    let (status, command) = order("cancel").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(command["status"], "cancelled");
    let (status, problem) = order("cancel").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(problem["detail"].as_str().unwrap().contains("cancelled"), "{problem}");
    let (status, command) = order("retry").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(command["status"], "queued");
    let missing = format!("/internal/commands/{}/cancel", uuid::Uuid::now_v7());
    assert_eq!(server.post(&missing).await.0, StatusCode::NOT_FOUND);
    let owner = database.owner().await;
    let log = "select string_agg(action, ' ' order by id) from audit_log where resource = $1";
    let log = owner.query_one(log, &[&id_of(&receipt).to_string()]).await.unwrap();
    assert_eq!(log.get::<_, String>(0), "command.cancel command.retry");
    server.stop().await;
}
