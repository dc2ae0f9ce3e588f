//! One task learns the fate of everything that is in flight.
//!
//! The client hands a returned message to whichever confirm it completes next, which need not be
//! that of the message itself: the broker confirms in batches. So a plain "ack" proves nothing
//! until all confirms that were completed before it have been looked at. One task that always
//! takes everything that is ready, and only then decides, gets this right; it also needs one
//! timer instead of one per message.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::StreamExt;
use futures::future::FutureExt;
use futures::stream::FuturesUnordered;
use lapin::Confirmation;
use lapin::message::BasicReturnMessage;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use uuid::Uuid;

use super::{CONFIRM_TIMEOUT, Slot};
use crate::Outcome;
use crate::metric::Confirms;

pub(super) type PendingConfirm =
    Pin<Box<dyn Future<Output = Result<Confirmation, lapin::Error>> + Send>>;

/// A message on its way.
pub(super) struct InFlight {
    pub(super) id: Uuid,
    pub(super) confirm: PendingConfirm,
    pub(super) answer: oneshot::Sender<Outcome>,
}

/// Messages taken from the queue in one go.
const BATCH: usize = 256;

pub(super) async fn run(
    mut arriving: mpsc::UnboundedReceiver<InFlight>,
    slot: Arc<Slot>,
    confirms: Arc<Confirms>,
) {
    let mut fresh = Vec::with_capacity(BATCH);
    let mut settler = Settler::new(slot, confirms);
    let mut open = true;
    while open || !settler.waiting.is_empty() {
        let deadline = settler.deadline();
        tokio::select! {
            biased;
            Some(first) = settler.pending.next() => settler.settle(first),
            n_fresh = arriving.recv_many(&mut fresh, BATCH), if open => {
                open = n_fresh > 0;
                fresh.drain(..).for_each(|in_flight| settler.add(in_flight));
            }
            () = tokio::time::sleep_until(deadline.unwrap_or_else(Instant::now)),
                if deadline.is_some() => settler.expire(),
        }
    }
}

struct Settler {
    pending: FuturesUnordered<Tracked>,
    /// In the order of publishing, hence also of deadlines. `None` once answered.
    waiting: VecDeque<Waiting>,
    /// The position of the first of `waiting` since the start.
    first: u64,
    /// Returned messages whose own confirm has not come by yet.
    returned: Vec<(Uuid, Outcome)>,
    ready: Vec<Settled>,
    slot: Arc<Slot>,
    confirms: Arc<Confirms>,
}

struct Waiting {
    deadline: Instant,
    answer: Option<oneshot::Sender<Outcome>>,
}

/// A confirm that remembers whose it is.
struct Tracked {
    position: u64,
    id: Uuid,
    confirm: PendingConfirm,
}

struct Settled {
    position: u64,
    id: Uuid,
    result: Result<Confirmation, lapin::Error>,
}

impl Future for Tracked {
    type Output = Settled;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Settled> {
        let (position, id) = (self.position, self.id);
        self.confirm.as_mut().poll(cx).map(|result| Settled { position, id, result })
    }
}

impl Settler {
    fn new(slot: Arc<Slot>, confirms: Arc<Confirms>) -> Self {
        Self {
            pending: FuturesUnordered::new(),
            waiting: VecDeque::new(),
            first: 0,
            returned: Vec::new(),
            ready: Vec::new(),
            slot,
            confirms,
        }
    }

    fn add(&mut self, InFlight { id, confirm, answer }: InFlight) {
        let position = self.first + self.waiting.len() as u64;
        self.pending.push(Tracked { position, id, confirm });
        let deadline = Instant::now() + CONFIRM_TIMEOUT;
        self.waiting.push_back(Waiting { deadline, answer: Some(answer) });
    }

    /// When the oldest unanswered message is to be given up.
    fn deadline(&self) -> Option<Instant> {
        self.waiting.front().map(|oldest| oldest.deadline)
    }

    fn settle(&mut self, first: Settled) {
        self.ready.push(first);
        self.drain();
        for settled in &mut self.ready {
            take_return(&mut settled.result, &mut self.returned);
        }
        let mut ready = std::mem::take(&mut self.ready);
        for Settled { position, id, result } in ready.drain(..) {
            let outcome = self.decide(id, result);
            self.answer(position, outcome);
        }
        // Keeps its capacity for the next round.
        self.ready = ready;
        self.forget_answered();
        if self.pending.is_empty() {
            // What is left belongs to messages whose channel died before the confirm.
            self.returned.clear();
        }
    }

    /// Takes all that is ready. The set may yield early to be fair to others; asking again after
    /// its first "not yet" sees to it that nothing is left.
    fn drain(&mut self) {
        let mut was_pending = false;
        loop {
            match self.pending.next().now_or_never() {
                Some(Some(settled)) => {
                    self.ready.push(settled);
                    was_pending = false;
                }
                None if !was_pending => was_pending = true,
                _ => return,
            }
        }
    }

    fn decide(&mut self, id: Uuid, result: Result<Confirmation, lapin::Error>) -> Outcome {
        match result {
            Ok(Confirmation::Nack(_)) => Outcome::Nacked,
            Ok(Confirmation::Ack(_)) => {
                let returned = self.returned.iter().position(|(whose, _)| *whose == id);
                returned.map_or(Outcome::Acked, |index| self.returned.swap_remove(index).1)
            }
            // Cannot happen on a channel in confirm mode; certainly no proof of success.
            Ok(Confirmation::NotRequested) => {
                Outcome::ChannelError("the channel does not confirm".to_owned())
            }
            Err(error) => {
                self.slot.lost.notify_one();
                Outcome::ChannelError(error.to_string())
            }
        }
    }

    fn answer(&mut self, position: u64, outcome: Outcome) {
        // A position before the first, or without an answer, has timed out already.
        let index = position.checked_sub(self.first).and_then(|index| usize::try_from(index).ok());
        let waiting = index.and_then(|index| self.waiting.get_mut(index));
        if let Some(answer) = waiting.and_then(|waiting| waiting.answer.take()) {
            self.confirms.count(&outcome);
            // The caller may have lost interest.
            drop(answer.send(outcome));
        }
    }

    /// Answers what is overdue. Its confirm stays in `pending`, because it may yet come and bring
    /// somebody else's returned message.
    fn expire(&mut self) {
        let now = Instant::now();
        let n_overdue = self.waiting.partition_point(|waiting| waiting.deadline <= now);
        for position in (self.first..).take(n_overdue) {
            self.answer(position, Outcome::TimedOut);
        }
        self.forget_answered();
    }

    fn forget_answered(&mut self) {
        while self.waiting.front().is_some_and(|waiting| waiting.answer.is_none()) {
            self.waiting.pop_front();
            self.first += 1;
        }
    }
}

/// Files a returned message under its own id.
fn take_return(
    result: &mut Result<Confirmation, lapin::Error>,
    returned: &mut Vec<(Uuid, Outcome)>,
) {
    let Ok(Confirmation::Ack(carried) | Confirmation::Nack(carried)) = result else {
        return;
    };
    let Some(message) = carried.take() else {
        return;
    };
    if let Some(id) = message_id(&message) {
        let text = message.reply_text.to_string();
        returned.push((id, Outcome::Returned { code: message.reply_code, text }));
    }
}

fn message_id(message: &BasicReturnMessage) -> Option<Uuid> {
    let id = message.delivery.properties.message_id().as_ref()?;
    id.as_str().parse().ok()
}
