//! Why a callback was not taken.

use std::io;

use crate::policy::{Refused, Unreachable};

/// Why a callback was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Callbacks cannot be set up.
    #[error("{0}")]
    Invalid(String),
    /// The address may not be called, or no longer.
    #[error("callback_url: {0}")]
    Refused(#[from] Refused),
    /// The name of the host leads where no callback may go.
    #[error("{0}")]
    Unreachable(#[from] Unreachable),
    /// Nobody took the request, or the answer broke off.
    #[error("{to}: {reason}")]
    Network { to: String, reason: String },
    /// Somebody answered, and did not take it.
    #[error("{to} answered {status}")]
    Status { to: String, status: u16 },
}

impl Error {
    /// Whether the same request may fare better later.
    ///
    /// 404 and 409 are of that kind: so answers n8n while the execution that waits for the callback
    /// is still being written down.
    pub fn is_transient(&self) -> bool {
        match self {
            Error::Network { .. } => true,
            Error::Status { status, .. } => {
                self.is_early() || matches!(status, 408 | 425 | 429 | 500..)
            }
            Error::Invalid(_) | Error::Refused(_) | Error::Unreachable(_) => false,
        }
    }

    /// Whether the receiver may be ready in a moment: 404 and 409.
    pub fn is_early(&self) -> bool {
        matches!(self, Error::Status { status: 404 | 409, .. })
    }

    pub(crate) fn network(to: String, error: &reqwest::Error) -> Error {
        if let Some(unreachable) = source::<Unreachable>(error) {
            return unreachable.clone().into();
        }
        let reason = match source::<io::Error>(error) {
            _ if error.is_timeout() => "no answer in time".to_owned(),
            Some(cause) => cause.to_string(),
            None => innermost(error),
        };
        Error::Network { to, reason }
    }
}

fn source<T: std::error::Error + 'static>(error: &reqwest::Error) -> Option<&T> {
    chain(error).find_map(|cause| cause.downcast_ref())
}

/// The innermost cause says what happened: reqwest's own words only say where.
fn innermost(error: &reqwest::Error) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

fn chain<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |cause| cause.source())
}
