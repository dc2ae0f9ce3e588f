//! What can go wrong between us and PostgreSQL.

/// A failed statement or connection. Messages never hold a password.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `DATABASE_URL` cannot be read.
    #[error("DATABASE_URL is not a PostgreSQL address: {0}")]
    Address(String),
    /// How `DATABASE_URL` wants to be encrypted, or verified by, is not possible.
    #[error("DATABASE_URL: {0}")]
    Protection(String),
    /// No connection could be had in time.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// PostgreSQL refused a statement, or the connection broke while it ran.
    #[error("{}", describe(.0))]
    Statement(#[from] tokio_postgres::Error),
    /// A migration failed, or the database holds other migrations than this build.
    #[error("migrations: {0}")]
    Migration(#[from] refinery::Error),
    /// A stored value does not have the shape that the code expects.
    #[error("stored value: {0}")]
    Value(String),
    /// A value that the caller gave cannot be used.
    #[error("{0}")]
    Invalid(String),
}

impl Error {
    /// Whether the data of the statement are at fault, so that the same statement fails again.
    pub fn is_data(&self) -> bool {
        let Error::Statement(error) = self else { return false };
        // Class 22 is a data exception, 23 an integrity violation, 42 a wrong statement.
        error.code().is_some_and(|state| matches!(&state.code()[..2], "22" | "23" | "42"))
    }

    /// Whether a later try may succeed: the server was away, busy, or broke off the statement.
    pub fn is_transient(&self) -> bool {
        match self {
            Error::Unavailable(_) => true,
            Error::Statement(error) => match error.code() {
                None => true,
                // 08 connection, 40 rollback, 53 resources, 55 not available, 57 intervention.
                Some(state) => {
                    matches!(&state.code()[..2], "08" | "40" | "53" | "55" | "57" | "58")
                }
            },
            _ => false,
        }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => Error::Unavailable(describe(&error)),
            other => Error::Unavailable(other.to_string()),
        }
    }
}

/// The server's own words, which `Display` of the client's error leaves out.
fn describe(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => match db.detail() {
            Some(detail) => format!("{} ({}; {detail})", db.message(), db.code().code()),
            None => format!("{} ({})", db.message(), db.code().code()),
        },
        None => trust::explain(error, "DATABASE_URL", "sslrootcert")
            .unwrap_or_else(|| with_cause(error)),
    }
}

fn with_cause(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error).map(ToString::to_string) {
        // The client's own words for a server's plain no.
        Some(cause) if cause == "server does not support TLS" => {
            "the server offers no encryption, which sslmode in DATABASE_URL wants: set `ssl = on` \
             there"
                .to_owned()
        }
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
