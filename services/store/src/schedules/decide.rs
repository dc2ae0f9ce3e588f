//! What to do about the slots of one schedule at an instant. Pure.

use jiff::{SignedDuration, Timestamp};

use super::Recurrence;

/// A slot that is later than this does not fire any more.
pub const LATEST_START: SignedDuration = SignedDuration::from_hours(6);
/// After a long time without a scheduler, only so many missed slots are recorded, the newest.
const MAX_MISSED: usize = 500;

/// The newest slot of a schedule, up to now, that is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    pub slot: Timestamp,
    /// It did not fire because it was too late.
    pub is_missed: bool,
}

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    pub fire: Option<Timestamp>,
    /// To be recorded, in order.
    pub missed: Vec<Timestamp>,
}

/// Decides at `now`, by no other memory than the newest record. Slots until `since` were never
/// promised. Of several slots that were missed only the newest fires, and only if it is not late.
///
/// A clock that goes back finds its slots recorded. One that was ahead for a while may have recorded
/// slots as missed that are still to come: they fire when their time is there.
pub fn decide(
    recurrence: &Recurrence,
    since: Timestamp,
    settled: Option<Settled>,
    now: Timestamp,
) -> Decision {
    let Some(latest) = recurrence.latest(now).filter(|latest| *latest > since) else {
        return Decision::default();
    };
    let is_late = now.duration_since(latest) > LATEST_START;
    if let Some(settled) = settled.filter(|settled| settled.slot >= latest) {
        let may_fire = settled.slot == latest && settled.is_missed && !is_late;
        return Decision { fire: may_fire.then_some(latest), missed: Vec::new() };
    }
    let begin = settled.map_or(since, |settled| settled.slot.max(since));
    let mut missed = skipped(recurrence, begin, latest);
    if is_late {
        missed.push(latest);
        return Decision { fire: None, missed };
    }
    Decision { fire: Some(latest), missed }
}

/// The newest slots between two instants.
fn skipped(recurrence: &Recurrence, begin: Timestamp, latest: Timestamp) -> Vec<Timestamp> {
    let before = |slot: Timestamp| recurrence.latest(slot - SignedDuration::from_nanos(1));
    let mut slots: Vec<Timestamp> = std::iter::successors(before(latest), |slot| before(*slot))
        .take_while(|slot| *slot > begin)
        .take(MAX_MISSED)
        .collect();
    slots.reverse();
    slots
}

#[cfg(test)]
mod tests;
