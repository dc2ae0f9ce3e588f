//! Who may look, how the key comes along, and how a wrong request is answered.

use reqwest::StatusCode;
use serde_json::Value;
use store::api_keys;
use tests::keys;

use super::{Feed, encoded};

#[tokio::test(flavor = "multi_thread")]
async fn power_bi_can_carry_the_key_in_three_ways() {
    let feed = Feed::new().await;
    let root = format!("{}/v1/odata/fact_ticket", feed.server.url);
    let client = &feed.server.client;
    let asked = [
        client.get(&root).header("x-api-key", &feed.key),
        client.get(&root).basic_auth("anybody", Some(&feed.key)),
        client.get(format!("{root}?api_key={}", feed.key)),
    ];
    for request in asked {
        let request = request.header("prefer", "odata.maxpagesize=10");
        let page: Value = request.send().await.unwrap().json().await.unwrap();
        let next = page["@odata.nextLink"].as_str().unwrap();
        assert!(!next.contains("msp_ak_"), "{next}");
    }
    let refused = client.get(&root).send().await.unwrap();
    let challenge = refused.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.starts_with("Basic "), "Power BI asks for what it is offered: {challenge}");
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_have_the_form_of_odata() {
    let feed = Feed::new().await;
    for (path, status, code, part) in [
        ("fact_ticket?$filter=mintes%20gt%203", 400, "malformed-request", "mintes"),
        ("fact_ticket?$top=x", 400, "malformed-request", "$top"),
        ("fact_ticket?$filter=id%20eq%20'", 400, "malformed-request", "$filter"),
        ("fact_ticket?$select=a;drop%20table%20tenants", 400, "malformed-request", "$select"),
        ("fact_ticket?$skiptoken=%5Bnull,%5B%5D%5D", 400, "malformed-request", "$skiptoken"),
        ("fact_ticket?tenant_id=7", 400, "malformed-request", "tenant_id"),
        ("fact_ticket?$format=atom", 400, "malformed-request", "$format"),
        ("?$filter=true", 400, "malformed-request", "$filter"),
        ("fact_ticket?$expand=board", 501, "not-implemented", "$expand"),
        ("fact_ticket?$search=x", 501, "not-implemented", "$search"),
        ("nothing", 404, "not-found", "nothing"),
        ("nothing/$count", 404, "not-found", "nothing"),
        ("$batch", 404, "not-found", "$batch"),
    ] {
        let url = format!("/v1/odata/{path}");
        let (answered, headers, body) = feed.ask(&url, &[("x-api-key", &feed.key)]).await;
        assert_eq!(answered.as_u16(), status, "{path}: {body}");
        assert_eq!(headers["odata-version"], "4.0", "{path}");
        assert_eq!(headers["content-type"], "application/json", "{path}");
        let error: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(error["error"]["code"], code, "{path}");
        assert!(error["error"]["message"].as_str().unwrap().contains(part), "{path}: {body}");
    }
    let (status, headers, body) = feed.ask("/v1/odata/fact_ticket", &[]).await;
    assert_eq!((status, &body[..9]), (StatusCode::UNAUTHORIZED, "{\"error\":"));
    assert!(headers.contains_key("www-authenticate"));
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_shows_its_own_tenant_and_what_it_was_given() {
    let feed = Feed::new().await;
    let (_, other) = feed.server.tenant("Other").await;
    for set in ["fact_ticket", "fact_time_entry", "fact_kpi_daily", "dim_company", "dim_date"] {
        let (_, _, count) =
            feed.ask(&format!("/v1/odata/{set}/$count"), &[("x-api-key", &other)]).await;
        assert_eq!(count, "0", "{set}");
    }
    let filter = encoded(&format!("tenant_id eq {}", feed.tenant_id));
    let url = format!("/v1/odata/fact_ticket?$filter={filter}");
    let (_, _, page) = feed.ask(&url, &[("x-api-key", &other)]).await;
    assert!(page.contains("\"value\":[]"), "{page}");

    let client = feed.server.store.client().await.unwrap();
    let (pepper, id) = (keys::pepper(), feed.tenant_id);
    let kpis = api_keys::create_scoped(&client, &pepper, id, "kpis", &["kpis"], None);
    let key = kpis.await.unwrap().key;
    let (status, _, body) = feed.ask("/v1/odata/fact_ticket", &[("x-api-key", &key)]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.starts_with("{\"error\":{\"code\":\"forbidden\""), "{body}");
    feed.stop().await;
}
