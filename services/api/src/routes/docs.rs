//! `GET /openapi.json`, and a page that renders it without the internet.

use std::future;
use std::sync::{Arc, OnceLock};

use http::{HeaderValue, header};
use utoipa_swagger_ui::Config;
use warp::reply::Response;

use crate::problem::Problem;
use crate::route::{Access, Call, Route};
use crate::{reply, request_id};

/// The page runs its own scripts and asks this server only.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
const CACHE: &str = "public, max-age=86400";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/openapi.json", Access::Public, |api, call| {
            Box::pin(future::ready(Ok(api.openapi.answer(&call))))
        })
        .about("docs", "This document.")
        .has_etag()
        .answers::<serde_json::Value>(200, "OpenAPI 3.1."),
        Route::get("/docs", Access::Public, |_, _| Box::pin(future::ready(page("index.html"))))
            .about("docs", "A page to read and to try this document.")
            .answers_text("text/html", "The page."),
        Route::get("/docs/{file}", Access::Public, |_, call| Box::pin(future::ready(file(&call))))
            .about("docs", "The scripts and styles of the page.")
            .placeholder("file", "", "Its name.", "swagger-ui.css")
            .answers_text("text/javascript", "The file.")
            .answers_text("text/css", "The file.")
            .answers_text("text/html", "The file.")
            .answers_text("image/png", "The file.")
            .answers_text("application/octet-stream", "The file."),
    ]
}

fn file(call: &Call) -> Result<Response, Problem> {
    let mut response = page(call.segments.first().map(String::as_str).unwrap_or_default())?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    Ok(response)
}

fn page(name: &str) -> Result<Response, Problem> {
    static CONFIG: OnceLock<Arc<Config<'static>>> = OnceLock::new();
    // The validator badge would ask a server on the internet.
    let config = CONFIG.get_or_init(|| {
        Arc::new(Config::from("/openapi.json").validator_url("none").deep_linking(true))
    });
    let file = utoipa_swagger_ui::serve(name, Arc::clone(config)).map_err(|error| {
        tracing::error!(%error, name, request_id = request_id::current(), "the documentation page could not be made");
        Problem::Internal
    })?;
    let Some(file) = file else {
        return Err(Problem::NotFound(format!("the documentation has no file {name}")));
    };
    let mut bytes = file.bytes.into_owned();
    if name == "index.html" {
        // The page lives at `/docs`, where relative paths would lead to the root.
        bytes = String::from_utf8_lossy(&bytes).replace("\"./", "\"/docs/").into_bytes();
    }
    let mut response = reply::bytes("application/octet-stream", bytes);
    let headers = response.headers_mut();
    if let Ok(content_type) = HeaderValue::from_str(&file.content_type) {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}
