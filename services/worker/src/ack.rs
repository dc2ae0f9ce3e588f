//! Acknowledges in the order of delivery where it can: one `multiple` costs the broker as much as
//! one single.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use broker::{Acker, Tag};

/// The unacknowledged deliveries of one consumer.
#[derive(Clone)]
pub(crate) struct Unacked {
    acker: Acker,
    tags: Arc<Mutex<BTreeMap<Tag, State>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Settled,
}

/// What to send, and in which way.
#[derive(Debug, Default, PartialEq, Eq)]
struct Acks {
    up_to: Option<Tag>,
    single: Vec<Tag>,
}

impl Unacked {
    pub(crate) fn new(acker: Acker) -> Unacked {
        Unacked { acker, tags: Arc::default() }
    }

    /// Notes a delivery, before anybody can settle it.
    pub(crate) fn insert(&self, tag: Tag) {
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        tags.insert(tag, State::Open);
    }

    /// Whether both speak of the same consumer.
    pub(crate) fn is(&self, other: &Unacked) -> bool {
        Arc::ptr_eq(&self.tags, &other.tags)
    }

    /// Sends a message to the dead letters.
    pub(crate) async fn reject(&self, tag: Tag) {
        // While the tag is open here, no acknowledgement of several passes over it.
        self.acker.reject(tag).await;
        self.tags.lock().unwrap_or_else(PoisonError::into_inner).remove(&tag);
    }

    /// Acknowledges `settled`.
    pub(crate) async fn settle(&self, settled: &[Tag]) {
        let acks = {
            let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
            plan(&mut tags, settled)
        };
        if let Some(tag) = acks.up_to {
            self.acker.ack_up_to(tag).await;
        }
        for tag in acks.single {
            self.acker.ack(tag).await;
        }
    }
}

/// Everything below the first open delivery of a channel goes in one acknowledgement; what is
/// settled above it, behind a long run, goes alone.
fn plan(tags: &mut BTreeMap<Tag, State>, settled: &[Tag]) -> Acks {
    for tag in settled {
        if let Some(state) = tags.get_mut(tag) {
            *state = State::Settled;
        }
    }
    let mut acks = Acks::default();
    let first_open = tags.iter().find(|(_, state)| **state == State::Open).map(|(tag, _)| *tag);
    tags.retain(|tag, state| {
        if *state == State::Open {
            return true;
        }
        match first_open {
            Some(open) if *tag > open => acks.single.push(*tag),
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
        tags(numbers).into_iter().map(|tag| (tag, State::Open)).collect()
    }

    #[test]
    fn a_contiguous_run_is_one_acknowledgement() {
        let mut unacked = open(&[1, 2, 3, 4]);
        let acks = plan(&mut unacked, &tags(&[2, 1, 3]));
        assert_eq!(acks, Acks { up_to: Some(Tag::new(1, 3)), single: vec![] });
        assert_eq!(unacked.len(), 1);
    }

    #[test]
    fn nothing_open_is_ever_acknowledged() {
        let mut unacked = open(&[1, 2, 3]);
        let acks = plan(&mut unacked, &tags(&[2, 3]));
        assert_eq!(acks, Acks { up_to: None, single: tags(&[2, 3]) });
        assert!(unacked.contains_key(&Tag::new(1, 1)));
    }

    #[test]
    fn settling_twice_acknowledges_once() {
        let mut unacked = open(&[1]);
        assert!(plan(&mut unacked, &tags(&[1])).up_to.is_some());
        assert_eq!(plan(&mut unacked, &tags(&[1])), Acks::default());
    }
}
