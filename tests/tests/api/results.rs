//! Figures and exports: each key shows its own tenant's, and nothing else opens them.

use std::path::Path;

use jiff::civil::{Date, date};
use msp::kpi::Period;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{Store, Tenant};
use tests::database;
use uuid::Uuid;

use crate::{Options, Server};

/// Writes computed days behind the API's back, each with as many tickets created as said.
async fn put_days(store: &Store, tenant_id: Uuid, days: &[(Date, i64)]) {
    let mut client = store.client().await.unwrap();
    for (date, tickets_created) in days {
        let period = Period::new(*date, *date).unwrap();
        store::kpi_daily::compute(&mut client, tenant_id, period).await.unwrap();
        let tenant = Tenant::begin(&mut client, tenant_id).await.unwrap();
        let figure = "update kpi_daily set tickets_created = $2 where kpi_date = $1";
        assert_eq!(tenant.execute(figure, &[date, tickets_created]).await.unwrap(), 1);
        tenant.commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_those_of_the_keys_tenant() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (one, key_of_one) = server.tenant("One").await;
    let (other, key_of_other) = server.tenant("Other").await;
    let (saturday, sunday) = (date(2026, 1, 24), date(2026, 1, 25));
    put_days(&server.store, one, &[(saturday, 7), (sunday, 8)]).await;
    put_days(&server.store, other, &[(saturday, 9)]).await;

    let day = "/v1/kpis/daily?date=2026-01-24";
    let (status, kpis) = server.get_as(&key_of_one, day).await;
    assert_eq!(status, StatusCode::OK, "{kpis}");
    assert_eq!(kpis["tenant_id"], one.to_string());
    assert_eq!(kpis["date"], "2026-01-24");
    assert_eq!(kpis["kpis"]["ticket_trends"]["tickets_created"], 7);
    assert!(kpis["kpis"]["time_consumption"]["total_minutes"].is_number());
    assert!(kpis["kpis"]["tech_efficiency"]["avg_resolution_minutes"].is_null());
    let (_, kpis) = server.get_as(&key_of_other, day).await;
    assert_eq!(kpis["kpis"]["ticket_trends"]["tickets_created"], 9);

    let range = "/v1/kpis/daily?from=2026-01-01&to=2026-01-31";
    let (_, days) = server.get_as(&key_of_one, range).await;
    assert_eq!(days["days"].as_array().unwrap().len(), 2);
    let (_, days) = server.get_as(&key_of_other, range).await;
    assert_eq!(days["days"].as_array().unwrap().len(), 1);
    assert!(!days.to_string().contains(&one.to_string()));

    // The tenant is never a parameter.
    let (status, problem) = server.get_as(&key_of_other, &format!("{day}&tenant_id={one}")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["errors"][0]["field"], "tenant_id");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_are_checked_and_missing_days_are_not_found() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (_, key) = server.tenant("One").await;
    for (query, field) in [
        ("", "date"),
        ("?date=24.01.2026", "date"),
        ("?date=2026-01-24&from=2026-01-24", "date"),
        ("?from=2026-01-24", "to"),
        ("?to=2026-01-24", "from"),
        ("?from=2026-01-24&to=2026-01-23", "from"),
        ("?from=1970-01-01&to=2026-01-23", "from"),
        ("?day=2026-01-24", "day"),
    ] {
        let (status, problem) = server.get_as(&key, &format!("/v1/kpis/daily{query}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {problem}");
        assert_eq!(problem["errors"][0]["field"], field, "{query}: {problem}");
    }
    let (status, problem) = server.get_as(&key, "/v1/kpis/daily?date=2026-01-24").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(problem["detail"].as_str().unwrap().contains("2026-01-24"), "{problem}");
    server.stop().await;
}

/// Publishes one file for a tenant, as an export leaves it.
fn publish(root: &Path, tenant: Uuid, text: &str) {
    let name = "fact_ticket_2026-01-24.csv";
    let folder = root.join(tenant.to_string()).join("fact_ticket");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), text).unwrap();
    std::fs::write(folder.join("fact_ticket_secret.csv"), "not in the manifest").unwrap();
    let sha256 = format!("{:x}", Sha256::digest(text));
    let manifest = json!({
        "schema_version": 1,
        "tenant_id": tenant,
        "run_id": Uuid::now_v7(),
        "previous_run": null,
        "generated_at": "2026-01-25T00:00:00Z",
        "watermark": null,
        "timezone": "Europe/Paris",
        "tables": [],
        "files": [{
            "path": format!("fact_ticket/{name}"),
            "table": "fact_ticket",
            "day": "2026-01-24",
            "rows": 1,
            "bytes": text.len(),
            "sha256": sha256,
        }],
    });
    let folder = root.join(".manifests").join(tenant.to_string());
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
}

/// Downloads a file in parts, and asks for parts that there are not.
async fn assert_resumable(request: &RequestBuilder, whole: &[u8]) {
    let ask = |range: String| request.try_clone().unwrap().header("range", range);
    let mut parts = Vec::new();
    while parts.len() < whole.len() {
        let range = format!("bytes={}-{}", parts.len(), parts.len() + 70_000);
        let part = ask(range).header("accept-encoding", "gzip").send().await.unwrap();
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        assert!(!part.headers().contains_key("content-encoding"), "bytes stay as they are");
        let range = part.headers()["content-range"].to_str().unwrap();
        assert!(range.starts_with(&format!("bytes {}-", parts.len())), "{range}");
        assert!(range.ends_with(&format!("/{}", whole.len())), "{range}");
        parts.extend_from_slice(&part.bytes().await.unwrap());
    }
    assert!(parts == whole, "the parts are the file");
    let other = ask("bytes=3-".into()).header("if-range", "\"another\"").send().await.unwrap();
    assert_eq!(other.status(), StatusCode::OK, "another version is sent whole");
    assert_eq!(other.headers()["accept-ranges"], "bytes");
    let behind = ask(format!("bytes={}-", whole.len())).send().await.unwrap();
    assert_eq!(behind.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(behind.headers()["content-range"], format!("bytes */{}", whole.len()));
    let problem: Value = behind.json().await.unwrap();
    assert_eq!(problem["type"], "urn:courtier:problem:range-not-satisfiable");
}

#[tokio::test(flavor = "multi_thread")]
async fn export_files_are_those_of_the_keys_tenant() {
    let root = tempfile::tempdir().unwrap();
    let database = database().await;
    let options = Options { exports: root.path().into(), ..Options::default() };
    let server = Server::with(&database, options).await;
    let (one, key_of_one) = server.tenant("One").await;
    let (_, key_of_other) = server.tenant("Other").await;
    let text = "\u{feff}id\r\n".to_owned() + &"é1\r\n".repeat(100_000);
    publish(root.path(), one, &text);

    let (status, list) = server.get_as(&key_of_one, "/v1/exports").await;
    assert_eq!(status, StatusCode::OK, "{list}");
    let file = &list["files"][0];
    assert_eq!(file["rows"], 1);
    let url = file["url"].as_str().unwrap();
    let get = |key: &str| server.anonymous(Method::GET, url).header("x-api-key", key);
    let download = get(&key_of_one).send().await.unwrap();
    assert_eq!(download.status(), StatusCode::OK);
    assert_eq!(download.headers()["content-type"], "text/csv; charset=utf-8");
    let etag = download.headers()["etag"].clone();
    assert_eq!(download.bytes().await.unwrap(), text.as_bytes());
    let again = get(&key_of_one).header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);

    assert_resumable(&get(&key_of_one), text.as_bytes()).await;

    let (_, list) = server.get_as(&key_of_other, "/v1/exports").await;
    assert_eq!(list["files"], json!([]));
    assert_eq!(server.get_as(&key_of_other, url).await.0, StatusCode::NOT_FOUND);
    for path in [
        "fact_ticket_secret.csv",
        "..%2ffact_ticket_2026-01-24.csv",
        "..%5cmanifest.json",
        "manifest.json",
        "%00",
    ] {
        let (status, _): (_, Value) =
            server.get_as(&key_of_one, &format!("/v1/exports/{path}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    server.stop().await;
}
