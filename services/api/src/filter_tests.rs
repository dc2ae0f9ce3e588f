//! The routes as one filter, without a server and without a database.

use std::sync::Arc;

use http::StatusCode;
use serde_json::Value;
use settings::SecretString;
use settings::callbacks::Hosts;
use tokio_util::sync::CancellationToken;
use vital::Vital;
use warp::filters::BoxedFilter;
use warp::http::Response;
use warp::reply::Response as Reply;

use crate::state::Api;
use crate::{Config, router, routes};

const TOKEN: &str = "Bearer correct horse battery staple";
const PING: &str = "/internal/diagnostics/ping";

/// All routes, before a database that is not there.
async fn routes() -> BoxedFilter<(Reply,)> {
    let store = store::Store::new(&store::Config {
        url: "postgres://nobody@127.0.0.1:1/nothing".into(),
        role: store::Role::Api,
        pool_size: 1,
    });
    let config = Config {
        listener: tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap(),
        store: store.unwrap(),
        settings: settings::api::Api {
            listen: "127.0.0.1:0".parse().unwrap(),
            service_token: SecretString::from("correct horse battery staple"),
            previous_service_token: None,
            rate_limit_per_minute: 100,
            service_rate_limit_per_minute: 0,
            trusted_proxies: Vec::new(),
            allowed_origins: Vec::new(),
            api_keys: settings::api_keys::ApiKeys { pepper: "a pepper".to_owned().into() },
            tokens: settings::tokens::Tokens {
                secret: "a secret".to_owned().into(),
                previous_secret: None,
                lifetime: std::time::Duration::from_mins(15),
            },
            callback_hosts: Hosts::default(),
        },
        exports: std::path::PathBuf::new(),
        mock_mode: true,
        broker: None,
        metrics: Arc::new(String::new),
    };
    let routes = routes::all();
    let stopping = CancellationToken::new();
    let api = Api::start(&config, &routes, stopping.clone(), &Vital::new(stopping));
    router::filter(&api, &routes)
}

fn problem(response: &Response<bytes::Bytes>) -> Value {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(problem["status"], response.status().as_u16());
    assert!(problem["title"].is_string() && problem["detail"].is_string(), "{problem}");
    problem
}

#[tokio::test]
async fn a_wrong_path_is_not_found_for_everybody() {
    let routes = routes().await;
    for path in ["/", "/nowhere", "/internal", "/internal/ingest", "/internal/no/such", "/v1/none"]
    {
        for request in [warp::test::request(), warp::test::request().header("authorization", TOKEN)]
        {
            let response = request.method("POST").path(path).reply(&routes).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(problem(&response)["type"], "urn:courtier:problem:not-found");
        }
    }
}

#[tokio::test]
async fn a_wrong_method_names_the_right_ones() {
    let routes = routes().await;
    for (method, path, allow) in [
        ("GET", PING, "OPTIONS, POST"),
        ("PUT", PING, "OPTIONS, POST"),
        ("DELETE", "/internal/commands/1", "OPTIONS, GET, HEAD"),
        ("POST", "/internal/commands/1", "OPTIONS, GET, HEAD"),
        ("GET", "/internal/commands/1/cancel", "OPTIONS, POST"),
        ("PATCH", "/health", "OPTIONS, GET, HEAD"),
        ("PUT", "/internal/settings", "OPTIONS, GET, HEAD, POST"),
        ("POST", "/v1/cards/1/explain", "OPTIONS, GET, HEAD"),
    ] {
        let response = warp::test::request().method(method).path(path).reply(&routes).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert_eq!(response.headers()["allow"], allow, "{method} {path}");
        problem(&response);
        let options = warp::test::request().method("OPTIONS").path(path).reply(&routes).await;
        assert_eq!(options.status(), StatusCode::NO_CONTENT, "{path}");
        assert_eq!(options.headers()["allow"], allow, "{path}");
    }
}

#[tokio::test]
async fn the_feed_tells_errors_as_odata_does() {
    let routes = routes().await;
    for (method, path, status, code) in [
        ("PUT", "/v1/odata/fact_ticket", StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"),
        ("POST", "/v1/odata/$batch", StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"),
        ("GET", "/v1/odata", StatusCode::UNAUTHORIZED, "unauthorized"),
        ("GET", "/v1/odata/$metadata", StatusCode::UNAUTHORIZED, "unauthorized"),
        ("GET", "/v1/odata/fact_ticket/$count", StatusCode::UNAUTHORIZED, "unauthorized"),
    ] {
        let response = warp::test::request().method(method).path(path).reply(&routes).await;
        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(response.headers()["odata-version"], "4.0");
        assert_eq!(response.headers()["content-type"], "application/json");
        let error: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(error["error"]["code"], code, "{method} {path}");
    }
}

#[tokio::test]
async fn head_answers_like_get() {
    let routes = routes().await;
    let head = warp::test::request().method("HEAD").path("/health").reply(&routes).await;
    assert_eq!(head.status(), StatusCode::OK);
}

#[tokio::test]
async fn internal_routes_want_the_service_token() {
    let routes = routes().await;
    for path in ["/internal/commands", "/internal/tenants"] {
        for (header, status) in [
            ("", StatusCode::UNAUTHORIZED),
            ("Basic dTpw", StatusCode::UNAUTHORIZED),
            ("Bearer ", StatusCode::UNAUTHORIZED),
            ("Bearer wrong", StatusCode::FORBIDDEN),
            ("Bearer correct horse battery stapl", StatusCode::FORBIDDEN),
        ] {
            let request = warp::test::request().path(path).header("authorization", header);
            let response = request.reply(&routes).await;
            assert_eq!(response.status(), status, "{path} `{header}`");
            assert!(!problem(&response).to_string().contains("horse"));
            let challenge = response.headers().contains_key("www-authenticate");
            assert_eq!(challenge, status == StatusCode::UNAUTHORIZED);
        }
    }
}

#[tokio::test]
async fn the_token_is_asked_for_before_the_body_is_judged() {
    let routes = routes().await;
    let request = warp::test::request().method("POST").path(PING).body("{nonsense");
    let response = request.reply(&routes).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn bodies_are_json_objects_or_absent() {
    let routes = routes().await;
    for (content_type, body, status) in [
        ("application/json", "{nonsense", StatusCode::BAD_REQUEST),
        ("application/json", "[1]", StatusCode::BAD_REQUEST),
        ("application/json", "\u{0}", StatusCode::BAD_REQUEST),
        ("text/plain", "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/x-www-form-urlencoded", "a=b", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/json", r#"{"nonsense": 1}"#, StatusCode::UNPROCESSABLE_ENTITY),
        // Understood; only the database is missing.
        ("application/json", "{}", StatusCode::SERVICE_UNAVAILABLE),
        ("application/json; charset=utf-8", "{}", StatusCode::SERVICE_UNAVAILABLE),
        ("text/plain", "", StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let request =
            warp::test::request().method("POST").path(PING).header("authorization", TOKEN);
        let response = request.header("content-type", content_type).body(body).reply(&routes).await;
        assert_eq!(response.status(), status, "{content_type} {body:?}");
        problem(&response);
    }
    let request = warp::test::request().method("POST").path(PING).header("authorization", TOKEN);
    let response = request.reply(&routes).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "no body, no type");
    assert_eq!(response.headers()["retry-after"], "1");
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let routes = routes().await;
    for (path, field) in [
        ("/internal/diagnostics/ping?nonsense=1", "nonsense"),
        ("/internal/diagnostics/ping?wait=soon", "wait"),
    ] {
        let request = warp::test::request().method("POST").path(path);
        let response = request.header("authorization", TOKEN).reply(&routes).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert_eq!(problem(&response)["errors"][0]["field"], field);
    }
    for (path, field) in [
        ("/internal/commands?limit=0", "limit"),
        ("/internal/commands?limit=many", "limit"),
        ("/internal/commands?status=done", "status"),
        ("/internal/commands?from=yesterday", "from"),
        ("/internal/commands?tenant_id=7", "tenant_id"),
        ("/internal/commands?page=2", "page"),
        ("/internal/commands?status=dead&status=queued", "status"),
        ("/internal/commands?name=kpi.compute-daily&lane=ingest", "lane"),
        ("/internal/commands/7", "id"),
        ("/internal/tenants?all=maybe", "all"),
        ("/internal/batches/7", "id"),
        ("/internal/quota?day=1", "day"),
        ("/v1/cards?sort=size", "sort"),
        ("/v1/prices?after=now", "after"),
    ] {
        let request = warp::test::request().path(path).header("authorization", TOKEN);
        let response = request.reply(&routes).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert_eq!(problem(&response)["errors"][0]["field"], field, "{path}");
    }
}

#[tokio::test]
async fn a_bad_idempotency_key_is_named() {
    let routes = routes().await;
    let long = "k".repeat(256);
    for key in ["", &long] {
        let request =
            warp::test::request().method("POST").path(PING).header("authorization", TOKEN);
        let response = request.header("idempotency-key", key).reply(&routes).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problem(&response)["errors"][0]["field"], "Idempotency-Key");
    }
}

#[tokio::test]
async fn without_a_database_the_process_lives_and_is_not_ready() {
    let routes = routes().await;
    for (path, status) in [
        ("/health", StatusCode::OK),
        ("/health/live", StatusCode::OK),
        ("/health/ready", StatusCode::SERVICE_UNAVAILABLE),
        ("/metrics", StatusCode::OK),
    ] {
        let response = warp::test::request().path(path).reply(&routes).await;
        assert_eq!(response.status(), status, "{path}");
    }
}

#[tokio::test]
async fn the_documentation_needs_no_internet() {
    let routes = routes().await;
    let page = warp::test::request().path("/docs").reply(&routes).await;
    assert_eq!(page.status(), StatusCode::OK);
    let html = String::from_utf8(page.body().to_vec()).unwrap();
    assert!(!html.contains("http://") && !html.contains("https://"), "{html}");
    let linked: Vec<&str> = html.split('"').filter(|text| text.starts_with("/docs/")).collect();
    assert!(linked.len() >= 3, "{html}");
    for path in linked {
        let file = warp::test::request().path(path).reply(&routes).await;
        assert_eq!(file.status(), StatusCode::OK, "{path}");
    }
    let missing = warp::test::request().path("/docs/nothing.js").reply(&routes).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
}
