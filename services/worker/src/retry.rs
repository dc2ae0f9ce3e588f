//! Keeps something connected, and says how long to wait after a failure.

use std::time::Duration;

use rand::Rng;
use tokio_util::sync::CancellationToken;

/// Pause before a database is tried again.
const RECONNECT: Duration = Duration::from_millis(250);

/// First pause after a failed run; each further one is twice as long.
const FIRST_PAUSE_SECONDS: f64 = 2.0;
const LONGEST_PAUSE_SECONDS: f64 = 600.0;

/// Seconds until a command that has failed `attempt` times runs again: 2, 4, 8 … 600, each ±20 %
/// so that commands which failed together do not come back together.
pub(crate) fn pause_seconds(attempt: i32) -> f64 {
    let doubled = FIRST_PAUSE_SECONDS * 2f64.powi(attempt.clamp(1, 30) - 1);
    doubled.min(LONGEST_PAUSE_SECONDS) * rand::rng().random_range(0.8..1.2)
}

/// Repeats `make` until it succeeds; `None` when `stop` comes first.
pub(crate) async fn until_made<T, F>(
    what: &str,
    stop: &CancellationToken,
    mut make: impl FnMut() -> F,
) -> Option<T>
where
    F: Future<Output = store::Result<T>>,
{
    loop {
        match make().await {
            Ok(thing) => return Some(thing),
            Err(error) => tracing::warn!(%error, "{what}: will try again"),
        }
        pause(stop).await;
        if stop.is_cancelled() {
            return None;
        }
    }
}

/// A moment before something is tried again, cut short by `stop`: a database that answers at once
/// that it cannot write would be asked without end.
pub(crate) async fn pause(stop: &CancellationToken) {
    drop(tokio::time::timeout(RECONNECT, stop.cancelled()).await);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit() {
        for (attempt, expected) in [(1, 2.0), (2, 4.0), (5, 32.0), (10, 600.0), (1000, 600.0)] {
            let pause = pause_seconds(attempt);
            assert!((expected * 0.8..expected * 1.2).contains(&pause), "{attempt}: {pause}");
        }
    }
}
