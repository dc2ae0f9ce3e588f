//! What can go wrong with a request, and the page that says so. The one place that decides the
//! status of an error.

use askama::Template;
use http::StatusCode;
use warp::reply::Response;

use crate::reply;
use crate::say::Say;
use crate::shell::Shell;

/// A request that was not served.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nothing lives here.
    NotFound,
    MethodNotAllowed,
    /// The form did not come from a page of ours, or from an earlier session.
    NotOurForm,
    /// What was sent does not make sense; the key of a message says why.
    Invalid(&'static str),
    TooLarge {
        limit: usize,
    },
    /// The body broke off, or is not what a form sends.
    Broken,
    /// The database is away or refused.
    Store(store::Error),
    /// A fault of ours, which is in the log.
    Internal,
    TimedOut,
}

/// The page of a failure.
#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    shell: Shell,
    heading: String,
    safe: String,
    advice: String,
}

impl Failure {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Failure::NotFound => StatusCode::NOT_FOUND,
            Failure::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Failure::NotOurForm => StatusCode::FORBIDDEN,
            Failure::Invalid(_) | Failure::Broken => StatusCode::BAD_REQUEST,
            Failure::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Failure::Store(error) if error.is_transient() => StatusCode::SERVICE_UNAVAILABLE,
            Failure::TimedOut => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Store(_) | Failure::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The page: what did not happen, what is safe, what to do.
    pub(crate) fn page(self, shell: Shell) -> Response {
        if let Failure::Store(error) = &self {
            tracing::error!(%error, path = shell.path, "a page could not be made");
        }
        let say = shell.say.clone();
        let (heading, safe, advice) = self.words(&say);
        let status = self.status();
        let shell = shell.titled(&heading);
        let page = FailurePage { shell, heading, safe, advice };
        reply::html_with(status, &page)
    }

    fn words(&self, say: &Say) -> (String, String, String) {
        let three = |heading, safe, advice| (say.t(heading), say.t(safe), say.t(advice));
        match self {
            Failure::NotFound => {
                three("failure-not-found", "failure-not-found-safe", "failure-not-found-do")
            }
            Failure::MethodNotAllowed | Failure::Broken => {
                three("failure-broken", "failure-nothing-changed", "failure-reload-do")
            }
            Failure::NotOurForm => {
                three("failure-not-our-form", "failure-nothing-changed", "failure-not-our-form-do")
            }
            Failure::Invalid(key) => three(key, "failure-nothing-changed", "failure-reload-do"),
            Failure::TooLarge { limit } => {
                let size = say.bytes(u64::try_from(*limit).unwrap_or(u64::MAX));
                let advice = say.t1("failure-too-large-do", "limit", size);
                (say.t("failure-too-large"), say.t("failure-nothing-changed"), advice)
            }
            Failure::Store(error) if error.is_transient() => {
                three("failure-away", "failure-away-safe", "failure-away-do")
            }
            Failure::TimedOut => three("failure-away", "failure-away-safe", "failure-away-do"),
            Failure::Store(_) | Failure::Internal => {
                three("failure-internal", "failure-internal-safe", "failure-internal-do")
            }
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Failure {
        Failure::Store(error)
    }
}
