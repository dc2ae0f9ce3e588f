//! Runs commands: deliver → lease → run → record → ack.
//!
//! Each arrow is a channel between two small loops, so that leases, records and acknowledgements
//! are batched whenever work piles up, and go at once when it does not.
//!
//! What must never appear here: HTTP, SQL, or a command's name.

mod ack;
mod batch;
mod consume;
mod gate;
mod heartbeat;
mod held;
mod leaser;
mod recorder;
mod retry;
mod run;
mod worker;

pub use worker::{Config, run};
