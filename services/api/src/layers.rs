//! What happens around every request, whatever its path.
//!
//! From the outside in: request id, standard headers, access line and counters; compression; a panic
//! becomes 500; a request without an answer in time becomes 503.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use hyper::body::Body;
use tower::{Service, ServiceBuilder, ServiceExt as _};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tracing::Instrument as _;
use warp::filters::BoxedFilter;

use crate::access_line;
use crate::cors::Cors;
use crate::language::{LANGUAGE, Language};
use crate::problem::{self, Problem};
use crate::request_id::{self, REQUEST_ID};
use crate::trace::Trace;
use crate::wait;

/// Answers smaller than this travel uncompressed.
const COMPRESS_FROM_BYTES: u64 = 1024;

type BoxError = Box<dyn StdError + Send + Sync>;

/// `routes` with everything that surrounds them. `time_limit` bounds the time until the answer
/// starts; a client that asked to wait for a result gets its wait on top.
pub(crate) fn wrap<B>(
    routes: BoxedFilter<(warp::reply::Response,)>,
    cors: Cors,
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
    let inner = ServiceBuilder::new()
        .layer(CompressionLayer::new().compress_when(worth_it()))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .service_fn(move |request| in_time(routes.clone(), request, time_limit));
    tower::service_fn(move |request| enter(inner.clone(), cors.clone(), request))
}

/// Gives the request its id, and leaves one line and the counters behind.
async fn enter<S, B, A>(
    service: S,
    cors: Cors,
    request: Request<B>,
) -> Result<Response<A>, Infallible>
where
    S: Service<Request<B>, Response = Response<A>, Error = Infallible>,
{
    let started = Instant::now();
    let id = request_id::choose(request.headers());
    let seen = access_line::Seen::of(&request);
    let language = Language::choose(request.headers());
    let grant = cors.grant(request.method(), request.uri().path(), request.headers());
    // A span exists only while spans are exported: it would cost more than the line. The few lines
    // that a handler writes about a failure name the request themselves, see `problem`.
    let trace = Trace::of(request.headers());
    let span = trace.span.clone();
    let answer = LANGUAGE.scope(language, service.oneshot(request));
    let answer = trace.scope(REQUEST_ID.scope(id.clone(), answer));
    let mut response = answer.instrument(span.clone()).await?;
    seen.finish(&response, &id, started.elapsed(), &span);
    let headers = response.headers_mut();
    standard(headers);
    grant.put(headers);
    // Harmless by construction: see `request_id::choose`.
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(request_id::HEADER, value);
    }
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
    let time_limit = time_limit + wait::asked(request.uri(), request.headers());
    if let Ok(answer) = tokio::time::timeout(time_limit, routes.oneshot(request)).await {
        return answer;
    }
    let request_id = request_id::current();
    tracing::warn!(request_id, limit_s = time_limit.as_secs(), "no answer was ready in time");
    Ok(Problem::TimedOut { after_s: time_limit.as_secs() }.into_response())
}

/// Files keep their bytes: a part of one has to fit to the part before, and the tag of a file
/// names these very bytes.
fn worth_it() -> impl Predicate {
    SizeAbove::new(COMPRESS_FROM_BYTES)
        .and(NotForContentType::const_new("text/csv"))
        .and(NotForContentType::const_new("application/vnd.apache.parquet"))
}

/// What every answer says that does not say otherwise.
fn standard(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::time::Duration;

    use http::{Request, StatusCode};
    use warp::Filter as _;

    use super::*;

    /// Three routes that misbehave, each in its way.
    fn routes() -> BoxedFilter<(warp::reply::Response,)> {
        let panics = warp::path("panics").map(|| -> warp::reply::Response { panic!("on purpose") });
        let hangs = warp::path("hangs").then(pending::<warp::reply::Response>);
        let talks = warp::path("talks").map(|| crate::reply::bytes("text/plain", "x".repeat(4096)));
        panics.or(hangs).unify().or(talks).unify().boxed()
    }

    async fn ask(request: http::request::Builder) -> Response<Vec<u8>> {
        let service = wrap(routes(), Cors::default(), Duration::from_millis(20));
        let response = service.oneshot(request.body(String::new()).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let mut body = std::pin::pin!(body);
        let mut bytes = Vec::new();
        while let Some(frame) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
            let Ok(frame) = frame else { panic!("the body broke off") };
            bytes.extend_from_slice(frame.data_ref().unwrap());
        }
        Response::from_parts(head, bytes)
    }

    fn assert_problem(response: &Response<Vec<u8>>, status: StatusCode) {
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let problem: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(problem["request_id"], response.headers()["x-request-id"].to_str().unwrap());
    }

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        let response = ask(Request::get("/panics").header("x-request-id", "t-1")).await;
        assert_problem(&response, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["x-request-id"], "t-1");
        assert!(!String::from_utf8_lossy(response.body()).contains("on purpose"));
    }

    #[tokio::test]
    async fn no_answer_in_time_is_an_answer() {
        let response = ask(Request::get("/hangs")).await;
        assert_problem(&response, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()["retry-after"], "1");
    }

    #[tokio::test]
    async fn answers_carry_the_standard_headers() {
        let plain = ask(Request::get("/talks")).await;
        assert_eq!(plain.headers()["x-content-type-options"], "nosniff");
        assert_eq!(plain.headers()["cache-control"], "no-store");
        assert_eq!(plain.body().len(), 4096);
        let zipped = ask(Request::get("/talks").header("accept-encoding", "gzip")).await;
        assert_eq!(zipped.headers()["content-encoding"], "gzip");
        assert!(zipped.body().len() < 1024);
    }
}
