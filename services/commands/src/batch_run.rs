//! `batch.run`: prices many cards within the calls of the day.

mod estimate;
mod hybrid;
mod planning;
mod report;

use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::batches::{self, ItemState, Progress};
use store::{Client, commands, quota};
use uuid::Uuid;

use crate::market::{PROVIDER, postpone};
use crate::{Command, Context, Failure, Invalid};
pub use estimate::{BatchEstimate, estimate_batch};
use planning::Order;

/// Prices cards on eBay, the most worthwhile first, as many as the calls of the day allow.
///
/// Its progress counts cards. Cancelled, it stops after the cards that are on their way; a retry
/// goes on where it stopped. When the calls run out it waits for the next day's and goes on.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunBatch {
    /// `full`: each card by its own listings. `hybrid`: also estimates the others from Cardmarket's
    /// figures, by what the listings of similar cards say.
    #[serde(default)]
    pub(crate) mode: Mode,
    /// Only cards of this set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) set: Option<String>,
    /// Only these cards, by their numbers, whether or not they are due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cards: Option<Vec<i64>>,
    /// At most so many cards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<u32>,
}

/// How cards beyond the day's calls get a price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    #[default]
    Full,
    Hybrid,
}

/// How often the batch looks at its cards.
const LOOK: Duration = Duration::from_millis(200);
/// Cards whose command died without telling are looked for each so many looks.
const LOOKS_FOR_LOST: u64 = 5;
/// Seconds of work that are on their way: a batch that is told to stop ends about so much later.
const AHEAD_SECONDS: f64 = 4.0;
const MIN_AHEAD: f64 = 16.0;
const MAX_AHEAD: f64 = 1_024.0;
/// Pause of a batch whose cards were deferred although there are calls.
const BREATHER: Duration = Duration::from_secs(30);

impl Command for RunBatch {
    const NAME: &'static str = "batch.run";
    // Each start of a worker while it runs may cost one.
    const MAX_ATTEMPTS: i32 = 50;

    fn validate(&self) -> Result<(), Invalid> {
        if self.limit == Some(0) {
            return Err(Invalid::new("limit", "must be at least 1"));
        }
        if self.cards.as_ref().is_some_and(Vec::is_empty) {
            return Err(Invalid::new("cards", "must name a card, or be left out"));
        }
        Ok(())
    }

    async fn run(self, context: Context) -> Result<Value, Failure> {
        let mut client = context.store.client().await?;
        context.market.get_ready(&context.store).await?;
        let planned = self.begin(&mut client, &context).await?;
        let progress = drive(&client, &context, planned.as_ref()).await?;
        if self.mode == Mode::Hybrid {
            hybrid::publish(&mut client, &context).await?;
        }
        let report = report::write(&client, context.command_id, planned.as_ref()).await?;
        batches::finish(&client, context.command_id, &report).await?;
        context.check()?;
        match progress.deferred {
            0 => Ok(report),
            n => Err(go_on_later(&client, n).await?),
        }
    }
}

impl RunBatch {
    /// Plans the batch; one that ran before goes on with what it has not finished.
    async fn begin(
        &self,
        client: &mut Client,
        context: &Context,
    ) -> Result<Option<planning::Planned>, Failure> {
        let id = context.command_id;
        if batches::get(client, id).await?.is_some() {
            batches::resume(client, id).await?;
            return Ok(None);
        }
        let order =
            Order { set: self.set.as_deref(), cards: self.cards.as_deref(), limit: self.limit };
        context.progress(0, None, "planning");
        let settings = store::settings::all(client).await?;
        let planned = planning::plan(client, &order, &settings).await?;
        let requested = serde_json::to_value(self).map_err(Failure::reject)?;
        let run = batches::NewRun {
            id,
            mode: match self.mode {
                Mode::Full => "full",
                Mode::Hybrid => "hybrid",
            },
            set_id: self.set.as_deref(),
            requested: &requested,
        };
        batches::create(client, &run, &planned.items()).await?;
        Ok(Some(planned))
    }
}

/// Sends cards on their way until all have ended.
async fn drive(
    client: &Client,
    context: &Context,
    planned: Option<&planning::Planned>,
) -> Result<Progress, Failure> {
    let id = context.command_id;
    let mut n_looks = 0_u64;
    loop {
        if context.cancelled.is_cancelled() {
            stop(client, context).await?;
        }
        let ahead = ahead(context).await?;
        let ids: Vec<Uuid> = (0..ahead).map(|_| Uuid::now_v7()).collect();
        batches::fan_out(client, id, ahead, &ids, "cards.price", None).await?;
        if n_looks.is_multiple_of(LOOKS_FOR_LOST) {
            batches::collect_lost(client, id).await?;
        }
        let progress = batches::refresh(client, id).await?;
        let progress = progress.ok_or_else(|| Failure::reject("the batch has been removed"))?;
        if progress.deferred > 0 {
            let (_, reason) = wait(client).await?;
            batches::close_pending(client, id, ItemState::Deferred, &reason).await?;
        }
        tell(context, &progress, planned);
        if progress.open() == 0 {
            return Ok(progress);
        }
        n_looks += 1;
        tokio::time::sleep(LOOK).await;
    }
}

/// Stops the batch if somebody wants that. A worker that stops, or has lost the command to another,
/// leaves the batch to those who go on with it.
async fn stop(client: &Client, context: &Context) -> Result<(), Failure> {
    let command = commands::get(client, context.command_id).await?;
    if !command.is_some_and(|command| command.cancel_requested) {
        return Err(Failure::Cancelled);
    }
    batches::stop(client, context.command_id, "stopped by hand").await?;
    Ok(())
}

/// Cards that may be on their way at the same time.
async fn ahead(context: &Context) -> Result<i64, Failure> {
    let guide = context.market.guide(&context.store).await?;
    let cards = guide.settings.ebay_requests_per_second * AHEAD_SECONDS;
    #[expect(clippy::cast_possible_truncation, reason = "clamped to a small number")]
    Ok(cards.clamp(MIN_AHEAD, MAX_AHEAD) as i64)
}

fn tell(context: &Context, progress: &Progress, planned: Option<&planning::Planned>) {
    let done = progress.targeted - progress.open();
    let mut said = vec![format!("{:.1} cards/s", progress.per_second)];
    said.extend(progress.without_price());
    if let Some(beyond) = planned.map(|planned| planned.n_beyond).filter(|n| *n > 0) {
        said.push(format!("{beyond} due beyond this batch"));
    }
    context.progress(done.unsigned_abs(), Some(progress.targeted.unsigned_abs()), said.join(", "));
}

/// The rest waits until there are calls again.
async fn go_on_later(client: &Client, n_deferred: i64) -> Result<Failure, Failure> {
    let (until, why) = wait(client).await?;
    Ok(postpone(until, &format!("{n_deferred} cards are deferred: {why}")))
}

/// Until when the rest waits, and why.
async fn wait(client: &Client) -> Result<(Timestamp, String), Failure> {
    let usage = quota::current(client, PROVIDER).await?;
    // What others hold may come back, and a short block may have ended meanwhile.
    let may_go_on = usage.free_for_batches > 0 || usage.day.reserved > 0;
    Ok(match usage.blocked {
        Some(block) => (block.until, block.reason),
        None if may_go_on => {
            let soon = usage.now.checked_add(BREATHER).map_err(Failure::retry)?;
            (soon, "calls are left, but could not be had for a moment".to_owned())
        }
        None => (usage.day.window_end, "the calls of this day are used up".to_owned()),
    })
}
