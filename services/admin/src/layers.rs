//! What happens around every request, whatever its path.
//!
//! From the outside in: one log line; compression; the headers that keep a page to itself; a panic
//! becomes a plain 500; a request without an answer in time becomes 503.

use std::any::Any;
use std::convert::Infallible;
use std::error::Error as StdError;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Body;
use tower::{Service, ServiceBuilder, ServiceExt as _};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};
use tower_http::set_header::SetResponseHeaderLayer;
use warp::filters::BoxedFilter;

use crate::failure::Failure;
use crate::reply;

/// Everything comes from this site; nothing is inline.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// Answers smaller than this travel uncompressed.
const COMPRESS_FROM_BYTES: u64 = 1024;

type BoxError = Box<dyn StdError + Send + Sync>;

/// `routes` with everything that surrounds them. `time_limit` bounds the time until the answer
/// starts.
pub(crate) fn wrap<B>(
    routes: BoxedFilter<(warp::reply::Response,)>,
    time_limit: Duration,
) -> impl Service<
    Request<B>,
    Response = Response<impl Body<Data = Bytes, Error = impl Into<BoxError>> + Send + 'static>,
    Error = Infallible,
    Future: Send,
> + Clone
+ Send
+ 'static
where
    B: Body + Send + Sync + 'static,
    B::Error: Into<BoxError>,
{
    let routes = warp::service(routes);
    // The font is compressed already, and events must not wait in a compressor.
    let compressible = SizeAbove::new(COMPRESS_FROM_BYTES)
        .and(NotForContentType::SSE)
        .and(NotForContentType::const_new("font/"));
    let inner = ServiceBuilder::new()
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(unless_set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .layer(unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(unless_set(header::X_FRAME_OPTIONS, "DENY"))
        .layer(unless_set(header::REFERRER_POLICY, "no-referrer"))
        .layer(unless_set(header::CACHE_CONTROL, "no-store"))
        .layer(unless_set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(unless_set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(CatchPanicLayer::custom(panicked))
        .service_fn(move |request| in_time(routes.clone(), request, time_limit));
    tower::service_fn(move |request| enter(inner.clone(), request))
}

/// Leaves one line behind. The query string is left out: it may hold what somebody searched for.
async fn enter<S, B, A>(service: S, request: Request<B>) -> Result<Response<A>, Infallible>
where
    S: Service<Request<B>, Response = Response<A>, Error = Infallible>,
{
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let client = request.extensions().get::<web::Client>().map(|client| client.0);
    let response = service.oneshot(request).await?;
    tracing::info!(
        target: "admin::access",
        {
            http.method = method.as_str(),
            http.path = path,
            http.status = response.status().as_u16(),
            duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            client = client.map(tracing::field::display),
        },
        "request answered"
    );
    Ok(response)
}

async fn in_time<S, B>(
    routes: S,
    request: Request<B>,
    time_limit: Duration,
) -> Result<warp::reply::Response, Infallible>
where
    S: Service<Request<B>, Response = warp::reply::Response, Error = Infallible>,
{
    if let Ok(answer) = tokio::time::timeout(time_limit, routes.oneshot(request)).await {
        return answer;
    }
    tracing::warn!(limit_s = time_limit.as_secs(), "no page was ready in time");
    Ok(plain(Failure::TimedOut.status()))
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
fn panicked(panic: Box<dyn Any + Send + 'static>) -> warp::reply::Response {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
    tracing::error!(panic = words, "a page panicked");
    plain(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Where no page can be made, because nobody knows whose it would be.
fn plain(status: StatusCode) -> warp::reply::Response {
    reply::typed(status, "text/plain; charset=utf-8", Bytes::from(format!("{status}\n")))
}

fn unless_set(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
