//! What proves the API keys of tenants.

use secrecy::SecretString;

use crate::{Reader, Variable, secret};

/// What keys are hashed with; read by everything that makes or checks them.
#[derive(Clone, Debug)]
pub struct ApiKeys {
    /// `API_KEY_PEPPER`: goes into the hash of every key and is not in the database, at least 32
    /// characters. With another one no key opens any more.
    pub pepper: SecretString,
}

const PEPPER: Variable = secret("API_KEY_PEPPER");

pub(crate) const VARIABLES: &[Variable] = &[PEPPER];

impl ApiKeys {
    pub fn load(reader: &mut Reader<'_>) -> ApiKeys {
        ApiKeys { pepper: secret::strong(reader, PEPPER) }
    }

    /// As [`ApiKeys::load`] where it is set.
    pub fn load_if_set(reader: &mut Reader<'_>) -> Option<ApiKeys> {
        reader.is_set(PEPPER).then(|| ApiKeys::load(reader))
    }
}
