//! Tells somebody elsewhere that a command has ended: one signed POST to an address that a client
//! named, and that nobody should trust.
//!
//! Reading order: [`Policy`] says which addresses may be named, [`address`] what an IP address
//! belongs to, [`resolve`] holds every connection to that, [`sign`] makes the signature, and
//! [`Client`] sends.
//!
//! What must never appear here: a database, or what a command is.

mod address;
mod client;
mod error;
mod policy;
mod resolve;
mod sign;

pub use client::{Answer, Client, Config, Message};
pub use error::Error;
pub use policy::{Policy, Refused, Target};
pub use resolve::{Lookup, System};
