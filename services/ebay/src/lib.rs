//! eBay: OAuth, Browse, and the limits of its API.
//!
//! A [`Client`] makes one call and says truthfully what came of it. It keeps no token, knows no
//! quota and repeats nothing: whoever calls it has reserved the call before, and settles it after
//! by [`Error::may_have_left`]. A [`Throttle`] spaces the calls of one process.
//!
//! | operation | counts against |
//! |---|---|
//! | [`Client::mint`] | 1,000 tokens a day |
//! | [`Client::search`], [`Client::item`] | the calls of Browse, 5,000 a day by default |
//! | [`Client::rate_limit`] | the calls of Developer Analytics, 5,000 a day |
//!
//! What must never appear here: a database, a retry, or what a listing is worth.

mod body;
mod client;
mod config;
mod error;
mod item;
mod page;
mod rate_limit;
mod refusal;
mod seal;
mod search;
mod summary;
mod throttle;
mod token;

pub use client::Client;
pub use config::{Config, Delivery};
pub use error::{Error, Notice, Remedy};
pub use item::{Descriptor, ItemState, Outcome, Stock};
pub use page::{Page, Unreadable};
pub use rate_limit::RateLimit;
pub use search::{Filters, MAX_LIMIT, MAX_OFFSET, PriceRange, Search};
pub use throttle::Throttle;
pub use token::Token;
