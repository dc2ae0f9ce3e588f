//! `/review/sure`: prices that only wait because they moved far, approved together.
//!
//! Sure is a price of which the listings alone would convince the careful rule and which Cardmarket
//! confirms, so that nothing but the size of the move keeps it back. Each is decided, and audited,
//! as if somebody had pressed its own button.

use askama::Template;
use commands::Verdict;
use rust_decimal::Decimal;
use store::catalogue::CardRef;
use store::prices::{self, Filter, Listed, Only, Sort};
use warp::reply::Response;

use crate::failure::Failure;
use crate::form::Form;
use crate::pages::card::{carry_out, is_as_seen, take_back};
use crate::reply;
use crate::say::Say;
use crate::shell::Shell;
use crate::shop::{self, Moved};
use crate::visit::Visit;

/// The one question.
#[derive(Template)]
#[template(path = "review-sure.html")]
struct SurePage {
    shell: Shell,
    rows: Vec<Row>,
}

struct Row {
    id: i64,
    name: String,
    context: String,
    confidence: String,
    reference: Option<Decimal>,
    /// On show, mint.
    before: Option<Decimal>,
    after: Decimal,
    moved: Option<Moved>,
}

/// What was done with many at once.
pub(super) struct Approved {
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) words: String,
    /// What was left alone, if anything was.
    pub(super) left: String,
    /// Those that can be taken back.
    pub(super) cards: Vec<i64>,
}

/// Prices that are approved at once at most: as many as somebody reads.
const MOST: i64 = 25;

pub(super) async fn count(visit: &Visit, client: &store::Client) -> Result<i64, Failure> {
    Ok(prices::count_sure(client, least(visit), MOST).await?)
}

/// The confidence of a price that the careful rule publishes.
fn least(visit: &Visit) -> f64 {
    let settings = visit.site.settings();
    let robust = &settings.pricing.robust;
    robust.confidence_at(robust.publish_min_careful)
}

async fn listed(visit: &Visit, client: &store::Client) -> Result<Vec<Listed>, Failure> {
    let filter = Filter {
        only: Some(Only::ToReview),
        sure: Some(least(visit)),
        sort: Sort::Since,
        limit: MOST,
        ..Filter::default()
    };
    Ok(prices::list(client, &filter).await?)
}

pub(super) async fn ask(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let mut rows = Vec::new();
    for card in listed(&visit, &client).await? {
        rows.extend(row(&visit.say, &client, &card).await);
    }
    drop(client);
    if rows.is_empty() {
        return Ok(reply::see_other("/review"));
    }
    Ok(reply::html(&SurePage { shell: visit.shell("sure-title").await, rows }))
}

async fn row(say: &Say, client: &store::Client, listed: &Listed) -> Option<Row> {
    let Listed { card, price, .. } = listed;
    let explained = commands::explain(client, CardRef::Id(card.id)).await.ok()?;
    let (_, proposal) = explained.proposal()?;
    let price = price.as_ref()?;
    let before = price.prices.map(|prices| prices.neuf);
    Some(Row {
        id: card.id,
        name: card.card.effective_name().to_owned(),
        context: shop::context(say, &card.card),
        confidence: price
            .confidence
            .map(|it| shop::confidence(say, it).percent)
            .unwrap_or_default(),
        reference: card.card.cardmarket.max(),
        before,
        after: proposal.neuf,
        moved: before.and_then(|before| shop::moved(say, before, proposal.neuf, 0)),
    })
}

/// Approves those that were seen and are as they were seen.
pub(super) async fn approve(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let still: Vec<i64> =
        listed(&visit, &client).await?.iter().map(|listed| listed.card.id).collect();
    let (mut approved, mut n_left) = (Vec::new(), 0_usize);
    for seen in visit.form.all("seen").take(usize::try_from(MOST).unwrap_or(usize::MAX)) {
        let (id, price) = seen.split_once(':').ok_or(Failure::Broken)?;
        let id: i64 = id.parse().map_err(|_| Failure::Broken)?;
        let is_right = still.contains(&id) && is_as_seen(&client, id, price).await;
        if is_right && carry_out(&visit, &client, id, Verdict::Approve, None).await? {
            approved.push(id.to_string());
        } else {
            n_left += 1;
        }
    }
    visit.site.forget_counts().await;
    let cards = approved.join(".");
    Ok(reply::see_other(&format!("/review?done=sure&cards={cards}&left={n_left}")))
}

/// Takes back what was approved together, where nothing has changed since.
pub(super) async fn undo(visit: Visit) -> Result<Response, Failure> {
    let mut client = visit.db().await?;
    let ids: Vec<i64> = visit.form.all("card").filter_map(|id| id.parse().ok()).collect();
    let (mut n_undone, mut n_left) = (0_usize, 0_usize);
    for id in ids.into_iter().take(usize::try_from(MOST).unwrap_or(usize::MAX)) {
        if take_back(&visit, &mut client, id).await? {
            n_undone += 1;
        } else {
            n_left += 1;
        }
    }
    visit.site.forget_counts().await;
    Ok(reply::see_other(&format!("/review?done=unsure&n={n_undone}&left={n_left}")))
}

/// What the address says was done.
pub(super) fn approved(say: &Say, query: &Form) -> Option<Approved> {
    let left: i64 = query.get("left").parse().unwrap_or(0);
    let left = if left > 0 { say.t1("sure-left", "n", left) } else { String::new() };
    match query.get("done") {
        "sure" => {
            let cards: Vec<i64> =
                query.get("cards").split('.').filter_map(|id| id.parse().ok()).collect();
            let tone = if cards.is_empty() { "warn" } else { "ok" };
            let icon = if cards.is_empty() { "info" } else { "tick" };
            Some(Approved { tone, icon, words: say.t1("sure-done", "n", cards.len()), left, cards })
        }
        "unsure" => {
            let n: i64 = query.get("n").parse().unwrap_or(0);
            let words = say.t1("sure-undone", "n", n);
            Some(Approved { tone: "warn", icon: "info", words, left, cards: Vec::new() })
        }
        _ => None,
    }
}
