use std::collections::BTreeSet;

use serde_json::Value;

use super::*;

/// What every listing of a search carries, whatever it is.
const ALWAYS: [&str; 17] = [
    "itemId",
    "title",
    "leafCategoryIds",
    "categories",
    "image",
    "itemHref",
    "seller",
    "condition",
    "conditionId",
    "shippingOptions",
    "buyingOptions",
    "itemWebUrl",
    "itemLocation",
    "legacyItemId",
    "itemCreationDate",
    "priorityListing",
    "listingMarketplaceId",
];
/// What the documentation names besides.
const SOMETIMES: [&str; 12] = [
    "price",
    "currentBidPrice",
    "bidCount",
    "thumbnailImages",
    "availableCoupons",
    "itemGroupHref",
    "itemGroupType",
    "adultOnly",
    "itemOriginDate",
    "topRatedBuyingExperience",
    "epid",
    "marketingPrice",
];

struct Caller {
    simulator: Simulator,
    http: reqwest::Client,
    token: String,
}

impl Caller {
    async fn new(options: Options) -> Caller {
        let simulator = Simulator::start(options).await.unwrap();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        let form = [("grant_type", "client_credentials"), ("scope", "x")];
        let answer = http
            .post(format!("{}/identity/v1/oauth2/token", simulator.url()))
            .basic_auth("courtier", Some("simulated-secret"))
            .form(&form)
            .send()
            .await
            .unwrap();
        let token: Value = answer.json().await.unwrap();
        let token = token["access_token"].as_str().unwrap().to_owned();
        Caller { simulator, http, token }
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let url = format!("{}{path}", self.simulator.url());
        let request = self.http.get(url).bearer_auth(&self.token);
        let answer = request.header("X-EBAY-C-MARKETPLACE-ID", "EBAY_FR").send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap())
    }

    async fn search(&self, parameters: &str) -> (u16, Value) {
        self.get(&format!("/buy/browse/v1/item_summary/search?{parameters}")).await
    }
}

fn error_id(answer: &Value) -> u64 {
    answer["errors"][0]["errorId"].as_u64().unwrap()
}

fn assert_money(money: &Value) {
    let value = money["value"].as_str().expect("amounts are text");
    let (_, cents) = value.split_once('.').unwrap();
    assert_eq!(cents.len(), 2, "{value}");
    value.parse::<f64>().unwrap();
    assert_eq!(money["currency"].as_str().unwrap().len(), 3);
}

#[tokio::test]
async fn listings_have_the_documented_shape() {
    let options = Options { listings_per_card: Some(3_000), ..Options::default() };
    let caller = Caller::new(options).await;
    let filter = "filter=buyingOptions:%7BFIXED_PRICE%7CAUCTION%7D";
    let mut kinds = BTreeSet::new();
    for offset in (0..2_800).step_by(200) {
        let parameters = format!("q=Dracaufeu+4/102&limit=200&offset={offset}&{filter}");
        let (status, page) = caller.search(&parameters).await;
        assert_eq!(status, 200);
        assert_eq!((page["limit"].as_u64(), page["offset"].as_u64()), (Some(200), Some(offset)));
        assert_eq!(page["total"], 3_000);
        for item in page["itemSummaries"].as_array().unwrap() {
            check_listing(item);
            kinds.extend(peculiarities(item));
        }
    }
    let expected = [
        "auction",
        "calculated",
        "converted",
        "foreign currency",
        "free",
        "graded",
        "group",
        "offer",
        "sponsored",
    ];
    assert_eq!(kinds, BTreeSet::from(expected));
}

fn check_listing(item: &Value) {
    let item_fields: BTreeSet<_> = item.as_object().unwrap().keys().map(String::as_str).collect();
    for always in ALWAYS {
        assert!(item_fields.contains(always), "{always} is missing in {item}");
    }
    let known: BTreeSet<_> = ALWAYS.into_iter().chain(SOMETIMES).collect();
    let unknown: Vec<_> = item_fields.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?} are not documented");
    let price = item.get("price").or_else(|| item.get("currentBidPrice")).unwrap();
    assert_money(price);
    let id = item["legacyItemId"].as_str().unwrap();
    assert!(item["itemId"].as_str().unwrap().starts_with(&format!("v1|{id}|")));
    assert!(item["title"].as_str().unwrap().chars().count() <= 80);
    assert!(item["seller"]["feedbackPercentage"].is_string());
    assert!(item["seller"]["feedbackScore"].is_i64() || item["seller"]["feedbackScore"].is_u64());
    assert!(item["priorityListing"].is_boolean());
    for date in ["itemCreationDate", "itemOriginDate"] {
        item[date].as_str().unwrap().parse::<Timestamp>().unwrap();
    }
    for option in item["shippingOptions"].as_array().unwrap() {
        if let Some(cost) = option.get("shippingCost") {
            assert_money(cost);
        }
    }
}

/// What an item tells that a search does not: stock, sales, descriptors, and its end.
#[tokio::test]
async fn items_have_the_documented_shape() {
    let options = Options { listings_per_card: Some(100), ..Options::default() };
    let caller = Caller::new(options).await;
    let (_, page) = caller.search("q=Pikachu%2025%2F102&limit=100").await;
    let listed: Vec<String> = page["itemSummaries"].as_array().unwrap().iter().map(id).collect();
    assert!(listed.len() > 20, "{} listings", listed.len());
    let mut seen = BTreeSet::new();
    for days in [0, 30] {
        caller.simulator.advance_days(days);
        for id in &listed {
            let path = format!("/buy/browse/v1/item/{}", id.replace('|', "%7C"));
            let (status, item) = caller.get(&path).await;
            if status == 404 {
                assert_eq!(item["errors"][0]["errorId"], 11001, "{item}");
                seen.insert("gone");
                continue;
            }
            assert_eq!((status, &item["itemId"]), (200, &id.as_str().into()));
            seen.insert(check_item(&item));
        }
    }
    assert!(seen.is_superset(&BTreeSet::from(["running", "sold", "ended"])), "{seen:?}");
}

fn id(listing: &Value) -> String {
    listing["itemId"].as_str().unwrap().to_owned()
}

/// Returns what became of it.
fn check_item(item: &Value) -> &'static str {
    assert_money(item.get("price").or_else(|| item.get("currentBidPrice")).unwrap());
    assert!(item["categoryId"].is_string() && item["lotSize"].is_u64(), "{item}");
    for descriptor in item["conditionDescriptors"].as_array().unwrap() {
        assert!(descriptor["name"].is_string(), "{descriptor}");
        let values = descriptor["values"].as_array().unwrap();
        assert!(values.iter().all(|value| value["content"].is_string()), "{descriptor}");
    }
    let [stock] = item["estimatedAvailabilities"].as_array().unwrap().as_slice() else {
        panic!("one place of stock: {item}");
    };
    let number = |name: &str| stock[name].as_u64().unwrap();
    assert_eq!(number("estimatedAvailableQuantity"), number("estimatedRemainingQuantity"));
    let ended_at = item.get("itemEndDate").map(|at| at.as_str().unwrap().parse::<Timestamp>());
    match stock["estimatedAvailabilityStatus"].as_str().unwrap() {
        "IN_STOCK" => {
            assert!(ended_at.is_none() && number("estimatedAvailableQuantity") > 0, "{item}");
            "running"
        }
        "OUT_OF_STOCK" => {
            assert!(ended_at.unwrap().is_ok() && number("estimatedAvailableQuantity") == 0);
            if number("estimatedSoldQuantity") > 0 { "sold" } else { "ended" }
        }
        other => panic!("`{other}` is not documented"),
    }
}

fn peculiarities(item: &Value) -> Vec<&'static str> {
    let price = item.get("price");
    let shipping = &item["shippingOptions"][0];
    let options = item["buyingOptions"].as_array().unwrap();
    let found = [
        ("auction", options.iter().any(|it| it == "AUCTION")),
        (
            "calculated",
            shipping["shippingCostType"] == "CALCULATED" && shipping.get("shippingCost").is_none(),
        ),
        ("converted", price.is_some_and(|it| it.get("convertedFromValue").is_some())),
        ("foreign currency", price.is_some_and(|it| it["currency"] != "EUR")),
        ("free", shipping["shippingCost"]["value"] == "0.00"),
        ("graded", item["conditionId"] == "2750"),
        ("group", item["itemGroupType"] == "SELLER_DEFINED_VARIATIONS"),
        ("offer", options.iter().any(|it| it == "BEST_OFFER")),
        ("sponsored", item["priorityListing"] == true),
    ];
    found.into_iter().filter(|(_, is_so)| *is_so).map(|(name, _)| name).collect()
}

#[tokio::test]
async fn searches_keep_ebays_rules_or_are_refused() {
    let caller = Caller::new(Options::default()).await;
    for (parameters, id) in [
        ("limit=200", 12_001),
        ("q=x&limit=0", 12_006),
        ("q=x&limit=201", 12_006),
        ("q=x&limit=many", 12_006),
        ("q=x&limit=200&offset=100", 12_004),
        ("q=x&limit=200&offset=-200", 12_004),
        ("q=x&limit=200&offset=10000", 12_029),
        ("q=x&category_ids=1,2", 12_030),
    ] {
        let (status, answer) = caller.search(parameters).await;
        assert_eq!((status, error_id(&answer)), (400, id), "{parameters}");
    }
    let (status, answer) = caller.search("q=x&filter=price:[1..2]").await;
    let warning = answer["warnings"][0]["errorId"].as_u64();
    assert_eq!((status, warning), (200, Some(12_012)), "ignored, with a warning");
}

#[tokio::test]
async fn filters_and_pages_are_honoured() {
    let options = Options { listings_per_card: Some(500), ..Options::default() };
    let caller = Caller::new(options).await;
    let query = "q=Pikachu+25/102&limit=200";
    let (_, everywhere) = caller.search(query).await;
    let filtered = format!("{query}&filter=itemLocationCountry:FR,conditionIds:%7B2750%7D");
    let (_, french) = caller.search(&filtered).await;
    for item in french["itemSummaries"].as_array().unwrap() {
        assert_eq!(item["itemLocation"]["country"], "FR");
        assert_eq!(item["conditionId"], "2750");
    }
    let total = everywhere["total"].as_u64().unwrap();
    assert!(french["total"].as_u64().unwrap() < total && (300..=500).contains(&total));
    let mut ids = BTreeSet::new();
    for offset in [0, 200, 400] {
        let (_, page) = caller.search(&format!("{query}&offset={offset}")).await;
        for item in page["itemSummaries"].as_array().unwrap() {
            assert!(ids.insert(item["itemId"].as_str().unwrap().to_owned()), "no item twice");
        }
    }
    assert_eq!(ids.len() as u64, total);
    let (_, behind) = caller.search(&format!("{query}&offset=600")).await;
    assert_eq!(behind.get("itemSummaries"), None, "left out when there is none");
}

#[tokio::test]
async fn the_limit_holds_to_the_call() {
    let caller = Caller::new(Options { limit: 5, ..Options::default() }).await;
    for call in 0..8 {
        let (status, answer) = caller.search("q=x").await;
        assert_eq!(status, if call < 5 { 200 } else { 429 });
        if status == 429 {
            let expected = serde_json::json!({"errors": [{"errorId": 2001, "domain": "ACCESS",
                "category": "REQUEST", "message": "Too many requests.", "longMessage":
                "The request limit has been reached for the resource."}]});
            assert_eq!(answer, expected);
        }
    }
    let stats = caller.simulator.stats();
    assert_eq!((stats.window_calls, stats.window_refused), (8, 3));
    assert_eq!(caller.simulator.browse_calls(), 8);
    let (_, limits) = caller.get("/developer/analytics/v1_beta/rate_limit/?api_name=browse").await;
    let browse = &limits["rateLimits"][1]["resources"][1];
    assert_eq!(browse["name"], "buy.browse");
    assert_eq!(
        (browse["rates"][0]["count"].as_u64(), &browse["rates"][0]["remaining"]),
        (Some(8), &0.into())
    );
    caller.simulator.roll_window();
    assert_eq!(caller.search("q=x").await.0, 200);
    assert_eq!(caller.simulator.stats().window_calls, 1);
    assert_eq!(caller.simulator.browse_calls(), 9, "the whole count goes on");
}

#[tokio::test]
async fn a_window_ends_at_midnight_in_california() {
    for (now, end) in [
        ("2026-11-22T02:00:00Z", "2026-11-22T08:00:00Z"),
        ("2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z"),
        ("2026-07-01T06:59:59Z", "2026-07-01T07:00:00Z"),
        ("2026-11-01T07:30:00Z", "2026-11-02T08:00:00Z"),
    ] {
        let ledger = ledger::Ledger::new(1, Window::Pacific, now.parse().unwrap());
        assert_eq!(ledger.stats(0).reset, end.parse().unwrap(), "{now}");
    }
}

#[tokio::test]
async fn the_counters_are_served_and_not_counted() {
    let caller = Caller::new(Options::default()).await;
    caller.search("q=x").await;
    let (status, counters) = caller.get("/stats").await;
    assert_eq!((status, &counters["arrived"]["search"]), (200, &1.into()));
    assert_eq!(counters["tokens_minted"], 1);
    let (again, _) = caller.get("/stats").await;
    assert_eq!((again, caller.simulator.stats().arrived.len()), (200, 2), "token and search");
}

#[test]
fn faults_are_written_on_one_line() {
    let injection: Injection = "search:429+30*5".parse().unwrap();
    let fault = Fault::Limit { retry_after_s: Some(30) };
    assert_eq!(injection, Injection { endpoint: Some(Endpoint::Search), fault, times: 5 });
    let all: Injection = "hang".parse().unwrap();
    assert_eq!(all, Injection { endpoint: None, fault: Fault::Hang, times: 1 });
    for wrong in ["nowhere:500", "200", "delay", "search:500*x", "429+x", ""] {
        wrong.parse::<Injection>().unwrap_err();
    }
}
