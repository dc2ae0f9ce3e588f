//! The file of listings, and that of sets.

use cards::classic::{self, Bucket};
use cards::{Listing, Shipping};
use exports::Sheet;
use jiff::Timestamp;
use store::catalogue::{StoredCard, StoredSet};
use store::prices::RawListings;

use super::shop::Shop;
use crate::Failure;
use crate::pricing::decompress;

/// One row per listing of the newest look at each card that is no other card's. `price_ht` is the
/// price without postage.
pub(super) const LISTINGS: &[&str] = &[
    "tcgdex_id",
    "card_name",
    "set_id",
    "set_name",
    "serie_id",
    "card_number",
    "listing_type",
    "title",
    "effective_price",
    "price_ht",
    "shipping",
    "currency",
    "condition",
    "seller",
    "listing_date",
    "url",
    "snapshot_date",
];

/// One row per set that is not hidden.
pub(super) const SETS: &[&str] = &["serie_id", "serie_name", "set_id", "set_name", "release_date"];

/// A card with what was seen of it, and when.
pub(super) type Seen = (StoredCard, Timestamp, Vec<Listing>);

pub(super) fn seen((stored, raw): (StoredCard, RawListings)) -> Result<Seen, Failure> {
    Ok((stored, raw.taken_at, decompress(&raw.bytes)?))
}

pub(super) fn listings(sheet: &mut Sheet, (stored, now, listings): &Seen, shop: &Shop) {
    let market = classic::Market { listings, active_count: 0, rates: &shop.rates, now: *now };
    let sorted = classic::value(&stored.card, &market, None, &shop.pricing).listings;
    for (listing, bucket) in listings.iter().zip(sorted) {
        let Ok(bucket) = bucket else { continue };
        let card = &stored.card;
        sheet.text(Some(&card.tcgdex_id));
        sheet.text(Some(card.effective_name()));
        sheet.text(Some(&card.set_id));
        sheet.text(Some(card.effective_set_name()));
        sheet.text(shop.serie_of(&card.set_id));
        let number = card.effective_number_full();
        sheet.text(number.as_deref().or(Some(card.effective_local_id())));
        sheet.plain(Some(match bucket {
            Bucket::Main => "normal",
            Bucket::Reverse => "reverse",
            Bucket::Graded => "graded",
        }));
        offer(sheet, listing, shop);
        sheet.plain(Some(shop.day(*now)));
        sheet.end_row();
    }
}

fn offer(sheet: &mut Sheet, listing: &Listing, shop: &Shop) {
    let Listing { price, .. } = listing;
    let shipping = match &listing.shipping {
        Shipping::Fixed(money) if money.currency == price.currency => Some(money.amount),
        _ => None,
    };
    sheet.text(Some(&listing.title));
    sheet.plain(Some(price.amount + shipping.unwrap_or_default()));
    sheet.plain(Some(price.amount));
    sheet.plain(shipping);
    sheet.text(Some(price.currency.as_str()));
    sheet.text(listing.condition.as_deref());
    sheet.text(Some(&listing.seller));
    sheet.plain(listing.listed_at.map(|at| shop.day(at)));
    sheet.text(listing.url.as_deref());
}

pub(super) fn set(sheet: &mut Sheet, stored: &StoredSet, _: &Shop) {
    let set = &stored.set;
    sheet.text(Some(&set.serie_id));
    sheet.text(set.serie_name.as_deref());
    sheet.text(Some(&set.id));
    sheet.text(Some(&set.name));
    sheet.plain(set.release_date);
    sheet.end_row();
}
