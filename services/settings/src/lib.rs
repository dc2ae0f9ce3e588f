//! Every environment variable of Courtier, typed. Nothing else reads the environment.
//!
//! Each concern is a struct with a `load`, which takes a [`Reader`]: it collects every problem, so
//! that one start names all of them.

mod network;
mod reader;
mod secret;

pub mod admin;
pub mod api;
pub mod api_keys;
pub mod broker;
pub mod broker_definitions;
pub mod callbacks;
pub mod database;
pub mod files;
pub mod log;
pub mod market;
pub mod scheduler;
pub mod telemetry;
pub mod tokens;
pub mod worker;

pub use network::{Network, NotANetwork};
pub use reader::{Environment, Problem, Problems, Reader, Source};
pub use secrecy::{ExposeSecret, SecretString};

/// A variable as the documentation and `env/*.example` show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    pub name: &'static str,
    /// What stands when it is not set; `None` means that it must be set.
    pub default: Option<&'static str>,
    /// Also read from the file that `NAME_FILE` names, and never printed.
    pub secret: bool,
}

/// Every variable that is read anywhere.
pub fn variables() -> Vec<Variable> {
    [
        database::VARIABLES,
        broker::VARIABLES,
        broker_definitions::VARIABLES,
        api::VARIABLES,
        api_keys::VARIABLES,
        tokens::VARIABLES,
        admin::VARIABLES,
        worker::VARIABLES,
        scheduler::VARIABLES,
        callbacks::VARIABLES,
        files::VARIABLES,
        market::VARIABLES,
        log::VARIABLES,
        telemetry::VARIABLES,
    ]
    .concat()
}

const fn secret(name: &'static str) -> Variable {
    Variable { name, default: None, secret: true }
}

const fn optional_secret(name: &'static str) -> Variable {
    Variable { name, default: Some(""), secret: true }
}

const fn optional(name: &'static str, default: &'static str) -> Variable {
    Variable { name, default: Some(default), secret: false }
}

#[cfg(test)]
mod tests;
