//! One card: looked up on the marketplace, judged, and written.

mod decide;
mod explain;
mod finding;
mod judge;
mod listings;
mod packed;
mod reader;
mod replay;
mod sold;
mod together;
mod writer;

use std::collections::HashSet;
use std::sync::Arc;

use ebay::{Page, Search};
use serde_json::Value;
use store::batches;
use store::catalogue;
use store::quota::Purpose;
use uuid::Uuid;

use crate::market::{Errand, Market};
use crate::{Context, Failure};

pub use decide::{Verdict, decide};
pub use explain::{Explained, explain};
use finding::{Finding, Seen};
pub(crate) use judge::{Judgement, judge};
pub use listings::{Look, listings};
use packed::compress;
pub(crate) use packed::decompress;
pub(crate) use reader::Reading;
pub use replay::{Change, Replay, Replayed, Said, replay};
pub(crate) use together::Together;
pub(crate) use writer::Writing;

/// Which card, and for whom.
#[derive(Clone, Copy)]
pub(crate) struct Order {
    pub(crate) card_id: i64,
    pub(crate) batch_id: Option<Uuid>,
    pub(crate) purpose: Purpose,
    /// Pages of listings to look at, each one call, for as long as there are more.
    pub(crate) max_pages: u16,
    /// After this attempt the card counts as failed.
    pub(crate) max_attempts: i32,
}

/// Prices a card; a failure that no further attempt will mend is noted on the card.
pub(crate) async fn price(order: Order, context: &Context) -> Result<Value, Failure> {
    let market = &context.market;
    let visit = market.enter();
    let mut errand = Errand { store: &context.store, purpose: order.purpose, n_calls: 0 };
    let priced = look_and_write(order, context, market, &mut errand).await;
    visit.leave(&context.store).await;
    if let Err(failure) = &priced {
        note(order, context, failure, errand.n_calls).await?;
    }
    priced
}

/// Notes a look without a price: on the item of a batch its calls, for a batch counts failures where
/// it ends the item; elsewhere the failure, on the card.
async fn note(
    order: Order,
    context: &Context,
    failure: &Failure,
    n_calls: i32,
) -> Result<(), Failure> {
    match order.batch_id {
        Some(batch_id) if n_calls > 0 => {
            let client = context.store.client().await?;
            batches::add_calls(&client, batch_id, order.card_id, n_calls).await?;
        }
        None if is_final(failure, context.attempt, order.max_attempts) => {
            let client = context.store.client().await?;
            catalogue::fail(&client, order.card_id, &failure.to_string()).await?;
        }
        _ => {}
    }
    Ok(())
}

/// Whether no further attempt follows.
pub(crate) fn is_final(failure: &Failure, attempt: i32, max_attempts: i32) -> bool {
    match failure {
        Failure::Reject(_) => true,
        Failure::Retry(_) => attempt >= max_attempts,
        Failure::Postpone { .. } | Failure::Cancelled => false,
    }
}

async fn look_and_write(
    order: Order,
    context: &Context,
    market: &Market,
    errand: &mut Errand<'_>,
) -> Result<Value, Failure> {
    let store = &context.store;
    let known = market.reading.ask(store, order.card_id, market.is_alone()).await?;
    let known = known.ok_or_else(|| Failure::reject(format!("no card {}", order.card_id)))?;
    let query = cards::query::of(&known.card.card)
        .ok_or_else(|| Failure::reject("the card has no name to search for: override its query"))?
        .into_owned();
    context.check()?;
    let page = look(&Search::new(&*query), order.max_pages, market, errand, context).await?;
    let guide = market.guide(store).await?;
    let judgement = judge(&known, &page.listings, page.total, &guide.appraiser, &guide.rates);
    let listings = compress(&page.listings)?;
    errand.n_calls += sold::confirm(&known, &page, &guide, market, context).await;
    let (command_id, n_calls, seen) = (context.command_id, errand.n_calls, Seen::from(&page));
    // Whoever writes for several cards need not hold hundreds of listings of each.
    drop(page);
    let finding =
        Arc::new(Finding { order, command_id, known, query, seen, listings, n_calls, judgement });
    let written = market.writing.ask(store, Arc::clone(&finding), market.is_alone()).await?;
    Ok(finding.result(written))
}

/// The first page of listings, with those of the pages that follow it. A listing that has moved to
/// another page meanwhile counts once.
async fn look(
    search: &Search,
    max_pages: u16,
    market: &Market,
    errand: &mut Errand<'_>,
    context: &Context,
) -> Result<Page, Failure> {
    let mut all = market.call(errand, search).await?;
    let mut next = search.after(&all);
    for _ in 1..max_pages {
        let Some(search) = next else { break };
        context.check()?;
        let page = market.call(errand, &search).await?;
        next = search.after(&page);
        let known: HashSet<String> = all.listings.iter().map(|l| l.item_id.clone()).collect();
        all.listings.extend(page.listings.into_iter().filter(|l| !known.contains(&l.item_id)));
        all.unreadable.extend(page.unreadable);
    }
    Ok(all)
}
