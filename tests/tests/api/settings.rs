//! Settings over HTTP: all or nothing, with a line in the audit log.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::database;

use crate::{Server, answer};

const PATH: &str = "/internal/settings";

async fn post(server: &Server, body: &Value) -> (StatusCode, Value) {
    answer(server.request(Method::POST, PATH).json(body)).await
}

/// The values by their keys.
async fn values(server: &Server) -> Vec<(String, String)> {
    let (status, settings) = server.get(PATH).await;
    assert_eq!(status, StatusCode::OK, "{settings}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let settings = settings.as_array().unwrap();
    settings.iter().map(|setting| (text(&setting["key"]), text(&setting["value"]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_change_together_and_are_noted() {
    let database = database().await;
    let server = Server::start(&database).await;
    let wanted = json!({
        "daily_api_limit": 200,
        "batch_enabled": false,
        "batch_hour": "3",
        "low_value_threshold": 7.5,
        "pricing": {"rule": "classic"},
    });
    let (status, answer) = post(&server, &wanted).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let changed: Vec<&str> = answer["changed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["key"].as_str().unwrap())
        .collect();
    assert_eq!(changed, ["batch_enabled", "daily_api_limit", "low_value_threshold", "pricing"]);
    let values = values(&server).await;
    for (key, value) in [
        ("daily_api_limit", "200"),
        ("batch_enabled", "false"),
        ("batch_hour", "3"),
        ("low_value_threshold", "7.5"),
        ("pricing", r#"{"rule":"classic"}"#),
        ("max_error_retries", "3"),
    ] {
        assert!(values.contains(&(key.to_owned(), value.to_owned())), "{key}: {values:?}");
    }
    let (status, answer) = server.post(&format!("{PATH}?daily_api_limit=300")).await;
    assert_eq!((status, &answer["changed"][0]["before"]), (StatusCode::OK, &json!("200")));

    let owner = database.owner().await;
    let lines = "select array(select actor || ' ' || resource from audit_log
                              where action = 'settings.set' order by resource)";
    let lines: Vec<String> = owner.query_one(lines, &[]).await.unwrap().get(0);
    let noted: Vec<_> = lines.iter().filter(|line| line.ends_with("daily_api_limit")).collect();
    assert_eq!(noted, ["service-token daily_api_limit"; 2]);
    assert_eq!(lines.len(), 5);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_change_names_every_field_and_changes_nothing() {
    let database = database().await;
    let server = Server::start(&database).await;
    let before = values(&server).await;
    let wanted = json!({
        "daily_api_limit": -1,
        "batch_hour": 4,
        "batch_timezone": null,
        "colour": "red",
        "pricing": {"rule": "best"},
    });
    let (status, problem) = post(&server, &wanted).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    let errors = problem["errors"].as_array().unwrap();
    let mut fields: Vec<_> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["batch_timezone", "colour", "daily_api_limit", "pricing"]);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("a whole number from 0 to 1000000"), "{detail}");
    assert_eq!(values(&server).await, before);

    let (_, key) = server.tenant("Known").await;
    for (request, status) in [
        (server.anonymous(Method::POST, PATH), StatusCode::UNAUTHORIZED),
        (server.anonymous(Method::GET, PATH).header("x-api-key", &key), StatusCode::UNAUTHORIZED),
        (server.anonymous(Method::POST, PATH).bearer_auth(&key), StatusCode::FORBIDDEN),
    ] {
        assert_eq!(answer(request.json(&json!({"batch_hour": 4}))).await.0, status);
    }
    assert_eq!(values(&server).await, before);
    let owner = database.owner().await;
    let lines = "select count(*) from audit_log where action = 'settings.set'";
    assert_eq!(owner.query_one(lines, &[]).await.unwrap().get::<_, i64>(0), 0);
    server.stop().await;
}
