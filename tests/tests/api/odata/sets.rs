//! What there is to read: the sets, their description, and the types of their rows.

use reqwest::StatusCode;
use serde_json::Value;

use super::Feed;

#[tokio::test(flavor = "multi_thread")]
async fn every_set_is_listed_described_and_answers() {
    let feed = Feed::new().await;
    let service = feed.page("/v1/odata").await;
    assert_eq!(feed.page("/v1/odata/").await, service);
    let root = format!("{}/v1/odata", feed.server.url);
    assert_eq!(service["@odata.context"], format!("{root}/$metadata"));
    let key = [("x-api-key", feed.key.as_str())];
    let (status, headers, metadata) = feed.ask("/v1/odata/$metadata", &key).await;
    assert_eq!(
        (status, &headers["content-type"]),
        (StatusCode::OK, &"application/xml".parse().unwrap())
    );
    for (set, n_rows) in [
        ("dim_date", 365),
        ("dim_tenant", 1),
        ("dim_company", 5),
        ("dim_member", 1),
        ("dim_board", 2),
        ("dim_priority", 2),
        ("fact_ticket", 200),
        ("fact_time_entry", 50),
        ("fact_kpi_daily", 2),
    ] {
        let listed = service["value"].as_array().unwrap().iter();
        assert_eq!(listed.filter(|entry| entry["url"] == set).count(), 1, "{set}");
        let page = feed.page(&format!("/v1/odata/{set}?$count=true")).await;
        assert_eq!(page["@odata.context"], format!("{root}/$metadata#{set}"));
        assert_eq!(page["@odata.count"], n_rows, "{set}");
        assert_eq!(page["value"].as_array().unwrap().len(), n_rows, "{set}");
        for name in page["value"][0].as_object().unwrap().keys() {
            assert!(metadata.contains(&format!("<Property Name=\"{name}\"")), "{set}.{name}");
        }
        let (_, headers, count) = feed.ask(&format!("/v1/odata/{set}/$count"), &key).await;
        assert_eq!(headers["content-type"], "text/plain");
        assert_eq!(count, n_rows.to_string(), "{set}");
    }
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_have_the_types_and_keys_of_the_files() {
    let feed = Feed::new().await;
    let page = feed.page("/v1/odata/fact_ticket?$filter=ticket_id%20eq%20'T21'").await;
    let row = &page["value"][0];
    assert_eq!(row["tenant_id"], feed.tenant_id.to_string());
    // 2026-03-29 00:10 in UTC is the same day in Paris; half a day later the clocks have changed.
    assert_eq!(row["created_date"], "2026-03-29");
    assert_eq!(row["created_at"], "2026-03-29T00:10:00Z");
    assert_eq!(row["board_key"], "help desk");
    assert_eq!(row["priority_key"], "high");
    assert_eq!(row["estimated_hours"].to_string(), "5.25");
    assert_eq!(row["is_closed"], true);
    assert_eq!(row["summary"], "Écran");
    assert_eq!(row["owner_key"], Value::Null);
    let accept = "application/json;odata.metadata=minimal;IEEE754Compatible=true";
    let url = "/v1/odata/fact_time_entry?$top=1&$select=minutes,work_date";
    let (_, headers, body) = feed.ask(url, &[("x-api-key", &feed.key), ("accept", accept)]).await;
    assert_eq!(headers["content-type"], accept);
    let page: Value = serde_json::from_str(&body).unwrap();
    assert!(
        page["@odata.context"].as_str().unwrap().ends_with("#fact_time_entry(work_date,minutes)")
    );
    assert_eq!(page["value"][0].as_object().unwrap().len(), 2);
    assert!(page["value"][0]["minutes"].is_string());
    feed.stop().await;
}
