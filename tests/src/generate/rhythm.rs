//! When tickets come in: growth, seasons, weekdays, hours, and one bad week.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::random::Random;

/// Monday first.
const WEEKDAYS: [u64; 7] = [125, 110, 100, 100, 88, 14, 9];
/// January first: France is away in August.
const MONTHS: [u64; 12] = [108, 102, 103, 98, 92, 100, 84, 70, 116, 108, 104, 86];
/// Local hours, 0 to 23: two peaks, a lunch break, monitoring at night.
const HOURS: [u64; 24] =
    [4, 3, 3, 3, 4, 6, 14, 42, 96, 128, 118, 92, 48, 70, 112, 104, 86, 64, 34, 18, 12, 9, 7, 5];
const OPENING_HOUR: i64 = 8;
const CLOSING_HOUR: i64 = 18;
const HOUR_S: i64 = 3_600;
/// An anomaly needs history to stand out from.
const DAYS_FOR_AN_INCIDENT: usize = 60;

/// One local day of a tenant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    pub(super) start: Timestamp,
    /// 23 or 25 hours when the clocks change.
    pub(super) length_s: i64,
    /// Part of the incident week.
    pub(super) incident: bool,
    pub(super) n_tickets: u64,
}

/// The tenant's calendar: `days` days, the last one being `until`.
#[derive(Debug)]
pub(super) struct Calendar {
    zone: TimeZone,
    pub(super) days: Vec<Day>,
    /// Nothing is known after this instant: the end of the last day.
    pub(super) end: Timestamp,
}

impl Calendar {
    pub(super) fn new(
        zone: TimeZone,
        until: Date,
        n_days: usize,
        n_tickets: u64,
        random: &mut Random,
    ) -> Result<Self, jiff::Error> {
        let first =
            until.checked_sub(i64::try_from(n_days).unwrap_or(0).saturating_sub(1).days())?;
        let dates: Vec<Date> = first.series(1.day()).take(n_days).collect();
        let bad_monday = incident_monday(&dates, random);
        let weights: Vec<u64> =
            (0..n_days).map(|day| weight(&dates, day, bad_monday, random)).collect();
        let counts = share(n_tickets, &weights);
        let mut days = Vec::with_capacity(n_days);
        for (index, date) in dates.iter().enumerate() {
            let start = date.to_zoned(zone.clone())?.timestamp();
            let end = date.tomorrow()?.to_zoned(zone.clone())?.timestamp();
            days.push(Day {
                start,
                length_s: end.as_second() - start.as_second(),
                incident: bad_monday.is_some_and(|monday| (monday..monday + 5).contains(&index)),
                n_tickets: counts[index],
            });
        }
        let end = until.tomorrow()?.to_zoned(zone.clone())?.timestamp();
        Ok(Self { zone, days, end })
    }

    /// Instants at which the tickets of `day` come in, in order.
    pub(super) fn arrivals(day: &Day, random: &mut Random) -> Vec<Timestamp> {
        let mut seconds: Vec<i64> = (0..day.n_tickets)
            .map(|_| {
                let hour = i64::try_from(random.weighted(&HOURS)).unwrap_or(0);
                (hour * HOUR_S + random.between(0, HOUR_S - 1)).min(day.length_s - 1)
            })
            .collect();
        seconds.sort_unstable();
        seconds.into_iter().filter_map(|second| later(day.start, second)).collect()
    }

    /// `instant` itself in working hours, else some time after the next opening.
    pub(super) fn working(&self, instant: Timestamp, random: &mut Random) -> Timestamp {
        let local = self.zone.to_offset(instant).to_datetime(instant);
        let weekday = i64::from(local.date().weekday().to_monday_zero_offset());
        let hour = i64::from(local.hour());
        let days_ahead = match (weekday, hour) {
            (0..=4, OPENING_HOUR..CLOSING_HOUR) => return instant,
            (0..=4, ..OPENING_HOUR) => 0,
            (4, _) => 3,
            (5, _) => 2,
            _ => 1,
        };
        let midnight = i64::from(local.minute()) * 60 + hour * HOUR_S + i64::from(local.second());
        let opening = days_ahead * 24 * HOUR_S + OPENING_HOUR * HOUR_S - midnight;
        later(instant, opening + random.between(0, 3 * HOUR_S)).unwrap_or(instant)
    }

    /// The tenant's local day of an instant.
    pub(super) fn date(&self, instant: Timestamp) -> Date {
        self.zone.to_offset(instant).to_datetime(instant).date()
    }
}

/// `instant` plus `seconds`.
pub(super) fn later(instant: Timestamp, seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(instant.as_second() + seconds).ok()
}

/// Index of the Monday of the bad week, about two thirds into the period.
fn incident_monday(dates: &[Date], random: &mut Random) -> Option<usize> {
    let around = dates.len() * 55 / 100 + usize::try_from(random.below(20)).unwrap_or(0);
    if dates.len() < DAYS_FOR_AN_INCIDENT {
        return None;
    }
    (around..dates.len()).find(|day| dates[*day].weekday().to_monday_zero_offset() == 0)
}

fn weight(dates: &[Date], day: usize, bad_monday: Option<usize>, random: &mut Random) -> u64 {
    let date = dates[day];
    let weekday = WEEKDAYS[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
    let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    let growth = 1_000 + 300 * day as u64 / dates.len() as u64;
    let holiday = matches!((date.month(), date.day()), (1 | 5, 1) | (7, 14) | (12, 25));
    let incident = match bad_monday.and_then(|monday| day.checked_sub(monday)) {
        Some(1..=3) => 32,
        Some(0 | 4) => 16,
        _ => 10,
    };
    let noise = 850 + random.below(301);
    weekday * month * growth * incident * noise / if holiday { 8 } else { 1 }
}

/// `total` divided in proportion to `weights`, without remainder.
fn share(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().copied().map(u128::from).sum();
    let mut seen = 0_u128;
    let mut given = 0_u128;
    weights
        .iter()
        .map(|weight| {
            seen += u128::from(*weight);
            let due = u128::from(total) * seen / sum.max(1);
            let count = due - given;
            given = due;
            u64::try_from(count).unwrap_or(u64::MAX)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn calendar(n_days: usize, n_tickets: u64) -> Calendar {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        Calendar::new(zone, date(2026, 11, 20), n_days, n_tickets, &mut Random::new(3, 0)).unwrap()
    }

    #[test]
    fn every_ticket_is_given_a_day() {
        for n_tickets in [0, 1, 7, 10_000] {
            let given: u64 = calendar(365, n_tickets).days.iter().map(|day| day.n_tickets).sum();
            assert_eq!(given, n_tickets);
        }
    }

    #[test]
    fn days_follow_each_other_without_gap_across_clock_changes() {
        let calendar = calendar(365, 10);
        for pair in calendar.days.windows(2) {
            assert_eq!(later(pair[0].start, pair[0].length_s), Some(pair[1].start));
        }
        let lengths: Vec<i64> = calendar.days.iter().map(|day| day.length_s / HOUR_S).collect();
        assert_eq!(lengths.iter().filter(|hours| **hours != 24).collect::<Vec<_>>(), [&23, &25]);
    }

    #[test]
    fn the_bad_week_has_the_busiest_days() {
        let calendar = calendar(365, 10_000);
        let busiest = calendar.days.iter().max_by_key(|day| day.n_tickets).unwrap();
        assert!(busiest.incident);
        assert!(calendar.days.iter().filter(|day| day.incident).count() == 5);
    }

    #[test]
    fn work_waits_for_the_morning() {
        let calendar = calendar(30, 10);
        let sunday: Timestamp = "2026-11-15T03:00:00Z".parse().unwrap();
        let monday = calendar.working(sunday, &mut Random::new(1, 0));
        assert_eq!(calendar.date(monday), date(2026, 11, 16));
        let busy: Timestamp = "2026-11-16T10:00:00Z".parse().unwrap();
        assert_eq!(calendar.working(busy, &mut Random::new(1, 0)), busy);
    }
}
