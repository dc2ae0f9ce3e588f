use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

/// Nights on which the clock is changed, as UTC, with half an hour, an hour and a whole day.
const NIGHTS: [(&str, (i16, i8, i8)); 8] = [
    ("Europe/Paris", (2026, 3, 29)),
    ("Europe/Paris", (2026, 10, 25)),
    ("America/New_York", (2026, 3, 8)),
    ("America/New_York", (2026, 11, 1)),
    ("Australia/Lord_Howe", (2026, 4, 4)),
    ("Australia/Lord_Howe", (2026, 10, 3)),
    ("Pacific/Apia", (2011, 12, 30)),
    ("Asia/Kolkata", (2026, 6, 1)),
];
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn paris(cron: &str) -> Recurrence {
    Recurrence::new(cron, TimeZone::get("Europe/Paris").unwrap()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_time_that_the_clock_skips_fires_when_the_gap_ends() {
    // 2026-03-29: 02:00 becomes 03:00.
    for cron in ["0 2 * * *", "30 2 * * *", "59 2 * * *", "*/10 2 * * *"] {
        let recurrence = paris(cron);
        let evening = at("2026-03-28T20:00:00Z");
        assert_eq!(recurrence.next(evening), Some(at("2026-03-29T01:00:00Z")), "{cron}");
        let noon = at("2026-03-29T12:00:00Z");
        assert_eq!(recurrence.latest(noon), Some(at("2026-03-29T01:00:00Z")), "{cron}");
    }
    // Together with the time that follows the gap, it is one slot.
    let both: Vec<Timestamp> = paris("0 2,3 * * *")
        .between(at("2026-03-28T20:00:00Z"), at("2026-03-29T12:00:00Z"))
        .collect();
    assert_eq!(both, [at("2026-03-29T01:00:00Z")]);
}

#[test]
fn a_time_that_comes_twice_fires_at_the_first() {
    // 2026-10-25: 03:00 becomes 02:00.
    let slots: Vec<Timestamp> = paris("30 2 * * *")
        .between(at("2026-10-24T12:00:00Z"), at("2026-10-26T12:00:00Z"))
        .collect();
    assert_eq!(slots, [at("2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z")]);
}

#[test]
fn what_runs_every_hour_follows_real_time() {
    let quarter = paris("*/15 * * * *");
    for night in ["2026-03-28T22:00:00Z", "2026-10-24T22:00:00Z"] {
        let (begin, end) = (at(night), at(night) + SignedDuration::from_hours(6));
        let slots: Vec<Timestamp> = quarter.between(begin, end).collect();
        assert_eq!(slots.len(), 23, "{night}");
        let steps = slots.windows(2).map(|pair| pair[1].duration_since(pair[0]));
        assert!(steps.into_iter().all(|step| step == SignedDuration::from_mins(15)), "{night}");
    }
}

#[test]
fn what_is_no_expression_is_refused_with_the_reason() {
    let refused = |cron: &str| Recurrence::new(cron, TimeZone::UTC).unwrap_err();
    for cron in ["", "3", "61 * * * *", "0 25 * * *", "0 0 6 * * *", "0 6 * * * 2026", "a * * * *"]
    {
        assert!(refused(cron).contains("is not a cron expression such as"), "{cron}");
    }
    assert!(refused("0 0 31 2 *").contains("no date matches"), "{}", refused("0 0 31 2 *"));
    assert!(Recurrence::new("0 0 29 2 *", TimeZone::UTC).is_ok());
}

/// Minutes and hours that fire; all hours when there are none.
#[derive(Clone, Debug)]
struct Times {
    minutes: BTreeSet<i8>,
    hours: BTreeSet<i8>,
}

impl Times {
    fn cron(&self) -> String {
        let list = |numbers: &BTreeSet<i8>| {
            numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
        };
        let hours = if self.hours.is_empty() { "*".to_owned() } else { list(&self.hours) };
        format!("{} {hours} * * *", list(&self.minutes))
    }

    fn has(&self, time: DateTime) -> bool {
        self.minutes.contains(&time.minute())
            && (self.hours.is_empty() || self.hours.contains(&time.hour()))
    }
}

/// The slots of some days, by looking at every minute of them.
fn every_minute(
    times: &Times,
    zone: &TimeZone,
    begin: Timestamp,
    end: Timestamp,
) -> Vec<Timestamp> {
    let minutes = || {
        std::iter::successors(Some(begin), |minute| Some(*minute + MINUTE))
            .take_while(|minute| *minute < end)
    };
    let clock = |instant: Timestamp| instant.to_zoned(zone.clone()).datetime();
    let mut slots = BTreeSet::new();
    if times.hours.is_empty() {
        slots.extend(minutes().filter(|minute| times.has(clock(*minute))));
    } else {
        let mut time = clock(begin);
        let mut ahead = minutes().peekable();
        while time < clock(end) {
            // The clock shows this time, or a later one, for the first time.
            while ahead.peek().is_some_and(|minute| clock(*minute) < time) {
                ahead.next();
            }
            if times.has(time) {
                slots.extend(ahead.peek());
            }
            time = time.checked_add(MINUTE).unwrap();
        }
    }
    slots.into_iter().collect()
}

fn times() -> impl Strategy<Value = Times> {
    let minutes = prop::collection::btree_set(0_i8..60, 1..5);
    let hours = prop_oneof![
        1 => Just(BTreeSet::new()),
        2 => prop::collection::btree_set(0_i8..5, 1..3),
        1 => prop::collection::btree_set(0_i8..24, 1..6),
    ];
    (minutes, hours).prop_map(|(minutes, hours)| Times { minutes, hours })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slots_are_those_that_a_look_at_every_minute_finds(
        times in times(), night in 0..NIGHTS.len(), minute in 0_i64..5_700, second in 0_i64..60,
    ) {
        let (zone, (year, month, day)) = NIGHTS[night];
        let zone = TimeZone::get(zone).unwrap();
        let begin = date(year, month, day).at(0, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
        let begin = begin.timestamp() - SignedDuration::from_hours(48);
        let end = begin + SignedDuration::from_hours(96);
        let expected = every_minute(&times, &zone, begin, end);
        let recurrence = Recurrence::new(&times.cron(), zone).unwrap();
        let found: Vec<_> =
            recurrence.between(begin - SignedDuration::from_nanos(1), end).collect();
        prop_assert_eq!(&found, &expected);

        let instant = begin + SignedDuration::from_secs(minute * 60 + second);
        let latest = expected.iter().rev().find(|slot| **slot <= instant);
        if let Some(latest) = latest {
            prop_assert_eq!(recurrence.latest(instant), Some(*latest));
        }
        let next = expected.iter().find(|slot| **slot > instant);
        if let Some(next) = next {
            prop_assert_eq!(recurrence.next(instant), Some(*next));
        }
    }
}
