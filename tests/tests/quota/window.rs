//! The provider's day: from one midnight of Los Angeles to the next, through daylight saving.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use store::quota::{self, Purpose, Reserve, Wanted};

use crate::{EBAY, Ledger, is_exhausted, wanted};

fn los_angeles() -> TimeZone {
    TimeZone::get("America/Los_Angeles").unwrap()
}

/// The first midnight there after `at`, by another implementation than the database's.
fn next_midnight(at: Timestamp) -> Timestamp {
    let day = at.to_zoned(los_angeles()).date().tomorrow().unwrap();
    day.to_zoned(los_angeles()).unwrap().timestamp()
}

async fn window_end(ledger: &Ledger, last: Option<Timestamp>, at: Timestamp) -> Timestamp {
    let statement = "select quota_window_end($1, $2)";
    ledger.owner.query_one(statement, &[&last, &at]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_ends_at_midnight_in_los_angeles_also_when_clocks_change() {
    let ledger = Ledger::new(100).await;
    // Both changes of 2026 and 2027, an hour at a time, and the second before and at each midnight.
    for night in ["2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07"] {
        let midnight: Timestamp = format!("{night}T08:00:00Z").parse().unwrap();
        let mut last = None;
        for hour in -30..54 {
            for at in [midnight + hour.hours(), midnight + hour.hours() - 1.second()] {
                let end = next_midnight(at);
                assert_eq!(window_end(&ledger, None, at).await, end, "{at}");
                // As it follows from the window before, as long ago as it may be.
                let before = *last.get_or_insert(end);
                assert_eq!(window_end(&ledger, Some(before), at).await, end, "{before} {at}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn days_have_23_24_and_25_hours() {
    let ledger = Ledger::new(100).await;
    let hours = async |start: &str| {
        let start: Timestamp = start.parse().unwrap();
        let end = window_end(&ledger, Some(start), start).await;
        (end - start).total(jiff::Unit::Hour).unwrap()
    };
    assert!((hours("2026-03-08T08:00:00Z").await - 23.0).abs() < 1e-9);
    assert!((hours("2026-03-09T07:00:00Z").await - 24.0).abs() < 1e-9);
    assert!((hours("2026-11-01T07:00:00Z").await - 25.0).abs() < 1e-9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_at_another_hour_comes_back_at_that_hour() {
    let ledger = Ledger::new(100).await;
    let last: Timestamp = "2026-10-31T10:30:00Z".parse().unwrap();
    let next = window_end(&ledger, Some(last), last + 3.hours()).await;
    // 03:30 there: eleven and a half hours behind Greenwich after the change.
    assert_eq!(next, "2026-11-01T11:30:00Z".parse().unwrap());
    let later = window_end(&ledger, Some(last), last + (24 * 9).hours()).await;
    assert_eq!(later, "2026-11-09T11:30:00Z".parse().unwrap());
}

/// Lets the current window end so many seconds ago.
async fn end_window(ledger: &Ledger, seconds: i32) {
    let statement = "
        with shift as (
            select clock_timestamp() - make_interval(secs => $1) - max(window_end) as by from api_usage
        ), held as (
            update api_reservations set usable_until = usable_until + shift.by from shift
        )
        update api_usage set window_end = window_end + shift.by from shift";
    ledger.owner.execute(statement, &[&f64::from(seconds)]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_end_a_new_window_opens_with_the_whole_quota() {
    let ledger = Ledger::whole(20).await;
    let held = ledger.permit(20).await;
    let Reserve::Exhausted { until } = ledger.reserve(Purpose::Batch, 1).await else { panic!() };
    let before = ledger.usage().await.day;
    assert_eq!(until, before.window_end + 5.seconds());

    // By the provider's clock the old window may still run.
    end_window(&ledger, 1).await;
    let Reserve::Exhausted { until } = ledger.reserve(Purpose::Batch, 1).await else { panic!() };
    assert!(until > ledger.usage().await.now);

    end_window(&ledger, 6).await;
    let permit = ledger.permit(7).await;
    let day = ledger.usage().await.day;
    assert_eq!((day.used, day.reserved), (0, 7));
    assert_eq!(permit.usable_until, day.window_end);
    assert!(day.usage_date > before.usage_date);
    // The old permit belongs to the old window, however it ends.
    let client = ledger.client().await;
    assert_eq!(quota::expire(&client).await.unwrap(), 20);
    assert!(!ledger.settle(held, 1).await);
    assert_eq!(ledger.figures().await, [0, 7, 20]);
    let days = quota::history(&client, EBAY, 10).await.unwrap();
    let used: Vec<_> = days.iter().map(|day| (day.used, day.reserved)).collect();
    assert_eq!(used, [(0, 7), (20, 0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_connections_open_one_window() {
    let ledger = Ledger::whole(1_000).await;
    ledger.permit(1).await;
    end_window(&ledger, 10).await;
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let store = ledger.database.store(store::Role::Worker);
            tokio::spawn(async move {
                let client = store.client().await.unwrap();
                quota::reserve(&client, &wanted(Purpose::Batch, 1)).await.unwrap()
            })
        })
        .collect();
    for task in tasks {
        assert!(!is_exhausted(&task.await.unwrap()));
    }
    assert_eq!(ledger.figures().await, [0, 16, 1_000]);
    assert_eq!(ledger.value::<i64>("select count(*) from api_usage").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_permit_reaches_beyond_its_window() {
    let ledger = Ledger::whole(100).await;
    ledger.permit(1).await;
    // The window ends in a minute.
    end_window(&ledger, -60).await;
    let client = ledger.client().await;
    let reserve = async |margin_seconds: f64| {
        let wanted = Wanted { margin_seconds, ..wanted(Purpose::Batch, 1) };
        quota::reserve(&client, &wanted).await.unwrap()
    };
    let end = ledger.usage().await.day.window_end;
    let Reserve::Granted(permit) = reserve(15.0).await else { panic!() };
    assert_eq!(permit.usable_until, end - 15.seconds());
    assert_eq!(reserve(61.0).await, Reserve::Exhausted { until: end + 5.seconds() });
}
