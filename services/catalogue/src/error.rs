//! What can go wrong, as callers tell it apart.

use std::time::Duration;

/// Why a source gave nothing. The source is named by its address.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting that cannot be used.
    #[error("{0}")]
    Invalid(String),
    /// Name, network or TLS.
    #[error("{url} cannot be reached: {reason}")]
    Unreachable { url: String, reason: String },
    #[error("{url} did not answer in time")]
    TimedOut { url: String },
    /// The answer ended before it was whole.
    #[error("the connection to {url} broke: {reason}")]
    Broken { url: String, reason: String },
    /// A status that is no success.
    #[error("{url} answered with status {status}")]
    Status { url: String, status: u16, retry_after: Option<Duration> },
    /// Not of the documented shape.
    #[error("{url} cannot be read: {reason}")]
    Unreadable { url: String, reason: String },
    #[error("{url} is longer than {limit_bytes} bytes")]
    TooLarge { url: String, limit_bytes: u64 },
}

impl Error {
    /// Whether the same request may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Error::Unreachable { .. } | Error::TimedOut { .. } | Error::Broken { .. } => true,
            Error::Status { status, .. } => matches!(status, 408 | 429 | 500..),
            Error::Invalid(_) | Error::Unreadable { .. } | Error::TooLarge { .. } => false,
        }
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
