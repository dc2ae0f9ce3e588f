//! `/dead-letters`: how many problems are there really?

use askama::Template;
use jiff::Timestamp;
use store::dead_letter_causes::{self as causes, Cause, Letter, Replay};
use store::tenants::TenantProfile;
use warp::reply::Response;

use crate::failure::Failure;
use crate::icon::Mark;
use crate::paging::{Pager, Place, cut};
use crate::redact::text_redacted;
use crate::reply;
use crate::route::Route;
use crate::router::pair;
use crate::say::Say;
use crate::shell::Shell;
use crate::told::Told;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "dead-letters.html")]
struct DeadLettersPage {
    shell: Shell,
    sentence: String,
    causes: Vec<CauseRow>,
    done: Option<String>,
}

/// A cause in one line.
struct CauseRow {
    key: String,
    told: Told,
    n: i64,
    names: String,
    tenants: String,
    first_at: Timestamp,
    /// Where it would read otherwise than the first.
    last_at: Option<Timestamp>,
    can_replay: bool,
}

#[derive(Template)]
#[template(path = "dead-letter-cause.html", blocks = ["confirm"])]
struct CausePage {
    shell: Shell,
    key: String,
    told: Told,
    n: i64,
    can_replay: bool,
    letters: Vec<LetterRow>,
    pager: Pager,
    ask: Option<Ask>,
}

/// The question before many change at once.
enum Ask {
    Replay(Replay),
    Dismiss,
}

struct LetterRow {
    command_id: Option<String>,
    name: String,
    tenant: String,
    mark: Option<Mark>,
    attempt: Option<i32>,
    reason: String,
    died_at: Timestamp,
}

const PAGE: usize = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/dead-letters", |visit| Box::pin(list(visit))),
        Route::get("/dead-letters/{cause}", |visit| Box::pin(show(visit))),
        Route::get("/dead-letters/{cause}/replay", |visit| Box::pin(ask_replay(visit))),
        Route::post("/dead-letters/{cause}/replay", |visit| Box::pin(replay(visit))),
        Route::get("/dead-letters/{cause}/dismiss", |visit| Box::pin(ask_dismiss(visit))),
        Route::post("/dead-letters/{cause}/dismiss", |visit| Box::pin(dismiss(visit))),
    ]
}

async fn list(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let causes = causes::causes(&client).await?;
    let tenants = store::tenants::list(&client, false).await?;
    drop(client);
    let n_letters: i64 = causes.iter().map(|cause| cause.n).sum();
    let page = DeadLettersPage {
        sentence: match causes.len() {
            0 => visit.say.t("dead-letters-none-sub"),
            n => visit.say.t2("dead-letters-sub", ("n", n_letters), ("causes", n)),
        },
        causes: causes.iter().map(|cause| cause_row(&visit.say, cause, &tenants)).collect(),
        done: done(&visit),
        shell: visit.shell("page-dead-letters").await,
    };
    Ok(reply::html(&page))
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    Ok(reply::html(&cause_page(&visit, None).await?))
}

async fn ask_replay(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let plan = causes::dry_run(&client, &[visit.segment()]).await?;
    drop(client);
    ask(&visit, Ask::Replay(plan)).await
}

async fn ask_dismiss(visit: Visit) -> Result<Response, Failure> {
    ask(&visit, Ask::Dismiss).await
}

/// The question as a part of the page that is open, or on a page of its own.
async fn ask(visit: &Visit, ask: Ask) -> Result<Response, Failure> {
    let page = cause_page(visit, Some(ask)).await?;
    Ok(if visit.is_partial() { reply::html(&page.as_confirm()) } else { reply::html(&page) })
}

async fn replay(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let Replay { n, .. } = causes::replay(&client, visit.actor(), &[visit.segment()]).await?;
    visit.site.forget_counts().await;
    Ok(back("replayed", n))
}

async fn dismiss(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let n = causes::dismiss(&client, visit.actor(), &[visit.segment()]).await?;
    visit.site.forget_counts().await;
    Ok(back("dismissed", n))
}

fn back(what: &str, n: i64) -> Response {
    let query = [pair("done", what), pair("n", &n.to_string())].join("&");
    reply::see_other(&format!("/dead-letters?{query}"))
}

fn done(visit: &Visit) -> Option<String> {
    let n: i64 = visit.query.get("n").parse().unwrap_or(0);
    match visit.query.get("done") {
        "replayed" => Some(visit.say.t1("dead-letters-replayed", "n", n)),
        "dismissed" => Some(visit.say.t1("dead-letters-dismissed", "n", n)),
        _ => None,
    }
}

async fn cause_page(visit: &Visit, ask: Option<Ask>) -> Result<CausePage, Failure> {
    let place = Place::of(&visit.query);
    let before = place.after.as_ref().and_then(|key| key.parse().ok());
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let client = visit.db().await?;
    let known = causes::causes(&client).await?;
    let cause = known.iter().find(|cause| cause.key == visit.segment()).ok_or(Failure::NotFound)?;
    let mut letters = causes::letters(&client, &cause.key, before, limit).await?;
    let tenants = store::tenants::list(&client, false).await?;
    drop(client);
    let more = cut(&mut letters, PAGE);
    let last = letters.last().filter(|_| more).map(|letter| letter.id.to_string());
    let path = format!("/dead-letters/{}", cause.key);
    Ok(CausePage {
        key: cause.key.clone(),
        told: visit.say.cause(&cause.reason),
        n: cause.n,
        can_replay: cause.n_commands > 0,
        letters: letters.iter().map(|letter| letter_row(visit, letter, &tenants)).collect(),
        pager: place.pager(&path, &visit.query, last),
        ask,
        shell: visit.shell("page-dead-letters").await,
    })
}

fn cause_row(say: &Say, cause: &Cause, tenants: &[TenantProfile]) -> CauseRow {
    let known = tenants.iter().filter(|tenant| cause.tenant_ids.contains(&tenant.id));
    let names: Vec<&str> = known.map(|tenant| tenant.name.as_str()).collect();
    CauseRow {
        key: cause.key.clone(),
        told: say.cause(&cause.reason),
        n: cause.n,
        names: cause.names.join(", "),
        tenants: names.join(", "),
        first_at: cause.first_at,
        last_at: Some(cause.last_at).filter(|last| say.moment(*last) != say.moment(cause.first_at)),
        can_replay: cause.n_commands > 0,
    }
}

fn letter_row(visit: &Visit, letter: &Letter, tenants: &[TenantProfile]) -> LetterRow {
    let tenant = letter.tenant_id.and_then(|id| tenants.iter().find(|tenant| tenant.id == id));
    LetterRow {
        command_id: letter.command_id.map(|id| id.to_string()),
        name: letter.name.clone().unwrap_or_default(),
        tenant: tenant.map(|tenant| tenant.name.clone()).unwrap_or_default(),
        mark: letter.status.as_ref().map(|status| Mark::of_status(&visit.say, status)),
        attempt: letter.attempt,
        reason: text_redacted(&letter.reason),
        died_at: letter.died_at,
    }
}
