//! Pricing cards against a simulated marketplace: the quota to the call, faults, batches.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "cards/batch.rs"]
mod batch;
#[path = "cards/catalogue.rs"]
mod catalogue;
#[path = "cards/days.rs"]
mod days;
#[path = "cards/faults.rs"]
mod faults;
#[path = "cards/outages.rs"]
mod outages;
#[path = "cards/results.rs"]
mod results;
#[path = "cards/sales.rs"]
mod sales;
#[path = "cards/shop.rs"]
mod shop;
#[path = "cards/strict.rs"]
mod strict;
