//! Orders commands when their time comes.
//!
//! The database's clock decides, and its primary key: any number of schedulers may look at the same
//! moment, and each slot fires once.

use std::time::Duration;

use fail::fail_point;
use jiff::Timestamp;
use store::schedules::{self, Entry, Order, Outcome, timetable};
use store::{Client, Store, migrate};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Notifications can be missed, and conditions change without one.
const POLL: Duration = Duration::from_secs(5);
/// Pause after a failure.
const PAUSE: Duration = Duration::from_secs(1);
/// A moment behind the slot, so that the database's clock has surely passed it.
const BEHIND: Duration = Duration::from_millis(5);

/// What one look did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    pub fired: usize,
    pub missed: u64,
    /// The next slot, if any schedule is on.
    pub next: Option<Timestamp>,
    /// Schedules that cannot be read and do not fire, each with its reason.
    pub problems: Vec<String>,
}

/// Fires until `shutdown`.
pub(crate) async fn run(store: Store, shutdown: CancellationToken) {
    metrics::counter!("scheduler_fires_total").increment(0);
    metrics::gauge!("scheduler_lag_seconds").set(0.0);
    let mut settings = store.listen("settings");
    let mut schedules = store.listen("schedules");
    let mut problems = Vec::new();
    loop {
        let wait = match look_now(&store, &mut problems).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::warn!(%error, "the timetable cannot be read: will try again");
                PAUSE
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
            _ = settings.next() => {}
            _ = schedules.next() => {}
        }
        settings.drain();
        schedules.drain();
    }
}

/// Looks by the database's clock, and returns how long nothing is due. A problem is told once.
async fn look_now(store: &Store, known: &mut Vec<String>) -> store::Result<Duration> {
    let client = store.client().await?;
    let now = migrate::now(&client).await?;
    let looked = look(&client, now).await?;
    for problem in looked.problems.iter().filter(|problem| !known.contains(problem)) {
        tracing::error!(problem, "a schedule cannot be read and does not fire");
    }
    *known = looked.problems;
    let until_next = looked.next.and_then(|next| Duration::try_from(next.duration_since(now)).ok());
    Ok(until_next.map_or(POLL, |wait| (wait + BEHIND).min(POLL)))
}

/// Fires what is due at `now`, and records what was missed.
///
/// # Errors
/// When the database cannot be read or written. Slots that were settled until then stay so.
pub async fn look(client: &Client, now: Timestamp) -> store::Result<Looked> {
    let timetable = timetable(client, now).await?;
    let next = timetable.next(now);
    let mut looked = Looked { next, problems: timetable.problems, ..Looked::default() };
    for entry in &timetable.entries {
        let decision = entry.decide(now);
        if !decision.missed.is_empty() {
            let missed = schedules::miss(client, &entry.key, &decision.missed).await?;
            looked.missed += missed;
            if missed > 0 {
                tracing::warn!(schedule = entry.key, missed, "slots passed without a scheduler");
            }
        }
        if let Some(slot) = decision.fire {
            looked.fired += usize::from(fire(client, entry, slot, now).await?);
        }
    }
    Ok(looked)
}

/// Orders the command of a slot; false when it was not for us to do.
async fn fire(
    client: &Client,
    entry: &Entry,
    slot: Timestamp,
    now: Timestamp,
) -> store::Result<bool> {
    fail_point!("clock.at-slot", |_| std::process::abort());
    let day = slot.to_zoned(entry.recurrence.zone().clone()).date();
    let tenant_id = entry.tenant.as_ref().map(|(id, _)| *id);
    let ordered = commands::schedule::order(&entry.command, &entry.parameters, tenant_id, day);
    let (definition, accepted) = match ordered {
        Ok(ordered) => ordered,
        Err(invalid) => {
            let reason = invalid.to_string();
            if schedules::refuse(client, &entry.key, slot, &reason).await? {
                tracing::error!(schedule = entry.key, %slot, reason, "a slot cannot be ordered");
            }
            return Ok(false);
        }
    };
    let order = Order {
        key: &entry.key,
        slot,
        id: Uuid::now_v7(),
        name: definition.name,
        tenant_id,
        payload: &accepted.payload,
    };
    let outcome = schedules::fire(client, &order).await?;
    fail_point!("clock.after-fire", |_| std::process::abort());
    if outcome != Outcome::Fired {
        if outcome == Outcome::Skipped {
            tracing::info!(schedule = entry.key, %slot, "skipped: the same order is still open");
        }
        return Ok(false);
    }
    let late = now.duration_since(slot).as_secs_f64();
    metrics::counter!("scheduler_fires_total").increment(1);
    metrics::gauge!("scheduler_lag_seconds").set(late);
    tracing::info!(schedule = entry.key, %slot, command.id = %order.id, late_seconds = late, "fired");
    Ok(true)
}
