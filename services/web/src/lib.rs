//! What the API and the admin site share below their routes: the accept loop, who is at the other
//! end, where that end believes us to be, and files as bodies.
//!
//! What must never appear here: a route, a status, a word that a client reads.

mod chunks;
mod client;
mod origin;
mod server;

pub use chunks::chunks;
pub use client::{Client, resolve};
pub use origin::{ByProxy, origin};
pub use server::{Limits, run};
