//! `/review`: publish or not?

mod item;
mod sure;

use askama::Template;
use jiff::Timestamp;
use store::catalogue::{self, CardRef};
use store::prices::{self, Cursor, Filter, Only, Sort, Waiting};
use warp::reply::Response;

use crate::failure::Failure;
use crate::paging::{Pager, Place, cut};
use crate::reply;
use crate::route::Route;
use crate::router::pair;
use crate::say::Say;
use crate::shell::Shell;
use crate::shop;
use crate::strip::Evidence;
use crate::visit::Visit;

pub(in crate::pages) use item::ReviewItem;
use sure::Approved;

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    shell: Shell,
    sentence: String,
    tabs: Vec<Tab>,
    items: Vec<ReviewItem>,
    back: String,
    pager: Pager,
    words: String,
    done: Option<Done>,
    /// What was approved at once a moment ago.
    approved: Option<Approved>,
    /// Prices that can be.
    n_sure: i64,
    /// Why there is nothing: no card waits at all, or none for this reason.
    is_filtered: bool,
    next_batch: Option<Timestamp>,
}

/// A reason to wait, and how many do.
struct Tab {
    label: String,
    address: String,
    n: i64,
    is_here: bool,
}

/// What was decided a moment ago.
struct Done {
    card_id: i64,
    words: String,
    can_undo: bool,
}

/// Cards of a page: each is explained anew.
const PAGE: usize = 8;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/review", |visit| Box::pin(show(visit))),
        Route::get("/review/sure", |visit| Box::pin(sure::ask(visit))),
        Route::post("/review/sure", |visit| Box::pin(sure::approve(visit))),
        Route::post("/review/undo", |visit| Box::pin(sure::undo(visit))),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    let say = &visit.say;
    let reason = visit.query.given("reason").map(str::to_owned);
    let place = Place::of(&visit.query);
    let client = visit.db().await?;
    let waiting = prices::waiting(&client).await?;
    let filter = Filter {
        only: Some(Only::ToReview),
        reason: reason.clone(),
        sort: Sort::Since,
        after: place.after.as_deref().map(cursor).transpose()?,
        limit: i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
        ..Filter::default()
    };
    let mut listed = prices::list(&client, &filter).await?;
    let more = cut(&mut listed, PAGE);
    let last = listed.last().filter(|_| more);
    let last = last.map(|last| format!("{}.{}", last.cursor.id, last.cursor.key));
    let mut items = Vec::with_capacity(listed.len());
    for card in &listed {
        items.push(item(say, &client, card).await);
    }
    let done = done(&visit, &client).await?;
    let n_sure = sure::count(&visit, &client).await?;
    drop(client);
    let address = match &reason {
        Some(reason) => format!("/review?{}", pair("reason", reason)),
        None => "/review".to_owned(),
    };
    let page = ReviewPage {
        sentence: sentence(say, &waiting),
        words: say.t1("review-words", "n", items.len()),
        pager: place.pager("/review", &visit.query, last),
        tabs: tabs(say, &waiting, reason.as_deref()),
        items,
        back: address,
        done,
        approved: sure::approved(say, &visit.query),
        n_sure,
        is_filtered: reason.is_some(),
        next_batch: super::status::next_batch(&visit.site.settings(), say.now),
        shell: visit.shell("page-review").await,
    };
    Ok(reply::html(&page))
}

async fn item(say: &Say, client: &store::Client, listed: &prices::Listed) -> ReviewItem {
    // A card whose listings are gone can still be decided about.
    let explained = commands::explain(client, CardRef::Id(listed.card.id)).await.ok();
    let evidence = explained.as_ref().map(|it| Evidence::of(&it.explanation, &[]));
    let evidence = evidence.unwrap_or_default();
    ReviewItem::new(say, &listed.card, listed.price.as_ref(), explained.as_ref(), &evidence)
}

fn cursor(text: &str) -> Result<Cursor, Failure> {
    let (id, key) = text.split_once('.').ok_or(Failure::Broken)?;
    // Somebody may have written the address himself.
    if !key.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Failure::Broken);
    }
    Ok(Cursor { id: id.parse().map_err(|_| Failure::Broken)?, key: key.to_owned() })
}

fn sentence(say: &Say, waiting: &[Waiting]) -> String {
    let n: i64 = waiting.iter().map(|waiting| waiting.n).sum();
    let oldest = waiting.iter().map(|waiting| waiting.oldest).min();
    match oldest {
        Some(oldest) => say.t2("review-sentence", ("n", n), ("span", say.ago(oldest))),
        None => say.t("review-nothing-waits"),
    }
}

fn tabs(say: &Say, waiting: &[Waiting], here: Option<&str>) -> Vec<Tab> {
    let all = Tab {
        label: say.t("review-all"),
        address: "/review".to_owned(),
        n: waiting.iter().map(|waiting| waiting.n).sum(),
        is_here: here.is_none(),
    };
    let rest = waiting.iter().filter_map(|waiting| {
        let reason = waiting.reason.as_deref()?;
        Some(Tab {
            label: shop::reason(say, reason),
            address: format!("/review?{}", pair("reason", reason)),
            n: waiting.n,
            is_here: here == Some(reason),
        })
    });
    std::iter::once(all).chain(rest).collect()
}

/// What the address says was done; about a card that there is.
async fn done(visit: &Visit, client: &store::Client) -> Result<Option<Done>, Failure> {
    let keys = [
        "card-decided",
        "card-set",
        "card-undone",
        "card-not-undone",
        "card-withdrawn",
        "card-changed",
    ];
    let Some(key) = keys.into_iter().find(|key| *key == visit.query.get("done")) else {
        return Ok(None);
    };
    let Ok(card_id) = visit.query.get("card").parse() else { return Ok(None) };
    let Some(stored) = catalogue::find(client, CardRef::Id(card_id)).await? else {
        return Ok(None);
    };
    let price = prices::get(client, card_id).await?;
    let shown = price.and_then(|price| price.prices);
    let shown = shown.map_or_else(|| "—".to_owned(), |prices| visit.say.eur(prices.neuf));
    let card = format!("{} {}", stored.card.effective_name(), shop::number(&stored.card));
    let key_of = match key {
        "card-undone" => "review-undone",
        "card-not-undone" => "review-not-undone",
        "card-changed" => "review-changed",
        _ => "review-done",
    };
    let words = visit.say.t2(key_of, ("card", card), ("price", shown));
    Ok(Some(Done { card_id, words, can_undo: key_of == "review-done" }))
}
