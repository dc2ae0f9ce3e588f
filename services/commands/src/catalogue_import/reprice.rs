//! Reference prices from `TCGdex`, of cards that are known: one request for all variants of one.

use cards::Variant;
use futures::TryStreamExt as _;
use jiff::Timestamp;
use serde_json::{Value, json};
use store::catalogue::{Wanted, stream, update_cardmarket};

use super::figures::figures;
use crate::{Context, Failure, Progress};

/// Cards that are written at once: so many requests are made again when a worker dies.
const CHUNK: usize = 25;

/// A card of the source, and the catalogue's cards of it.
struct Product {
    source_id: String,
    cards: Vec<(i64, Variant)>,
}

pub(super) async fn run(set: Option<&str>, context: &Context) -> Result<Value, Failure> {
    let sources = context.market.sources()?;
    let products = products(set, context).await?;
    let (mut n_done, mut n_missing, mut n_changed) = (done_before(context).await?, 0, 0);
    let left = products.get(n_done..).unwrap_or_default();
    for chunk in left.chunks(CHUNK) {
        let (mut found, mut n_asked) = (Vec::new(), 0);
        for product in chunk {
            // What was asked for is written before the run ends.
            if context.cancelled.is_cancelled() {
                break;
            }
            n_asked += 1;
            let card = sources.card(&product.source_id).await?;
            let Some(known) = card.and_then(|card| card.cardmarket) else {
                n_missing += 1;
                continue;
            };
            let of_each = product.cards.iter();
            found.extend(
                of_each.filter_map(|(id, variant)| Some((*id, figures(&known.prices, *variant)?))),
            );
        }
        let client = context.store.client().await?;
        n_changed += update_cardmarket(&client, &found, Timestamp::now()).await?;
        drop(client);
        n_done += n_asked;
        let (done, total) = (n_done as u64, Some(products.len() as u64));
        context.checkpoint(&Progress { done, total, message: "prices".into() }).await?;
        context.check()?;
    }
    Ok(json!({ "asked": left.len(), "without_prices": n_missing, "changed": n_changed }))
}

/// In the order of the catalogue, which stays the same when a run is resumed.
async fn products(set: Option<&str>, context: &Context) -> Result<Vec<Product>, Failure> {
    let client = context.store.client().await?;
    let wanted = Wanted { set_id: set, without_query: false, visible: set.is_none() };
    let mut cards = std::pin::pin!(stream(&client, wanted).await?);
    let mut products: Vec<Product> = Vec::new();
    let mut places = std::collections::HashMap::new();
    while let Some(stored) = cards.try_next().await? {
        let source_id = stored.card.source_id().to_owned();
        let place = *places.entry(source_id.clone()).or_insert(products.len());
        if place == products.len() {
            products.push(Product { source_id, cards: Vec::new() });
        }
        products[place].cards.push((stored.id, stored.card.variant));
    }
    if products.is_empty() {
        let reason = "there are no such cards: import them without `prices_only` first";
        return Err(Failure::reject(reason));
    }
    Ok(products)
}

/// How far an earlier run of this very command has come.
async fn done_before(context: &Context) -> Result<usize, Failure> {
    let client = context.store.client().await?;
    let command = store::commands::get(&client, context.command_id).await?;
    let said =
        command.and_then(|command| serde_json::from_value::<Progress>(command.progress?).ok());
    Ok(said.map_or(0, |said| usize::try_from(said.done).unwrap_or(usize::MAX)))
}
