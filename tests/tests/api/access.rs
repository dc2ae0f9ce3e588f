//! Whom the API lets in, and whose data it shows.

use reqwest::{Method, StatusCode};
use tests::database;
use uuid::Uuid;

use crate::{Options, Server, answer};

const KPIS: &str = "/v1/kpis/daily?from=2026-01-01&to=2026-01-31";

#[tokio::test(flavor = "multi_thread")]
async fn the_service_token_opens_internal_routes_only() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (_, key) = server.tenant("Known").await;
    for path in ["/internal/tenants", "/internal/commands"] {
        assert_eq!(server.get(path).await.0, StatusCode::OK);
        let none = answer(server.anonymous(Method::GET, path)).await;
        assert_eq!(none.0, StatusCode::UNAUTHORIZED);
        let wrong = answer(server.anonymous(Method::GET, path).bearer_auth("wrong")).await;
        assert_eq!(wrong.0, StatusCode::FORBIDDEN);
        let key = answer(server.anonymous(Method::GET, path).bearer_auth(&key)).await;
        assert_eq!(key.0, StatusCode::FORBIDDEN, "a tenant's key is not the service token");
    }
    assert_eq!(server.get(KPIS).await.0, StatusCode::UNAUTHORIZED);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_while_it_is_valid() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (tenant, key) = server.tenant("Known").await;
    assert_eq!(server.get_as(&key, KPIS).await.0, StatusCode::OK);
    let other_secret = format!("{}0", &key[..key.len() - 1]);
    let wrong =
        if other_secret == key { format!("{}1", &key[..key.len() - 1]) } else { other_secret };
    for wrong in ["", "msp_ak_", &wrong, &key[..key.len() - 1], &key.to_uppercase()] {
        let (status, problem) = server.get_as(wrong, KPIS).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{problem}");
        assert!(!problem.to_string().contains(&key[20..]), "no part of a key is repeated");
    }
    let owner = database.owner().await;
    let expire = "update api_keys set expires_at = now() - interval '1 second'";
    owner.batch_execute(expire).await.unwrap();
    assert_eq!(server.get_as(&key, KPIS).await.0, StatusCode::UNAUTHORIZED, "expired");
    owner.batch_execute("update api_keys set expires_at = null").await.unwrap();
    server.put_tenant(tenant, "Known", false).await;
    assert_eq!(server.get_as(&key, KPIS).await.0, StatusCode::FORBIDDEN, "tenant not active");
    server.put_tenant(tenant, "Known", true).await;
    assert_eq!(server.get_as(&key, KPIS).await.0, StatusCode::OK);
    owner.batch_execute("update api_keys set revoked_at = now()").await.unwrap();
    assert_eq!(server.get_as(&key, KPIS).await.0, StatusCode::UNAUTHORIZED, "revoked");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_of_a_named_site_may_read_and_problems_speak_french() {
    let database = database().await;
    let server = Server::start(&database).await;
    let ask = |method, origin: &str| {
        let request = server.anonymous(method, "/v1/kpis/daily").header("origin", origin);
        request.header("accept-language", "fr-FR, en;q=0.5")
    };
    let site = "https://reports.example";
    let preflight = ask(Method::OPTIONS, site).header("access-control-request-method", "GET");
    let preflight = preflight.send().await.unwrap();
    assert_eq!(preflight.status(), StatusCode::NO_CONTENT);
    assert_eq!(preflight.headers()["access-control-allow-origin"], site);
    let refused = ask(Method::GET, site).send().await.unwrap();
    assert_eq!(refused.headers()["access-control-allow-origin"], site, "errors are shown too");
    assert_eq!(refused.headers()["content-language"], "fr");
    let problem: serde_json::Value = refused.json().await.unwrap();
    assert_eq!(problem["type"], "urn:courtier:problem:unauthorized");
    assert_eq!(problem["title"], "Authentification requise");
    let other = ask(Method::GET, "https://evil.example").send().await.unwrap();
    assert!(!other.headers().contains_key("access-control-allow-origin"));

    let (_, key) = server.tenant("Known").await;
    let asked = ask(Method::GET, site).header("x-api-key", key);
    let (status, problem) = answer(asked.query(&[("date", "soon"), ("day", "1")])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["errors"][0]["field"], "date", "names of fields are for programs");
    assert_eq!(
        problem["detail"],
        "date: doit être une date comme 2026-01-24; day: n’est pas un paramètre de cette requête"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_key_has_its_own_rate_limit() {
    let database = database().await;
    let options = Options { rate_limit_per_minute: 3, ..Options::default() };
    let server = Server::with(&database, options).await;
    let (_, one) = server.tenant("One").await;
    let (_, other) = server.tenant("Other").await;
    for _ in 0..3 {
        assert_eq!(server.get_as(&one, KPIS).await.0, StatusCode::OK);
    }
    let request = server.anonymous(Method::GET, KPIS).header("x-api-key", &one);
    let refused = request.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=20).contains(&seconds), "{seconds}");
    assert_eq!(server.get_as(&other, KPIS).await.0, StatusCode::OK, "the other key is not spent");
    for _ in 0..10 {
        assert_eq!(server.get("/internal/tenants").await.0, StatusCode::OK, "no limit here");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_are_listed_as_a_plain_array() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (beta, _) = server.tenant("Beta").await;
    let (alpha, _) = server.tenant("Alpha").await;
    server.put_tenant(Uuid::now_v7(), "Retired", false).await;
    let (status, tenants) = server.get("/internal/tenants").await;
    assert_eq!(status, StatusCode::OK);
    let ids: Vec<&str> =
        tenants.as_array().unwrap().iter().map(|tenant| tenant["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [alpha.to_string(), beta.to_string()]);
    assert_eq!(tenants[0]["name"], "Alpha");
    assert_eq!(tenants[0]["is_active"], true);
    let (_, all) = server.get("/internal/tenants?all=true").await;
    assert_eq!(all.as_array().unwrap().len(), 3);
    server.stop().await;
}
