//! The way to the marketplace: every call inside the quota, at the shop's pace, with the token that
//! all workers share.
//!
//! A call is reserved in the ledger before it leaves and settled after; see [`purse`]. Only then it
//! waits for its turn, so that waiting never holds up the database.

mod guide;
mod purse;
mod reconcile;
mod refresh;
mod request;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use ebay::{Client, Remedy, Throttle};
use jiff::Timestamp;
use secrecy::SecretString;
use store::Store;
use store::quota::{self, Purpose, Reserve};
use uuid::Uuid;

use crate::Failure;
use crate::pricing::{Reading, Together, Writing};

pub(crate) use guide::{Guide, rates};
pub(crate) use purse::Visit;
pub(crate) use request::Item;
use request::Request;

use guide::Guides;
use purse::{Purse, Ticket};
use tokens::Tokens;

/// The ledger's name of eBay.
pub const PROVIDER: &str = "ebay";
/// Pause of a command while the marketplace cannot be asked at all.
const NOT_CONFIGURED_PAUSE: Duration = Duration::from_hours(1);
/// A failure that asks for a longer pause than this is asked again all the same.
const MAX_WANTED_PAUSE: Duration = Duration::from_hours(1);
/// Slack for clocks that differ, before a postponed command comes back.
const SLACK: Duration = Duration::from_secs(1);

/// One process's access to the marketplace and to the sources of cards, shared by all its runs.
pub struct Market {
    ebay: Option<Client>,
    sources: Option<catalogue::Client>,
    throttle: Throttle,
    purse: Purse,
    tokens: Tokens,
    guides: Guides,
    /// What is known of a card before a look.
    pub(crate) reading: Together<Reading>,
    /// What was found there.
    pub(crate) writing: Together<Writing>,
}

/// What a call is for, and how many there were.
pub(crate) struct Errand<'a> {
    pub(crate) store: &'a Store,
    pub(crate) purpose: Purpose,
    /// Calls that may have left.
    pub(crate) n_calls: i32,
}

impl Market {
    /// `worker` names the process in the ledger. What is not there is waited for.
    pub fn new(ebay: Option<Client>, sources: Option<catalogue::Client>, worker: Uuid) -> Market {
        Market {
            ebay,
            sources,
            throttle: Throttle::new(1.0, 1),
            purse: Purse::new(worker),
            tokens: Tokens::default(),
            guides: Guides::default(),
            reading: Together::default(),
            writing: Together::default(),
        }
    }

    /// The sources of cards, reference prices and exchange rates.
    pub(crate) fn sources(&self) -> Result<&catalogue::Client, Failure> {
        self.sources.as_ref().ok_or_else(|| Failure::reject("no catalogue source is set up"))
    }

    /// Begins a run; what the process holds goes back once no run is left.
    pub(crate) fn enter(&self) -> Visit<'_> {
        self.purse.enter()
    }

    /// Whether at most one run is inside.
    pub(crate) fn is_alone(&self) -> bool {
        self.purse.n_visits() <= 1
    }

    /// Settings and rates of this moment.
    pub(crate) async fn guide(&self, store: &Store) -> Result<Arc<Guide>, Failure> {
        let (guide, is_new) = self.guides.current(store).await?;
        if is_new {
            self.throttle.set(guide.requests_per_second, guide.burst);
        }
        Ok(guide)
    }

    /// Makes one call, and one more with a new token if eBay refuses the old one.
    pub(crate) async fn call<R: Request>(
        &self,
        errand: &mut Errand<'_>,
        request: &R,
    ) -> Result<R::Answer, Failure> {
        let Some(client) = &self.ebay else { return Err(not_configured()) };
        let mut refused = None;
        loop {
            let token = self.tokens.get(errand.store, client, refused.as_ref()).await?;
            let ticket = if R::IS_COUNTED { Some(self.ticket(errand).await?) } else { None };
            // While this call waited, another may have learnt that the token is not taken any more.
            let token = self.tokens.known().unwrap_or(token);
            let answer = self.send(errand, ticket, client, &token, request).await;
            match answer {
                Ok(answer) => return Ok(answer),
                Err(error) if error.is_unauthorized() && refused.is_none() => refused = Some(token),
                Err(error) => return Err(self.failure::<R>(errand.store, error).await?),
            }
        }
    }

    /// Calls, and settles; without a ticket the quota does not count it.
    async fn send<R: Request>(
        &self,
        errand: &mut Errand<'_>,
        ticket: Option<Ticket>,
        client: &Client,
        token: &SecretString,
        request: &R,
    ) -> Result<R::Answer, ebay::Error> {
        let Some(mut ticket) = ticket else { return request.send(client, token).await };
        ticket.leave();
        let answer = request.send(client, token).await;
        match &answer {
            Err(error) if !error.may_have_left() => ticket.stay(),
            _ => errand.n_calls += 1,
        }
        drop(ticket);
        self.purse.settle_used_up(errand.store).await;
        answer
    }

    /// The right to a call that may begin now.
    async fn ticket(&self, errand: &Errand<'_>) -> Result<Ticket, Failure> {
        let mut waited: Option<Ticket> = None;
        loop {
            let guide = self.guide(errand.store).await?;
            if let Some(block) = &guide.blocked {
                return Err(postpone(block.until, &block.reason));
            }
            // The window may have ended, or somebody met its limit, while this call waited.
            if let Some(ticket) = waited.take().filter(|ticket| ticket.is_usable(Timestamp::now()))
            {
                return Ok(ticket);
            }
            let ticket = self.purse.take(errand.store, errand.purpose, guide.block).await?;
            self.throttle.until_ready().await;
            waited = Some(ticket);
        }
    }

    /// What follows from an error. Where nothing was spent, no attempt is either; what eBay does not
    /// count has limits of its own, which are no reason to leave Browse alone.
    async fn failure<R: Request>(
        &self,
        store: &Store,
        error: ebay::Error,
    ) -> Result<Failure, Failure> {
        if error.is_unreachable() {
            let block = self.pause(store, &error).await?;
            return Ok(postpone(block.until, &block.reason));
        }
        if !R::IS_COUNTED {
            return Ok(Failure::retry(error));
        }
        if error.is_limit_reached() {
            let block = self.block(store, &error).await?;
            return Ok(postpone(block.until, &block.reason));
        }
        if error.retry_after().is_some() {
            // The next attempt meets the block, and waits as long as it takes.
            self.pause(store, &error).await?;
        }
        Ok(match error.remedy() {
            Remedy::Retry | Remedy::NewToken | Remedy::Wait => Failure::retry(error),
            Remedy::Change => Failure::reject(error),
        })
    }

    /// Stops all workers for a while, longer each time.
    async fn pause(&self, store: &Store, error: &ebay::Error) -> Result<quota::Block, Failure> {
        let client = store.client().await?;
        let reason = error.to_string();
        let block = quota::pause(&client, PROVIDER, wanted_pause(error), &reason).await?;
        self.guides.forget();
        tracing::warn!(until = %block.until, reason = block.reason, "eBay is left alone");
        Ok(block)
    }

    /// Stops all workers until the provider's window ends.
    async fn block(&self, store: &Store, error: &ebay::Error) -> Result<quota::Block, Failure> {
        let until = error.retry_after().and_then(in_future);
        let client = store.client().await?;
        let block = quota::block(&client, PROVIDER, until, &error.to_string()).await?;
        self.guides.forget();
        tracing::warn!(until = %block.until, reason = block.reason, "eBay is left alone");
        Ok(block)
    }
}

/// Nothing can be reached: for processes that run no card.
impl Default for Market {
    fn default() -> Market {
        Market::new(None, None, Uuid::nil())
    }
}

/// Until when eBay wants to be left alone after a failure, when it says.
fn wanted_pause(error: &ebay::Error) -> Option<Timestamp> {
    in_future(error.retry_after()?.min(MAX_WANTED_PAUSE))
}

fn in_future(after: Duration) -> Option<Timestamp> {
    Timestamp::now().checked_add(after).ok()
}

/// The end of a run that may not call now; its attempt does not count.
pub(crate) fn postpone(until: Timestamp, reason: &str) -> Failure {
    let left = until.duration_since(Timestamp::now());
    let after = Duration::try_from(left).unwrap_or_default() + SLACK;
    Failure::Postpone { after, reason: reason.to_owned() }
}

fn not_configured() -> Failure {
    let reason = "EBAY_CLIENT_ID and EBAY_CLIENT_SECRET are not set".to_owned();
    Failure::Postpone { after: NOT_CONFIGURED_PAUSE, reason }
}

/// A reservation, or the reason to come back later.
fn granted(reserve: Reserve) -> Result<quota::Permit, Failure> {
    match reserve {
        Reserve::Granted(permit) => Ok(permit),
        Reserve::Exhausted { until } => Err(postpone(until, "the calls of this day are used up")),
        Reserve::Blocked { until, reason } => Err(postpone(until, &reason)),
    }
}
