//! A few cards with prices behind the API's back.

use cards::card::{Card, Cardmarket, Set};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use store::catalogue::{self, Authority, Incoming};
use store::prices::{self, Outcome, Priced, Prices, Publish, Written};
use tests::TestDatabase;
use uuid::Uuid;

use crate::Server;

/// Names as they are printed, in the order of their numbers from 1.
const NAMES: [&str; 7] =
    ["Évoli", "Abra", "Abra de Team", "Ho-Oh +", "Mélofée", "M. Mime. 3", "Ymphect"];

/// An API before a database with seven cards: all but the last are priced, two of them alike.
pub(crate) struct Shop {
    pub(crate) server: Server,
    pub(crate) key: String,
    pub(crate) owner: tokio_postgres::Client,
    /// Their numbers in the catalogue.
    pub(crate) cards: Vec<i64>,
}

impl Shop {
    pub(crate) async fn new(database: &TestDatabase) -> Shop {
        let server = Server::start(database).await;
        let (_, key) = server.tenant("Reader").await;
        let shop = Shop { cards: fill(&server).await, owner: database.owner().await, server, key };
        for (card, cents) in shop.cards.iter().zip([500, 900, 900, 1_200, 300, 700]) {
            shop.price(*card, cents).await;
        }
        // The feed holds back what has changed within seconds.
        let age = "update buy_prices set since = since - interval '1 minute'";
        shop.owner.batch_execute(age).await.unwrap();
        shop
    }

    /// Writes what a look at the marketplace found: the card sells for so much.
    pub(crate) async fn price(&self, card_id: i64, cents: i64) {
        let eur = |cents| Decimal::new(cents, 2);
        let buys = Prices { neuf: eur(cents / 2), bon: eur(cents / 3), correct: eur(cents / 4) };
        let priced = Priced {
            card_id,
            command_id: Uuid::now_v7(),
            batch_id: None,
            calls: 1,
            taken_at: Timestamp::now(),
            query: "Abra 1/102",
            total: 31,
            n_listings: 2,
            listings: None,
            cardmarket: Cardmarket::default(),
            statistics: &json!({"stage1": {"voices": 12}}),
            outcome: Outcome {
                rule: "robust",
                verdict: if cents < 500 { "LOW_CONF" } else { "OK" },
                reason: None,
                anchor: Some(eur(cents)),
                anchor_source: Some("EBAY_ACTIVE"),
                confidence: Some(0.9),
            },
            publish: Publish::Prices(buys),
        };
        let client = self.server.store.client().await.unwrap();
        let written = prices::write(&client, &priced).await.unwrap();
        assert!(matches!(written, Written::New { .. }));
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.server.get_as(&self.key, path).await;
        assert_eq!(status, reqwest::StatusCode::OK, "{path}: {answer}");
        answer
    }

    /// Walks from page to page, and returns the numbers of the cards in their order.
    pub(crate) async fn walk(&self, path: &str) -> Vec<i64> {
        let mut seen = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = self.get(&path).await;
            let cards = page["cards"].as_array().unwrap();
            seen.extend(cards.iter().map(|card| card["id"].as_i64().unwrap()));
            assert!(seen.len() <= NAMES.len(), "{path} leads in a circle");
            next = page["next"].as_str().map(str::to_owned);
        }
        seen
    }
}

/// The cards of one set; their numbers in the catalogue.
async fn fill(server: &Server) -> Vec<i64> {
    let mut client = server.store.client().await.unwrap();
    let set = Set { id: "exu".into(), name: "Zarbi".into(), ..Set::default() };
    let set = Set { serie_id: "ex".into(), ..set };
    catalogue::upsert_sets(&mut client, &[set]).await.unwrap();
    let cards: Vec<Card> = (1..).zip(NAMES).map(|(n, name)| card(n, name)).collect();
    let incoming: Vec<_> = cards.iter().map(|card| Incoming { card, ebay_query: None }).collect();
    catalogue::upsert_cards(&mut client, Authority::Source, &incoming).await.unwrap();
    let keys = catalogue::keys(&client).await.unwrap();
    keys.iter().map(|key| key.id).collect()
}

/// The last one has a sign in its id that means something in a path.
fn card(n: usize, name: &str) -> Card {
    let number = if n == NAMES.len() { "?".to_owned() } else { n.to_string() };
    let variant = cards::Variant::Normal;
    Card {
        tcgdex_id: Card::id_of(&format!("exu-{number}"), variant),
        set_id: "exu".into(),
        local_id: number,
        name: name.into(),
        set_name: "Zarbi".into(),
        card_number_full: Some(format!("{n}/28")),
        variant,
        is_active: true,
        ..Card::default()
    }
}
