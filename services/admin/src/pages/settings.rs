//! `/settings`: what is in force, and what somebody got wrong.

mod changes;
mod fields;
mod pricing;
mod sessions;
mod usage;

use askama::Template;
use http::StatusCode;
use jiff::Timestamp;
use store::settings::Settings;
use warp::reply::Response;

use crate::failure::Failure;
use crate::field::FieldError;
use crate::form::Form;
use crate::plot::Plot;
use crate::reply;
use crate::route::Route;
use crate::shell::Shell;
use crate::visit::Visit;

use changes::ChangeRow;
use fields::Fields;
use sessions::SessionRow;

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    shell: Shell,
    fields: Fields,
    errors: Vec<FieldError>,
    error_title: String,
    /// Keys that were changed a moment ago; they can be put back.
    saved: Vec<String>,
    saved_effect: String,
    departures: String,
    usage: Plot,
    used_today: i64,
    changes: Vec<ChangeRow>,
    sessions: Vec<SessionRow>,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/settings", |visit| Box::pin(show(visit))),
        Route::post("/settings", |visit| Box::pin(save(visit))),
        Route::post("/settings/sessions", |visit| Box::pin(sessions::end_others(visit))),
        Route::post("/settings/undo", |visit| Box::pin(undo(visit))),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let shown = store::settings::show(&client).await?;
    let fields = Fields::stored(&visit.say, &shown);
    drop(client);
    page(&visit, fields, StatusCode::OK).await
}

async fn save(visit: Visit) -> Result<Response, Failure> {
    let fields = Fields::typed(&visit.say, &visit.form);
    if !fields.errors().is_empty() {
        return page(&visit, fields, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let values = fields.values(&visit.form);
    let changes: Vec<(&str, &str)> =
        values.iter().map(|(key, text)| (*key, text.as_str())).collect();
    write(&visit, &changes).await
}

/// Puts back what the named settings were before their last change.
async fn undo(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let before = changes::before_last(&client, visit.form.all("key")).await?;
    drop(client);
    let changes: Vec<(&str, &str)> =
        before.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    write(&visit, &changes).await
}

async fn write(visit: &Visit, changes: &[(&str, &str)]) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let written = store::settings::set(&client, visit.actor(), changes).await?;
    visit.site.reload_settings().await;
    let keys: Vec<String> = written.into_iter().map(|one| one.key).collect();
    Ok(reply::see_other(&format!("/settings?saved={}", keys.join(","))))
}

async fn page(visit: &Visit, fields: Fields, status: StatusCode) -> Result<Response, Failure> {
    let (say, settings) = (&visit.say, visit.site.settings());
    let client = visit.db().await?;
    let days = usage::Days::read(&client).await?;
    let changes = changes::last(&client).await?;
    let sessions = sessions::all(&client).await?;
    drop(client);
    let errors = fields.errors();
    let n_errors = i64::try_from(errors.len()).unwrap_or(i64::MAX);
    let mut shell = visit.shell("page-settings").await;
    if n_errors > 0 {
        shell.title = say.t1("error-title", "title", shell.title.as_str());
    }
    let page = SettingsPage {
        error_title: say.t1("settings-refused", "n", n_errors),
        errors,
        saved: saved(&visit.query),
        saved_effect: effect(visit, &settings),
        departures: departures(visit, &settings),
        usage: days.plot(say, settings.daily_api_limit),
        used_today: days.today(),
        fields,
        changes,
        sessions,
        shell,
    };
    Ok(reply::html_with(status, &page))
}

/// Keys of the query that are settings: anybody can write an address.
fn saved(query: &Form) -> Vec<String> {
    let keys = query.get("saved").split(',');
    keys.filter(|key| store::settings::find(key).is_some()).map(str::to_owned).collect()
}

fn effect(visit: &Visit, settings: &Settings) -> String {
    match next(settings, visit.say.now) {
        Some(at) => visit.say.t1("settings-effect", "at", visit.say.moment(at)),
        None => visit.say.t("settings-effect-off"),
    }
}

fn departures(visit: &Visit, settings: &Settings) -> String {
    let first = next(settings, visit.say.now);
    let following = std::iter::successors(first, |at| next(settings, *at)).take(5);
    let days: Vec<String> = following.map(|at| visit.say.moment(at)).collect();
    if days.is_empty() {
        return visit.say.t("settings-effect-off");
    }
    visit.say.t1("settings-departures", "days", days.join(", "))
}

fn next(settings: &Settings, after: Timestamp) -> Option<Timestamp> {
    super::status::next_batch(settings, after)
}
