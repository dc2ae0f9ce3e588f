//! Answers.

use askama::Template;
use bytes::Bytes;
use futures::Stream;
use http::{HeaderValue, StatusCode, header};
use warp::reply::{Reply as _, Response};

/// A page, or a part of one.
pub(crate) fn html(template: &impl Template) -> Response {
    html_with(StatusCode::OK, template)
}

pub(crate) fn html_with(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => typed(status, "text/html; charset=utf-8", text.into()),
        Err(error) => {
            tracing::error!(%error, "a template could not be rendered");
            status_only(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// Sends the browser to another page of ours, with a GET.
pub(crate) fn see_other(path: &str) -> Response {
    let mut response = status_only(StatusCode::SEE_OTHER);
    let location = HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, location);
    response
}

/// As [`see_other`], with a cookie.
pub(crate) fn see_other_with(
    path: &str,
    cookies: impl IntoIterator<Item = HeaderValue>,
) -> Response {
    with_cookies(see_other(path), cookies)
}

pub(crate) fn with_cookies(
    mut response: Response,
    cookies: impl IntoIterator<Item = HeaderValue>,
) -> Response {
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

pub(crate) fn status_only(status: StatusCode) -> Response {
    let mut response = Response::new(Bytes::new().into());
    *response.status_mut() = status;
    response
}

pub(crate) fn typed(status: StatusCode, content_type: &'static str, body: Bytes) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let value = HeaderValue::from_static(content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, value);
    response
}

/// `200 OK` with a body that is produced while it is sent.
pub(crate) fn stream<S, E>(content_type: &'static str, chunks: S) -> Response
where
    S: Stream<Item = Result<Bytes, E>> + Send + Sync + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    let mut response = warp::reply::stream(chunks).into_response();
    let value = HeaderValue::from_static(content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, value);
    response
}
