//! Harness, scenarios, data and benchmarks of Courtier.

#![expect(clippy::unwrap_used, reason = "a harness fails its test by panicking")]

pub mod asyncapi;
pub mod bench;
pub mod browser;
pub mod card_market;
pub mod generate;
pub mod keys;
pub mod simulator;

mod database;
mod fabric;
mod instance;
mod process;
mod queues;
mod stock;

pub use database::{TestDatabase, amqp_url, database, database_url};
pub use fabric::{Fabric, no_callbacks};
pub use instance::Instance;
pub use process::{Process, binary, courtier, courtier_until};
pub use queues::{queues, remove_queues};
pub use stock::stock;
