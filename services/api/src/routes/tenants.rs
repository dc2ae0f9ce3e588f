//! `GET /internal/tenants`: whom to work for. A plain array, which n8n splits into items by itself.

use schemars::JsonSchema;
use serde::Serialize;
use store::tenants::TenantProfile;
use uuid::Uuid;
use warp::reply::Response;

use crate::etag;
use crate::params::Params;
use crate::problem::Problem;
use crate::route::{Access, Call, Route};
use crate::state::Api;

/// A tenant.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Tenant")]
struct TenantView {
    id: Uuid,
    name: String,
    is_active: bool,
    /// IANA name; a KPI day is a day of this zone.
    timezone: String,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/internal/tenants", Access::Service, |api, call| Box::pin(list(api, call)))
            .about("tenants", "Lists the active tenants.")
            .query("all", "boolean", "`true` lists inactive tenants too.")
            .has_etag()
            .answers::<Vec<TenantView>>(200, "The tenants, by name."),
    ]
}

async fn list(api: Api, call: Call) -> Result<Response, Problem> {
    let mut params = Params::new(&call.query);
    let all = params.optional("all", "true or false").unwrap_or(false);
    params.finish()?;
    let client = api.store.client().await?;
    let tenants = store::tenants::list(&client, !all).await?;
    let tenants: Vec<TenantView> = tenants.into_iter().map(TenantView::from).collect();
    etag::ok(&call, &tenants)
}

impl From<TenantProfile> for TenantView {
    fn from(tenant: TenantProfile) -> TenantView {
        TenantView {
            id: tenant.id,
            name: tenant.name,
            is_active: tenant.is_active,
            timezone: tenant.timezone,
        }
    }
}
