//! The clock: orders commands by their schedules, relays the outbox, brings back what is due, keeps
//! dead letters, prunes.
//!
//! Any number of schedulers can run; each loop shares its work row by row with the others.
//!
//! What must never appear here: HTTP, SQL, or what a command does.

mod burier;
mod clock;
mod pruner;
mod relay;
mod scheduler;
mod sweeper;

pub use clock::{Looked, look};
pub use scheduler::{Config, run};
