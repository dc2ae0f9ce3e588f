//! Pages: their order, and the links that lead from one to the next.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Feed;
use crate::Options;

#[tokio::test(flavor = "multi_thread")]
async fn pages_lose_nothing_and_repeat_nothing() {
    let feed = Feed::new().await;
    for order in [
        "",
        "$orderby=created_at%20desc",
        "$orderby=closed_at",
        "$orderby=closed_at%20desc,estimated_hours",
        "$orderby=board_key,estimated_hours%20desc,summary",
        "$orderby=is_closed%20desc,tenant_id",
        "$filter=is_closed&$orderby=estimated_hours&$select=ticket_id,source",
    ] {
        let url = format!("/v1/odata/fact_ticket?{order}");
        let whole = feed.all(&url, 5_000).await;
        assert_eq!(feed.all(&url, 7).await, whole, "{order}");
        let names: BTreeSet<String> =
            whole.iter().map(|row| format!("{}{}", row["source"], row["ticket_id"])).collect();
        assert_eq!(names.len(), whole.len(), "{order}");
        assert!(whole.len() == 200 || order.contains("filter"), "{order}");
        let some = feed.all(&format!("{url}&$top=25&$skip=3"), 7).await;
        assert_eq!(some, whole[3..28], "{order}");
    }
    for set in ["dim_date", "dim_company", "fact_time_entry", "fact_kpi_daily"] {
        let url = format!("/v1/odata/{set}");
        assert_eq!(feed.all(&url, 1_000).await, feed.all(&url, 3).await, "{set}");
    }
    let none = feed.page("/v1/odata/fact_ticket?$top=0&$count=true").await;
    assert_eq!((none["value"].as_array().unwrap().len(), &none["@odata.count"]), (0, &200.into()));
    assert!(none.get("@odata.nextLink").is_none());
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn null_comes_first_and_last_in_descending_order() {
    let feed = Feed::new().await;
    let ascending = feed.all("/v1/odata/fact_ticket?$orderby=closed_at", 50).await;
    assert!(ascending[0]["closed_at"].is_null() && !ascending[199]["closed_at"].is_null());
    let descending = feed.all("/v1/odata/fact_ticket?$orderby=closed_at%20desc", 50).await;
    assert!(!descending[0]["closed_at"].is_null() && descending[199]["closed_at"].is_null());
    feed.stop().await;
}

/// The first page as a proxy asks for it, and its link to the next.
async fn through_a_proxy(feed: &Feed) -> (Value, String) {
    let headers = [
        ("x-api-key", feed.key.as_str()),
        ("prefer", "odata.maxpagesize=10"),
        ("x-forwarded-for", "203.0.113.7"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "msp.example"),
    ];
    let (_, _, body) = feed.ask("/v1/odata/fact_ticket", &headers).await;
    let page: Value = serde_json::from_str(&body).unwrap();
    let next = page["@odata.nextLink"].as_str().unwrap().to_owned();
    (page, next)
}

#[tokio::test(flavor = "multi_thread")]
async fn links_lead_back_the_way_the_client_came() {
    let proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let feed = Feed::with(Options { trusted_proxies: proxies, ..Options::default() }).await;
    let (page, next) = through_a_proxy(&feed).await;
    assert!(next.starts_with("https://msp.example/v1/odata/fact_ticket?"), "{next}");
    assert!(!next.contains("msp_ak_"), "{next}");
    assert_eq!(page["@odata.context"], "https://msp.example/v1/odata/$metadata#fact_ticket");
    feed.stop().await;

    let feed = Feed::new().await;
    let (_, next) = through_a_proxy(&feed).await;
    assert!(next.starts_with(&feed.server.url), "no proxy is trusted: {next}");
    feed.stop().await;
}
