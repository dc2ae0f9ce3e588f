//! What the provider counts, beside what we count.

use jiff::{SignedDuration, Timestamp, ToSpan};
use store::quota::{self, Day, Purpose, Report};

use crate::{EBAY, Ledger, is_exhausted};

async fn reconcile(ledger: &Ledger, remaining: i32, reset: Timestamp) -> Day {
    let report = Report { limit: 100, remaining, reset };
    let client = ledger.client().await;
    quota::reconcile(&client, EBAY, report).await.unwrap().unwrap()
}

fn drift(day: &Day) -> i32 {
    day.reported.unwrap().drift
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_spent_counts_and_nothing_is_lowered() {
    let ledger = Ledger::whole(100).await;
    let (spent, held) = (ledger.permit(10).await, ledger.permit(20).await);
    assert!(ledger.settle(spent, 10).await);
    let end = ledger.usage().await.day.window_end;

    // 25 of 30: calls of ours that are on their way explain them.
    let day = reconcile(&ledger, 75, end).await;
    assert_eq!((day.used, day.reserved, drift(&day)), (10, 20, 0));
    // 37: seven are somebody else's.
    let day = reconcile(&ledger, 63, end).await;
    assert_eq!((day.used, day.reserved, drift(&day)), (17, 20, 7));
    // The provider counts less than we do: shown, not believed.
    let day = reconcile(&ledger, 95, end).await;
    assert_eq!((day.used, day.reserved, drift(&day)), (17, 20, -12));
    assert!(ledger.settle(held, 20).await);
    assert_eq!(ledger.figures().await, [37, 0, 100]);
    assert_eq!(ledger.usage().await.free, 63);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overdrawn_provider_leaves_nothing() {
    let ledger = Ledger::whole(100).await;
    ledger.permit(5).await;
    let end = ledger.usage().await.day.window_end;
    let day = reconcile(&ledger, -20, end).await;
    assert_eq!((day.used, day.reserved, day.daily_limit), (115, 5, 120));
    assert!(is_exhausted(&ledger.reserve(Purpose::Interactive, 1).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_providers_own_limit_holds_when_it_is_lower() {
    let ledger = Ledger::whole(5_000).await;
    let end = ledger.usage().await.day.window_end;
    let day = reconcile(&ledger, 100, end).await;
    assert_eq!(day.daily_limit, 100);
    assert_eq!(ledger.permit(100).await.n, 100);
    assert!(is_exhausted(&ledger.reserve(Purpose::Interactive, 1).await));
    assert_eq!(ledger.usage().await.free, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_report_corrects_the_end_of_the_window() {
    let ledger = Ledger::whole(100).await;
    let held = ledger.permit(40).await;
    let guess = ledger.usage().await.day;
    for hours in [7, 3] {
        ledger.meddle("update api_usage set reported_at = null").await;
        let reset = guess.window_end + hours.hours();
        let day = reconcile(&ledger, 90, reset).await;
        assert_eq!((day.window_end, day.usage_date), (reset, guess.usage_date));
        assert_eq!((day.used, day.reserved), (0, 40));
    }
    assert!(ledger.settle(held, 12).await);
    assert_eq!(ledger.figures().await, [12, 0, 100]);
    assert_eq!(ledger.value::<i64>("select count(*) from api_usage").await, 1);
    // A reset that is past says nothing about the window.
    let past = ledger.usage().await.now - SignedDuration::from_mins(1);
    let day = reconcile(&ledger, 88, past).await;
    assert_eq!(day.window_end, guess.window_end + 3.hours());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_that_has_jumped_begins_a_new_window() {
    let ledger = Ledger::whole(100).await;
    let settled = ledger.permit(30).await;
    assert!(ledger.settle(settled, 30).await);
    let held = ledger.permit(10).await;
    let old = ledger.usage().await.day;
    reconcile(&ledger, 70, old.window_end).await;

    // It has begun to count anew, and has seen two of the ten calls that are still on their way.
    let reset = old.window_end + 24.hours();
    let day = reconcile(&ledger, 98, reset).await;
    assert_eq!(day.window_end, reset);
    assert!(day.usage_date > old.usage_date);
    assert_eq!((day.used, day.reserved), (12, 0));
    // They were held in the old window and are settled there.
    assert!(ledger.settle(held, 10).await);
    assert_eq!(ledger.figures().await, [12, 0, 100]);
    assert_eq!(ledger.permit(88).await.n, 88);
    let days = quota::history(&ledger.client().await, EBAY, 10).await.unwrap();
    assert_eq!(days.iter().map(|day| day.used).collect::<Vec<_>>(), [12, 40]);
}
