//! `cards.price`: one card of a batch.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::batches::{self, ItemEnd, ItemState};
use store::quota::Purpose;
use uuid::Uuid;

use crate::pricing::{Order, is_final, price};
use crate::{Command, Context, Failure};

/// Looks a card up on eBay and prices it; batches send many of these.
///
/// Calls that the quota does not allow are postponed until it does, without counting an attempt;
/// a card of a batch is deferred instead, and the batch goes on with it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PriceCard {
    /// The card's number in the catalogue.
    pub(crate) card_id: i64,
    /// The batch that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) batch_id: Option<Uuid>,
}

impl Command for PriceCard {
    const NAME: &'static str = "cards.price";
    const MAX_ATTEMPTS: i32 = 3;

    async fn run(self, context: Context) -> Result<Value, Failure> {
        let order = Order {
            card_id: self.card_id,
            batch_id: self.batch_id,
            purpose: Purpose::Batch,
            max_pages: 1,
            max_attempts: Self::MAX_ATTEMPTS,
        };
        let priced = price(order, &context).await;
        let Some(batch_id) = self.batch_id else { return priced };
        let end = |state, detail| ItemEnd { batch_id, card_id: self.card_id, state, detail };
        match &priced {
            // The batch goes on with it once there are calls again.
            Err(Failure::Postpone { reason, .. }) => {
                let client = context.store.client().await?;
                batches::end_item(&client, &end(ItemState::Deferred, reason)).await?;
                Ok(json!({ "deferred": reason }))
            }
            Err(failure) if is_final(failure, context.attempt, Self::MAX_ATTEMPTS) => {
                let (client, detail) = (context.store.client().await?, failure.to_string());
                batches::end_item(&client, &end(ItemState::Failed, &detail)).await?;
                priced
            }
            _ => priced,
        }
    }
}
