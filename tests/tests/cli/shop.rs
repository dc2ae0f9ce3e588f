//! A shop on the command line: settings, files of cards, a batch, a price and why.

use std::fs;
use std::time::{Duration, Instant};

use rust_decimal::Decimal;
use serde_json::json;
use store::Role;
use tests::simulator::{Options, Simulator};

use crate::Site;

/// Line 3 has two mistakes, line 5 names a card that is not there.
const ROWS: &str = "\
id;name;local_id;set_id;set_name;set_cardcount_official;variant
;Pikachu;1;set1;Premier set;102;
;;2/102;set1;;;
;Pikachu;3;set1;;102;REVERSE
base1-4-HOLO;Dracaufeu;;;;;
;Pikachu;2;set1;;102;
";

impl Site {
    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    async fn number(&self, query: &str) -> i64 {
        self.database.owner().await.query_one(query, &[]).await.unwrap().get(0)
    }

    async fn until_true(&self, query: &str) {
        let owner = self.database.owner().await;
        let started = Instant::now();
        while !owner.query_one(query, &[]).await.unwrap().get::<_, bool>(0) {
            assert!(started.elapsed() < Duration::from_mins(1), "waited too long for: {query}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Everything that is not ours is simulated.
    fn trade_with(&mut self, simulator: &Simulator) {
        let (options, url) = (Options::default(), simulator.url());
        let guide = format!("{url}/productCatalog/priceGuide/price_guide_6.json");
        self.variables.extend([
            ("EBAY_CLIENT_ID", options.client_id),
            ("EBAY_CLIENT_SECRET", options.client_secret),
            ("EBAY_API_URL", url.to_owned()),
            ("TCGDEX_URL", format!("{url}/v2/fr")),
            ("CARDMARKET_PRICE_GUIDE_URL", guide),
            ("ECB_RATES_URL", format!("{url}/stats/eurofxref/eurofxref-daily.xml")),
        ]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_changed_all_or_none_and_logged() {
    let site = Site::new().await;
    let refused = site.run("settings set daily_api_limit=50 batch_hour=25 colour=red").await;
    assert_eq!(refused.code(), 3, "{}", refused.err());
    assert!(refused.err().contains("`batch_hour` cannot be `25`"), "{}", refused.err());
    assert!(refused.err().contains("`colour` is no setting"), "{}", refused.err());
    assert_eq!(site.run("settings get daily_api_limit").await.out(), "5000\n");
    let set = site.run("settings set daily_api_limit=50 batch_hour=3 --json").await.json();
    assert_eq!(set, json!([{"key": "daily_api_limit", "before": "5000", "after": "50"}]));
    let all = site.run("settings get --json").await.json();
    let limit = all.as_array().unwrap().iter().find(|one| one["key"] == "daily_api_limit");
    assert_eq!(limit.unwrap()["value"], "50");
    let logged = "select count(*) from audit_log where actor = 'cli' and action = 'settings.set'";
    assert_eq!(site.number(logged).await, 1);
    assert_eq!(site.run("settings get colour").await.code(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_previewed_and_imported_with_errors_by_line() {
    let site = Site::new().await;
    let file = site.write("cards.csv", ROWS);
    let cards = "select count(*) from cards";
    for (flag, expected) in [(" --preview", 0), ("", 3)] {
        let ran = site.run(&format!("import-csv {file}{flag}")).await;
        assert_eq!(ran.code(), 1, "two lines are left out: {}", ran.err());
        for part in ["line 3: column `local_id`", "`name`", "line 5: column `id`: there is no card"]
        {
            assert!(ran.err().contains(part), "{part}: {}", ran.err());
        }
        assert!(ran.out().contains("3 created, 0 updated"), "{}", ran.out());
        assert_eq!(ran.out().contains("line 4: set1-3-REVERSE new"), expected == 0);
        assert_eq!(site.number(cards).await, expected);
    }
    let asked = site.run("test-query set1-3-REVERSE").await;
    assert_eq!(asked.out(), "Pikachu 3/102\n", "{}", asked.err());

    let change = "id;name\nset1-1-NORMAL;Raichu\nset1-2-NORMAL;Pikachu\n";
    let changed = site.run(&format!("import-csv {} --json", site.write("b.csv", change))).await;
    let changed = changed.json();
    assert_eq!(changed["cards"], json!({"created": 0, "updated": 1, "unchanged": 1}));
    assert_eq!(changed["changes"][0]["columns"], json!(["name"]));
    assert_eq!(site.run("test-query set1-1-NORMAL").await.out(), "Raichu 1/102\n");
    // A file without columns is refused whole.
    let empty = site.run(&format!("import-csv {}", site.write("empty.csv", ""))).await;
    assert!(empty.err().contains("the file is empty"), "{}", empty.err());
    assert_eq!(site.run("import-csv nowhere.csv").await.code(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_is_imported_once_and_can_be_asked_for() {
    let site = Site::new().await;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/catalogue.csv");
    let preview = site.run(&format!("import-csv {file} --preview --json")).await.json();
    assert_eq!(site.number("select count(*) from cards").await, 0);
    let imported = site.run(&format!("import-csv {file} --json")).await.json();
    assert_eq!(imported["cards"], preview["cards"]);
    assert_eq!(imported["cards"]["created"], site.number("select count(*) from cards").await);
    let again = site.run(&format!("import-csv {file} --preview --json")).await.json();
    assert_eq!(again["cards"]["unchanged"], imported["cards"]["created"], "{again:#}");

    let fresh = site.run("generate-queries --json").await.json();
    let nameless = site.number("select count(*) from cards where ebay_query is null").await;
    assert_eq!((&fresh["cards"], &fresh["changed"]), (&json!(nameless), &json!(0)));
    site.database.owner().await.execute("update cards set ebay_query = 'x'", &[]).await.unwrap();
    let forced = site.run("generate-queries --force --json").await.json();
    assert_eq!(forced["changed"], imported["cards"]["created"]);
    let stats = site.run("stats --json").await.json();
    assert_eq!(stats["cards"]["cards"], imported["cards"]["created"], "{stats:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_watched_and_a_price_explained() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let mut site = Site::new().await;
    site.trade_with(&simulator);
    let (process, _) = site.start().await;
    site.run(&format!("import-csv {}", site.write("cards.csv", ROWS))).await;
    assert_eq!(site.run("settings set ebay_requests_per_second=1000").await.code(), 0);
    let unpriced = site.run("explain set1-1-NORMAL").await;
    assert!(unpriced.err().contains("price it first"), "{}", unpriced.err());

    let batch = site.run("run-batch --card set1-1-NORMAL --card set1-2-NORMAL --watch").await;
    assert_eq!(batch.code(), 0, "{}{}", batch.out(), batch.err());
    assert!(batch.out().contains("succeeded") && batch.out().contains("odd: "), "{}", batch.out());
    let rest = site.run("run-batch --watch --json").await.json();
    assert_eq!(rest["report"]["progress"]["succeeded"], 1, "{rest:#}");
    assert_eq!(rest["report"]["quota"]["used"], 3);

    let explained = site.run("explain set1-1-NORMAL --json").await.json();
    let listings = explained["listings"].as_array().unwrap();
    assert!(!listings.is_empty(), "{explained:#}");
    let rejected = listings.iter().filter(|listing| listing["role"] == "rejected");
    assert!(rejected.into_iter().all(|listing| listing["rejection"].is_string()));
    let shown = site.run("explain set1-1-NORMAL").await;
    assert!(shown.out().contains("right within 30 %"), "{}", shown.out());
    let same = site.run("replay --json").await.json();
    assert_eq!((&same["snapshots"], &same["changed"]), (&json!(3), &json!([])));
    let other = site.run("replay --rule classic --json").await.json();
    assert_eq!(other["changed"][0]["after"]["rule"], "classic", "{other:#}");
    assert_eq!(site.run("settings set pricing={\"rule\":\"classic\"}").await.code(), 0);
    let classic = site.run("explain set1-1-NORMAL --json").await.json();
    let shown = site.run("explain set1-1-NORMAL").await;
    let anchor: Decimal = classic["classic"]["anchor"]["eur"].as_str().unwrap().parse().unwrap();
    let sells_for = format!("sells for {} EUR", anchor.round_dp(2));
    let buys_for =
        format!("neuf {},", classic["classic"]["buy"]["prices"]["neuf"].as_str().unwrap());
    for words in ["classic: ", "of 100 points", &sells_for, &buys_for] {
        assert!(shown.out().contains(words), "{words}: {}", shown.out());
    }
    let price = site.run("price set1-3-REVERSE --json").await.json();
    assert_eq!(price["result"]["card"], "set1-3-REVERSE");
    let imported = site.run("import-catalogue --source ecb --watch --json").await.json();
    assert_eq!(imported["result"]["currencies"], 6);
    let refused = site.run("import-catalogue --source ecb --set base1").await;
    assert_eq!(refused.code(), 3, "{}", refused.err());
    site.clean_up(process).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_stopped_and_resumed() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let mut site = Site::new().await;
    site.trade_with(&simulator);
    let store = site.database.store(Role::Worker);
    tests::stock(&mut store.client().await.unwrap(), 60).await.unwrap();
    let (process, _) = site.start().await;
    let asked = site.run("batch stop").await;
    assert!(asked.code() == 1 && asked.err().contains("no batch is running"), "{}", asked.err());

    assert_eq!(site.run("settings set ebay_requests_per_second=5").await.code(), 0);
    let ordered = site.run("run-batch --json").await.json();
    site.until_true("select count(*) > 2 from batch_items where state = 'succeeded'").await;
    assert_eq!(site.run("batch stop").await.code(), 0);
    assert_eq!(site.run("settings set ebay_requests_per_second=1000").await.code(), 0);
    site.until_true("select state = 'stopped' from batch_runs").await;
    let stopped = site.run("batch status --json").await.json();
    assert_eq!(stopped["batch"]["id"], ordered["id"]);
    assert!(stopped["progress"]["succeeded"].as_i64().unwrap() < 60, "{stopped:#}");
    assert!(site.run("batch status").await.out().contains("stopped: "));

    assert_eq!(site.run("batch resume").await.code(), 0);
    site.until_true("select state = 'finished' from batch_runs").await;
    let finished = site.run("batch status --json").await.json();
    assert_eq!(finished["progress"]["succeeded"], 60, "{finished:#}");
    site.clean_up(process).await;
}
