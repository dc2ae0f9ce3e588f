//! A listing in eBay's words, and its translation.

use std::fmt;

use cards::{BuyingOption, Country, Currency, Listing, Money, Shipping};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, Visitor};

use crate::page::Unreadable;

/// An element of `itemSummaries`: the fields that are used. What eBay always sends is required.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary<'a> {
    item_id: String,
    title: String,
    price: Option<Amount>,
    /// Of an auction without a fixed price.
    current_bid_price: Option<Amount>,
    condition_id: Option<String>,
    condition: Option<String>,
    seller: Seller,
    #[serde(default)]
    shipping_options: Vec<ShippingOption>,
    #[serde(default)]
    buying_options: Vec<WireBuyingOption>,
    item_location: Option<Location>,
    item_group_type: Option<IgnoredAny>,
    item_web_url: Option<String>,
    item_creation_date: Option<&'a str>,
    item_origin_date: Option<&'a str>,
    #[serde(default)]
    priority_listing: bool,
}

/// eBay writes amounts as text. A number in its place is a wrong answer, and is refused.
#[derive(Deserialize)]
pub(crate) struct Amount {
    value: Exact,
    currency: Currency,
}

struct Exact(Decimal);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seller {
    username: String,
    feedback_score: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ShippingOption {
    shipping_cost_type: Option<CostType>,
    shipping_cost: Option<Amount>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum CostType {
    Calculated,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Location {
    country: Option<Country>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum WireBuyingOption {
    FixedPrice,
    Auction,
    BestOffer,
    #[serde(other)]
    Other,
}

impl Summary<'_> {
    /// The listing, or why it is none.
    pub(crate) fn into_listing(self) -> Result<Listing, Unreadable> {
        let read = || {
            let price = positive(self.price.or(self.current_bid_price))?;
            // Only the one that counts: reading both takes twice as long.
            let listed_at = self.item_origin_date.or(self.item_creation_date).map(instant);
            Ok((price, shipping(self.shipping_options)?, listed_at.transpose()?))
        };
        let (price, shipping, listed_at) = match read() {
            Ok(read) => read,
            Err(reason) => return Err(Unreadable { item_id: Some(self.item_id), reason }),
        };
        Ok(Listing {
            item_id: self.item_id,
            title: self.title,
            price,
            shipping,
            condition_id: self.condition_id,
            condition: self.condition,
            seller: self.seller.username,
            seller_feedback_score: self.seller.feedback_score,
            country: self.item_location.and_then(|location| location.country),
            buying_options: self.buying_options.into_iter().map(BuyingOption::from).collect(),
            is_variation: self.item_group_type.is_some(),
            is_sponsored: self.priority_listing,
            listed_at,
            url: self.item_web_url,
        })
    }
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("`{text}` is not an instant"))
}

fn positive(price: Option<Amount>) -> Result<Money, String> {
    let price = price.ok_or("it has no price")?.into_money();
    if price.amount <= Decimal::ZERO {
        return Err(format!("its price is {}", price.amount));
    }
    Ok(price)
}

/// The cheapest way that has an amount: a calculated one has an amount too when eBay knows where
/// the buyer lives.
fn shipping(options: Vec<ShippingOption>) -> Result<Shipping, String> {
    let is_calculated =
        options.iter().any(|option| option.shipping_cost_type == Some(CostType::Calculated));
    let costs = options.into_iter().filter_map(|option| option.shipping_cost);
    let cheapest = costs.map(Amount::into_money).min_by_key(|cost| cost.amount);
    match cheapest {
        Some(cost) if cost.amount < Decimal::ZERO => {
            Err(format!("its shipping costs {}", cost.amount))
        }
        Some(cost) => Ok(Shipping::Fixed(cost)),
        None if is_calculated => Ok(Shipping::Calculated),
        None => Ok(Shipping::Unknown),
    }
}

impl Amount {
    pub(crate) fn into_money(self) -> Money {
        Money { amount: self.value.0, currency: self.currency }
    }
}

impl From<WireBuyingOption> for BuyingOption {
    fn from(wire: WireBuyingOption) -> BuyingOption {
        match wire {
            WireBuyingOption::FixedPrice => BuyingOption::FixedPrice,
            WireBuyingOption::Auction => BuyingOption::Auction,
            WireBuyingOption::BestOffer => BuyingOption::BestOffer,
            WireBuyingOption::Other => BuyingOption::Other,
        }
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Exact, D::Error> {
        deserializer.deserialize_str(ExactVisitor)
    }
}

struct ExactVisitor;

impl Visitor<'_> for ExactVisitor {
    type Value = Exact;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an amount as text")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Exact, E> {
        Decimal::from_str_exact(text)
            .map(Exact)
            .map_err(|_| E::custom(format_args!("`{text}` is not an amount")))
    }
}
