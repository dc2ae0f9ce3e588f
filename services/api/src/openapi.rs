//! The OpenAPI 3.1 document, assembled from the routes, the commands and the types of the answers.

use http::Method;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::auth::{API_KEY, QUERY_KEY};
use crate::problem::FieldError;
use crate::route::{Access, Carriers, Parameter, Route, is_placeholder};

/// The document as JSON.
pub(crate) fn document<'a>(routes: impl IntoIterator<Item = &'a Route>) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        })
        .into_generator();
    let mut paths = Map::new();
    for route in routes {
        let method = if route.method == Method::POST { "post" } else { "get" };
        let operation = operation(route, &mut generator);
        let path = paths.entry(&*route.path).or_insert_with(|| json!({}));
        path[method] = operation;
    }
    let problem = generator.subschema_for::<ProblemDocument>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Courtier",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Accepts commands over HTTP, has workers run them, and answers with \
                            what they found. Every error is an `application/problem+json`.",
        },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "responses": { "Problem": {
                "description": "Why the request was not served.",
                "content": { "application/problem+json": { "schema": problem } },
            } },
            "securitySchemes": {
                "service": {
                    "type": "http", "scheme": "bearer",
                    "description": "The service token.",
                },
                "key": {
                    "type": "apiKey", "in": "header", "name": API_KEY,
                    "description": "A tenant's API key.",
                },
                "keyAsPassword": {
                    "type": "http", "scheme": "basic",
                    "description": "A tenant's API key as the password, with any name.",
                },
                "keyInQuery": {
                    "type": "apiKey", "in": "query", "name": QUERY_KEY,
                    "description": "A tenant's API key, from programs that can send no header.",
                },
                "token": {
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                    "description": "What `POST /v1/auth/token` gives out for a key.",
                },
            },
        },
    })
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let mut responses = Map::new();
    for answer in &route.doc.answers {
        let schema = (answer.schema)(generator);
        responses.insert(
            answer.status.to_string(),
            json!({
                "description": answer.description,
                "content": { answer.content_type: { "schema": schema } },
            }),
        );
    }
    if route.doc.has_etag {
        responses.insert("304".into(), json!({ "description": "It has not changed." }));
    }
    responses.insert("default".into(), json!({ "$ref": "#/components/responses/Problem" }));
    let mut operation = json!({
        "operationId": operation_id(route),
        "summary": route.doc.summary,
        "tags": [route.doc.tag],
        "parameters": parameters(route),
        "responses": responses,
        "security": security(route),
    });
    if let Some(schema) = &route.doc.body {
        operation["requestBody"] = json!({
            "required": false,
            "description": "The parameters, unless the query string holds them.",
            "content": { "application/json": { "schema": optional(schema.as_value()) } },
        });
    }
    operation
}

/// `POST /internal/commands/{id}/cancel` is `post_internal_commands_id_cancel`.
fn operation_id(route: &Route) -> String {
    let path = route.path.replace(['{', '}', '.'], "").replace(['/', '-'], "_");
    format!("{}{path}", route.method.as_str().to_lowercase())
}

fn parameters(route: &Route) -> Vec<Value> {
    let placeholders = route.parts().filter(|part| is_placeholder(part)).map(|part| {
        let name = part.trim_matches(['{', '}']);
        json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
    });
    let fields = route.doc.body.iter().flat_map(|schema| fields(schema.as_value()));
    placeholders.chain(fields).chain(route.doc.query.iter().map(parameter)).collect()
}

/// The fields of a command, each of which may also stand in the query string.
fn fields(schema: &Value) -> Vec<Value> {
    let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
    let describe = |(name, schema): (&String, &Value)| {
        json!({
            "name": name,
            "in": "query",
            "required": false,
            "description": schema["description"].as_str().unwrap_or_default(),
            "schema": schema,
        })
    };
    properties.iter().map(describe).collect()
}

fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.description,
        "schema": parameter.schema,
    })
}

/// The schema of a body whose required fields may stand in the query string instead.
fn optional(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("required");
        schema.remove("$schema");
    }
    schema
}

fn security(route: &Route) -> Value {
    let mut schemes = match route.access {
        Access::Public => Vec::new(),
        Access::Service => vec!["service"],
        Access::Key => vec!["key", "keyAsPassword", "token"],
        Access::Shop => vec!["key", "keyAsPassword", "token", "service"],
    };
    if route.carriers == Carriers::AlsoQuery {
        schemes.push("keyInQuery");
    }
    schemes.into_iter().map(|scheme| json!({ scheme: [] })).collect()
}

/// An error (RFC 9457).
#[derive(JsonSchema)]
#[schemars(rename = "Problem")]
#[expect(dead_code, reason = "describes the JSON that `problem` writes")]
struct ProblemDocument {
    /// Stable name of the kind of problem.
    r#type: String,
    /// The status in words.
    title: String,
    status: u16,
    /// What is wrong with this request.
    detail: String,
    /// Quote it when asking the operator.
    request_id: Option<String>,
    /// Every wrong field.
    errors: Option<Vec<FieldError>>,
}
