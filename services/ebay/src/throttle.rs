//! Spaces the calls of one process.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{Mutex, watch};

/// Slowest rate: one call a day.
const MIN_REQUESTS_PER_SECOND: f64 = 1.0 / 86_400.0;
/// Fastest rate: one call a nanosecond, which is none at all.
const MAX_REQUESTS_PER_SECOND: f64 = 1e9;
/// Largest burst: with the slowest rate, what the limiter's arithmetic can still hold.
const MAX_BURST: u32 = 100_000;
/// A timer that fires late must not slow the rate: calls that are due for this long may catch up, and
/// one in any case.
const CATCH_UP_SECONDS: f64 = 0.1;

/// Lets calls pass at a steady rate, and after a pause up to a burst of them at once. It starts
/// with no burst: a process that restarts again and again is no faster than one that does not.
///
/// Those who wait pass in the order in which they came.
#[derive(Debug)]
pub struct Throttle {
    pace: watch::Sender<Pace>,
    /// Only the first in line watches the limiter, so that a thousand waiting tasks cost no more
    /// than one.
    turn: Mutex<()>,
}

#[derive(Debug)]
struct Pace {
    requests_per_second: f64,
    burst: u32,
    limiter: Arc<DefaultDirectRateLimiter>,
}

impl Throttle {
    /// The rate may be a fraction: divided among workers it often is. Rate and burst are raised
    /// to what the limiter can express.
    pub fn new(requests_per_second: f64, burst: u32) -> Throttle {
        let pace = watch::Sender::new(Pace::new(requests_per_second, burst));
        Throttle { pace, turn: Mutex::new(()) }
    }

    /// Waits for the next call's time. Dropping the future takes nothing.
    pub async fn until_ready(&self) {
        let _turn = self.turn.lock().await;
        let mut paces = self.pace.subscribe();
        loop {
            let limiter = Arc::clone(&paces.borrow_and_update().limiter);
            tokio::select! {
                biased;
                () = limiter.until_ready() => return,
                // The sender lives as long as `self`: this only ends with a new pace.
                _ = paces.changed() => {}
            }
        }
    }

    /// Changes rate and burst, for those who wait already as well. The burst starts anew from
    /// nothing, unless neither is new.
    pub fn set(&self, requests_per_second: f64, burst: u32) {
        self.pace.send_if_modified(|pace| {
            let is_new = !pace.is(requests_per_second, burst);
            if is_new {
                *pace = Pace::new(requests_per_second, burst);
            }
            is_new
        });
    }
}

impl Pace {
    fn new(requests_per_second: f64, burst: u32) -> Pace {
        Pace { requests_per_second, burst, limiter: limiter(requests_per_second, burst) }
    }

    fn is(&self, requests_per_second: f64, burst: u32) -> bool {
        self.requests_per_second.total_cmp(&requests_per_second).is_eq() && self.burst == burst
    }
}

fn limiter(requests_per_second: f64, burst: u32) -> Arc<DefaultDirectRateLimiter> {
    // What is not a number is as slow as can be.
    let rate = if requests_per_second.is_nan() { 0.0 } else { requests_per_second };
    let rate = rate.clamp(MIN_REQUESTS_PER_SECOND, MAX_REQUESTS_PER_SECOND);
    let catch_up = whole(rate * CATCH_UP_SECONDS).max(1);
    let burst = NonZeroU32::MIN.saturating_add(catch_up.max(burst.clamp(1, MAX_BURST) - 1));
    let quota = Quota::with_period(Duration::from_secs_f64(1.0 / rate))
        .expect("the rate is at most one in a nanosecond, so the period is not zero");
    let limiter = RateLimiter::direct(quota.allow_burst(burst));
    // A new limiter is full: take it all.
    let emptied = limiter.check_n(burst);
    debug_assert!(matches!(emptied, Ok(Ok(()))), "a new limiter holds its burst");
    Arc::new(limiter)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between zero and a tenth of the fastest rate, which fits"
)]
fn whole(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Instant;

    use super::*;

    /// How many calls pass before `done` says so.
    async fn count(throttle: &Throttle, mut is_done: impl FnMut(u32) -> bool) -> u32 {
        let mut n_passed = 0;
        while !is_done(n_passed) {
            throttle.until_ready().await;
            n_passed += 1;
        }
        n_passed
    }

    #[tokio::test]
    async fn calls_pass_at_the_rate_and_no_faster() {
        let throttle = Throttle::new(200.0, 1);
        let start = Instant::now();
        count(&throttle, |n| n == 100).await;
        // A slow machine may take longer, never shorter: the limit is what is promised.
        assert!(start.elapsed() >= Duration::from_millis(490), "{:?}", start.elapsed());
    }

    #[tokio::test]
    async fn a_new_limiter_has_no_burst_and_a_pause_fills_one() {
        let quota = limiter(1e-3, 5);
        assert!(quota.check().is_err(), "the next call is due in a quarter of an hour");
        let quick = limiter(1e9, 5);
        quick.until_ready().await;
    }

    #[tokio::test]
    async fn those_who_wait_notice_a_new_rate() {
        let throttle = Arc::new(Throttle::new(0.0, 1));
        let n_passed = Arc::new(AtomicU32::new(0));
        let waiting: Vec<_> = (0..50)
            .map(|_| {
                let (throttle, n_passed) = (Arc::clone(&throttle), Arc::clone(&n_passed));
                tokio::spawn(async move {
                    throttle.until_ready().await;
                    n_passed.fetch_add(1, Ordering::Relaxed);
                })
            })
            .collect();
        while throttle.turn.try_lock().is_ok() {
            tokio::task::yield_now().await;
        }
        assert_eq!(n_passed.load(Ordering::Relaxed), 0, "at one call a day nobody passes");
        throttle.set(1e6, 1);
        for task in waiting {
            task.await.unwrap();
        }
        assert_eq!(n_passed.load(Ordering::Relaxed), 50);
    }

    #[test]
    fn a_rate_that_is_set_again_keeps_what_has_been_saved_up() {
        let throttle = Throttle::new(2.0, 1);
        let limiter = || Arc::clone(&throttle.pace.borrow().limiter);
        let before = limiter();
        throttle.set(2.0, 1);
        assert!(Arc::ptr_eq(&before, &limiter()));
        throttle.set(2.0, 2);
        assert!(!Arc::ptr_eq(&before, &limiter()));
    }

    #[tokio::test]
    async fn one_who_gives_up_takes_nothing() {
        let throttle = Throttle::new(0.0, 1);
        let mut first = Box::pin(throttle.until_ready());
        assert!(futures_poll(&mut first).await.is_pending());
        drop(first);
        throttle.set(1e6, 1);
        throttle.until_ready().await;
    }

    async fn futures_poll<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context))
        })
        .await
    }

    #[test]
    fn any_number_is_a_rate() {
        for rate in [f64::NAN, f64::INFINITY, -5.0, 0.0, 1e-9, 1e300] {
            for burst in [0, 1, u32::MAX] {
                limiter(rate, burst);
            }
        }
    }
}
