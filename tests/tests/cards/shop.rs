//! A shop with cards, a simulated marketplace, and workers.

use serde_json::{Value, json};
use store::quota::{self, Usage};
use tests::Fabric;
use tests::simulator::{Options, Simulator};

pub(crate) struct Shop {
    pub(crate) fabric: Fabric,
    pub(crate) simulator: Simulator,
}

impl Shop {
    /// With `n_cards` cards of one set, and no throttle that could be felt.
    pub(crate) async fn new(n_cards: usize, options: Options) -> Shop {
        let fabric = Fabric::new().await;
        let simulator = Simulator::start(options).await.unwrap();
        let shop = Shop { fabric, simulator };
        shop.set(&[("ebay_requests_per_second", "1000"), ("interactive_reserve_percent", "0")])
            .await;
        let mut client = shop.fabric.client().await;
        tests::stock(&mut client, n_cards).await.unwrap();
        shop
    }

    pub(crate) fn workers(&mut self, n: usize) {
        self.fabric.scheduler(scheduler::Config::default());
        for _ in 0..n {
            self.fabric.card_worker(&self.simulator);
        }
    }

    pub(crate) async fn set(&self, changes: &[(&str, &str)]) {
        let client = self.fabric.client().await;
        store::settings::set(&client, "test", changes).await.unwrap();
    }

    pub(crate) async fn usage(&self) -> Usage {
        quota::current(&self.fabric.client().await, "ebay").await.unwrap()
    }

    pub(crate) async fn number(&self, query: &str) -> i64 {
        let owner = self.fabric.database.owner().await;
        owner.query_one(query, &[]).await.unwrap().get(0)
    }

    pub(crate) async fn count(&self, query: &str) -> usize {
        self.number(query).await.try_into().unwrap()
    }

    /// Orders every card by itself, without a batch that would plan within the quota, and returns
    /// their numbers.
    pub(crate) async fn order_each(&self) -> Vec<i64> {
        let owner = self.fabric.database.owner().await;
        let rows = owner.query("select id from cards order by id", &[]).await.unwrap();
        let cards: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        for card_id in &cards {
            self.fabric.accept("cards.price", json!({ "card_id": card_id })).await;
        }
        cards
    }

    /// Runs a batch to its end, and returns its report.
    pub(crate) async fn batch(&self, parameters: Value) -> Value {
        let command = self.fabric.done("batch.run", parameters).await;
        assert_eq!(command.status, "succeeded", "{command:#?}");
        command.result.unwrap()
    }

    /// The window ends for the ledger and for eBay alike, and what waited is due.
    pub(crate) async fn roll(&self) {
        self.simulator.roll_window();
        let end = "update api_usage set window_end = clock_timestamp() - interval '1 minute';
                   update due set due_at = clock_timestamp()";
        self.fabric.database.owner().await.batch_execute(end).await.unwrap();
    }

    /// As if what dead workers held had lapsed.
    pub(crate) async fn lapse(&self) {
        let lapse = "
            update api_reservations set expires_at = clock_timestamp() where state = 'held';
            update commands set lease_until = clock_timestamp() where status = 'running';
            update due set due_at = clock_timestamp()";
        self.fabric.database.owner().await.batch_execute(lapse).await.unwrap();
    }

    /// Whether all calls of the window are used or held.
    pub(crate) async fn is_used_up(&self) -> bool {
        self.usage().await.free == 0
    }

    /// As if the pause in which eBay is left alone were over: what waited is due.
    pub(crate) async fn end_pause(&self) {
        let end = "update api_blocks set blocked_until = clock_timestamp(),
                       since = clock_timestamp() - (blocked_until - since);
                   update due set due_at = clock_timestamp();
                   select pg_notify('quota', 'ebay')";
        self.fabric.database.owner().await.batch_execute(end).await.unwrap();
    }

    /// Nothing failed, and the ledger agrees with the marketplace to the call.
    pub(crate) async fn assert_settled(&self) {
        self.fabric.until_true("select coalesce(sum(reserved), 0) = 0 from api_usage").await;
        let used = self.number("select coalesce(sum(used), 0)::bigint from api_usage").await;
        assert_eq!(used.unsigned_abs(), self.simulator.browse_calls());
    }
}
