//! What can be wrong with a query.

/// Whether the client or this service falls short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is not OData, or names what is not there.
    Invalid,
    /// It is OData, and not implemented.
    Unsupported,
}

/// Why a query was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{option}: {reason}")]
pub struct Error {
    pub kind: Kind,
    /// The query option, such as `$filter`.
    pub option: String,
    pub reason: String,
}

impl Error {
    pub(crate) fn invalid(option: &str, reason: impl Into<String>) -> Error {
        Error { kind: Kind::Invalid, option: option.to_owned(), reason: reason.into() }
    }

    pub(crate) fn unsupported(option: &str, reason: impl Into<String>) -> Error {
        Error { kind: Kind::Unsupported, option: option.to_owned(), reason: reason.into() }
    }
}
