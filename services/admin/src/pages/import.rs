//! `/import`: a file of cards, looked at before anything is written.

mod flaw;

use askama::Template;
use cards::import::{BadLine, FileError};
use commands::{CsvImport, Failure as Refusal, MAX_CSV_BYTES, import_csv};
use http::StatusCode;
use warp::reply::Response;

use crate::failure::Failure;
use crate::reply;
use crate::route::Route;
use crate::say::{Say, Whole as _};
use crate::shell::Shell;
use crate::told::Told;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    shell: Shell,
    limit: String,
    /// What is wrong with the whole file.
    refusal: Option<Told>,
    preview: Option<Preview>,
    done: Option<Preview>,
}

/// What a file does, or would do.
struct Preview {
    name: String,
    /// What names the file in the form; empty when there is nothing to import.
    key: String,
    import: CsvImport,
    n_changes_more: usize,
    n_bad_more: usize,
}

/// Lines of each kind that are shown.
const MAX_LINES: usize = 100;
/// Besides the file, a form holds a token and marks between its parts.
const FORM_BYTES: usize = 64 * 1024;

pub(super) fn routes() -> Vec<Route> {
    let largest = usize::try_from(MAX_CSV_BYTES).unwrap_or(usize::MAX - FORM_BYTES);
    vec![
        Route::get("/import", |visit| Box::pin(show(visit))),
        Route::post("/import", |visit| Box::pin(preview(visit))).limit(largest + FORM_BYTES),
        Route::post("/import/confirm", |visit| Box::pin(confirm(visit))),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    page(&visit, None, None, None).await
}

/// Looks at a file. Nothing is written.
async fn preview(visit: Visit) -> Result<Response, Failure> {
    let Some(file) = visit.form.file("file") else {
        return page(&visit, Some(refusal(&visit, "import-no-file")), None, None).await;
    };
    let mut client = visit.db().await?;
    let import = match import_csv(&mut client, visit.actor(), &file.bytes, true).await {
        Ok(import) => import,
        Err(refusal) => return page(&visit, Some(told(&visit.say, refusal)?), None, None).await,
    };
    drop(client);
    let does_something = import.cards.created + import.cards.updated > 0;
    let key = if does_something {
        visit.site.uploads.keep(&visit.session.id, &file.name, file.bytes.clone())
    } else {
        String::new()
    };
    let seen = Preview::new(file.name.clone(), key, import);
    page(&visit, None, Some(seen), None).await
}

/// Imports the file that was looked at.
async fn confirm(visit: Visit) -> Result<Response, Failure> {
    let kept = visit.site.uploads.take(&visit.session.id, visit.form.get("key"));
    let Some(kept) = kept else {
        return page(&visit, Some(refusal(&visit, "import-gone")), None, None).await;
    };
    let mut client = visit.db().await?;
    let import = match import_csv(&mut client, visit.actor(), &kept.bytes, false).await {
        Ok(import) => import,
        Err(refusal) => return page(&visit, Some(told(&visit.say, refusal)?), None, None).await,
    };
    drop(client);
    visit.site.forget_sets().await;
    page(&visit, None, None, Some(Preview::new(kept.name, String::new(), import))).await
}

fn refusal(visit: &Visit, key: &str) -> Told {
    Told { words: visit.say.t(key), ..Told::default() }
}

/// What is wrong with the file; other failures are ours.
fn told(say: &Say, refusal: Refusal) -> Result<Told, Failure> {
    match refusal {
        Refusal::Reject(cause) => Ok(match cause.downcast_ref::<FileError>() {
            Some(error) => flaw::of_file(say, error),
            None => say.cause(&cause.to_string()),
        }),
        failure => {
            tracing::error!(%failure, "a file could not be read");
            Err(Failure::Internal)
        }
    }
}

impl Preview {
    fn new(name: String, key: String, mut import: CsvImport) -> Preview {
        let n_changes_more = import.changes.len().saturating_sub(MAX_LINES);
        let n_bad_more = import.bad_lines.len().saturating_sub(MAX_LINES);
        import.changes.truncate(MAX_LINES);
        import.bad_lines.truncate(MAX_LINES);
        Preview { name, key, import, n_changes_more, n_bad_more }
    }

    fn figures(&self, say: &Say) -> String {
        let (created, updated) = (self.import.cards.created, self.import.cards.updated);
        say.t2("import-figures", ("created", say.n(created)), ("updated", say.n(updated)))
    }

    /// Numbers of lines, and what is wrong with each.
    fn bad_lines(&self, say: &Say) -> Vec<(u64, String)> {
        let words = |bad: &BadLine| {
            bad.problems.iter().map(|problem| flaw::words(say, problem)).collect::<Vec<_>>()
        };
        self.import.bad_lines.iter().map(|bad| (bad.line, words(bad).join(" ; "))).collect()
    }

    fn n_bad(&self) -> usize {
        self.import.bad_lines.len() + self.n_bad_more
    }

    /// Good lines that change something.
    fn n_good(&self) -> i64 {
        (self.import.cards.created + self.import.cards.updated).whole()
    }
}

async fn page(
    visit: &Visit,
    refusal: Option<Told>,
    preview: Option<Preview>,
    done: Option<Preview>,
) -> Result<Response, Failure> {
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut shell = visit.shell("page-import").await;
    if refusal.is_some() {
        shell.title = visit.say.t1("error-title", "title", shell.title.as_str());
    }
    let limit = visit.say.bytes(MAX_CSV_BYTES);
    Ok(reply::html_with(status, &ImportPage { shell, limit, refusal, preview, done }))
}
