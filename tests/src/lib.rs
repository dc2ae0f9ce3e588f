//! Harness, scenarios, data and benchmarks of Courtier.

pub mod generate;

mod database;

pub use database::{TestDatabase, amqp_url, database, database_url};
