use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn nightly() -> Recurrence {
    Recurrence::new("30 2 * * *", TimeZone::get("Europe/Paris").unwrap()).unwrap()
}

/// Slots and how often each has fired, kept as the database keeps them.
#[derive(Default)]
struct Ledger(BTreeMap<Timestamp, u32>);

impl Ledger {
    fn look(&mut self, recurrence: &Recurrence, since: Timestamp, now: Timestamp) -> Decision {
        let newest = self.0.range(..=now).next_back();
        let settled = newest.map(|(slot, fires)| Settled { slot: *slot, is_missed: *fires == 0 });
        let decision = decide(recurrence, since, settled, now);
        for slot in &decision.missed {
            self.0.entry(*slot).or_default();
        }
        if let Some(slot) = decision.fire {
            *self.0.entry(slot).or_default() += 1;
        }
        decision
    }
}

fn fired(slot: &str) -> Settled {
    Settled { slot: at(slot), is_missed: false }
}

#[test]
fn a_slot_fires_when_it_is_there_and_not_again() {
    let since = at("2026-11-20T12:00:00Z");
    let decided = |settled, now| decide(&nightly(), since, settled, at(now));
    assert_eq!(decided(None, "2026-11-21T01:29:59Z"), Decision::default());
    let slot = Some(at("2026-11-21T01:30:00Z"));
    assert_eq!(decided(None, "2026-11-21T01:30:00Z").fire, slot);
    assert_eq!(decided(Some(fired("2026-11-21T01:30:00Z")), "2026-11-21T09:00:00Z").fire, None);
}

#[test]
fn a_slot_before_the_schedule_was_changed_was_never_promised() {
    let since = at("2026-11-21T02:00:00Z");
    assert_eq!(decide(&nightly(), since, None, at("2026-11-21T02:00:01Z")), Decision::default());
    let next = decide(&nightly(), since, None, at("2026-11-22T01:30:00Z"));
    assert_eq!(next, Decision { fire: Some(at("2026-11-22T01:30:00Z")), missed: vec![] });
}

#[test]
fn a_missed_slot_runs_once_within_six_hours_and_is_recorded_after_that() {
    let before = Some(fired("2026-11-20T01:30:00Z"));
    let slot = at("2026-11-21T01:30:00Z");
    let decided = |now| decide(&nightly(), Timestamp::UNIX_EPOCH, before, at(now));
    let late = decided("2026-11-21T07:30:00Z");
    assert_eq!(late, Decision { fire: Some(slot), missed: vec![] });
    let too_late = decided("2026-11-21T07:30:01Z");
    assert_eq!(too_late, Decision { fire: None, missed: vec![slot] });
    let days = decided("2026-11-24T03:00:00Z");
    assert_eq!(days.fire, Some(at("2026-11-24T01:30:00Z")));
    assert_eq!(days.missed.len(), 3, "{days:?}");
}

#[test]
fn of_many_missed_slots_only_the_newest_fires_and_the_record_is_bounded() {
    let minutely = Recurrence::new("* * * * *", TimeZone::UTC).unwrap();
    let month = decide(&minutely, at("2026-10-01T00:00:00Z"), None, at("2026-11-01T00:00:30Z"));
    assert_eq!(month.fire, Some(at("2026-11-01T00:00:00Z")));
    assert_eq!(month.missed.len(), MAX_MISSED);
    assert_eq!(month.missed.last(), Some(&at("2026-10-31T23:59:00Z")));
}

#[test]
fn a_slot_missed_by_a_clock_that_was_ahead_fires_when_its_time_is_there() {
    let (mut ledger, since) = (Ledger::default(), at("2026-11-20T12:00:00Z"));
    ledger.look(&nightly(), since, at("2026-11-21T01:30:00Z"));
    // Ahead by a day and ten hours: tomorrow's slot is recorded as missed.
    let ahead = ledger.look(&nightly(), since, at("2026-11-22T11:30:00Z"));
    assert_eq!(ahead, Decision { fire: None, missed: vec![at("2026-11-22T01:30:00Z")] });
    assert_eq!(ledger.look(&nightly(), since, at("2026-11-21T01:31:00Z")), Decision::default());
    let right = ledger.look(&nightly(), since, at("2026-11-22T01:30:00Z"));
    assert_eq!(right.fire, Some(at("2026-11-22T01:30:00Z")));
    assert_eq!(ledger.look(&nightly(), since, at("2026-11-22T01:31:00Z")), Decision::default());
}

const ZONES: [&str; 3] = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe"];
const CRONS: [&str; 4] = ["30 2 * * *", "0 3 * * *", "*/15 * * * *", "10 1,2,14 * * *"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// However the clock jumps, forwards and back, over a whole year.
    #[test]
    fn no_slot_fires_twice_or_late(
        zone in 0..ZONES.len(), cron in 0..CRONS.len(),
        jumps in prop::collection::vec(-30_i64..60, 1..60), start in 0_i64..365,
    ) {
        let recurrence = Recurrence::new(CRONS[cron], TimeZone::get(ZONES[zone]).unwrap()).unwrap();
        let since = at("2026-01-01T00:00:00Z") + SignedDuration::from_hours(24 * start);
        let (mut ledger, mut now) = (Ledger::default(), since);
        for hours in jumps {
            now += SignedDuration::from_hours(hours);
            if let Some(slot) = ledger.look(&recurrence, since, now).fire {
                prop_assert!(slot <= now && now.duration_since(slot) <= LATEST_START);
                prop_assert!(slot > since);
            }
        }
        prop_assert!(ledger.0.values().all(|fires| *fires <= 1), "{:?}", ledger.0);
    }

    /// A clock that goes on as it should, looked at often enough, across any night.
    #[test]
    fn every_slot_fires_once_while_somebody_looks(
        zone in 0..ZONES.len(), cron in 0..CRONS.len(), start in 0_i64..365,
        steps in prop::collection::vec(1_i64..10, 600),
    ) {
        let recurrence = Recurrence::new(CRONS[cron], TimeZone::get(ZONES[zone]).unwrap()).unwrap();
        let since = at("2026-01-01T00:00:00Z") + SignedDuration::from_hours(24 * start);
        let (mut ledger, mut now) = (Ledger::default(), since);
        for minutes in steps {
            now += SignedDuration::from_mins(minutes);
            ledger.look(&recurrence, since, now);
        }
        let expected: Vec<_> =
            recurrence.between(since, now + SignedDuration::from_nanos(1)).collect();
        prop_assert_eq!(ledger.0.keys().copied().collect::<Vec<_>>(), expected);
        prop_assert!(ledger.0.values().all(|fires| *fires == 1));
    }
}
