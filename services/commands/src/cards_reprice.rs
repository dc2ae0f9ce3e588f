//! `cards.reprice`: one card, now.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::quota::Purpose;

use crate::pricing::{Order, price};
use crate::{Command, Context, Failure, Invalid};

/// Looks one card up on eBay now and prices it, from the calls that are kept for people who wait.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RepriceCard {
    /// The card's number in the catalogue.
    pub(crate) card_id: i64,
    /// Pages of 200 listings to look at, each one call; 1 when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pages: Option<u16>,
}

/// eBay shows no listing beyond its ten thousandth.
const MAX_PAGES: u16 = 50;

impl Command for RepriceCard {
    const NAME: &'static str = "cards.reprice";
    // Its own, so that it never waits behind a batch.
    const LANE: Option<&'static str> = Some("reprice");
    const MAX_ATTEMPTS: i32 = 3;

    fn validate(&self) -> Result<(), Invalid> {
        if self.card_id < 1 {
            return Err(Invalid::new("card_id", "must be the number of a card, such as 17"));
        }
        if self.pages.is_some_and(|pages| !(1..=MAX_PAGES).contains(&pages)) {
            return Err(Invalid::new("pages", format!("must be between 1 and {MAX_PAGES}")));
        }
        Ok(())
    }

    async fn run(self, context: Context) -> Result<Value, Failure> {
        let order = Order {
            card_id: self.card_id,
            batch_id: None,
            purpose: Purpose::Interactive,
            max_pages: self.pages.unwrap_or(1),
            max_attempts: Self::MAX_ATTEMPTS,
        };
        price(order, &context).await
    }
}
