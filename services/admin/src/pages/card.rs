//! `/cards/{id}`: why this price?

mod changes;
mod fall;
mod fields;
mod figures;
mod history;
mod listings;
mod past;

use askama::Template;
use commands::{Explained, Look};
use http::StatusCode;
use store::catalogue::{self, CardRef, StoredCard};
use store::prices::{self, PriceRow};
use uuid::Uuid;
use warp::reply::Response;

use crate::failure::Failure;
use crate::field::FieldError;
use crate::icon::Mark;
use crate::live::{self, Part};
use crate::reply;
use crate::route::{Access, Route};
use crate::router::pair;
use crate::say::Say;
use crate::shell::Shell;
use crate::shop;
use crate::strip::Evidence;
use crate::told::Told;
use crate::visit::{Frame, Visit};

use super::review::ReviewItem;
use changes::OrderView;
pub(in crate::pages) use changes::{carry_out, is_as_seen, take_back};
use fall::FallRow;
use fields::{Overrides, PriceFields};
use figures::Figures;
use history::HistoryView;
use listings::ListingsView;
use past::{DecisionRow, SaleRow};

#[derive(Template)]
#[template(path = "card.html", blocks = ["order", "figures", "history", "fall", "listings"])]
struct CardPage {
    shell: Shell,
    id: i64,
    mark: Mark,
    context: String,
    set_id: String,
    set_name: String,
    ebay: Option<String>,
    /// The command that looks at the card now.
    order: Option<OrderView>,
    /// Address of the stream, while there is such a command.
    live: Option<String>,
    /// Key of what was done a moment ago.
    done: Option<&'static str>,
    review: Option<ReviewItem>,
    back: String,
    figures: Figures,
    history: HistoryView,
    fall: Vec<FallRow>,
    listings: ListingsView,
    decisions: Vec<DecisionRow>,
    sales: Vec<SaleRow>,
    overrides: Overrides,
    prices: PriceFields,
    errors: Vec<FieldError>,
    error_title: String,
    last_error: Option<Told>,
}

/// Forms as somebody filled them in, with what is wrong with them.
#[derive(Default)]
struct Typed {
    overrides: Option<Overrides>,
    prices: Option<PriceFields>,
}

/// What is known of a card.
struct Known {
    stored: StoredCard,
    price: Option<PriceRow>,
    explained: Option<Explained>,
    look: Option<Look>,
    evidence: Evidence,
}

/// What may stand in the query after something was done.
const DONE: [&str; 7] = [
    "card-saved",
    "card-decided",
    "card-set",
    "card-withdrawn",
    "card-undone",
    "card-not-undone",
    "card-changed",
];

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/cards/{id}", |visit| Box::pin(show(visit))),
        Route::get("/live/cards/{id}/{command}", |visit| {
            Box::pin(std::future::ready(Ok(live::stream_of(visit, |frame, segments| {
                Box::pin(parts(frame, segments))
            }))))
        })
        .access(Access::Stream),
        Route::post("/cards/{id}", |visit| Box::pin(changes::save(visit))),
        Route::post("/cards/{id}/reprice", |visit| Box::pin(changes::reprice(visit))),
        Route::post("/cards/{id}/decide", |visit| Box::pin(changes::decide(visit))),
        Route::post("/cards/{id}/undo", |visit| Box::pin(changes::undo(visit))),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    let (id, command) = (card_id(visit.segment())?, visit.query.get("command").parse().ok());
    let mut page = page(&visit, id, command, Typed::default()).await?;
    page.done = DONE.into_iter().find(|key| *key == visit.query.get("done"));
    Ok(reply::html(&page))
}

/// The page with a form that was refused.
async fn refused(visit: &Visit, id: i64, typed: Typed) -> Result<Response, Failure> {
    let mut page = page(visit, id, None, typed).await?;
    page.shell.title = visit.say.t1("error-title", "title", page.shell.title.as_str());
    Ok(reply::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn parts(frame: Frame, segments: Vec<String>) -> Result<Vec<Part>, Failure> {
    let [id, command] = segments.as_slice() else { return Err(Failure::NotFound) };
    let page = page(&frame, card_id(id)?, command.parse().ok(), Typed::default()).await?;
    Ok(vec![
        Part::new("order", &page.as_order())?,
        Part::new("figures", &page.as_figures())?,
        Part::new("history", &page.as_history())?,
        Part::new("fall", &page.as_fall())?,
        Part::new("listings", &page.as_listings())?,
    ])
}

/// Cards are known by their number, and by the name that their source gives them.
fn card_id(segment: &str) -> Result<i64, Failure> {
    segment.parse().map_err(|_| Failure::NotFound)
}

async fn page(
    frame: &Frame,
    id: i64,
    command: Option<Uuid>,
    typed: Typed,
) -> Result<CardPage, Failure> {
    let say = &frame.say;
    let client = frame.site.store.client().await?;
    let known = known(&client, id).await?;
    let order = changes::view(say, &client, command, id).await?;
    let history = history::read(say, &client, id).await?;
    let figures = figures::read(say, &client, &known).await?;
    let decisions = past::decisions(say, &client, id).await?;
    let sales = past::sales(&client, id).await?;
    drop(client);
    let card = &known.stored.card;
    let name = card.effective_name().to_owned();
    let overrides = typed.overrides.unwrap_or_else(|| Overrides::stored(say, card));
    let prices = typed.prices.unwrap_or_else(|| PriceFields::empty(say));
    let errors = [overrides.errors(), prices.errors()].concat();
    let waits = known.price.as_ref().is_some_and(shop::waits);
    let is_whole = frame.query.get("listings") == "all";
    Ok(CardPage {
        id,
        mark: shop::mark(say, &known.stored, known.price.as_ref()),
        context: subtitle(say, &known.stored),
        set_id: card.set_id.clone(),
        set_name: card.effective_set_name().to_owned(),
        ebay: cards::query::of(card)
            .map(|query| format!("https://www.ebay.fr/sch/i.html?{}", pair("_nkw", &query))),
        live: order.as_ref().map(|order| {
            let whole = if is_whole { format!("?{}", listings::WHOLE) } else { String::new() };
            format!("/live/cards/{id}/{}{whole}", order.id)
        }),
        order,
        done: None,
        review: waits.then(|| review_item(say, &known)),
        back: format!("/cards/{id}"),
        figures,
        history,
        fall: known.explained.as_ref().map(|it| fall::rows(say, it)).unwrap_or_default(),
        listings: listings::view(say, &known, is_whole),
        decisions,
        sales,
        error_title: say.t1("form-refused", "n", errors.len()),
        last_error: card
            .last_error
            .as_deref()
            .filter(|_| card.error_count > 0)
            .map(|error| say.cause(error)),
        overrides,
        prices,
        errors,
        shell: frame.shell_titled(name).await,
    })
}

async fn known(client: &store::Client, id: i64) -> Result<Known, Failure> {
    let stored = catalogue::find(client, CardRef::Id(id)).await?.ok_or(Failure::NotFound)?;
    let price = prices::get(client, id).await?;
    // A card without a look has nothing to explain.
    let explained = commands::explain(client, CardRef::Id(id)).await.ok();
    let look = commands::listings(client, CardRef::Id(id)).await.ok();
    let listings = look.as_ref().map_or(&[][..], |look| look.listings.as_slice());
    let evidence = explained.as_ref().map(|it| Evidence::of(&it.explanation, listings));
    Ok(Known { stored, price, explained, look, evidence: evidence.unwrap_or_default() })
}

fn review_item(say: &Say, known: &Known) -> ReviewItem {
    let Known { stored, price, explained, evidence, .. } = known;
    ReviewItem::new(say, stored, price.as_ref(), explained.as_ref(), evidence)
}

fn subtitle(say: &Say, stored: &StoredCard) -> String {
    let context = shop::context(say, &stored.card);
    match &stored.card.rarity {
        Some(rarity) if !rarity.is_empty() => format!("{context} · {rarity}"),
        _ => context,
    }
}
