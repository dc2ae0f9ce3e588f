//! What a shop does with its prices: files, decisions, and other rules tried on days that passed.

use std::collections::HashSet;

use commands::{ExportCards, Verdict, decide, explain, export_cards};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use store::catalogue::CardRef;
use store::prices::{self, Prices};
use store::sold_listings::{self, Sold};
use tests::simulator::Options;

use crate::shop::Shop;

/// A file as lines of cells, its first the names; every row has as many cells.
async fn file(shop: &Shop, parameters: Value) -> Vec<Vec<String>> {
    let wanted: ExportCards = serde_json::from_value(parameters).unwrap();
    let mut out = Vec::new();
    let mut client = shop.fabric.client().await;
    let n_rows = export_cards(&mut client, &wanted, &mut out, &|_| ()).await.unwrap();
    let text = out.strip_prefix("\u{feff}".as_bytes()).expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(b';').has_headers(false).from_reader(text);
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows.len() as u64, n_rows + 1);
    rows
}

fn column<'a>(rows: &'a [Vec<String>], name: &str) -> Vec<&'a str> {
    let place = rows[0].iter().position(|other| other == name).expect(name);
    rows[1..].iter().map(|row| row[place].as_str()).collect()
}

fn eur(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_say_what_the_tables_say() {
    let mut shop = Shop::new(30, Options::default()).await;
    shop.workers(1);
    let report = shop.fabric.done("batch.run", json!({})).await;
    let owner = shop.fabric.database.owner().await;
    let odd = "update cards set name_override = '=cmd|x', error_count = 2 where local_id = '7'";
    owner.batch_execute(odd).await.unwrap();

    let standard = file(&shop, json!({})).await;
    let on_show = "select count(*) from buy_prices where neuf is not null and not suspended
                   and verdict <> 'LOW_CONF'";
    assert_eq!(standard.len() - 1, shop.count(on_show).await);
    let total: Decimal = column(&standard, "buy_neuf").into_iter().map(eur).sum();
    let wanted = "select (100 * coalesce(sum(neuf), 0))::bigint from buy_prices
                  where neuf is not null and not suspended and verdict <> 'LOW_CONF'";
    assert_eq!(total * Decimal::ONE_HUNDRED, shop.number(wanted).await.into());
    assert!(column(&standard, "status").iter().all(|status| *status == "OK"));
    let sure = file(&shop, json!({"min_confidence": 100})).await;
    assert!(column(&sure, "confidence").iter().all(|percent| *percent == "100"));
    let certain = format!("{on_show} and confidence >= 0.995");
    assert_eq!(sure.len() - 1, shop.count(&certain).await);

    let full = file(&shop, json!({"kind": "full"})).await;
    assert_eq!(full.len(), 31);
    let names = column(&full, "name");
    assert!(names.contains(&"'=cmd|x") && !names.contains(&"=cmd|x"), "no formula: {names:?}");
    let odd = "select count(*) from buy_prices where verdict like 'REVIEW%' or suspended
               or verdict = 'LOW_CONF' or confidence < 0.495";
    let anomalies = file(&shop, json!({"kind": "anomalies"})).await;
    assert_eq!(anomalies.len() - 1, shop.count(odd).await);
    assert!(column(&anomalies, "anomaly_reasons").iter().all(|reasons| !reasons.is_empty()));

    let listings = file(&shop, json!({"kind": "listings"})).await;
    let seen = shop.count("select sum(n_listings) from market_snapshots").await;
    assert!((50..seen).contains(&listings.len()), "some are of other cards");
    let graded = column(&listings, "listing_type").iter().filter(|kind| **kind == "graded").count();
    assert!(graded > 0 && column(&listings, "serie_id").iter().all(|serie| *serie == "base"));
    let batch = file(&shop, json!({"kind": "batch", "batch_id": report.id})).await;
    assert_eq!(column(&batch, "status"), ["success"; 30]);
    assert_eq!(file(&shop, json!({"kind": "sets"})).await[1][..3], ["base", "base", "set1"]);

    // The command writes the same file.
    let folder = tempfile::tempdir().unwrap();
    let folders = commands::Folders { exports: folder.path().into(), ..Default::default() };
    let lanes = [commands::lane("exports").unwrap()];
    shop.fabric.worker(&lanes, folders, std::time::Duration::from_mins(1));
    let done = shop.fabric.done("exports.cards", json!({"kind": "full"})).await;
    let result = done.result.unwrap();
    assert_eq!((&result["rows"], &result["file"]), (&json!(30), &json!("cards/cards_full.csv")));
    let written = std::fs::read(folder.path().join("cards/cards_full.csv")).unwrap();
    assert_eq!(written.len() as u64, result["bytes"].as_u64().unwrap());
    assert_eq!(std::fs::read_dir(folder.path().join(".tmp/cards")).unwrap().count(), 0);
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sales_are_listed_and_summed_up_by_the_days_of_the_shop() {
    let shop = Shop::new(30, Options::default()).await;
    let client = shop.fabric.client().await;
    for (item_id, cents) in [("a", 1_000), ("b", 1_250)] {
        let at: Timestamp = "2026-01-31T23:30:00Z".parse().unwrap();
        let sold = Sold {
            item_id: item_id.into(),
            card_id: shop.number("select min(id) from cards").await,
            title: "Pikachu; 1".into(),
            price: Decimal::new(cents - 200, 2),
            effective_price: Decimal::new(cents, 2),
            currency: "EUR".into(),
            url: None,
            seller: None,
            condition: None,
            listed_at: None,
            last_seen_at: at,
            detected_sold_at: at,
            is_reverse: false,
        };
        sold_listings::record(&client, &sold).await.unwrap();
    }
    let sales = file(&shop, json!({"kind": "sales", "from": "2026-02-01"})).await;
    assert_eq!(column(&sales, "detected_sold_at"), ["2026-02-01 00:30"; 2], "the shop's clock");
    assert_eq!(column(&sales, "shipping"), ["2.00", "2.00"]);
    assert_eq!(file(&shop, json!({"kind": "sales", "to": "2026-01-31"})).await.len(), 1);
    let summary = file(&shop, json!({"kind": "sales_summary"})).await;
    assert_eq!(summary.len(), 31);
    let wanted = ["2", "22.50", "11.25", "10.00", "12.50", "2026-02-01"];
    assert!(summary.iter().any(|row| row[6..] == wanted), "{summary:?}");
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_approves_sets_rejects_and_withdraws() {
    let mut shop = Shop::new(1, Options::default()).await;
    shop.workers(1);
    shop.batch(json!({})).await;
    let client = shop.fabric.client().await;
    let id = shop.number("select id from cards").await;
    let card = CardRef::Id(id);
    let say = |verdict| decide(&client, card, "alice", verdict, Some("looked at it"));
    let price = async || prices::get(&client, id).await.unwrap().unwrap();
    let (anchor, proposed) = explain(&client, card).await.unwrap().proposal().unwrap();

    say(Verdict::Withdraw).await.unwrap();
    assert_eq!(price().await.prices, None);
    assert!(say(Verdict::Approve).await.unwrap());
    let approved = price().await;
    assert_eq!(approved.prices.unwrap().neuf, proposed.neuf);
    assert_eq!(
        (approved.anchor, approved.anchor_source.as_deref()),
        (Some(anchor), Some("MANUAL"))
    );

    let own = Prices { neuf: eur("12.00"), bon: eur("8.00"), correct: eur("3.50") };
    assert!(say(Verdict::Set(own)).await.unwrap());
    assert_eq!(price().await.prices, Some(own));
    assert!(!say(Verdict::Reject).await.unwrap(), "what is on show stays");
    assert_eq!(price().await.prices, Some(own));

    for (wrong, field) in [
        (Prices { correct: eur("9"), ..own }, "correct"),
        (Prices { neuf: eur("-1"), ..own }, "neuf"),
    ] {
        let refused = say(Verdict::Set(wrong)).await.unwrap_err().to_string();
        assert!(refused.starts_with(field), "{refused}");
    }
    let kept = prices::decisions(&client, id, 9).await.unwrap();
    let words: Vec<&str> = kept.iter().map(|kept| kept.decision.as_str()).collect();
    assert_eq!(words, ["reject", "set", "approve", "withdraw"]);
    let logged = "select count(*) from audit_log where action = 'cards.decide' and actor = 'alice'";
    assert_eq!(shop.number(logged).await, 4);
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_pages_are_looked_at_only_when_somebody_asks() {
    let options = Options { listings_per_card: Some(900), ..Options::default() };
    let mut shop = Shop::new(1, options).await;
    shop.workers(1);
    let id = shop.number("select id from cards").await;
    let client = shop.fabric.client().await;
    let mut n_before = 0;
    for pages in [1, 2, 9] {
        let order = json!({"card_id": id, "pages": pages});
        let result = shop.fabric.done("cards.reprice", order).await.result.unwrap();
        let n_pages = result["total"].as_i64().unwrap().unsigned_abs().div_ceil(200);
        assert_eq!(result["calls"], n_pages.min(pages), "{result:#}");
        let look = commands::listings(&client, CardRef::Id(id)).await.unwrap();
        let ids: HashSet<&str> = look.listings.iter().map(|l| l.item_id.as_str()).collect();
        assert_eq!(ids.len(), look.listings.len(), "a listing on two pages counts once");
        assert!(ids.len() > n_before, "{} listings on {pages} pages", ids.len());
        n_before = ids.len();
    }
    shop.assert_settled().await;
    shop.fabric.stop().await;
}
