//! The shop's pages: what is decided, stopped, imported and exported there, and that nothing which
//! strangers wrote comes out as markup.

use std::time::Duration;

use cards::Listing;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, COOKIE};
use rust_decimal::Decimal;
use serde_json::json;
use store::catalogue::CardRef;
use store::prices::{self, Outcome, Priced, Publish};
use tests::Fabric;
use tests::simulator::{Options, Simulator};
use uuid::Uuid;

use crate::{Browser, Page, Site};

const SCRIPT: &str = "<script>alert(1)</script>";

/// Cards that were priced at a simulated marketplace, and the site in front of them.
pub(crate) struct Ground {
    pub(crate) fabric: Fabric,
    simulator: Simulator,
    pub(crate) site: Site,
    browser: Browser,
}

impl Ground {
    pub(crate) async fn new(n_cards: usize) -> Ground {
        let mut fabric = Fabric::new().await;
        let simulator = Simulator::start(Options::default()).await.unwrap();
        let mut client = fabric.client().await;
        let settings = [("ebay_requests_per_second", "1000"), ("interactive_reserve_percent", "0")];
        store::settings::set(&client, "test", &settings).await.unwrap();
        tests::stock(&mut client, n_cards).await.unwrap();
        drop(client);
        fabric.scheduler(scheduler::Config::default());
        fabric.card_worker(&simulator);
        let site = Site::start(&fabric.database).await;
        let browser = site.member().await;
        Ground { fabric, simulator, site, browser }
    }

    pub(crate) async fn open(&mut self, path: &str) -> Page {
        self.site.open(&mut self.browser, path).await
    }

    pub(crate) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.site.send(&mut self.browser, path, fields).await
    }

    /// Looks at every card, and returns one that has a proposal.
    async fn priced(&self) -> i64 {
        let report = self.fabric.done("batch.run", json!({})).await;
        assert_eq!(report.status, "succeeded", "{report:#?}");
        let query =
            "select card_id from buy_prices where neuf is not null order by neuf desc limit 1";
        self.site.number(query).await
    }

    /// The last look again, told as a leap that a person has to judge.
    pub(crate) async fn let_it_wait(
        &self,
        card_id: i64,
        confidence: f64,
        change: impl Fn(&mut Vec<Listing>),
    ) {
        let client = self.fabric.client().await;
        let last = store::snapshots::newest(&client, card_id).await.unwrap().unwrap();
        let look = commands::listings(&client, CardRef::Id(card_id)).await.unwrap();
        let mut listings = look.listings;
        change(&mut listings);
        // The form that listings had until they were kept in columns.
        let listings = serde_json::to_vec(&listings).unwrap();
        let listings = zstd::bulk::compress(&listings, 1).unwrap();
        let priced = Priced {
            card_id,
            command_id: Uuid::now_v7(),
            batch_id: None,
            calls: 1,
            taken_at: jiff::Timestamp::now(),
            query: &last.query,
            total: last.total,
            n_listings: last.n_listings,
            listings: Some(&listings),
            cardmarket: last.cardmarket,
            statistics: &last.statistics,
            outcome: Outcome {
                rule: "robust",
                verdict: "REVIEW",
                reason: Some("MOVE"),
                anchor: last.anchor,
                anchor_source: Some("EBAY_ACTIVE"),
                confidence: Some(confidence),
            },
            publish: Publish::Keep,
        };
        prices::write(&client, &priced).await.unwrap();
    }

    pub(crate) async fn stop(self) {
        self.site.stop().await;
        self.fabric.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn approving_publishes_the_proposal_and_undoing_takes_it_back() {
    let mut ground = Ground::new(12).await;
    let card = ground.priced().await;
    let client = ground.fabric.client().await;
    // What is on show is far from the proposal: somebody had set it.
    let old = prices::Prices { neuf: Decimal::ONE, bon: Decimal::ONE, correct: Decimal::ONE };
    let set = commands::Verdict::Set(old);
    commands::decide(&client, CardRef::Id(card), "nadia", set, None).await.unwrap();
    ground.let_it_wait(card, 0.8, |_| {}).await;
    let explained = commands::explain(&client, CardRef::Id(card)).await.unwrap();
    let (_, proposal) = explained.proposal().unwrap();
    assert_ne!(proposal.neuf, old.neuf);

    let page = ground.open("/review").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains(&format!("/cards/{card}/decide")), "{}", page.text);
    let path = format!("/cards/{card}/decide");
    // What somebody saw before another look is not what he would approve now.
    let stale = [("decision", "approve"), ("back", "/review"), ("proposal", "0.70")];
    let refused = ground.send(&path, &stale).await;
    assert_eq!(refused.location, format!("/review?done=card-changed&card={card}"));
    let price = prices::get(&client, card).await.unwrap().unwrap();
    assert_eq!((price.prices, price.verdict.as_str()), (Some(old), "REVIEW"));
    let seen = proposal.neuf.to_string();
    let fields = [("decision", "approve"), ("back", "/review"), ("proposal", seen.as_str())];
    let done = ground.send(&path, &fields).await;
    assert_eq!(done.location, format!("/review?done=card-decided&card={card}"));
    let price = prices::get(&client, card).await.unwrap().unwrap();
    assert_eq!(price.prices.map(|prices| prices.neuf), Some(proposal.neuf));
    assert_eq!(price.verdict, "OK");
    let page = ground.open(&done.location).await;
    assert!(page.text.contains(&format!("/cards/{card}/undo")), "{}", page.text);

    let undone = ground.send(&format!("/cards/{card}/undo"), &[("back", "/review")]).await;
    assert_eq!(undone.location, format!("/review?done=card-undone&card={card}"));
    let price = prices::get(&client, card).await.unwrap().unwrap();
    assert_eq!((price.prices, price.verdict.as_str()), (Some(old), "REVIEW"));
    assert_eq!(price.reason.as_deref(), Some("MOVE"));
    let told = "select count(*) from audit_log where action in ('cards.decide', 'cards.undo')
                and actor = 'nadia'";
    assert_eq!(ground.site.number(told).await, 3);
    drop(client);
    ground.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_strangers_wrote_is_text_on_every_page() {
    let mut ground = Ground::new(4).await;
    let card = ground.priced().await;
    ground
        .let_it_wait(card, 0.8, |listings| {
            for listing in listings {
                listing.title = SCRIPT.to_owned();
                listing.seller = SCRIPT.to_owned();
                listing.url = Some("javascript:alert(1)".to_owned());
            }
        })
        .await;
    let owner = ground.fabric.database.owner().await;
    let statements = format!(
        "update sets set name = '{SCRIPT}'; update series set name = '{SCRIPT}';
         update cards set name = '{SCRIPT}', rarity = '{SCRIPT}', last_error = '{SCRIPT}',
             error_count = 1;
         insert into sold_listings (item_id, card_id, title, price, effective_price, currency, url,
             seller, last_seen_at, detected_sold_at)
         values ('1', {card}, '{SCRIPT}', 1, 1, 'EUR', 'javascript:alert(1)', '{SCRIPT}', now(),
             now());
         update batch_items set state = 'failed', detail = '{SCRIPT}'"
    );
    owner.batch_execute(&statements).await.unwrap();
    let batch: Uuid = owner.query_one("select id from batch_runs", &[]).await.unwrap().get(0);
    let own = format!("/cards/{card}");
    let report = format!("/batches/{batch}");
    for path in ["/cards", &own, "/review", "/sets", "/sales", "/batches", &report] {
        let page = ground.open(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        assert!(!page.text.contains("<script>"), "{path}");
        assert!(!page.text.contains("href=\"javascript:"), "{path}");
        let shown = page.text.contains("&#60;script&#62;") || page.text.contains("&lt;script");
        assert!(shown || path == "/batches", "{path} shows nothing of it");
    }
    ground.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_shown_before_it_is_written_and_its_faulty_lines_stay_out() {
    let mut ground = Ground::new(3).await;
    let csv = format!(
        "id;name;local_id;unheard\nset1-1-NORMAL;{SCRIPT};;x\nnobody-1-NORMAL;Abra;;\n\
         set1-2-NORMAL;Raichu;2/102;\nset1-3-NORMAL;Raichu;;\n"
    );
    let page = upload(&mut ground, &csv).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in ["there is no card nobody-1-NORMAL", "unheard", "set1-3-NORMAL", ">3<", ">4<"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(!page.text.contains("<script>"));
    let changed = "select count(*) from cards where name_override is not null";
    assert_eq!(ground.site.number(changed).await, 0, "a preview writes nothing");

    let (_, rest) = page.text.split_once("name=\"key\" value=\"").unwrap();
    let key = rest.split('"').next().unwrap().to_owned();
    let page = ground.send("/import/confirm", &[("key", &key)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(ground.site.number(changed).await, 2);
    let told = "select count(*) from audit_log where action = 'catalogue.import-csv'";
    assert_eq!(ground.site.number(told).await, 1);
    // The file is handed over once.
    let again = ground.send("/import/confirm", &[("key", &key)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = ground.open("/cards?q=script").await;
    assert!(page.text.contains("&#60;script&#62;") && !page.text.contains("<script>"));

    let page = upload(&mut ground, "nothing;of;use\n1;2;3\n").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("Column id is missing"), "{}", page.text);
    ground.stop().await;
}

async fn upload(ground: &mut Ground, csv: &str) -> Page {
    ground.open("/import").await;
    let token = &ground.browser.token;
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n--x\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"cards.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{csv}\r\n--x--\r\n"
    );
    let request = ground.site.post("/import");
    let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=x").body(body);
    ground.browser.send(request).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_launched_stopped_and_resumed() {
    let mut ground = Ground::new(60).await;
    let estimate = ground.open("/batches?estimate=1&set=set1&mode=full&limit=").await;
    assert!(estimate.text.contains("Look at 60 cards"), "{}", estimate.text);
    let client = ground.fabric.client().await;
    let slow = [("ebay_requests_per_second", "5")];
    store::settings::set(&client, "test", &slow).await.unwrap();
    let launched =
        ground.send("/batches", &[("set", "set1"), ("mode", "full"), ("limit", "")]).await;
    let path = launched.location.clone();
    let id: Uuid = path.rsplit('/').next().unwrap().parse().unwrap();
    let some = "select count(*) > 2 from batch_items where state = 'succeeded'";
    ground.fabric.until_true(some).await;
    let page = ground.open(&format!("{path}?stop=1")).await;
    assert!(page.text.contains("Stop this batch?") && page.text.contains("data-live="));
    ground.send(&format!("{path}/stop"), &[]).await;
    ground.fabric.until(id, |command| command.status == "cancelled").await;
    let page = ground.open(&path).await;
    assert!(page.text.contains(&format!("action=\"{path}/resume\"")), "{}", page.text);

    let fast = [("ebay_requests_per_second", "1000")];
    store::settings::set(&client, "test", &fast).await.unwrap();
    ground.send(&format!("{path}/resume"), &[]).await;
    ground.fabric.until(id, |command| command.status == "succeeded").await;
    let done = "select count(*) from batch_items where state = 'succeeded'";
    assert_eq!(ground.site.number(done).await, 60);
    assert_eq!(ground.simulator.browse_calls(), 60, "no card is asked about twice");
    let page = ground.open(&path).await;
    assert!(!page.text.contains("data-live=") && !page.text.contains("/resume\""));
    drop(client);
    ground.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_that_is_refused_keeps_what_was_typed() {
    let mut ground = Ground::new(2).await;
    let card = ground.site.number("select min(id) from cards").await;
    let path = format!("/cards/{card}");
    let fields = [("name", "Raichu d'Alola"), ("local_id", "1/102"), ("is_active", "on")];
    let page = ground.send(&path, &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("value=\"Raichu d&#39;Alola\""), "{}", page.text);
    assert!(page.text.contains("href=\"#local_id\"") && page.text.contains("aria-invalid"));
    let overridden = "select count(*) from cards where name_override is not null";
    assert_eq!(ground.site.number(overridden).await, 0);
    let fields = [
        ("name", "Raichu d'Alola"),
        ("local_id", "1"),
        ("card_number_format", "LOCAL_ONLY"),
        ("ebay_query", "Raichu Alola 1/102"),
        ("is_active", "on"),
    ];
    let page = ground.send(&path, &fields).await;
    assert_eq!(page.location, format!("{path}?done=card-saved&card={card}"));
    assert_eq!(ground.site.number(overridden).await, 1);
    // A number that equals the source's is no correction.
    let numbers = "select count(*) from cards where local_id_override is not null";
    assert_eq!(ground.site.number(numbers).await, 0);
    ground.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_is_ordered_on_a_card_is_followed_there() {
    let mut ground = Ground::new(2).await;
    let card = ground.site.number("select min(id) from cards").await;
    let ordered = ground.send(&format!("/cards/{card}/reprice"), &[]).await;
    let (path, command) = ordered.location.split_once("?command=").unwrap();
    assert_eq!(path, format!("/cards/{card}"));
    let id: Uuid = command.parse().unwrap();
    ground.fabric.until(id, |command| command.status == "succeeded").await;
    let stream = ground.site.get(&format!("/live/cards/{card}/{id}"));
    let mut answer = stream.header(COOKIE, ground.browser.cookie_line()).send().await.unwrap();
    let mut heard = String::new();
    let told = async {
        while !heard.contains("The card was looked at.") {
            heard += std::str::from_utf8(&answer.chunk().await.unwrap().unwrap()).unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(30), told).await.unwrap();
    // Another card's page does not follow it.
    let other = ground.site.number("select max(id) from cards").await;
    let page = ground.open(&format!("/cards/{other}?command={id}")).await;
    assert!(!page.text.contains("data-live="));
    ground.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_files_of_ours_are_downloaded() {
    let mut ground = Ground::new(1).await;
    for path in [
        "/exports/cards/..%2Fsecret.csv",
        "/exports/cards/cards_full.csv",
        "/exports/cards/%2Fetc%2Fpasswd",
        "/exports/tenants/550e8400-e29b-41d4-a716-446655440000/..%2Fa.csv",
    ] {
        assert_eq!(ground.open(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let hidden = ground.send("/sets", &[("do", "hide-set set1")]).await;
    assert_eq!(hidden.status, StatusCode::SEE_OTHER);
    assert_eq!(ground.site.number("select count(*) from sets where hidden").await, 1);
    let unknown = ground.send("/sets", &[("do", "hide-set nothing")]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    ground.stop().await;
}
