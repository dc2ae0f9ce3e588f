//! Where cards and reference prices come from: `TCGdex`, Cardmarket, and the ECB for rates.
//!
//! All three are public and free, so a [`Client`] is polite: it asks `TCGdex` five times a second
//! at most, and waits longer after each failure before it tries again, a few times.
//!
//! What must never appear here: a database, or what a card is worth.

mod cardmarket;
mod client;
mod error;
mod fetch;
mod price;
mod rates;
mod stream;
mod tcgdex;

pub use cardmarket::{PriceEntry, PriceGuide};
pub use client::{Client, Config};
pub use error::Error;
pub use price::{CardPrices, PriceSet};
pub use rates::{Rates, parse_rates};
pub use tcgdex::{
    Card, CardBrief, CardCount, CardmarketPricing, Series, SeriesBrief, Set, SetBrief, Variants,
};
