//! One route: how it is matched, who may use it, what serves it, and how it is documented.
//!
//! The router and the OpenAPI document are made from the same values, so they cannot drift apart.

use std::sync::Arc;

use futures::future::BoxFuture;
use http::{HeaderMap, Method};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use uuid::Uuid;
use warp::reply::Response;

use crate::auth::Reader;
use crate::body::Unread;
use crate::problem::Problem;
use crate::request_id;
use crate::state::Api;
use web::{ByProxy, Client};

/// One method of one path.
pub(crate) struct Route {
    pub(crate) method: Method,
    /// Path template such as `/internal/commands/{id}`.
    pub(crate) path: Arc<str>,
    pub(crate) access: Access,
    pub(crate) carriers: Carriers,
    pub(crate) handler: Handler,
    pub(crate) doc: Doc,
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

/// What the OpenAPI document says about a route.
#[derive(Default)]
pub(crate) struct Doc {
    pub(crate) summary: String,
    pub(crate) tag: &'static str,
    pub(crate) query: Vec<Parameter>,
    /// JSON schema of the body's object, when the route takes one.
    pub(crate) body: Option<Schema>,
    pub(crate) answers: Vec<Answer>,
    /// Problems that are this route's own, by the end of their type.
    pub(crate) problems: &'static [&'static str],
    /// Further pages may follow, as `Link` says.
    pub(crate) is_paged: bool,
    /// Errors have the form of OData.
    pub(crate) is_odata: bool,
    /// The answer has an `ETag`, and `If-None-Match` is understood.
    pub(crate) has_etag: bool,
}

/// One query parameter or header.
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) place: &'static str,
    pub(crate) required: bool,
    pub(crate) description: String,
    pub(crate) schema: Schema,
    /// `None`: one is made from the schema.
    pub(crate) example: Option<serde_json::Value>,
}

/// One answer that is not an error.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) description: &'static str,
    pub(crate) content_type: &'static str,
    pub(crate) schema: fn(&mut SchemaGenerator) -> Schema,
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
        }
    }

    /// Takes the key from the query string too, as `api_key`.
    pub(crate) fn key_in_query(mut self) -> Route {
        self.carriers = Carriers::AlsoQuery;
        self
    }

    /// Names the group and the purpose of the route.
    pub(crate) fn about(mut self, tag: &'static str, summary: impl Into<String>) -> Route {
        self.doc.tag = tag;
        self.doc.summary = summary.into();
        self
    }

    /// Documents an optional query parameter of a JSON type and format (`""` for none).
    pub(crate) fn query(mut self, name: &str, format: &str, description: &str) -> Route {
        let schema = match format {
            "" => schemars::json_schema!({ "type": "string" }),
            "integer" | "boolean" => schemars::json_schema!({ "type": format }),
            format => schemars::json_schema!({ "type": "string", "format": format }),
        };
        self.doc.query.push(Parameter {
            name: name.to_owned(),
            place: "query",
            required: false,
            description: description.to_owned(),
            schema,
            example: None,
        });
        self
    }

    /// Documents the object that the body may hold.
    pub(crate) fn body(mut self, schema: Schema) -> Route {
        self.doc.body = Some(schema);
        self
    }

    /// As [`Route::query`], for one that must be given.
    pub(crate) fn required(self, name: &str, format: &str, description: &str) -> Route {
        let mut route = self.query(name, format, description);
        if let Some(parameter) = route.doc.query.last_mut() {
            parameter.required = true;
        }
        route
    }

    /// Documents a placeholder of the path, by a JSON format (`""` for none) and an example.
    pub(crate) fn placeholder(
        self,
        name: &str,
        format: &str,
        description: &str,
        example: &str,
    ) -> Route {
        let mut route = self.required(name, format, description);
        if let Some(parameter) = route.doc.query.last_mut() {
            parameter.place = "path";
            parameter.example = Some(example.into());
        }
        route
    }

    /// Gives the query parameter that was documented last an example.
    pub(crate) fn such_as(mut self, example: impl Into<serde_json::Value>) -> Route {
        if let Some(parameter) = self.doc.query.last_mut() {
            parameter.example = Some(example.into());
        }
        self
    }

    /// Documents problems that are this route's own, by the end of their type.
    pub(crate) fn fails(mut self, problems: &'static [&'static str]) -> Route {
        self.doc.problems = problems;
        self
    }

    /// Documents that further pages may follow.
    pub(crate) fn paged(mut self) -> Route {
        self.doc.is_paged = true;
        self.page_size()
    }

    /// Documents how many rows a page may hold.
    pub(crate) fn page_size(mut self) -> Route {
        self.bound("limit", 1, crate::page::MAX);
        self
    }

    /// Documents the only values that a query parameter takes.
    pub(crate) fn limit(&mut self, name: &str, values: &[&str]) {
        self.parameter(name, "enum", &serde_json::json!(values));
    }

    /// Documents the bounds of a query parameter that is a number.
    pub(crate) fn bound(&mut self, name: &str, min: i64, max: impl Into<Option<i64>>) {
        self.parameter(name, "minimum", &min.into());
        if let Some(max) = max.into() {
            self.parameter(name, "maximum", &max.into());
        }
    }

    fn parameter(&mut self, name: &str, keyword: &str, value: &serde_json::Value) {
        for parameter in self.doc.query.iter_mut().filter(|parameter| parameter.name == name) {
            parameter.schema.insert(keyword.to_owned(), value.clone());
        }
    }

    /// Documents an answer in JSON.
    pub(crate) fn answers<T: JsonSchema>(
        mut self,
        status: u16,
        description: &'static str,
    ) -> Route {
        self.doc.answers.push(Answer {
            status,
            description,
            content_type: "application/json",
            schema: SchemaGenerator::subschema_for::<T>,
        });
        self
    }

    /// Documents an answer in another type, as text.
    pub(crate) fn answers_text(mut self, content_type: &'static str, what: &'static str) -> Route {
        self.doc.answers.push(Answer {
            status: 200,
            description: what,
            content_type,
            schema: SchemaGenerator::subschema_for::<String>,
        });
        self
    }

    /// Tells errors as OData does.
    pub(crate) fn odata(mut self) -> Route {
        self.doc.is_odata = true;
        self
    }

    /// Documents that the answer has an `ETag`, so that asking again may cost nothing.
    pub(crate) fn has_etag(mut self) -> Route {
        self.doc.query.push(Parameter {
            name: "If-None-Match".to_owned(),
            place: "header",
            required: false,
            description: "The `ETag` of an earlier answer: 304 when it has not changed.".to_owned(),
            schema: schemars::json_schema!({ "type": "string" }),
            example: None,
        });
        self.doc.has_etag = true;
        self
    }

    /// Documents that parts can be asked for.
    pub(crate) fn has_ranges(mut self) -> Route {
        let header = |name: &str, description: &str| Parameter {
            name: name.to_owned(),
            place: "header",
            required: false,
            description: description.to_owned(),
            schema: schemars::json_schema!({ "type": "string" }),
            example: None,
        };
        let range = "A part such as `bytes=1000-`: 206. Several parts at once are answered whole.";
        let if_range = "The `ETag` of the part before: another version is answered whole.";
        self.doc.query.extend([header("Range", range), header("If-Range", if_range)]);
        self.doc.answers.push(Answer {
            status: 206,
            description: "The part that was asked for.",
            content_type: "text/csv",
            schema: SchemaGenerator::subschema_for::<String>,
        });
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
