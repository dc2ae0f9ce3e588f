//! Every SQL statement of Courtier, one file per table or aggregate.
//!
//! Reading order: [`Store`] opens connections in a [`Role`]; [`Tenant`] is the only kind
//! of transaction that can see a tenant's data; the modules below hold the statements.
//!
//! What must never appear here: HTTP, AMQP, or a decision about what a command means.

pub mod accept;
pub mod admin_login_failures;
pub mod admin_sessions;
mod again;
pub mod api_keys;
pub mod api_tokens;
pub mod audit;
pub mod backups;
pub mod batches;
pub mod card_exports;
pub mod card_stats;
pub mod catalogue;
pub mod command_pages;
pub mod command_states;
pub mod commands;
pub mod dead_letter_causes;
pub mod dead_letters;
pub mod due;
pub mod encryption;
pub mod exports;
pub mod fx_rates;
pub mod ingest;
pub mod kpi_daily;
pub mod kpi_dirty;
pub mod kpi_freshness;
pub mod lanes;
pub mod lease;
pub mod linger;
pub mod listing_months;
pub mod migrate;
pub mod outbox;
pub mod prices;
pub mod proof;
pub mod prune;
pub mod quota;
pub mod raw_tickets;
pub mod raw_time_entries;
pub mod record;
pub mod rejects;
pub mod schedules;
pub mod segment_ratios;
pub mod settings;
pub mod snapshots;
pub mod sold_listings;
pub mod spend;
pub mod star;
pub mod tenants;
pub mod workers;

mod address;
mod error;
mod listen;
mod pool;
mod tenant;

pub use deadpool_postgres::{Object as Client, Transaction};
pub use error::Error;
pub use listen::{Listener, Notice};
pub use pool::{Config, Role, Session, Store};
pub use tenant::Tenant;

/// A connection outside of the pool, for one hot loop.
pub type Connection = tokio_postgres::Client;

/// The result of a statement.
pub type Result<T, E = Error> = std::result::Result<T, E>;
