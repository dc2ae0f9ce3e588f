//! One route: how it is matched, who may use it, what serves it.

use futures::future::BoxFuture;
use http::Method;
use warp::reply::Response;

use crate::failure::Failure;
use crate::visit::Visit;

/// Serves one request.
pub(crate) type Handler = fn(Visit) -> BoxFuture<'static, Result<Response, Failure>>;

/// One method of one path.
pub(crate) struct Route {
    pub(crate) method: Method,
    /// Path template such as `/commands/{id}`.
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    /// Largest form, in bytes.
    pub(crate) limit: usize,
    pub(crate) handler: Handler,
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anybody who can reach the port.
    Public,
    /// Somebody who is signed in.
    Member,
    /// As `Member`, and the request is the page's own doing, not the person's: it does not start
    /// the idle time anew.
    Stream,
}

/// Largest form without a file.
const LIMIT: usize = 256 * 1024;

impl Route {
    /// A page for members.
    pub(crate) fn get(path: &'static str, handler: Handler) -> Route {
        Route { method: Method::GET, path, access: Access::Member, limit: LIMIT, handler }
    }

    /// A form for members.
    pub(crate) fn post(path: &'static str, handler: Handler) -> Route {
        Route { method: Method::POST, ..Route::get(path, handler) }
    }

    pub(crate) fn access(self, access: Access) -> Route {
        Route { access, ..self }
    }

    /// For forms with files.
    pub(crate) fn limit(self, limit: usize) -> Route {
        Route { limit, ..self }
    }

    /// The values of the placeholders when `path` is one of this route's.
    pub(crate) fn matches(&self, path: &str) -> Option<Vec<String>> {
        let mut wanted = self.path.split('/');
        let mut given = path.split('/');
        let mut values = Vec::new();
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return Some(values),
                (Some(part), Some(value)) if part.starts_with('{') && !value.is_empty() => {
                    let decoded = percent_encoding::percent_decode_str(value).decode_utf8().ok()?;
                    values.push(decoded.into_owned());
                }
                (Some(part), Some(value)) if part == value => {}
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_take_one_segment() {
        let route = Route::get("/commands/{id}/cancel", |_| unreachable!());
        let values = |path| route.matches(path);
        assert_eq!(values("/commands/a%20b/cancel"), Some(vec!["a b".to_owned()]));
        for path in
            ["/commands//cancel", "/commands/x", "/commands/x/y/cancel", "/", "/commands/x/cancel/"]
        {
            assert_eq!(values(path), None, "{path}");
        }
        assert_eq!(Route::get("/", |_| unreachable!()).matches("/"), Some(Vec::new()));
    }
}
