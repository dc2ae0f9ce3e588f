//! Every mistake is a problem that names what is wrong.

use reqwest::{Method, StatusCode};
use tests::database;
use uuid::Uuid;

use crate::{Server, answer};

#[tokio::test(flavor = "multi_thread")]
async fn wrong_parameters_are_named() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (tenant, _) = server.tenant("Known").await;
    let stranger = Uuid::now_v7();
    let retired = Uuid::now_v7();
    server.put_tenant(retired, "Retired", false).await;
    for (path, field) in [
        ("/internal/ingest/tickets".to_owned(), "tenant_id"),
        ("/internal/ingest/tickets?tenant_id=cca".to_owned(), "tenant_id"),
        (format!("/internal/ingest/tickets?tenant_id={stranger}"), "tenant_id"),
        (format!("/internal/ingest/tickets?tenant_id={retired}"), "tenant_id"),
        (format!("/internal/ingest/tickets?tenant_id={tenant}&speed=9"), "speed"),
        (format!("/internal/kpi/compute-daily?tenant_id={tenant}"), "date"),
        (format!("/internal/kpi/compute-daily?tenant_id={tenant}&date=yesterday"), "date"),
        (format!("/internal/kpi/compute-daily?tenant_id={tenant}&date=2026-02-30"), "date"),
        (format!("/internal/kpi/compute-daily?tenant_id={tenant}&date=0026-01-24"), "date"),
        (format!("/internal/ingest/tickets?tenant_id={tenant}&wait=long"), "wait"),
    ] {
        let (status, problem) = server.post(&path).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {problem}");
        assert_eq!(problem["errors"][0]["field"], field, "{path}: {problem}");
        assert!(problem["detail"].as_str().unwrap().starts_with(field), "{problem}");
    }
    assert_eq!(accepted(&server).await, 0, "nothing of it was accepted");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_bodies_say_why() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (tenant, _) = server.tenant("Known").await;
    let path = format!("/internal/ingest/tickets?tenant_id={tenant}");
    let large = " ".repeat(17 * 1024 * 1024);
    let json = "application/json";
    for (content_type, body, status, word) in [
        (json, "{\"tenant_id\":", StatusCode::BAD_REQUEST, "JSON"),
        (json, "[]", StatusCode::BAD_REQUEST, "object"),
        ("text/csv", "a,b", StatusCode::UNSUPPORTED_MEDIA_TYPE, "text/csv"),
        (json, &large, StatusCode::PAYLOAD_TOO_LARGE, "262144"),
        (json, "{\"tenant_id\": 7}", StatusCode::UNPROCESSABLE_ENTITY, "tenant_id"),
        (json, "{\"date\": {}}", StatusCode::UNPROCESSABLE_ENTITY, "date"),
    ] {
        let request = server.request(Method::POST, &path).header("content-type", content_type);
        let (given, problem) = answer(request.body(body.to_owned())).await;
        assert_eq!(given, status, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(word), "{problem}");
        assert!(problem["request_id"].is_string(), "{problem}");
    }
    assert_eq!(accepted(&server).await, 0, "nothing of it was accepted");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_does_not_exist_is_not_found() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (status, _) = server.post("/internal/ingest/nothing").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, problem) = server.get(&format!("/internal/commands/{}", Uuid::now_v7())).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(problem["detail"].as_str().unwrap().contains("no command"), "{problem}");
    let (status, problem) = server.get("/internal/ingest/tickets").await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(problem["detail"].as_str().unwrap().contains("POST"), "{problem}");
    server.stop().await;
}

async fn accepted(server: &Server) -> usize {
    let (status, page) = server.get("/internal/commands").await;
    assert_eq!(status, StatusCode::OK);
    page["commands"].as_array().unwrap().len()
}
