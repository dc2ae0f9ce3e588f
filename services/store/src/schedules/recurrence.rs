//! When a schedule is due: cron expressions on the clock of a time zone. Pure arithmetic.
//!
//! An expression that names hours fires once for each time that it names: at the end of a gap when
//! the clock skips that time, and at the first of two when the clock is turned back. One that
//! covers every hour follows real time instead: nothing for skipped times, both for repeated ones.

use std::fmt;

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// Longer than any clock is turned back at once.
const LONGEST_REPEAT: SignedDuration = SignedDuration::from_hours(3);

/// A cron expression in a time zone.
#[derive(Clone)]
pub struct Recurrence {
    cron: Cron,
    zone: TimeZone,
    is_hourly: bool,
}

impl Recurrence {
    /// Reads the five fields of `cron`: minute, hour, day of the month, month, day of the week.
    ///
    /// # Errors
    /// Says what is wrong with it, or that no date matches it.
    pub fn new(cron: &str, zone: TimeZone) -> Result<Recurrence, String> {
        let parser =
            CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(cron).map_err(|error| {
            let reason = error.to_string();
            let reason = reason.trim_end_matches('.');
            format!("`{cron}` is not a cron expression such as `30 7 * * *`: {reason}")
        })?;
        let is_hourly = cron.pattern.hours.values().len() == 24;
        let recurrence = Recurrence { cron, zone, is_hourly };
        if recurrence.next(Timestamp::UNIX_EPOCH).is_none() {
            return Err(format!("no date matches `{}`", recurrence.cron));
        }
        Ok(recurrence)
    }

    /// The zone whose clock it follows.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The first slot after `instant`.
    pub fn next(&self, instant: Timestamp) -> Option<Timestamp> {
        let start = self.on_the_clock(instant).checked_sub(LONGEST_REPEAT).ok()?;
        let mut time = self.cron.find_next_occurrence(&start, true).ok()?;
        let mut best: Option<Timestamp> = None;
        loop {
            let slots = self.instants(time);
            let found = slots.iter().flatten().copied().filter(|slot| *slot > instant);
            best = best.into_iter().chain(found).min();
            // Later times fire for the first time no earlier than this one.
            if best.is_some() && best <= slots[0] {
                return best;
            }
            let Ok(later) = self.cron.find_next_occurrence(&time, false) else { return best };
            time = later;
        }
    }

    /// The last slot at or before `instant`.
    pub fn latest(&self, instant: Timestamp) -> Option<Timestamp> {
        let start = self.on_the_clock(instant).checked_add(LONGEST_REPEAT).ok()?;
        let mut time = self.cron.find_previous_occurrence(&start, true).ok()?;
        let mut best: Option<Timestamp> = None;
        loop {
            let slots = self.instants(time);
            let found = slots.iter().flatten().copied().filter(|slot| *slot <= instant);
            best = best.into_iter().chain(found).max();
            // Earlier times fire for the last time no later than this one.
            let last = slots[1].or(slots[0]);
            if last.is_some() && last <= best {
                return best;
            }
            let Ok(earlier) = self.cron.find_previous_occurrence(&time, false) else { return best };
            time = earlier;
        }
    }

    /// The slots after `after` and before `until`, in order.
    pub fn between(
        &self,
        after: Timestamp,
        until: Timestamp,
    ) -> impl Iterator<Item = Timestamp> + '_ {
        std::iter::successors(self.next(after), |slot| self.next(*slot))
            .take_while(move |slot| *slot < until)
    }

    fn on_the_clock(&self, instant: Timestamp) -> DateTime {
        instant.to_zoned(self.zone.clone()).datetime()
    }

    /// The instants at which a time of the expression fires.
    fn instants(&self, time: DateTime) -> [Option<Timestamp>; 2] {
        let at = |offset: jiff::tz::Offset| offset.to_timestamp(time).ok();
        match self.zone.to_ambiguous_timestamp(time).offset() {
            AmbiguousOffset::Unambiguous { offset } => [at(offset), None],
            AmbiguousOffset::Gap { .. } if self.is_hourly => [None, None],
            AmbiguousOffset::Gap { after, .. } => {
                let end = at(after).and_then(|before| self.zone.following(before).next());
                [end.map(|transition| transition.timestamp()), None]
            }
            AmbiguousOffset::Fold { before, after } if self.is_hourly => [at(before), at(after)],
            AmbiguousOffset::Fold { before, .. } => [at(before), None],
        }
    }
}

impl fmt::Debug for Recurrence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = self.zone.iana_name().unwrap_or("?");
        write!(formatter, "Recurrence({} {zone})", self.cron)
    }
}

#[cfg(test)]
mod tests;
