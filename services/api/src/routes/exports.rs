//! `GET /v1/exports` and `/v1/exports/{file}`: the published files of the tenant whose key it is.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use exports::{FileEntry, Format, Manifest};
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;
use warp::reply::Response;

use crate::params::Params;
use crate::problem::Problem;
use crate::range::{self, Wanted};
use crate::route::{Access, Call, Route};
use crate::state::Api;
use crate::{etag, reply, request_id};

/// What is published.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Exports")]
struct ListView {
    tenant_id: Uuid,
    /// The command that wrote the files; null before the first export.
    run_id: Option<Uuid>,
    generated_at: Option<Timestamp>,
    /// The days of the files are days of this zone.
    timezone: Option<String>,
    files: Vec<FileView>,
}

/// A published file.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ExportFile")]
struct FileView {
    name: String,
    table: String,
    /// `csv` or `parquet`.
    format: String,
    /// Null for a table that is not split by days.
    day: Option<Date>,
    /// Without a line of names.
    rows: u64,
    bytes: u64,
    sha256: String,
    /// Path of the file.
    url: String,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/exports", Access::Key, |api, call| Box::pin(list(api, call)))
            .about("exports", "Lists the export files of the key's tenant.")
            .key_in_query()
            .query("table", "", "Files of one table.")
            .query("format", "", "Files of one format: `csv` or `parquet`.")
            .has_etag()
            .answers::<ListView>(200, "The files."),
        Route::get("/v1/exports/{file}", Access::Key, |api, call| Box::pin(file(api, call)))
            .about("exports", "Downloads an export file.")
            .placeholder("file", "", "Its name, as the list has it.", "fact_ticket_2026-01-24.csv")
            .key_in_query()
            .has_etag()
            .has_ranges()
            .answers_text("text/csv", "A CSV file, in UTF-8 with a byte order mark.")
            .answers_text("application/vnd.apache.parquet", "A Parquet file."),
    ]
}

async fn list(api: Api, call: Call) -> Result<Response, Problem> {
    let tenant_id = call.tenant_id()?;
    let mut params = Params::new(&call.query);
    let table: Option<String> = params.optional("table", "the name of a table");
    let format: Option<Format> = params.optional("format", "csv or parquet");
    params.finish()?;
    let manifest = on_disk(&api, move |root| Manifest::read(root, tenant_id)).await?;
    let Some(manifest) = manifest else {
        let view = ListView {
            tenant_id,
            run_id: None,
            generated_at: None,
            timezone: None,
            files: Vec::new(),
        };
        return etag::ok(&call, &view);
    };
    let wanted = |file: &FileEntry| {
        table.as_ref().is_none_or(|table| file.table == *table)
            && format.is_none_or(|format| file.format == format)
    };
    let view = ListView {
        tenant_id,
        run_id: Some(manifest.run_id),
        generated_at: Some(manifest.generated_at),
        timezone: Some(manifest.timezone),
        files: manifest.files.into_iter().filter(wanted).map(FileView::from).collect(),
    };
    etag::ok(&call, &view)
}

async fn file(api: Api, call: Call) -> Result<Response, Problem> {
    let tenant_id = call.tenant_id()?;
    Params::new(&call.query).finish()?;
    let name = call.segment().to_owned();
    let opened = {
        let name = name.clone();
        on_disk(&api, move |root| exports::open(root, tenant_id, &name)).await?
    };
    let Some((file, entry)) = opened else {
        return Err(Problem::NotFound(format!("there is no export file {name}")));
    };
    let etag = format!("\"{}\"", entry.sha256);
    if etag::is_known(&call, &etag) {
        return Ok(with_headers(reply::not_modified(), &entry, &etag));
    }
    send(&call, file, &entry, &etag)
}

/// The file, or the part of it that is asked for.
fn send(call: &Call, mut file: File, entry: &FileEntry, etag: &str) -> Result<Response, Problem> {
    let (first, n_bytes) = match range::wanted(&call.method, &call.headers, etag, entry.bytes) {
        Wanted::Whole => (None, entry.bytes),
        Wanted::Part { first, last } => (Some(first), last - first + 1),
        Wanted::Nothing => return Err(Problem::RangeNotSatisfiable { n_bytes: entry.bytes }),
    };
    if let Some(first) = first {
        file.seek(SeekFrom::Start(first)).map_err(|error| {
            tracing::error!(%error, request_id = request_id::current(), "an export file could not be read");
            Problem::Internal
        })?;
    }
    let response = reply::stream(entry.format.media_type(), web::chunks(file.take(n_bytes)));
    let mut response = with_headers(response, entry, etag);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, n_bytes.into());
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(first) = first {
        let range = format!("bytes {first}-{}/{}", first + n_bytes - 1, entry.bytes);
        if let Ok(range) = HeaderValue::from_str(&range) {
            headers.insert(header::CONTENT_RANGE, range);
        }
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

fn with_headers(mut response: Response, entry: &FileEntry, etag: &str) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", entry.name());
    let headers = response.headers_mut();
    for (name, value) in [(header::ETAG, etag), (header::CONTENT_DISPOSITION, &disposition)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    // The client may keep it, and asks each time whether it is still the published one.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

async fn on_disk<T: Send + 'static>(
    api: &Api,
    work: impl FnOnce(&Path) -> exports::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let root = api.exports.clone();
    let done = tokio::task::spawn_blocking(move || work(&root)).await;
    let request_id = request_id::current();
    match done {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => {
            tracing::error!(%error, request_id, "export files could not be read");
            Err(Problem::Internal)
        }
        Err(error) => {
            tracing::error!(%error, request_id, "reading export files broke off");
            Err(Problem::Internal)
        }
    }
}

impl From<FileEntry> for FileView {
    fn from(entry: FileEntry) -> FileView {
        FileView {
            url: format!("/v1/exports/{}", entry.name()),
            name: entry.name().to_owned(),
            table: entry.table,
            format: entry.format.to_string(),
            day: entry.day,
            rows: entry.rows,
            bytes: entry.bytes,
            sha256: entry.sha256,
        }
    }
}
