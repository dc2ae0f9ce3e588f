//! One route: how it is matched, who may use it, what serves it, and how it is documented.
//!
//! The router and the OpenAPI document are made from the same values, so they cannot drift apart.

mod doc;

use std::sync::{Arc, OnceLock};

use futures::future::BoxFuture;
use http::{HeaderMap, Method};
use uuid::Uuid;
use warp::reply::Response;

use crate::access_line::Meters;
use crate::auth::Reader;
use crate::body::Unread;
use crate::problem::Problem;
use crate::request_id;
use crate::state::Api;
use web::{ByProxy, Client};

pub(crate) use doc::{Doc, Parameter};

/// One method of one path.
pub(crate) struct Route {
    pub(crate) method: Method,
    /// Path template such as `/internal/commands/{id}`.
    pub(crate) path: Arc<str>,
    pub(crate) access: Access,
    pub(crate) carriers: Carriers,
    pub(crate) handler: Handler,
    pub(crate) doc: Doc,
    meters: OnceLock<Meters>,
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anybody who can reach the port.
    Public,
    /// The holder of the service token.
    Service,
    /// The holder of a tenant's API key, or of a token given out for one; the tenant is the key's.
    Key,
    /// As [`Access::Key`], or the holder of the service token: for what belongs to the shop, which
    /// is none of its tenants.
    Shop,
}

/// Where a key may stand in a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Carriers {
    /// In `X-API-Key`, or as the password of `Authorization: Basic`.
    #[default]
    Headers,
    /// In the query string too, for programs that can send no header of their own.
    AlsoQuery,
}

/// Serves one request.
pub(crate) type Handler = fn(Api, Call) -> BoxFuture<'static, Result<Response, Problem>>;

/// One request, matched and let in.
pub(crate) struct Call {
    /// Template of the matched path.
    pub(crate) path: Arc<str>,
    /// Values of the placeholders of the path, in order.
    pub(crate) segments: Vec<String>,
    pub(crate) method: Method,
    /// The decoded query string.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Unread,
    pub(crate) client: Option<Client>,
    pub(crate) by_proxy: ByProxy,
    /// Whose key or token opened the route, where one did.
    pub(crate) reader: Option<Reader>,
}

impl Call {
    /// The placeholder of the path as an id.
    pub(crate) fn id(&self) -> Result<Uuid, Problem> {
        self.segment().parse().map_err(|_| Problem::field("id", "must be a UUID"))
    }

    /// The first placeholder of the path, as it was sent.
    pub(crate) fn segment(&self) -> &str {
        self.segments.first().map(String::as_str).unwrap_or_default()
    }

    /// The tenant whose credential opened the route.
    pub(crate) fn tenant_id(&self) -> Result<Uuid, Problem> {
        Ok(self.reader()?.tenant_id)
    }

    /// Who holds the key or the token that opened the route.
    pub(crate) fn reader(&self) -> Result<&Reader, Problem> {
        self.reader.as_ref().ok_or_else(|| {
            tracing::error!(path = %self.path, request_id = request_id::current(), "a route without a reader asked for one");
            Problem::Internal
        })
    }

    /// A header as text, if it is there and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Route {
    pub(crate) fn get(path: &str, access: Access, handler: Handler) -> Route {
        Route::new(Method::GET, path, access, handler)
    }

    pub(crate) fn post(path: &str, access: Access, handler: Handler) -> Route {
        Route::new(Method::POST, path, access, handler)
    }

    fn new(method: Method, path: &str, access: Access, handler: Handler) -> Route {
        Route {
            method,
            path: path.into(),
            access,
            carriers: Carriers::default(),
            handler,
            doc: Doc::default(),
            meters: OnceLock::new(),
        }
    }

    /// Where its requests are counted.
    pub(crate) fn meters(&self) -> &Meters {
        self.meters.get_or_init(|| Meters::of(&Arc::clone(&self.path).into()))
    }

    /// Takes the key from the query string too, as `api_key`.
    pub(crate) fn key_in_query(mut self) -> Route {
        self.carriers = Carriers::AlsoQuery;
        self
    }

    /// The parts of the path between slashes.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &str> {
        self.path.split('/').skip(1)
    }

    /// Whether `path` is an instance of the template.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let mut given = path.split('/').skip(1);
        let fits = self.parts().all(|part| match given.next() {
            Some(segment) => is_placeholder(part) && !segment.is_empty() || part == segment,
            None => false,
        });
        fits && given.next().is_none()
    }
}

/// Whether a part of a template stands for any segment.
pub(crate) fn is_placeholder(part: &str) -> bool {
    part.starts_with('{')
}
