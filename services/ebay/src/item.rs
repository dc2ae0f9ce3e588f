//! One item: whether it can still be bought, and whether somebody did.

use cards::Money;
use jiff::Timestamp;
use serde::Deserialize;

use crate::error::{Error, Notice};
use crate::summary::Amount;

/// eBay's numbers for "not found" and "not available".
const GONE: [i64; 2] = [11001, 11004];

/// An item as `getItem` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemState {
    /// eBay no longer knows the item. Then everything else is empty.
    pub is_gone: bool,
    pub stock: Option<Stock>,
    /// Pieces sold since it was listed.
    pub sold_quantity: Option<i64>,
    /// Pieces that are left; eBay may say a lower bound.
    pub available_quantity: Option<i64>,
    /// When the listing ends or has ended.
    pub ends_at: Option<Timestamp>,
    pub price: Option<Money>,
    /// The state of a card, or its grade: only here, not in a search.
    pub descriptors: Vec<Descriptor>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Stock {
    InStock,
    LimitedStock,
    OutOfStock,
    #[serde(other)]
    Other,
}

/// Such as name `Card Condition` and value `Near mint or better`. Both may be eBay's numbers
/// (40001, 400010) or words in any language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    pub name: String,
    pub values: Vec<String>,
}

/// What a listing that has vanished from searches turned into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It can be bought: the search just did not show it.
    Available,
    /// It is over, and at least one piece was sold.
    Sold,
    /// It is over, and eBay tells of no sale.
    Ended,
    /// eBay no longer says.
    Gone,
}

impl ItemState {
    /// Judges the item at an instant: a listing that is still in stock may have ended.
    pub fn outcome(&self, now: Timestamp) -> Outcome {
        if self.is_gone {
            return Outcome::Gone;
        }
        let is_over = self.stock == Some(Stock::OutOfStock)
            || self.ends_at.is_some_and(|ends_at| ends_at <= now);
        if !is_over {
            return Outcome::Available;
        }
        if self.sold_quantity.unwrap_or(0) > 0 {
            return Outcome::Sold;
        }
        Outcome::Ended
    }

    pub(crate) fn gone() -> ItemState {
        ItemState {
            is_gone: true,
            stock: None,
            sold_quantity: None,
            available_quantity: None,
            ends_at: None,
            price: None,
            descriptors: Vec::new(),
        }
    }

    pub(crate) fn read(json: &[u8]) -> Result<ItemState, Error> {
        let item: Item =
            serde_json::from_slice(json).map_err(|error| Error::Unreadable(error.to_string()))?;
        if item.id.is_empty() {
            return Err(Error::Unreadable("the item has no id".into()));
        }
        let notices: Vec<Notice> = item.warnings.into_iter().map(Notice::from).collect();
        if !notices.is_empty() {
            return Err(Error::Doubtful(notices));
        }
        let availability = item.estimated_availabilities.into_iter().next().unwrap_or_default();
        Ok(ItemState {
            is_gone: false,
            stock: availability.stock,
            sold_quantity: availability.sold,
            available_quantity: availability.available.or(availability.remaining),
            ends_at: item.ends_at,
            price: item.price.map(Amount::into_money),
            descriptors: item.condition_descriptors.into_iter().map(Descriptor::from).collect(),
        })
    }
}

/// The item's place in a path. Its vertical lines must be escaped.
pub(crate) fn path_segment(item_id: &str) -> Result<String, Error> {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"|-_".contains(&byte);
    if item_id.is_empty() || !item_id.bytes().all(is_known) {
        return Err(Error::Invalid(format!("`{item_id}` is not the id of an item")));
    }
    Ok(item_id.replace('|', "%7C"))
}

pub(crate) fn is_gone(error: &Error) -> bool {
    let Error::Refused { status: 404, notices } = error else {
        return false;
    };
    // A 404 of another kind is a wrong address, and says nothing about the item.
    notices.iter().filter_map(|notice| notice.id).any(|id| GONE.contains(&id))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    #[serde(rename = "itemId")]
    id: String,
    price: Option<Amount>,
    #[serde(rename = "itemEndDate")]
    ends_at: Option<Timestamp>,
    #[serde(default)]
    estimated_availabilities: Vec<Availability>,
    #[serde(default)]
    condition_descriptors: Vec<WireDescriptor>,
    #[serde(default)]
    warnings: Vec<crate::refusal::WireNotice>,
}

#[derive(Default, Deserialize)]
struct Availability {
    #[serde(rename = "estimatedAvailabilityStatus")]
    stock: Option<Stock>,
    #[serde(rename = "estimatedSoldQuantity")]
    sold: Option<i64>,
    #[serde(rename = "estimatedAvailableQuantity")]
    available: Option<i64>,
    #[serde(rename = "estimatedRemainingQuantity")]
    remaining: Option<i64>,
}

#[derive(Deserialize)]
struct WireDescriptor {
    name: String,
    #[serde(default)]
    values: Vec<WireValue>,
}

#[derive(Deserialize)]
struct WireValue {
    content: String,
}

impl From<WireDescriptor> for Descriptor {
    fn from(wire: WireDescriptor) -> Descriptor {
        let values = wire.values.into_iter().map(|value| value.content).collect();
        Descriptor { name: wire.name, values }
    }
}

#[cfg(test)]
mod tests;
