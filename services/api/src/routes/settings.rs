//! `/internal/settings`: what the shop can change while everything runs.

use schemars::{JsonSchema, Schema, json_schema};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::Client;
use store::settings::{self, Changed, DEFINITIONS, Shown};
use warp::reply::Response;

use crate::params::Params;
use crate::problem::{FieldError, Problem};
use crate::route::{Access, Call, Route};
use crate::state::Api;
use crate::{body, etag, reply};

/// Who changed a setting, in the audit log.
const ACTOR: &str = "service-token";

/// A setting.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Setting")]
struct SettingView {
    key: &'static str,
    value: String,
    default: &'static str,
    /// What may be written.
    accepts: String,
    about: &'static str,
}

/// The settings after a change.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ChangedSettings")]
struct ChangedView {
    /// Those that have another value now.
    changed: Vec<ChangeView>,
    /// All of them.
    settings: Vec<SettingView>,
}

/// A setting that has another value now.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SettingChange")]
struct ChangeView {
    key: String,
    before: String,
    after: String,
}

pub(super) fn routes() -> Vec<Route> {
    let mut change =
        Route::post("/internal/settings", Access::Service, |api, call| Box::pin(change(api, call)))
            .about("shop", "Changes settings: all that are given, or none.")
            .answers::<ChangedView>(200, "What has changed, and all settings.");
    change.doc.body = Some(schema());
    vec![
        Route::get("/internal/settings", Access::Service, |api, call| Box::pin(list(api, call)))
            .about("shop", "Lists the settings, with what each accepts.")
            .has_etag()
            .answers::<Vec<SettingView>>(200, "The settings."),
        change,
    ]
}

/// Every setting as an optional field.
fn schema() -> Schema {
    let field = |definition: &settings::Definition| {
        let description = format!("{}: {}", definition.about, definition.kind);
        let example = definition.default;
        (definition.key.to_owned(), json!({ "description": description, "examples": [example] }))
    };
    let properties: Map<String, Value> = DEFINITIONS.iter().map(field).collect();
    json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
}

async fn list(api: Api, call: Call) -> Result<Response, Problem> {
    Params::new(&call.query).finish()?;
    let client = api.store.client().await?;
    etag::ok(&call, &all(&client).await?)
}

async fn change(api: Api, call: Call) -> Result<Response, Problem> {
    let fields = body::fields(&call.headers, call.body).await?;
    let merged = commands::merge(&call.query, Some(Value::Object(fields)))?;
    let wanted: Vec<(&str, String)> = merged.as_object().into_iter().flatten().map(text).collect();
    let wanted: Vec<_> = wanted.iter().map(|(key, text)| (*key, text.as_str())).collect();
    let refused = settings::check(&wanted);
    if !refused.is_empty() {
        let error =
            |refusal: settings::Refusal| FieldError { field: refusal.key, detail: refusal.reason };
        return Err(Problem::Invalid(refused.into_iter().map(error).collect()));
    }
    let client = api.store.client().await?;
    let changed = settings::set(&client, ACTOR, &wanted).await?;
    let view = ChangedView {
        changed: changed.into_iter().map(ChangeView::from).collect(),
        settings: all(&client).await?,
    };
    Ok(reply::ok(&view))
}

/// Settings are texts; JSON may write them as what they mean.
fn text<'a>((key, value): (&'a String, &'a Value)) -> (&'a str, String) {
    match value {
        Value::String(text) => (key, text.clone()),
        other => (key, other.to_string()),
    }
}

async fn all(client: &Client) -> Result<Vec<SettingView>, Problem> {
    Ok(settings::show(client).await?.into_iter().map(SettingView::from).collect())
}

impl From<Shown> for SettingView {
    fn from(shown: Shown) -> SettingView {
        SettingView {
            key: shown.key,
            value: shown.value,
            default: shown.default,
            accepts: shown.accepts,
            about: shown.about,
        }
    }
}

impl From<Changed> for ChangeView {
    fn from(changed: Changed) -> ChangeView {
        ChangeView { key: changed.key, before: changed.before, after: changed.after }
    }
}
