//! `/login`, `/logout`: who comes in, and how he leaves.

use askama::Template;
use http::StatusCode;
use http::header::USER_AGENT;
use serde_json::json;
use store::admin_login_failures::{self, Throttle};
use warp::reply::Response;

use crate::failure::Failure;
use crate::reply;
use crate::route::{Access, Route};
use crate::router::ours;
use crate::session;
use crate::shell::Shell;
use crate::token::random_id;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    shell: Shell,
    /// Where to go then.
    next: String,
    username: String,
    refused: bool,
}

/// Five guesses are free; then a pause that doubles, for an address up to a quarter of an hour. An
/// account waits a minute at most, so that strangers cannot keep its owner out.
const BY_ADDRESS: Throttle = Throttle {
    n_free: 5,
    pause_seconds: 1.0,
    longest_pause_seconds: 900.0,
    memory_seconds: 3_600.0,
};
const BY_ACCOUNT: Throttle = Throttle { longest_pause_seconds: 60.0, ..BY_ADDRESS };

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/login", |visit| Box::pin(show(visit))).access(Access::Public),
        Route::post("/login", |visit| Box::pin(enter(visit))).access(Access::Public),
        Route::post("/logout", |visit| Box::pin(leave(visit))),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    let next = ours(visit.query.get("next"));
    if !visit.session.username.is_empty() {
        return Ok(reply::see_other(&next));
    }
    Ok(page(&visit, StatusCode::OK, next, false).await)
}

async fn enter(visit: Visit) -> Result<Response, Failure> {
    let next = ours(visit.form.get("next"));
    if !visit.session.username.is_empty() {
        return Ok(reply::see_other(&next));
    }
    let username = visit.form.get("username").trim().to_owned();
    let is_account = username == visit.site.username;
    if !admitted(&visit, is_account).await? {
        tracing::warn!(client = ?visit.client, "a sign-in came too early");
        return Ok(page(&visit, StatusCode::UNAUTHORIZED, next, true).await);
    }
    // A wrong name takes as long as a wrong password.
    let accepted = visit.site.keeper.accepts(visit.form.get("password").to_owned()).await;
    if !(accepted && is_account) {
        tracing::warn!(client = ?visit.client, "a sign-in was refused");
        return Ok(page(&visit, StatusCode::UNAUTHORIZED, next, true).await);
    }
    let client = visit.db().await?;
    admin_login_failures::forget(&client, &subjects(&visit, is_account)).await?;
    // A new id with every sign-in: one that somebody planted before is worth nothing.
    let id = random_id();
    let address = visit.client.map(|client| client.to_string()).unwrap_or_default();
    let agent = visit.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    let agent = agent.unwrap_or_default();
    store::admin_sessions::begin(&client, &id, &username, &address, agent).await?;
    store::audit::log(&client, &username, "session.begin", "admin", &json!({ "address": address }))
        .await?;
    Ok(reply::see_other_with(&next, [session::session_cookie(&visit.site, &id)]))
}

async fn leave(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    store::admin_sessions::revoke(&client, &visit.session.id).await?;
    store::audit::log(&client, visit.actor(), "session.end", "admin", &json!({})).await?;
    Ok(reply::see_other_with("/login", [session::no_session_cookie(&visit.site)]))
}

/// Counts the guess by address and by account, and says whether it may be looked at.
async fn admitted(visit: &Visit, is_account: bool) -> Result<bool, Failure> {
    let mut client = visit.db().await?;
    let [address, account] = subjects(visit, is_account);
    // An address that is held back does not use up the account's guesses as well.
    Ok(admin_login_failures::admit(&mut client, &[address], BY_ADDRESS).await?
        && admin_login_failures::admit(&mut client, &[account], BY_ACCOUNT).await?)
}

/// All wrong names share one count: a row for each would let strangers fill the table.
fn subjects(visit: &Visit, is_account: bool) -> [String; 2] {
    let address = visit.client.map_or_else(|| "unknown".to_owned(), |client| client.to_string());
    let account = if is_account { visit.site.username.as_str() } else { "?" };
    [format!("address:{address}"), format!("account:{account}")]
}

async fn page(visit: &Visit, status: StatusCode, next: String, refused: bool) -> Response {
    let shell = visit.shell("page-login").await;
    let username = visit.form.get("username").to_owned();
    let response = reply::html_with(status, &LoginPage { shell, next, username, refused });
    reply::with_cookies(response, [session::door_cookie(&visit.site, &visit.session)])
}
