//! Errors of the feed, in the form of OData 4.0.

use http::{HeaderValue, header};
use schemars::JsonSchema;
use serde::Serialize;
use warp::reply::Response;

use super::{FieldError, Problem};
use crate::{language, reply};

/// An error in the form of OData.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ODataError")]
pub(crate) struct Document {
    error: Inner,
}

/// What went wrong.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ODataErrorInner")]
struct Inner {
    /// As the end of a problem's `type`.
    code: &'static str,
    message: String,
    /// Every wrong field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    details: Vec<Detail>,
}

/// One wrong field.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ODataErrorDetail")]
struct Detail {
    code: &'static str,
    target: String,
    message: String,
}

impl Problem {
    /// The answer that tells a client of the feed.
    pub(crate) fn into_odata(self) -> Response {
        let (status, code) = self.kind();
        let detail = |error: &FieldError| Detail {
            code,
            target: error.field.clone(),
            message: error.detail.clone(),
        };
        let details = match &self {
            Problem::Invalid(errors) => errors.iter().map(detail).collect(),
            _ => Vec::new(),
        };
        let language = language::current();
        let error = Inner { code, message: self.body(language).detail, details };
        let mut response = reply::json(status, &Document { error });
        let headers = response.headers_mut();
        headers.insert("odata-version", HeaderValue::from_static("4.0"));
        headers.insert(header::CONTENT_LANGUAGE, language.tag());
        headers.append(header::VARY, HeaderValue::from_static("accept-language"));
        if let Some((name, value)) = self.header() {
            headers.insert(name, value);
        }
        response
    }
}
