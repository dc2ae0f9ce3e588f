//! The database.

use secrecy::SecretString;

use crate::{Reader, Variable, optional, secret};

/// How to reach PostgreSQL.
#[derive(Clone, Debug)]
pub struct Database {
    /// `DATABASE_URL`: `postgresql://user:password@host:port/database`; `?sslmode=` and
    /// `&sslrootcert=` as for `psql`.
    pub url: SecretString,
    /// `DATABASE_POOL_SIZE`: connections one role may pool, besides those of its loops
    /// and up to four by which cards are priced.
    pub pool_size: usize,
}

const URL: Variable = secret("DATABASE_URL");
const POOL_SIZE: Variable = optional("DATABASE_POOL_SIZE", "16");

pub(crate) const VARIABLES: &[Variable] = &[URL, POOL_SIZE];

impl Database {
    pub fn load(reader: &mut Reader<'_>) -> Database {
        Database {
            url: reader.secret(URL),
            pool_size: reader.parsed(POOL_SIZE, "a number of connections"),
        }
    }
}
