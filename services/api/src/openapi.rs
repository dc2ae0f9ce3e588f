//! The OpenAPI 3.1 document, assembled from the routes, the commands and the types of the answers.

mod example;
mod headers;
mod problems;

use http::Method;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::auth::{API_KEY, QUERY_KEY};
use crate::problem::{FieldError, odata};
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
    let mut responses = Map::new();
    for route in routes {
        let method = if route.method == Method::POST { "post" } else { "get" };
        let operation = operation(route, &mut generator, &mut responses);
        let path = paths.entry(&*route.path).or_insert_with(|| json!({}));
        path[method] = operation;
    }
    let problem = generator.subschema_for::<ProblemDocument>();
    let odata_error = generator.subschema_for::<odata::Document>();
    responses.insert(
        "Problem".to_owned(),
        json!({
            "description": "Why the request was not served.",
            "content": { "application/problem+json": { "schema": problem } },
        }),
    );
    responses.insert(
        "ODataError".to_owned(),
        json!({
            "description": "Why the request was not served, in the form of OData.",
            "headers": headers::references(&["X-Request-Id", "OData-Version"]),
            "content": { "application/json": { "schema": odata_error } },
        }),
    );
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Courtier",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Accepts commands over HTTP, has workers run them, and answers with \
                            what they found. Every error is an `application/problem+json`, but \
                            for those of the OData feed, which have its form.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "The server that this document comes from." }],
        "tags": tags(),
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "responses": responses,
            "headers": headers::all(),
            "securitySchemes": security_schemes(),
        },
    });
    example::fill(&mut document);
    document
}

/// The ways of showing who asks.
fn security_schemes() -> Value {
    json!({
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
    })
}

/// The groups, in the order in which a reader wants them.
fn tags() -> Value {
    json!([
        { "name": "orders", "description": "Commands: what Courtier can be told to do." },
        { "name": "commands", "description": "What became of them." },
        { "name": "tenants", "description": "Who is served." },
        { "name": "batches", "description": "Batches of cards." },
        { "name": "shop", "description": "The quota, and what the shop decides." },
        { "name": "auth", "description": "Tokens for API keys." },
        { "name": "kpis", "description": "Daily figures of a tenant." },
        { "name": "records", "description": "Tickets and time entries of a tenant." },
        { "name": "exports", "description": "Files for Power BI." },
        { "name": "odata", "description": "The tables of the files as a feed, for Power BI." },
        { "name": "cards", "description": "The catalogue and its prices." },
        { "name": "health", "description": "Whether it lives, and can work." },
        { "name": "docs", "description": "This document." },
    ])
}

fn operation(
    route: &Route,
    generator: &mut SchemaGenerator,
    shared: &mut Map<String, Value>,
) -> Value {
    let mut responses = problems::responses(route, shared);
    for answer in &route.doc.answers {
        let schema = (answer.schema)(generator);
        let mut content = Map::new();
        content.insert(answer.content_type.to_owned(), json!({ "schema": schema }));
        let status = answer.status.to_string();
        if responses.contains_key(&status) {
            let problem = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
            content.insert("application/problem+json".to_owned(), problem);
        }
        // An answer of several types is documented once for each.
        if let Some(others) = responses.get_mut(&status).and_then(|one| one.get_mut("content")) {
            others[answer.content_type] = json!({ "schema": schema });
            continue;
        }
        let response = json!({
            "description": answer.description,
            "headers": headers::of(route, answer.status),
            "content": content,
        });
        responses.insert(status, response);
    }
    if route.doc.has_etag {
        let headers = headers::of(route, 304);
        let unchanged = json!({ "description": "It has not changed.", "headers": headers });
        responses.insert("304".into(), unchanged);
    }
    let problem = if route.doc.is_odata { "ODataError" } else { "Problem" };
    let problem = format!("#/components/responses/{problem}");
    responses.insert("default".into(), json!({ "$ref": problem }));
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
    let path = route.path.replace(['{', '}', '.', '$'], "").replace(['/', '-'], "_");
    format!("{}{path}", route.method.as_str().to_lowercase())
}

fn parameters(route: &Route) -> Vec<Value> {
    let placeholders = route.parts().filter(|part| is_placeholder(part)).map(|part| {
        let name = part.trim_matches(['{', '}']);
        let documented = route.doc.query.iter().find(|p| p.place == "path" && p.name == name);
        documented.map_or_else(
            || {
                let schema = json!({ "type": "string" });
                json!({ "name": name, "in": "path", "required": true, "schema": schema })
            },
            parameter,
        )
    });
    let fields = route.doc.body.iter().flat_map(|schema| fields(schema.as_value()));
    let others = route.doc.query.iter().filter(|parameter| parameter.place != "path");
    let language = json!({
        "name": "Accept-Language", "in": "header", "required": false,
        "description": "`fr`: problems are told in French.",
        "schema": { "type": "string" }, "example": "fr",
    });
    placeholders.chain(fields).chain(others.map(parameter)).chain([language]).collect()
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
    let mut value = json!({
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.description,
        "schema": parameter.schema,
    });
    if let Some(example) = &parameter.example {
        value["example"] = example.clone();
    }
    value
}

/// The schema of a body whose required fields may stand in the query string instead.
fn optional(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("required");
        schema.remove("$schema");
    }
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    properties.into_iter().flat_map(Map::values_mut).for_each(allow_text);
    schema
}

/// Numbers and booleans may also be written as texts, as a query string holds them.
fn allow_text(property: &mut Value) {
    let kinds: Vec<&str> = match &property["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return,
    };
    let pattern = kinds.iter().find_map(|kind| match *kind {
        "integer" => Some("^-?[0-9]+$"),
        "number" => Some("^-?[0-9]+([.][0-9]+)?$"),
        "boolean" => Some("^(true|false)$"),
        _ => None,
    });
    let Some(pattern) = pattern else { return };
    let kinds: Vec<&str> = kinds.into_iter().chain(["string"]).collect();
    (property["pattern"], property["type"]) = (pattern.into(), json!(kinds));
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
