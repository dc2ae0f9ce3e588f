//! `/sets`: what is followed, how fresh it is, and where more comes from.

use askama::Template;
use jiff::Timestamp;
use serde_json::json;
use store::catalogue::{self, SerieOverview, SetOverview};
use warp::reply::Response;

use crate::failure::Failure;
use crate::followed::{Followed, follow};
use crate::order::order;
use crate::pages::cards::Choice;
use crate::plot::short;
use crate::reply;
use crate::route::Route;
use crate::say::Say;
use crate::shell::Shell;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "sets.html")]
struct SetsPage {
    shell: Shell,
    sentence: String,
    followed: Option<Followed>,
    live: Option<String>,
    sources: Vec<Choice>,
    set: String,
    set_error: Option<String>,
    series: Vec<SerieView>,
}

struct SerieView {
    id: String,
    name: String,
    is_hidden: bool,
    words: String,
    sets: Vec<SetView>,
}

struct SetView {
    id: String,
    name: String,
    context: String,
    is_hidden: bool,
    n_cards: i64,
    n_priced: i64,
    n_fresh: i64,
    /// In percent of the bar.
    width: String,
    n_failing: i64,
    taken_at: Option<Timestamp>,
}

const SOURCES: [&str; 3] = ["tcgdex", "cardmarket", "ecb"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/sets", |visit| Box::pin(show(visit))),
        Route::post("/sets", |visit| Box::pin(change(visit))),
        Route::post("/sets/import", |visit| Box::pin(import(visit))),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    page(&visit, None).await
}

async fn page(visit: &Visit, set_error: Option<String>) -> Result<Response, Failure> {
    let say = &visit.say;
    let client = visit.db().await?;
    let series = catalogue::overview(&client).await?;
    let followed = follow(say, &client, visit.query.get("command").parse().ok()).await?;
    drop(client);
    let source = visit.form.given("source").unwrap_or(SOURCES[0]);
    let sources = SOURCES.into_iter().map(|known| Choice {
        value: known.to_owned(),
        label: crate::shop::word(say, "source", known),
        is_on: known == source,
    });
    let is_wrong = set_error.is_some();
    let page = SetsPage {
        sentence: sentence(say, &series),
        live: followed.as_ref().map(|it| format!("/live/orders/{}", it.id)),
        followed,
        sources: sources.collect(),
        set: visit.form.get("set").to_owned(),
        set_error,
        series: series.iter().map(|serie| view(say, serie)).collect(),
        shell: visit.shell("page-sets").await,
    };
    let status =
        if is_wrong { http::StatusCode::UNPROCESSABLE_ENTITY } else { http::StatusCode::OK };
    Ok(reply::html_with(status, &page))
}

fn sentence(say: &Say, series: &[SerieOverview]) -> String {
    let sets = || series.iter().flat_map(|serie| serie.sets.iter().map(move |set| (serie, set)));
    let shown = sets().filter(|(serie, set)| !serie.is_hidden && !set.is_hidden).count();
    say.t2("sets-sentence", ("n", sets().count()), ("shown", shown))
}

fn view(say: &Say, serie: &SerieOverview) -> SerieView {
    let n_cards: i64 = serie.sets.iter().map(|set| set.n_cards).sum();
    SerieView {
        id: serie.id.clone(),
        name: serie.name.clone(),
        is_hidden: serie.is_hidden,
        words: say.t2("serie-words", ("sets", serie.sets.len()), ("cards", n_cards)),
        sets: serie.sets.iter().map(|set| set_view(say, set)).collect(),
    }
}

fn set_view(say: &Say, set: &SetOverview) -> SetView {
    let released = set.released.map(|day| format!(" · {}", say.date(day))).unwrap_or_default();
    let small = |n: i64| f64::from(i32::try_from(n).unwrap_or(i32::MAX));
    SetView {
        id: set.id.clone(),
        name: set.name.clone(),
        context: format!("{}{released}", set.id),
        is_hidden: set.is_hidden,
        n_cards: set.n_cards,
        n_priced: set.n_priced,
        n_fresh: set.n_fresh,
        width: short(100.0 * small(set.n_fresh) / small(set.n_cards.max(1))),
        n_failing: set.n_failing,
        taken_at: set.taken_at,
    }
}

/// A button of a line: `hide-set base1`, `show-serie tcgp`, `import base1`.
async fn change(visit: Visit) -> Result<Response, Failure> {
    let (verb, id) = visit.form.get("do").split_once(' ').ok_or(Failure::Broken)?;
    if verb == "import" {
        let command = order(&visit, "catalogue.import", json!({ "set": id })).await?;
        return Ok(reply::see_other(&format!("/sets?command={command}")));
    }
    let client = visit.db().await?;
    let hides = verb.starts_with("hide-");
    let is_there = match verb {
        "hide-set" | "show-set" => catalogue::hide_set(&client, id, hides).await?,
        "hide-serie" | "show-serie" => catalogue::hide_series(&client, id, hides).await?,
        _ => return Err(Failure::Broken),
    };
    if !is_there {
        return Err(Failure::NotFound);
    }
    let detail = json!({ "hidden": hides });
    store::audit::log(&client, visit.actor(), "catalogue.visibility", id, &detail).await?;
    visit.site.forget_sets().await;
    let place = if verb.ends_with("set") { format!("#set-{id}") } else { format!("#serie-{id}") };
    Ok(reply::see_other(&format!("/sets{place}")))
}

/// Orders an import from one of the sources.
async fn import(visit: Visit) -> Result<Response, Failure> {
    let source = SOURCES.into_iter().find(|known| *known == visit.form.get("source"));
    let source = source.ok_or(Failure::Broken)?;
    let mut parameters = json!({ "source": source });
    if let Some(set) = visit.form.given("set") {
        let is_id = set.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        if source != "tcgdex" || !is_id {
            let key = if is_id { "import-set-only-tcgdex" } else { "import-set-rule" };
            let words = visit.say.f(key, &[("given", crate::say::Argument::argument(set))]);
            return page(&visit, Some(words)).await;
        }
        parameters["set"] = json!(set);
    }
    let command = order(&visit, "catalogue.import", parameters).await?;
    Ok(reply::see_other(&format!("/sets?command={command}")))
}
