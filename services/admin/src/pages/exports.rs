//! `/exports`: the shop's files, and those of the organisations.

mod files;

use std::path::PathBuf;

use askama::Template;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use uuid::Uuid;
use warp::reply::Response;

use crate::failure::Failure;
use crate::followed::{Followed, follow};
use crate::order::order;
use crate::reply;
use crate::route::Route;
use crate::say::Say;
use crate::shell::Shell;
use crate::visit::Visit;

use files::{Found, TenantFiles};

#[derive(Template)]
#[template(path = "exports.html")]
struct ExportsPage {
    shell: Shell,
    followed: Option<Followed>,
    live: Option<String>,
    kinds: Vec<KindRow>,
    batches: Vec<Found>,
    tenants: Vec<TenantRow>,
}

/// A file of the shop that can be ordered.
struct KindRow {
    kind: &'static str,
    label: String,
    about: String,
    file: Option<Found>,
}

struct TenantRow {
    id: Uuid,
    name: String,
    files: Option<TenantFiles>,
}

#[derive(Template)]
#[template(path = "export.html")]
struct TenantPage {
    shell: Shell,
    id: Uuid,
    sentence: String,
    /// Tables of one file each, which are listed together.
    single: Vec<TableView>,
    tables: Vec<TableView>,
}

/// A table of the export, and its last files.
struct TableView {
    name: String,
    n_files: usize,
    words: String,
    files: Vec<FileView>,
}

struct FileView {
    name: String,
    rows: u64,
    bytes: String,
    sha256: String,
    sha256_begin: String,
}

/// What can be ordered without more to say.
const KINDS: [&str; 7] =
    ["standard", "full", "anomalies", "sales", "sales_summary", "listings", "sets"];
/// Days of a table that are shown; the manifest lists all.
const MAX_DAYS: usize = 14;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/exports", |visit| Box::pin(show(visit))),
        Route::post("/exports", |visit| Box::pin(produce(visit))),
        Route::get("/exports/cards/{file}", |visit| Box::pin(card_file(visit))),
        Route::get("/exports/tenants/{id}", |visit| Box::pin(tenant(visit))),
        Route::get("/exports/tenants/{id}/{file}", |visit| Box::pin(tenant_file(visit))),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    let say = &visit.say;
    let client = visit.db().await?;
    let followed = follow(say, &client, visit.query.get("command").parse().ok()).await?;
    let tenants = store::tenants::list(&client, true).await?;
    drop(client);
    let ids: Vec<Uuid> = tenants.iter().map(|tenant| tenant.id).collect();
    let (found, mut of_tenants) = on_disk(&visit, move |root| {
        (
            files::of_cards(&root),
            ids.iter().map(|id| files::of_tenant(&root, *id)).collect::<Vec<_>>(),
        )
    })
    .await?;
    let rows = tenants.into_iter().zip(of_tenants.drain(..));
    let page = ExportsPage {
        live: followed.as_ref().map(|it| format!("/live/orders/{}", it.id)),
        followed,
        kinds: KINDS.into_iter().map(|kind| kind_row(say, kind, &found)).collect(),
        batches: found.into_iter().filter(|file| file.name.starts_with("batch_")).collect(),
        tenants: rows
            .map(|(tenant, files)| TenantRow { id: tenant.id, name: tenant.name, files })
            .collect(),
        shell: visit.shell("page-exports").await,
    };
    Ok(reply::html(&page))
}

fn kind_row(say: &Say, kind: &'static str, found: &[Found]) -> KindRow {
    let name = format!("cards_{kind}.csv");
    let word = |what: &str| {
        let key = format!("export-{}{what}", kind.replace('_', "-"));
        say.try_t(&key).unwrap_or_default()
    };
    KindRow {
        kind,
        label: word(""),
        about: word("-about"),
        file: found.iter().find(|file| file.name == name).cloned(),
    }
}

/// Orders a file.
async fn produce(visit: Visit) -> Result<Response, Failure> {
    if let Some(tenant) = visit.form.given("tenant") {
        let tenant: Uuid = tenant.parse().map_err(|_| Failure::Broken)?;
        let client = visit.db().await?;
        store::tenants::get(&client, tenant).await?.ok_or(Failure::NotFound)?;
        drop(client);
        let command = order(&visit, "exports.generate", json!({ "tenant_id": tenant })).await?;
        return Ok(reply::see_other(&format!("/exports?command={command}")));
    }
    let batch: Option<Uuid> = visit.form.get("batch").parse().ok();
    let parameters = match batch {
        Some(batch) => json!({ "kind": "batch", "batch_id": batch }),
        None => json!({ "kind": visit.form.get("kind") }),
    };
    let command = order(&visit, "exports.cards", parameters).await?;
    Ok(reply::see_other(&format!("/exports?command={command}")))
}

async fn card_file(visit: Visit) -> Result<Response, Failure> {
    let name = visit.segment().to_owned();
    let wanted = name.clone();
    let file = on_disk(&visit, move |root| files::open_cards(&root, &wanted)).await?;
    let (file, bytes) = file.ok_or(Failure::NotFound)?;
    Ok(download(file, bytes, &name))
}

async fn tenant_file(visit: Visit) -> Result<Response, Failure> {
    let id = visit.id()?;
    let name = visit.segments.get(1).cloned().unwrap_or_default();
    let opened = on_disk(&visit, move |root| exports::open(&root, id, &name)).await?;
    let opened = opened.map_err(|error| unreadable(&error))?;
    let (file, entry) = opened.ok_or(Failure::NotFound)?;
    Ok(download(file, entry.bytes, entry.name()))
}

fn download(file: std::fs::File, bytes: u64, name: &str) -> Response {
    let mut response = reply::stream("text/csv; charset=utf-8", web::chunks(file));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, bytes.into());
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// The files of one organisation, as its manifest lists them.
async fn tenant(visit: Visit) -> Result<Response, Failure> {
    let id = visit.id()?;
    let client = visit.db().await?;
    let tenant = store::tenants::get(&client, id).await?.ok_or(Failure::NotFound)?;
    drop(client);
    let manifest = on_disk(&visit, move |root| exports::Manifest::read(&root, id)).await?;
    let manifest = manifest.map_err(|error| unreadable(&error))?.ok_or(Failure::NotFound)?;
    let say = &visit.say;
    let tables = manifest.tables.iter().map(|table| table_view(say, &table.name, &manifest.files));
    let (single, tables): (Vec<_>, Vec<_>) =
        tables.partition(|table: &TableView| table.n_files == 1);
    let page = TenantPage {
        id,
        sentence: say.t2(
            "export-sentence",
            ("n", manifest.files.len()),
            ("at", say.moment(manifest.generated_at)),
        ),
        single,
        tables,
        shell: visit.frame.shell_titled(tenant.name).await,
    };
    Ok(reply::html_with(StatusCode::OK, &page))
}

fn table_view(say: &Say, name: &str, files: &[exports::FileEntry]) -> TableView {
    let mut of_table: Vec<_> = files.iter().filter(|file| file.table == name).collect();
    of_table.sort_by_key(|file| std::cmp::Reverse(file.day));
    let n_rows: u64 = of_table.iter().map(|file| file.rows).sum();
    let view = |file: &&exports::FileEntry| FileView {
        name: file.name().to_owned(),
        rows: file.rows,
        bytes: say.bytes(file.bytes),
        sha256: file.sha256.clone(),
        sha256_begin: format!("{}…", file.sha256.get(..16).unwrap_or_default()),
    };
    TableView {
        name: name.to_owned(),
        n_files: of_table.len(),
        words: format!(
            "{}, {}",
            say.t2("export-table", ("files", of_table.len()), ("rows", say.n(n_rows))),
            say.bytes(of_table.iter().map(|file| file.bytes).sum()),
        ),
        files: of_table.iter().take(MAX_DAYS).map(view).collect(),
    }
}

fn unreadable(error: &exports::Error) -> Failure {
    tracing::error!(%error, "export files could not be read");
    Failure::Internal
}

/// Looks at the disk on a thread that may block.
async fn on_disk<T: Send + 'static>(
    visit: &Visit,
    work: impl FnOnce(PathBuf) -> T + Send + 'static,
) -> Result<T, Failure> {
    let root = visit.site.exports.clone();
    tokio::task::spawn_blocking(move || work(root)).await.map_err(|error| {
        tracing::error!(%error, "looking at the disk failed");
        Failure::Internal
    })
}
