//! A value that several pages ask for at once: read by the first, shared until it is old.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

/// The last value, and when it was read.
pub(crate) struct Fresh<T>(Mutex<Option<(Instant, Arc<T>)>>);

impl<T> Default for Fresh<T> {
    fn default() -> Fresh<T> {
        Fresh(Mutex::default())
    }
}

impl<T> Fresh<T> {
    /// The value, read anew when the last one is older than `max_age`. Others wait for the same
    /// reading instead of starting their own.
    pub(crate) async fn get(&self, max_age: Duration, read: impl Future<Output = T>) -> Arc<T> {
        let mut last = self.0.lock().await;
        if let Some((at, value)) = &*last
            && at.elapsed() < max_age
        {
            return Arc::clone(value);
        }
        let value = Arc::new(read.await);
        *last = Some((Instant::now(), Arc::clone(&value)));
        value
    }

    /// The next one who asks has it read anew.
    pub(crate) async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_fresh_value_is_not_read_again() {
        let fresh = Fresh::default();
        let hour = Duration::from_hours(1);
        assert_eq!(*fresh.get(hour, async { 1 }).await, 1);
        assert_eq!(*fresh.get(hour, async { 2 }).await, 1);
        assert_eq!(*fresh.get(Duration::ZERO, async { 3 }).await, 3);
        fresh.forget().await;
        assert_eq!(*fresh.get(hour, async { 4 }).await, 4);
    }
}
