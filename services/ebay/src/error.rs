//! What can go wrong, as callers tell it apart.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One entry of eBay's `errors` or `warnings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// eBay's number, such as 12001.
    pub id: Option<i64>,
    pub message: String,
}

/// Why there is no answer to work with. No message ever holds a token or the client's secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request cannot be right, and was not sent.
    #[error("the request was not sent: {0}")]
    Invalid(String),
    /// No connection: name, network or TLS. Nothing was sent.
    #[error("eBay cannot be reached: {0}; check EBAY_API_URL and the network")]
    Unreachable(String),
    /// The answer was not there, or not whole, in time.
    #[error("eBay did not answer in time")]
    TimedOut,
    /// The connection ended before the answer did.
    #[error("the connection to eBay broke: {0}")]
    Broken(String),
    /// 401 from an endpoint that takes a token: it has expired, or was revoked.
    #[error("eBay does not accept the token ({})", list(.0))]
    Unauthorized(Vec<Notice>),
    /// The token endpoint does not know the client.
    #[error("eBay refuses the credentials ({0}); check EBAY_CLIENT_ID and EBAY_CLIENT_SECRET")]
    Credentials(String),
    /// 403: the application may not do this.
    #[error("eBay forbids this to the application ({})", list(.0))]
    Forbidden(Vec<Notice>),
    /// 429, or 403 with the same words: the calls of the window are used up.
    #[error("eBay's call limit is reached{}", after(*.retry_after))]
    LimitReached {
        /// eBay usually does not say; then the window's end is the time.
        retry_after: Option<Duration>,
    },
    /// Any other status of 300 to 499: sending it again brings the same answer.
    #[error("eBay refused the request with status {status} ({})", list(.notices))]
    Refused { status: u16, notices: Vec<Notice> },
    /// 500 and above.
    #[error("eBay failed with status {status} ({})", list(.notices))]
    Failed { status: u16, notices: Vec<Notice>, retry_after: Option<Duration> },
    /// A 200 with warnings or errors: eBay ignored a part of the request, so what it sent is not
    /// what was asked for.
    #[error("eBay answered, but did not do all that was asked ({})", list(.0))]
    Doubtful(Vec<Notice>),
    /// Not JSON, cut off, or not of the documented shape.
    #[error("eBay's answer cannot be read: {0}")]
    Unreadable(String),
    #[error("eBay's answer is longer than {limit_bytes} bytes")]
    TooLarge { limit_bytes: usize },
}

/// What may help after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The same call, a little later.
    Retry,
    /// The same call, once, with a new token.
    NewToken,
    /// No call to this API before its window ends.
    Wait,
    /// Nothing but a change: of the request, the settings, or this program.
    Change,
}

impl Error {
    /// Whether eBay may have seen the request, and so may have counted it. `false` only when that
    /// is impossible: a call may be given back to the ledger only then.
    pub fn may_have_left(&self) -> bool {
        !matches!(self, Error::Invalid(_) | Error::Unreachable(_))
    }

    pub fn remedy(&self) -> Remedy {
        match self {
            Error::Unreachable(_)
            | Error::TimedOut
            | Error::Broken(_)
            | Error::Failed { .. }
            | Error::Unreadable(_) => Remedy::Retry,
            Error::Unauthorized(_) => Remedy::NewToken,
            Error::LimitReached { .. } => Remedy::Wait,
            Error::Invalid(_)
            | Error::Credentials(_)
            | Error::Forbidden(_)
            | Error::Refused { .. }
            | Error::Doubtful(_)
            | Error::TooLarge { .. } => Remedy::Change,
        }
    }

    pub fn is_unauthorized(&self) -> bool {
        matches!(self, Error::Unauthorized(_))
    }

    /// Whether no connection came about.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Error::Unreachable(_))
    }

    /// Whether every worker must stop calling until the window ends.
    pub fn is_limit_reached(&self) -> bool {
        matches!(self, Error::LimitReached { .. })
    }

    /// How long eBay wants to be left alone, when it says.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::LimitReached { retry_after } | Error::Failed { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

fn list(notices: &[Notice]) -> String {
    if notices.is_empty() {
        return "it did not say why".into();
    }
    let described: Vec<_> = notices.iter().map(describe).collect();
    described.join("; ")
}

fn describe(notice: &Notice) -> String {
    match notice.id {
        Some(id) => format!("{id}: {}", notice.message),
        None => notice.message.clone(),
    }
}

fn after(retry_after: Option<Duration>) -> String {
    match retry_after {
        Some(delay) => format!("; it asks to wait {} s", delay.as_secs()),
        None => String::new(),
    }
}
