//! What the API and the admin site share below their routes: the accept loop, and who is at the
//! other end.
//!
//! What must never appear here: a route, a status, a word that a client reads.

mod client;
mod server;

pub use client::{Client, resolve};
pub use server::{Limits, run};
