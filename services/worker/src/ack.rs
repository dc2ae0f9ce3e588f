//! Acknowledges in the order of delivery where it can: one `multiple` costs the broker as much as
//! one single.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use broker::{Acker, Tag};

/// How long a settled delivery waits for an open one before it, to go in the same acknowledgement.
const PATIENCE: Duration = Duration::from_millis(100);

/// The unacknowledged deliveries of one consumer.
#[derive(Clone)]
pub(crate) struct Unacked {
    acker: Acker,
    deliveries: Arc<Mutex<Deliveries>>,
    /// Held from the decision until it is sent: an acknowledgement of less, after one of more,
    /// would name deliveries that are gone, and cost the channel.
    sending: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Deliveries {
    tags: BTreeMap<Tag, State>,
    /// Somebody will look after those that wait.
    is_watched: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Since it was delivered.
    Open(Instant),
    Settled,
}

/// What to send, and in which way.
#[derive(Debug, Default, PartialEq, Eq)]
struct Acks {
    up_to: Option<Tag>,
    single: Vec<Tag>,
    /// Some wait for an open one before them.
    are_waiting: bool,
}

impl Unacked {
    pub(crate) fn new(acker: Acker) -> Unacked {
        Unacked { acker, deliveries: Arc::default(), sending: Arc::default() }
    }

    /// Notes a delivery, before anybody can settle it.
    pub(crate) fn insert(&self, tag: Tag) {
        self.deliveries().tags.insert(tag, State::Open(Instant::now()));
    }

    /// Whether both speak of the same consumer.
    pub(crate) fn is(&self, other: &Unacked) -> bool {
        Arc::ptr_eq(&self.deliveries, &other.deliveries)
    }

    /// Sends a message to the dead letters.
    pub(crate) async fn reject(&self, tag: Tag) {
        // While the tag is open here, no acknowledgement of several passes over it.
        self.acker.reject(tag).await;
        self.deliveries().tags.remove(&tag);
    }

    /// Acknowledges `settled`; those behind a delivery that is open for a short time only, a
    /// little later.
    pub(crate) async fn settle(&self, settled: &[Tag]) {
        let _order = self.sending.lock().await;
        let (acks, watch) = {
            let mut deliveries = self.deliveries();
            let acks = plan(&mut deliveries.tags, settled, Instant::now());
            let watch = acks.are_waiting && !deliveries.is_watched;
            deliveries.is_watched |= watch;
            (acks, watch)
        };
        self.send(acks).await;
        if watch {
            tokio::spawn(self.clone().watch());
        }
    }

    /// Looks after waiting deliveries until there are none.
    async fn watch(self) {
        loop {
            tokio::time::sleep(PATIENCE).await;
            let _order = self.sending.lock().await;
            let acks = {
                let mut deliveries = self.deliveries();
                let acks = plan(&mut deliveries.tags, &[], Instant::now());
                deliveries.is_watched = acks.are_waiting;
                acks
            };
            let are_waiting = acks.are_waiting;
            self.send(acks).await;
            if !are_waiting {
                return;
            }
        }
    }

    async fn send(&self, acks: Acks) {
        if let Some(tag) = acks.up_to {
            self.acker.ack_up_to(tag).await;
        }
        for tag in acks.single {
            self.acker.ack(tag).await;
        }
    }

    fn deliveries(&self) -> MutexGuard<'_, Deliveries> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Everything below the first open delivery of a channel goes in one acknowledgement; what is
/// settled above it waits for it, and goes alone when that takes long.
fn plan(tags: &mut BTreeMap<Tag, State>, settled: &[Tag], now: Instant) -> Acks {
    for tag in settled {
        if let Some(state) = tags.get_mut(tag) {
            *state = State::Settled;
        }
    }
    let mut acks = Acks::default();
    let first_open = tags.iter().find_map(|(tag, state)| match state {
        State::Open(since) => Some((*tag, now.saturating_duration_since(*since))),
        State::Settled => None,
    });
    tags.retain(|tag, state| {
        if *state != State::Settled {
            return true;
        }
        match first_open {
            Some((open, age)) if *tag > open && age < PATIENCE => {
                acks.are_waiting = true;
                return true;
            }
            Some((open, _)) if *tag > open => acks.single.push(*tag),
            _ => acks.up_to = Some(*tag),
        }
        false
    });
    acks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(numbers: &[u64]) -> Vec<Tag> {
        numbers.iter().map(|number| Tag::new(1, *number)).collect()
    }

    fn open(numbers: &[u64]) -> BTreeMap<Tag, State> {
        let since = Instant::now();
        tags(numbers).into_iter().map(|tag| (tag, State::Open(since))).collect()
    }

    /// What `plan` says when the first delivery has been open for long.
    fn late(tags: &mut BTreeMap<Tag, State>, settled: &[Tag]) -> Acks {
        plan(tags, settled, Instant::now() + PATIENCE)
    }

    fn up_to(number: u64) -> Acks {
        Acks { up_to: Some(Tag::new(1, number)), ..Acks::default() }
    }

    #[test]
    fn a_contiguous_run_is_one_acknowledgement() {
        let mut unacked = open(&[1, 2, 3, 4]);
        assert_eq!(late(&mut unacked, &tags(&[2, 1, 3])), up_to(3));
        assert_eq!(unacked.len(), 1);
    }

    #[test]
    fn nothing_open_is_ever_acknowledged() {
        let mut unacked = open(&[1, 2, 3]);
        let acks = late(&mut unacked, &tags(&[2, 3]));
        assert_eq!(acks, Acks { single: tags(&[2, 3]), ..Acks::default() });
        assert!(unacked.contains_key(&Tag::new(1, 1)));
    }

    #[test]
    fn what_settles_early_waits_for_the_delivery_before_it() {
        let mut unacked = open(&[1, 2, 3]);
        let acks = plan(&mut unacked, &tags(&[2, 3]), Instant::now());
        assert_eq!(acks, Acks { are_waiting: true, ..Acks::default() });
        assert_eq!(plan(&mut unacked, &tags(&[1]), Instant::now()), up_to(3));
        assert!(unacked.is_empty());
    }

    #[test]
    fn settling_twice_acknowledges_once() {
        let mut unacked = open(&[1]);
        assert_eq!(late(&mut unacked, &tags(&[1])), up_to(1));
        assert_eq!(late(&mut unacked, &tags(&[1])), Acks::default());
    }
}
