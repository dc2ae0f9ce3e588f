//! The three carriers of a key, its rights, and the tokens that it is exchanged for.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use tests::{TestDatabase, database, keys};
use uuid::Uuid;

use crate::{Server, answer};

const KPIS: &str = "/v1/kpis/daily?from=2026-01-01&to=2026-01-31";
const EXPORTS: &str = "/v1/exports";

/// A new tenant with a key for some rights.
async fn scoped(server: &Server, scopes: &[&str]) -> (Uuid, String) {
    let (tenant, _) = server.tenant("Known").await;
    let client = server.store.client().await.unwrap();
    let pepper = keys::pepper();
    let key = store::api_keys::create_scoped(&client, &pepper, tenant, "some", scopes, None).await;
    (tenant, key.unwrap().key)
}

async fn exchange(server: &Server, key: &str, query: &str) -> (StatusCode, Value) {
    let request = server.anonymous(Method::POST, &format!("/v1/auth/token{query}"));
    answer(request.header("x-api-key", key)).await
}

async fn token(server: &Server, key: &str) -> String {
    let (status, given) = exchange(server, key, "").await;
    assert_eq!(status, StatusCode::OK, "{given}");
    given["access_token"].as_str().unwrap().to_owned()
}

async fn get_with(server: &Server, token: &str, path: &str) -> StatusCode {
    answer(server.anonymous(Method::GET, path).bearer_auth(token)).await.0
}

async fn start() -> (TestDatabase, Server) {
    let database = database().await;
    let server = Server::start(&database).await;
    (database, server)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_by_each_of_its_carriers() {
    let (_database, server) = start().await;
    let (_, key) = server.tenant("Known").await;
    let get = |path: &str| server.anonymous(Method::GET, path);
    let basic = answer(get(KPIS).basic_auth("anything", Some(&key))).await.0;
    assert_eq!(basic, StatusCode::OK);
    let in_query = format!("{EXPORTS}?api_key={key}");
    assert_eq!(answer(get(&in_query)).await.0, StatusCode::OK);
    let elsewhere = answer(get(&format!("{KPIS}&api_key={key}"))).await.0;
    assert_eq!(elsewhere, StatusCode::UNAUTHORIZED, "only where programs can send no header");
    let wrong = answer(get(&format!("{EXPORTS}?api_key={key}0"))).await;
    assert_eq!(wrong.0, StatusCode::UNAUTHORIZED);
    assert!(!wrong.1.to_string().contains(&key[..20]), "{}", wrong.1);
    let none = get(EXPORTS).send().await.unwrap();
    assert_eq!(none.headers()["www-authenticate"], "Basic realm=\"v1\", charset=\"UTF-8\"");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_reads_what_it_has_the_right_to() {
    let (_database, server) = start().await;
    let (_, key) = scoped(&server, &["exports"]).await;
    assert_eq!(server.get_as(&key, EXPORTS).await.0, StatusCode::OK);
    for path in [KPIS, "/v1/cards", "/v1/prices"] {
        assert_eq!(server.get_as(&key, path).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_what_its_key_opens() {
    let (_database, server) = start().await;
    let (tenant, key) = scoped(&server, &["kpis", "exports"]).await;
    let (status, given) = exchange(&server, &key, "").await;
    assert_eq!(status, StatusCode::OK, "{given}");
    assert_eq!(given["token_type"], "Bearer");
    assert_eq!(given["expires_in"], 900);
    assert_eq!(given["tenant_id"], tenant.to_string());
    let token = given["access_token"].as_str().unwrap();
    assert_eq!(get_with(&server, token, KPIS).await, StatusCode::OK);
    assert_eq!(get_with(&server, token, EXPORTS).await, StatusCode::OK);
    assert_eq!(get_with(&server, token, "/v1/cards").await, StatusCode::FORBIDDEN);
    assert_eq!(get_with(&server, token, "/internal/tenants").await, StatusCode::FORBIDDEN);

    let (_, narrow) = exchange(&server, &key, "?scope=kpis").await;
    let narrow = narrow["access_token"].as_str().unwrap();
    assert_eq!(get_with(&server, narrow, KPIS).await, StatusCode::OK);
    assert_eq!(get_with(&server, narrow, EXPORTS).await, StatusCode::FORBIDDEN);
    let again = server.anonymous(Method::POST, "/v1/auth/token").bearer_auth(narrow);
    assert_eq!(answer(again).await.0, StatusCode::FORBIDDEN, "no token makes tokens");
    assert_eq!(exchange(&server, &key, "?scope=cards").await.0, StatusCode::FORBIDDEN);
    assert_eq!(exchange(&server, &key, "?scope=all").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let service = server.post("/v1/auth/token").await.0;
    assert_eq!(service, StatusCode::UNAUTHORIZED, "the service token has no tenant");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_with_its_key() {
    let (database, server) = start().await;
    let (_, key) = server.tenant("Known").await;
    let token = token(&server, &key).await;
    let swapped = {
        let parts: Vec<&str> = token.split('.').collect();
        format!("{}.{}.{}", parts[0], parts[1], &parts[2][..parts[2].len() - 2])
    };
    assert_eq!(get_with(&server, &swapped, KPIS).await, StatusCode::UNAUTHORIZED);
    let owner = database.owner().await;
    owner.batch_execute("update api_keys set scopes = array['exports']").await.unwrap();
    assert_eq!(get_with(&server, &token, KPIS).await, StatusCode::FORBIDDEN, "a right taken away");
    owner.batch_execute("update api_keys set scopes = array['kpis']").await.unwrap();
    assert_eq!(get_with(&server, &token, KPIS).await, StatusCode::OK);
    // A key never changes hands; if it did, a token from before would show nobody's data.
    let (other, _) = server.tenant("Other").await;
    let mine = "update api_keys set tenant_id = $1 where array['kpis'] = scopes";
    owner.execute(mine, &[&other]).await.unwrap();
    assert_eq!(get_with(&server, &token, KPIS).await, StatusCode::UNAUTHORIZED);
    owner.batch_execute("update api_keys set revoked_at = now()").await.unwrap();
    assert_eq!(get_with(&server, &token, KPIS).await, StatusCode::UNAUTHORIZED, "revoked");
    server.stop().await;
}
