//! What the API and the admin site share below their routes: the accept loop, who is at the other
//! end, and files as bodies.
//!
//! What must never appear here: a route, a status, a word that a client reads.

mod chunks;
mod client;
mod server;

pub use chunks::chunks;
pub use client::{Client, resolve};
pub use server::{Limits, run};
