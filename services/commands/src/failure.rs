//! What should happen next when a command does not succeed.

use std::{error::Error, fmt, time::Duration};

type Cause = Box<dyn Error + Send + Sync>;

/// Why a run did not succeed, and what should happen next.
#[derive(Debug)]
pub enum Failure {
    /// Run again after a pause that grows with each attempt, until the attempts are used up.
    Retry(Cause),
    /// Run again after this pause; the attempt does not count.
    Postpone { after: Duration, reason: String },
    /// Running again cannot help.
    Reject(Cause),
    /// The run stopped because it was asked to.
    Cancelled,
}

impl Failure {
    /// A failure that a later run may not meet.
    pub fn retry(cause: impl Into<Cause>) -> Failure {
        Failure::Retry(cause.into())
    }

    /// A failure that every run would meet.
    pub fn reject(cause: impl Into<Cause>) -> Failure {
        Failure::Reject(cause.into())
    }
}

/// A database that is away or busy is worth another try; anything else it says is final.
impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Failure {
        if error.is_transient() { Failure::retry(error) } else { Failure::reject(error) }
    }
}

/// A source that is away or busy is worth another try; an answer that cannot be read is final.
impl From<catalogue::Error> for Failure {
    fn from(error: catalogue::Error) -> Failure {
        if error.is_transient() { Failure::retry(error) } else { Failure::reject(error) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Retry(cause) | Failure::Reject(cause) => {
                write!(f, "{cause}")?;
                let mut source = cause.source();
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
            Failure::Postpone { reason, .. } => f.write_str(reason),
            Failure::Cancelled => f.write_str("cancelled"),
        }
    }
}
