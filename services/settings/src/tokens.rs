//! Short-lived tokens that the API gives out for an API key.

use std::time::Duration;

use secrecy::SecretString;

use crate::{Reader, Variable, optional, optional_secret, secret};

/// What tokens are signed with, and how long they live.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// `JWT_SECRET_KEY`: signs tokens, at least 32 characters.
    pub secret: SecretString,
    /// `JWT_PREVIOUS_SECRET_KEY`: signed tokens until a moment ago; they are still taken.
    pub previous_secret: Option<SecretString>,
    /// `JWT_LIFETIME_SECONDS`: how long a token is taken, 30 to 3600.
    pub lifetime: Duration,
}

const SECRET: Variable = secret("JWT_SECRET_KEY");
const PREVIOUS_SECRET: Variable = optional_secret("JWT_PREVIOUS_SECRET_KEY");
const LIFETIME: Variable = optional("JWT_LIFETIME_SECONDS", "900");

pub(crate) const VARIABLES: &[Variable] = &[SECRET, PREVIOUS_SECRET, LIFETIME];

const LIFETIMES_S: std::ops::RangeInclusive<u64> = 30..=3600;

impl Tokens {
    pub fn load(reader: &mut Reader<'_>) -> Tokens {
        Tokens {
            secret: secret::strong(reader, SECRET),
            previous_secret: secret::strong_if_set(reader, PREVIOUS_SECRET),
            lifetime: lifetime(reader),
        }
    }
}

fn lifetime(reader: &mut Reader<'_>) -> Duration {
    let text = reader.text(LIFETIME);
    let seconds = text.trim().parse().ok().filter(|seconds| LIFETIMES_S.contains(seconds));
    if seconds.is_none() {
        reader
            .problem(LIFETIME.name, format!("`{text}` is not a number of seconds from 30 to 3600"));
    }
    Duration::from_secs(seconds.unwrap_or_default())
}
