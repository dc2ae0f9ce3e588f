//! An offer on a marketplace, before anybody has judged it.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::code::{Country, Currency};

/// An amount in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    pub amount: Decimal,
    pub currency: Currency,
}

/// What it costs to have the item sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shipping {
    /// Zero when it is free.
    Fixed(Money),
    /// Depends on the buyer's address; the marketplace gave no amount.
    Calculated,
    /// The marketplace said nothing.
    Unknown,
}

/// A way in which the item can be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuyingOption {
    FixedPrice,
    Auction,
    BestOffer,
    Other,
}

/// One offer as the marketplace showed it. Snapshots keep these, so that any day can be priced
/// again under another configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The marketplace's id, such as `v1|334691749565|0`.
    pub item_id: String,
    pub title: String,
    /// Asked for the item alone, tax included.
    pub price: Money,
    pub shipping: Shipping,
    /// eBay's condition: `2750` graded, `4000` ungraded, others are not for cards.
    pub condition_id: Option<String>,
    /// The condition in words, in the marketplace's language.
    pub condition: Option<String>,
    pub seller: String,
    pub seller_feedback_score: Option<i64>,
    pub country: Option<Country>,
    pub buying_options: Vec<BuyingOption>,
    /// One of several variations behind one title ("choose your card").
    pub is_variation: bool,
    /// The seller paid to have it shown.
    pub is_sponsored: bool,
    /// When it was first offered; survives relisting where the marketplace says so.
    pub listed_at: Option<Timestamp>,
    pub url: Option<String>,
}
