//! Reference prices from Cardmarket's file.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use cards::card::Cardmarket;
use catalogue::{CardPrices, PriceGuide};
use serde_json::{Value, json};
use store::catalogue::{Key, keys, update_cardmarket};

use super::figures::figures;
use crate::{Context, Failure};

type Products = HashMap<i64, CardPrices>;

pub(super) async fn run(context: &Context) -> Result<Value, Failure> {
    context.progress(0, None, "downloading");
    let keys: Vec<Key> = keys(&context.store.client().await?).await?;
    if keys.iter().all(|key| key.cardmarket_id.is_none()) {
        return Err(Failure::reject("no card of the catalogue has a product at Cardmarket"));
    }
    let (guide, products) = download(&keys, context).await?;
    context.check()?;
    let found: Vec<(i64, Cardmarket)> = keys.iter().filter_map(|key| of(key, &products)).collect();
    let client = context.store.client().await?;
    let n_changed = update_cardmarket(&client, &found, guide.created_at).await?;
    Ok(json!({
        "created_at": guide.created_at,
        "products": guide.n_entries,
        "cards": found.len(),
        "changed": n_changed,
    }))
}

/// The products of the catalogue; nothing is kept of a file that is not whole.
async fn download(keys: &[Key], context: &Context) -> Result<(PriceGuide, Products), Failure> {
    let wanted: HashSet<i64> = keys.iter().filter_map(|key| key.cardmarket_id).collect();
    let products = Arc::new(Mutex::new(Products::new()));
    let kept = Arc::clone(&products);
    let guide = context.market.sources()?.price_guide(move |entry| {
        let id = i64::try_from(entry.id_product).ok().filter(|id| wanted.contains(id));
        if let Some(id) = id {
            kept.lock().unwrap_or_else(PoisonError::into_inner).insert(id, entry.prices);
        }
    });
    let guide = guide.await?;
    let products = std::mem::take(&mut *products.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((guide, products))
}

fn of(key: &Key, products: &Products) -> Option<(i64, Cardmarket)> {
    let prices = products.get(&key.cardmarket_id?)?;
    Some((key.id, figures(prices, key.variant)?))
}
