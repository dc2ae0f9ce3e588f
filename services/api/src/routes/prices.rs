//! `GET /v1/prices`: what has changed of the price list since a reader last looked.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use store::prices::{self, FEED_LAG_SECONDS, FeedCursor};
use warp::reply::Response;

use super::cards::views::ChangedView;
use crate::params::Params;
use crate::problem::Problem;
use crate::route::{Access, Call, Route};
use crate::state::Api;
use crate::{etag, page};

/// A page of changed prices, oldest change first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ChangedPrices")]
struct FeedView {
    /// Each card once, as it is now.
    prices: Vec<ChangedView>,
    /// More is waiting at `next` already.
    has_more: bool,
    /// Path of what comes after this page: keep it, and ask there next time.
    next: String,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/prices", Access::Shop, |api, call| Box::pin(changed(api, call)))
            .about("cards", "Lists prices that have changed, oldest change first.")
            .query("since", "date-time", "Changed at this instant or later; all, without it.")
            .query("after", "integer", "Of that very instant, only cards after this number.")
            .query("limit", "integer", "Prices on a page, at most 500.")
            .page_size()
            .has_etag()
            .answers::<FeedView>(200, "A page of changes."),
    ]
}

async fn changed(api: Api, call: Call) -> Result<Response, Problem> {
    let mut params = Params::new(&call.query);
    let since = params.optional("since", "an instant such as 2026-01-24T00:00:00Z");
    let after = params.optional("after", "the number of a card");
    let limit = page::limit(&mut params);
    params.finish()?;
    let since = since.unwrap_or(Timestamp::UNIX_EPOCH).max(Timestamp::UNIX_EPOCH);
    let mut place = FeedCursor { since, card_id: after.unwrap_or(0) };
    let client = api.store.client().await?;
    let rows = prices::changed_since(&client, place, FEED_LAG_SECONDS, limit).await?;
    if let Some(last) = rows.last() {
        place = FeedCursor { since: last.price.since, card_id: last.card_id };
    }
    let (since, after) = (place.since.to_string(), place.card_id.to_string());
    let view = FeedView {
        has_more: page::last_of_full(&rows, limit).is_some(),
        next: page::next(&call.path, &call.query, &[("since", &since), ("after", &after)]),
        prices: rows.into_iter().map(ChangedView::from).collect(),
    };
    etag::ok(&call, &view)
}
