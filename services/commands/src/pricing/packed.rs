//! Listings as snapshots keep them: JSON, compressed.
//!
//! In columns: the names of the fields stand there once, and like stands beside like. That takes a
//! seventh less room than an object for each listing, and three tenths less time to write.

use std::borrow::Cow;
use std::mem;

use cards::{BuyingOption, Country, Currency, Listing, Money, Shipping};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::Failure;

/// The fastest level: 200 listings become about 8 KB.
const LEVEL: i32 = 1;
/// Room for one.
const LISTING_BYTES: usize = 384;
/// More than any page of listings takes; a snapshot that claims more is damaged.
const MAX_BYTES: usize = 16 << 20;

/// One element for each listing in every column.
#[derive(Serialize, Deserialize)]
struct Columns<'a> {
    item_id: Vec<Cow<'a, str>>,
    title: Vec<Cow<'a, str>>,
    price: Vec<Amount>,
    shipping: Vec<Postage>,
    condition_id: Vec<Option<Cow<'a, str>>>,
    condition: Vec<Option<Cow<'a, str>>>,
    seller: Vec<Cow<'a, str>>,
    seller_feedback_score: Vec<Option<i64>>,
    country: Vec<Option<Country>>,
    buying_options: Vec<Cow<'a, [BuyingOption]>>,
    is_variation: Vec<bool>,
    is_sponsored: Vec<bool>,
    /// Microseconds since 1970.
    listed_at: Vec<Option<i64>>,
    url: Vec<Option<Cow<'a, str>>>,
}

/// [`Money`] without the names of its fields.
type Amount = (Decimal, Currency);

/// [`Shipping`] of such amounts.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Postage {
    Fixed(Amount),
    Calculated,
    Unknown,
}

pub(crate) fn compress(listings: &[Listing]) -> Result<Vec<u8>, Failure> {
    let mut json = Vec::with_capacity(listings.len() * LISTING_BYTES);
    serde_json::to_writer(&mut json, &Columns::of(listings)).map_err(Failure::reject)?;
    zstd::bulk::compress(&json, LEVEL).map_err(Failure::reject)
}

pub(crate) fn decompress(bytes: &[u8]) -> Result<Vec<Listing>, Failure> {
    let json = zstd::bulk::decompress(bytes, MAX_BYTES).map_err(Failure::reject)?;
    // Until December 2026 each listing was an object of its own.
    if json.starts_with(b"[") {
        return serde_json::from_slice(&json).map_err(Failure::reject);
    }
    let columns: Columns<'_> = serde_json::from_slice(&json).map_err(Failure::reject)?;
    columns.into_listings().ok_or_else(|| Failure::reject("a column of the listings is too short"))
}

impl<'a> Columns<'a> {
    fn of(listings: &'a [Listing]) -> Columns<'a> {
        Columns {
            item_id: column(listings, |listing| listing.item_id.as_str().into()),
            title: column(listings, |listing| listing.title.as_str().into()),
            price: column(listings, |listing| amount(listing.price)),
            shipping: column(listings, |listing| listing.shipping.into()),
            condition_id: column(listings, |listing| {
                listing.condition_id.as_deref().map(Cow::from)
            }),
            condition: column(listings, |listing| listing.condition.as_deref().map(Cow::from)),
            seller: column(listings, |listing| listing.seller.as_str().into()),
            seller_feedback_score: column(listings, |listing| listing.seller_feedback_score),
            country: column(listings, |listing| listing.country),
            buying_options: column(listings, |listing| listing.buying_options.as_slice().into()),
            is_variation: column(listings, |listing| listing.is_variation),
            is_sponsored: column(listings, |listing| listing.is_sponsored),
            listed_at: column(listings, |listing| listing.listed_at.map(Timestamp::as_microsecond)),
            url: column(listings, |listing| listing.url.as_deref().map(Cow::from)),
        }
    }

    /// `None` when a column is shorter than that of the ids.
    fn into_listings(mut self) -> Option<Vec<Listing>> {
        (0..self.item_id.len()).map(|at| self.listing(at)).collect()
    }

    fn listing(&mut self, at: usize) -> Option<Listing> {
        Some(Listing {
            item_id: taken(&mut self.item_id, at)?.into_owned(),
            title: taken(&mut self.title, at)?.into_owned(),
            price: money(*self.price.get(at)?),
            shipping: (*self.shipping.get(at)?).into(),
            condition_id: taken(&mut self.condition_id, at)?.map(Cow::into_owned),
            condition: taken(&mut self.condition, at)?.map(Cow::into_owned),
            seller: taken(&mut self.seller, at)?.into_owned(),
            seller_feedback_score: *self.seller_feedback_score.get(at)?,
            country: *self.country.get(at)?,
            buying_options: taken(&mut self.buying_options, at)?.into_owned(),
            is_variation: *self.is_variation.get(at)?,
            is_sponsored: *self.is_sponsored.get(at)?,
            listed_at: self.listed_at.get(at)?.map(Timestamp::from_microsecond).transpose().ok()?,
            url: taken(&mut self.url, at)?.map(Cow::into_owned),
        })
    }
}

fn amount(money: Money) -> Amount {
    (money.amount, money.currency)
}

fn money((amount, currency): Amount) -> Money {
    Money { amount, currency }
}

impl From<Shipping> for Postage {
    fn from(shipping: Shipping) -> Postage {
        match shipping {
            Shipping::Fixed(cost) => Postage::Fixed(amount(cost)),
            Shipping::Calculated => Postage::Calculated,
            Shipping::Unknown => Postage::Unknown,
        }
    }
}

impl From<Postage> for Shipping {
    fn from(postage: Postage) -> Shipping {
        match postage {
            Postage::Fixed(cost) => Shipping::Fixed(money(cost)),
            Postage::Calculated => Shipping::Calculated,
            Postage::Unknown => Shipping::Unknown,
        }
    }
}

fn column<'a, T>(listings: &'a [Listing], field: impl Fn(&'a Listing) -> T) -> Vec<T> {
    listings.iter().map(field).collect()
}

fn taken<T: Default>(column: &mut [T], at: usize) -> Option<T> {
    column.get_mut(at).map(mem::take)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listings() -> Vec<Listing> {
        let bare = Listing {
            item_id: "v1|1|0".into(),
            title: "Carte \"Pokémon\" 4/102".into(),
            price: Money { amount: "4.50".parse().unwrap(), currency: cards::Currency::EUR },
            shipping: Shipping::Unknown,
            condition_id: None,
            condition: None,
            seller: "élise".into(),
            seller_feedback_score: None,
            country: None,
            buying_options: Vec::new(),
            is_variation: false,
            is_sponsored: true,
            listed_at: None,
            url: None,
        };
        let full = Listing {
            item_id: "v1|2|0".into(),
            shipping: Shipping::Fixed(bare.price),
            condition_id: Some("4000".into()),
            condition: Some("Non gradée".into()),
            seller_feedback_score: Some(-1),
            country: "FR".parse().ok(),
            buying_options: vec![BuyingOption::FixedPrice, BuyingOption::BestOffer],
            is_variation: true,
            is_sponsored: false,
            listed_at: "2026-10-01T10:00:00.123Z".parse().ok(),
            url: Some("https://www.ebay.fr/itm/2".into()),
            ..bare.clone()
        };
        vec![bare, full]
    }

    #[test]
    fn listings_come_back_as_they_were() {
        for listings in [Vec::new(), listings()] {
            assert_eq!(decompress(&compress(&listings).unwrap()).unwrap(), listings);
        }
    }

    #[test]
    fn the_form_of_before_is_read() {
        let json = serde_json::to_vec(&listings()).unwrap();
        let bytes = zstd::bulk::compress(&json, LEVEL).unwrap();
        assert_eq!(decompress(&bytes).unwrap(), listings());
    }

    #[test]
    fn damaged_bytes_are_an_error() {
        assert!(decompress(b"not compressed").is_err());
        let mut columns = Columns::of(listings().leak());
        columns.url.pop();
        assert_eq!(columns.into_listings(), None);
    }
}
