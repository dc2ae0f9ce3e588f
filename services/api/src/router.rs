//! From the routes to one warp filter that answers every request.
//!
//! Filters match methods and paths and nothing else. Whatever else can go wrong is a [`Problem`]
//! and therefore an answer, never a rejection: a rejection would let other routes mask it.

use std::collections::HashMap;
use std::sync::Arc;

use http::Method;
use warp::filters::BoxedFilter;
use warp::reply::Response;
use warp::{Filter, Rejection};

use crate::access_line::About;
use crate::problem::{self, Problem};
use crate::route::{Call, Route, is_placeholder};
use crate::state::Api;
use crate::{auth, body, reply};
use web::{ByProxy, Client};

/// The route that served a request, left in the response's extensions.
#[derive(Clone)]
pub(crate) struct Matched(pub(crate) Arc<Route>);

/// One filter for all of `routes`. Those without placeholders, which carry the load, are looked up
/// in one step and come first.
pub(crate) fn filter(api: &Api, routes: &Arc<[Arc<Route>]>) -> BoxedFilter<(Response,)> {
    let plain = plain(api.clone(), routes);
    let others = routes
        .iter()
        .rev()
        .filter(|route| !is_plain(route))
        .map(|route| one(api.clone(), Arc::clone(route)))
        .fold(unmatched(Arc::clone(routes)), |rest, route| route.or(rest).unify().boxed());
    plain.or(others).unify().recover(problem::rejected).unify().boxed()
}

fn is_plain(route: &Route) -> bool {
    !route.parts().any(is_placeholder)
}

fn plain(api: Api, routes: &[Arc<Route>]) -> BoxedFilter<(Response,)> {
    let mut by_path: HashMap<Arc<str>, Vec<Arc<Route>>> = HashMap::new();
    for route in routes.iter().filter(|route| is_plain(route)) {
        by_path.entry(Arc::clone(&route.path)).or_default().push(Arc::clone(route));
    }
    // warp copies what a closure holds for each request.
    let by_path = Arc::new(by_path);
    let find = move |method: Method, full: warp::path::FullPath| {
        // hyper leaves out the body of an answer to HEAD.
        let method = if method == Method::HEAD { Method::GET } else { method };
        // What somebody types into a browser may end with a slash.
        let path = full.as_str().strip_suffix('/').filter(|_| method == Method::GET);
        let routes = by_path.get(path.unwrap_or(full.as_str())).into_iter().flatten();
        let found = routes.into_iter().find(|route| route.method == method).cloned();
        async move { found.ok_or_else(warp::reject::not_found) }
    };
    let matched = warp::method().and(warp::path::full()).and_then(find);
    matched
        .and(call())
        .then(move |route: Arc<Route>, call| serve(api.clone(), route, Vec::new(), call))
        .boxed()
}

fn one(api: Api, route: Arc<Route>) -> BoxedFilter<(Response,)> {
    let path = route.parts().fold(warp::any().map(Vec::new).boxed(), |before, part| {
        if is_placeholder(part) {
            let add = |mut segments: Vec<String>, segment: String| {
                segments.push(segment);
                segments
            };
            before.and(warp::path::param()).map(add).boxed()
        } else {
            before.and(warp::path(part.to_owned())).boxed()
        }
    });
    let path = path.and(warp::path::end());
    method(&route.method)
        .and(path)
        .and(call())
        .then(move |segments, call| serve(api.clone(), Arc::clone(&route), segments, call))
        .boxed()
}

fn method(method: &Method) -> BoxedFilter<()> {
    match *method {
        Method::POST => warp::post().boxed(),
        // hyper leaves out the body of an answer to HEAD.
        _ => warp::get().or(warp::head()).unify().boxed(),
    }
}

/// Everything a handler may need, with nothing that can reject.
fn call() -> impl Filter<Extract = (Call,), Error = Rejection> + Clone {
    warp::query::<Vec<(String, String)>>()
        .and(warp::method())
        .and(warp::header::headers_cloned())
        .and(warp::body::stream())
        .and(warp::ext::optional::<Client>())
        .and(warp::ext::optional::<ByProxy>())
        .map(|query, method, headers, stream, client, by_proxy: Option<ByProxy>| Call {
            path: Arc::default(),
            segments: Vec::new(),
            method,
            query,
            headers,
            body: body::unread(stream),
            client,
            by_proxy: by_proxy.unwrap_or_default(),
            reader: None,
        })
}

/// Lets the caller in, and has the request handled.
async fn serve(api: Api, route: Arc<Route>, segments: Vec<String>, mut call: Call) -> Response {
    call.segments = segments;
    call.path = Arc::clone(&route.path);
    let admitted = auth::admit(&api, &route, &mut call).await;
    let tenant_id = call.reader.as_ref().map(|reader| reader.tenant_id);
    let served = match admitted {
        Ok(()) => (route.handler)(api, call).await,
        Err(problem) => Err(problem),
    };
    let mut response = served.unwrap_or_else(|problem| told(problem, &route));
    if tenant_id.is_some() {
        response.extensions_mut().insert(About { command_id: None, tenant_id });
    }
    response.extensions_mut().insert(Matched(route));
    response
}

/// A problem in the form of the route's errors.
fn told(problem: Problem, route: &Route) -> Response {
    if route.doc.is_odata { problem.into_odata() } else { problem.into_response() }
}

/// What no route claimed: a wrong method, `OPTIONS`, or a path that does not exist.
fn unmatched(routes: Arc<[Arc<Route>]>) -> BoxedFilter<(Response,)> {
    let answer = move |method: Method, path: warp::path::FullPath| {
        let path = path.as_str();
        let Some(route) = routes.iter().find(|route| route.matches(path)) else {
            return Problem::NotFound(format!("nothing lives at {path}")).into_response();
        };
        let allow = allow(&routes, path);
        match method {
            Method::OPTIONS => reply::options(&allow),
            _ => told(Problem::MethodNotAllowed(allow), route),
        }
    };
    warp::method().and(warp::path::full()).map(answer).boxed()
}

/// The methods of a path, as `Allow` names them.
fn allow(routes: &[Arc<Route>], path: &str) -> String {
    let methods: Vec<&Method> =
        routes.iter().filter(|route| route.matches(path)).map(|route| &route.method).collect();
    let mut allow = vec!["OPTIONS"];
    if methods.contains(&&Method::GET) {
        allow.extend(["GET", "HEAD"]);
    }
    if methods.contains(&&Method::POST) {
        allow.push("POST");
    }
    allow.join(", ")
}
