//! `GET /v1/cards`: the catalogue with its prices, and one card with its history.

mod filter;
pub(super) mod views;

use commands::Explained;
use store::catalogue::{self, CardRef, StoredCard};
use store::{Client, prices, snapshots, sold_listings};
use warp::reply::Response;

use crate::params::Params;
use crate::problem::Problem;
use crate::route::{Access, Call, Route};
use crate::state::Api;
use crate::{etag, page};
use views::{CardsView, DetailView, ListedView, SnapshotView, SoldView, VersionView};

/// Sales that are shown with a card.
const N_SOLD: i64 = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/cards", Access::Shop, |api, call| Box::pin(list(api, call)))
            .about("cards", "Lists cards with their prices.")
            .query("search", "", "Words that all occur in the id, a name or the number.")
            .query("set", "", "Cards of one set, by its id.")
            .query("variant", "", "`NORMAL`, `REVERSE`, `HOLO` or `FIRST_ED`.")
            .query("verdict", "", "`OK`, `LOW_CONF`, `REVIEW`, `REVIEW_REF` or `DISABLED`.")
            .query("min_price", "", "EUR, of what the card sells for.")
            .query("max_price", "", "EUR, of what the card sells for.")
            .query("suspended", "boolean", "Only cards that are off the shelf, or are not.")
            .query("hidden", "boolean", "`true` lists inactive and hidden cards too.")
            .query("sort", "", "`name`, `price` (dearest first) or `staleness` (oldest first).")
            .query("cursor", "", "Where the page begins: as `next` has it.")
            .query("limit", "integer", "Cards on a page, at most 500.")
            .paged()
            .has_etag()
            .answers::<CardsView>(200, "A page of cards."),
        Route::get("/v1/cards/{id}", Access::Shop, |api, call| Box::pin(detail(api, call)))
            .about("cards", "Shows a card, by its number or its id such as `base1-4-HOLO`.")
            .placeholder("id", "", "Its number or its id.", "base1-4-HOLO")
            .query("before", "integer", "History older than this version.")
            .query("limit", "integer", "Versions of the history, at most 500.")
            .paged()
            .has_etag()
            .answers::<DetailView>(200, "The card, its price, history, sales and last look."),
        Route::get("/v1/cards/{id}/explain", Access::Shop, |api, call| {
            Box::pin(explain(api, call))
        })
        .about("cards", "Explains the last look at a card by the rule and settings of now.")
        .placeholder("id", "", "Its number or its id.", "base1-4-HOLO")
        .has_etag()
        .answers::<Explained>(200, "Every listing with its part, and every step to the price."),
    ]
}

async fn list(api: Api, call: Call) -> Result<Response, Problem> {
    let filter = filter::filter(&call.query)?;
    let client = api.store.client().await?;
    let listed = prices::list(&client, &filter).await.map_err(|error| match error {
        store::Error::Invalid(detail) => Problem::field("cursor", detail),
        other => other.into(),
    })?;
    let last = page::last_of_full(&listed, filter.limit);
    let next = last.map(|last| {
        let cursor = filter::after(filter.sort, &last.cursor);
        page::next(&call.path, &call.query, &[("cursor", &cursor)])
    });
    let view = CardsView { cards: listed.into_iter().map(ListedView::from).collect(), next };
    Ok(page::link(etag::ok(&call, &view)?, view.next.as_deref()))
}

async fn detail(api: Api, call: Call) -> Result<Response, Problem> {
    let mut params = Params::new(&call.query);
    let before: Option<i64> = params.optional("before", "the id of a version");
    let limit = page::limit(&mut params);
    params.finish()?;
    let client = api.store.client().await?;
    let card = find(&client, &call).await?;
    let history = prices::history(&client, card.id, before, limit).await?;
    let path = format!("/v1/cards/{}", call.segment());
    let next = page::last_of_full(&history, limit)
        .map(|last| page::next(&path, &call.query, &[("before", &last.id.to_string())]));
    let sold = sold_listings::of_card(&client, card.id, N_SOLD).await?;
    let newest = snapshots::list(&client, card.id, None, 1).await?;
    let view = DetailView {
        price: prices::get(&client, card.id).await?.map(Into::into),
        card: card.into(),
        history: history.into_iter().map(VersionView::from).collect(),
        sold: sold.into_iter().map(SoldView::from).collect(),
        snapshot: newest.into_iter().next().map(SnapshotView::from),
        next,
    };
    Ok(page::link(etag::ok(&call, &view)?, view.next.as_deref()))
}

async fn explain(api: Api, call: Call) -> Result<Response, Problem> {
    Params::new(&call.query).finish()?;
    let client = api.store.client().await?;
    let card = find(&client, &call).await?;
    let newest = snapshots::newest(&client, card.id).await?;
    if newest.is_none_or(|snapshot| snapshot.listings.is_none()) {
        let detail = format!("card {} was not looked at yet", call.segment());
        return Err(Problem::NotFound(detail));
    }
    let explained = commands::explain(&client, CardRef::Id(card.id)).await?;
    etag::ok(&call, &explained)
}

/// The card that the path names.
async fn find(client: &Client, call: &Call) -> Result<StoredCard, Problem> {
    let missing = || Problem::NotFound(format!("there is no card {}", call.segment()));
    let name = page::decode(call.segment()).ok_or_else(missing)?;
    let card = name.parse().map_or(CardRef::Tcgdex(&name), CardRef::Id);
    catalogue::find(client, card).await?.ok_or_else(missing)
}
