//! Every error answer: the one place where a failure becomes an HTTP status.
//!
//! Answers are `application/problem+json` (RFC 9457); those of the feed are in [`odata`]. What the
//! client can mend is named; causes inside the service are logged and never sent.

pub(crate) mod odata;

use std::any::Any;

use http::{HeaderValue, StatusCode, header};
use schemars::JsonSchema;
use serde::Serialize;
use warp::reply::Response;

use crate::language::{self, Language};
use crate::{reply, request_id};

/// Why a request was not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// Nothing lives at this path, or nothing that the credential may see.
    NotFound(String),
    /// The path exists, this method does not. Holds the value of `Allow`.
    MethodNotAllowed(String),
    /// No credential, or one that is not known.
    Unauthorized { scheme: Scheme, detail: &'static str },
    /// A credential that does not open this door.
    Forbidden(&'static str),
    /// The request cannot be read: broken JSON, a broken query string, a broken header.
    Malformed(String),
    /// The request can be read, and fields of it are wrong.
    Invalid(Vec<FieldError>),
    /// The request contradicts the state of the resource.
    Conflict(String),
    /// The idempotency key was used for another request.
    KeyReused,
    /// The body is larger than this many bytes.
    TooLarge { limit_bytes: usize },
    /// The range begins behind the end of a file of this many bytes.
    RangeNotSatisfiable { n_bytes: u64 },
    /// The request is right, and what it asks for was never built.
    NotImplemented(String),
    /// The body is not JSON by its own account.
    UnsupportedMediaType(String),
    /// The caller's rate limit is spent for this many seconds.
    TooManyRequests { retry_after_s: u64 },
    /// More commands wait to be accepted than the queue holds.
    Overloaded,
    /// The database cannot be reached.
    Unavailable,
    /// No answer was ready within this many seconds.
    TimedOut { after_s: u64 },
    /// A defect of ours; the cause is in the log.
    Internal,
}

/// One wrong field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct FieldError {
    /// Name of the parameter, as the client sent or should have sent it.
    pub(crate) field: String,
    /// What is wrong with it.
    pub(crate) detail: String,
}

/// How a caller proves who it is, for `WWW-Authenticate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// `Authorization: Bearer …`
    Bearer,
    /// A key or a token of `/v1`.
    ApiKey,
    /// As [`Scheme::ApiKey`], where programs ask that know `Basic` only.
    Basic,
}

impl Problem {
    /// One wrong field.
    pub(crate) fn field(field: &str, detail: impl Into<String>) -> Problem {
        Problem::Invalid(vec![FieldError { field: field.to_owned(), detail: detail.into() }])
    }

    /// The status and the stable name of the kind of problem.
    pub(crate) fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Problem::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed-request"),
            Problem::Unauthorized { .. } => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Problem::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            Problem::NotFound(_) => (StatusCode::NOT_FOUND, "not-found"),
            Problem::MethodNotAllowed(_) => (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"),
            Problem::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            Problem::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large"),
            Problem::UnsupportedMediaType(_) => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type")
            }
            Problem::RangeNotSatisfiable { .. } => {
                (StatusCode::RANGE_NOT_SATISFIABLE, "range-not-satisfiable")
            }
            Problem::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid-parameters"),
            Problem::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused"),
            Problem::TooManyRequests { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate-limited"),
            Problem::NotImplemented(_) => (StatusCode::NOT_IMPLEMENTED, "not-implemented"),
            Problem::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal-error"),
            Problem::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, "overloaded"),
            Problem::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "database-unavailable"),
            Problem::TimedOut { .. } => (StatusCode::SERVICE_UNAVAILABLE, "timed-out"),
        }
    }

    pub(crate) fn detail(&self) -> String {
        match self {
            Problem::Malformed(detail)
            | Problem::NotFound(detail)
            | Problem::Conflict(detail)
            | Problem::NotImplemented(detail)
            | Problem::UnsupportedMediaType(detail) => detail.clone(),
            Problem::Unauthorized { detail, .. } | Problem::Forbidden(detail) => {
                (*detail).to_owned()
            }
            Problem::MethodNotAllowed(allow) => format!("this path answers {allow}"),
            Problem::TooLarge { limit_bytes } => {
                format!("the body may hold {limit_bytes} bytes at most")
            }
            Problem::RangeNotSatisfiable { n_bytes } => {
                format!("the file ends after {n_bytes} bytes")
            }
            Problem::Invalid(errors) => describe(errors),
            Problem::KeyReused => {
                "this idempotency key was used for a request with other parameters".into()
            }
            Problem::TooManyRequests { retry_after_s } => {
                format!("the rate limit of this credential is spent; retry in {retry_after_s} s")
            }
            Problem::Internal => "the request failed for a reason inside the service; \
                                  quote the request id to its operator"
                .into(),
            Problem::Overloaded => "too many commands wait to be accepted; retry shortly".into(),
            Problem::Unavailable => "the database cannot be reached; retry shortly".into(),
            Problem::TimedOut { after_s } => format!("no answer was ready within {after_s} s"),
        }
    }

    /// The header that this kind of problem owes its reader.
    pub(crate) fn header(&self) -> Option<(header::HeaderName, HeaderValue)> {
        match self {
            Problem::MethodNotAllowed(allow) => {
                Some((header::ALLOW, HeaderValue::from_str(allow).ok()?))
            }
            Problem::Unauthorized { scheme, .. } => {
                Some((header::WWW_AUTHENTICATE, HeaderValue::from_static(scheme.challenge())))
            }
            Problem::RangeNotSatisfiable { n_bytes } => {
                let range = HeaderValue::from_str(&format!("bytes */{n_bytes}")).ok()?;
                Some((header::CONTENT_RANGE, range))
            }
            Problem::TooManyRequests { retry_after_s } => {
                Some((header::RETRY_AFTER, HeaderValue::from(*retry_after_s)))
            }
            Problem::Overloaded | Problem::Unavailable | Problem::TimedOut { .. } => {
                Some((header::RETRY_AFTER, HeaderValue::from_static("1")))
            }
            _ => None,
        }
    }

    /// The answer that tells the client.
    pub(crate) fn into_response(self) -> Response {
        let language = language::current();
        let mut response = reply::json(self.kind().0, &self.body(language));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, language.tag());
        headers.append(header::VARY, HeaderValue::from_static("accept-language"));
        if let Some((name, value)) = self.header() {
            headers.insert(name, value);
        }
        response
    }

    /// What the client reads, in English and outside of any request.
    pub(crate) fn document(&self) -> serde_json::Value {
        serde_json::to_value(self.body(Language::English)).unwrap_or_default()
    }

    fn body(&self, language: Language) -> Body {
        let (status, slug) = self.kind();
        let errors = self.told_in(language);
        Body {
            kind: format!("urn:courtier:problem:{slug}"),
            title: language.tell(status.canonical_reason().unwrap_or("Error")).into_owned(),
            status: status.as_u16(),
            detail: match errors.as_slice() {
                [] => language.tell(&self.detail()).into_owned(),
                errors => describe(errors),
            },
            request_id: request_id::current(),
            errors,
        }
    }

    /// The wrong fields, with their texts in a language.
    fn told_in(&self, language: Language) -> Vec<FieldError> {
        let Problem::Invalid(errors) = self else { return Vec::new() };
        let told = |error: &FieldError| FieldError {
            field: error.field.clone(),
            detail: language.tell(&error.detail).into_owned(),
        };
        errors.iter().map(told).collect()
    }
}

impl Scheme {
    fn challenge(self) -> &'static str {
        match self {
            Scheme::Bearer => "Bearer realm=\"internal\"",
            Scheme::ApiKey => "ApiKey realm=\"v1\", header=\"X-API-Key\", Bearer realm=\"v1\"",
            Scheme::Basic => "Basic realm=\"v1\", charset=\"UTF-8\"",
        }
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Problem {
        let request_id = request_id::current();
        match &error {
            store::Error::Invalid(detail) => Problem::Malformed(detail.clone()),
            _ if error.is_transient() => {
                tracing::warn!(%error, request_id, "the database did not serve a request");
                Problem::Unavailable
            }
            _ => {
                tracing::error!(%error, request_id, "a statement of a request failed");
                Problem::Internal
            }
        }
    }
}

impl From<commands::Invalid> for Problem {
    fn from(invalid: commands::Invalid) -> Problem {
        match invalid.field.as_str() {
            "" => Problem::Malformed(invalid.message),
            field => Problem::field(field, invalid.message),
        }
    }
}

impl From<commands::Failure> for Problem {
    fn from(failure: commands::Failure) -> Problem {
        let request_id = request_id::current();
        if matches!(failure, commands::Failure::Retry(_)) {
            tracing::warn!(%failure, request_id, "the database did not serve a request");
            return Problem::Unavailable;
        }
        tracing::error!(%failure, request_id, "what a request asked for failed");
        Problem::Internal
    }
}

/// One problem of each kind, for the document.
pub(crate) fn samples() -> Vec<Problem> {
    let unauthorized = |scheme, detail| Problem::Unauthorized { scheme, detail };
    vec![
        Problem::NotFound("nothing lives at /v1/nowhere".into()),
        Problem::MethodNotAllowed("OPTIONS, GET, HEAD".into()),
        unauthorized(Scheme::ApiKey, "this API key is unknown, expired or revoked"),
        Problem::Forbidden("this API key was not given the right to read this"),
        Problem::Malformed("the body must be a JSON object".into()),
        Problem::field("date", "must be a date such as 2026-01-24"),
        Problem::Conflict("the command is succeeded: it cannot cancel".into()),
        Problem::KeyReused,
        Problem::NotImplemented("$expand: is not implemented".into()),
        Problem::TooLarge { limit_bytes: crate::body::LIMIT_BYTES },
        Problem::RangeNotSatisfiable { n_bytes: 4096 },
        Problem::UnsupportedMediaType("the body must be application/json, not `text/csv`".into()),
        Problem::TooManyRequests { retry_after_s: 12 },
        Problem::Overloaded,
        Problem::Unavailable,
        Problem::TimedOut { after_s: 30 },
        Problem::Internal,
    ]
}

/// The answer of a handler that panicked. The panic hook has logged where and why.
pub(crate) fn panicked(_payload: Box<dyn Any + Send>) -> Response {
    tracing::error!(request_id = request_id::current(), "a handler panicked");
    Problem::Internal.into_response()
}

/// The answer to a rejection. Filters of this crate match paths and nothing else, and an unmatched
/// path has its own route, so a rejection that arrives here is a defect.
pub(crate) async fn rejected(
    rejection: warp::Rejection,
) -> Result<Response, std::convert::Infallible> {
    tracing::error!(?rejection, "a filter rejected a request that no route claimed");
    Ok(Problem::Internal.into_response())
}

#[derive(Serialize)]
struct Body {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

fn describe(errors: &[FieldError]) -> String {
    let named: Vec<String> =
        errors.iter().map(|error| format!("{}: {}", error.field, error.detail)).collect();
    named.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_sample_of_each_kind() {
        let source = include_str!("problem.rs");
        let (_, kinds) = source.split_once("fn kind(&self)").unwrap();
        let (kinds, _) = kinds.split_once("\n    }\n").unwrap();
        let mut named: Vec<&str> = kinds.split('"').skip(1).step_by(2).collect();
        let mut shown: Vec<&str> = samples().iter().map(|problem| problem.kind().1).collect();
        named.sort_unstable();
        shown.sort_unstable();
        assert_eq!(shown, named);
    }
}
