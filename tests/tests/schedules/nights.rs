//! Nights on which the clock is changed, and clocks that are wrong.

use jiff::SignedDuration;

use crate::{Office, at, pings};

/// Looks every ten minutes for `hours`.
async fn watch(office: &Office, begin: &str, hours: i64) {
    for step in 0..=hours * 6 {
        let now = at(begin) + SignedDuration::from_mins(10 * step);
        office.look(&now.to_string()).await;
        office.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn across_both_nights_each_slot_fires_once() {
    let office = Office::with_a_card().await;
    office.set(&[("batch_hour", "2"), ("batch_minute", "30")]).await;
    office.put(&pings("hourly", "0 * * * *")).await;
    office.begin("2027-03-27T11:59:00Z").await;
    // 2027-03-28: 02:00 becomes 03:00, so that 02:30 is skipped.
    watch(&office, "2027-03-27T12:00:00Z", 36).await;
    let spring = office.slots("nightly-batch").await;
    assert_eq!(spring, [(at("2027-03-28T01:00:00Z"), "fired".to_owned())]);
    // 2027-10-31: 03:00 becomes 02:00, so that 02:30 comes twice.
    office.owner.execute("delete from schedule_fire", &[]).await.unwrap();
    office.begin("2027-10-30T11:59:00Z").await;
    watch(&office, "2027-10-30T12:00:00Z", 36).await;
    let autumn = office.slots("nightly-batch").await;
    assert_eq!(autumn, [(at("2027-10-31T00:30:00Z"), "fired".to_owned())]);
    let hourly = office.slots("hourly").await;
    assert_eq!(hourly.len(), 37, "an hour is an hour");
    assert!(hourly.iter().all(|(_, outcome)| outcome == "fired"));
    assert_eq!(office.number("select count(*) from commands where name = 'batch.run'").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_goes_back_an_hour_fires_nothing_again() {
    let office = Office::with_a_card().await;
    office.put(&pings("quarterly", "*/15 * * * *")).await;
    office.begin("2027-01-10T00:59:00Z").await;
    watch(&office, "2027-01-10T01:00:00Z", 2).await;
    let before = office.number("select count(*) from commands").await;
    assert_eq!(before, 1 + 9, "a batch, and a ping each quarter");
    watch(&office, "2027-01-10T02:00:00Z", 1).await;
    assert_eq!(office.number("select count(*) from commands").await, before);
    watch(&office, "2027-01-10T03:10:00Z", 1).await;
    assert_eq!(office.number("select count(*) from commands").await, before + 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_ahead_for_a_while_leaves_every_slot_one_fire() {
    let office = Office::with_a_card().await;
    office.begin("2027-01-10T00:59:00Z").await;
    watch(&office, "2027-01-10T01:00:00Z", 2).await;
    // A day ahead, just behind tomorrow's slot: it fires, early.
    assert_eq!(office.fired("2027-01-11T02:30:00Z").await, 1);
    office.finish().await;
    // Two days and more ahead, too late for that slot: it is recorded as missed.
    assert_eq!(office.look("2027-01-12T12:00:00Z").await.missed, 1);
    watch(&office, "2027-01-10T03:00:00Z", 60).await;
    let slots = office.slots("nightly-batch").await;
    let expected = ["2027-01-10T02:00:00Z", "2027-01-11T02:00:00Z", "2027-01-12T02:00:00Z"];
    assert_eq!(slots, expected.map(|slot| (at(slot), "fired".to_owned())));
    assert_eq!(office.number("select count(*) from commands").await, 3);
}
