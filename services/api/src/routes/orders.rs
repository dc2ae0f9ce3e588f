//! `POST /internal/{lane}/{verb}`: one route for each command. It accepts the command, and waits
//! for its end when it is asked to.

use std::time::Duration;

use commands::{CALLBACK_URL, Definition};
use http::{HeaderValue, StatusCode, header};
use schemars::{Schema, json_schema};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::accept::{Accepted, Idempotency, NewCommand};
use store::commands::CommandRow;
use uuid::Uuid;
use warp::reply::Response;

use super::views::{CommandView, Receipt, url};
use crate::access_line::About;
use crate::problem::Problem;
use crate::route::{Access, Call, Parameter, Route};
use crate::state::Api;
use crate::waiters::{Waiter, has_ended};
use crate::{body, reply, trace, wait};

/// Response header: an earlier request with the same key made the command.
const REPLAYED: &str = "idempotent-replayed";
/// Longest idempotency key.
const MAX_KEY_LEN: usize = 255;

pub(super) fn routes() -> Vec<Route> {
    commands::ALL.iter().map(route).collect()
}

/// The path of a command: `kpi.compute-daily` is `/internal/kpi/compute-daily`.
fn path(definition: &Definition) -> String {
    format!("/internal/{}", definition.name.replace('.', "/"))
}

fn route(definition: &'static Definition) -> Route {
    let handler =
        |api, call| -> futures::future::BoxFuture<'static, _> { Box::pin(order(api, call)) };
    let mut schema = definition.schema();
    let summary = schema.get("description").and_then(Value::as_str).unwrap_or(definition.name);
    let summary = summary.to_owned();
    if !definition.is_callback() {
        add_callback_url(&mut schema);
    }
    let mut route = Route::post(&path(definition), Access::Service, handler)
        .about("orders", summary)
        .query(wait::PARAMETER, "integer", "Seconds to wait for the end, at most 60.")
        .answers::<Receipt>(201, "Accepted: on disk, and it will be run.")
        .answers::<CommandView>(200, "It ended within the wait that was asked for.");
    route.bound(wait::PARAMETER, 0, None);
    route.doc.query.extend(headers());
    route.doc.body = Some(schema);
    route
}

/// Documents the parameter that every command has besides its own.
fn add_callback_url(schema: &mut Schema) {
    let properties = schema.ensure_object().entry("properties").or_insert_with(|| json!({}));
    if let Some(properties) = properties.as_object_mut() {
        let about = "Told by a signed POST when the command ends. Its host must be listed by the \
                     operator.";
        let kinds = ["string", "null"];
        let callback_url = json!({ "type": kinds, "format": "uri", "description": about });
        properties.insert(CALLBACK_URL.to_owned(), callback_url);
    }
}

fn headers() -> [Parameter; 2] {
    let header = |name: &str, description: &str| Parameter {
        name: name.to_owned(),
        place: "header",
        required: false,
        description: description.to_owned(),
        schema: json_schema!({ "type": "string" }),
        example: None,
    };
    [
        header(
            "Idempotency-Key",
            "The same key with the same parameters answers with the same command.",
        ),
        header("Prefer", "`wait=N` waits like the parameter `wait`."),
    ]
}

async fn order(api: Api, mut call: Call) -> Result<Response, Problem> {
    let definition = definition(&call.path)?;
    let wait = wait::take(&mut call.query, &call.headers)?;
    let key = idempotency_key(&call)?;
    let fields = body::fields(&call.headers, call.body).await?;
    let mut parameters = commands::merge(&call.query, Some(Value::Object(fields)))?;
    let callback_url = commands::take_callback_url(definition, &mut parameters, &api.callbacks)?;
    let accepted = definition.accept(parameters)?;
    if let Some(tenant_id) = accepted.tenant_id {
        api.tenants.require_active(&api.store, tenant_id).await?;
    }
    let command = NewCommand {
        id: Uuid::now_v7(),
        name: definition.name,
        tenant_id: accepted.tenant_id,
        idempotency: key.map(|key| {
            idempotency(key, definition.name, &accepted.payload, callback_url.as_deref())
        }),
        payload: accepted.payload,
        traceparent: trace::current(),
        waited: wait.is_some(),
        callback_url,
    };
    let about = About { command_id: Some(command.id), tenant_id: command.tenant_id };
    let mut response = accept(&api, command, wait).await?;
    // A repeated request is about the command of the first one, whose id its answer shows.
    if !response.headers().contains_key(REPLAYED) {
        response.extensions_mut().insert(about);
    }
    Ok(response)
}

/// The command that a path names.
fn definition(path: &str) -> Result<&'static Definition, Problem> {
    let name = path.strip_prefix("/internal/").unwrap_or_default().replace('/', ".");
    commands::find(&name).ok_or_else(|| Problem::NotFound(format!("there is no command {name}")))
}

async fn accept(
    api: &Api,
    command: NewCommand,
    wait: Option<Duration>,
) -> Result<Response, Problem> {
    let (id, name) = (command.id, command.name);
    // Registered before the commit: afterwards the end could come first.
    let waiter = wait.map(|_| api.waiters.register(id));
    let accepted = api.accepter.accept(command).await?;
    if accepted == Accepted::Created {
        metrics::counter!("jobs_enqueued_total", "kind" => name).increment(1);
    }
    match (accepted, wait.zip(waiter)) {
        (Accepted::KeyReused, _) => Err(Problem::KeyReused),
        (Accepted::Repeated(id), _) => repeated(api, id, wait).await,
        (Accepted::Created, None) => Ok(created(id, name, "queued")),
        (Accepted::Created, Some((wait, waiter))) => Ok(match end(api, waiter, wait).await {
            Some(row) => finished(row),
            None => created(id, name, "queued"),
        }),
    }
}

/// The ended command, or nothing when the wait is over or the process stops first.
async fn end(api: &Api, waiter: Waiter, wait: Duration) -> Option<CommandRow> {
    tokio::select! {
        ended = waiter.end(wait) => ended,
        () = api.stopping.cancelled() => None,
    }
}

/// Answers for the command that an earlier request with the same key made.
async fn repeated(api: &Api, id: Uuid, wait: Option<Duration>) -> Result<Response, Problem> {
    let waiter = api.waiters.register(id);
    let client = api.store.client().await?;
    let row = store::commands::get(&client, id).await?;
    drop(client);
    let Some(row) = row else {
        return Err(Problem::Conflict("the command of this key is not kept any more".into()));
    };
    let mut response = match wait {
        Some(_) if has_ended(&row) => finished(row),
        Some(wait) => match end(api, waiter, wait).await {
            Some(row) => finished(row),
            None => created(id, &row.name, &row.status),
        },
        None => created(id, &row.name, &row.status),
    };
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

fn created(id: Uuid, name: &str, status: &str) -> Response {
    let status_url = url(id);
    let location = HeaderValue::from_str(&status_url);
    let receipt = Receipt { id, name: name.to_owned(), status: status.to_owned(), status_url };
    let mut response = reply::json(StatusCode::CREATED, &receipt);
    if let Ok(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn finished(row: CommandRow) -> Response {
    let mut response = reply::ok(&CommandView::from(row));
    response.headers_mut().insert("preference-applied", HeaderValue::from_static("wait"));
    response
}

fn idempotency_key(call: &Call) -> Result<Option<String>, Problem> {
    let Some(value) = call.headers.get("idempotency-key") else { return Ok(None) };
    let wrong = || {
        let detail = format!("must be 1 to {MAX_KEY_LEN} visible ASCII characters");
        Problem::field("Idempotency-Key", detail)
    };
    let key = value.to_str().map_err(|_| wrong())?.trim();
    if key.is_empty() || key.len() > MAX_KEY_LEN {
        return Err(wrong());
    }
    Ok(Some(key.to_owned()))
}

/// The hash covers what the request means, not how it was written.
fn idempotency(
    key: String,
    name: &str,
    payload: &Value,
    callback_url: Option<&str>,
) -> Idempotency {
    let mut hash = Sha256::new();
    hash.update(name);
    hash.update([0]);
    hash.update(payload.to_string());
    if let Some(url) = callback_url {
        hash.update([0]);
        hash.update(url);
    }
    Idempotency { key, request_hash: hash.finalize().into() }
}
