//! Harness, scenarios, data and benchmarks of Courtier.

pub mod generate;

mod database;
mod fabric;

pub use database::{TestDatabase, amqp_url, database, database_url};
pub use fabric::Fabric;
