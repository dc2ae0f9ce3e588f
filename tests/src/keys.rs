//! The secrets of the tests, as every role of a test has them.

use std::time::Duration;

use store::api_keys::Pepper;

/// `API_KEY_PEPPER`.
pub const PEPPER: &str = "7d1c5e9f0b3a4826b1f0e9d8c7b6a594";
/// `JWT_SECRET_KEY`.
pub const JWT_SECRET: &str = "c0d1e2f3a4b5968778695a4b3c2d1e0f";

/// What the keys of the tests are hashed with.
pub fn pepper() -> Pepper {
    Pepper::new(PEPPER.as_bytes())
}

/// The settings that hold [`PEPPER`].
pub fn api_keys() -> settings::api_keys::ApiKeys {
    settings::api_keys::ApiKeys { pepper: PEPPER.to_owned().into() }
}

/// The settings that hold [`JWT_SECRET`].
pub fn tokens() -> settings::tokens::Tokens {
    settings::tokens::Tokens {
        secret: JWT_SECRET.to_owned().into(),
        previous_secret: None,
        lifetime: Duration::from_mins(15),
    }
}
