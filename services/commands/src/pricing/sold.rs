//! Listings that were there last time and are not now: were they sold?

use std::collections::HashSet;

use cards::Listing;
use cards::appraisal::Sample;
use cards::landed::Landed;
use cards::robust::Evidence;
use ebay::{Outcome, Page};
use store::prices::{Inputs, RawListings};
use store::quota::Purpose;
use store::sold_listings::{self, Sold};

use super::packed::decompress;
use crate::market::{Errand, Guide, Item, Market};
use crate::{Context, Failure};

/// Calls that one look at a card may spend on this.
const MAX_CONFIRMATIONS: usize = 1;

/// Asks eBay about the cheapest listing of this card that has vanished, and keeps it when it was
/// sold. Only where all listings are on the page: elsewhere one may just have moved to another.
/// Returns how many calls may have left. What goes wrong here is no reason not to price the card.
pub(super) async fn confirm(
    known: &Inputs,
    page: &Page,
    guide: &Guide,
    market: &Market,
    context: &Context,
) -> i32 {
    let mut errand = Errand { store: &context.store, purpose: Purpose::Reconcile, n_calls: 0 };
    if is_whole(page)
        && is_worth_it(known, guide)
        && let Some(before) = &known.listings
        && let Err(failure) = look(known, before, page, guide, market, &mut errand).await
    {
        tracing::debug!(%failure, card = known.card.card.tcgdex_id, "sales are not confirmed");
    }
    errand.n_calls
}

/// A listing that cannot be read is there all the same.
fn is_whole(page: &Page) -> bool {
    page.total == (page.listings.len() + page.unreadable.len()) as u64
}

/// A sale of a cheap card is not worth a call.
fn is_worth_it(known: &Inputs, guide: &Guide) -> bool {
    let price = known.price.as_ref().and_then(|price| price.estimate);
    price.is_some_and(|price| price >= guide.settings.low_value_threshold)
}

async fn look(
    known: &Inputs,
    before: &RawListings,
    page: &Page,
    guide: &Guide,
    market: &Market,
    errand: &mut Errand<'_>,
) -> Result<(), Failure> {
    let listings = decompress(&before.bytes)?;
    for (listing, landed) in vanished(known, &listings, page, guide) {
        let state = market.call(errand, &Item(&listing.item_id)).await?;
        if state.outcome(known.now) == Outcome::Sold {
            let client = errand.store.client().await?;
            sold_listings::record(&client, &sold(known, before, listing, landed)).await?;
        }
    }
    Ok(())
}

/// What is missing now of the listings that counted then, cheapest first.
fn vanished<'a>(
    known: &Inputs,
    before: &'a [Listing],
    page: &Page,
    guide: &Guide,
) -> Vec<(&'a Listing, Landed)> {
    let unreadable = page.unreadable.iter().filter_map(|l| l.item_id.as_deref());
    let here: HashSet<&str> =
        page.listings.iter().map(|l| l.item_id.as_str()).chain(unreadable).collect();
    if before.iter().all(|listing| here.contains(listing.item_id.as_str())) {
        return Vec::new();
    }
    let target = known.card.card.target(&known.known_variants);
    let appraisal = guide.appraiser.appraise(&Sample {
        target: &target,
        listings: before,
        rates: &guide.rates,
        evidence: &Evidence::default(),
        paid_before: None,
    });
    let mut missing: Vec<(&Listing, Landed)> = before
        .iter()
        .zip(appraisal.listings)
        .filter(|(listing, _)| !here.contains(listing.item_id.as_str()))
        .filter_map(|(listing, landed)| Some((listing, landed.ok()?)))
        .collect();
    missing.sort_by_key(|(_, landed)| landed.near_mint_eur);
    missing.truncate(MAX_CONFIRMATIONS);
    missing
}

fn sold(known: &Inputs, before: &RawListings, listing: &Listing, landed: Landed) -> Sold {
    Sold {
        item_id: listing.item_id.clone(),
        card_id: known.card.id,
        title: listing.title.clone(),
        price: landed.item_eur,
        effective_price: landed.item_eur + landed.shipping_eur,
        currency: "EUR".to_owned(),
        url: listing.url.clone(),
        seller: Some(listing.seller.clone()),
        condition: listing.condition.clone(),
        listed_at: listing.listed_at,
        last_seen_at: before.taken_at,
        detected_sold_at: known.now,
        is_reverse: known.card.card.variant == cards::Variant::Reverse,
    }
}
