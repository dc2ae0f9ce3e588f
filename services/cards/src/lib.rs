//! Cards, listings and prices: the model and the rules of the pricing half.
//!
//! What must never appear here: files, sockets, SQL, or the clock.

pub mod listing;
pub mod variant;

pub use listing::{BuyingOption, Listing, Money, Shipping};
pub use variant::Variant;
