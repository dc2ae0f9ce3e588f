//! Cards, listings and prices: the model and the rules of the pricing half.
//!
//! What must never appear here: files, sockets, SQL, or the clock.

pub mod card;
pub mod classify;
pub mod config;
pub mod landed;
pub mod listing;
pub mod query;
pub mod robust;
mod title;
pub mod variant;

pub use card::{Card, Set};
pub use listing::{BuyingOption, Listing, Money, Shipping};
pub use variant::Variant;
