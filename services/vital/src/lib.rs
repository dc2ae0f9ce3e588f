//! Loops without which a process looks alive and does nothing.
//!
//! What must never appear here: what a loop does.

use std::sync::{Arc, OnceLock};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A loop panicked; the process is of no use any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {0} broke down, so that the process stopped: start it again")]
pub struct BrokenDown(&'static str);

/// Starts such loops. If one panics, the process is asked to stop in order, and says why.
#[derive(Clone)]
pub struct Vital {
    shutdown: CancellationToken,
    broken: Arc<OnceLock<BrokenDown>>,
}

impl Vital {
    /// `shutdown` is cancelled when a loop breaks down.
    pub fn new(shutdown: CancellationToken) -> Vital {
        Vital { shutdown, broken: Arc::default() }
    }

    /// Starts a loop; `name` is what an operator is told.
    pub fn spawn<F>(&self, name: &'static str, work: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let watch = Watch { name, vital: self.clone() };
        tokio::spawn(async move {
            let _watch = watch;
            work.await
        })
    }

    /// Whether all loops have held until now.
    ///
    /// # Errors
    /// Names the first that broke down.
    pub fn verdict(&self) -> Result<(), BrokenDown> {
        self.broken.get().map_or(Ok(()), |broken| Err(*broken))
    }
}

/// Dropped while its loop panics, it stops the process.
struct Watch {
    name: &'static str,
    vital: Vital,
}

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.vital.broken.get_or_init(|| BrokenDown(self.name));
            self.vital.shutdown.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_stops_the_process_and_an_end_does_not() {
        let vital = Vital::new(CancellationToken::new());
        vital.spawn("heartbeat", async {}).await.unwrap();
        assert_eq!(vital.verdict(), Ok(()));
        assert!(!vital.shutdown.is_cancelled());
        vital.spawn("recorder", async { panic!("on purpose") }).await.unwrap_err();
        assert_eq!(vital.verdict(), Err(BrokenDown("recorder")));
        assert!(vital.shutdown.is_cancelled());
    }
}
