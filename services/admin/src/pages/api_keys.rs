//! `/api-keys`: who may read what over the API, and until when.

use askama::Template;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::api_keys::{self, KeyInfo, SCOPES};
use store::tenants::TenantProfile;
use uuid::Uuid;
use warp::reply::Response;

use crate::failure::Failure;
use crate::field::{Field, FieldError};
use crate::icon::Mark;
use crate::reply;
use crate::route::Route;
use crate::say::Say;
use crate::shell::Shell;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "api-keys.html")]
struct ApiKeysPage {
    shell: Shell,
    keys: Vec<KeyRow>,
    form: NewKey,
    errors: Vec<FieldError>,
    error_title: String,
    /// Shown once.
    created: Option<String>,
    revoked: bool,
}

/// A key in one line; its secret is nowhere.
struct KeyRow {
    id: String,
    name: String,
    lookup: String,
    tenant: String,
    scopes: String,
    mark: Mark,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    is_alive: bool,
}

/// The form for a new key, as it was filled in.
struct NewKey {
    name: Field,
    tenants: Vec<Choice>,
    scopes: Vec<Choice>,
    days: Vec<Choice>,
    tenant_error: Option<String>,
    scope_error: Option<String>,
}

/// One of several values.
struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "api-key-revoke.html")]
struct RevokePage {
    shell: Shell,
    id: String,
    key_name: String,
    tenant: String,
    /// The name typed again.
    field: Field,
    errors: Vec<FieldError>,
    error_title: String,
}

/// Days that a key can live; 0 is without end.
const DAYS: [i64; 4] = [30, 90, 365, 0];
const LONGEST_NAME: usize = 80;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api-keys", |visit| Box::pin(show(visit))),
        Route::post("/api-keys", |visit| Box::pin(create(visit))),
        Route::get("/api-keys/{id}/revoke", |visit| Box::pin(ask(visit))),
        Route::post("/api-keys/{id}/revoke", |visit| Box::pin(revoke(visit))),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    page(&visit, StatusCode::OK, None, false).await
}

async fn create(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let tenants = store::tenants::list(&client, true).await?;
    let form = NewKey::typed(&visit, &tenants, true);
    if !form.errors().is_empty() {
        drop(client);
        return page(&visit, StatusCode::UNPROCESSABLE_ENTITY, None, true).await;
    }
    let tenant_id: Uuid = visit.form.get("tenant").parse().map_err(|_| Failure::Broken)?;
    let scopes: Vec<&str> = SCOPES
        .into_iter()
        .filter(|scope| visit.form.all("scope").any(|one| one == *scope))
        .collect();
    let days: i64 = visit.form.get("days").parse().unwrap_or(DAYS[0]);
    let expires_at =
        (days > 0).then(|| visit.say.now + SignedDuration::from_hours(24 * days.min(3_650)));
    let name = visit.form.get("name").trim();
    let created =
        api_keys::create_scoped(&client, &visit.site.pepper, tenant_id, name, &scopes, expires_at)
            .await?;
    let detail =
        json!({ "tenant_id": tenant_id, "name": name, "scopes": scopes, "expires_at": expires_at });
    let id = created.id.to_string();
    store::audit::log(&client, visit.actor(), "api-keys.create", &id, &detail).await?;
    drop(client);
    page(&visit, StatusCode::CREATED, Some(created.key), false).await
}

async fn ask(visit: Visit) -> Result<Response, Failure> {
    revoke_page(&visit, StatusCode::OK).await
}

async fn revoke(visit: Visit) -> Result<Response, Failure> {
    let (id, key, _) = find(&visit).await?;
    if visit.form.get("name").trim() != key.name {
        return revoke_page(&visit, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let client = visit.db().await?;
    if api_keys::revoke(&client, id).await? {
        let detail = json!({ "name": key.name, "tenant_id": key.tenant_id });
        store::audit::log(&client, visit.actor(), "api-keys.revoke", &id.to_string(), &detail)
            .await?;
    }
    Ok(reply::see_other("/api-keys?revoked=1"))
}

async fn find(visit: &Visit) -> Result<(Uuid, KeyInfo, String), Failure> {
    let id = visit.id()?;
    let client = visit.db().await?;
    let keys = api_keys::list(&client, None).await?;
    let key = keys.into_iter().find(|key| key.id == id).ok_or(Failure::NotFound)?;
    let tenant = store::tenants::get(&client, key.tenant_id).await?;
    Ok((id, key, tenant.map(|tenant| tenant.name).unwrap_or_default()))
}

async fn revoke_page(visit: &Visit, status: StatusCode) -> Result<Response, Failure> {
    let (id, key, tenant) = find(visit).await?;
    let say = &visit.say;
    let mut field =
        Field::text("name", say.t1("api-keys-type", "name", &key.name), visit.form.get("name"));
    if status != StatusCode::OK {
        field.error = Some(say.t1("api-keys-type-rule", "name", &key.name));
    }
    let mut shell = visit.shell_titled(say.t1("api-keys-revoke-ask", "name", &key.name)).await;
    let errors: Vec<FieldError> = field.fault().into_iter().collect();
    if !errors.is_empty() {
        shell.title = say.t1("error-title", "title", &shell.title);
    }
    let error_title = say.t("api-keys-not-revoked");
    let page = RevokePage {
        shell,
        id: id.to_string(),
        key_name: key.name,
        tenant,
        field,
        errors,
        error_title,
    };
    Ok(reply::html_with(status, &page))
}

async fn page(
    visit: &Visit,
    status: StatusCode,
    created: Option<String>,
    refused: bool,
) -> Result<Response, Failure> {
    let say = &visit.say;
    let client = visit.db().await?;
    let tenants = store::tenants::list(&client, false).await?;
    let keys = api_keys::list(&client, None).await?;
    drop(client);
    let form = NewKey::typed(visit, &tenants, refused);
    let errors = form.errors();
    let mut shell = visit.shell("page-api-keys").await;
    if !errors.is_empty() {
        shell.title = say.t1("error-title", "title", &shell.title);
    }
    let page = ApiKeysPage {
        keys: keys.iter().map(|key| row(say, key, &tenants)).collect(),
        form,
        errors,
        error_title: say.t("api-keys-refused"),
        created,
        revoked: visit.query.has("revoked"),
        shell,
    };
    Ok(reply::html_with(status, &page))
}

fn row(say: &Say, key: &KeyInfo, tenants: &[TenantProfile]) -> KeyRow {
    let tenant = tenants.iter().find(|tenant| tenant.id == key.tenant_id);
    let mark = match key {
        KeyInfo { revoked_at: Some(_), .. } => {
            Mark::new("idle", "slash", say.t("api-keys-revoked"))
        }
        KeyInfo { expires_at: Some(at), .. } if *at <= say.now => {
            Mark::new("idle", "clock", say.t("api-keys-expired"))
        }
        _ => Mark::new("ok", "tick", say.t("api-keys-alive")),
    };
    let scopes = key.scopes.iter().map(|scope| scope_label(say, scope));
    KeyRow {
        id: key.id.to_string(),
        name: key.name.clone(),
        lookup: key.lookup.clone(),
        tenant: tenant.map(|tenant| tenant.name.clone()).unwrap_or_default(),
        scopes: scopes.collect::<Vec<_>>().join(", "),
        is_alive: mark.tone == "ok",
        mark,
        expires_at: key.expires_at,
        last_used_at: key.last_used_at,
    }
}

fn scope_label(say: &Say, scope: &str) -> String {
    say.try_t(&format!("scope-{scope}")).unwrap_or_else(|| scope.to_owned())
}

impl NewKey {
    /// What was typed; with what is wrong about it when it was `refused`.
    fn typed(visit: &Visit, tenants: &[TenantProfile], refused: bool) -> NewKey {
        let (say, form) = (&visit.say, &visit.form);
        let mut name = Field::text("name", say.t("api-keys-name"), form.get("name"));
        name.hint = say.t("api-keys-name-hint");
        let length = form.get("name").trim().chars().count();
        let is_named = (1..=LONGEST_NAME).contains(&length);
        name.error = (refused && !is_named).then(|| say.t("api-keys-name-rule"));
        let tenant = form.get("tenant");
        let is_known = tenants.iter().any(|one| one.is_active && one.id.to_string() == tenant);
        let is_new = form.pairs().is_empty();
        let choice = |value: String, label, is_chosen| Choice { value, label, is_chosen };
        let active = tenants.iter().filter(|tenant| tenant.is_active);
        NewKey {
            name,
            tenants: active
                .map(|one| (one.id.to_string(), one.name.clone()))
                .map(|(id, name)| choice(id.clone(), name, id == tenant))
                .collect(),
            scopes: SCOPES
                .into_iter()
                .map(|scope| {
                    let chosen = is_new || form.all("scope").any(|one| one == scope);
                    choice(scope.to_owned(), scope_label(say, scope), chosen)
                })
                .collect(),
            days: DAYS
                .into_iter()
                .map(|days| {
                    let label = if days == 0 {
                        say.t("api-keys-endless")
                    } else {
                        say.t1("days", "n", days)
                    };
                    choice(days.to_string(), label, form.get("days") == days.to_string())
                })
                .collect(),
            tenant_error: (refused && !is_known).then(|| say.t("api-keys-tenant-rule")),
            scope_error: (refused && !form.has("scope")).then(|| say.t("api-keys-scope-rule")),
        }
    }

    fn errors(&self) -> Vec<FieldError> {
        let other = |field, error: &Option<String>| {
            error.clone().map(|message| FieldError { field, message })
        };
        let all = [
            self.name.fault(),
            other("tenant", &self.tenant_error),
            other("scope-kpis", &self.scope_error),
        ];
        all.into_iter().flatten().collect()
    }
}
