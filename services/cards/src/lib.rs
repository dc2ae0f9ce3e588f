//! Cards, listings and prices: the model and the rules of the pricing half.
//!
//! What must never appear here: files, sockets, SQL, or the clock.

pub mod appraisal;
pub mod buy;
pub mod card;
pub mod classic;
pub mod classify;
pub mod code;
pub mod config;
pub mod explain;
pub mod hybrid;
pub mod import;
pub mod landed;
pub mod listing;
pub mod plan;
pub mod query;
pub mod robust;
#[cfg(test)]
mod samples;
mod title;
pub mod variant;

pub use card::{Card, Set};
pub use code::{Country, Currency};
pub use listing::{BuyingOption, Listing, Money, Shipping};
pub use variant::Variant;
