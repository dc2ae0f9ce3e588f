//! When a backlog will be worked off.

use jiff::Timestamp;

/// Calls that become due on later days.
pub(super) struct Arrivals {
    now: Timestamp,
    /// By whole days from now; the first is tomorrow.
    calls: Vec<u64>,
}

/// Later arrivals are counted on this day.
const MAX_DAYS: usize = 3_650;

impl Arrivals {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { now, calls: Vec::new() }
    }

    /// Adds calls for a card that has to wait until then.
    pub(super) fn add(&mut self, until: Timestamp, calls: u32) {
        let seconds = until.as_second().saturating_sub(self.now.as_second()).max(0);
        let day = usize::try_from(seconds / 86_400).unwrap_or(MAX_DAYS).min(MAX_DAYS);
        if self.calls.len() <= day {
            self.calls.resize(day + 1, 0);
        }
        self.calls[day] += u64::from(calls);
    }

    /// Days until `backlog` calls and all that arrive have been made, at so many a day.
    pub(super) fn days_until_done(&self, backlog: u64, calls_per_day: u64) -> Option<u32> {
        let mut left = backlog;
        for arriving in &self.calls {
            left = (left + arriving).saturating_sub(calls_per_day);
        }
        let days = self.calls.len() as u64;
        match left {
            0 if days == 0 => Some(0),
            0 => u32::try_from(days).ok(),
            _ if calls_per_day == 0 => None,
            _ => u32::try_from(days + left.div_ceil(calls_per_day)).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn a_backlog_takes_as_many_days_as_it_has_shares() {
        let none = Arrivals::new(Timestamp::UNIX_EPOCH);
        assert_eq!(none.days_until_done(0, 100), Some(0));
        assert_eq!(none.days_until_done(0, 0), Some(0));
        assert_eq!(none.days_until_done(1, 0), None);
        assert_eq!(none.days_until_done(100, 100), Some(1));
        assert_eq!(none.days_until_done(101, 100), Some(2));
    }

    #[test]
    fn cards_that_wait_are_counted_on_their_day() {
        let now = Timestamp::UNIX_EPOCH;
        let mut arrivals = Arrivals::new(now);
        // Due within the first day, and within the fourth.
        arrivals.add(now + SignedDuration::from_hours(20), 30);
        arrivals.add(now + SignedDuration::from_hours(80), 250);
        // 50 + 30 on the first day; 250 from the fourth on take days 4, 5 and 6.
        assert_eq!(arrivals.days_until_done(50, 100), Some(6));
        assert_eq!(arrivals.days_until_done(50, 1_000), Some(4));
        assert_eq!(arrivals.days_until_done(0, 0), None);
    }
}
