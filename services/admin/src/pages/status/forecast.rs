//! How many calls the day will have taken when it ends.

use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use store::settings::Settings;

/// The next night's batch by the settings in force; `None` when it is switched off.
pub(crate) fn next_batch(settings: &Settings, now: Timestamp) -> Option<Timestamp> {
    if !settings.batch_enabled {
        return None;
    }
    let zone = TimeZone::get(&settings.batch_timezone).ok()?;
    let time = Time::new(settings.batch_hour, settings.batch_minute, 0, 0).ok()?;
    let today = now.to_zoned(zone.clone()).date();
    [0, 1, 2].into_iter().find_map(|days| {
        let day = today.checked_add(days.days()).ok()?;
        let at = day.to_datetime(time).to_zoned(zone.clone()).ok()?.timestamp();
        (at > now).then_some(at)
    })
}

/// What is known about the rest of the day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outlook {
    pub(super) used: i64,
    /// Calls that batches may still take.
    pub(super) free_for_batches: i64,
    /// Calls that the running batch still needs.
    pub(super) running: i64,
    /// Calls that tonight's batch will want, when it begins within the day.
    pub(super) nightly: Option<i64>,
}

/// Calls at the end of the day: batches take what they want, and no more than they may.
pub(super) fn at_end(outlook: Outlook) -> i64 {
    let wanted = outlook.running + outlook.nightly.unwrap_or(0);
    outlook.used + wanted.min(outlook.free_for_batches)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_night_follows_the_settings_and_the_clock() {
        let settings = Settings::default();
        let next = |now| next_batch(&settings, at(now));
        assert_eq!(next("2026-11-21T15:42:00Z"), Some(at("2026-11-22T02:00:00Z")));
        assert_eq!(next("2026-11-22T01:59:59Z"), Some(at("2026-11-22T02:00:00Z")));
        assert_eq!(next("2026-11-22T02:00:00Z"), Some(at("2026-11-23T02:00:00Z")));
        // Summer time begins that night: 03:00 is the first instant after the gap.
        assert_eq!(next("2026-03-28T22:00:00Z"), Some(at("2026-03-29T01:00:00Z")));
        let off = Settings { batch_enabled: false, ..Settings::default() };
        assert_eq!(next_batch(&off, at("2026-11-21T15:42:00Z")), None);
    }

    #[test]
    fn batches_take_no_more_than_they_may() {
        let outlook =
            Outlook { used: 2_914, free_for_batches: 1_086, running: 588, nightly: Some(900) };
        assert_eq!(at_end(outlook), 4_000);
        assert_eq!(at_end(Outlook { nightly: None, ..outlook }), 3_502);
    }
}
