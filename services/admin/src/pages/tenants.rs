//! `/tenants`: whom we keep figures for, and how fresh they are.

mod charts;
mod tenant;

use askama::Template;
use jiff::Timestamp;
use store::kpi_freshness::{LastDone, last_done};
use uuid::Uuid;
use warp::reply::Response;

use crate::failure::Failure;
use crate::icon::Mark;
use crate::reply;
use crate::route::Route;
use crate::shell::Shell;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "tenants.html")]
struct TenantsPage {
    shell: Shell,
    rows: Vec<TenantRow>,
}

/// A tenant in one line.
struct TenantRow {
    id: String,
    name: String,
    zone: String,
    mark: Mark,
    tickets_at: Option<Timestamp>,
    entries_at: Option<Timestamp>,
    exported_at: Option<Timestamp>,
}

const TICKETS: &str = "ingest.tickets";
const ENTRIES: &str = "ingest.time_entries";
const EXPORTS: &str = "exports.generate";

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![Route::get("/tenants", |visit| Box::pin(show(visit)))];
    routes.extend(tenant::routes());
    routes
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let tenants = store::tenants::list(&client, false).await?;
    let done = last_done(&client, &[TICKETS, ENTRIES, EXPORTS]).await?;
    drop(client);
    let row = |tenant: &store::tenants::TenantProfile| TenantRow {
        id: tenant.id.to_string(),
        name: tenant.name.clone(),
        zone: tenant.timezone.clone(),
        mark: if tenant.is_active {
            Mark::new("ok", "tick", visit.say.t("tenant-active"))
        } else {
            Mark::new("idle", "pause", visit.say.t("tenant-inactive"))
        },
        tickets_at: at(&done, tenant.id, TICKETS),
        entries_at: at(&done, tenant.id, ENTRIES),
        exported_at: at(&done, tenant.id, EXPORTS),
    };
    let rows = tenants.iter().map(row).collect();
    let page = TenantsPage { rows, shell: visit.shell("page-tenants").await };
    Ok(reply::html(&page))
}

/// When a command last succeeded for a tenant.
fn at(done: &[LastDone], tenant_id: Uuid, name: &str) -> Option<Timestamp> {
    done.iter().find(|one| one.tenant_id == tenant_id && one.name == name).map(|one| one.at)
}
