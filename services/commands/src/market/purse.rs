//! Calls that this process has reserved, and what became of each.
//!
//! Reservations are made in blocks, because each one is a write to the same row for all workers. A
//! call counts as spent from the moment it may leave: a run that is cut off gives nothing back.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use store::Store;
use store::quota::{self, Permit, Purpose, Wanted};
use tokio::sync::Mutex as AsyncMutex;
use uuid::Uuid;

use super::{PROVIDER, granted};
use crate::Failure;

/// A worker that dies with calls in hand loses them after so long: they count as spent then.
const HOLD_SECONDS: f64 = 120.0;
/// No call begins later than this before the window ends: its timeout, and some for the clocks.
const MARGIN_SECONDS: f64 = 30.0;

/// The calls in hand.
pub(super) struct Purse {
    worker: Uuid,
    holds: Holds,
    /// One refill at a time: those who wait then find calls in hand.
    refill: AsyncMutex<()>,
}

type Holds = Arc<Mutex<InHand>>;

#[derive(Default)]
struct InHand {
    by_id: BTreeMap<i64, Hold>,
    n_visits: usize,
}

/// One reservation.
struct Hold {
    permit: Permit,
    purpose: Purpose,
    left: i32,
    spent: i32,
    /// Calls that wait or are under way.
    open: i32,
}

/// A run that may want to call. The last one that ends lets [`Visit::leave`] give back what is
/// left.
pub(crate) struct Visit<'a> {
    purse: &'a Purse,
}

/// The right to one call. Dropped before it [`Ticket::leave`]s, the call goes back.
pub(super) struct Ticket {
    holds: Holds,
    permit: Permit,
    has_left: bool,
}

impl Purse {
    pub(super) fn new(worker: Uuid) -> Purse {
        Purse { worker, holds: Holds::default(), refill: AsyncMutex::default() }
    }

    pub(super) fn enter(&self) -> Visit<'_> {
        lock(&self.holds).n_visits += 1;
        Visit { purse: self }
    }

    /// Runs that are inside.
    pub(super) fn n_visits(&self) -> usize {
        lock(&self.holds).n_visits
    }

    /// Takes one call out of the purse, and fills it with up to `block` if it is empty.
    pub(super) async fn take(
        &self,
        store: &Store,
        purpose: Purpose,
        block: i32,
    ) -> Result<Ticket, Failure> {
        if let Some(ticket) = self.in_hand(purpose) {
            return Ok(ticket);
        }
        let _turn = self.refill.lock().await;
        if let Some(ticket) = self.in_hand(purpose) {
            return Ok(ticket);
        }
        let wanted = Wanted {
            provider: PROVIDER,
            purpose,
            // A confirmation is a call by itself: what else a block held would lie idle.
            n: if purpose == Purpose::Reconcile { 1 } else { block },
            worker: self.worker,
            hold_seconds: HOLD_SECONDS,
            margin_seconds: MARGIN_SECONDS,
        };
        let permit = granted(quota::reserve(&store.client_by_key().await?, &wanted).await?)?;
        let hold = Hold { permit, purpose, left: permit.n - 1, spent: 0, open: 1 };
        lock(&self.holds).by_id.insert(permit.id, hold);
        Ok(self.ticket(permit))
    }

    fn in_hand(&self, purpose: Purpose) -> Option<Ticket> {
        let now = Timestamp::now();
        let is_usable = |hold: &&mut Hold| {
            hold.left > 0 && hold.purpose == purpose && now < hold.permit.usable_until
        };
        let mut state = lock(&self.holds);
        let hold = state.by_id.values_mut().find(is_usable)?;
        hold.left -= 1;
        hold.open += 1;
        Some(self.ticket(hold.permit))
    }

    fn ticket(&self, permit: Permit) -> Ticket {
        Ticket { holds: Arc::clone(&self.holds), permit, has_left: false }
    }

    /// Settles the reservations that are used up.
    pub(super) async fn settle_used_up(&self, store: &Store) {
        let used_up = self.remove(|hold| hold.left == 0 && hold.open == 0);
        settle(store, used_up).await;
    }

    fn remove(&self, is_over: impl Fn(&Hold) -> bool) -> Vec<Hold> {
        let mut state = lock(&self.holds);
        let ids: Vec<i64> =
            state.by_id.iter().filter(|(_, hold)| is_over(hold)).map(|(id, _)| *id).collect();
        ids.iter().filter_map(|id| state.by_id.remove(id)).collect()
    }
}

/// What cannot be settled lapses to spent: no reason to lose the answers that were paid for.
async fn settle(store: &Store, holds: Vec<Hold>) {
    if holds.is_empty() {
        return;
    }
    if let Err(error) = try_settle(store, &holds).await {
        tracing::warn!(%error, "reservations are not settled: their calls will count as spent");
    }
}

async fn try_settle(store: &Store, holds: &[Hold]) -> store::Result<()> {
    let client = store.client_by_key().await?;
    for hold in holds {
        quota::settle(&client, hold.permit.id, hold.spent).await?;
    }
    Ok(())
}

impl Visit<'_> {
    /// Ends the visit; the last visitor gives back what nobody wants.
    pub(crate) async fn leave(self, store: &Store) {
        let purse = self.purse;
        drop(self);
        if lock(&purse.holds).n_visits == 0 {
            settle(store, purse.remove(|hold| hold.open == 0)).await;
        }
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        lock(&self.purse.holds).n_visits -= 1;
    }
}

impl Ticket {
    /// Whether a call may begin now.
    pub(super) fn is_usable(&self, now: Timestamp) -> bool {
        now < self.permit.usable_until
    }

    /// From here on bytes may have left.
    pub(super) fn leave(&mut self) {
        self.has_left = true;
    }

    /// Provably nothing has left.
    pub(super) fn stay(&mut self) {
        self.has_left = false;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut state = lock(&self.holds);
        if let Some(hold) = state.by_id.get_mut(&self.permit.id) {
            hold.open -= 1;
            *(if self.has_left { &mut hold.spent } else { &mut hold.left }) += 1;
        }
    }
}

fn lock(holds: &Holds) -> MutexGuard<'_, InHand> {
    // Nothing panics between two steps that belong together.
    holds.lock().unwrap_or_else(PoisonError::into_inner)
}
