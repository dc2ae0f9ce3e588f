//! What a listing costs when it lies on the table, in EUR.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::classify::Rejection;
use crate::code::Currency;
use crate::config::{ClassifyConfig, Condition};
use crate::listing::{Listing, Money, Shipping};

/// What one unit of each currency is worth in EUR. EUR itself need not be in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rates(pub BTreeMap<String, Decimal>);

impl Rates {
    /// `None` for a currency without a rate: an amount in it is never taken for EUR.
    pub fn eur(&self, money: Money) -> Option<Decimal> {
        if money.currency == Currency::EUR {
            return Some(money.amount);
        }
        money.amount.checked_mul(*self.0.get(money.currency.as_str())?).map(cents)
    }
}

/// The price of an accepted listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Landed {
    pub item_eur: Decimal,
    pub shipping_eur: Decimal,
    /// The postage is not stated: it is the median of those that are.
    pub shipping_imputed: bool,
    pub condition: Condition,
    /// What a near mint copy would cost here: the statistics use this.
    pub near_mint_eur: Decimal,
}

/// Item and stated postage of a listing.
struct Stated {
    item_eur: Decimal,
    shipping_eur: Option<Decimal>,
    condition: Condition,
}

/// Prices what was not rejected. `judged` belongs to `listings`, one each.
pub fn land(
    listings: &[Listing],
    judged: Vec<Result<Condition, Rejection>>,
    rates: &Rates,
    config: &ClassifyConfig,
) -> Vec<Result<Landed, Rejection>> {
    let stated: Vec<_> = listings
        .iter()
        .zip(judged)
        .map(|(listing, condition)| state(listing, condition?, rates))
        .collect();
    let known = stated.iter().flatten().filter_map(|stated| stated.shipping_eur);
    let usual = median(known.collect()).unwrap_or(config.default_shipping_eur);
    let landed = |stated: Stated| {
        let shipping_eur = stated.shipping_eur.unwrap_or(usual);
        // Most copies are said to be near mint: a division that changes nothing is saved.
        let mint_eur = match stated.condition {
            Condition::NearMint => stated.item_eur,
            worn => cents(stated.item_eur / config.condition_factors.of(worn)),
        };
        Landed {
            item_eur: stated.item_eur,
            shipping_eur,
            shipping_imputed: stated.shipping_eur.is_none(),
            condition: stated.condition,
            near_mint_eur: mint_eur + shipping_eur,
        }
    };
    stated.into_iter().map(|stated| stated.map(landed)).collect()
}

fn state(listing: &Listing, condition: Condition, rates: &Rates) -> Result<Stated, Rejection> {
    let item_eur = rates.eur(listing.price).ok_or(Rejection::UnknownCurrency)?;
    if item_eur <= Decimal::ZERO {
        return Err(Rejection::NoPrice);
    }
    let shipping_eur = match listing.shipping {
        Shipping::Fixed(money) => Some(rates.eur(money).ok_or(Rejection::UnknownCurrency)?),
        Shipping::Calculated | Shipping::Unknown => None,
    };
    Ok(Stated { item_eur, shipping_eur: shipping_eur.map(|eur| eur.max(Decimal::ZERO)), condition })
}

fn cents(eur: Decimal) -> Decimal {
    eur.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

fn median(mut amounts: Vec<Decimal>) -> Option<Decimal> {
    amounts.sort_unstable();
    let upper = *amounts.get(amounts.len() / 2)?;
    if amounts.len() % 2 == 1 {
        return Some(upper);
    }
    Some(cents((upper + amounts[amounts.len() / 2 - 1]) / Decimal::TWO))
}
