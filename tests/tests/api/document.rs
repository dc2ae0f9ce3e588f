//! The OpenAPI document against the router.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use serde_json::Value;
use tests::database;

use crate::Server;

/// Paths of the document, with values for their placeholders, and their methods.
async fn documented(server: &Server) -> BTreeMap<String, Vec<String>> {
    let (status, document) = server.get("/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    let methods = |operations: &Value| {
        let operations = operations.as_object().unwrap();
        operations.keys().map(|method| method.to_uppercase()).collect()
    };
    paths.iter().map(|(path, operations)| (path.clone(), methods(operations))).collect()
}

fn filled(path: &str) -> String {
    let file = if path.starts_with("/docs") { "swagger-ui.css" } else { "fact_ticket.csv" };
    path.replace("{id}", "0197a1b2-0000-7000-8000-000000000000")
        .replace("{file}", file)
        .replace("{set}", "fact_ticket")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_operation_is_served_and_no_other() {
    let database = database().await;
    let server = Server::start(&database).await;
    let documented = documented(&server).await;
    for (path, methods) in &documented {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            // Without a credential: a route that wants one exists all the same.
            let request = server.anonymous(method.parse::<Method>().unwrap(), &filled(path));
            let status = request.send().await.unwrap().status();
            if methods.iter().any(|documented| documented == method) {
                let missing = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED];
                assert!(!missing.contains(&status), "{method} {path}: {status}");
            } else {
                assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            }
        }
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_users_rely_on_is_documented() {
    let database = database().await;
    let server = Server::start(&database).await;
    let documented = documented(&server).await;
    let commands = commands::ALL
        .iter()
        .map(|command| (format!("/internal/{}", command.name.replace('.', "/")), "POST"));
    let others = [
        ("/health", "GET"),
        ("/health/live", "GET"),
        ("/health/ready", "GET"),
        ("/metrics", "GET"),
        ("/openapi.json", "GET"),
        ("/docs", "GET"),
        ("/internal/tenants", "GET"),
        ("/internal/commands", "GET"),
        ("/internal/commands/{id}", "GET"),
        ("/internal/commands/{id}/cancel", "POST"),
        ("/internal/commands/{id}/retry", "POST"),
        ("/internal/batches", "GET"),
        ("/internal/batches/{id}", "GET"),
        ("/internal/quota", "GET"),
        ("/internal/settings", "GET"),
        ("/internal/settings", "POST"),
        ("/v1/auth/token", "POST"),
        ("/v1/kpis/daily", "GET"),
        ("/v1/kpis/revisions", "GET"),
        ("/v1/kpis/explain", "GET"),
        ("/v1/kpis/breakdown", "GET"),
        ("/v1/tickets", "GET"),
        ("/v1/time-entries", "GET"),
        ("/v1/exports", "GET"),
        ("/v1/exports/{file}", "GET"),
        ("/v1/odata", "GET"),
        ("/v1/odata/$metadata", "GET"),
        ("/v1/odata/{set}", "GET"),
        ("/v1/odata/{set}/$count", "GET"),
        ("/v1/cards", "GET"),
        ("/v1/cards/{id}", "GET"),
        ("/v1/cards/{id}/explain", "GET"),
        ("/v1/prices", "GET"),
    ];
    for (path, method) in commands.chain(others.map(|(path, method)| (path.to_owned(), method))) {
        let methods = documented.get(&path);
        assert!(methods.is_some_and(|methods| methods.iter().any(|m| m == method)), "{path}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_described_and_has_an_example() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (_, document) = server.get("/openapi.json").await;
    let tags: Vec<&Value> =
        document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for operation in operations.as_object().unwrap().values() {
            assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 10), "{path}");
            assert!(tags.contains(&&operation["tags"][0]), "{path}: {}", operation["tags"]);
            for parameter in operation["parameters"].as_array().unwrap() {
                let is_told = parameter["description"].as_str().is_some_and(|text| text.len() > 4);
                assert!(is_told && !parameter["example"].is_null(), "{path}: {parameter}");
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                let json = &response["content"]["application/json"];
                assert!(json.is_null() || json.get("example").is_some(), "{path}: {status}");
            }
            for status in ["500", "default"] {
                assert!(operation["responses"].get(status).is_some(), "{path} without {status}");
            }
        }
    }
    let responses = document["components"]["responses"].to_string();
    for problem in [
        "malformed-request",
        "unauthorized",
        "forbidden",
        "not-found",
        "conflict",
        "body-too-large",
        "unsupported-media-type",
        "range-not-satisfiable",
        "invalid-parameters",
        "idempotency-key-reused",
        "rate-limited",
        "internal-error",
        "overloaded",
        "database-unavailable",
        "timed-out",
    ] {
        assert!(responses.contains(&format!("urn:courtier:problem:{problem}")), "{problem}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reference_leads_somewhere() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (_, document) = server.get("/openapi.json").await;
    let mut open = vec![&document];
    let mut n_references = 0;
    while let Some(value) = open.pop() {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
            n_references += 1;
        }
        match value {
            Value::Object(fields) => open.extend(fields.values()),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    assert!(n_references > 10, "{n_references}");
    let daily = &document["paths"]["/internal/kpi/compute-daily"]["post"];
    let names: Vec<&str> = daily["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| parameter["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"tenant_id") && names.contains(&"date"), "{names:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_of_requests_and_answers_are_told() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (_, document) = server.get("/openapi.json").await;
    let operation = |path: &str, method: &str| document["paths"][path][method].clone();
    for (path, method, status, wanted) in [
        ("/v1/exports/{file}", "get", "200", &["Accept-Ranges", "Content-Disposition"][..]),
        ("/v1/exports/{file}", "get", "206", &["Content-Range", "Content-Disposition"]),
        ("/v1/odata/{set}", "get", "200", &["OData-Version"]),
        ("/internal/kpi/compute-daily", "post", "201", &["Location", "Idempotent-Replayed"]),
        ("/internal/kpi/compute-daily", "post", "200", &["Preference-Applied"]),
    ] {
        let headers = &operation(path, method)["responses"][status]["headers"];
        for name in wanted {
            assert!(headers.get(name).is_some(), "{path} {status} without {name}: {headers}");
        }
    }
    let part = &operation("/v1/exports/{file}", "get")["responses"]["206"]["content"];
    for kind in ["text/csv", "application/vnd.apache.parquet"] {
        assert!(part.get(kind).is_some(), "{part}");
    }
    for (path, method, wanted) in [
        ("/v1/odata/{set}", "get", &["Prefer", "OData-MaxVersion", "Accept-Language"][..]),
        ("/v1/odata/{set}/$count", "get", &["OData-MaxVersion"]),
        ("/internal/kpi/compute-daily", "post", &["Prefer", "Idempotency-Key", "Accept-Language"]),
    ] {
        let parameters = operation(path, method)["parameters"].clone();
        let of_headers = parameters.as_array().unwrap().iter().filter(|it| it["in"] == "header");
        let names: Vec<&str> = of_headers.map(|it| it["name"].as_str().unwrap()).collect();
        assert!(wanted.iter().all(|name| names.contains(name)), "{path}: {names:?}");
    }
    server.stop().await;
}
